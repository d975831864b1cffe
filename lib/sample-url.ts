import type { Endpoint, JsonSchema } from './config.ts'
import { queryText } from './match.ts'
import { samplePath } from './path.ts'
import { isObject, type ObjectSchema } from './schema/subschemas.ts'

/** A value for a schema: `generate(schema, key)` gives the same for the same key. */
export type Generate = (schema: JsonSchema, key: string) => unknown

/**
 * A URL that can be requested as it stands: path parameters and required query parameters are filled in with what their schemas
 * give, or with something that fits the name.
 *
 * @example
 * sampleUrl({ path: '/users/:id' }, '/v1', generate) // '/v1/users/1'
 */
export function sampleUrl (endpoint: Endpoint, base: string, generate: Generate): string {
  const { params, querystring } = endpoint.schema ?? {}
  const path = samplePath(base + endpoint.path, name => segmentOf(propertyOf(params, name), name, generate) || guess(name))
  const own = queryText(endpoint.match).slice(1)
  const required = requiredOf(querystring).filter(name => !Object.hasOwn(endpoint.match?.query ?? {}, name)).flatMap(name => {
    const value = valueOf(querystring, name, generate)
    // An exploded list repeats its name; whatever else is not plain text has no one way to be written.
    return (Array.isArray(value) ? value : [value]).map(item => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(item) || guess(name))}`)
  })
  const query = [...own === '' ? [] : [own], ...required]
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}

function propertyOf (schema: JsonSchema | undefined, name: string): ObjectSchema | undefined {
  const property = isObject(schema) && isObject(schema.properties) && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
  return isObject(property) ? property : undefined
}

function valueOf (schema: JsonSchema | undefined, name: string, generate: Generate): unknown {
  const property = propertyOf(schema, name)
  return property && generate(property, name)
}

/** Words that were made up for a name read better in a path with hyphens between them, where the schema asks for nothing but text. */
function segmentOf (schema: ObjectSchema | undefined, name: string, generate: Generate): string {
  if (schema === undefined) return ''
  const text = textOf(generate(schema, name))
  return Object.keys(schema).every(keyword => FREE.has(keyword)) ? text.replace(/\s+/g, '-') : text
}

/** Keywords that a text cannot fail by having a hyphen in it. */
const FREE = new Set(['type', 'title', 'description', 'minLength', 'maxLength', 'deprecated'])

function requiredOf (schema: JsonSchema | undefined): string[] {
  return isObject(schema) && Array.isArray(schema.required) ? schema.required.filter(name => typeof name === 'string') : []
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

const guess = (name: string): string => /id$/i.test(name) ? '1' : name.replace(/\W+/g, '-')
