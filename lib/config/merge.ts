import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { mergeState } from './merge-state.ts'
import { formatPlace } from './place.ts'
import type { Report } from './report.ts'
import type { Unit } from './unit.ts'

/** These say what a file is about; an including file's are not contradicted by an included one's. */
const SILENT = new Set(['name', 'description'])

/**
 * The keys that concern the server as a whole (`seed`, `log`, `control` …). The first to set one wins, an including file before
 * its includes; a later one that differs is told.
 */
export function mergeServerKeys (units: readonly Unit[], report: Report): Config {
  let merged: Config = {}
  const setBy = new Map<string, { unit: Unit, value: unknown }>()
  for (const unit of units) {
    const { $schema, include, references, defaults, schemas, security_schemes: schemes, endpoints, webhooks, collections, scenarios, variables, situations, tags, profiles, ...server } = unit.config
    for (const [key, value] of Object.entries(server)) {
      const earlier = setBy.get(key)
      if (value === undefined) continue
      if (earlier === undefined) setBy.set(key, { unit, value })
      else if (!SILENT.has(key) && !isDeepStrictEqual(earlier.value, value)) {
        const where = formatPlace(earlier.unit.place, child('', key), 'key')
        report.add({ severity: 'warning', code: 'ignored-key', message: `${quote(key)} is already set at ${where}, which counts`, pointer: child('', key), target: 'key' }, unit.place)
      }
    }
    merged = { ...server, ...merged }
  }
  return { ...merged, ...mergeState(units, report) }
}
