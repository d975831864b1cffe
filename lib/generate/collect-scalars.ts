import { isDeepStrictEqual } from 'node:util'
import { exactMember } from '../exact-numbers.ts'
import { JSON_TYPES, toCount, toNumber, toTypes, type JsonType } from '../schema/keywords.ts'
import type { KeywordReader } from './collect.ts'
import type { Constraints } from './constraints.ts'
import { FAKER_KEYWORDS, readFakerHint } from './faker-hint.ts'

/** Keywords on any value, on numbers and on texts, and annotations. */
export const SCALAR_KEYWORDS: Record<string, KeywordReader> = {
  ...Object.fromEntries(FAKER_KEYWORDS.map((keyword): [string, KeywordReader] => [keyword, (into, value) => { into.faker ??= readFakerHint(value, keyword) }])),
  type (into, value) {
    const types = toTypes(value)
    if (types !== undefined) restrictTypes(into, types)
  },
  enum (into, values) { if (Array.isArray(values)) restrictValues(into, values) },
  const (into, value) { if (value !== undefined) restrictValues(into, [value]) },

  minimum (into, value) { into.minimum = Math.max(into.minimum, toNumber(value) ?? -Infinity) },
  maximum (into, value) { into.maximum = Math.min(into.maximum, toNumber(value) ?? Infinity) },
  exclusiveMinimum (into, value) { into.exclusiveMinimum = Math.max(into.exclusiveMinimum, toNumber(value) ?? -Infinity) },
  exclusiveMaximum (into, value) { into.exclusiveMaximum = Math.min(into.exclusiveMaximum, toNumber(value) ?? Infinity) },
  multipleOf (into, value) {
    const multiple = toNumber(value)
    if (multiple !== undefined && multiple > 0) into.multiples = [...into.multiples, multiple]
  },

  minLength (into, value) { into.minLength = Math.max(into.minLength, toCount(value) ?? 0) },
  maxLength (into, value) { into.maxLength = Math.min(into.maxLength, toCount(value) ?? Infinity) },
  pattern (into, value) { if (typeof value === 'string') into.patterns = [...new Set([...into.patterns, value])] },
  format (into, value) { if (typeof value === 'string') into.formats = [...new Set([...into.formats, value])] },
  contentEncoding (into, value) { if (typeof value === 'string') into.encoding ??= value.toLowerCase() },
  contentMediaType (into, value) { if (typeof value === 'string') into.mediaType ??= value.toLowerCase() },

  title (into, value) { if (typeof value === 'string') into.title ??= value },
  readOnly (into, value) { into.readOnly ||= value === true },
  writeOnly (into, value) { into.writeOnly ||= value === true },
  default (into, value) { into.fallback ??= { value } },
  example (into, value, { schema }) {
    const more = Array.isArray(schema.examples) ? schema.examples : []
    into.examples = [...into.examples, [exactMember(schema, 'example', value), ...more]]
  },
  examples (into, values, { schema }) {
    if (schema.example === undefined && Array.isArray(values) && values.length > 0) into.examples = [...into.examples, values.map((value, index) => exactMember(values, index, value))]
  }
}

/** Leaves the types that both lists allow; an integer is a number, too. */
export function restrictTypes (into: Constraints, types: readonly JsonType[]): void {
  const before = into.types
  into.types = before === undefined
    ? types
    : JSON_TYPES.filter(type => allowsType(before, type) && allowsType(types, type) && (before.includes(type) || types.includes(type)))
  if (into.types.length === 0) into.impossible = true
}

export const allowsType = (types: readonly JsonType[], type: JsonType): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'))

function restrictValues (into: Constraints, values: readonly unknown[]): void {
  into.values = into.values === undefined
    ? values
    : into.values.filter(value => values.some(other => isDeepStrictEqual(value, other)))
  if (into.values.length === 0) into.impossible = true
}
