import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { ALL_METHODS } from '../lib/config/methods.ts'
import { kHostRequest, type CarriedRequest } from './request-view.ts'

/** Hands a request of the host's to an inner instance, whole: its raw request and response, body unread. */
export function handOver (request: FastifyRequest, reply: FastifyReply, app: FastifyInstance): void {
  takeOver(request, reply)
  app.routing(request.raw, reply.raw)
}

/** Takes a request from the host, whose answer is the caller's to send from now on. */
export function takeOver (request: FastifyRequest, reply: FastifyReply): void {
  const raw: CarriedRequest = request.raw
  raw[kHostRequest] = request
  // A hijacked reply loses the headers that the host's hooks have set (CORS, rate limits, helmet).
  const headers = reply.getHeaders()
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  reply.hijack()
}

/**
 * Routes that take every method, and leave the body to whom the request is handed over. Must be called in a context of its
 * own: it takes the body parsers out of it.
 */
export function routeAll (scope: FastifyInstance, urls: readonly string[], handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const url of urls) {
    // The host may have some already: @fastify/cors answers OPTIONS for all paths.
    const method = scope.supportedMethods.filter((method): method is HTTPMethods => !isTaken(scope, method, url))
    if (method.length > 0) scope.route({ method, url, handler, exposeHeadRoute: false })
  }
}

function isTaken (scope: FastifyInstance, method: string, url: string): boolean {
  const full = scope.prefix + url
  return scope.hasRoute({ method: method as HTTPMethods, url: full }) || (full === '/*' && scope.hasRoute({ method: method as HTTPMethods, url: '*' }))
}

/** Lets the host receive every method that Node can, before its routes are made. */
export function supportAllMethods (fastify: FastifyInstance): void {
  for (const method of ALL_METHODS) {
    if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method, { hasBody: true })
  }
}
