import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Mock } from '../lib/mock.ts'
import { authRoutes } from './control/auth-routes.ts'
import { checkParameters, readBodies } from './control/bodies.ts'
import { cacheRoutes } from './control/cache-routes.ts'
import { clockRoutes } from './control/clock-routes.ts'
import { collectionRoutes } from './control/collection-routes.ts'
import { configRoutes, reloadRoute } from './control/config-routes.ts'
import { describeRoutes } from './control/document.ts'
import { endpointRoutes } from './control/endpoint-routes.ts'
import type { EventStream } from './control/event-stream.ts'
import { explainRoutes, logExplanationRoute } from './control/explain-routes.ts'
import { guardAddress, guardToken } from './control/guard.ts'
import { failureRoutes } from './control/failure-routes.ts'
import { logEntryRoute, logRoutes } from './control/log-routes.ts'
import { logStream } from './control/log-stream.ts'
import { overlayRoutes } from './control/overlay-routes.ts'
import { tellProblems } from './control/problems.ts'
import { profileRoutes } from './control/profile-routes.ts'
import { rateLimitRoutes } from './control/rate-limit-routes.ts'
import { scopeOf } from './control/scope-query.ts'
import { scopeRoutes } from './control/scope-routes.ts'
import { healthRoute, serverRoutes } from './control/server-routes.ts'
import { snapshotRoutes } from './control/snapshot-routes.ts'
import { scenarioRoutes, variableRoutes } from './control/state-routes.ts'
import { situationRoutes, variantRoutes } from './control/switch-routes.ts'
import { verifyRoutes } from './control/verify-routes.ts'
import { packageVersion } from './control/version.ts'
import { webhookRoutes } from './control/webhook-routes.ts'

export interface ControlPluginOptions {
  mock: Mock
  /** Where mock control lives, below the `prefix` that it is registered with. Default: /__mock. */
  path?: string
  /** The bearer token to ask for; asked each time, because it may be made later. Default: none. */
  token?: () => string | undefined
  /** How often streams are kept alive, in milliseconds. Default: 15000. */
  heartbeat_ms?: number
}

/**
 * Mock control: changes what is mocked while it runs, and tells what was called. An ordinary, encapsulated plugin, for an
 * instance of its own: it sets how bodies are read and errors are told. Ids of endpoints stand in its paths, so the instance
 * should be made with `routerOptions: { maxParamLength: 16_384 }`.
 *
 * @example
 * app.register(control, { mock, prefix: '/v1', path: '/__mock' })
 */
const control: FastifyPluginAsync<ControlPluginOptions> = async (fastify, { mock, path = '/__mock', token = () => undefined, heartbeat_ms: heartbeatMs = 15_000 }) => {
  const base = fastify.prefix + path
  const version = packageVersion()
  const server = { mock, base, version, token }
  const streams = new Set<EventStream>()
  const sessionOf = (scope: string | undefined) => scopeOf(mock, scope)
  const collectionsOf = (scope: string | undefined) => sessionOf(scope).collections

  guardAddress(fastify, () => hostsOf(mock))
  tellProblems(fastify, `${base}/api`)
  readBodies(fastify)
  checkParameters(fastify)
  await describeRoutes(fastify, { path, version })
  fastify.get(path, { schema: { hide: true } }, async (_request, reply) => reply.redirect(`${base}/docs/`))
  fastify.get(`${path}/`, { schema: { hide: true } }, async (_request, reply) => reply.redirect(`${base}/docs/`))
  fastify.register(healthRoute, { ...server, prefix: `${path}/api` })

  fastify.register(async guarded => {
    guardToken(guarded, token)
    guarded.addHook('onSend', async () => { if (mock.config.persist?.fsync === 'always') await mock.flush() })
    guarded.register(reloadRoute, { mock })
    guarded.register(scopeRoutes, { mock, prefix: `${path}/api/scopes` })
    guarded.register(overlayRoutes, { overlaysOf: sessionOf, prefix: `${path}/api/overlays` })
    guarded.register(configRoutes, { mock, prefix: `${path}/api` })
    guarded.register(endpointRoutes, { mock, prefix: `${path}/api/endpoints` })
    guarded.register(serverRoutes, { ...server, prefix: `${path}/api` })
    guarded.register(explainRoutes, { mock, prefix: `${path}/api/explain` })
    guarded.register(verifyRoutes, { sessionOf, prefix: `${path}/api` })
    guarded.register(collectionRoutes, { collectionsOf, prefix: `${path}/api/collections` })
    guarded.register(snapshotRoutes, { collectionsOf, prefix: `${path}/api/snapshots` })
    guarded.register(scenarioRoutes, { stateOf: sessionOf, prefix: `${path}/api/scenarios` })
    guarded.register(variableRoutes, { stateOf: sessionOf, prefix: `${path}/api/variables` })
    guarded.register(rateLimitRoutes, { rateLimitsOf: scope => sessionOf(scope).rateLimits, prefix: `${path}/api/rate-limits` })
    guarded.register(cacheRoutes, { cacheOf: scope => sessionOf(scope).cache, prefix: `${path}/api/cache` })
    guarded.register(clockRoutes, { clockOf: scope => sessionOf(scope).clock, prefix: `${path}/api/clock` })
    guarded.register(failureRoutes, { failuresOf: scope => sessionOf(scope).failures, prefix: `${path}/api/failures` })
    guarded.register(variantRoutes, { stateOf: sessionOf, prefix: `${path}/api/variants` })
    guarded.register(situationRoutes, { stateOf: sessionOf, prefix: `${path}/api/situations` })
    guarded.register(profileRoutes, { profilesOf: scope => sessionOf(scope).profiles, prefix: `${path}/api/profiles` })
    guarded.register(authRoutes, { authOf: scope => sessionOf(scope).auth, prefix: `${path}/api/auth` })
    guarded.register(webhookRoutes, { mock, prefix: `${path}/api/webhooks` })
    registerLogs(guarded, '/__logs')
    registerLogs(guarded, `${path}/api/logs`)
  })

  function registerLogs (scope: FastifyInstance, prefix: string): void {
    scope.register(logRoutes, { log: mock.requests, prefix })
    scope.register(logEntryRoute, { log: mock.requests, prefix })
    scope.register(logExplanationRoute, { mock, prefix })
    scope.register(logStream, { mock, heartbeatMs, streams, prefix: `${prefix}/stream` })
  }
}

function hostsOf ({ config: { control } }: Mock): readonly string[] {
  return control === undefined || control === false ? [] : control.allowed_hosts ?? []
}

export default control
