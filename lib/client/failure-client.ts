import type { InjectionCount, Injections } from '../injection/counters.ts'
import type { Offered } from '../mock-session.ts'
import { answerOf, type Send } from './transport.ts'

/** The counters of injected failures and faults of one session. */
export function createFailureClient (send: Send): Offered<Injections> {
  return {
    async list (endpoint) {
      const { failures } = await answerOf<{ failures: InjectionCount[] }>(send('GET', '/failures'))
      return endpoint === undefined ? failures : failures.filter(count => count.endpoint === endpoint)
    },
    reset: async endpoint => { await (endpoint === undefined ? send('POST', '/failures/reset') : send('DELETE', `/failures/${encodeURIComponent(endpoint)}`)) }
  }
}
