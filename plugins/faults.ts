import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Socket } from 'node:net'
import { MOCK_ERR_FAULT_INJECTED } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { collectBody } from '../lib/fault/collect-body.ts'
import type { FaultPlan } from '../lib/fault/compile-fault.ts'
import { corruptGzip } from '../lib/fault/corrupt-gzip.ts'
import type { Held } from '../lib/fault/held.ts'
import { strikeHttp1 } from '../lib/fault/strike-http1.ts'
import { http2ResponseOf, strikeHttp2 } from '../lib/fault/strike-http2.ts'
import type { Struck } from '../lib/fault/struck.ts'
import { piecesAt, trickle } from '../lib/fault/trickle.ts'
import { hangUpSafeDelay } from './hang-up.ts'

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

  async function strike (plan: FaultPlan, exchange: Exchange, reply: FastifyReply, payload: unknown, done: Send): Promise<void> {
    const { raw } = reply
    const http2 = http2ResponseOf(raw)
    const body = await collectBody(payload)
    const { clock } = exchange.store
    const hasBody = body.length > 0 && reply.request.method !== 'HEAD'
    switch (plan.kind) {
      case 'latency': return done(null, payload)
      case 'bandwidth': return sendPieces(piecesAt(plan.bytesPerSecond))
      case 'slicer': return sendPieces({ bytes: plan.sliceBytes, delayMs: plan.sliceMs })
      case 'bad_gzip':
        if (!hasBody) return done(null, payload)
        reply.removeHeader('content-length').header('content-encoding', 'gzip')
        return done(null, corruptGzip(body))
      case 'goaway':
        if (plan.code !== 0) break
        if (http2 === undefined) reply.header('connection', 'close')
        else http2.stream.session?.goaway(0)
        return done(null, payload)
    }

    function sendPieces (pieces: Parameters<typeof trickle>[1]): void {
      if (!hasBody) return done(null, payload)
      reply.header('content-length', body.length)
      done(null, trickle(body, pieces, clock))
    }

    reply.hijack()
    if (http2 === undefined && !(raw.req.socket instanceof Socket)) {
      raw.destroy(new MOCK_ERR_FAULT_INJECTED(plan.kind))
      return
    }
    const { 'content-length': _length, 'transfer-encoding': _coding, ...headers } = reply.getHeaders()
    // What has no body cannot be cut in the middle of it.
    const fitting = hasBody || !NEED_BODY.has(plan.kind) ? plan : { ...plan, kind: 'empty' } as const
    const struck: Struck = {
      plan: fitting,
      response: raw,
      answer: { status: reply.statusCode, headers, body },
      random: exchange.random,
      later: (milliseconds, run) => hangUpSafeDelay(clock, milliseconds, raw, run)
    }
    if (raw.closed) return
    raw.once('close', held.add(() => raw.req.socket.destroy()))
    if (http2 === undefined) strikeHttp1(struck)
    else strikeHttp2(struck, http2)
  }
}, { name: 'mock-faults', fastify: '5.x', dependencies: ['mock-exchange', 'mock-respond', 'mock-injected'] })

const NEED_BODY = new Set<FaultPlan['kind']>(['malformed_chunk', 'truncate', 'close_mid_body', 'content_length_long', 'content_length_short', 'slow_close'])
