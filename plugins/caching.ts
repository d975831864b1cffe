import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bytesBody, fileBody, fileOf, type Body } from '../lib/cache/body.ts'
import type { CompiledCache } from '../lib/cache/compile-cache.ts'
import { createFileTags } from '../lib/cache/file-tags.ts'
import { formatHttpDate, inSeconds, parseHttpDate } from '../lib/cache/http-date.ts'
import { evaluate, isSameForRange, type Precondition, type PreconditionHeader, type Validators } from '../lib/cache/preconditions.ts'
import { partial } from '../lib/cache/partial.ts'
import { contentRange, parseRanges } from '../lib/cache/ranges.ts'
import { MOCK_ERR_PRECONDITION_FAILED } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import { addVary } from './vary.ts'

type Done = (error: Error | null, payload?: unknown) => void
type Checked = (error?: Error) => void

/**
 * Answers of endpoints with `cache` carry what caches go by, and conditional requests and requests for parts are answered as RFC 9110 has
 * it: with 304, 206, 412 and 416.
 */
export default fp(async fastify => {
  const tagOfFile = createFileTags()

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint?.behaviour.cache !== true) return
    route.onSend = [...[route.onSend ?? []].flat(), revise]
    if ([route.method].flat().every(isRead)) return
    route.preHandler = [...[route.preHandler ?? []].flat(), endpoint.source.resource === undefined ? checkWrite : checkRowWrite]
  })

  function revise (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
    const { exchange } = request
    const cache = exchange === null ? undefined : cacheOf(exchange, reply.statusCode)
    if (exchange === null || cache === undefined) return done(null, payload)
    const { statusCode: status } = reply
    if (!isRead(request.method)) {
      if (status < 400) exchange.store.validators.touch(request.originalUrl, exchange.store.clock.now())
      tell(cache, exchange, reply)
      return done(null, payload)
    }
    const sent: Sent = { request, reply, exchange, cache, done }
    const file = fileOf(payload)
    const type = String(reply.getHeader('content-type') ?? '')
    if (status !== 200 && status !== 203) finish(sent, payload)
    else if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      const own = reply.getHeader('etag')
      const { etag } = cache
      const tag = own === undefined && typeof etag === 'string' ? cache.tagOf(payload, type) : undefined
      decide(sent, payload, () => bytesBody(typeof payload === 'string' ? Buffer.from(payload) : payload), validatorsOf(sent, tag, () => tag ?? cache.tagOf(payload, type)))
    } else if (file !== undefined) {
      const { etag } = cache
      const answer = (tag?: string): void => decide(sent, payload, () => fileBody(file), { ...validatorsOf(sent, tag), ...cache.lastModified === 'changed' && { modified: file.modified } })
      if (typeof etag === 'string' && !reply.hasHeader('etag')) tagOfFile(etag, file, type).then(answer, done)
      else answer()
    } else finish(sent, payload)
  }
}, { name: 'mock-caching', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })

/** An answer on its way. */
interface Sent {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly exchange: Exchange
  readonly cache: CompiledCache
  readonly done: Done
}

/** What the answer that was chosen tells caches; of one that was sent in its place (a rejection, a failure), nothing. */
function cacheOf ({ variant: { cache, answer } }: Exchange, status: number): CompiledCache | undefined {
  return status === answer.status || (answer.body?.kind === 'responder' && status < 400) ? cache : undefined
}

/**
 * What the answer can be told from others by. Headers that were set stay as they are.
 *
 * @param tag what its tag is to be, made of the body
 * @param fingerprint tells whether the content has changed, where that is to be known
 */
function validatorsOf ({ request, reply, exchange, cache }: Sent, tag: string | undefined, fingerprint?: () => string): Validators {
  const { etag, lastModified } = cache
  const { clock, validators } = exchange.store
  const made = tag ?? (typeof etag === 'object' ? etag.tag : undefined)
  const sentTag = reply.hasHeader('etag') ? String(reply.getHeader('etag')) : made
  if (reply.hasHeader('last-modified')) return { etag: sentTag, modified: parseHttpDate(String(reply.getHeader('last-modified'))) }
  // Also noted where it is not told: writes are held against it.
  const changed = fingerprint === undefined
    ? undefined
    : validators.note(request.originalUrl, placeOf(exchange), { fingerprint: sentTag ?? fingerprint(), etag: sentTag }, clock.now())
  return { etag: sentTag, modified: lastModified === 'changed' ? changed : lastModified === 'now' ? clock.now() : lastModified }
}

const placeOf = ({ endpoint, variant }: Exchange): string => `${endpoint.id} ${variant.place}`

