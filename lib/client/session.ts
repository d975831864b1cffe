import type { IdentifiedEndpoint } from '../mock.ts'
import type { MockSession, SessionOverlay } from '../mock-session.ts'
import type { OverlayEndpoints, OverlayOptions } from '../scope/overlay.ts'
import { createCacheClient } from './cache-client.ts'
import { createAuthClient } from './auth-client.ts'
import { createClockClient } from './clock-client.ts'
import { createCollectionsClient } from './collection-client.ts'
import { createFailureClient } from './failure-client.ts'
import { createLogClient } from './log-client.ts'
import { createRateLimitClient } from './rate-limit-client.ts'
import { createStateClient } from './state-client.ts'
import { answerOf, orUndefined, type Send, type Transport } from './transport.ts'
import { createVerificationClient } from './verification-client.ts'
import { createWebhookClient } from './webhook-client.ts'

interface OverlayInfo { id: string, endpoints: IdentifiedEndpoint[] }

/**
 * One session over HTTP: the root's, or that of a scope.
 *
 * @param scope id of the scope
 */
export function createSession (transport: Transport, scope?: string): MockSession {
  const send: Send = (method, path, call = {}) => transport.send(method, path, scope === undefined ? call : { ...call, query: { ...call.query, scope } })

  async function restore (id: string): Promise<boolean> {
    return await orUndefined(send('DELETE', `/overlays/${encodeURIComponent(id)}`).then(() => true), 'MOCK_ERR_OVERLAY_UNKNOWN') ?? false
  }

  async function use (endpoints: OverlayEndpoints, options: OverlayOptions = {}): Promise<SessionOverlay> {
    // All of them, so that one that there is not is refused there.
    const overlay = await answerOf<OverlayInfo>(send('POST', '/overlays', { body: { ...options, endpoints } }))
    const end = async (): Promise<void> => { await restore(overlay.id) }
    return { id: overlay.id, endpoints: overlay.endpoints, restore: end, [Symbol.asyncDispose]: end }
  }

  return {
    ...createVerificationClient(send),
    ...createStateClient(send),
    failures: createFailureClient(send),
    auth: createAuthClient(send),
    clock: createClockClient(send),
    cache: createCacheClient(send),
    rateLimits: createRateLimitClient(send),
    requests: createLogClient(send),
    collections: createCollectionsClient(send),
    webhooks: createWebhookClient(send),
    use,
    once: endpoints => use(endpoints, { times: 1 }),
    async restore (id) {
      if (id !== undefined) return restore(id)
      const { overlays } = await answerOf<{ overlays: OverlayInfo[] }>(send('GET', '/overlays'))
      await send('DELETE', '/overlays')
      return overlays.length > 0
    },
    reset: async () => { await send('POST', '/reset') }
  }
}
