import { fullFormats } from 'ajv-formats/dist/formats.js'
import { isDeepStrictEqual } from 'node:util'
import { isMultiple, textHasFormat } from '../schema/check-scalars.ts'
import { ENFORCED_FORMATS } from '../schema/compiler.ts'
import { lengthOf, toCount, toNumber } from '../schema/keywords.ts'
import { linearRegExp } from '../schema/linear-regexp.ts'
import { fault, type Here, type Walk } from './walk.ts'

/** `enum` and `const`. */
export function findValues (walk: Walk, at: Here, value: unknown, path: string): void {
  const { schema } = at
  if (Array.isArray(schema.enum) && !schema.enum.some(other => isDeepStrictEqual(other, value))) {
    fault(walk, at, 'enum', path, 'must be equal to one of the allowed values', value)
  }
  if (schema.const !== undefined && !isDeepStrictEqual(schema.const, value)) fault(walk, at, 'const', path, 'must be equal to constant', value)
}

const BOUNDS: ReadonlyArray<readonly [keyword: string, sign: string, holds: (value: number, bound: number) => boolean]> = [
  ['minimum', '>=', (value, bound) => value >= bound],
  ['maximum', '<=', (value, bound) => value <= bound],
  ['exclusiveMinimum', '>', (value, bound) => value > bound],
  ['exclusiveMaximum', '<', (value, bound) => value < bound]
]

export function findInNumber (walk: Walk, at: Here, value: number, path: string): void {
  for (const [keyword, sign, holds] of BOUNDS) {
    const bound = toNumber(at.schema[keyword])
    if (bound !== undefined && !holds(value, bound)) fault(walk, at, keyword, path, `must be ${sign} ${bound}`, value)
  }
  const factor = toNumber(at.schema.multipleOf)
  if (factor !== undefined && factor > 0 && !isMultiple(value, factor)) fault(walk, at, 'multipleOf', path, `must be multiple of ${factor}`, value)
  const { format } = at.schema
  if (typeof format === 'string' && !numberFits(format, value)) fault(walk, at, 'format', path, `must match format "${format}"`, value)
}

export function findInText (walk: Walk, at: Here, value: string, path: string): void {
  const { pattern, format } = at.schema
  const least = toCount(at.schema.minLength)
  if (least !== undefined && lengthOf(value) < least) fault(walk, at, 'minLength', path, `must NOT have fewer than ${least} characters`, value)
  const most = toCount(at.schema.maxLength)
  if (most !== undefined && lengthOf(value) > most) fault(walk, at, 'maxLength', path, `must NOT have more than ${most} characters`, value)
  if (typeof pattern === 'string' && !matches(pattern, value)) fault(walk, at, 'pattern', path, `must match pattern "${pattern}"`, value)
  if (typeof format === 'string' && !textFits(format, value)) fault(walk, at, 'format', path, `must match format "${format}"`, value)
}

/** A pattern that has no linear form is not enforced. */
export function matches (pattern: string, text: string): boolean {
  let test = expressions.get(pattern)
  if (test === undefined) {
    if (expressions.size >= MAX_EXPRESSIONS) expressions.clear()
    expressions.set(pattern, test = testOf(pattern))
  }
  return test(text)
}

function testOf (pattern: string): (text: string) => boolean {
  try {
    return linearRegExp(pattern).test
  } catch {
    return () => true
  }
}

/** Compiled once: a body may hold some ten thousand texts that a pattern is about. */
const expressions = new Map<string, (text: string) => boolean>()
const MAX_EXPRESSIONS = 1_000

const ENFORCED: ReadonlySet<string> = new Set(ENFORCED_FORMATS)

const textFits = (format: string, text: string): boolean => !ENFORCED.has(format) || textHasFormat(text, format)

function numberFits (name: string, value: number): boolean {
  const format = ENFORCED.has(name) ? NUMBER_FORMATS.get(name) : undefined
  if (typeof format !== 'object' || format instanceof RegExp || format.type !== 'number') return true
  return typeof format.validate === 'function' ? format.validate(value) === true : true
}

const NUMBER_FORMATS = new Map(Object.entries(fullFormats))
