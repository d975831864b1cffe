import type { Meter } from './meter.ts'
import type { Policy } from './policy.ts'

/** Counts what was spent in the window that ends now, exactly: by a list of what was spent when. */
export class SlidingWindow implements Meter {
  private readonly policy: Policy
  private times: number[] = []
  private costs: number[] = []
  private first = 0
  private spent = 0

  constructor (policy: Policy) {
    this.policy = policy
  }

  /** What is over is forgotten: a request counts for one window, its own moment included and the end not. */
  private forget (now: number): void {
    const end = now - this.policy.window
    while (this.first < this.times.length && (this.times[this.first] ?? now) <= end) {
      this.spent -= this.costs[this.first] ?? 0
      this.first++
    }
    // Cutting moves all that is behind: it is done when that is less than what is cut.
    if (this.first === 0 || this.first * 2 < this.times.length) return
    this.times = this.times.slice(this.first)
    this.costs = this.costs.slice(this.first)
    this.first = 0
  }

  remaining (now: number): number {
    this.forget(now)
    return this.policy.limit - this.spent
  }

  reset (now: number): number {
    this.forget(now)
    return (this.times[this.first] ?? now) + this.policy.window - now
  }

  wait (cost: number, now: number): number {
    let free = this.remaining(now)
    if (free >= cost) return 0
    if (cost > this.policy.limit) return this.reset(now)
    for (let at = this.first; at < this.times.length; at++) {
      free += this.costs[at] ?? 0
      if (free >= cost) return (this.times[at] ?? now) + this.policy.window - now
    }
    return this.reset(now)
  }

  take (cost: number, now: number): void {
    this.forget(now)
    if (cost === 0) return
    this.spent += cost
    const last = this.times.length - 1
    if (last >= this.first && this.times[last] === now) {
      this.costs[last] = (this.costs[last] ?? 0) + cost
      return
    }
    this.times.push(now)
    this.costs.push(cost)
  }

  leave (remaining: number, now: number): void {
    this.times = []
    this.costs = []
    this.first = 0
    this.spent = 0
    this.take(this.policy.limit - remaining, now)
  }
}
