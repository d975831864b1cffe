import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { setImmediate } from 'node:timers/promises'
import type { RequestSchemas, ValidateMode } from '../lib/config.ts'
import type { CompiledEndpoint, ServedRoute } from '../lib/endpoint.ts'
import { isBodiless } from '../lib/request-body.ts'
import { strayMethods } from '../lib/lenient-routes.ts'
import { messageOf } from '../lib/message-of.ts'
import { mountedUrls } from '../lib/path.ts'
import { routedUrl } from './matching.ts'

export interface EndpointsOptions {
  prefix: string
  endpoints: readonly CompiledEndpoint[]
  /** The server's, for endpoints that do not say. */
  validate: ValidateMode
  /** Whether lenient endpoints answer methods that are not theirs. */
  answersStrays: boolean
  /** Told of a route that cannot be served: another one has its place, or the router cannot read it. */
  onProblem: (endpoint: CompiledEndpoint, route: ServedRoute, message: string) => void
}

/** So many endpoints take a few milliseconds. */
const BATCH = 50

/**
 * One Fastify route for each endpoint and base path, registered in batches so that what is being served is not stalled. Each batch
 * is a plugin of its own: when a plugin is done, Fastify completes all its routes in one turn of the event loop.
 */
export default fp<EndpointsOptions>(async (fastify, options) => {
  const { endpoints } = options
  const work = addAll(fastify, options)
  const batch = fp(async () => {
    for (let i = 0; i < BATCH && work.next().done !== true; i++);
    await setImmediate()
  }, { name: 'mock-endpoints-batch', fastify: '5.x' })
  for (let i = 0; i < endpoints.length; i += BATCH) fastify.register(batch)
}, { name: 'mock-endpoints', fastify: '5.x', dependencies: ['mock-respond', 'mock-exchange'] })

function * addAll (fastify: FastifyInstance, { prefix, endpoints, validate, answersStrays, onProblem }: EndpointsOptions): Generator<void, void> {
  const served = endpoints.filter(({ config }) => config.enabled !== false)
  const taken = new Set<string>()
  const ownHead = new Set(served.flatMap(({ methods, routes }) => methods.includes('HEAD') ? routes.flatMap(({ places }) => places) : []))
  for (const endpoint of served) {
    for (const route of endpoint.routes) {
      const isFree = (method: string) => !route.places.some(place => taken.has(`${method} ${place}`))
      const methods = endpoint.methods.filter(isFree)
      const refused = endpoint.methods.filter(method => !isFree(method))
      if (refused.length > 0) onProblem(endpoint, route, `${refused.join(', ')} ${route.url} is already served by another endpoint`)
      // A GET answers HEAD as well (RFC 9110, section 9.3.2), unless an endpoint of its own does.
      if (methods.includes('GET') && isFree('HEAD') && !route.places.some(place => ownHead.has(place))) methods.push('HEAD')
      for (const method of methods) for (const place of route.places) taken.add(`${method} ${place}`)
      try {
        addRoutes(fastify, prefix, endpoint, route, methods)
      } catch (error) {
        onProblem(endpoint, route, messageOf(error))
      }
    }
    yield
  }
  if (!answersStrays) return
  const isLenient = ({ config }: CompiledEndpoint) => (config.validate ?? validate) !== 'enforce'
  for (const [endpoint, methods] of strayMethods(served, isLenient)) {
    for (const route of endpoint.routes) addRoutes(fastify, prefix, endpoint, route, methods, true)
  }
}

/** Methods without a body make a route of their own where a body is declared: of theirs none is required. */
function addRoutes (fastify: FastifyInstance, prefix: string, endpoint: CompiledEndpoint, route: ServedRoute, methods: readonly string[], isStray = false): void {
  const { schema } = endpoint.config
  const isHidden = endpoint.config.match !== undefined
  const add = (methods: readonly string[]) => {
    if (methods.length === 0) return
    for (const url of mountedUrls(prefix, route.url)) {
      const options: RouteOptions = { method: [...methods], url: routedUrl(endpoint, url), handler: answer, config: { endpoint, routePath: route, isHidden, isStray } }
      if (schema !== undefined) options.schema = fastifysParts(schema)
      fastify.route(options)
    }
  }
  if (schema?.body === undefined) return add(methods)
  add(methods.filter(isBodiless))
  add(methods.filter(method => !isBodiless(method)))
}

/**
 * What Fastify validates. It takes exception to a part that is there but undefined, has no word for cookies, and only one schema
 * for all bodies.
 */
function fastifysParts ({ params, querystring, headers }: RequestSchemas): RequestSchemas {
  return Object.fromEntries(Object.entries({ params, querystring, headers }).filter(([, part]) => part !== undefined))
}

function answer (request: FastifyRequest, reply: FastifyReply): unknown {
  const exchange = request.exchange
  return exchange === null ? reply.callNotFound() : reply.sendAnswer(exchange.variant.answer, exchange)
}
