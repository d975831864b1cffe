import type { SessionRateLimits } from '../mock-session.ts'
import type { RateLimitInfo } from '../rate-limit/rate-limits.ts'
import { answerOf, orUndefined, type Send } from './transport.ts'

const at = (name: string): string => `/rate-limits/${encodeURIComponent(name)}`

/** The rate limits of one session. */
export function createRateLimitClient (send: Send): SessionRateLimits {
  return {
    list: async () => (await answerOf<{ rate_limits: RateLimitInfo[] }>(send('GET', '/rate-limits'))).rate_limits,
    get: name => orUndefined(answerOf<RateLimitInfo>(send('GET', at(name))), 'MOCK_ERR_RATE_LIMIT_UNKNOWN'),
    reset: async (name, key) => { await (name === undefined ? send('POST', '/rate-limits/reset') : send('POST', `${at(name)}/reset`, { body: { key } })) },
    set: async (name, remaining, key) => { await send('PUT', at(name), { body: { remaining, key } }) }
  }
}
