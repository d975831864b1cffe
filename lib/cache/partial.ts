import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Body } from './body.ts'
import { contentRange, sizeOf, type ByteRange } from './ranges.ts'

/** What is sent of a representation, instead of all of it. */
export interface PartialContent {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Buffer | Readable
}

/**
 * Parts of a body: one as it is, several as `multipart/byteranges` (RFC 9110, section 14.6).
 *
 * @param contentType of the whole
 */
export function partial (body: Body, ranges: readonly ByteRange[], contentType: string | undefined): PartialContent {
  const [only, ...others] = ranges
  if (only !== undefined && others.length === 0) {
    return { headers: { 'content-range': contentRange(only, body.length), 'content-length': String(sizeOf(only)) }, payload: joined([body.read(only)]) }
  }
  const boundary = boundaryOf(body, ranges)
  const pieces: Array<Buffer | AsyncIterable<Buffer>> = []
  let length = 0
  const write = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1')
    length += bytes.length
    pieces.push(bytes)
  }
  for (const [index, range] of ranges.entries()) {
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`
    write(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n${type}Content-Range: ${contentRange(range, body.length)}\r\n\r\n`)
    length += sizeOf(range)
    pieces.push(body.read(range))
  }
  write(`\r\n--${boundary}--\r\n`)
  return { headers: { 'content-type': `multipart/byteranges; boundary=${boundary}`, 'content-length': String(length) }, payload: joined(pieces) }
}

/** The same for the same parts, so that a run can be repeated; long enough to be in no body. */
const boundaryOf = (body: Body, ranges: readonly ByteRange[]): string =>
  `part-${createHash('sha256').update(JSON.stringify([body.length, ranges])).digest('hex').slice(0, 32)}`

function joined (pieces: ReadonlyArray<Buffer | AsyncIterable<Buffer>>): Buffer | Readable {
  const buffers = pieces.filter(piece => Buffer.isBuffer(piece))
  return buffers.length === pieces.length ? Buffer.concat(buffers) : Readable.from(inTurn(pieces), { objectMode: false })
}

async function * inTurn (pieces: ReadonlyArray<Buffer | AsyncIterable<Buffer>>): AsyncGenerator<Buffer, void> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece
    else yield * piece
  }
}
