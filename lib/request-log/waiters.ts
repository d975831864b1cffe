import { MOCK_ERR_WAIT_TIMEOUT } from '../errors.ts'
import type { LogEntry, LogFilter, RawRecord } from '../request-log.ts'
import { pathOf } from './entry.ts'
import { compileFilter, fits, type Criterion } from './filter.ts'
import type { Ring } from './ring.ts'

export interface WaitOptions {
  timeout_ms?: number
  signal?: AbortSignal
}

interface Log {
  ring: Ring<RawRecord>
  prefix: string
  isOff: boolean
}

interface Waiter {
  after: number
  before: number
  criteria: readonly Criterion[]
  resolve (entry: LogEntry): void
}

const DEFAULT_TIMEOUT_MS = 5000
const NEAREST = 3

/** Those who wait for a request to come. */
export function createWaiters () {
  const waiters = new Set<Waiter>()

  return {
    /** Shows a new record to all who wait. */
    offer (record: RawRecord, seq: number, view: (record: RawRecord, seq: number) => LogEntry): void {
      if (waiters.size === 0) return
      for (const { after, before, criteria, resolve } of waiters) {
        if (seq > after && seq < before && fits(record, criteria)) resolve(view(record, seq))
      }
    },

    wait (filter: LogFilter, { timeout_ms: timeout = DEFAULT_TIMEOUT_MS, signal }: WaitOptions, log: Log): Promise<LogEntry> {
      const criteria = compileFilter(filter, log.prefix)
      const wanted = describe(filter)
      if (log.isOff) return Promise.reject(new MOCK_ERR_WAIT_TIMEOUT(wanted, 0, 'The request log is off: log.max_entries is 0'))
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const settle = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', abort)
          waiters.delete(waiter)
        }
        const abort = (): void => {
          settle()
          reject(signal?.reason)
        }
        const timer = setTimeout(() => {
          settle()
          reject(new MOCK_ERR_WAIT_TIMEOUT(wanted, timeout, describeNearest(criteria, log)))
        }, timeout)
        const waiter: Waiter = {
          after: filter.after ?? 0,
          before: filter.before ?? Infinity,
          criteria,
          resolve (entry) {
            settle()
            resolve(entry)
          }
        }
        signal?.addEventListener('abort', abort, { once: true })
        waiters.add(waiter)
      })
    }
  }
}

/** `method POST, path /orders` */
function describe (filter: LogFilter): string {
  const keys = Object.entries(filter).filter(([, value]) => value !== undefined)
  return keys.length === 0 ? 'at all' : `fitting ${keys.map(([key, value]) => `${key} ${value}`).join(', ')}`
}

/** What came instead: those that fail the fewest criteria, the newest of equals first. */
function describeNearest (criteria: readonly Criterion[], { ring, prefix }: Log): string {
  if (ring.length === 0) return 'The log holds no request'
  const nearest: Array<{ record: RawRecord, seq: number, failed: Criterion[] }> = []
  for (let seq = ring.last; seq >= ring.first; seq--) {
    const record = ring.at(seq)
    if (record === undefined) continue
    const failed = criteria.filter(({ test }) => !test(record))
    const worst = nearest.at(NEAREST - 1)
    if (worst !== undefined && worst.failed.length <= failed.length) continue
    const place = nearest.findIndex(other => other.failed.length > failed.length)
    nearest.splice(place === -1 ? nearest.length : place, 0, { record, seq, failed })
    if (nearest.length > NEAREST) nearest.pop()
  }
  const lines = nearest.map(({ record, seq, failed }) => {
    const what = `#${seq} ${record.method} ${pathOf(record.url, prefix)} (${record.status ?? 'no answer'})`
    return failed.length === 0 ? `${what} outside of after/before` : `${what} differs in ${failed.map(({ key }) => key).join(', ')}`
  })
  return `Nearest of ${ring.length} logged: ${lines.join('; ')}`
}
