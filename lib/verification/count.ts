import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import { isObject } from '../schema/subschemas.ts'

/**
 * How often a request is expected: exactly so many times, or within bounds.
 *
 * @example
 * await mock.verify('POST /orders', 1)
 * await mock.verify('POST /orders', { at_least: 1, at_most: 3 })
 * await mock.verify('POST /payments', 'never')
 */
export type Count = number | 'never' | 'once' | 'twice' | { times: number } | { at_least?: number, at_most?: number }

export interface Bounds {
  readonly min: number
  readonly max: number
}

const WORDS: Readonly<Record<string, number>> = { never: 0, once: 1, twice: 2 }

/** The bounds of a count; at least one where none is said. Throws MOCK_ERR_REQUEST_PATTERN where it makes no sense. */
export function boundsOf (count: unknown): Bounds {
  if (count === undefined) return { min: 1, max: Infinity }
  if (typeof count === 'string' && Object.hasOwn(WORDS, count)) return boundsOf(WORDS[count])
  if (typeof count === 'number') return { min: whole(count, 'a count'), max: count }
  if (!isObject(count)) throw wrong(`a count is a number, 'never', 'once', 'twice', { times } or { at_least, at_most }, not ${JSON.stringify(count)}`)
  const unknown = Object.keys(count).find(key => key !== 'times' && key !== 'at_least' && key !== 'at_most')
  if (unknown !== undefined) throw wrong(`a count has no key '${unknown}'; it has times, or at_least and at_most`)
  const { times, at_least: least, at_most: most } = count
  if (times !== undefined) {
    if (least !== undefined || most !== undefined) throw wrong('a count has either times, or at_least and at_most')
    return boundsOf(whole(times, 'times'))
  }
  if (least === undefined && most === undefined) throw wrong('a count needs times, at_least or at_most')
  const min = least === undefined ? 0 : whole(least, 'at_least')
  const max = most === undefined ? Infinity : whole(most, 'at_most')
  if (min > max) throw wrong(`nothing comes at least ${min} times and at most ${max} times`)
  return { min, max }
}

/**
 * Bounds in words.
 *
 * @example
 * describeBounds({ min: 1, max: Infinity }) // 'at least once'
 */
export function describeBounds ({ min, max }: Bounds): string {
  if (min === max) return times(min)
  if (max === Infinity) return min === 0 ? 'any number of times' : `at least ${times(min)}`
  return min === 0 ? `at most ${times(max)}` : `${min} to ${max} times`
}

/** @example times(3) // '3 times' */
export const times = (count: number): string => count === 0 ? 'never' : count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`

/** @example countOf(2, 'older request') // '2 older requests' */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function whole (value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw wrong(`${what} is a whole number of 0 or more, not ${JSON.stringify(value)}`)
}

const wrong = (message: string): Error => new MOCK_ERR_REQUEST_PATTERN(message)
