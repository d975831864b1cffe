import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Makes endpoints with `failure_rate` fail now and then. */
export default fp(async fastify => {
  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.behaviour.failure !== true) return
    route.preHandler = [...[route.preHandler ?? []].flat(), failSometimes]
  })
}, { name: 'mock-failure', fastify: '5.x', dependencies: ['mock-exchange', 'mock-respond'] })

function failSometimes (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const exchange = request.exchange
  const failure = exchange?.variant.failure
  if (exchange === null || failure === undefined || exchange.random.next() >= failure.rate) return done()
  const answer = exchange.random.pick(failure.answers)
  exchange.injected = { ...exchange.injected, failure: answer.status }
  reply.sendAnswer(answer, exchange)
}
