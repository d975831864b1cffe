import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from '../lib/exchange.ts'
import type { FailureAnswers } from '../lib/failure/compile-failure.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Fails the request on purpose. */
    sendFailure (status: number, answers: FailureAnswers, exchange: Exchange): FastifyReply | Promise<FastifyReply>
  }
}

/** Makes endpoints with `failure` or `failure_rate` fail when it is their turn. */
export default fp(async fastify => {
  fastify.decorateReply('sendFailure', function (this: FastifyReply, status, answers, exchange) {
    const { answer, variant } = answers(status, this.request.headers.accept)
    if (variant !== undefined) exchange.variant = variant
    this.markInjected('failure', status)
    return this.sendAnswer(answer, exchange)
  })

  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.behaviour.failure !== true) return
    route.preHandler = [...[route.preHandler ?? []].flat(), failInTurn]
  })
}, { name: 'mock-failure', fastify: '5.x', dependencies: ['mock-exchange', 'mock-respond', 'mock-injected'] })

function failInTurn (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const { exchange } = request
  const failure = exchange?.variant.failure
  if (exchange === null || failure === undefined || !failure.occurrence.strikes(exchange)) return done()
  const fail = (error: unknown): void => done(error instanceof Error ? error : new Error(String(error)))
  // After a wait, nobody else would catch what a template or a file that is missing throws.
  try {
    const sent = reply.sendFailure(failure.pickStatus(exchange.random), failure.answers, exchange)
    if (sent instanceof Promise) sent.catch(fail)
  } catch (error) {
    fail(error)
  }
}
