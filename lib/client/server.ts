import type { Diagnostic } from '../diagnostic.ts'
import type { Explanation } from '../explain.ts'
import type { IdentifiedEndpoint, ReloadResult, RouteInfo } from '../mock.ts'
import type { MockScope, MockServer } from '../mock-session.ts'
import type { ScopeInfo } from '../scope/scope.ts'
import { createSession } from './session.ts'
import { answerOf, orUndefined, type Transport } from './transport.ts'

/** A scope as mock control tells it, with what requests carry to belong to it. */
interface ToldScope extends ScopeInfo { headers: Record<string, string>, baggage: string, base_path: string }

const PAGE = 1000

/** The whole server over HTTP. */
export function createServer (transport: Transport): MockServer {
  const { send } = transport
  const at = (base: string, id: string): string => `${base}/${encodeURIComponent(id)}`

  async function listAll<T> (path: string, key: string): Promise<T[]> {
    const all: T[] = []
    for (;;) {
      const page = await answerOf<Record<string, T[]> & { next?: string }>(send('GET', path, { query: { limit: PAGE, offset: all.length } }))
      const items = page[key] ?? []
      all.push(...items)
      if (page.next === undefined || items.length === 0) return all
    }
  }

  async function disposeScope (id: string): Promise<boolean> {
    return await orUndefined(send('DELETE', at('/scopes', id)).then(() => true), 'MOCK_ERR_SCOPE_UNKNOWN') ?? false
  }

  function scopeOf ({ id, headers, baggage, base_path: path }: ToldScope): MockScope {
    const dispose = async (): Promise<void> => { await disposeScope(id) }
    return {
      ...createSession(transport, id),
      id,
      headers,
      baggage,
      url: base => `${base.replace(/\/$/, '')}${path}`,
      dispose,
      [Symbol.asyncDispose]: dispose
    }
  }

  return {
    ...createSession(transport),
    scopes: {
      create: async (options = {}) => scopeOf(await answerOf<ToldScope>(send('POST', '/scopes', { body: options }))),
      async get (id) {
        const told = await orUndefined(answerOf<ToldScope>(send('GET', at('/scopes', id))), 'MOCK_ERR_SCOPE_UNKNOWN')
        return told === undefined ? undefined : scopeOf(told)
      },
      list: () => listAll<ToldScope>('/scopes', 'scopes'),
      dispose: disposeScope
    },
    endpoints: {
      list: () => listAll<IdentifiedEndpoint>('/endpoints', 'endpoints'),
      get: id => orUndefined(answerOf<IdentifiedEndpoint>(send('GET', at('/endpoints', id))), 'MOCK_ERR_ENDPOINT_UNKNOWN'),
      add: endpoint => answerOf<IdentifiedEndpoint>(send('POST', '/endpoints', { body: endpoint })),
      replace: (id, endpoint) => answerOf<IdentifiedEndpoint>(send('PUT', at('/endpoints', id), { body: endpoint })),
      remove: async id => { await send('DELETE', at('/endpoints', id)) },
      save: async () => (await answerOf<{ files: string[] }>(send('POST', '/endpoints/save'))).files
    },
    routes: () => listAll<RouteInfo>('/routes', 'routes'),
    reload: config => answerOf<ReloadResult>(config === undefined ? send('POST', '/__reload', { isShort: true }) : send('PUT', '/config', { body: config })),
    async validate (config) {
      if (config === undefined) return (await answerOf<{ warnings: Diagnostic[] }>(send('GET', '/config/warnings'))).warnings
      return (await answerOf<{ diagnostics: Diagnostic[] }>(send('POST', '/config/validate', { body: config }))).diagnostics
    },
    explain: question => answerOf<Explanation>(send('POST', '/explain', { body: question }))
  }
}
