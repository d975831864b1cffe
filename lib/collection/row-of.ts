import { carryDigits, digitsOf, hasAnyDigits, rememberDigits } from '../exact-numbers.ts'
import { setOwn } from '../template/own.ts'
import type { Row } from './collection.ts'

const NOTHING: Row = Object.freeze({})

/**
 * A row made of the members of several objects, the later over the earlier; what is undefined is left out. It is frozen through and
 * through, an own member called `__proto__` is one like any other, and long integers keep their digits.
 *
 * @param own a row, or what was made for one
 * @param given by somebody else: it is copied
 * @param others as the first
 */
export function rowOf (own: Row, given: Row = NOTHING, ...others: readonly Row[]): Row {
  const row: Record<string, unknown> = {}
  take(row, own, asIs)
  take(row, given, frozenCopy)
  for (const other of others) take(row, other, asIs)
  return Object.freeze(row)
}

/** The part of a row that is one property. */
export function memberOf (row: Row, key: string): Row {
  if (!Object.hasOwn(row, key)) return NOTHING
  const member = memberNamed(key, row[key])
  const digits = digitsOf(row, key)
  if (digits !== undefined) rememberDigits(member, key, digits)
  return member
}

/** An object of one member, whatever it is called. */
export function memberNamed (key: string, value: unknown): Row {
  const member: Record<string, unknown> = {}
  setOwn(member, key, value)
  return member
}

const asIs = (value: unknown): unknown => value

function take (row: Record<string, unknown>, part: Row, settle: (value: unknown) => unknown): void {
  for (const key of Object.keys(part)) {
    const value = part[key]
    if (value === undefined) delete row[key]
    else setOwn(row, key, settle(value))
    if (hasAnyDigits()) forgetOrCarry(row, key, part)
  }
}

/** A number of many digits that takes the place of another brings its own; a short one leaves nothing of those before. */
function forgetOrCarry (row: Record<string, unknown>, key: string, part: Row): void {
  const digits = digitsOf(part, key)
  if (digits !== undefined) rememberDigits(row, key, digits)
  else if (digitsOf(row, key) !== undefined) rememberDigits(row, key, String(part[key]))
}

/** Lists and plain objects are copied; instances of classes (dates, buffers) stay what they are. */
function frozenCopy (value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(carryDigits(value, value.map(frozenCopy)))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) setOwn(copy, key, frozenCopy(member))
  return Object.freeze(carryDigits(value, copy))
}
