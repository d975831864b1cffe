import { distance } from './distance.ts'
import { leafTest } from './leaf.ts'
import { numberOf } from './scalars.ts'
import type { Setting, ValueTest } from './value-test.ts'

/**
 * A comparison of numbers; in texts, of the numbers that they are.
 *
 * @param model a number that fits
 */
export function numberTest (operator: string, bound: number, model: number, fits: (value: number) => boolean, { isText }: Setting): ValueTest {
  return leafTest({
    operator,
    cost: 1,
    holds (value, subject) {
      const number = numberOf(value, isText(subject))
      return number !== undefined && fits(number)
    },
    expected: String(bound),
    model,
    distance (value, subject) {
      const number = numberOf(value, isText(subject))
      return number === undefined ? 0.9 : distance(number, bound)
    }
  })
}

/** The remainder of decimal fractions is not exact: 0.3 is a multiple of 0.1. */
export function isMultiple (value: number, of: number): boolean {
  const times = value / of
  return Number.isFinite(times) && Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}
