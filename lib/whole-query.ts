import type { JsonSchema } from './config.ts'
import { isObject } from './schema/subschemas.ts'

/** Reads a whole query, the text behind the question mark; an empty one is an empty object. */
export type WholeQuery = (text: string) => unknown

/**
 * Compiles how a query is read that is one value, of a content type that stands as `content` beside its schema (OpenAPI 3.2, parameters
 * `in: querystring`); undefined for one of names and values, as queries usually are.
 *
 * @example
 * wholeQuery({ type: 'object', content: 'application/json' })?.('%7B%22a%22:1%7D') // { a: 1 }
 */
export function wholeQuery (schema: JsonSchema): WholeQuery | undefined {
  if (!isObject(schema) || typeof schema.content !== 'string' || isForm(schema.content)) return undefined
  const parse = /[/+]json\b/i.test(schema.content) ? parseJson : (text: string) => text
  return text => text === '' ? {} : parse(decode(text))
}

export const isForm = (type: string): boolean => /^application\/x-www-form-urlencoded\b/i.test(type)

/** Text that is not what it should be stays text, for the validation to reject. */
function parseJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function decode (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
