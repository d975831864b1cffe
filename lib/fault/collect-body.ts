import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'

/** What Fastify is about to send, as bytes: a text, bytes, a stream, or nothing. */
export async function collectBody (payload: unknown): Promise<Buffer> {
  if (typeof payload === 'string') return Buffer.from(payload)
  if (Buffer.isBuffer(payload)) return payload
  if (payload instanceof Uint8Array) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (payload instanceof Readable) return buffer(payload)
  if (payload instanceof ReadableStream) return buffer(Readable.fromWeb(payload))
  return Buffer.alloc(0)
}
