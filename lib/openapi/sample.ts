import RandExp from 'randexp'
import { leastLength } from '../generate/pattern.ts'
import { isObject, listAt, type JsonObject } from './json-object.ts'
import type { Refs } from './refs.ts'

/**
 * One plausible value of a schema as the document has it, always the same one. It is for response headers, which are written down
 * when the document is imported; bodies are generated from their schema when served.
 */
export function sampleValue (refs: Refs, schema: unknown): unknown {
  return sample({ refs, left: MAX_VALUES }, schema, 0)
}

interface Sampling {
  readonly refs: Refs
  /** How many values there is still room for: schemas that are all about each other have no end. */
  left: number
}

function sample (sampling: Sampling, schema: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || sampling.left-- <= 0) return undefined
  const found = sampling.refs.follow(schema, '')
  if ('missing' in found || !isObject(found.value)) return 'string'
  const own = found.value
  const declared = declaredValue(own)
  if (declared !== undefined) return declared.value
  const parts = [...listAt(own, 'allOf'), ...alternative(own)]
  if (parts.length > 0) return merged(sampling, own, parts, depth)
  switch (typeOf(own)) {
    case 'object': return sampleObject(sampling, own, depth)
    case 'array': return sampleArray(sampling, own, depth)
    case 'boolean': return true
    case 'null': return null
    case 'integer': case 'number': return sampleNumber(own)
    default: return sampleString(own)
  }
}

/** Deeper values are left out; a schema that contains itself ends here. */
const MAX_DEPTH = 5
const MAX_VALUES = 500

/** A value that the schema itself tells, if it tells any; the value may be null. */
export function declaredValue (schema: JsonObject): { value: unknown } | undefined {
  if (Object.hasOwn(schema, 'example')) return { value: schema.example }
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return { value: schema.examples[0] }
  if (Object.hasOwn(schema, 'const')) return { value: schema.const }
  if (Object.hasOwn(schema, 'default')) return { value: schema.default }
  return Array.isArray(schema.enum) && schema.enum.length > 0 ? { value: schema.enum.find(value => value !== null) ?? null } : undefined
}

const alternative = (schema: JsonObject): unknown[] => [...listAt(schema, 'oneOf').slice(0, 1), ...listAt(schema, 'anyOf').slice(0, 1)]

function merged (sampling: Sampling, own: JsonObject, parts: readonly unknown[], depth: number): unknown {
  const { allOf: _all, oneOf: _one, anyOf: _any, ...rest } = own
  const values = parts.map(part => sample(sampling, part, depth + 1))
  if (own.properties !== undefined) values.push(sampleObject(sampling, rest, depth))
  return values.every(isObject) ? Object.assign({}, ...values) : values[0]
}

export function typeOf (schema: JsonObject): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find(name => name !== 'null') ?? 'null' : schema.type
  if (type !== undefined) return type
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'object'
  return schema.items === undefined ? undefined : 'array'
}

function sampleObject (sampling: Sampling, schema: JsonObject, depth: number): JsonObject {
  const entries = Object.entries(isObject(schema.properties) ? schema.properties : {})
    .filter(([, property]) => !(isObject(property) && property.writeOnly === true))
    .flatMap(([name, property]): Array<[string, unknown]> => {
      const value = sample(sampling, property, depth + 1)
      return value === undefined ? [] : [[name, value]]
    })
  if (entries.length === 0 && isObject(schema.additionalProperties)) entries.push(['key', sample(sampling, schema.additionalProperties, depth + 1)])
  return Object.fromEntries(entries)
}

function sampleArray (sampling: Sampling, schema: JsonObject, depth: number): unknown[] {
  const item = isObject(schema.items) ? sample(sampling, schema.items, depth + 1) : undefined
  return item === undefined ? [] : [item]
}

function sampleNumber (schema: JsonObject): number {
  const bound = (key: string): number | undefined => typeof schema[key] === 'number' ? schema[key] : undefined
  const step = bound('multipleOf') ?? (schema.type === 'integer' ? 1 : undefined)
  const above = bound('exclusiveMinimum') ?? (schema.exclusiveMinimum === true ? bound('minimum') : undefined)
  const below = bound('exclusiveMaximum') ?? (schema.exclusiveMaximum === true ? bound('maximum') : undefined)
  if (step !== undefined) {
    const first = Math.ceil((above ?? bound('minimum') ?? Math.min(1, below ?? bound('maximum') ?? 1)) / step) * step
    return first === above ? first + step : first
  }
  const gap = above !== undefined && below !== undefined ? (below - above) / 2 : 1
  const most = below !== undefined ? below - gap : bound('maximum')
  return above !== undefined ? above + gap : bound('minimum') ?? Math.min(1, most ?? 1)
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2024-02-29',
  'date-time': '2024-02-29T12:34:56Z',
  time: '12:34:56Z',
  duration: 'P1D',
  uuid: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  email: 'user@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'bW9jaw=='
}

function sampleString (schema: JsonObject): string {
  if (typeof schema.pattern === 'string') return fromPattern(schema.pattern) ?? 'string'
  let text = (typeof schema.format === 'string' ? FORMATS[schema.format] : undefined) ?? 'string'
  if (typeof schema.maxLength === 'number') text = text.slice(0, Math.max(0, schema.maxLength))
  return typeof schema.minLength === 'number' ? text.padEnd(Math.min(schema.minLength, 10_000), 'x') : text
}

const MAX_LENGTH = 5_000

function fromPattern (pattern: string): string | undefined {
  if (leastLength(pattern) > MAX_LENGTH) return undefined
  try {
    const expression = new RandExp(pattern)
    expression.max = 3
    expression.randInt = min => min
    return expression.gen()
  } catch {
    return undefined
  }
}
