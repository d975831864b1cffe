import type { Config } from '../config.ts'
import { MOCK_ERR_WEBHOOK_TARGET, MOCK_ERR_WEBHOOK_UNKNOWN } from '../errors.ts'
import { nearest } from '../config/nearest.ts'
import type { CompiledEndpoint } from '../endpoint.ts'
import { createRandom, seedOf } from '../random.ts'
import type { RequestView } from '../request-view.ts'
import type { Store } from '../store.ts'
import type { CompiledWebhook, Overrides } from './compile-webhook.ts'
import { isSettled, type Delivery, type DeliveryFilter } from './delivery.ts'
import type { Dispatcher } from './dispatcher.ts'

/** One webhook, or one callback of an endpoint, as the configuration has it. */
export interface WebhookInfo {
  kind: 'webhook' | 'callback'
  name: string
  method: string
  /** As written, templates and expressions included; absent for a webhook that is told where to go. */
  url?: string
  description?: string
  /** Id of the endpoint, of a callback. */
  endpoint?: string
}

export interface TriggerOptions extends Overrides {
  /** Whether to wait until it is delivered or given up. Default: true. */
  wait?: boolean
}

/**
 * What is sent to others: `fastify.mock.webhooks`.
 *
 * @example
 * await app.mock.webhooks.trigger('orderShipped', { url: 'http://localhost:9000/hook' })
 * const { attempts } = await app.mock.webhooks.waitFor({ name: 'onData', state: 'delivered' })
 */
export interface Webhooks {
  /** Webhooks, then the callbacks of the endpoints. */
  list (): WebhookInfo[]
  /**
   * Sends a webhook now (after its own `delay_ms`), and resolves when it is delivered or given up.
   *
   * @throws MOCK_ERR_WEBHOOK_UNKNOWN, or MOCK_ERR_WEBHOOK_TARGET when nobody says where to
   */
  trigger (name: string, options?: TriggerOptions): Promise<Delivery>
  /** What was sent, or is to be; oldest first. */
  deliveries (filter?: DeliveryFilter): Delivery[]
  /** The oldest settled delivery that fits, or else the next one. Rejects with MOCK_ERR_DELIVERY_TIMEOUT after `timeout_ms` (default: 5000). */
  waitFor (filter?: DeliveryFilter, options?: { timeout_ms?: number }): Promise<Delivery>
  /** Cancels what waits, and forgets everything. */
  clear (): void
}

export interface WebhooksOptions {
  dispatcher: Pick<Dispatcher, 'dispatch' | 'list' | 'waitFor' | 'clear'>
  /** State of the session that triggers. */
  store: Store
  /** Of the live configuration. */
  live: () => { webhooks: ReadonlyMap<string, CompiledWebhook>, endpoints: readonly CompiledEndpoint[], config: Config }
}

/** Longer than any schedule of retries that somebody would sit through. */
const TRIGGER_TIMEOUT_MS = 2_147_483_647

export function createWebhooks ({ dispatcher, store, live }: WebhooksOptions): Webhooks {
  let triggered = 0

  return {
    deliveries: dispatcher.list,
    waitFor: dispatcher.waitFor,
    clear: () => dispatcher.clear(),
    list () {
      const { webhooks, endpoints } = live()
      return [
        ...[...webhooks.values()].map(webhook => infoOf('webhook', webhook)),
        ...endpoints.flatMap(({ id, callbacks, variants }) => {
          const all = new Set([...callbacks ?? [], ...variants.flatMap(variant => variant.callbacks ?? [])])
          return [...all].map(callback => infoOf('callback', callback, id))
        })
      ]
    },
    async trigger (name, { wait = true, ...overrides } = {}) {
      const { webhooks, config } = live()
      const webhook = webhooks.get(name)
      if (webhook === undefined) throw new MOCK_ERR_WEBHOOK_UNKNOWN(name, hint(name, [...webhooks.keys()]))
      const job = webhook.plan({
        kind: 'webhook',
        clock: store.clock,
        hops: 1,
        context: { request: NO_REQUEST, random: createRandom(seedOf(config.seed ?? store.runSeed, name, ++triggered)), now: new Date(store.clock.now()), counters: store, store },
        fallbackUrl: config.deliveries?.url,
        overrides
      })
      if (job === undefined || job.refusal !== undefined) throw new MOCK_ERR_WEBHOOK_TARGET(name, job?.url === '' ? 'nobody says where to; give a url, or set its `url` or `deliveries.url`' : job?.refusal)
      const delivery = dispatcher.dispatch(job)
      if (!wait || isSettled(delivery)) return delivery
      return await dispatcher.waitFor({ name, after: delivery.seq - 1, before: delivery.seq + 1 }, { timeout_ms: TRIGGER_TIMEOUT_MS })
    }
  }
}

function infoOf (kind: WebhookInfo['kind'], { name, config }: CompiledWebhook, endpoint?: string): WebhookInfo {
  return {
    kind,
    name,
    method: (config.method ?? 'POST').toUpperCase(),
    ...config.url !== undefined && { url: config.url },
    ...config.description !== undefined && { description: config.description },
    ...endpoint !== undefined && { endpoint }
  }
}

function hint (name: string, known: readonly string[]): string {
  if (known.length === 0) return 'the configuration has no `webhooks`'
  const near = nearest(name, known)
  return near === undefined ? `there are ${known.slice(0, 8).join(', ')}${known.length > 8 ? ' …' : ''}` : `did you mean '${near}'?`
}

/** No request asked for it; what a template wants of one is empty. */
const NO_REQUEST: RequestView = Object.freeze({
  method: '', url: '', path: '', params: {}, query: {}, headers: {}, cookies: {}, body: undefined, ip: '', host: '', protocol: '', id: ''
})
