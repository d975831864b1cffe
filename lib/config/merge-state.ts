import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { formatPlace } from './place.ts'
import type { Report } from './report.ts'
import type { Unit } from './unit.ts'

const KEYS = ['scenarios', 'variables', 'situations', 'tags', 'profiles'] as const

/** Each file may have some: they are put together by name. Of two of one name the first counts; a later one that differs is told. */
export function mergeState (units: readonly Unit[], report: Report): Pick<Config, typeof KEYS[number]> {
  return Object.fromEntries(KEYS.flatMap(key => {
    const members = mergeKey(units, key, report)
    return members.length === 0 ? [] : [[key, Object.fromEntries(members)]]
  }))
}

function mergeKey (units: readonly Unit[], key: typeof KEYS[number], report: Report): Array<[string, unknown]> {
  const members = new Map<string, { unit: Unit, value: unknown }>()
  for (const unit of units) {
    for (const [name, value] of Object.entries(unit.config[key] ?? {})) {
      const earlier = members.get(name)
      if (earlier === undefined) members.set(name, { unit, value })
      else if (!isDeepStrictEqual(earlier.value, value)) {
        const pointer = child(`/${key}`, name)
        const message = `${quote(name)} is already defined at ${formatPlace(earlier.unit.place, pointer, 'key')}, which counts`
        report.add({ severity: 'warning', code: 'ignored-key', message, pointer, target: 'key' }, unit.place)
      }
    }
  }
  return [...members].map(([name, { value }]) => [name, value])
}
