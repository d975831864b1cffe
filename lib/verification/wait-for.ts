import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import type { LogEntry } from '../request-log.ts'
import { unknownOption } from '../unknown-option.ts'
import { judgeCount, type Judgement } from './claims.ts'
import type { CompiledPattern } from './compile-pattern.ts'
import type { Evidence } from './evidence.ts'
import { LoggedRequest, type ParamsOf } from './logged-request.ts'

export interface WaitForOptions {
  /** How many requests to wait for. Default: 1. */
  count?: number | undefined
  /** How long, in milliseconds. Default: 5000. */
  timeout_ms?: number | undefined
  /** Only requests after this `seq`, such as that of a call before. */
  after?: number | undefined
  signal?: AbortSignal | undefined
}

interface Surroundings {
  evidence (): Evidence
  outside (): readonly LoggedRequest[]
  subscribe (listener: (entry: LogEntry) => void): () => void
  paramsOf: ParamsOf
}

const DEFAULT_TIMEOUT_MS = 5000
const OPTIONS = ['count', 'timeout_ms', 'after', 'signal']

// Taken before any test puts fakes in their places: time stands still in these, and requests come all the same.
const startTimer = setTimeout
const stopTimer = clearTimeout

/** Waits until so many requests have come; afterwards it says why they have not, as `verify` does. Rejects only when the signal is aborted. */
export async function waitForRequests (pattern: CompiledPattern, options: WaitForOptions, around: Surroundings): Promise<Judgement> {
  const unknown = unknownOption(options, OPTIONS)
  if (unknown !== undefined) throw new MOCK_ERR_REQUEST_PATTERN(unknown)
  const { count = 1, timeout_ms: timeout = DEFAULT_TIMEOUT_MS, after = 0, signal } = options
  if (!Number.isSafeInteger(count) || count < 1) throw new MOCK_ERR_REQUEST_PATTERN(`'count' of what is waited for is a whole number of 1 or more, not ${String(count)}`)
  if (!(timeout >= 0)) throw new MOCK_ERR_REQUEST_PATTERN(`'timeout_ms' is a number of 0 or more, not ${String(timeout)}`)
  signal?.throwIfAborted()
  const start = around.evidence()
  const fitting = start.requests.filter(logged => logged.entry.seq > after && pattern.fits(logged)).slice(0, count)
  if (fitting.length < count && start.maxEntries > 0) await arrival(pattern, fitting, { ...options, count, timeout_ms: timeout, after }, around)
  if (fitting.length >= count) return { covered: fitting }
  const evidence = around.evidence()
  const since = { ...evidence, requests: evidence.requests.filter(({ entry }) => entry.seq > after) }
  const { report } = judgeCount(pattern, { min: count, max: Infinity }, since, around.outside, ` within ${timeout} ms${after > 0 ? ` after #${after}` : ''}`)
  return report === undefined ? { covered: fitting } : { covered: [], report: { ...report, operator: 'waitFor' } }
}

/** Collects what fits as it comes, until there is enough of it or the time is over. */
function arrival (pattern: CompiledPattern, fitting: LoggedRequest[], { count, timeout_ms: timeout, after, signal }: WaitForOptions & { count: number, timeout_ms: number, after: number }, around: Surroundings): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      stopTimer(timer)
      unsubscribe()
      signal?.removeEventListener('abort', abort)
    }
    const done = (): void => {
      stop()
      resolve()
    }
    const abort = (): void => {
      stop()
      reject(signal?.reason)
    }
    const timer = startTimer(done, timeout)
    const unsubscribe = around.subscribe(entry => {
      if (entry.seq <= after) return
      const logged = new LoggedRequest(entry, around.paramsOf)
      if (pattern.fits(logged) && fitting.push(logged) >= count) done()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}
