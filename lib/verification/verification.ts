import type { ConditionTools } from '../condition/value-test.ts'
import type { LogEntry } from '../request-log.ts'
import { reportOthers, reportUnmatched, reportUnused, type UnusedEndpoint } from './absence.ts'
import type { CallOf, CallSchemas, EndpointCall } from './call.ts'
import { judgeCount, type Judgement } from './claims.ts'
import { compilePattern, type CompiledPattern } from './compile-pattern.ts'
import { boundsOf, type Bounds, type Count } from './count.ts'
import { readEvidence, type Evidence } from './evidence.ts'
import type { ParamsOf } from './logged-request.ts'
import { formatReport, type VerificationReport } from './report.ts'
import type { RequestLike } from './request-pattern.ts'
import { judgeSequence } from './sequence.ts'
import { callerFrames, VerificationError } from './verification-error.ts'
import { waitForRequests, type WaitForOptions } from './wait-for.ts'

/**
 * Claims about what was called, in one session: that of a mock server, or of a scope. All of them look at the request log, and reject with
 * MOCK_ERR_VERIFICATION where they do not hold; its message names the mistake and the nearest request.
 *
 * @example
 * await mock.verify('POST /orders', 'once')
 * await mock.verify({ method: 'POST', path: '/orders', body: { '/items/0/sku': 'A1' } })
 * await mock.verifySequence(['POST /login', 'GET /me'])
 */
export interface Verification {
  /** Requests like this came: at least one, or as `count` says. */
  verify (pattern: RequestLike, count?: Count): Promise<void>
  /** They came in this order, others in between allowed unless it is `strict`. */
  verifySequence (patterns: readonly RequestLike[], options?: { strict?: boolean }): Promise<void>
  /** Nothing came but what `verify`, `verifySequence` and `waitFor` have covered since the log was emptied. */
  verifyNothingElse (): Promise<void>
  /** Every endpoint was called. */
  verifyAllUsed (): Promise<void>
  /** An endpoint answered every request. */
  verifyNoUnmatched (): Promise<void>
  /**
   * The oldest logged request that fits, or else the next one to come; with `count`, so many of them. Rejects after `timeout_ms` (5000),
   * saying what came instead.
   */
  waitFor<Body = unknown, Query = Record<string, unknown>, Params = Record<string, string>> (pattern: RequestLike, options?: WaitForOptions & { count?: undefined }): Promise<EndpointCall<Body, Query, Params>>
  waitFor<Body = unknown, Query = Record<string, unknown>, Params = Record<string, string>> (pattern: RequestLike, options: WaitForOptions & { count: number }): Promise<Array<EndpointCall<Body, Query, Params>>>
  /** All requests that fit, the oldest first; of an endpoint that is given with its TypeBox schemas, they are typed by these. */
  calls<Schemas extends CallSchemas> (pattern: { path: string, method?: string | readonly string[], schema: Schemas }): Promise<Array<CallOf<Schemas>>>
  calls<Body = unknown, Query = Record<string, unknown>, Params = Record<string, string>> (pattern?: RequestLike): Promise<Array<EndpointCall<Body, Query, Params>>>
  /** The newest that fits; undefined when none does. */
  lastCall<Schemas extends CallSchemas> (pattern: { path: string, method?: string | readonly string[], schema: Schemas }): Promise<CallOf<Schemas> | undefined>
  lastCall<Body = unknown, Query = Record<string, unknown>, Params = Record<string, string>> (pattern?: RequestLike): Promise<EndpointCall<Body, Query, Params> | undefined>
  /** Endpoints that are served and that no request has reached since start or reset. */
  unusedEndpoints (): Promise<UnusedEndpoint[]>
  /** Requests that no endpoint answered, the oldest first. */
  unmatchedRequests (): Promise<LogEntry[]>
}

/** What a session is about. */
export interface VerificationSource {
  /** Its entries, the oldest first. */
  entries (): LogEntry[]
  /** Those of all other sessions. */
  outside (): LogEntry[]
  /** How many entries that were its own the log has dropped; `log.max_entries`. */
  bounds (): Pick<Evidence, 'dropped' | 'maxEntries'>
  subscribe (listener: (entry: LogEntry) => void): () => void
  /** What is served now, and how often each was called. */
  endpoints (): ReadonlyArray<UnusedEndpoint & { isUsed: boolean }>
  /** Whether an endpoint of that id is served, or stands in front of what is. */
  isServed (id: string): boolean
  paramsOf: ParamsOf
  tools (): ConditionTools
  /** Why no endpoint answered. */
  whyUnmatched (entry: LogEntry): string | undefined
}

