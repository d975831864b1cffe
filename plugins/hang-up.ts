import type { ServerResponse } from 'node:http'
import type { Clock } from '../lib/clock.ts'

/**
 * Calls `done` after some milliseconds, or never if the client hangs up before: then the timer is gone at once.
 *
 * The response's 'close' tells a hang-up. The request's signal would not do: it is aborted as soon as a body has been read,
 * so that on a real socket every POST would be cut short.
 */
export function hangUpSafeDelay (clock: Clock, milliseconds: number, response: ServerResponse, done: () => void): void {
  // Hung up before there was anything to wait for: the 'close' that would end the wait has been and gone.
  if (response.closed) return
  const hungUp = clock.after(milliseconds, () => {
    response.off('close', hungUp)
    done()
  })
  response.once('close', hungUp)
}
