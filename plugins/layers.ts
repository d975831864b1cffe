import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Turns } from '../lib/scope/turns.ts'
import { passOn } from './journey.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether a turn of the layer was taken for it. */
    hasTurn: boolean
  }
}

/**
 * Endpoints in front of others: what would match nothing is handed on to what is behind them, as if they were not there. It stands in
 * the place of the plugin that explains why nothing matches.
 */
export default fp<{ turns: Turns }>(async (fastify, { turns }) => {
  const asReceived = new WeakMap<FastifyRequest, IncomingHttpHeaders>()
  fastify.decorateRequest('hasTurn', false)

  const leave = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (request.hasTurn && request.exchange !== null) turns.giveBack(request.exchange.store)
    return passOn(request, reply, asReceived.get(request))
  }
  fastify.setNotFoundHandler(leave)
  fastify.decorateReply('sendUnmatched', function (this: FastifyReply) { return leave(this.request, this) })

  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.config.schema?.headers === undefined) return
    const keep = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
      asReceived.set(request, { ...request.headers })
      done()
    }
    route.onRequest = [keep, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'mock-unmatched', fastify: '5.x' })
