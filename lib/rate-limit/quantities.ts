import type { RateLimitQuantity } from '../config-keys/rate-limit.ts'
import type { Reading } from './reading.ts'

/** What a header may tell; `now` in milliseconds since the epoch. Undefined where there is nothing to tell. */
export type Quantity = (reading: Reading, now: number) => string | undefined

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

/** A point in time, in seconds: never before the moment that is meant. */
const after = ({ reset }: Reading, now: number): number | undefined => reset === undefined ? undefined : seconds(now + reset)

const text = (value: number | undefined): string | undefined => value === undefined ? undefined : String(value)

export const quantities: Readonly<Record<RateLimitQuantity | 'limit_per_minute', Quantity>> = {
  limit: ({ policy: { capacity } }) => String(capacity),
  // GitLab tells every limit as one per minute, whatever its window is.
  limit_per_minute: ({ policy: { limit, window } }) => String(Math.ceil(limit * 60_000 / window)),
  remaining: ({ remaining }) => String(remaining),
  used: ({ policy: { capacity }, remaining }) => String(capacity - remaining),
  name: ({ policy: { name } }) => name,
  window_seconds: ({ policy: { window } }) => window === 0 ? undefined : String(seconds(window)),
  reset_seconds: ({ reset }) => text(reset === undefined ? undefined : seconds(reset)),
  reset_ms: ({ reset }) => text(reset),
  reset_epoch: (reading, now) => text(after(reading, now)),
  reset_epoch_ms: ({ reset }, now) => text(reset === undefined ? undefined : now + reset),
  reset_date: (reading, now) => dateOf(after(reading, now))?.toUTCString(),
  // RFC 3339, in whole seconds.
  reset_iso: (reading, now) => dateOf(after(reading, now))?.toISOString().replace('.000Z', 'Z'),
  reset_duration: ({ reset }) => reset === undefined ? undefined : duration(reset)
}

const dateOf = (epoch: number | undefined): Date | undefined => epoch === undefined ? undefined : new Date(epoch * 1000)

/**
 * A span as Go writes it, and OpenAI's headers do.
 *
 * @example
 * duration(360_000) // '6m0s'
 */
export function duration (milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`
  const hours = Math.floor(milliseconds / 3_600_000)
  const minutes = Math.floor(milliseconds % 3_600_000 / 60_000)
  const rest = `${milliseconds % 60_000 / 1000}s`
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest
}
