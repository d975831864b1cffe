import type { Duration, Moment } from './moment.ts'

/**
 * The time of the mock server, or of one scope, for tests: stopped, moved on, set. Everything that the server does by the time goes by
 * it: delays, timed transitions, windows, expiry, ages, `{{now}}`. The request log and the deadlines of tests keep real time.
 *
 * @example
 * mock.clock.freeze('2026-01-31T10:00:00Z')
 * const answer = fetch(`${url}/slow`)
 * await mock.clock.waitForPending()
 * await mock.clock.advance('30s')
 * await answer
 */
export interface TestClock {
  /** Milliseconds since the epoch. */
  now (): number
  readonly isFrozen: boolean
  /** How many waits there are: answers that are delayed, retries of deliveries and the like. */
  readonly pending: number
  /**
   * Stops the time, at the moment given or where it is; waits go on when it is advanced.
   *
   * @throws MOCK_ERR_CLOCK_TIME
   */
  freeze (at?: Moment): void
  /**
   * Moves the time on, and has all that is due meanwhile happen at its own moment and in order, each followed by what it leads to in
   * this process. A clock that runs goes on running from there.
   *
   * @throws MOCK_ERR_CLOCK_TIME
   */
  advance (by: Duration): Promise<void>
  /**
   * Puts the clock to a moment, before or after. Nothing has been waited for by that: waits last as long as they did.
   *
   * @throws MOCK_ERR_CLOCK_TIME
   */
  set (at: Moment): void
  /** Lets the time run again, from where it is. */
  resume (): void
  /** Back to the time that there was: the real one, or for a scope that of the server. */
  reset (): void
  /**
   * Resolves as soon as so many waits are there: a request over a socket takes a while to come to where it waits. Rejects with
   * MOCK_ERR_CLOCK_WAIT after `timeout_ms` real milliseconds (default: 5000).
   */
  waitForPending (count?: number, options?: { timeout_ms?: number, signal?: AbortSignal }): Promise<void>
  /** As the control API tells it. */
  info (): ClockInfo
}

export interface ClockInfo {
  /** ISO 8601. */
  now: string
  frozen: boolean
  /** By how much it differs from the clock behind it: the real one, or for a scope that of the server. In milliseconds. */
  offset_ms: number
  /** How many waits there are. */
  pending: number
}
