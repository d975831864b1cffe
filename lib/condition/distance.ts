import { distance as letters } from 'fastest-levenshtein'
import { isScalar } from './scalars.ts'

/** Comparing letters costs the product of the lengths. */
const LONGEST = 200

const SLIP = 0.05
const OTHER_TYPE = 0.9

/**
 * How far apart two values are: 0 for the same, 1 for nothing in common. Another case, another type with the same text are slips.
 *
 * @example
 * distance('acme', 'Acme') // 0.05
 */
export function distance (actual: unknown, expected: unknown): number {
  if (actual === expected) return 0
  if (actual === undefined || actual === null) return 1
  if (typeof actual === 'number' && typeof expected === 'number') {
    const span = Math.abs(actual) + Math.abs(expected)
    return Number.isFinite(span) ? clamp(Math.abs(actual - expected) / span) : OTHER_TYPE
  }
  if (!isScalar(actual) || !isScalar(expected)) return OTHER_TYPE
  const [left, right] = [String(actual).slice(0, LONGEST), String(expected).slice(0, LONGEST)]
  if (left.trim().toLowerCase() === right.trim().toLowerCase()) return SLIP
  return clamp(letters(left, right) / Math.max(left.length, right.length, 1))
}

/** What does not hold is never at distance 0. */
export const clamp = (value: number): number => Math.min(1, Math.max(SLIP, Math.round(value * 100) / 100))
