import type { ClockInfo } from '../clock/test-clock.ts'
import type { SessionClock } from '../mock-session.ts'
import { answerOf, type Send } from './transport.ts'

/** The clock of one session. */
export function createClockClient (send: Send): SessionClock {
  const info = (): Promise<ClockInfo> => answerOf<ClockInfo>(send('GET', '/clock'))
  return {
    now: async () => Date.parse((await info()).now),
    freeze: async at => { await send('POST', '/clock/freeze', { body: { at } }) },
    advance: async by => { await send('POST', '/clock/advance', { body: { by } }) },
    set: async at => { await send('POST', '/clock/set', { body: { at } }) },
    resume: async () => { await send('POST', '/clock/resume') },
    reset: async () => { await send('POST', '/clock/reset') },
    waitForPending: async (count, { timeout_ms: timeout, signal } = {}) => { await send('POST', '/clock/wait', { body: { pending: count, timeout_ms: timeout }, signal }) },
    info
  }
}
