import type { Meter } from './meter.ts'
import type { Policy } from './policy.ts'

/** Counts in windows one after the other. Each begins with the first request after the last is over, or by the clock. */
export class FixedWindow implements Meter {
  private readonly policy: Policy
  private start = -Infinity
  private spent = 0

  constructor (policy: Policy) {
    this.policy = policy
  }

  private isOver (now: number): boolean {
    return now - this.start >= this.policy.window
  }

  remaining (now: number): number {
    return this.isOver(now) ? this.policy.limit : this.policy.limit - this.spent
  }

  reset (now: number): number {
    const { window, isAligned } = this.policy
    if (!this.isOver(now)) return this.start + window - now
    return isAligned ? window - now % window : window
  }

  wait (cost: number, now: number): number {
    return this.remaining(now) >= cost ? 0 : this.reset(now)
  }

  take (cost: number, now: number): void {
    this.begin(now)
    this.spent += cost
  }

  leave (remaining: number, now: number): void {
    this.begin(now)
    this.spent = this.policy.limit - remaining
  }

  private begin (now: number): void {
    if (!this.isOver(now)) return
    this.start = this.policy.isAligned ? now - now % this.policy.window : now
    this.spent = 0
  }
}
