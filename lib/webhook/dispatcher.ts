import { systemClock } from '../clock.ts'
import type { DeliveryOptions } from '../config.ts'
import { createRing } from '../request-log/ring.ts'
import { isSettled, type Attempt, type Delivery, type DeliveryFilter } from './delivery.ts'
import { createDeliveryWaiters } from './delivery-waiters.ts'
import { DELIVERY_HEADER, HOPS_HEADER, type Job } from './job.ts'
import { isRetryable, retryAfterMs } from './retry-schedule.ts'
import { RefusedTarget, send } from './send.ts'
import { targetPolicy, type TargetPolicy } from './target-policy.ts'
import { isAskedFor, responseView, sizeOf, track, viewDelivery, type Tracked } from './tracked.ts'

/** Sends what is due, tries again what failed, and remembers what became of it. Outlives the configurations that ask for it. */
export interface Dispatcher {
  /** Takes a job; it is never waited for, and never throws. */
  dispatch (job: Job): Delivery
  /** Other bounds from now on. */
  configure (options: DeliveryOptions | undefined): void
  /** Oldest first. */
  list (filter?: DeliveryFilter): Delivery[]
  /** The oldest settled delivery that fits, or else the next one. Rejects with MOCK_ERR_DELIVERY_TIMEOUT. */
  waitFor (filter?: DeliveryFilter, options?: { timeout_ms?: number }): Promise<Delivery>
  /** Cancels what waits and forgets everything, or what is of one scope (`null`: of none). */
  clear (which?: { scope: string | null }): void
  /** Cancels what waits; resolves when what is being sent is through, after `graceMs` at the latest. */
  close (graceMs: number): Promise<void>
}

export interface DispatcherOptions {
  /** Told of each delivery that was refused, or has failed for good. */
  onFailure?: (delivery: Delivery) => void
}

const DEFAULTS = { concurrency: 16, max_entries: 1_000, max_bytes: 16 * 1024 * 1024, max_body_bytes: 64 * 1024 }

/** More than these at once are refused: somebody asks for them in a loop. */
const MAX_OPEN = 10_000
/** Nor more bytes: a receiver that does not answer would have all their bodies kept. */
const MAX_OPEN_BYTES = 128 * 1024 * 1024
const DEFAULT_WAIT_MS = 5_000

