import type { Format } from 'ajv'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { violate, type Walk } from './check-walk.ts'
import type { ObjectSchema } from './subschemas.ts'
import { lengthOf, toCount, toNumber } from './keywords.ts'
import { matcherOf } from './pattern-matcher.ts'

export function numberRules (schema: ObjectSchema): Array<(value: number, walk: Walk) => void> {
  const rules: Array<(value: number, walk: Walk) => void> = []
  const rule = (keyword: string, holds: (value: number, bound: number) => boolean) => {
    const bound = toNumber(schema[keyword])
    if (bound !== undefined) rules.push((value, walk) => { if (!holds(value, bound)) violate(walk, keyword) })
  }
  rule('minimum', (value, bound) => value >= bound)
  rule('maximum', (value, bound) => value <= bound)
  rule('exclusiveMinimum', (value, bound) => value > bound)
  rule('exclusiveMaximum', (value, bound) => value < bound)
  rule('multipleOf', (value, bound) => bound <= 0 || isMultiple(value, bound))
  const { format } = schema
  if (typeof format === 'string' && NUMBER_FORMATS.has(format)) {
    rules.push((value, walk) => { if (!numberHasFormat(value, format)) violate(walk, 'format') })
  }
  return rules
}

/** As Ajv reckons it: 0.3 is not a multiple of 0.1 in binary fractions, and what is written with an exponent is none of anything. */
export const isMultiple = (value: number, of: number): boolean => Number.isInteger(value / of) && Math.abs(value / of) < 1e21

const INT32 = 2 ** 31
const NUMBER_FORMATS = new Set(['int32', 'int64'])

function numberHasFormat (value: number, format: string): boolean {
  if (!Number.isInteger(value)) return false
  return format !== 'int32' || (value >= -INT32 && value < INT32)
}

export function stringRules (schema: ObjectSchema): Array<(value: string, walk: Walk) => void> {
  const rules: Array<(value: string, walk: Walk) => void> = []
  const minLength = toCount(schema.minLength)
  if (minLength !== undefined) rules.push((value, walk) => { if (lengthOf(value) < minLength) violate(walk, 'minLength') })
  const maxLength = toCount(schema.maxLength)
  if (maxLength !== undefined) rules.push((value, walk) => { if (value.length > maxLength && lengthOf(value) > maxLength) violate(walk, 'maxLength') })
  const matches = typeof schema.pattern === 'string' ? matcherOf(schema.pattern) : undefined
  if (matches !== undefined) rules.push((value, walk) => { if (!matches(value)) violate(walk, 'pattern') })
  const { format } = schema
  if (typeof format === 'string') rules.push((value, walk) => { if (!textHasFormat(value, format)) violate(walk, 'format') })
  return rules
}

// By name only: a format such as `constructor` is unknown, not inherited.
const TEXT_FORMATS = new Map(Object.entries(fullFormats).map(([name, format]) => [name, predicateOf(format)] as const))

/** Whether a text has a format; formats that are not known, and those of numbers, are not enforced. */
export function textHasFormat (text: string, format: string): boolean {
  return TEXT_FORMATS.get(format)?.(text) ?? true
}

function predicateOf (format: Format): ((text: string) => boolean) | undefined {
  if (format instanceof RegExp) return text => format.test(text)
  if (typeof format === 'function') return text => format(text) === true
  if (typeof format !== 'object' || format.async === true || format.type === 'number') return undefined
  const { validate } = format
  if (validate instanceof RegExp) return text => validate.test(text)
  if (typeof validate !== 'function') return undefined
  // The type does not say that a format that is not of numbers is of texts.
  return text => validate(text as never) === true
}
