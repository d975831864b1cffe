import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { MOCK_ERR_NO_SUCH_VARIANT } from '../lib/errors.ts'

/** Chooses which of an endpoint's answers a request gets: the first, or the one that it prefers. */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint === undefined) return
    route.preHandler = [...[route.preHandler ?? []].flat(), choose]
  })
}, { name: 'mock-variants', fastify: '5.x', dependencies: ['mock-exchange'] })

function choose (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const exchange = request.exchange
  // Without a preference the exchange keeps the first variant, which it was made with.
  if (exchange === null || request.headers.prefer === undefined) return done()
  const choice = exchange.endpoint.choose(request.headers)
  if ('missing' in choice) return done(new MOCK_ERR_NO_SUCH_VARIANT(choice.missing))
  exchange.variant = choice.variant
  if (choice.applied !== undefined) {
    reply.header('preference-applied', choice.applied)
    reply.header('vary', 'Prefer')
  }
  done()
}
