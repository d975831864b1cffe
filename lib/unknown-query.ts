import type { Config, JsonSchema } from './config.ts'
import { parameterShape, type Values } from './parameters.ts'
import { createReferences } from './schema/references.ts'
import { isObject } from './schema/subschemas.ts'

/**
 * Compiles the search for query parameters that a schema does not name; undefined when it takes any. Those that credentials are sent in
 * are known, too, and the properties of an object that is spread over the query.
 *
 * @example
 * unknownQuery({ type: 'object', properties: { page: {} } }, {}, [])({ page: '1', size: '2' }) // ['size']
 */
export function unknownQuery (schema: JsonSchema | undefined, shared: Config['schemas'] = {}, alsoKnown: readonly string[] = []): ((query: Values) => string[]) | undefined {
  const known = new Set(alsoKnown)
  if (schema !== undefined && !collect(schema, schema, shared, known)) return undefined
  return query => Object.keys(query).filter(name => !known.has(name) && !known.has(name.replace(/\[.*$/s, '[]')))
}

/** Adds the names that a schema knows; false when it knows any. */
function collect (schema: JsonSchema, root: JsonSchema, shared: NonNullable<Config['schemas']>, known: Set<string>, depth = 0): boolean {
  if (!isObject(schema) || depth > 16) return false
  const { properties, additionalProperties, patternProperties, $ref } = schema
  if (isObject(patternProperties) || (additionalProperties !== undefined && additionalProperties !== false)) return false
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    known.add(name)
    if (!isObject(property)) continue
    const { style = 'form', explode = style === 'form' } = property
    if (parameterShape(property, shared) !== 'object' || style !== 'form' || explode !== true) continue
    if (!collect(property, property, shared, known, depth + 1)) return false
  }
  if (typeof $ref === 'string') {
    const target = createReferences(shared).resolve($ref, root)
    if (target === undefined || !collect(target.schema, target.root, shared, known, depth + 1)) return false
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const parts = schema[keyword]
    if (Array.isArray(parts) && !parts.every(part => collect(part, root, shared, known, depth + 1))) return false
  }
  return true
}
