import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Config } from '../lib/config.ts'
import { ALL_METHODS } from '../lib/config/methods.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import type { ExplainIndex } from '../lib/explain.ts'
import type { KeySet } from '../lib/jwt/key-set.ts'
import type { WritableRequestLog } from '../lib/request-log.ts'
import { cacheFront } from '../lib/cache/front.ts'
import { mayOverlookSlash } from '../lib/lenient-routes.ts'
import type { Held } from '../lib/fault/held.ts'
import type { FinderOptions } from '../lib/match.ts'
import type { LazyValidator, SchemaCompiler } from '../lib/schema/compiler.ts'
import type { Turns } from '../lib/scope/turns.ts'
import type { Store } from '../lib/store.ts'
import type { Dispatcher } from '../lib/webhook/dispatcher.ts'
import bodies from './bodies.ts'
import cacheStorage from './cache-storage.ts'
import caching from './caching.ts'
import durability from './durability.ts'
import endpoints, { type EndpointsOptions } from './endpoints.ts'
import exchange from './exchange.ts'
import failure from './failure.ts'
import faults from './faults.ts'
import injected from './injected.ts'
import inflate from './inflate.ts'
import latency from './latency.ts'
import layers from './layers.ts'
import longIntegers from './long-integers.ts'
import oidc from './oidc.ts'
import parameters from './parameters.ts'
import matching, { createRewrite } from './matching.ts'
import rateLimit from './rate-limit.ts'
import rejections, { type RejectionsOptions } from './rejections.ts'
import requestLog from './request-log.ts'
import { hostRequestOf } from './request-view.ts'
import respond from './respond.ts'
import security from './security.ts'
import sharedCache from './shared-cache.ts'
import session from './session.ts'
import strayMethods from './stray-methods.ts'
import turns from './turns.ts'
import unmatched from './unmatched.ts'
import validation from './validation.ts'
import variants from './variants.ts'
import webhooks from './webhooks.ts'

/** What one generation is built of. What outlives it (log, store, compiler) is handed in. */
export interface GenerationOptions {
  id: number
  config: Config
  endpoints: readonly CompiledEndpoint[]
  seed: number | string
  /** The profile that it serves. */
  profile: string | undefined
  /** Which answers endpoints give because of it, by id. */
  situated: ReadonlyMap<string, string> | undefined
  prefix: string
  log: WritableRequestLog
  store: Store
  compiler: SchemaCompiler
  /** Gets the validators of parameters, which may be prepared before requests come. */
  validators: LazyValidator[]
  dispatcher: Dispatcher
  /** What is let go of when the server closes. */
  held: Held
  /** What the mock server signs tokens with. */
  keys: KeySet
  explainIndex: () => ExplainIndex
  onProblem: EndpointsOptions['onProblem']
  placeOf: RejectionsOptions['placeOf']
  /** For endpoints that are served in front of a generation, and let pass what is not for them. */
  layer?: { turns: Turns } | undefined
  /** The host's, or false where the host does not log. */
  logger: FastifyBaseLogger | false
}

const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024

/**
 * Builds an inner Fastify instance that serves one configuration. It never changes and never listens: the host hands it raw
 * requests. The registrations below, read from top to bottom, are what a request goes through.
 */
export async function createGeneration (options: GenerationOptions): Promise<FastifyInstance> {
  const { config, prefix, log, store, compiler } = options
  const routerOptions = routerOptionsOf(config, options.endpoints)
  const rewriteUrl = createRewrite(options.endpoints, prefix, routerOptions)
  const app: FastifyInstance = Fastify({
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger }),
    // The host has logged the request already.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: raw => hostRequestOf(raw)?.id ?? 'unknown',
    bodyLimit: config.body_limit ?? DEFAULT_BODY_LIMIT,
    exposeHeadRoutes: false,
    // Connections are the host's: else each generation would hang a listener on every socket that outlives it.
    forceCloseConnections: false,
    // However many endpoints there are and however slow the machine: that is no fault of a plugin's.
    pluginTimeout: 0,
    return503OnClosing: false,
    ...rewriteUrl !== undefined && { rewriteUrl },
    routerOptions
  })
  for (const method of ALL_METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true })
  }

  app.register(bodies, { schemas: config.schemas })
  app.register(exchange, { seed: options.seed, situated: options.situated, store, prefix, index: options.explainIndex })
  app.register(requestLog, { log, generation: options.id, profile: options.profile, enabled: config.log?.max_entries !== 0 })
  // A layer may stand in front of any configuration.
  if (options.layer !== undefined || config.persist?.fsync === 'always') app.register(durability, { store })
  const front = cacheFront(config.shared_cache, options.endpoints)
  app.register(sharedCache, { front, prefix })
  app.register(inflate)
  if (options.layer === undefined) app.register(unmatched, { index: options.explainIndex, prefix, store, unknownMethod: config.unknown_method ?? 404 })
  else app.register(layers, options.layer)
  app.register(injected, { header: config.injected_header !== false })
  app.register(respond)
  app.register(rejections, { config, compiler, placeOf: options.placeOf })
  app.register(strayMethods, { status: config.unknown_method ?? 404 })
  app.register(rateLimit)
  app.register(security, { config, keys: options.keys })
  app.register(parameters, { schemas: config.schemas })
  app.register(validation, { compiler, config, validators: options.validators })
  app.register(longIntegers, { schemas: config.schemas })
  if (options.layer !== undefined) app.register(turns, { ...options.layer, store })
  app.register(caching)
  app.register(variants)
  app.register(session, config)
  app.register(latency)
  app.register(faults, { held: options.held })
  app.register(failure)
  app.register(webhooks, { dispatcher: options.dispatcher })
  app.register(cacheStorage, { front })
  app.register(oidc, { config, keys: options.keys, prefix })
  app.register(matching)
  app.register(endpoints, { prefix, endpoints: options.endpoints, validate: config.validate ?? 'enforce', answersStrays: options.layer === undefined, onProblem: options.onProblem })

  await app.ready()
  return app
}

/** How the router of a generation reads paths. */
export const routerOptionsOf = (config: Config, endpoints: readonly CompiledEndpoint[]): FinderOptions =>
  ({ maxParamLength: 16_384, ignoreTrailingSlash: overlooksSlash(config, endpoints) })

/** Where mistakes of requests are let pass, a slash at the end is one of them, unless the configuration says otherwise. */
function overlooksSlash (config: Config, endpoints: readonly CompiledEndpoint[]): boolean {
  if (config.trailing_slash !== undefined) return config.trailing_slash === 'ignore'
  return config.validate !== undefined && config.validate !== 'enforce' && mayOverlookSlash(endpoints)
}
