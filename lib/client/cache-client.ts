import type { CachedResponse } from '../cache/shared-cache.ts'
import type { MockSession } from '../mock-session.ts'
import { answerOf, type Send } from './transport.ts'

/** The simulated shared cache of one session. */
export function createCacheClient (send: Send): MockSession['cache'] {
  return {
    list: async () => (await answerOf<{ entries: CachedResponse[] }>(send('GET', '/cache'))).entries,
    purge: async pattern => (await answerOf<{ purged: number }>(send('POST', '/cache/purge', { body: { pattern } }))).purged
  }
}
