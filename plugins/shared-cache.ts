import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeCacheStatus, type CacheOutcome, type CacheStatus } from '../lib/cache/cache-status.ts'
import type { CacheFront } from '../lib/cache/front.ts'
import { serveStored, type ServedResponse } from '../lib/cache/serve-stored.ts'
import { ageOf, type StoredResponse } from '../lib/cache/stored-response.ts'
import { meet, OWN_CONDITIONS, renewal, type Visit } from '../lib/cache/visit.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_NOT_CACHED } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { problemOf, rejectionOf } from '../lib/violation/rejection.ts'
import { visitOf, sendUnattended } from './unattended.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a shared cache in front of the endpoint waits for; undefined where there is none, or it keeps out of it. */
    cacheVisit: Visit | undefined
  }
}

export interface SharedCacheFrontOptions {
  /** Undefined where no endpoint has one. */
  front: CacheFront | undefined
  prefix: string
}

/**
 * A simulated shared cache in front of the endpoints that have one: answers what it holds, before the endpoint hears of the request, and
 * hands on the rest.
 */
export default fp<SharedCacheFrontOptions>(async (fastify, { front, prefix }) => {
  if (front === undefined) return
  const { name, header } = front
  fastify.decorateRequest('cacheVisit', undefined)

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const policy = front.policyOf(endpoint) ?? (front.watches(endpoint) ? {} : undefined)
    if (policy === undefined) return
    const isWatched = front.policyOf(endpoint) === undefined

    function consult (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      const { exchange, raw, method, headers } = request
      if (exchange === null || policy === undefined || dryRunOf(raw) !== undefined) return done()
      if (isWatched && (method === 'GET' || method === 'HEAD')) return done()
      const { cache, clock } = exchange.store
      const unattended = visitOf(raw)
      const verdict = unattended === undefined
        ? meet(cache, { url: urlOf(request), method, headers, policy, now: clock.now() })
        : { kind: 'forward' as const, visit: unattended }
      if (verdict.kind === 'forward') return forward(verdict.visit, request, done)
      // The endpoint never hears of it.
      exchange.store.miss(exchange.endpoint.id)
      if (verdict.kind === 'refuse') return refuse(request, reply)
      const { stored, isStale, isRenewed } = verdict
      cache.touch(stored)
      if (isRenewed) cache.once(stored, () => sendUnattended(fastify, request, renewal(stored, headers, clock.now())))
      answer(exchange, stored, isStale, request, reply)
    }

    route.onRequest = [...[route.onRequest ?? []].flat(), consult]
  })

  function urlOf ({ originalUrl }: FastifyRequest): string {
    return originalUrl.startsWith(prefix) ? originalUrl.slice(prefix.length) || '/' : originalUrl
  }

  function answer (exchange: Exchange, stored: StoredResponse, isStale: boolean, request: FastifyRequest, reply: FastifyReply): void {
    const now = exchange.store.clock.now()
    const { variant } = stored
    if (variant !== undefined) exchange.variant = { ...exchange.variant, name: variant }
    write(request, reply, serveStored(stored, request.method, request.headers, now), isStale ? 'STALE' : 'HIT', { hit: true, ttl: stored.freshness.lifetime - ageOf(stored, now) })
  }

  /** Nothing is there, and the request wants nothing else (RFC 9111, section 5.2.1.7). */
  function refuse (request: FastifyRequest, reply: FastifyReply): void {
    const body = Buffer.from(JSON.stringify(problemOf(rejectionOf(new MOCK_ERR_NOT_CACHED()))))
    const headers = { 'content-type': 'application/problem+json', 'content-length': String(body.length) }
    write(request, reply, { status: 504, headers, body }, 'MISS', { detail: 'only-if-cached' })
  }

  /** Past all that changes answers on their way: what is stored has been through it. */
  function write (request: FastifyRequest, reply: FastifyReply, { status, headers, body }: ServedResponse, outcome: CacheOutcome, told: CacheStatus): void {
    reply.code(status).headers(headers).headers({ ...header !== undefined && { [header]: outcome }, 'cache-status': writeCacheStatus(name, told) })
    if (body !== undefined) request.sentPayload = body
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
    reply.raw.end(request.method === 'HEAD' ? undefined : body)
  }
}, { name: 'mock-shared-cache', fastify: '5.x', dependencies: ['mock-exchange', 'mock-request-log'] })

/** To its endpoint, which is asked for the whole answer: or whether what is stored is right still. */
function forward (visit: Visit, request: FastifyRequest, done: () => void): void {
  const { headers } = request
  request.cacheVisit = visit.isLookedUp ? { ...visit, headers: { ...headers } } : visit
  if (!visit.isLookedUp) return done()
  // For the log, which tells what the client sent.
  request.receivedHeaders ??= { ...headers }
  for (const name of OWN_CONDITIONS) Reflect.deleteProperty(headers, name)
  const { etag, 'last-modified': modified } = visit.stored?.headers ?? {}
  if (etag !== undefined) headers['if-none-match'] = String(etag)
  if (modified !== undefined) headers['if-modified-since'] = String(modified)
  done()
}
