import { messageOf } from '../../message-of.ts'
import { propertyPath, valueAt } from '../property.ts'
import { createTest, operatorName, OPERATOR_NAMES, type Test } from './operators.ts'

/** One demand on rows. */
export interface Filter {
  test (row: unknown): boolean
  /** The rows can be looked up by this property and text instead of being tested one by one. */
  readonly index?: { readonly property: string, readonly value: string }
}

/** With several values, all of them have to hold; with the others one is enough. */
const TOGETHER: ReadonlySet<string> = new Set(['ne', 'nin', 'gt', 'gte', 'lt', 'lte'])

const MOST_VALUES = 200

/**
 * Reads a query parameter that is a filter: `views_gte=10`, `views:gte=10`, `views[gte]=10`, `author.name=Ann`.
 *
 * @param isProperty whether rows have a property that is called so, operator and all
 * @returns what is wrong, in words, where it cannot be read
 */
export function readFilter (name: string, values: readonly string[], isProperty: (name: string) => boolean): Filter | string {
  const asked = splitName(name, isProperty)
  if (typeof asked === 'string') return asked
  const path = propertyPath(asked.property)
  if (path === undefined) return 'is no property, or too deep'
  if (values.length > MOST_VALUES) return `has at most ${MOST_VALUES} values`
  const { operator } = asked
  let tests: Test[]
  try {
    tests = values.map(value => createTest(operator, value))
  } catch (error) {
    return messageOf(error)
  }
  const [only] = tests
  const [property] = path
  const [value] = values
  const holds: Test = tests.length === 1 && only !== undefined
    ? only
    : TOGETHER.has(operator) ? value => tests.every(test => test(value)) : value => tests.some(test => test(value))
  const filter = { test: (row: unknown) => holds(valueAt(row, path)) }
  return operator === 'eq' && path.length === 1 && tests.length === 1 && property !== undefined && value !== undefined && isPlain(value)
    ? { ...filter, index: { property, value } }
    : filter
}

/** Texts that stand for one value only: an index knows `1`, which `1.0` is as well. */
const isPlain = (text: string): boolean => text !== 'null' && (text.trim() === '' || Number.isNaN(Number(text)) || String(Number(text)) === text)

function splitName (name: string, isProperty: (name: string) => boolean): { property: string, operator: string } | string {
  const [, outside, inside = ''] = /^(.+)\[(\w+)\]$/.exec(name) ?? []
  const bracketed = operatorName(inside)
  if (outside !== undefined && bracketed !== undefined) return { property: outside, operator: bracketed }
  const colon = name.lastIndexOf(':')
  if (colon > 0 && !isProperty(name)) {
    const operator = operatorName(name.slice(colon + 1))
    return operator === undefined ? `asks for an operator that there is not; there are ${OPERATOR_NAMES.join(', ')}` : { property: name.slice(0, colon), operator }
  }
  const [, before, after = ''] = /^(.+)_([a-zA-Z]+)$/.exec(name) ?? []
  const operator = operatorName(after)
  if (before !== undefined && operator !== undefined && !isProperty(name)) return { property: before, operator }
  return { property: name, operator: 'eq' }
}
