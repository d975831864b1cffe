import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { CONTROL_VERSION } from '../../lib/control-version.ts'
import type { Mock } from '../../lib/mock.ts'
import { hasToken } from './guard.ts'
import { pageOf, PageQuery } from './page.ts'
import { Empty, HealthRef, next, ProblemRef, RouteRef, total } from './schemas.ts'
import { scopeOf, ScopeQuery } from './scope-query.ts'

export interface ServerRoutesOptions {
  mock: Mock
  /** Of mock control, absolute. */
  base: string
  version: string
  token: () => string | undefined
}

const tags = ['server']

/** What anybody may ask: whether the server is well. */
export const healthRoute: FastifyPluginAsyncTypebox<ServerRoutesOptions> = async (fastify, { mock, version, token }) => {
  fastify.get('/health', {
    schema: { tags, summary: 'Whether the server is well', description: 'For health checks; needs no token.', response: { 200: HealthRef } }
  }, async request => ({
    status: 'ok' as const,
    ...(mock.config.name === undefined ? {} : { name: mock.config.name }),
    version,
    control: CONTROL_VERSION,
    generation: mock.generation,
    endpoints: mock.config.endpoints?.length ?? 0,
    uptime_s: Math.floor(process.uptime()),
    // Paths tell of the machine: to those who may know.
    ...(hasToken(request, token()) ? { files: [...mock.files] } : {})
  }))
}

/** The route table, the index and the way back to the start. */
export const serverRoutes: FastifyPluginAsyncTypebox<ServerRoutesOptions> = async (fastify, { mock, base, version }) => {
  const links = ['config', 'endpoints', 'overlays', 'scopes', 'routes', 'scenarios', 'variables', 'rate-limits', 'clock', 'failures', 'variants', 'situations', 'profiles', 'logs', 'logs/stream', 'webhooks', 'webhooks/deliveries', 'health', 'openapi.json']
  const index = {
    name: 'fastify-mock-server',
    version,
    docs: `${base}/docs`,
    links: Object.fromEntries(links.map(link => [link, `${base}/api/${link}`]))
  }
  fastify.get('/', { schema: { hide: true } }, async () => index)

  fastify.get('/routes', {
    schema: {
      tags,
      summary: 'The route table',
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: Type.Object({ routes: Type.Array(RouteRef), total, next }) }
    }
  }, async ({ query, url }) => {
    const { items, ...page } = pageOf(mock.routes(), query, url)
    return { routes: items, ...page }
  })

  fastify.post('/reset', {
    schema: { tags, summary: 'Start anew', description: 'Empties the request log and starts all state anew: counters, random streams, scenarios, variables, sequences, collections; the configuration stays, and so do overlays. With `?scope=`, of one scope.', querystring: ScopeQuery, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    scopeOf(mock, scope).reset()
    return reply.code(204).send(null)
  })
}
