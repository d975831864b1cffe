import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from '../lib/exchange.ts'
import { scopeOf } from '../lib/scope/request-scope.ts'
import type { TemplateContext } from '../lib/template/context.ts'
import type { CompiledWebhook } from '../lib/webhook/compile-webhook.ts'
import type { Dispatcher } from '../lib/webhook/dispatcher.ts'
import { HOPS_HEADER, MAX_HOPS } from '../lib/webhook/job.ts'
import type { ResponseView } from '../lib/webhook/runtime-expression.ts'

export interface WebhooksPluginOptions {
  dispatcher: Dispatcher
}

/** Sends the callbacks of endpoints that have some, once their answer has gone out. */
export default fp<WebhooksPluginOptions>(async (fastify, { dispatcher }) => {
  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.behaviour.callbacks !== true) return
    route.onSend = [...[route.onSend ?? []].flat(), sendAfterwards]
  })

  function sendAfterwards (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void): void {
    const { exchange } = request
    const callbacks = exchange === null ? undefined : callbacksOf(exchange, reply.statusCode)
    if (exchange !== null && callbacks !== undefined) {
      // 'finish' does not come when the client hangs up: then there was no answer that they could follow.
      reply.raw.once('finish', () => dispatchAll(callbacks, exchange, request, viewOf(reply, payload)))
    }
    done()
  }

  function dispatchAll (callbacks: readonly CompiledWebhook[], exchange: Exchange, request: FastifyRequest, response: ResponseView): void {
    const hops = hopsOf(request) + 1
    const scope = scopeOf(request.raw)
    if (scope?.isDisposed === true) return
    if (hops > MAX_HOPS) return request.log.warn({ endpoint: exchange.endpoint.id }, 'callbacks are not sent: the mock server calls itself in a circle')
    for (const callback of callbacks) {
      const job = callback.plan({
        kind: 'callback',
        endpoint: exchange.endpoint.id,
        requestId: request.id,
        ...scope !== undefined && { scope: scope.id },
        clock: exchange.store.clock,
        hops,
        context: contextOf(exchange, response),
        base: `${exchange.request.protocol}://${exchange.request.host}`
      })
      if (job === undefined) request.log.debug({ endpoint: exchange.endpoint.id, callback: callback.name }, 'a callback is not sent: the request names no address for it')
      else dispatcher.dispatch(job)
    }
  }
}, { name: 'mock-webhooks', fastify: '5.x', dependencies: ['mock-exchange'] })

/** Those of the answer itself; else those of the endpoint, for a success or its only answer: not for what was rejected, or failed on purpose. */
function callbacksOf ({ endpoint, variant, injected }: Exchange, status: number): readonly CompiledWebhook[] | undefined {
  if (injected?.failure !== undefined) return undefined
  const isItsOwn = status === variant.answer.status
  if (variant.callbacks !== undefined) return isItsOwn ? variant.callbacks : undefined
  // What is only read of a resource is nothing to tell anybody.
  if (endpoint.source.resource !== undefined && endpoint.config.method === 'GET') return undefined
  return status < 400 || (isItsOwn && endpoint.variants.length === 1) ? endpoint.callbacks : undefined
}

/** What templates see of the request and of the state of its scope, and of the answer besides. */
function contextOf (exchange: Exchange, response: ResponseView): TemplateContext {
  const { request, random, counters, store, vars } = exchange
  return { request, random, now: new Date(store.clock.now()), counters, store, variables: { response }, ...vars !== undefined && { vars } }
}

function viewOf (reply: FastifyReply, payload: unknown): ResponseView {
  const headers: ResponseView['headers'] = reply.getHeaders()
  return { status: reply.statusCode, headers, body: bodyOf(payload, String(headers['content-type'] ?? '')) }
}

function bodyOf (payload: unknown, type: string): unknown {
  if (Buffer.isBuffer(payload)) return payload
  if (typeof payload !== 'string' || !/json/i.test(type)) return typeof payload === 'string' ? payload : undefined
  try {
    return JSON.parse(payload)
  } catch {
    return payload
  }
}

/** How many deliveries of mock servers led to a request. */
function hopsOf ({ headers }: FastifyRequest): number {
  const hops = Number(headers[HOPS_HEADER])
  return Number.isInteger(hops) && hops > 0 ? hops : 0
}
