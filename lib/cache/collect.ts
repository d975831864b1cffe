import { Readable } from 'node:stream'

/** A body that was read, and what is sent on: the same, or the stream that was too long to be read. */
export interface Collected {
  readonly body?: Buffer
  readonly payload: unknown
}

/**
 * Reads a body as far as it is worth storing.
 *
 * @param limit in bytes; what is longer goes on as a stream, whole
 */
export function collect (payload: unknown, limit: number): Collected | Promise<Collected> {
  if (payload === null || payload === undefined) return { body: Buffer.alloc(0), payload }
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload
    return body.length > limit ? { payload } : { body, payload }
  }
  return payload instanceof Readable ? read(payload, limit) : { payload }
}

async function read (stream: Readable, limit: number): Promise<Collected> {
  const chunks: Buffer[] = []
  let length = 0
  const source: AsyncIterator<unknown> = stream[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await source.next()
    if (done === true) {
      const body = Buffer.concat(chunks)
      return { body, payload: body }
    }
    const chunk = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) return { payload: Readable.from(goOn(chunks, source), { objectMode: false }) }
  }
}

async function * goOn (chunks: readonly Buffer[], source: AsyncIterator<unknown>): AsyncGenerator<Buffer, void> {
  yield * chunks
  for (;;) {
    const { done, value } = await source.next()
    if (done === true) return
    yield Buffer.isBuffer(value) ? value : Buffer.from(String(value))
  }
}
