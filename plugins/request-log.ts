import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RawRecord, WritableRequestLog } from '../lib/request-log.ts'
import { hostRequestOf } from './request-view.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What was sent, for the request log; undefined for streams. */
    sentPayload: string | Buffer | undefined
    isLogged: boolean
    clientAddress: string
  }
}

export interface RequestLogOptions {
  log: WritableRequestLog
  generation: number
  /** Whether anybody wants records; when the log is off, no request pays for it. */
  enabled: boolean
}

/** Appends each request, answered or hung up on, to the request log. Only references are kept; nothing is formatted here. */
export default fp<RequestLogOptions>(async (fastify, { log, generation, enabled }) => {
  if (!enabled) return
  fastify.decorateRequest('sentPayload', undefined)
  fastify.decorateRequest('isLogged', false)
  fastify.decorateRequest('clientAddress', '')

  const record = (request: FastifyRequest, reply: FastifyReply, aborted: boolean) => {
    if (request.isLogged) return
    request.isLogged = true
    log.append(recordOf(request, reply, generation, aborted))
  }

  // 'finish' (onResponse) never comes when the client hangs up; the response's 'close' does. The request's own abort event is
  // no help: it is over once the body has been read.
  fastify.addHook('onRequest', (request, reply, done) => {
    // A socket that is closed does not know its peer any more.
    request.clientAddress = hostRequestOf(request.raw)?.ip ?? request.ip ?? ''
    reply.raw.on('close', () => record(request, reply, true))
    done()
  })

  fastify.addHook('onSend', (request, _reply, payload, done) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) request.sentPayload = payload
    done()
  })

  fastify.addHook('onResponse', (request, reply, done) => {
    record(request, reply, false)
    done()
  })
}, { name: 'mock-request-log', fastify: '5.x', dependencies: ['mock-bodies', 'mock-exchange'] })

function recordOf (request: FastifyRequest, reply: FastifyReply, generation: number, aborted: boolean): RawRecord {
  const { exchange } = request
  const duration = reply.elapsedTime
  const complete = !aborted || reply.raw.headersSent
  return {
    id: request.id,
    time: Date.now() - duration,
    duration,
    generation,
    method: request.method,
    url: request.url,
    headers: request.headers,
    ip: request.clientAddress,
    body: request.rawBody,
    endpoint: exchange === null ? undefined : exchange.endpoint,
    variant: exchange?.variant.name,
    status: complete ? reply.statusCode : undefined,
    responseHeaders: complete ? reply.getHeaders() : undefined,
    payload: complete ? request.sentPayload : undefined,
    injected: exchange?.injected,
    aborted
  }
}
