import type { OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { FaultKind } from '../config-keys/fault.ts'
import { endConnection, resetConnection } from './break-connection.ts'
import { partOf, randomBytes, wrongLength, type Struck } from './struck.ts'

/** Faults that send the answer otherwise than it would be sent. */
export type WireFault = Exclude<FaultKind, 'bad_gzip' | 'latency' | 'bandwidth' | 'slicer'>

const OVERFLOW_BYTES = 512 * 1024

/** What each fault is on a connection of HTTP/1. */
const STRIKES: Readonly<Record<WireFault, (struck: Struck, socket: Socket) => void>> = {
  reset: (struck, socket) => {
    const { afterBytes = 0 } = struck.plan
    if (afterBytes === 0) resetConnection(socket)
    else sendPart(struck, wholeLength(struck), () => resetConnection(socket))
  },
  empty: (_struck, socket) => endConnection(socket),
  hang: (struck, socket) => closeLater(struck, socket),
  random_data: ({ random }, socket) => endConnection(socket, randomBytes(random)),
  malformed_chunk: (struck, socket) => {
    // No chunk size begins so (RFC 9112, section 7.1).
    sendPart(struck, {}, () => endConnection(socket, Buffer.concat([Buffer.from('not a chunk\r\n'), randomBytes(struck.random)])))
  },
  bad_headers: ({ answer: { status } }, socket) => {
    // A name without a colon, one with spaces in it, and bytes that may stand in neither name nor value (RFC 9112, section 5).
    endConnection(socket, `HTTP/1.1 ${status} Mock\r\nContent-Type\r\nbad name: 1\r\n\0\x01\x02: \0\r\n\r\n`)
  },
  header_overflow: ({ response, answer: { status, headers, body } }) => {
    response.writeHead(status, { ...headers, 'x-mock-overflow': 'x'.repeat(OVERFLOW_BYTES), 'content-length': body.length })
    response.end(body)
  },
  truncate: (struck, socket) => {
    const { answer: { body } } = struck
    if (partOf(struck).length === body.length) sendWhole(struck)
    else sendPart(struck, wholeLength(struck), () => endConnection(socket))
  },
  close_mid_body: (struck, socket) => sendPart(struck, {}, () => endConnection(socket)),
  content_length_long: (struck, socket) => {
    const { response, answer: { status, headers, body } } = struck
    response.writeHead(status, { ...headers, 'content-length': wrongLength(struck) })
    response.write(body, () => closeLater(struck, socket))
  },
  content_length_short: struck => {
    const { response, answer: { status, headers, body } } = struck
    response.writeHead(status, { ...headers, 'content-length': wrongLength(struck) })
    response.end(body)
  },
  // Only HTTP/2 has these two: what is nearest is a connection that is not used again, and one that is reset.
  goaway: (_struck, socket) => endConnection(socket),
  rst_stream: (struck, socket) => STRIKES.reset(struck, socket),
  slow_close: ({ response, plan: { forMs = 1000 }, answer: { status, headers, body }, later }) => {
    // Without a length the body ends where the connection does (RFC 9112, section 6.3).
    response.removeHeader('content-length')
    response.removeHeader('transfer-encoding')
    response.writeHead(status, { ...headers, connection: 'close' })
    response.write(body)
    later(forMs, () => response.end())
  }
}

/** Strikes an answer of HTTP/1. The response must not have been begun. */
export function strikeHttp1 (struck: Struck): void {
  const { response, plan: { kind } } = struck
  // One that waits for others on its connection (pipelining) has no socket of its own yet: they are lost with it.
  const socket = response.socket ?? response.req.socket
  if (isWireFault(kind)) STRIKES[kind](struck, socket)
}

const isWireFault = (kind: FaultKind): kind is WireFault => Object.hasOwn(STRIKES, kind)

const wholeLength = ({ answer: { body } }: Struck): OutgoingHttpHeaders => ({ 'content-length': body.length })

function sendWhole ({ response, answer: { status, headers, body } }: Struck): void {
  response.writeHead(status, { ...headers, 'content-length': body.length })
  response.end(body)
}

/** Sends the head and part of the body; `then` is called when they have left. Without a length, the body comes in chunks. */
function sendPart (struck: Struck, length: OutgoingHttpHeaders, then: () => void): void {
  const { response, answer: { status, headers } } = struck
  const part = partOf(struck)
  response.removeHeader('content-length')
  response.writeHead(status, { ...headers, ...length })
  if (part.length > 0) {
    response.write(part, then)
    return
  }
  response.flushHeaders()
  setImmediate(then)
}

/** Leaves the connection as it is: until the client gives up, or for as long as is configured. */
function closeLater ({ plan: { forMs }, later }: Struck, socket: Socket): void {
  if (forMs !== undefined) later(forMs, () => endConnection(socket))
}
