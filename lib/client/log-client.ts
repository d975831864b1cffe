import type { SessionRequests } from '../mock-session.ts'
import type { LogEntry, LogFilter } from '../request-log.ts'
import { MockClientError } from './client-error.ts'
import { answerOf, type Send } from './transport.ts'

interface Page { entries: LogEntry[], total: number, next?: string }

const PAGE = 1000
const DEFAULT_TIMEOUT_MS = 5000
const LONGEST_TURN_MS = 20_000

/** The request log of one session. */
export function createLogClient (send: Send): SessionRequests {
  const page = (query: Record<string, string | number | boolean | null | undefined>): Promise<Page> => answerOf<Page>(send('GET', '/logs', { query }))

  return {
    async find ({ limit = Infinity, order = 'asc', ...filter } = {}) {
      const found: LogEntry[] = []
      let cursor = {}
      while (found.length < limit) {
        const { entries, next } = await page({ ...filter, ...cursor, order, limit: Math.min(PAGE, limit - found.length) })
        found.push(...entries)
        const last = entries.at(-1)
        if (next === undefined || last === undefined) break
        cursor = order === 'asc' ? { after: last.seq } : { before: last.seq }
      }
      return found
    },
    count: async (filter: LogFilter = {}) => (await page({ ...filter, limit: 1 })).total,
    clear: async () => { await send('DELETE', '/logs') },
    async waitFor (filter: LogFilter = {}, { timeout_ms: timeout = DEFAULT_TIMEOUT_MS, signal } = {}) {
      // Counted down, for the clock may be a test's own.
      for (let left = timeout; ; left -= LONGEST_TURN_MS) {
        const turn = Math.min(left, LONGEST_TURN_MS)
        try {
          return await answerOf<LogEntry>(send('GET', '/logs/wait', { query: { ...filter, timeout_ms: turn }, signal }))
        } catch (error) {
          if (left <= turn || !(error instanceof MockClientError) || error.code !== 'MOCK_ERR_WAIT_TIMEOUT') throw error
        }
      }
    }
  }
}
