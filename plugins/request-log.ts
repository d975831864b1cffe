import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { dryRunOf } from '../lib/dry-run.ts'
import type { RawRecord, WritableRequestLog } from '../lib/request-log.ts'
import { createLastHeaders, createRecentHeaders } from '../lib/request-log/recent-headers.ts'
import { scopeOf } from '../lib/scope/request-scope.ts'
import { hostRequestOf } from './request-view.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What was sent, for the request log; undefined for streams. */
    sentPayload: string | Buffer | undefined
    clientAddress: string
    /** Whether another layer answers it, and its log is that layer's. */
    isPassedOn: boolean
    /** As they were received, where validation is going to change them in place. */
    receivedHeaders: RawRecord['headers'] | undefined
  }
}

export interface RequestLogOptions {
  log: WritableRequestLog
  generation: number
  /** The profile that it serves. */
  profile: string | undefined
  /** Whether anybody wants records; when the log is off, no request pays for it. */
  enabled: boolean
}

/** Appends each request, answered or hung up on, to the request log. Only references are kept; nothing is formatted here. */
export default fp<RequestLogOptions>(async (fastify, { log, generation, profile, enabled }) => {
  if (!enabled) return
  const recordOf = createRecorder(generation, profile)
  fastify.decorateRequest('sentPayload', undefined)
  fastify.decorateRequest('clientAddress', '')
  fastify.decorateRequest('receivedHeaders', undefined)
  fastify.decorateRequest('isPassedOn', false)

  fastify.addHook('onRoute', route => {
    if (route.config?.endpoint?.config.schema?.headers === undefined) return
    route.onRequest = [keepHeaders, ...[route.onRequest ?? []].flat()]
  })

  // The response's 'close' comes once, last of all, answered or hung up on: Fastify's onResponse would need a second way for
  // those who hang up, and listeners of its own. The request's abort event is no help: it is over once the body has been read.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (dryRunOf(request.raw) !== undefined) return done()
    const start = performance.now()
    let isFinished = false
    // A socket that is closed does not know its peer any more.
    request.clientAddress = hostRequestOf(request.raw)?.ip ?? request.ip ?? ''
    // An injected response closes without ever being flushed, so that only the event tells that it was complete.
    reply.raw.on('finish', () => { isFinished = true })
    reply.raw.on('close', () => {
      if (!request.isPassedOn && scopeOf(request.raw)?.isDisposed !== true) log.append(recordOf(request, reply, performance.now() - start, isFinished))
    })
    done()
  })

  fastify.addHook('onSend', (request, _reply, payload, done) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) request.sentPayload = payload
    done()
  })
}, { name: 'mock-request-log', fastify: '5.x', dependencies: ['mock-bodies', 'mock-exchange'] })

function keepHeaders (request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  request.receivedHeaders = { ...request.headers }
  done()
}

type Recorder = (request: FastifyRequest, reply: FastifyReply, duration: number, isFinished: boolean) => RawRecord

function createRecorder (generation: number, profile: string | undefined): Recorder {
  const received = createRecentHeaders()
  const sent = createLastHeaders()

  return (request, reply, duration, isFinished) => {
    const { exchange } = request
    const { raw } = reply
    // Of HTTP/2, a stream that was reset counts as finished too.
    const isIncomplete = !raw.writableEnded || !isFinished
    // What a fault cuts short, no client has hung up on; only one that hangs waits for that.
    const fault = exchange?.injected?.fault
    const aborted = isIncomplete && (fault === undefined || fault === 'hang')
    const complete = !isIncomplete || raw.headersSent
    return {
      id: request.id,
      time: Date.now() - duration,
      duration,
      generation,
      method: request.method,
      url: request.url,
      headers: received(request.raw.rawHeaders, () => request.receivedHeaders ?? request.headers),
      ip: request.clientAddress,
      body: request.rawBody,
      endpoint: exchange?.isUnmatched === true ? undefined : exchange?.endpoint.names,
      variant: exchange?.variant.name,
      status: complete ? reply.statusCode : undefined,
      responseHeaders: complete ? sent(reply.getHeaders()) : undefined,
      payload: complete ? request.sentPayload : undefined,
      injected: exchange?.injected,
      violations: exchange?.violations,
      moves: exchange?.moves,
      caller: exchange?.caller,
      aborted,
      scope: scopeOf(request.raw)?.id,
      profile
    }
  }
}
