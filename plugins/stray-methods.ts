import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { MOCK_ERR_METHOD } from '../lib/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is for methods that its endpoint does not have, and answers all the same (`validate: off`, `warn`). */
    isStray?: boolean
  }
}

/** Tells a request that it is answered though its method is not the endpoint's; it can insist on being refused. */
export default fp<{ status: number }>(async (fastify, { status }) => {
  fastify.addHook('onRoute', route => {
    if (route.config?.isStray === true) route.onRequest = [...[route.onRequest ?? []].flat(), object]
  })

  function object (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const methods = request.exchange?.endpoint.methods ?? []
    const error = new MOCK_ERR_METHOD(methods.join(', '), request.method)
    const isRejected = reply.objectTo({
      kind: 'other',
      status,
      code: error.code,
      title: STATUS_CODES[status] ?? 'Method Not Allowed',
      detail: error.message,
      violations: [{ in: 'path', pointer: '', rule: 'method', expected: methods, message: `must be asked with ${methods.join(' or ')}, and not with ${request.method}` }],
      headers: { allow: methods.join(', ') }
    })
    if (!isRejected) done()
  }
}, { name: 'mock-stray-methods', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })
