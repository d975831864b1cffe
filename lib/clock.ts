/**
 * Where everything that looks at the time or waits takes it from, so that a test can put another in its place: windows, ages, expiry,
 * timed transitions, delays. The clock of a request is that of its scope: `exchange.store.clock`.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now (): number
  /** Milliseconds since some moment: it goes on with the waits, and is not moved by those who set the time. */
  elapsed (): number
  /**
   * Calls the function once, after so many milliseconds, never in this turn.
   *
   * @param options `isIdle`: nobody waits for it, so that it does not keep the process alive
   * @returns forgets it; to be called at any time
   * @example
   * const cancel = store.clock.after(100, done)
   * response.once('close', cancel)
   */
  after (milliseconds: number, run: () => void, options?: { isIdle?: boolean }): () => void
}

/** A clock by which not all can wait: what is missing is the system's. */
export type TimeSource = Pick<Clock, 'now'> & Partial<Clock>

/** Node's timers fire at once beyond this. */
const LONGEST_TIMER = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after (milliseconds, run, options) {
    let timer: NodeJS.Timeout
    const wait = (left: number): void => {
      timer = left > LONGEST_TIMER ? setTimeout(wait, LONGEST_TIMER, left - LONGEST_TIMER) : setTimeout(run, left)
      if (options?.isIdle === true) timer.unref()
    }
    wait(milliseconds)
    return () => clearTimeout(timer)
  }
}

export const clockFrom = (source: TimeSource): Clock => ({
  now: () => source.now(),
  elapsed: () => source.elapsed?.() ?? systemClock.elapsed(),
  after: (milliseconds, run, options) => source.after?.(milliseconds, run, options) ?? systemClock.after(milliseconds, run, options)
})
