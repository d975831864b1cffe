import type { Meter } from './meter.ts'
import type { Policy } from './policy.ts'

/**
 * A bucket of tokens: requests take them, and `limit` of them trickle in each window, up to the bucket's size. It is counted in parts
 * of a token, of which as many make one as the window has milliseconds: then `limit` of them come in each millisecond, and no fraction
 * is ever lost.
 */
export class TokenBucket implements Meter {
  private readonly policy: Policy
  private parts: number
  private at = 0

  constructor (policy: Policy) {
    this.policy = policy
    this.parts = policy.capacity * policy.window
  }

  private level (now: number): number {
    const { capacity, window, limit } = this.policy
    return Math.min(capacity * window, this.parts + (now - this.at) * limit)
  }

  remaining (now: number): number {
    return Math.floor(this.level(now) / this.policy.window)
  }

  reset (now: number): number {
    const { capacity, window, limit } = this.policy
    const level = this.level(now)
    if (limit === 0) return window
    return level === capacity * window ? 0 : Math.ceil((window - level % window) / limit)
  }

  wait (cost: number, now: number): number {
    const { capacity, window, limit } = this.policy
    const missing = cost * window - this.level(now)
    if (missing <= 0) return 0
    return cost > capacity || limit === 0 ? this.reset(now) || window : Math.ceil(missing / limit)
  }

  take (cost: number, now: number): void {
    this.parts = this.level(now) - cost * this.policy.window
    this.at = now
  }

  leave (remaining: number, now: number): void {
    this.parts = remaining * this.policy.window
    this.at = now
  }
}
