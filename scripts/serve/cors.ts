import type { FastifyInstance, FastifyRequest } from 'fastify'
import { buildIndex, explain, type ExplainIndex } from '../../lib/explain.ts'
import type { Mock } from '../../lib/mock.ts'
import { pathOf } from '../../lib/request-log/entry.ts'

/** How long a browser may remember the answer to a preflight, in seconds: not long, as endpoints come and go. */
const MAX_AGE = 5

/**
 * Lets pages from any origin read what is mocked: for a mock of an API there is nothing to protect, and everything to try.
 * Whether a request is for a mock is told by the route that it met, never by its URL, which can be written in many ways: mock
 * control, and whatever else the host serves, stays closed to other origins.
 *
 * Preflights are answered here, but for those of paths that have an endpoint for OPTIONS: that says what the real API says.
 *
 * @fastify/cors takes all OPTIONS requests of the host for itself, so that mocked endpoints would never see one.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowAllOrigins (app: FastifyInstance, prefix: string): void {
  const mocked = new Set([prefix, `${prefix}/*`])
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin === undefined || !mocked.has(request.routeOptions.url ?? '')) return
    reply.header('access-control-allow-origin', origin)
    reply.header('access-control-allow-credentials', 'true')
    reply.header('vary', 'Origin')
    const method = request.headers['access-control-request-method']
    if (request.method !== 'OPTIONS' || method === undefined || declaresOptions(app.mock, request)) {
      reply.header('access-control-expose-headers', EXPOSED)
      return
    }
    reply.header('access-control-allow-methods', method)
    reply.header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
    reply.header('access-control-max-age', String(MAX_AGE))
    return reply.code(204).send()
  })
}

/** By generation: where endpoints answer OPTIONS themselves, as their API does. Few do, so that most have none to look through. */
const indexes = new WeakMap<object, { generation: number, index: ExplainIndex | undefined }>()

function declaresOptions (mock: Mock, { url, headers }: FastifyRequest): boolean {
  let known = indexes.get(mock)
  if (known?.generation !== mock.generation) {
    const declared = new Set(mock.config.endpoints?.filter(({ method = 'GET' }) => [method].flat().some(name => name.toUpperCase() === 'OPTIONS')).map(({ id }) => id))
    const routes = mock.routes().filter(({ id, enabled }) => enabled && declared.has(id))
    known = { generation: mock.generation, index: routes.length === 0 ? undefined : buildIndex(routes) }
    indexes.set(mock, known)
  }
  if (known.index === undefined) return false
  const asked = { method: 'GET', path: pathOf(url, mock.prefix), query: {}, headers }
  return explain(known.index, asked).allow.includes('OPTIONS')
}

/** What scripts of pages may read: everything, but with credentials, where `*` has no such meaning, what is usual. */
const EXPOSED = '*, Allow, Content-Disposition, ETag, Link, Location, Retry-After, X-Request-Id, X-Total-Count, X-Mock-Unmatched'
