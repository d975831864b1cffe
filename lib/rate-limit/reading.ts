import type { Policy } from './policy.ts'

/** How a policy stands for one request. */
export interface Reading {
  readonly policy: Policy
  readonly remaining: number
  /** How long until there is more, in milliseconds; undefined where nobody knows: that is when other requests end. */
  readonly reset: number | undefined
  /** Whether this is what the request was rejected by. */
  readonly isExceeded: boolean
}

/** The one that is nearest to its end: that the request was rejected by, else of which the smallest share is left. */
export function tightest (readings: readonly Reading[]): Reading | undefined {
  const order = (a: Reading, b: Reading): number =>
    Number(b.isExceeded) - Number(a.isExceeded) || shareOf(a) - shareOf(b) || (b.reset ?? 0) - (a.reset ?? 0)
  return readings.length < 2 ? readings[0] : [...readings].sort(order)[0]
}

const shareOf = ({ remaining, policy: { capacity } }: Reading): number => capacity === 0 ? 0 : remaining / capacity
