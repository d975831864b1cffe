import type { LogEntry } from '../request-log.ts'
import type { UnusedEndpoint } from '../verification/absence.ts'
import type { EndpointCall } from '../verification/call.ts'
import type { RequestLike } from '../verification/request-pattern.ts'
import type { Count } from '../verification/count.ts'
import type { Verification } from '../verification/verification.ts'
import { callerFrames, VerificationError } from '../verification/verification-error.ts'
import { answerOf, type Send } from './transport.ts'

interface Calls { calls: EndpointCall[] }

interface WaitOptions {
  count?: number | undefined
  timeout_ms?: number | undefined
  after?: number | undefined
  signal?: AbortSignal | undefined
}

const DEFAULT_TIMEOUT_MS = 5000

/** Proxies and load balancers end what takes longer than half a minute or so: a long wait is asked for in turns. */
const LONGEST_TURN_MS = 20_000

/** Claims about what was called, made over HTTP. */
export function createVerificationClient (send: Send): Verification {
  async function callsOf (like?: RequestLike): Promise<EndpointCall[]> {
    const { calls } = await answerOf<Calls>(send('POST', '/calls', { body: like === undefined ? {} : { request: plain(like) } }))
    return calls
  }

  const client = {
    async verify (like: RequestLike, count?: Count) {
      const frames = callerFrames(client.verify)
      await send('POST', '/verify', { body: { request: plain(like), count }, frames })
    },
    async verifySequence (likes: readonly RequestLike[], { strict = false }: { strict?: boolean } = {}) {
      const frames = callerFrames(client.verifySequence)
      await send('POST', '/verify-sequence', { body: { requests: likes.map(plain), strict }, frames })
    },
    async verifyNothingElse () {
      const frames = callerFrames(client.verifyNothingElse)
      await send('POST', '/verify-nothing-else', { frames })
    },
    async verifyAllUsed () {
      const frames = callerFrames(client.verifyAllUsed)
      await send('POST', '/verify-all-used', { frames })
    },
    async verifyNoUnmatched () {
      const frames = callerFrames(client.verifyNoUnmatched)
      await send('POST', '/verify-no-unmatched', { frames })
    },
    async waitFor (like: RequestLike, { count, timeout_ms: timeout = DEFAULT_TIMEOUT_MS, after, signal, ...others }: WaitOptions = {}) {
      const frames = callerFrames(client.waitFor)
      // Counted down, for the clock may be a test's own.
      for (let left = timeout; ; left -= LONGEST_TURN_MS) {
        const turn = Math.min(left, LONGEST_TURN_MS)
        try {
          const { calls } = await answerOf<Calls>(send('POST', '/wait-for', { body: { ...others, request: plain(like), count: count ?? 1, timeout_ms: turn, after }, signal, frames }))
          return count === undefined ? calls[0] : calls
        } catch (error) {
          if (!(error instanceof VerificationError)) throw error
          if (left <= turn) throw turn === timeout ? error : asWhole(error, turn, timeout, frames)
        }
      }
    },
    calls: callsOf,
    async lastCall (like?: RequestLike) {
      return (await callsOf(like)).at(-1)
    },
    async unusedEndpoints () {
      return (await answerOf<{ endpoints: UnusedEndpoint[] }>(send('GET', '/unused'))).endpoints
    },
    async unmatchedRequests () {
      return (await answerOf<{ entries: LogEntry[] }>(send('GET', '/unmatched'))).entries
    }
  }
  // The seam: what the server answers has the types that it declares.
  return client as Verification
}

/** An endpoint stands for its requests by method and path: its schemas need not travel. */
const plain = (like: RequestLike): RequestLike =>
  typeof like === 'object' && like !== null && 'schema' in like ? { path: like.path, ...like.method !== undefined && { method: like.method }, schema: {} } : like

/** The error of the last turn, told as that of the whole wait. */
function asWhole ({ message, report }: VerificationError, turn: number, timeout: number, frames: string | undefined): VerificationError {
  const tell = (text: string): string => text.replace(`within ${turn} ms`, `within ${timeout} ms`)
  return new VerificationError(tell(message), { ...report, headline: tell(report.headline) }, frames)
}
