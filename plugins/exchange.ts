import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { Exchange } from '../lib/exchange.ts'
import { dryRunOf, visit } from '../lib/dry-run.ts'
import { dryStore } from '../lib/dry-store.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { scopeOf } from '../lib/scope/request-scope.ts'
import type { ExplainIndex } from '../lib/explain.ts'
import type { Store } from '../lib/store.ts'
import { liveRequestView } from './request-view.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The mocked request; null where no endpoint matched. */
    exchange: Exchange | null
  }
  interface FastifyContextConfig {
    endpoint?: CompiledEndpoint
  }
}

export interface ExchangeOptions {
  seed: number | string
  /** Which answers endpoints give because of a profile, by id. */
  situated: ReadonlyMap<string, string> | undefined
  /** That of requests that name no scope. */
  store: Store
  prefix: string
  /** The endpoints, for a request that is only asked about. */
  index: () => ExplainIndex
}

/** Gives each request to an endpoint its exchange, first of all hooks: counts, randomness and templates hang on it. */
export default fp<ExchangeOptions>(async (fastify, { seed, situated, store, prefix, index }) => {
  fastify.decorateRequest('exchange', null)
  const surroundings = { seed, situated, store, view: (request: FastifyRequest) => liveRequestView(request, prefix) }

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const begin = (request: FastifyRequest, _reply: unknown, done: () => void) => {
      const run = dryRunOf(request.raw)
      const scope = scopeOf(request.raw)
      const own = scope === undefined ? surroundings : { ...surroundings, store: scope.store }
      request.exchange = new Exchange(endpoint, run === undefined ? own : { ...own, store: dryStore(own.store) }, request)
      if (run !== undefined) visit(run, request.exchange, index)
      done()
    }
    route.onRequest = [begin, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'mock-exchange', fastify: '5.x' })
