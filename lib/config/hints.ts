import { child, escapeToken, tokens } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { nearest } from './nearest.ts'
import { knownKeys } from './shape.ts'

/** Signs that other languages have for operators. */
const SIGNS: Readonly<Record<string, string>> = { '=': 'equals', '==': 'equals', '===': 'equals', '!=': 'not', '>': 'greater', '>=': 'at_least', '<': 'less', '<=': 'at_most', '=~': 'matches', '~': 'matches' }

/** Parts of a request whose values are texts, and have no members. */
const TEXTS = ['method', 'path', 'host', 'protocol', 'client', 'params', 'query', 'headers', 'cookies']

/** Where keys that are no operators are meant to be members of the value: these are written as JSON pointers. */
export function memberHint (key: string, near: string | undefined, schema: unknown, pointer: string): string | undefined {
  if (!isObject(schema) || schema.memberHint !== true) return undefined
  const known = Object.hasOwn(SIGNS, key) ? SIGNS[key] : key.startsWith('$') && near === undefined ? nearest(key.slice(1), knownKeys(schema)) : near
  const suggested = known === undefined ? undefined : `did you mean '${known}'?`
  const part = tokens(pointer).findLast(token => TEXTS.includes(token) || ['body', 'variables', 'collections'].includes(token))
  if (part !== undefined && TEXTS.includes(part)) return suggested
  if (/^\$(?:\.|\[|$)/.test(key)) return `a JSONPath goes into 'json_path': { json_path: { '${key}': … } }`
  if (Object.hasOwn(SIGNS, key) || key.startsWith('$')) return suggested
  const within = key.includes('.') ? `, one within others by '/${key.split('.').map(escapeToken).join('/')}'` : ''
  const written = `the value of a member '${key}' is tested by '${child('', key)}'${within}`
  return suggested === undefined ? written : `${suggested} Else, ${written}`
}

/** What is said to those who wrote a value of another type. */
export function typeHint (schema: unknown, data: unknown, pointer: string): string | undefined {
  if (!isObject(schema)) return undefined
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (Array.isArray(data) && typeof schema.typeHint === 'string') return schema.typeHint
  if (types.includes('array') && (typeof data === 'string' || isObject(data)) && isMember(schema, data)) return 'put it in a list: [ … ]'
  if (typeof data !== 'string' || data.trim() === '') return undefined
  const numeric = types.includes('number') || types.includes('integer')
  if (numeric && Number.isFinite(Number(data))) return `write ${data.trim()} without quotes`
  const span = numeric && pointer.endsWith('_ms') ? /^([\d.]+) ?(ms|s|m|min)$/.exec(data.trim()) : null
  if (span !== null) return `write ${Number(span[1]) * (MILLISECONDS[span[2] ?? ''] ?? 60_000)}: it is a number of milliseconds`
  if (types.includes('boolean') && /^(?:true|false)$/.test(data)) return `write ${data} without quotes`
  return undefined
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000 }

/** Whether a list with this in it would be of the right kind. */
const isMember = ({ items }: Readonly<Record<string, unknown>>, data: unknown): boolean => !isObject(items) || acceptsType(items, data) || items.anyOf !== undefined || items.oneOf !== undefined || items.$ref !== undefined

/** Of an object that was written as a plain value: the key that the value is for, or the keys that there are. */
export function objectHint (schema: unknown, data: unknown): string | undefined {
  if (!isObject(schema) || schema.type !== 'object' || !isObject(schema.properties) || Array.isArray(data)) return undefined
  const [key] = Array.isArray(schema.required) ? schema.required : []
  const wanted: unknown = typeof key === 'string' ? schema.properties[key] : undefined
  if (typeof data === 'string' && /^[\w./ -]+$/.test(data) && isObject(wanted) && wanted.type === 'string') return `write { ${key}: ${data} }`
  const keys = Object.keys(schema.properties)
  return keys.length > 8 ? undefined : `its keys: ${keys.join(', ')}`
}

/** Of a text that lacks nothing but the slash at its beginning. */
export const slashHint = (pattern: unknown, data: unknown): string | undefined =>
  typeof pattern === 'string' && typeof data === 'string' && !data.startsWith('/') && /^[\w.-]/.test(data) && new RegExp(pattern, 'u').test(`/${data}`) ? `write '/${data}'` : undefined

/** Whether a value is of the type that a schema asks for. */
export function acceptsType (schema: object, data: unknown): boolean {
  if (!isObject(schema)) return true
  if ('const' in schema) return schema.const === data
  if (Array.isArray(schema.enum)) return typeof data === typeof schema.enum[0]
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (types[0] === undefined) return true
  if (Array.isArray(data)) return types.includes('array')
  if (data === null) return types.includes('null')
  if (typeof data === 'number') return types.includes('number') || types.includes('integer')
  return types.includes(typeof data)
}
