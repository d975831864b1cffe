import { messageOf } from '../../message-of.ts'
import { setVariable } from '../context.ts'
import { isRecord, own, setOwn } from '../own.ts'
import { HelperFault } from '../error.ts'
import type { HelperFunction, HelperTable } from '../helper.ts'
import { toValue } from '../to-text.ts'
import { flag, record, text } from './argument.ts'
import { jsonPath } from './json-path.ts'
import { digText } from './object-path.ts'
import { stringifyJson } from '../../stringify-json.ts'

function assign (sources: readonly unknown[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const source of sources) {
    for (const [key, value] of Object.entries(record(source))) setOwn(result, key, value)
  }
  return result
}

const merge: HelperFunction = (args, hash) => assign([...args, hash])

function mergeDeep (left: unknown, right: unknown): unknown {
  if (!isRecord(left) || !isRecord(right)) return right === undefined ? left : right
  const result: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) setOwn(result, key, mergeDeep(own(left, key), own(right, key)))
  return result
}

const deepMerge: HelperFunction = args => args.filter(isRecord).reduce<unknown>(mergeDeep, {})

const only = (keep: (key: string, names: readonly string[]) => boolean): HelperFunction => ([object, ...names]) => {
  const keys = names.flat().map(text)
  return Object.fromEntries(Object.entries(record(object)).filter(([key]) => keep(key, keys)))
}

/** JSON text of a value; `pretty=true` for lines and indents. */
const stringify: HelperFunction = ([value], { pretty }) => stringifyJson(toValue(value), flag(pretty) ? 2 : undefined)

/** A value from JSON text; as it is when it is no text. Into a variable when a name follows (WireMock). */
const parseJson: HelperFunction = ([source, name], _hash, context) => {
  const value = typeof source === 'string' ? parse(source) : source
  if (name === undefined) return value
  setVariable(context, text(name), value)
  return ''
}

function parse (source: string): unknown {
  if (source.trim() === '') return undefined
  try {
    return JSON.parse(source)
  } catch (error) {
    throw new HelperFault(`not JSON: ${messageOf(error)}`)
  }
}

/** One key; names of headers in any case. */
const get: HelperFunction = ([target, key, byDefault], _hash, { request }) =>
  own(target, target === request.headers ? text(key).toLowerCase() : text(key)) ?? byDefault

const objectPath: HelperFunction = ([target, path, byDefault]) => digText(target, text(path)) ?? byDefault

/** Objects and JSON. */
export const objectHelpers: HelperTable = {
  object: (_args, hash) => assign([hash]),
  merge,
  objectMerge: merge,
  deepMerge,
  jsonMerge: deepMerge,
  get,
  lookup: get,
  objectPath,
  jsonPath,
  keys: ([object]) => Object.keys(record(object)),
  values: ([object]) => Object.values(record(object)),
  entries: ([object]) => Object.entries(record(object)),
  pickKeys: only((key, names) => names.includes(key)),
  omitKeys: only((key, names) => !names.includes(key)),
  json: stringify,
  stringify,
  toJson: stringify,
  formatJson: ([value], { format }) => stringifyJson(toValue(typeof value === 'string' ? parse(value) : value), format === 'compact' ? undefined : 2),
  parseJson,
  jsonParse: parseJson
}
