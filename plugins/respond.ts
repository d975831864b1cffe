import send from '@fastify/send'
import fp from 'fastify-plugin'
import type { FastifyReply } from 'fastify'
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Answer } from '../lib/answer.ts'
import type { GeneratedBody } from '../lib/data/bodies.ts'
import { MOCK_ERR_FILE_MISSING, MOCK_ERR_FILE_OUTSIDE, MOCK_ERR_STATUS_INFORMATIONAL } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import type { Responder } from '../lib/resource/responder.ts'
import { fileStream } from '../lib/cache/body.ts'
import { addVary } from './vary.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a compiled answer. */
    sendAnswer (answer: Answer, exchange: Exchange): FastifyReply | Promise<FastifyReply>
  }
}

/** Turns a compiled answer into a reply: status, headers, body. */
export default fp(async fastify => {
  fastify.decorateReply('sendAnswer', function (this: FastifyReply, answer: Answer, exchange: Exchange) {
    if (answer.status < 200) throw new MOCK_ERR_STATUS_INFORMATIONAL(answer.status)
    this.code(answer.status)
    for (const name in answer.headers) {
      const value = answer.headers[name]
      if (name === 'vary' && value !== undefined) addVary(this, value)
      else this.header(name, value)
    }
    if (answer.templatedHeaders !== undefined) {
      for (const [name, render] of answer.templatedHeaders) this.header(name, sendable(render(exchange)))
    }
    const { body } = answer
    if (body === undefined) return answer.file === undefined ? this.send() : sendFile(this, answer.file, exchange)
    switch (body.kind) {
      case 'constant': return this.send(body.payload)
      case 'lazy': return body.make === undefined ? this.send(body.payload()) : sendMade(this, body.make(exchange))
      case 'templated': return this.send(body.render(exchange))
      case 'responder': return sendResponded(this, body.respond, exchange)
    }
  })
}, { name: 'mock-respond', fastify: '5.x' })

function sendResponded (reply: FastifyReply, respond: Responder, exchange: Exchange): FastifyReply {
  const made = respond(exchange, rejection => reply.objectTo(rejection))
  if (made === undefined) return reply
  const { status, headers, payload } = made
  reply.code(status)
  for (const name in headers) reply.header(name, headers[name])
  return reply.send(payload)
}

function sendMade (reply: FastifyReply, { payload, headers }: GeneratedBody): FastifyReply {
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) reply.removeHeader(name)
    else reply.header(name, value)
  }
  return reply.send(payload)
}

/**
 * A rendered header may hold what a client sent. A line break in it must not become another header; what is not visible
 * ASCII (RFC 9110, section 5.5) is percent-encoded, since no two clients read the rest alike.
 */
function sendable (value: string | string[]): string | string[] {
  return typeof value === 'string' ? value.replace(/[\r\n]+/g, ' ').replace(UNSENDABLE, encode) : value.flatMap(sendable)
}

const UNSENDABLE = /[^\t\u0020-\u007E]/gu
const encode = (character: string): string => Buffer.from(character).toString('hex').replace(/../g, byte => `%${byte.toUpperCase()}`)

async function sendWhole (reply: FastifyReply, path: string, missing: (cause?: unknown) => Error): Promise<FastifyReply> {
  const state = await stat(path).catch((cause: unknown) => { throw missing(cause) })
  if (!state.isFile()) throw missing()
  const type = send.mime.getType(path)
  if (type !== null && !reply.hasHeader('content-type')) reply.header('content-type', send.isUtf8MimeType(type) ? `${type}; charset=utf-8` : type)
  reply.header('content-length', state.size)
  return reply.send(fileStream({ path, size: state.size, modified: state.mtimeMs }))
}

async function sendFile (reply: FastifyReply, file: NonNullable<Answer['file']>, exchange: Exchange): Promise<FastifyReply> {
  const root = await realpath(file.root)
  const asked = resolve(root, file.path(exchange))
  const missing = (cause?: unknown) => new MOCK_ERR_FILE_MISSING(relative(root, asked), { cause })
  const path = await realpath(asked).catch((cause: unknown) => { throw missing(cause) })
  const inside = relative(root, path)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw new MOCK_ERR_FILE_OUTSIDE(inside)

  // Of what caches go by, and of requests for parts, the endpoint's own caching takes care.
  if (exchange.variant.cache !== undefined) return sendWhole(reply, path, missing)

  const { type, statusCode, headers, stream } = await send(reply.request.raw, encodeURI(inside).replace(/[?#]/g, encodeURIComponent), {
    root, dotfiles: 'allow', index: false, cacheControl: false
  })
  if (type === 'directory') throw missing()
  if (reply.statusCode === 200) reply.code(statusCode)
  if (statusCode === 416) return reply.header('content-range', headers['Content-Range']).send()
  for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value)
  return reply.send(stream)
}
