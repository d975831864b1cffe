import type { CompiledRateLimit } from './compile-rate-limits.ts'
import type { Meter } from './meter.ts'
import type { Reading } from './reading.ts'
import type { Slots } from './slots.ts'

/** A limit, and what one request meets of it: slots of a limit on concurrency, else a meter. */
export type AppliedLimit = { readonly limit: CompiledRateLimit, readonly cost: number } & (
  | { readonly meter: Meter, readonly slots?: undefined }
  | { readonly slots: Slots, readonly meter?: undefined }
)

/** @param exceeded those that the request is rejected by */
export const readAll = (applied: readonly AppliedLimit[], now: number, exceeded: readonly AppliedLimit[] = []): Reading[] =>
  applied.map(one => read(one, now, exceeded.includes(one)))

function read ({ limit: { policy }, meter, slots }: AppliedLimit, now: number, isExceeded: boolean): Reading {
  if (meter === undefined) return { policy, remaining: Math.max(0, policy.limit - slots.busy), reset: undefined, isExceeded }
  return { policy, remaining: meter.remaining(now), reset: meter.reset(now), isExceeded }
}

/**
 * Of the limits that a request is rejected by, the one that says how it is answered: that which lasts longest.
 *
 * @returns how long until the request would be served as well, in milliseconds; undefined where nobody knows
 */
export function decisive (exceeded: readonly [AppliedLimit, ...AppliedLimit[]], now: number): { by: AppliedLimit, wait: number | undefined } {
  const waits = exceeded.map(by => ({ by, wait: by.meter?.wait(by.cost, now) }))
  const [longest = { by: exceeded[0], wait: undefined }] = waits.sort((a, b) => (b.wait ?? Infinity) - (a.wait ?? Infinity))
  return longest
}
