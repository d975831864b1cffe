import type { ExampleRequest } from './config.ts'
import type { RequestView } from './request-view.ts'
import { isObject } from './schema/subschemas.ts'

const PARTS = ['params', 'query', 'headers', 'cookies'] as const

/**
 * Compiles whether a request is the one that an answer is an example for: everything named has to be equal. Parameters arrive as
 * texts, so `7` equals `"7"` there; bodies are compared as they are, whatever the order of their keys.
 *
 * @example
 * exampleRequest({ params: { id: 7 } })(request) // true for /users/7
 */
export function exampleRequest (example: ExampleRequest): (request: RequestView) => boolean {
  const values = PARTS.flatMap(part => Object.entries(example[part] ?? {}).map(([name, value]) => ({ part, name: part === 'headers' ? name.toLowerCase() : name, value })))
  const hasBody = 'body' in example
  const members = Object.entries(example.body_has ?? {})
  return request =>
    values.every(({ part, name, value }) => isSame(request[part][name], value, true)) &&
    (!hasBody || isSame(request.body, example.body, !isJson(request))) &&
    members.every(([name, value]) => isObject(request.body) && Object.hasOwn(request.body, name) && isSame(request.body[name], value, !isJson(request)))
}

/** @param loose whether a text equals the number or boolean that it is written as */
function isSame (actual: unknown, expected: unknown, loose: boolean): boolean {
  if (actual === expected) return true
  if (Array.isArray(expected)) return Array.isArray(actual) && actual.length === expected.length && expected.every((item, index) => isSame(actual[index], item, loose))
  if (isObject(expected)) {
    if (!isObject(actual)) return false
    const keys = Object.keys(expected)
    return keys.length === Object.keys(actual).length && keys.every(key => Object.hasOwn(actual, key) && isSame(actual[key], expected[key], loose))
  }
  // A parameter that comes once may be declared as a list.
  if (loose && Array.isArray(actual)) return actual.length === 1 && isSame(actual[0], expected, loose)
  return loose && isScalar(actual) && isScalar(expected) && String(actual) === String(expected)
}

/** Only JSON tells numbers from texts. */
const isJson = ({ headers }: RequestView): boolean => /json/i.test(String(headers['content-type'] ?? 'json'))

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
