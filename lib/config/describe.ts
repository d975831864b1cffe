import { isObject } from '../schema/subschemas.ts'

const LONGEST = 40

const PLURAL: Readonly<Record<string, string>> = {
  string: 'strings', number: 'numbers', integer: 'whole numbers', boolean: 'booleans', object: 'objects', array: 'lists'
}
const SINGULAR: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'a boolean',
  object: 'an object',
  array: 'a list',
  null: 'null'
}

/** `'a', 'b' or 'c'` */
export function listOf (items: readonly string[], last = 'or'): string {
  const unique = [...new Set(items)]
  if (unique.length < 2) return unique.join('')
  return `${unique.slice(0, -1).join(', ')} ${last} ${unique.at(-1)}`
}

/** A value as a message shows it: `the string 'abc'`, `12`, `an object`. */
export function describeValue (value: unknown): string {
  if (typeof value === 'string') return `the string ${quote(value)}`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A literal as a user would write it, strings in single quotes, long ones cut. */
export function quote (value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? String(value)
  const line = value.replace(/\s+/g, ' ')
  return `'${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}'`
}

/** What a schema asks for, in words: `a number`, `'fixed' or 'uniform'`, `a list of strings`. */
export function describeSchema (schema: unknown): string {
  if (!isObject(schema)) return 'a value'
  if ('const' in schema) return quote(schema.const)
  if (Array.isArray(schema.enum)) return listOf(schema.enum.map(quote))
  const branches = schema.anyOf ?? schema.oneOf
  if (Array.isArray(branches)) return listOf(branches.map(describeSchema))
  if (typeof schema.$ref === 'string') return 'a JSON Schema (an object, true or false)'
  if (schema.type === 'array') {
    const plural = isObject(schema.items) && typeof schema.items.type === 'string' ? PLURAL[schema.items.type] : undefined
    return plural === undefined ? 'a list' : `a list of ${plural}`
  }
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  return listOf(types.map(type => (typeof type === 'string' ? SINGULAR[type] : undefined) ?? 'a value'))
}
