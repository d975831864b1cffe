import type { LogFilter, RawRecord } from '../request-log.ts'
import { pathOf } from './entry.ts'
import { compileGlob } from './glob.ts'

/** One key of a filter, compiled. */
export interface Criterion {
  key: string
  value: string | number | boolean | null
  test: (record: RawRecord) => boolean
}

type Test = Criterion['test']

type Key = Exclude<keyof LogFilter, 'after' | 'before'>

/** How each key tests a record. `after` and `before` are bounds of the search instead. */
const tests: { [K in Key]: (value: LogFilter[K] & ({} | null), prefix: string) => Test } = {
  method (value) {
    const method = value.toUpperCase()
    return record => record.method === method
  },
  path (value, prefix) {
    const isLike = compileGlob(value)
    return record => isLike(pathOf(record.url, prefix))
  },
  url: value => record => record.url.includes(value),
  status: value => record => record.status === value,
  endpoint: value => record => record.endpoint?.id === value,
  matched: value => record => (record.endpoint !== undefined) === value,
  scope: value => record => (record.scope ?? null) === value,
  profile: value => record => (record.profile ?? null) === value,
  overlay: value => record => record.endpoint?.overlay === value
}

const KEYS = ['method', 'path', 'url', 'status', 'endpoint', 'matched', 'scope', 'profile', 'overlay'] as const satisfies readonly Key[]

/** The criteria of a filter; a record fits when it passes all. They test raw records, so that only what fits is formatted. */
export function compileFilter (filter: LogFilter, prefix: string): Criterion[] {
  return KEYS.flatMap(key => compileKey(key, filter[key], prefix))
}

function compileKey<K extends Key> (key: K, value: LogFilter[K], prefix: string): Criterion[] {
  return value === undefined ? [] : [{ key, value, test: tests[key](value, prefix) }]
}

export function fits (record: RawRecord, criteria: readonly Criterion[]): boolean {
  for (const { test } of criteria) if (!test(record)) return false
  return true
}