export function createDispatcher ({ onFailure = () => {} }: DispatcherOptions = {}): Dispatcher {
  let bounds = DEFAULTS
  let policy: TargetPolicy = targetPolicy()
  let isEnabled = true
  const ring = createRing<Tracked>({ maxEntries: bounds.max_entries, maxBytes: bounds.max_bytes })
  const open = new Set<Tracked>()
  let openBytes = 0
  const queue: Tracked[] = []
  const running = new Set<Promise<void>>()
  const waiters = createDeliveryWaiters()
  const stop = new AbortController()
  let isClosed = false

  const view = (tracked: Tracked): Delivery => viewDelivery(tracked, bounds.max_body_bytes)

  function dispatch (job: Job): Delivery {
    const tracked = track(job)
    tracked.seq = ring.push(tracked, sizeOf(job))
    const refusal = job.refusal ?? refusalOfAll()
    if (refusal === undefined) {
      open.add(tracked)
      openBytes += sizeOf(job)
      schedule(tracked, job.delayMs)
    } else settle(tracked, 'refused', refusal)
    return view(tracked)
  }

  function refusalOfAll (): string | undefined {
    if (!isEnabled) return 'deliveries are switched off: deliveries.enabled is false'
    if (isClosed) return 'the mock server is closing'
    if (open.size >= MAX_OPEN) return `${MAX_OPEN} deliveries are under way already`
    return openBytes < MAX_OPEN_BYTES ? undefined : `deliveries of ${MAX_OPEN_BYTES} bytes are under way already`
  }

  function schedule (tracked: Tracked, delay: number): void {
    tracked.state = 'waiting'
    const { clock = systemClock } = tracked.job
    tracked.due = clock.now() + delay
    if (delay <= 0) return enqueue(tracked)
    tracked.cancel = clock.after(delay, () => enqueue(tracked))
  }

  function enqueue (tracked: Tracked): void {
    queue.push(tracked)
    pump()
  }

  function pump (): void {
    while (running.size < bounds.concurrency) {
      const tracked = queue.shift()
      if (tracked === undefined) return
      if (tracked.state !== 'waiting') continue
      const work: Promise<void> = attempt(tracked).finally(() => {
        running.delete(work)
        pump()
      })
      running.add(work)
    }
  }

  async function attempt (tracked: Tracked): Promise<void> {
    const { job } = tracked
    const started = Date.now()
    const clock = performance.now()
    const number = tracked.attempts.length + 1
    tracked.state = 'sending'
    tracked.due = undefined
    const told = (outcome: Pick<Attempt, 'response' | 'error'>): void => {
      tracked.attempts.push({ number, time: new Date(started).toISOString(), duration_ms: Math.round((performance.now() - clock) * 1_000) / 1_000, ...outcome })
    }
    try {
      tracked.headers = headersOf(job, started)
      const received = await send({ ...job, url: new URL(job.url), headers: tracked.headers }, policy, stop.signal)
      told({ response: responseView(received) })
      const { status, headers } = received
      if (status >= 200 && status < 300) settle(tracked, 'delivered')
      else if (isRetryable(status)) again(tracked, retryAfterMs(headers['retry-after'], Date.now()))
      else settle(tracked, 'failed')
    } catch (error) {
      if (error instanceof RefusedTarget) return settle(tracked, 'refused', error.message)
      const code = codeOf(error)
      told({ error: { code, message: error instanceof Error && error.message !== '' ? error.message : code } })
      if (stop.signal.aborted) settle(tracked, 'cancelled', 'the mock server was closed')
      // What cannot be written at all (a header with a line break) does not get better.
      else if (code.startsWith('ERR_')) settle(tracked, 'failed')
      else again(tracked)
    }
  }

  function again (tracked: Tracked, retryAfter?: number): void {
    const delay = tracked.job.retry.wait(tracked.attempts.length, retryAfter)
    if (delay === undefined) settle(tracked, 'failed')
    // Cancelled while it was being sent.
    else if (!open.has(tracked)) settle(tracked, 'cancelled')
    else schedule(tracked, delay)
  }

  function settle (tracked: Tracked, state: Delivery['state'], error?: string): void {
    tracked.state = state
    tracked.error = error
    tracked.due = undefined
    leave(tracked)
    const isBad = state === 'failed' || state === 'refused'
    if (waiters.isEmpty && !isBad) return
    const delivery = view(tracked)
    if (isBad) onFailure(delivery)
    waiters.offer(delivery)
  }

  function leave (tracked: Tracked): void {
    if (open.delete(tracked)) openBytes -= sizeOf(tracked.job)
  }

  /** What is taken out of the queue here is passed over when its turn comes. */
  function cancel (isMeant: (tracked: Tracked) => boolean): void {
    for (const tracked of [...open].filter(isMeant)) {
      tracked.cancel?.()
      leave(tracked)
      if (tracked.state === 'waiting') settle(tracked, 'cancelled')
    }
  }

  function * kept (): Generator<Tracked> {
    for (let seq = ring.first; seq <= ring.last; seq++) {
      const tracked = ring.at(seq)
      if (tracked !== undefined) yield tracked
    }
  }

  return {
    dispatch,
    configure (options = {}) {
      bounds = { ...DEFAULTS, ...options }
      policy = targetPolicy(options.allow)
      isEnabled = options.enabled !== false
      ring.resize({ maxEntries: bounds.max_entries, maxBytes: bounds.max_bytes })
      pump()
    },
    list: (filter = {}) => [...kept()].filter(tracked => isAskedFor(tracked, filter)).map(view),
    async waitFor (filter: DeliveryFilter = {}, { timeout_ms: timeout = DEFAULT_WAIT_MS } = {}) {
      for (const tracked of kept()) if (isSettled(tracked) && isAskedFor(tracked, filter)) return view(tracked)
      return await waiters.wait(filter, timeout, () => [...kept()].map(view))
    },
    clear (which) {
      if (which === undefined) {
        cancel(() => true)
        ring.clear()
        return
      }
      const isMeant = ({ job }: Tracked): boolean => (job.scope ?? null) === which.scope
      cancel(isMeant)
      for (const tracked of [...kept()].filter(isMeant)) ring.remove(tracked.seq)
    },
    async close (graceMs) {
      isClosed = true
      cancel(() => true)
      const grace = setTimeout(() => stop.abort(), graceMs)
      await Promise.all(running)
      clearTimeout(grace)
    }
  }
}

function headersOf ({ id, headers, body = NOTHING, sign, hops }: Job, now: number): Job['headers'] {
  return {
    'user-agent': 'fastify-mock-server',
    accept: '*/*',
    ...headers,
    ...sign?.({ id, timestamp: Math.floor(now / 1_000), body }),
    [DELIVERY_HEADER]: id,
    [HOPS_HEADER]: String(hops)
  }
}

const NOTHING = Buffer.alloc(0)

/** Of several addresses that all failed, Node tells the code on the whole. */
function codeOf (error: unknown): string {
  if (!(error instanceof Error)) return 'Error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
