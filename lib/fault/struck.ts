import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Random } from '../random.ts'
import type { FaultPlan } from './compile-fault.ts'

/** An answer that a fault strikes, as it would have been sent. */
export interface StruckAnswer {
  readonly status: number
  /** Names in lower case; without `content-length` and `transfer-encoding`, which are the fault's to say. */
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** What a fault has to work with. */
export interface Struck {
  readonly plan: FaultPlan
  readonly response: ServerResponse
  readonly answer: StruckAnswer
  readonly random: Random
  /** Calls the function after so many milliseconds, or never, if the response is closed before. */
  readonly later: (milliseconds: number, run: () => void) => void
}

/** How much of the body is sent: so many bytes of it, or half. */
export const partOf = ({ plan: { afterBytes }, answer: { body } }: Pick<Struck, 'plan' | 'answer'>): Buffer =>
  body.subarray(0, afterBytes ?? Math.floor(body.length / 2))

/** The length that the header is to claim instead of the right one; it is never right, and never negative. */
export function wrongLength ({ plan: { kind, afterBytes }, answer: { body } }: Pick<Struck, 'plan' | 'answer'>): number {
  const { length } = body
  const by = Math.max(1, afterBytes ?? Math.ceil(length / 2))
  return kind === 'content_length_short' ? Math.max(0, length - by) : length + by
}

/** Bytes that are no HTTP; the same for the same seed. */
export function randomBytes (random: Random, size = 512): Buffer {
  const bytes = Buffer.from(Array.from({ length: size }, () => random.int(0, 255)))
  // Whatever follows, it is no status line.
  bytes[0] = 0xFF
  return bytes
}

/** Headers as a fault sends them: how long the body is, and how it is framed, are the fault's to say. */
export function withoutLength ({ 'content-length': _length, 'transfer-encoding': _coding, ...headers }: Readonly<Record<string, number | string | string[] | undefined>>): OutgoingHttpHeaders {
  return headers
}