function decide (sent: Sent, payload: unknown, bodyOf: () => Body, validators: Validators): void {
  const { request, reply, exchange, cache, done } = sent
  const { method, headers } = request
  const precondition = evaluate(method, headers, validators)
  if (!precondition.holds && precondition.status === 412) return done(failed(precondition.header))
  if (validators.etag !== undefined) reply.header('etag', validators.etag)
  if (validators.modified !== undefined) reply.header('last-modified', formatHttpDate(inSeconds(validators.modified)))
  if (!precondition.holds) {
    notModified(reply)
    return finish(sent, null)
  }
  if (!cache.hasRanges || reply.statusCode !== 200) return finish(sent, payload)
  reply.header('accept-ranges', 'bytes')
  const { range } = headers
  if (range === undefined || method !== 'GET' || !isSameForRange(headers, validators, exchange.store.clock.now())) return finish(sent, payload)
  const body = bodyOf()
  const ranges = parseRanges(range, body.length)
  if (ranges === undefined) return finish(sent, payload)
  if (ranges === 'unsatisfiable') {
    reply.code(416).header('content-range', contentRange(undefined, body.length)).removeHeader('content-type').removeHeader('content-length')
    return finish(sent, null)
  }
  const part = partial(body, ranges, typeOf(reply))
  reply.code(206).headers(part.headers)
  finish(sent, part.payload)
}

/** What describes a body goes where there is none, and what tells the client nothing new (RFC 9110, section 15.4.5). */
function notModified (reply: FastifyReply): void {
  reply.code(304)
  for (const name of ['content-type', 'content-length', 'content-encoding', 'content-language']) reply.removeHeader(name)
  if (reply.hasHeader('etag')) reply.removeHeader('last-modified')
}

function finish ({ request, reply, exchange, cache, done }: Sent, payload: unknown): void {
  tell(cache, exchange, reply)
  request.sentPayload = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : undefined
  done(null, payload)
}

function tell (cache: CompiledCache, { store }: Exchange, reply: FastifyReply): void {
  const now = store.clock.now()
  // The server's own goes by the real time, and ages are counted from it.
  reply.header('date', formatHttpDate(now))
  for (const [name, value] of cache.headers) if (!reply.hasHeader(name)) reply.header(name, value)
  if (cache.expiresAfter !== undefined && !reply.hasHeader('expires')) reply.header('expires', formatHttpDate(now + cache.expiresAfter * 1000))
  if (cache.vary !== undefined) addVary(reply, cache.vary)
}

const typeOf = (reply: FastifyReply): string | undefined => reply.hasHeader('content-type') ? String(reply.getHeader('content-type')) : undefined

/** A write is held against what was last sent for its address, before anything moves. */
function checkWrite (request: FastifyRequest, _reply: FastifyReply, done: Checked): void {
  const { exchange, headers } = request
  if (exchange === null || isRead(request.method)) return done()
  const known = exchange.store.validators.of(request.originalUrl)
  const { 'if-none-match': _unwanted, ...others } = headers
  // Nothing was sent yet: there may be something, and nobody can know its tag.
  const verdicts = known.length === 0 ? [evaluate(request.method, others, {})] : known.map(one => evaluate(request.method, headers, one))
  done(refusalOf(verdicts))
}

/** Resources look at tags themselves; dates of rows are told by `cache` alone. */
function checkRowWrite (request: FastifyRequest, _reply: FastifyReply, done: Checked): void {
  const { exchange, headers } = request
  const since = headers['if-unmodified-since']
  if (exchange === null || since === undefined || headers['if-match'] !== undefined || isRead(request.method)) return done()
  const known = exchange.store.validators.of(request.originalUrl)
  done(refusalOf(known.map(one => evaluate(request.method, { 'if-unmodified-since': since }, one))))
}

/** One representation that is as the client believes it to be is enough; none may be what it believes is not there. */
function refusalOf (verdicts: readonly Precondition[]): Error | undefined {
  const headers = verdicts.map(verdict => verdict.holds || verdict.status === 304 ? undefined : verdict.header)
  const unwanted = headers.find(header => header === 'If-None-Match')
  const refused = unwanted ?? (headers.includes(undefined) ? undefined : headers[0])
  return refused === undefined ? undefined : failed(refused)
}

const REASONS: Readonly<Record<PreconditionHeader, string>> = {
  'If-Match': 'the representation is none of those that `If-Match` names: get it anew, and send its `ETag`',
  'If-Unmodified-Since': 'the representation has changed since the date of `If-Unmodified-Since`: get it anew, and send its `Last-Modified`',
  'If-None-Match': 'there is a representation already that `If-None-Match` rules out'
}

const failed = (header: PreconditionHeader): Error => new MOCK_ERR_PRECONDITION_FAILED(REASONS[header])

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'
