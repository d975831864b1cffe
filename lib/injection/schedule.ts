import type { TimeWindow } from '../config-keys/injection.ts'

/**
 * Compiles a schedule: whether it is open at a time.
 *
 * @returns asked with the time and the moment that relative windows begin at, both in milliseconds since the epoch
 * @example
 * compileSchedule({ after_ms: 100, for_ms: 50 })(1120, 1000) // true
 */
export function compileSchedule (schedule: TimeWindow | readonly TimeWindow[]): (now: number, since: number) => boolean {
  const windows = [schedule].flat().map(compileWindow)
  const [only] = windows
  return windows.length === 1 && only !== undefined ? only : (now, since) => windows.some(isOpen => isOpen(now, since))
}

function compileWindow ({ from, until, after_ms: after = 0, for_ms: open = Infinity, every_ms: every }: TimeWindow) {
  const beginning = from === undefined ? undefined : Date.parse(from)
  const end = until === undefined ? Infinity : Date.parse(until)
  return (now: number, since: number): boolean => {
    const elapsed = now - (beginning ?? since) - after
    if (elapsed < 0 || now >= end) return false
    return (every === undefined ? elapsed : elapsed % every) < open
  }
}