export interface VerificationSession extends Verification {
  /** Forgets what has been covered. */
  forget (): void
}

const MOST_COVERED = 100_000

// Taken before any test puts a fake in its place.
const nextTurn = setImmediate

/** A request is logged when its answer is through, which may be a moment after the client has it. */
const settled = (): Promise<void> => new Promise(resolve => { nextTurn(() => nextTurn(resolve)) })

export function createVerification (source: VerificationSource): VerificationSession {
  const covered = new Set<number>()
  const evidence = (entries = source.entries()): Evidence => readEvidence(entries, source.paramsOf, source.bounds())

  function compile (like: RequestLike): CompiledPattern {
    const isEndpoint = (id: string): boolean => source.isServed(id) || source.entries().some(({ endpoint }) => endpoint?.id === id)
    return compilePattern(like, source.tools(), isEndpoint)
  }

  function conclude ({ covered: requests, report }: Judgement, frames: string | undefined): void {
    if (report !== undefined) throw new VerificationError(formatReport(report), report, frames)
    for (const { entry } of requests) covered.add(entry.seq)
    if (covered.size > MOST_COVERED) retain(new Set(source.entries().map(({ seq }) => seq)))
  }

  /** What the log has dropped is not asked about any more. */
  function retain (kept: ReadonlySet<number>): void {
    for (const seq of covered) if (!kept.has(seq)) covered.delete(seq)
  }

  const refute = (report: VerificationReport | undefined, frames: string | undefined): void =>
    conclude({ covered: [], ...report !== undefined && { report } }, frames)

  const outside = () => evidence(source.outside()).requests

  async function found (like: RequestLike | undefined) {
    const pattern = compile(like ?? {})
    await settled()
    return evidence().requests.filter(logged => pattern.fits(logged)).map(logged => logged.call(pattern.params(logged)))
  }

  const session = {
    async verify (like: RequestLike, count?: Count) {
      const frames = callerFrames(session.verify)
      const pattern = compile(like)
      const bounds: Bounds = boundsOf(count)
      await settled()
      conclude(judgeCount(pattern, bounds, evidence(), outside), frames)
    },
    async verifySequence (likes: readonly RequestLike[], { strict = false }: { strict?: boolean } = {}) {
      const frames = callerFrames(session.verifySequence)
      const patterns = likes.map(compile)
      await settled()
      conclude(judgeSequence(patterns, strict, evidence()), frames)
    },
    async verifyNothingElse () {
      const frames = callerFrames(session.verifyNothingElse)
      await settled()
      refute(reportOthers(evidence(), covered), frames)
    },
    async verifyAllUsed () {
      const frames = callerFrames(session.verifyAllUsed)
      await settled()
      const endpoints = source.endpoints()
      refute(reportUnused(endpoints.filter(({ isUsed }) => !isUsed), endpoints.length, evidence()), frames)
    },
    async verifyNoUnmatched () {
      const frames = callerFrames(session.verifyNoUnmatched)
      await settled()
      refute(reportUnmatched(evidence(), source.whyUnmatched), frames)
    },
    async waitFor (like: RequestLike, options: WaitForOptions & { count?: number | undefined } = {}) {
      const frames = callerFrames(session.waitFor)
      const pattern = compile(like)
      const judgement = await waitForRequests(pattern, options, { evidence, subscribe: source.subscribe, outside, paramsOf: source.paramsOf })
      conclude(judgement, frames)
      const calls = judgement.covered.map(logged => logged.call(pattern.params(logged)))
      return options.count === undefined ? calls[0] : calls
    },
    calls: found,
    async lastCall (like?: RequestLike) {
      return (await found(like)).at(-1)
    },
    async unusedEndpoints () {
      await settled()
      return source.endpoints().flatMap(({ isUsed, ...endpoint }) => isUsed ? [] : [endpoint])
    },
    async unmatchedRequests () {
      await settled()
      return source.entries().filter(({ matched }) => !matched)
    },
    forget: () => covered.clear()
  }
  // The seam: what a test says of the types of bodies is the test's to know.
  return session as VerificationSession
}
