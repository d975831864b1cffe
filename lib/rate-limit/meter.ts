import { FixedWindow } from './fixed-window.ts'
import type { Policy } from './policy.ts'
import { SlidingWindow } from './sliding-window.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * What one partition of a policy has spent. Times are whole milliseconds since the epoch that never go back, so that all of it is
 * done in whole numbers.
 */
export interface Meter {
  /** How much may be spent now. */
  remaining (now: number): number
  /** How long until more may be spent than now, or would be spent if the window began now; in milliseconds. */
  reset (now: number): number
  /** How long until so much may be spent: 0 if it may be now; `reset` if it never may. */
  wait (cost: number, now: number): number
  /** Spends what may be spent: who calls it has asked. */
  take (cost: number, now: number): void
  /** Has so much left from now on. */
  leave (remaining: number, now: number): void
}

/** A meter on which nothing is spent. */
export function createMeter (policy: Policy): Meter {
  switch (policy.algorithm) {
    case 'sliding_window': return new SlidingWindow(policy)
    case 'token_bucket': return new TokenBucket(policy)
    default: return new FixedWindow(policy)
  }
}
