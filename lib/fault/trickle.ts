import { Readable } from 'node:stream'
import type { Clock } from '../clock.ts'

/** How a body is sent in pieces. */
export interface Pieces {
  readonly bytes: number
  /** How long each piece waits for the one before, in milliseconds; the first does not wait. */
  readonly delayMs: number
}

/** So often a body is cut whose rate is bounded: smooth enough for a client, and few enough timers. */
const PIECES_PER_SECOND = 20

/** Pieces for a rate. */
export const piecesAt = (bytesPerSecond: number): Pieces => {
  const bytes = Math.max(1, Math.round(bytesPerSecond / PIECES_PER_SECOND))
  return { bytes, delayMs: bytes / bytesPerSecond * 1000 }
}

/** A body that comes in pieces, by a clock. Whoever is waiting when the stream is destroyed waits no more. */
export function trickle (body: Buffer, { bytes, delayMs }: Pieces, clock: Pick<Clock, 'after'>): Readable {
  let sent = 0
  let cancel: (() => void) | undefined
  return new Readable({
    highWaterMark: bytes,
    read () {
      const push = (): void => {
        const piece = body.subarray(sent, sent + bytes)
        sent += piece.length
        this.push(piece)
      }
      if (sent >= body.length) this.push(null)
      else if (sent === 0 || delayMs === 0) push()
      else cancel = clock.after(delayMs, push)
    },
    destroy (error, done) {
      cancel?.()
      done(error)
    }
  })
}
