import { digitsOf, rememberDigits } from '../exact-numbers.ts'
import { linearRegExp } from '../schema/linear-regexp.ts'
import { isForeignPattern } from '../schema/pattern-dialect.ts'
import { isObject } from './json-object.ts'

/** What a keyword becomes: a value, `undefined` for none, and the reason when something that counted is lost. */
export interface Cleaned {
  value: unknown
  lost?: string
}

type Clean = (value: unknown) => Cleaned

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

const keep = (value: unknown): Cleaned => ({ value })
const drop = (lost: string): Cleaned => ({ value: undefined, lost })
/** As messages show a value. */
const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60)

/**
 * Keywords whose values must have a certain shape, each with what makes it so. Documents are untidy (`type: any`, `required:
 * true`, `minLength: "3"`); a validator would refuse the whole schema for one of these.
 */
export const CLEANERS: ReadonlyMap<string, Clean> = new Map<string, Clean>([
  ['type', cleanType],
  ['enum', value => !Array.isArray(value) || value.length === 0 ? drop(`'enum' is ${shown(value)}, not a list of values`) : keep(value)],
  ['required', cleanRequired],
  ['pattern', cleanPattern],
  ['multipleOf', value => {
    const number = toNumber(value)
    return number !== undefined && number > 0 ? keep(number) : drop(`'multipleOf' is ${shown(value)}, not a number above 0`)
  }],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((keyword): [string, Clean] => [keyword, value => {
    const number = toNumber(value)
    return number === undefined ? drop(`'${keyword}' is ${shown(value)}, not a number`) : keep(number)
  }]),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'].map((keyword): [string, Clean] => [keyword, value => {
    const number = toNumber(value)
    return number === undefined || number < 0 || !Number.isInteger(number) ? drop(`'${keyword}' is ${shown(value)}, not a count`) : keep(number)
  }]),
  ['uniqueItems', value => typeof value === 'boolean' ? keep(value) : drop(`'uniqueItems' is ${shown(value)}, not true or false`)],
  ['format', value => typeof value === 'string' ? keep(value) : drop(`'format' is ${shown(value)}, not a text`)],
  ['description', value => typeof value === 'string' ? keep(value) : keep(undefined)],
  // Those that are texts have been followed by now.
  ...['$ref', '$dynamicRef'].map((keyword): [string, Clean] => [keyword, value => drop(`'${keyword}' is ${shown(value)}, not a text`)]),
  ['dependencies', () => drop("'dependencies' is of an older JSON Schema")]
])

/** Keywords that mean nothing outside OpenAPI or outside one file, or that a validator stumbles over. */
export const DROPPED: ReadonlySet<string> = new Set([
  'nullable', 'x-nullable', 'discriminator', 'collectionFormat', 'additionalItems', '__proto__',
  'id', '$id', '$schema', '$vocabulary', '$anchor', '$dynamicAnchor', '$recursiveAnchor', '$recursiveRef', '$async',
  // Nothing refers to them where they stand: a reference into them has made a shared schema.
  '$defs', 'definitions'
])

function cleanType (value: unknown): Cleaned {
  if (typeof value === 'string') {
    if (TYPES.has(value)) return keep(value)
    const type = value.toLowerCase()
    return TYPES.has(type) ? keep(type) : drop(`'${value}' is not a type`)
  }
  if (!Array.isArray(value)) return drop(`'type' is ${shown(value)}`)
  const types = [...new Set(value)].filter(type => typeof type === 'string' && TYPES.has(type))
  if (types.length === value.length) return keep(value)
  return types.length === 0 ? drop(`${shown(value)} names no type`) : keep(types)
}

function cleanRequired (value: unknown): Cleaned {
  // `required: true` on a property is JSON Schema's draft 3, and `false` says what is so anyway.
  if (!Array.isArray(value)) return value === false ? keep(undefined) : drop(`'required' is ${shown(value)}, not a list of names`)
  return value.every(name => typeof name === 'string') ? keep(value) : { value: value.filter(name => typeof name === 'string') }
}

const patterns = new Map<string, Cleaned>()
const MAX_PATTERNS = 5_000

/**
 * A pattern stays when it is a regular expression of ECMA-262, with the `u` flag or without. What the linear engine cannot do
 * (look-around, back-references) stays too, for generating data, and is told.
 */
function cleanPattern (value: unknown): Cleaned {
  if (typeof value !== 'string') return drop(`'pattern' is ${shown(value)}, not a text`)
  let known = patterns.get(value)
  if (known === undefined) {
    known = judge(value)
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    patterns.set(value, known)
  }
  return known
}

/** What a regular expression has to hold to be beyond the linear engine: look-around, back-references, huge counts. */
const SUSPECT = /\(\?[=!<]|\\[1-9k]|\{\d*,?\d{4,}/

function judge (pattern: string): Cleaned {
  if (isForeignPattern(pattern) && compiles(() => linearRegExp(pattern))) return keep(pattern)
  if (!compiles(() => new RegExp(pattern, 'u')) && !compiles(() => new RegExp(pattern))) {
    return drop(`pattern '${pattern}' is not enforced: it is no regular expression of JavaScript`)
  }
  if (!SUSPECT.test(pattern) || compiles(() => linearRegExp(pattern))) return keep(pattern)
  return { value: pattern, lost: `pattern '${pattern}' is not enforced: it has no form that is safe to run (look-around, back-references, a thousand repetitions)` }
}

function compiles (compile: () => unknown): boolean {
  try {
    compile()
    return true
  } catch {
    return false
  }
}

function toNumber (value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() !== '') return toNumber(Number(value))
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** `examples` as JSON Schema has them, a list: of `example`, and of the named ones that some documents write. */
export function exampleList (schema: Record<string, unknown>): unknown[] | undefined {
  const { examples } = schema
  const more = Array.isArray(examples)
    ? examples
    : isObject(examples) ? Object.values(examples).map(example => isObject(example) && 'value' in example ? example.value : example) : []
  if (!Object.hasOwn(schema, 'example')) return more === examples ? more : more.length === 0 ? undefined : more
  const list = [schema.example, ...more]
  const digits = digitsOf(schema, 'example')
  if (digits !== undefined) rememberDigits(list, 0, digits)
  return list
}
