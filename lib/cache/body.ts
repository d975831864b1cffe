import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { ByteRange } from './ranges.ts'

/** A body of which parts can be had. */
export interface Body {
  /** In bytes. */
  readonly length: number
  /** The bytes from the first to the last of each range. */
  read (range: ByteRange): Buffer | AsyncIterable<Buffer>
}

/** A file as it was when it was looked at. */
export interface FileState {
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** When it was last written, in milliseconds since the epoch. */
  readonly modified: number
}

export function bytesBody (bytes: Buffer): Body {
  return { length: bytes.length, read: ({ first, last }) => bytes.subarray(first, last + 1) }
}

export function fileBody ({ path, size }: FileState): Body {
  return { length: size, read: ({ first, last }) => readFile(path, first, last) }
}

// Not opened before the first piece is asked for: what is answered with 304 is never read.
async function * readFile (path: string, start: number, end: number): AsyncGenerator<Buffer, void> {
  yield * createReadStream(path, { start, end })
}

const files = new WeakMap<Readable, FileState>()

/** A stream of a whole file, which says what file it is of. */
export function fileStream (file: FileState): Readable {
  const stream = Readable.from(file.size === 0 ? [] : readFile(file.path, 0, file.size - 1), { objectMode: false })
  files.set(stream, file)
  return stream
}

/** The file that a payload is a stream of. */
export const fileOf = (payload: unknown): FileState | undefined => payload instanceof Readable ? files.get(payload) : undefined
