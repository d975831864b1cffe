import type { JsonSchema } from '../config.ts'

/** Where a JSON Schema (draft 2020-12) holds other schemas: directly, in a list, or by name. */
const DIRECT = new Set([
  'additionalProperties', 'unevaluatedProperties', 'items', 'unevaluatedItems', 'contains', 'propertyNames',
  'not', 'if', 'then', 'else', 'contentSchema'
])
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'])

export type ObjectSchema = { [keyword: string]: unknown }

export function isObject (value: unknown): value is ObjectSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A copy of a schema with each of its direct subschemas replaced. Values that only look like schemas (in `enum`, `const`,
 * `default`, `examples`) and properties that happen to be called like a keyword are left alone.
 */
export function mapSubschemas (schema: ObjectSchema, replace: (subschema: JsonSchema) => JsonSchema): ObjectSchema {
  const copy: ObjectSchema = {}
  const one = (value: unknown): unknown => isObject(value) || typeof value === 'boolean' ? replace(value) : value
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    if (DIRECT.has(keyword)) copy[keyword] = one(value)
    else if (LISTS.has(keyword) && Array.isArray(value)) copy[keyword] = value.map(one)
    else if (MAPS.has(keyword) && isObject(value)) {
      // fromEntries defines own properties, so that one called `__proto__` stays a property.
      copy[keyword] = Object.fromEntries(Object.entries(value).map(([name, subschema]) => [name, one(subschema)]))
    } else copy[keyword] = value
  }
  return copy
}
