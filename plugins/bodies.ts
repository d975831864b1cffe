import fp from 'fastify-plugin'
import { errorCodes, type FastifyReply, type FastifyRequest, type preParsingHookHandler } from 'fastify'
import type { Readable } from 'node:stream'
import { createBodyReaders, type BodyReader } from '../lib/body/body-reader.ts'
import type { DecodedBody } from '../lib/body/decoded-body.ts'
import { hasLongDigits, lostIntegers } from '../lib/body/exact-integers.ts'
import { isTooDeep, jsonFault } from '../lib/body/json.ts'
import { restore, type Restoration } from '../lib/body/restoration.ts'
import { standIns } from '../lib/body/stand-ins.ts'
import type { Config } from '../lib/config.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { MOCK_ERR_BODY_MALFORMED } from '../lib/errors.ts'
import { JSON_TYPE, XML_TYPE } from '../lib/media/media-type.ts'
import { isBodiless } from '../lib/request-body.ts'
import { unreadable } from '../lib/violation/rejection.ts'
import type { Violation } from '../lib/violation/violation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, inflated, for the request log; undefined when there was none. */
    rawBody: string | Buffer | undefined
    /** What there is to know of the body beside its value. */
    bodyNotes: BodyNotes | undefined
  }
}

export interface BodyNotes {
  /** What is wrong with it that no schema can tell. */
  readonly violations: readonly Violation[]
  /** What takes the place of parts of it once it is validated. */
  readonly restorations: readonly Restoration[]
}

type Done = (error: Error | null, body?: unknown) => void

const TEXT_TYPE = /^(?:text\/|application\/(?:x-www-form-urlencoded|xhtml\+xml)\s*(?:;|$))/i

/** Clients send bodies with these though nobody looks at them (RFC 9110, section 9.3.5): no reason to refuse one. */
const INDIFFERENT = new Set(['DELETE', 'OPTIONS'])

/**
 * Reads any body: JSON, forms, multipart and XML become the values that the endpoint's schema speaks of, text stays text,
 * everything else a Buffer. A mock has to take what the real API takes; which types an endpoint accepts is for its schema to say.
 */
export default fp<{ schemas: Config['schemas'] }>(async (fastify, { schemas }) => {
  const createReader = createBodyReaders(schemas)
  const readers = new WeakMap<CompiledEndpoint, BodyReader>()
  const readerOf = ({ exchange }: FastifyRequest): BodyReader | undefined => exchange === null ? undefined : readers.get(exchange.endpoint)
  const limit = fastify.initialConfig.bodyLimit ?? Infinity
  const parseJson = fastify.getDefaultJsonParser('error', 'error')
  fastify.decorateRequest('rawBody', undefined)
  fastify.decorateRequest('bodyNotes', undefined)

  const take = (request: FastifyRequest, body: string | Buffer, done: Done): void => read(request, readerOf(request), body, done)

  function takeJson (request: FastifyRequest, body: string | Buffer, done: Done): void {
    const text = String(body)
    request.rawBody = text
    // Many clients send a content type whether or not they send a body.
    if (text === '') return done(null, undefined)
    const reader = readerOf(request)
    if (isTooDeep(text)) return refuse(request, reader, jsonError(text), text, done)
    parseJson(request, text, (error, value) => {
      if (error !== null) return refuse(request, reader, jsonError(text), text, done)
      if (reader?.hasLongIntegers === true && hasLongDigits(text)) {
        request.bodyNotes = { violations: [], restorations: lostIntegers(text, value, request) }
      }
      done(null, value)
    })
  }

  fastify.removeAllContentTypeParsers()
  // Fastify asks the last one first, and `text/json` is JSON.
  for (const type of [TEXT_TYPE, XML_TYPE]) fastify.addContentTypeParser(type, { parseAs: 'string' }, take)
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, takeJson)
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, take)

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const reader = readers.get(endpoint) ?? createReader(endpoint.config.schema?.body)
    readers.set(endpoint, reader)
    if (reader.needsRestoring) route.preHandler = [...[route.preHandler ?? []].flat(), restoreBody]
    // Fastify reads no body of a GET; where one is declared, or asked about, it is looked at.
    if (isBodiless(route.method) && (reader.isDeclared || endpoint.variants.some(({ when }) => when?.readsBody))) route.preParsing = [...[route.preParsing ?? []].flat(), readAnyway]
  })

  const readAnyway: preParsingHookHandler = (request, _reply, payload, done) => {
    const { headers } = request
    if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return done(null, payload)
    collect(payload, limit, (error, bytes) => {
      if (error !== undefined) return done(error)
      const finish: Done = (error, body) => {
        request.body = body
        done(error, payload)
      }
      const type = headers['content-type'] ?? ''
      if (JSON_TYPE.test(type)) takeJson(request, bytes.toString(), finish)
      else take(request, TEXT_TYPE.test(type) || XML_TYPE.test(type) ? bytes.toString() : bytes, finish)
    })
  }
}, { name: 'mock-bodies', fastify: '5.x' })

const jsonError = (text: string): Error => new MOCK_ERR_BODY_MALFORMED('JSON', jsonFault(text))

/** Reads a body that is not JSON. */
function read (request: FastifyRequest, reader: BodyReader | undefined, body: string | Buffer, done: Done): void {
  request.rawBody = body
  if (body.length === 0) return done(null, undefined)
  const type = request.headers['content-type']
  if (reader === undefined || type === undefined) return done(null, body)

  const accept = ({ value, violations }: DecodedBody): void => {
    request.bodyNotes = { violations, restorations: reader.isText(type) ? standIns(value, request) : [] }
    done(null, value)
  }
  const fail = (error: unknown): void => refuse(request, reader, error instanceof Error ? error : new Error(String(error)), body, done)
  let decoded
  try {
    decoded = reader.decode(body, type)
  } catch (error) {
    return fail(error)
  }
  if (decoded === undefined) done(null, body)
  else if (decoded instanceof Promise) decoded.then(accept, fail)
  else accept(decoded)
}

/** A body that cannot be read is the end of the request, unless nobody insists on it. */
function refuse (request: FastifyRequest, reader: BodyReader | undefined, error: Error, body: string | Buffer, done: Done): void {
  const isIgnored = reader?.isDeclared === false && INDIFFERENT.has(request.method)
  if (!isIgnored && (reader === undefined || request.validateMode() === 'enforce')) return done(error)
  if (!isIgnored) request.bodyNotes = { violations: [unreadable(error.message)], restorations: [] }
  done(null, body)
}

function restoreBody (request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.bodyNotes !== undefined) restore(request.bodyNotes.restorations)
  done()
}

function collect (stream: Readable, limit: number, done: (error: Error | undefined, bytes: Buffer) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  const finish = (error?: Error): void => {
    stream.off('data', add).off('end', finish).off('error', finish)
    done(error, Buffer.concat(chunks, size))
  }
  const add = (chunk: Buffer): void => {
    size += chunk.length
    if (size > limit) finish(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE())
    else chunks.push(chunk)
  }
  stream.on('data', add).on('end', finish).on('error', finish)
}
