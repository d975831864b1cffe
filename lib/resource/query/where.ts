import { messageOf } from '../../message-of.ts'
import { isObject } from '../../schema/subschemas.ts'
import { valueAt, type PropertyPath } from '../property.ts'
import type { Filter } from './filter.ts'
import { createTest, equals, operatorName, type Test } from './operators.ts'

const DEEPEST = 10
const MOST_DEMANDS = 200

/**
 * Reads a filter that is written as JSON: `{"or": [{"views": {"gt": 100}}, {"author": {"name": {"eq": "Ann"}}}]}`.
 *
 * @returns what is wrong, in words, where it cannot be read
 */
export function readWhere (text: string): Filter | string {
  let where: unknown
  try {
    where = JSON.parse(text)
  } catch (error) {
    return `is not JSON: ${messageOf(error)}`
  }
  if (!isObject(where)) return 'must be an object'
  const count = { left: MOST_DEMANDS }
  try {
    return { test: allOf(where, [], 0, count) }
  } catch (error) {
    return messageOf(error)
  }
}

function allOf (where: Readonly<Record<string, unknown>>, path: PropertyPath, depth: number, count: { left: number }): Test {
  if (depth > DEEPEST) throw new Error(`is nested more than ${DEEPEST} levels deep`)
  const tests = Object.entries(where).map(([key, wanted]): Test => {
    if (--count.left < 0) throw new Error(`has more than ${MOST_DEMANDS} demands`)
    if (key === 'or' || key === 'and') {
      const parts = partsOf(key, wanted).map(part => allOf(part, path, depth + 1, count))
      return key === 'or' ? row => parts.some(test => test(row)) : row => parts.every(test => test(row))
    }
    const operator = path.length > 0 ? operatorName(key) : undefined
    if (operator !== undefined) {
      const test = createTest(operator, wanted)
      return row => test(valueAt(row, path))
    }
    const at = [...path, key]
    return isObject(wanted) ? allOf(wanted, at, depth + 1, count) : row => equals(valueAt(row, at), wanted)
  })
  return row => tests.every(test => test(row))
}

function partsOf (key: string, wanted: unknown): Array<Readonly<Record<string, unknown>>> {
  if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every(isObject)) throw new Error(`'${key}' is a list of objects`)
  return wanted
}
