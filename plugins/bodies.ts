import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse as parseForm } from 'node:querystring'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for the request log; undefined when there was none. */
    rawBody: string | Buffer | undefined
  }
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.+-]+\+)?xml\b)/i
const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * Reads any body: JSON and forms become values, text stays text, everything else a Buffer. A mock has to take what the real
 * API takes; which types an endpoint accepts is for its schema to say.
 */
export default fp(async fastify => {
  fastify.decorateRequest('rawBody', undefined)
  fastify.removeAllContentTypeParsers()
  addJson(fastify)
  fastify.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body
    done(null, { ...parseForm(String(body)) })
  })
  fastify.addContentTypeParser(TEXT_TYPE, { parseAs: 'string' }, keep)
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, keep)
}, { name: 'mock-bodies', fastify: '5.x' })

function addJson (fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error')
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body
    // Many clients send a content type whether or not they send a body.
    if (body === '') done(null, undefined)
    else parse(request, String(body), done)
  })
}

function keep (request: FastifyRequest, body: string | Buffer, done: (error: Error | null, body?: unknown) => void): void {
  request.rawBody = body
  done(null, body.length === 0 ? undefined : body)
}
