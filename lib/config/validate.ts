import type { Diagnostic } from '../diagnostic.ts'
import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { findExcessInConfig } from './bounds.ts'
import { checkConfig } from './check.ts'
import { placeAt, type Locate, type Place } from './place.ts'
import { createReport } from './report.ts'
import { runAtOnce, runInSlices } from './slices.ts'
import { tooDeep } from './source.ts'
import { checkReferences, togetherRules } from './together-rules.ts'

/**
 * Says what is wrong with a configuration, everything at once: against the schema and beyond it (several bodies, endpoints
 * defined twice, references that lead nowhere …). Does not read the files that it includes; an empty list means it can be served.
 *
 * @example
 * validateConfig({ endpoints: [{ path: '/users', stauts: 200 }] })
 * // [{ severity: 'error', code: 'unknown-key', message: "unknown key 'stauts'", hint: "did you mean 'status'?", pointer: '/endpoints/0/stauts' }]
 */
export function validateConfig (value: unknown, locate?: Locate): Diagnostic[] {
  return runAtOnce(validate(value, placeOf(value, locate)))
}

/** The same without holding the event loop: for large configurations, on a server that is answering. */
export function validateConfigInSlices (value: unknown, locate?: Locate, signal?: AbortSignal): Promise<Diagnostic[]> {
  return runInSlices(validate(value, placeOf(value, locate)), signal)
}

function * validate (original: unknown, place: Place): Generator<void, Diagnostic[]> {
  const value = asConfig(original)
  const excess = yield * findExcessInConfig(value)
  if (excess !== undefined) return [{ ...tooDeep(excess.pointer), ...placeAt(place, excess.pointer) }]
  const report = createReport()
  const { config, entries } = yield * checkConfig(value, place, report)
  const schemas = isObject(value) && isObject(value.schemas) ? value.schemas : {}
  for (const [name, schema] of Object.entries(schemas)) {
    if (isObject(schema)) checkReferences(schema, child('/schemas', name), place, schemas, report)
  }
  const basePaths = config?.defaults?.base_paths
  const effective = basePaths === undefined
    ? entries
    : entries.map(entry => ({ ...entry, endpoint: { base_paths: basePaths, ...entry.endpoint } }))
  yield * togetherRules(effective, schemas, report)
  return report.diagnostics()
}

/** A list of endpoints is a configuration as well. */
export function asConfig (value: unknown): unknown {
  return Array.isArray(value) ? { endpoints: value } : value
}

/** Places in a source; in a list of endpoints, `/endpoints/3` is `/3`. */
export function placeOf (value: unknown, locate: Locate = () => undefined, file?: string): Place {
  const pointerOf = Array.isArray(value) ? (pointer: string) => pointer.replace(/^\/endpoints/, '') : (pointer: string) => pointer
  const place: Place = { pointer: pointerOf, position: (pointer, target) => locate(pointerOf(pointer), target) }
  return file === undefined ? place : { ...place, file }
}
