import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hangUpSafeDelay } from './hang-up.ts'

/** Makes endpoints with `latency_ms` wait before they answer. */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.behaviour.latency !== true) return
    route.preHandler = [...[route.preHandler ?? []].flat(), wait]
  })
}, { name: 'mock-latency', fastify: '5.x', dependencies: ['mock-exchange'] })

function wait (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const exchange = request.exchange
  const sampler = exchange?.variant.latency
  if (exchange === null || sampler === undefined) return done()
  const milliseconds = sampler(exchange.random)
  exchange.injected = { ...exchange.injected, latency_ms: Math.round(milliseconds * 1000) / 1000 }
  hangUpSafeDelay(exchange.store.clock, milliseconds, reply.raw, done)
}
