import type { Config, WrittenEndpoint } from '../config.ts'
import { child } from '../json-pointer.ts'
import { addressed } from '../resource/address.ts'
import { isObject } from '../schema/subschemas.ts'
import { collectionsRules } from './collection-rules.ts'
import { describeValue } from './describe.ts'
import { defaultsRules, endpointRules } from './endpoint-rules.ts'
import { explain } from './explain.ts'
import type { Place } from './place.ts'
import type { Report } from './report.ts'
import { shapeErrors, type ShapeError } from './shape.ts'
import type { Entry } from './together-rules.ts'
import { webhooksRules } from './webhook-rules.ts'

/** What is sound in a configuration that has been checked: all of it, when nothing was reported. */
export interface Checked {
  /** The configuration, when its keys other than `endpoints` and `schemas` are sound. */
  config: Config | undefined
  /** Its endpoints of the right shape; `sound` tells those about which nothing was reported. */
  entries: Array<Entry & { sound: boolean }>
}

/** Checks one configuration by itself: the shape, and the rules for each endpoint. Pauses between endpoints. */
export function * checkConfig (value: unknown, place: Place, report: Report): Generator<void, Checked> {
  const entries: Checked['entries'] = []
  if (!isObject(value)) {
    const found = value === null || value === undefined ? 'nothing' : describeValue(value)
    report.add({ code: 'wrong-type', message: `expected a configuration (an object, or a list of endpoints), found ${found}`, pointer: '' }, place)
    return { config: undefined, entries }
  }
  const errors = shapeErrors.config(value)
  const sound = errors.length === 0
  tell(errors, '', place, report)
  if (isConfig(value, sound)) for (const finding of webhooksRules(value)) report.add(finding, place)
  if (isConfig(value, sound)) for (const finding of collectionsRules(value)) report.add(finding, place)
  if (isConfig(value, sound) && value.defaults !== undefined) {
    for (const finding of defaultsRules(value.defaults, '/defaults')) report.add(finding, place)
  }

  if (isObject(value.schemas)) {
    for (const [name, schema] of Object.entries(value.schemas)) {
      tell(shapeErrors.schema(schema), child('/schemas', name), place, report)
      yield
    }
  }
  const endpoints: readonly unknown[] = Array.isArray(value.endpoints) ? value.endpoints : []
  for (const [index, endpoint] of endpoints.entries()) {
    const pointer = child('/endpoints', index)
    const before = report.errors
    const errors = shapeErrors.endpoint(endpoint)
    tell(errors, pointer, place, report)
    if (isEndpoint(endpoint, errors)) {
      const whole = addressed(endpoint)
      for (const finding of endpointRules(whole, pointer)) report.add(finding, place)
      entries.push({ endpoint: whole, pointer, place, sound: report.errors === before })
    }
    yield
  }
  return { config: isConfig(value, sound) ? value : undefined, entries }
}

function tell (errors: readonly ShapeError[], pointer: string, place: Place, report: Report): void {
  for (const finding of explain(errors, pointer)) report.add(finding, place)
}

/** The seam where a value that Ajv has checked gets its type; its endpoints and schemas are typed one by one. */
function isConfig (value: unknown, sound: boolean): value is Config {
  return sound && isObject(value)
}

/** The same for an endpoint: unknown keys do not keep the known ones from having their types, and from being checked further. */
function isEndpoint (value: unknown, errors: readonly ShapeError[]): value is WrittenEndpoint {
  return isObject(value) && errors.every(({ keyword }) => keyword === 'additionalProperties')
}
