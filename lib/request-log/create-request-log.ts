import type { LogOptions } from '../config.ts'
import type { Explanation } from '../explain.ts'
import type { LogEntry, LogFilter, LogQuery, RawRecord, WritableRequestLog } from '../request-log.ts'
import { tellListeners } from '../tell-listeners.ts'
import { viewEntry } from './entry.ts'
import { compileFilter, fits } from './filter.ts'
import { createScales, KeptRecord } from './kept-record.ts'
import { createRing } from './ring.ts'
import { createWaiters, type WaitOptions } from './waiters.ts'

export const LOG_DEFAULTS: Readonly<Required<LogOptions>> = Object.freeze({
  max_entries: 1000,
  max_bytes: 32 * 1024 * 1024,
  max_body_bytes: 64 * 1024
})

/**
 * The request log. `prefix` is the plugin's: paths are told without it.
 *
 * @example
 * const log = createRequestLog({ max_entries: 100 })
 * log.append(record)
 * log.find({ path: '/users/*', order: 'desc', limit: 10 })
 */
export function createRequestLog (options: LogOptions = {}, { prefix = '', explain }: { prefix?: string, explain?: (entry: LogEntry) => Explanation } = {}): WritableRequestLog {
  let bounds = withDefaults(options)
  /** How many entries of each scope had to make room. */
  const evicted = new Map<string | null, number>()
  const ring = createRing<RawRecord>({ maxEntries: bounds.max_entries, maxBytes: bounds.max_bytes }, ({ scope = null }) => {
    evicted.set(scope, (evicted.get(scope) ?? 0) + 1)
  })
  const listeners = new Set<(entry: LogEntry) => void>()
  const waiters = createWaiters()
  const weigh = createScales()
  const view = (record: RawRecord, seq: number) => {
    const entry = viewEntry(record, seq, prefix)
    return entry.matched || explain === undefined ? entry : withExplanation(entry, explain)
  }

  /** Walks over what fits until the visitor has had enough. */
  function visit ({ after = 0, before = Infinity, order, ...filter }: LogQuery, visitor: (record: RawRecord, seq: number) => boolean): void {
    const criteria = compileFilter(filter, prefix)
    const from = Math.max(ring.first, after + 1)
    const to = Math.min(ring.last, before - 1)
    const visitAt = (seq: number): boolean => {
      const record = ring.at(seq)
      return record === undefined || !fits(record, criteria) || visitor(record, seq)
    }
    if (order === 'desc') for (let seq = to; seq >= from && visitAt(seq); seq--);
    else for (let seq = from; seq <= to && visitAt(seq); seq++);
  }

  function find ({ limit = Infinity, ...query }: LogQuery = {}): LogEntry[] {
    const found: LogEntry[] = []
    if (limit > 0) visit(query, (record, seq) => found.push(view(record, seq)) < limit)
    return found
  }

  return {
    append (record) {
      if (bounds.max_entries === 0) return
      const kept = new KeptRecord(record, bounds.max_body_bytes)
      const seq = ring.push(kept, weigh(kept))
      waiters.offer(kept, seq, view)
      if (listeners.size > 0) tellListeners(listeners, view(kept, seq))
    },
    configure (to) {
      bounds = withDefaults(to)
      ring.resize({ maxEntries: bounds.max_entries, maxBytes: bounds.max_bytes })
    },
    stats: () => ({ entries: ring.length, bytes: ring.bytes, first: ring.first, last: ring.last }),
    find,
    count (filter = {}) {
      let count = 0
      visit({ ...filter, order: 'asc' }, () => ++count > 0)
      return count
    },
    clear (part) {
      if (part === undefined) {
        evicted.clear()
        ring.clear()
        return
      }
      if (part.overlay === undefined) evicted.delete(part.scope)
      visit(part, (_record, seq) => {
        ring.remove(seq)
        return true
      })
    },
    evicted: part => part === undefined ? [...evicted.values()].reduce((sum, count) => sum + count, 0) : evicted.get(part.scope) ?? 0,
    async waitFor (filter: LogFilter = {}, options: WaitOptions = {}) {
      const [logged] = find({ ...filter, order: 'asc', limit: 1 })
      return logged ?? waiters.wait(filter, options, { ring, prefix, isOff: bounds.max_entries === 0 })
    },
    subscribe (listener) {
      // One function may subscribe twice; each subscription is its own.
      const subscription = (entry: LogEntry): void => listener(entry)
      listeners.add(subscription)
      return () => { listeners.delete(subscription) }
    }
  }
}

/** Made when somebody looks, and not copied or written along with the entry: most who list entries do not look. */
function withExplanation (entry: LogEntry, explain: (entry: LogEntry) => Explanation): LogEntry {
  let explanation: Explanation | undefined
  const get = (): Explanation => {
    explanation ??= explain(entry)
    return explanation
  }
  return Object.defineProperty(entry, 'explanation', { configurable: true, get })
}

/** A key that is there but undefined counts as absent. */
function withDefaults (options: LogOptions): Required<LogOptions> {
  return {
    max_entries: options.max_entries ?? LOG_DEFAULTS.max_entries,
    max_bytes: options.max_bytes ?? LOG_DEFAULTS.max_bytes,
    max_body_bytes: options.max_body_bytes ?? LOG_DEFAULTS.max_body_bytes
  }
}
