import { isDeepStrictEqual } from 'node:util'
import { isRecord, own } from '../own.ts'
import { number } from './argument.ts'

/** Alike as people see it: `1` and `'1'` are, and objects with the same content. */
export function equal (a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a === 'object' && a !== null) return typeof b === 'object' && isDeepStrictEqual(a, b)
  if (typeof a === 'string' && typeof b === 'string') return false
  if (typeof a === 'boolean' || typeof b === 'boolean') return a !== undefined && a !== null && b !== undefined && b !== null && String(a) === String(b)
  if (typeof a === 'bigint' || typeof b === 'bigint') return String(a) === String(b)
  const [left, right] = [number(a), number(b)]
  return left !== undefined && left === right
}

/**
 * Mockoon's conditions: a value that is equal, an object whose keys are all in the item, a list of conditions of which all
 * hold; a list within that one: of which one holds.
 */
export function fits (item: unknown, condition: unknown, all = true): boolean {
  if (Array.isArray(condition)) {
    return all ? condition.every(part => fits(item, part, false)) : condition.some(part => fits(item, part, true))
  }
  if (!isRecord(condition)) return equal(item, condition)
  return isRecord(item) && Object.entries(condition).every(([key, wanted]) => fits(own(item, key), wanted))
}
