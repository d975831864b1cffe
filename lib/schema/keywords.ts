import type { JsonSchema } from '../config.ts'
import { isObject, type ObjectSchema } from './subschemas.ts'

/**
 * Readers of keywords that take a document as it is: what has the wrong shape (`required: true`, `properties: null`, a
 * property whose schema is null) counts as if it were not there.
 */

export const toSchema = (value: unknown): JsonSchema => typeof value === 'boolean' || isObject(value) ? value : true

export const toSchemas = (value: unknown): JsonSchema[] => Array.isArray(value) ? value.map(toSchema) : []

export function toSchemaMap (value: unknown): Map<string, JsonSchema> {
  const map = new Map<string, JsonSchema>()
  if (isObject(value)) for (const [name, schema] of Object.entries(value)) map.set(name, toSchema(schema))
  return map
}

export const toNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(name => typeof name === 'string') : []

export const toNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** A number of things: not negative. */
export function toCount (value: unknown): number | undefined {
  const number = toNumber(value)
  return number === undefined || number < 0 ? undefined : number
}

export const JSON_TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const
export type JsonType = typeof JSON_TYPES[number]

/** The types that `type` names, or undefined when it names none that exist (`any`, `file`, a typing error). */
export function toTypes (value: unknown): JsonType[] | undefined {
  const named = Array.isArray(value) ? value : [value]
  const types = JSON_TYPES.filter(type => named.includes(type))
  return types.length === 0 ? undefined : types
}

/** The types that a schema allows. `nullable`, from OpenAPI 3.0, the validator takes from any schema that has a `type`. */
export function typesOf ({ type, nullable }: ObjectSchema): JsonType[] | undefined {
  const types = toTypes(type)
  return types === undefined || nullable !== true || types.includes('null') ? types : [...types, 'null']
}

/** JSON Schema's view of a value's type: 1.0 is an integer. */
export function typeOf (value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  switch (typeof value) {
    case 'boolean': return 'boolean'
    case 'string': return 'string'
    case 'object': return 'object'
    case 'number': return Number.isInteger(value) ? 'integer' : 'number'
    // An integer with more digits than a number holds.
    case 'bigint': return 'integer'
    default: return undefined
  }
}

/** How long a text is for `minLength` and `maxLength`: in characters, not in UTF-16 units. */
export function lengthOf (text: string): number {
  let length = 0
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  for (const _ of text) length++
  return length
}
