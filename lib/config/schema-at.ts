import { configSchema } from '../config-schema.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'

/**
 * The schemas that a value at this place may have to fit: several where the configuration's schema has a union, none where
 * anything goes.
 *
 * @example
 * schemasAt(['endpoints', '0', 'status']) // [{ type: 'integer', minimum: 100, maximum: 599, … }]
 */
export function schemasAt (path: readonly string[]): ObjectSchema[] {
  let schemas = branches(configSchema)
  for (const token of path) schemas = schemas.flatMap(schema => step(schema, token))
  return schemas
}

function step (schema: ObjectSchema, token: string): ObjectSchema[] {
  if (schema.type === 'array') return branches(schema.items)
  const { properties, patternProperties, additionalProperties } = schema
  if (isObject(properties) && Object.hasOwn(properties, token)) return branches(properties[token])
  if (isObject(patternProperties)) return Object.values(patternProperties).flatMap(branches)
  return branches(additionalProperties)
}

function branches (schema: unknown): ObjectSchema[] {
  if (!isObject(schema)) return []
  if (schema.$ref === '#/$defs/JsonSchema') return [configSchema.$defs.JsonSchema]
  if (schema.$ref === '#/$defs/Behaviour') return [configSchema.$defs.Behaviour]
  const union = schema.anyOf ?? schema.oneOf
  return Array.isArray(union) ? union.flatMap(branches) : [schema]
}
