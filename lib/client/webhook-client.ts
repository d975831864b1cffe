import type { MockSession } from '../mock-session.ts'
import type { Delivery, DeliveryFilter } from '../webhook/delivery.ts'
import type { WebhookInfo } from '../webhook/webhooks.ts'
import { answerOf, type Send } from './transport.ts'

const PAGE = 1000

/** Webhooks and callbacks of one session. */
export function createWebhookClient (send: Send): MockSession['webhooks'] {
  return {
    list: async () => (await answerOf<{ webhooks: WebhookInfo[] }>(send('GET', '/webhooks'))).webhooks,
    trigger: (name, { wait = true, ...overrides } = {}) =>
      answerOf<Delivery>(send('POST', `/webhooks/${encodeURIComponent(name)}/trigger`, { query: { wait }, body: overrides })),
    async deliveries ({ after = 0, ...filter }: DeliveryFilter = {}) {
      const found: Delivery[] = []
      let { before } = filter
      for (;;) {
        const { deliveries, next } = await answerOf<{ deliveries: Delivery[], next?: string }>(send('GET', '/webhooks/deliveries', { query: { ...filter, before, limit: PAGE } }))
        found.push(...deliveries)
        before = deliveries.at(-1)?.seq
        if (next === undefined || before === undefined || before <= after) break
      }
      // Mock control tells the newest first.
      return found.filter(({ seq }) => seq > after).reverse()
    },
    waitFor: (filter = {}, { timeout_ms: timeout } = {}) => answerOf<Delivery>(send('GET', '/webhooks/deliveries/wait', { query: { ...filter, timeout_ms: timeout } })),
    clear: async () => { await send('DELETE', '/webhooks/deliveries') }
  }
}
