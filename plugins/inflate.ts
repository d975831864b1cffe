import { errorCodes } from 'fastify'
import fp from 'fastify-plugin'
import type { preParsingHookHandler, RequestPayload } from 'fastify'
import { Transform, type Readable } from 'node:stream'
import { ENCODINGS, inflatersFor } from '../lib/body/content-encoding.ts'
import { MOCK_ERR_BODY_MALFORMED, MOCK_ERR_CONTENT_ENCODING } from '../lib/errors.ts'
import { isBodiless } from '../lib/request-body.ts'
import { ReplayedRequest } from './replayed-request.ts'

/** Inflates bodies that are compressed (`Content-Encoding`). The body limit is that of what they become. */
export default fp(async fastify => {
  const limit = fastify.initialConfig.bodyLimit ?? Infinity

  const inflate: preParsingHookHandler = (request, reply, payload, done) => {
    const encoding = request.headers['content-encoding']
    if (encoding === undefined || request.raw instanceof ReplayedRequest) return done(null, payload)
    const inflaters = inflatersFor(encoding)
    if (inflaters === undefined) {
      // What would be taken (RFC 7694).
      reply.header('accept-encoding', ENCODINGS)
      return done(new MOCK_ERR_CONTENT_ENCODING(encoding, ENCODINGS))
    }
    if (inflaters.length === 0) return done(null, payload)
    const inflated: RequestPayload = inflateAll(payload, inflaters, encoding, limit)
    // Fastify holds it against the content length, which Node has seen to already.
    inflated.receivedEncodedLength = Number(request.headers['content-length'] ?? 0)
    done(null, inflated)
  }

  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined || (isBodiless(route.method) && endpoint.config.schema?.body === undefined)) return
    route.preParsing = [inflate, ...[route.preParsing ?? []].flat()]
  })
}, { name: 'mock-inflate', fastify: '5.x', dependencies: ['mock-exchange'] })

/**
 * A stream of what the bytes become. It begins when it is read: Fastify reads no body that says to be too large, or that has neither a
 * type nor a length (HTTP/2 allows that). When it ends, fails or grows too large, what is left of the request is dropped.
 */
function inflateAll (source: Readable, makers: ReadonlyArray<() => Transform>, encoding: string, limit: number): Transform {
  let size = 0
  const bounded = new Transform({
    transform (chunk: Buffer, _encoding, callback) {
      size += chunk.length
      if (size > limit) callback(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE())
      else callback(null, chunk)
    }
  })
  bounded.once('resume', () => {
    const inflaters = makers.map(make => make())
    const [first = bounded, ...rest] = inflaters
    let last: Transform = first
    for (const inflater of [...rest, bounded]) last = last.pipe(inflater)
    for (const inflater of inflaters) {
      inflater.once('error', cause => bounded.destroy(new MOCK_ERR_BODY_MALFORMED(encoding, cause.message, { cause })))
    }
    const hungUp = (): void => { if (!source.readableEnded) bounded.destroy(new Error('The client hung up')) }
    source.once('error', hungUp)
    source.once('close', hungUp)
    bounded.once('close', () => {
      source.off('error', hungUp)
      source.off('close', hungUp)
      source.unpipe(first)
      for (const inflater of inflaters) inflater.destroy()
      // A stream of HTTP/2 is not through before it has been read.
      source.resume()
    })
    source.pipe(first)
  })
  // Whoever reads it listens as well, until there is an answer; an error that comes later is nobody's, and would end the process.
  bounded.on('error', () => {})
  return bounded
}
