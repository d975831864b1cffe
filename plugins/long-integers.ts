import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasLongDigits, longIntegerSearch } from '../lib/body/exact-integers.ts'
import { restore, type Restoration } from '../lib/body/restoration.ts'
import { standIns } from '../lib/body/stand-ins.ts'
import type { Config } from '../lib/config.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Integers of its parameters that have more digits than a number holds. */
    longIntegers: readonly Restoration[] | undefined
  }
}

/**
 * Keeps the digits of parameters that are integers of 64 bits: validation makes numbers of them, which hold 53. Only for endpoints
 * whose schemas speak of such integers; bodies see to theirs when they are read.
 */
export default fp<{ schemas: Config['schemas'] }>(async (fastify, { schemas = {} }) => {
  const speaksOfThem = longIntegerSearch(schemas)
  fastify.decorateRequest('longIntegers', undefined)

  fastify.addHook('onRoute', route => {
    const { params, querystring } = route.config?.endpoint?.config.schema ?? {}
    if (!speaksOfThem(params) && !speaksOfThem(querystring)) return
    route.preValidation = [...[route.preValidation ?? []].flat(), note]
    route.preHandler = [...[route.preHandler ?? []].flat(), giveBack]
  })
}, { name: 'mock-long-integers', fastify: '5.x', dependencies: ['mock-parameters', 'mock-validation'] })

function note (request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (hasLongDigits(request.url)) request.longIntegers = [request.params, request.query].flatMap(values => standIns(values, {}))
  done()
}

function giveBack (request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.longIntegers !== undefined) restore(request.longIntegers)
  done()
}
