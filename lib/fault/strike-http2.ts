import type { ServerResponse } from 'node:http'
import { constants, type Http2ServerResponse, type Http2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { FaultKind } from '../config-keys/fault.ts'
import { endConnection, resetConnection } from './break-connection.ts'
import type { WireFault } from './strike-http1.ts'
import { partOf, randomBytes, wrongLength, type Struck } from './struck.ts'

const { NGHTTP2_NO_ERROR: NO_ERROR, NGHTTP2_PROTOCOL_ERROR: PROTOCOL_ERROR, NGHTTP2_INTERNAL_ERROR: INTERNAL_ERROR } = constants

/** One request of HTTP/2. */
interface Struck2 extends Omit<Struck, 'response'> {
  readonly response: Http2ServerResponse
  readonly stream: ServerHttp2Stream
  readonly session: Http2Session
}

/** What each fault is on a stream of HTTP/2. */
const STRIKES: Readonly<Record<WireFault, (struck: Struck2) => void>> = {
  reset: struck => {
    const { afterBytes = 0 } = struck.plan
    const connection = connectionOf(struck.session)
    if (afterBytes === 0) resetConnection(connection)
    else sendPart(struck, struck.answer.body.length, () => resetConnection(connection))
  },
  empty: ({ session }) => endConnection(connectionOf(session)),
  hang: struck => closeLater(struck),
  random_data: ({ session, random }) => endConnection(connectionOf(session), randomBytes(random)),
  malformed_chunk: struck => sendPart(struck, undefined, () => struck.stream.close(PROTOCOL_ERROR)),
  bad_headers: ({ stream }) => stream.close(PROTOCOL_ERROR),
  header_overflow: ({ stream }) => stream.close(PROTOCOL_ERROR),
  truncate: struck => sendAll(struck, struck.answer.body.length, partOf(struck)),
  close_mid_body: struck => sendPart(struck, undefined, () => struck.stream.close(INTERNAL_ERROR)),
  content_length_long: struck => sendAll(struck, wrongLength(struck), struck.answer.body),
  content_length_short: struck => sendAll(struck, wrongLength(struck), struck.answer.body),
  goaway: ({ session, plan: { code } }) => {
    session.goaway(code)
    setImmediate(() => endConnection(connectionOf(session)))
  },
  rst_stream: struck => {
    const { plan: { afterBytes = 0, code }, stream } = struck
    if (afterBytes === 0) stream.close(code)
    else sendPart(struck, undefined, () => stream.close(code))
  },
  slow_close: ({ response, plan: { forMs = 1000 }, answer: { status, headers, body }, later }) => {
    response.writeHead(status, headers)
    response.write(body)
    later(forMs, () => response.end())
  }
}

/** Strikes an answer of HTTP/2. The response must not have been begun. */
export function strikeHttp2 (struck: Struck, response: Http2ServerResponse): void {
  const { plan: { kind } } = struck
  const { stream } = response
  const { session } = stream
  if (session !== undefined && isWireFault(kind)) STRIKES[kind]({ ...struck, response, stream, session })
}

const isWireFault = (kind: FaultKind): kind is WireFault => Object.hasOwn(STRIKES, kind)

/** The response of HTTP/2 that one of Fastify's is, which has one type for all. */
export function http2ResponseOf (response: ServerResponse): Http2ServerResponse | undefined {
  const either: object = response
  return isHttp2(either) ? either : undefined
}

const isHttp2 = (response: object): response is Http2ServerResponse => 'stream' in response

/** Sends the head and part of the body; `then` is called when they have left. */
function sendPart (struck: Struck2, length: number | undefined, then: () => void): void {
  const { response, answer: { status, headers } } = struck
  const part = partOf(struck)
  response.writeHead(status, length === undefined ? headers : { ...headers, 'content-length': length })
  if (part.length > 0) response.write(part, then)
  else setImmediate(then)
}

function sendAll ({ response, answer: { status, headers } }: Struck2, length: number, body: Buffer): void {
  response.writeHead(status, { ...headers, 'content-length': length })
  response.end(body)
}

/**
 * The connection beneath a session. Node keeps its methods that would upset the session to itself; here, that is what is wanted.
 * All others are the socket's own, and this one returns it.
 */
const connectionOf = ({ socket }: Http2Session): Socket => socket.off('mock', () => {})

function closeLater ({ plan: { forMs }, stream, later }: Struck2): void {
  if (forMs !== undefined) later(forMs, () => stream.close(NO_ERROR))
}
