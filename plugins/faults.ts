import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Socket } from 'node:net'
import type { FaultKind } from '../lib/config-keys/fault.ts'
import { MOCK_ERR_FAULT_INJECTED } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { collectBody } from '../lib/fault/collect-body.ts'
import { planFault, type FaultPlan } from '../lib/fault/compile-fault.ts'
import { corruptGzip } from '../lib/fault/corrupt-gzip.ts'
import type { Held } from '../lib/fault/held.ts'
import { preferredBody } from '../lib/fault/preferred-body.ts'
import { strikeHttp1 } from '../lib/fault/strike-http1.ts'
import { http2ResponseOf, strikeHttp2 } from '../lib/fault/strike-http2.ts'
import { withoutLength } from '../lib/fault/struck.ts'
import { piecesAt, trickle, type Pieces } from '../lib/fault/trickle.ts'
import { hangUpSafeDelay } from './hang-up.ts'
import { isBehindCache, loseEndpoint } from './lost-endpoint.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Breaks the connection now, in place of the answer that was chosen: its request prefers it so. */
    strikeFault (kind: FaultKind): void
  }
}

export interface FaultsOptions {
  /** What is let go of when the server closes. */
  held: Held
}

type Send = (error: Error | null, payload?: unknown) => void

/**
 * Breaks the connections of endpoints with `fault` when it is their turn. A fault strikes last of all: the answer has been made by then,
 * and what it does to state is done.
 */
export default fp<FaultsOptions>(async (fastify, { held }) => {
  const plans = new WeakMap<FastifyRequest, FaultPlan>()

  fastify.decorateReply('strikeFault', function (this: FastifyReply, kind) {
    const { exchange } = this.request
    if (exchange === null) return
    const { answer } = exchange.variant
    this.markInjected('fault', kind)
    this.code(answer.status).headers(answer.headers)
    const send: Send = (error, payload) => { this.send(error ?? payload) }
    strike(planFault({}, kind), exchange, this, preferredBody(answer, exchange), send).catch(send)
  })

  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.behaviour.fault !== true) return
    route.preHandler = [...[route.preHandler ?? []].flat(), draw]
    route.onSend = [...[route.onSend ?? []].flat(), send]
  })

  /** Only requests that are answered, and not those that are rejected, come this far. */
  function draw (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const { exchange } = request
    const fault = exchange?.variant.fault
    if (exchange !== null && fault?.occurrence.strikes(exchange) === true) {
      const plan = fault.pick(exchange.random)
      plans.set(request, plan)
      reply.markInjected('fault', plan.kind)
    }
    done()
  }

  function send (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Send): void {
    const { exchange } = request
    const plan = plans.get(request)
    if (exchange === null || plan === undefined) return done(null, payload)
    const go = (): void => { strike(plan, exchange, reply, payload, done).catch(done) }
    if (plan.afterMs === 0) go()
    else hangUpSafeDelay(exchange.store.clock, plan.afterMs, reply.raw, go)
  }

  /** Sends an answer that is only slow or damaged by way of Fastify; what breaks the connection is taken out of its hands. */
  async function strike (plan: FaultPlan, exchange: Exchange, reply: FastifyReply, payload: unknown, done: Send): Promise<void> {
    if (plan.kind === 'latency') return done(null, payload)
    if (plan.kind === 'goaway' && plan.code === NO_ERROR) {
      goGracefully(reply)
      return done(null, payload)
    }
    const body = await collectBody(payload)
    const hasBody = body.length > 0 && reply.request.method !== 'HEAD'
    switch (plan.kind) {
      case 'bandwidth': return sendPieces(piecesAt(plan.bytesPerSecond))
      case 'slicer': return sendPieces({ bytes: plan.sliceBytes, delayMs: plan.sliceMs })
      case 'bad_gzip':
        if (hasBody) reply.removeHeader('content-length').header('content-encoding', 'gzip')
        return done(null, hasBody ? corruptGzip(body) : payload)
    }
    if (isBehindCache(reply)) return done(null, loseEndpoint(reply, plan.kind))
    breakConnection(hasBody || !BODY_FAULTS.has(plan.kind) ? plan : { ...plan, kind: 'empty' }, exchange, reply, body)

    function sendPieces (pieces: Pieces): void {
      if (hasBody) reply.header('content-length', body.length)
      done(null, hasBody ? trickle(body, pieces, exchange.store.clock) : payload)
    }
  }

  function breakConnection (plan: FaultPlan, exchange: Exchange, reply: FastifyReply, body: Buffer): void {
    const { raw } = reply
    reply.hijack()
    if (raw.closed) return
    const http2 = http2ResponseOf(raw)
    // Nothing that `inject` makes has a connection.
    if (http2 === undefined && !(raw.req.socket instanceof Socket)) {
      raw.destroy(new MOCK_ERR_FAULT_INJECTED(plan.kind))
      return
    }
    raw.once('close', held.add(() => { raw.req.socket.destroy() }))
    const struck = {
      plan,
      response: raw,
      answer: { status: reply.statusCode, headers: withoutLength(reply.getHeaders()), body },
      random: exchange.random,
      later: (milliseconds: number, run: () => void) => hangUpSafeDelay(exchange.store.clock, milliseconds, raw, run)
    }
    if (http2 === undefined) strikeHttp1(struck)
    else strikeHttp2(struck, http2)
  }
}, { name: 'mock-faults', fastify: '5.x', dependencies: ['mock-exchange', 'mock-respond', 'mock-injected'] })

const NO_ERROR = 0

/** The answer is the last on its connection. */
function goGracefully (reply: FastifyReply): void {
  const http2 = http2ResponseOf(reply.raw)
  if (http2 === undefined) {
    reply.header('connection', 'close')
    return
  }
  const { session } = http2.stream
  session?.goaway(NO_ERROR)
  // Once its streams are through.
  session?.close()
}

/** What has no body cannot be cut in the middle of it: its connection is closed without an answer. */
const BODY_FAULTS = new Set<FaultKind>(['malformed_chunk', 'truncate', 'close_mid_body', 'content_length_long', 'content_length_short', 'slow_close'])
