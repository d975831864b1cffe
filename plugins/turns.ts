import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { dryRunOf } from '../lib/dry-run.ts'
import { scopeOf } from '../lib/scope/request-scope.ts'
import type { Turns } from '../lib/scope/turns.ts'
import type { Store } from '../lib/store.ts'

export interface TurnsOptions {
  turns: Turns
  /** That of requests that name no scope. */
  store: Store
}

/**
 * Counts how often an overlay answers, and lets requests pass once its turns are used up. A turn is taken right before an answer is
 * chosen, and given back where none holds: the two happen in one go, so that no other request comes in between.
 */
export default fp<TurnsOptions>(async (fastify, { turns, store: root }) => {
  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint !== undefined) route.preHandler = [...[route.preHandler ?? []].flat(), takeTurn]
  })

  function takeTurn (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const { exchange } = request
    if (exchange === null) return done()
    // The store of a dry run is one of its own.
    const store = scopeOf(request.raw)?.store ?? root
    if (dryRunOf(request.raw) !== undefined) {
      if (turns.has(store)) return done()
    } else if (turns.take(store)) {
      request.hasTurn = true
      return done()
    }
    exchange.isUnmatched = true
    exchange.store.miss(exchange.endpoint.id)
    reply.sendUnmatched()
  }
}, { name: 'mock-turns', fastify: '5.x', dependencies: ['mock-exchange', 'mock-unmatched'] })
