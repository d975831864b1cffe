import type { JsonSchema } from '../config.ts'
import type { When } from '../config-keys/condition.ts'
import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'

/** Told each schema and where it stands; what it returns is written in its place. */
export type VisitSchema = (schema: JsonSchema, pointer: string) => JsonSchema

/** Keys that hold tests by name, and those that hold lists of tests or conditions. */
const MAPS = new Set(['params', 'query', 'headers', 'cookies', 'auth', 'scenarios', 'variables', 'collections', 'json_path', 'xpath'])
const LISTS = new Set(['all', 'any'])
/** Keys that hold one; what stands at a JSON pointer is one as well. */
const TESTS = new Set(['method', 'path', 'host', 'protocol', 'client', 'body', 'request_number', 'not', 'length', 'some', 'every', 'count'])

/** Visits the schema of each `json_schema` of a condition. The answer is a copy where one changed, and the very same object where none did. */
export function mapConditionSchemas (when: When, pointer: string, visit: VisitSchema): When {
  return mapMembers(when, (key, value) => mapKey(key, value, child(pointer, key), visit))
}

function mapKey (key: string, value: unknown, pointer: string, visit: VisitSchema): unknown {
  if (key === 'json_schema') return isObject(value) || typeof value === 'boolean' ? visit(value, pointer) : value
  if (LISTS.has(key) && Array.isArray(value)) {
    const mapped = value.map((item, index) => mapTest(item, child(pointer, index), visit))
    return mapped.some((item, index) => item !== value[index]) ? mapped : value
  }
  if (MAPS.has(key) && isObject(value)) return mapMembers(value, (name, test) => mapTest(test, child(pointer, name), visit))
  return TESTS.has(key) || key.startsWith('/') ? mapTest(value, pointer, visit) : value
}

const mapTest = (test: unknown, pointer: string, visit: VisitSchema): unknown =>
  isObject(test) ? mapMembers(test, (key, value) => mapKey(key, value, child(pointer, key), visit)) : test

function mapMembers<T extends object> (members: T, map: (key: string, value: unknown) => unknown): T {
  const entries = Object.entries(members)
  const mapped = entries.map(([key, value]: [string, unknown]): [string, unknown] => [key, map(key, value)])
  // The seam: a schema in the place of a schema leaves the type as it was.
  return mapped.some(([, value], index) => value !== entries[index]?.[1]) ? Object.fromEntries(mapped) as T : members
}
