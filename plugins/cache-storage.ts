import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeCacheStatus } from '../lib/cache/cache-status.ts'
import { collect } from '../lib/cache/collect.ts'
import type { CacheFront } from '../lib/cache/front.ts'
import type { ResponseHeaders } from '../lib/cache/freshness.ts'
import { formatHttpDate } from '../lib/cache/http-date.ts'
import { isWanted, settle, type Answered } from '../lib/cache/settle.ts'
import type { Visit } from '../lib/cache/visit.ts'
import type { Exchange } from '../lib/exchange.ts'

export interface CacheStorageOptions {
  /** Undefined where no endpoint has a shared cache in front of it. */
  front: CacheFront | undefined
}

type Done = (error: Error | null, payload?: unknown) => void

/** The way back through a shared cache, last of all that happens to an answer: it is stored, or the stored one is sent in its place. */
export default fp<CacheStorageOptions>(async (fastify, { front }) => {
  if (front === undefined) return
  const { name, header } = front

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined || (front.policyOf(endpoint) === undefined && !front.watches(endpoint))) return
    route.onSend = [...[route.onSend ?? []].flat(), receive]
  })

  function receive (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
    const { exchange, cacheVisit: visit } = request
    if (exchange === null || visit === undefined || exchange.isUnmatched) return done(null, payload)
    const { cache, clock } = exchange.store
    if (!reply.hasHeader('date')) reply.header('date', formatHttpDate(clock.now()))
    const answered = { status: reply.statusCode, headers: headersOf(reply), variant: exchange.variant.name }
    const body = isWanted(visit, answered, clock.now()) ? collect(payload, cache.bounds.body) : { payload }
    if (!(body instanceof Promise)) return done(null, send(body, visit, answered, exchange, reply))
    body.then(body => done(null, send(body, visit, answered, exchange, reply)), done)
  }

  function send ({ body, payload }: { body?: Buffer, payload: unknown }, visit: Visit, answered: Answered, exchange: Exchange, reply: FastifyReply): unknown {
    const { cache, clock } = exchange.store
    const { outcome, status, served } = settle(cache, visit, answered, body, clock.now())
    if (served !== undefined) {
      for (const name of Object.keys(answered.headers)) reply.removeHeader(name)
      reply.code(served.status).headers(served.headers)
    }
    if (header !== undefined) reply.header(header, outcome)
    reply.header('cache-status', writeCacheStatus(name, status))
    if (served === undefined) return payload
    reply.request.sentPayload = served.body
    return served.body ?? null
  }
}, { name: 'mock-cache-storage', fastify: '5.x', dependencies: ['mock-shared-cache'] })

/** The endpoint's own, not those that the host's hooks set on every answer: names in lower case. */
function headersOf (reply: FastifyReply): ResponseHeaders {
  return Object.fromEntries(Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined || reply.raw.getHeader(name) === value ? [] : [[name, Array.isArray(value) ? value.map(String) : String(value)]]))
}
