import type { JsonObject } from './json-object.ts'

/** Keywords that say something of the value as a whole, and stay outside when its alternatives are widened. */
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples', 'readOnly', 'writeOnly', 'deprecated', 'externalDocs', 'xml'])
const COMBINING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const']

/**
 * Lets a converted schema accept null, as `nullable` of OpenAPI 3.0 (and `x-nullable` of 2.0) means it: also beside `enum`
 * without null, and beside `allOf` or `$ref`, where the specification leaves it without effect and everybody means it.
 */
export function widenToNull (schema: JsonObject): JsonObject {
  if (COMBINING.some(keyword => schema[keyword] !== undefined)) {
    const outside: JsonObject = {}
    const inside: JsonObject = {}
    for (const [key, value] of Object.entries(schema)) (ANNOTATIONS.has(key) || key.startsWith('x-') ? outside : inside)[key] = value
    return { ...outside, anyOf: [inside, { type: 'null' }] }
  }
  const widened = { ...schema }
  if (schema.type !== undefined) widened.type = [...new Set([schema.type, 'null'].flat())]
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) widened.enum = [...schema.enum, null]
  return widened
}
