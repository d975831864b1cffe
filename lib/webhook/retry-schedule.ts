import type { Retry } from '../config.ts'

const RETRY_DEFAULTS: Readonly<Required<Retry>> = Object.freeze({ attempts: 3, backoff_ms: 1_000, factor: 2, max_backoff_ms: 60_000 })

/** When to try again. */
export interface RetrySchedule {
  readonly attempts: number
  /**
   * Milliseconds to wait after the nth attempt (from 1) has failed; undefined when it was the last.
   *
   * @param retryAfter what the receiver asked for, in milliseconds
   */
  wait (attempt: number, retryAfter?: number): number | undefined
}

/**
 * @example
 * const { wait } = retrySchedule({ attempts: 4, backoff_ms: 100 })
 * wait(1) // 100, then 200, 400, undefined
 */
export function retrySchedule (retry: Retry = {}): RetrySchedule {
  const { attempts, backoff_ms: first, factor, max_backoff_ms: longest } = { ...RETRY_DEFAULTS, ...retry }
  return {
    attempts,
    wait (attempt, retryAfter = 0) {
      if (attempt >= attempts) return undefined
      return Math.min(longest, Math.max(retryAfter, first * factor ** (attempt - 1)))
    }
  }
}

/** Whether it makes sense to send the same again: the receiver was busy, or failed (RFC 9110, section 15). */
export const isRetryable = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500

/** `Retry-After` (RFC 9110, section 10.2.3) in milliseconds: seconds or a date; undefined for anything else. */
export function retryAfterMs (value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
