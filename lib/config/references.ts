import type { Endpoint, JsonSchema, Response } from '../config.ts'
import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { mapConditionSchemas } from './condition-schemas.ts'

/** Keywords that hold data, in which `$ref` means nothing; so do extensions, whatever is in them. */
const DATA = new Set(['enum', 'const', 'default', 'example', 'examples'])
const isData = (keyword: string): boolean => DATA.has(keyword) || keyword.startsWith('x-')

/** Keywords that hold schemas by name, where the names mean nothing. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

/** Told each reference and where it stands; what it returns is written in its place. */
export type VisitReference = (ref: string, pointer: string) => string

/**
 * Visits each `$ref` of a schema. The answer is a copy where a reference changed, and the very same object where none did.
 */
export function mapReferences (schema: unknown, pointer: string, visit: VisitReference): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return mapItems(schema, pointer, visit)
  let copy: Record<string, unknown> | undefined
  for (const [keyword, value] of Object.entries(schema)) {
    let next: unknown = value
    if (keyword === '$ref' && typeof value === 'string') next = visit(value, child(pointer, keyword))
    else if (typeof value !== 'object' || value === null || isData(keyword)) continue
    else if (MAPS.has(keyword)) next = mapMembers(value, child(pointer, keyword), visit)
    else next = mapReferences(value, child(pointer, keyword), visit)
    if (next !== value) copy = { ...copy ?? schema, [keyword]: next }
  }
  return copy ?? schema
}

function mapItems (items: readonly unknown[], pointer: string, visit: VisitReference): readonly unknown[] {
  const mapped = items.map((item, index) => mapReferences(item, child(pointer, index), visit))
  return mapped.some((item, index) => item !== items[index]) ? mapped : items
}

function mapMembers (members: object, pointer: string, visit: VisitReference): unknown {
  const entries = Object.entries(members)
  const mapped = entries.map(([name, schema]): [string, unknown] => [name, mapReferences(schema, child(pointer, name), visit)])
  return mapped.some(([, schema], index) => schema !== entries[index]?.[1]) ? Object.fromEntries(mapped) : members
}

/** A schema of an endpoint, and where it stands in it. */
interface Placed {
  schema: JsonSchema
  pointer: string
}

/** All schemas of an endpoint, those of a body's content types one by one. */
export function * schemasOf (endpoint: Endpoint): Generator<Placed> {
  for (const [part, schema] of Object.entries(endpoint.schema ?? {})) {
    const pointer = `/schema/${part}`
    if (part !== 'body' || !isObject(schema) || !isObject(schema.content)) {
      yield { schema, pointer }
      continue
    }
    for (const [type, media] of Object.entries(schema.content)) {
      if (isObject(media) && media.schema !== undefined) yield { schema: asSchema(media.schema), pointer: `${child(`${pointer}/content`, type)}/schema` }
    }
  }
  yield * callbackSchemas(endpoint, '')
  yield * conditionSchemas(endpoint, '')
  if (endpoint.response_schema !== undefined) yield { schema: endpoint.response_schema, pointer: '/response_schema' }
  for (const [index, response] of (endpoint.responses ?? []).entries()) {
    const { response_schema: schema } = response
    if (schema !== undefined) yield { schema, pointer: `/responses/${index}/response_schema` }
    yield * callbackSchemas(response, `/responses/${index}`)
    yield * conditionSchemas(response, `/responses/${index}`)
  }
}

function conditionSchemas ({ when, failure, fault }: Response, pointer: string): Placed[] {
  const found: Placed[] = []
  const visit = (when: When | undefined, pointer: string): void => {
    if (when === undefined) return
    mapConditionSchemas(when, pointer, (schema, pointer) => {
      found.push({ schema, pointer })
      return schema
    })
  }
  visit(when, `${pointer}/when`)
  if (typeof failure === 'object') visit(failure.when, `${pointer}/failure/when`)
  if (typeof fault === 'object') visit(fault.when, `${pointer}/fault/when`)
  return found
}

function * callbackSchemas ({ callbacks = [] }: Response, pointer: string): Generator<Placed> {
  for (const [index, { body_schema: schema }] of callbacks.entries()) {
    if (schema !== undefined) yield { schema, pointer: `${pointer}/callbacks/${index}/body_schema` }
  }
}

/** A copy of the endpoint with other references. */
export function mapEndpointReferences (endpoint: Endpoint, visit: VisitReference): Endpoint {
  const map = (schema: JsonSchema) => asSchema(mapReferences(schema, '', visit))
  const answer = <T extends Response>(part: T): T => ({
    ...part,
    ...part.response_schema !== undefined && { response_schema: map(part.response_schema) },
    ...part.when !== undefined && { when: mapConditionSchemas(part.when, '', map) },
    ...typeof part.failure === 'object' && { failure: withCondition(part.failure, map) },
    ...typeof part.fault === 'object' && { fault: withCondition(part.fault, map) },
    ...part.callbacks !== undefined && { callbacks: part.callbacks.map(callback => callback.body_schema === undefined ? callback : { ...callback, body_schema: map(callback.body_schema) }) }
  })
  const copy = answer({ ...endpoint })
  if (endpoint.schema !== undefined) {
    copy.schema = Object.fromEntries(Object.entries(endpoint.schema).map(([part, schema]) => [part, map(schema)]))
  }
  if (endpoint.responses !== undefined) copy.responses = endpoint.responses.map(answer)
  return copy
}

const withCondition = <T extends { when?: When }>(part: T, map: (schema: JsonSchema) => JsonSchema): T =>
  part.when === undefined ? part : { ...part, when: mapConditionSchemas(part.when, '', map) }

/** A schema stays one when its references change. */
export function asSchema (value: unknown): JsonSchema {
  return isObject(value) || typeof value === 'boolean' ? value : true
}
