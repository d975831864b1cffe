import { freezeCopy } from '../config/freeze.ts'
import { digitsOf, rememberDigits } from '../exact-numbers.ts'
import type { Row } from './collection.ts'

/**
 * A row made of the members of several objects, the later over the earlier; what is undefined is left out. It is a copy through and
 * through, frozen, in which an own member called `__proto__` is one like any other and long integers keep their digits.
 */
export function rowOf (...parts: readonly Row[]): Row {
  const members = new Map<string, unknown>()
  const digits = new Map<string, string>()
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined) members.delete(key)
      else members.set(key, freezeCopy(value))
      const written = typeof value === 'number' ? digitsOf(part, key) : undefined
      if (written === undefined) digits.delete(key)
      else digits.set(key, written)
    }
  }
  const row = Object.fromEntries(members)
  for (const [key, written] of digits) rememberDigits(row, key, written)
  return Object.freeze(row)
}

/** The part of a row that is one property. */
export function memberOf (row: Row, key: string): Row {
  if (!Object.hasOwn(row, key)) return {}
  const member = Object.fromEntries([[key, row[key]]])
  const digits = digitsOf(row, key)
  if (digits !== undefined) rememberDigits(member, key, digits)
  return member
}
