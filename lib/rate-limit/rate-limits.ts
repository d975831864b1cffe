import type { Clock } from '../clock.ts'
import { MOCK_ERR_RATE_LIMIT_REMAINING, MOCK_ERR_RATE_LIMIT_UNKNOWN } from '../errors.ts'
import { suggest } from '../state/suggest.ts'
import { createMeter, type Meter } from './meter.ts'
import type { Policy } from './policy.ts'
import { createSlots, type Slots } from './slots.ts'

/** How far the rate limits of the server, or of one scope, are spent. */
export interface RateLimits {
  /** Those of the configuration, and others that requests have met, by name. */
  list (): RateLimitInfo[]
  get (name: string): RateLimitInfo | undefined
  /**
   * Has nothing be spent: of all limits, of one, or of one key of it. Requests under way keep the slots of `concurrency` that they have.
   *
   * @throws MOCK_ERR_RATE_LIMIT_UNKNOWN
   */
  reset (name?: string, key?: string): void
  /**
   * Leaves so much of a limit, as if the rest had been spent just now: 0, and the next request is rejected. Without a key that goes for all
   * that come after as well, until the limit is reset.
   *
   * @throws MOCK_ERR_RATE_LIMIT_UNKNOWN
   * @throws MOCK_ERR_RATE_LIMIT_REMAINING
   * @example
   * mock.rateLimits.set('default', 0)
   */
  set (name: string, remaining: number, key?: string): void
}

export interface RateLimitInfo {
  name: string
  algorithm: Policy['algorithm']
  limit: number
  /** Absent for `concurrency`. */
  window_ms?: number
  /** Size of a token bucket. */
  burst?: number
  /** Those that requests have come with, the one that was seen last at the end. */
  keys: RateLimitKeyInfo[]
}

export interface RateLimitKeyInfo {
  /** What its requests have in common; '' for a limit on all. */
  key: string
  remaining: number
  used: number
  /** How long until there is more than now; absent for `concurrency`. */
  reset_ms?: number
  /** How many requests wait for a slot. */
  waiting?: number
}

/** The rate limits as the server sees them. */
export interface CountedRateLimits extends RateLimits {
  /** What time it is for them: whole milliseconds. When the clock is put back by more than a second, all begins anew. */
  now (): number
  /** Of the key; made when first asked for. */
  meter (policy: Policy, key: string): Meter
  /** The same, for `concurrency`. */
  slots (policy: Policy, key: string): Slots
  /** As they are, without making one that lasts: for those who only ask. */
  peek (policy: Policy, key: string): { readonly meter: Meter, readonly slots: Slots }
  /** Takes the policies of another configuration. Of those that are the same, what is spent stays so. */
  configure (policies: () => Iterable<Policy>): void
}

/** So many keys of a limit are told apart; the one that was not seen for longest makes room, and begins anew. */
export const MAX_KEYS = 10_000
/** So many entries all keys of a sliding window have together at most: there are fewer of them where the limit is high. */
const MAX_ENTRIES = 2_000_000

const SLACK_MS = 1_000

interface Table {
  readonly policy: Policy
  readonly meters: Map<string, Meter>
  readonly slots: Map<string, Slots>
  /** What is left to keys that are new. */
  begins: number | undefined
}

/**
 * @example
 * const limits = createRateLimits(store.clock)
 * limits.meter(policy, '127.0.0.1').remaining(limits.now())
 */
export function createRateLimits (clock: Clock, initially: () => Iterable<Policy> = () => []): CountedRateLimits {
  const tables = new Map<string, Table>()
  let configured = initially
  let last = -Infinity

  function tableOf (policy: Policy): Table {
    let table = tables.get(policy.id)
    if (table === undefined) tables.set(policy.id, table = { policy, meters: new Map(), slots: new Map(), begins: undefined })
    return table
  }

  function now (): number {
    const time = Math.floor(clock.now())
    if (time < last - SLACK_MS) {
      for (const { meters } of tables.values()) meters.clear()
      last = time
    }
    last = Math.max(last, time)
    return last
  }

  function fresh ({ policy, begins }: Table): Meter {
    const meter = createMeter(policy)
    if (begins !== undefined) meter.leave(begins, now())
    return meter
  }

  function meterOf (policy: Policy, key: string): Meter {
    const table = tableOf(policy)
    const { meters } = table
    const meter = meters.get(key) ?? fresh(table)
    // A map goes by the order of insertion: the last one seen comes last.
    meters.delete(key)
    meters.set(key, meter)
    if (meters.size > maxKeys(policy)) meters.delete(meters.keys().next().value ?? key)
    return meter
  }

  /** Those of the configuration, and those that requests have met. */
  function policies (): Policy[] {
    const all = new Map<string, Policy>()
    for (const policy of configured()) all.set(policy.id, policy)
    for (const [id, { policy }] of tables) all.set(id, policy)
    return [...all.values()]
  }

  function known (name: string): Policy[] {
    const all = policies()
    const found = all.filter(policy => policy.name === name)
    if (found.length === 0) throw new MOCK_ERR_RATE_LIMIT_UNKNOWN(name, suggest(name, [...new Set(all.map(({ name }) => name))], 'there are no rate limits'))
    return found
  }

  function leave (policy: Policy, remaining: number, key: string | undefined): void {
    if (key !== undefined) return meterOf(policy, key).leave(remaining, now())
    const table = tableOf(policy)
    table.begins = remaining
    for (const meter of table.meters.values()) meter.leave(remaining, now())
  }

  function infoOf (policy: Policy): RateLimitInfo {
    const { id, name, algorithm, limit, window, capacity } = policy
    const table = tables.get(id)
    const time = now()
    const meters = [...table?.meters ?? []].map(([key, meter]) => {
      const remaining = meter.remaining(time)
      return { key, remaining, used: capacity - remaining, reset_ms: meter.reset(time) }
    })
    const slots = [...table?.slots ?? []].map(([key, { busy, waiting }]) => ({ key, remaining: limit - busy, used: busy, waiting }))
    return {
      name,
      algorithm,
      limit,
      ...window > 0 && { window_ms: window },
      ...algorithm === 'token_bucket' && { burst: capacity },
      keys: [...meters, ...slots]
    }
  }

  return {
    now,
    meter: meterOf,
    slots (policy, key) {
      const { slots } = tableOf(policy)
      const found = slots.get(key)
      if (found !== undefined) return found
      if (slots.size >= MAX_KEYS) dropIdle(slots)
      const made = createSlots(policy, clock)
      slots.set(key, made)
      return made
    },
    peek (policy, key) {
      const table = tables.get(policy.id)
      return { meter: table?.meters.get(key) ?? (table === undefined ? createMeter(policy) : fresh(table)), slots: table?.slots.get(key) ?? createSlots(policy, clock) }
    },
    configure (next) {
      const before = new Set([...configured()].map(({ id }) => id))
      configured = next
      if (tables.size === 0) return
      // Those of overlays are in neither.
      for (const { id } of next()) before.delete(id)
      for (const id of before) tables.delete(id)
    },
    list: () => policies().map(infoOf),
    get (name) {
      const policy = policies().find(policy => policy.name === name)
      return policy && infoOf(policy)
    },
    reset (name, key) {
      if (name === undefined) {
        tables.clear()
        last = -Infinity
        return
      }
      for (const { id } of known(name)) {
        if (key === undefined) tables.delete(id)
        else {
          tables.get(id)?.meters.delete(key)
          tables.get(id)?.slots.delete(key)
        }
      }
    },
    set (name, remaining, key) {
      const found = known(name)
      for (const { algorithm, capacity } of found) {
        if (algorithm === 'concurrency') throw new MOCK_ERR_RATE_LIMIT_REMAINING(String(remaining), name, 'its slots are taken by requests')
        if (!Number.isInteger(remaining) || remaining < 0 || remaining > capacity) throw new MOCK_ERR_RATE_LIMIT_REMAINING(String(remaining), name, `it is a whole number from 0 to ${capacity}`)
      }
      for (const policy of found) leave(policy, remaining, key)
    }
  }
}

const maxKeys = ({ algorithm, limit }: Policy): number =>
  algorithm === 'sliding_window' ? Math.min(MAX_KEYS, Math.max(10, Math.floor(MAX_ENTRIES / Math.max(1, limit)))) : MAX_KEYS

/** Keys whose requests are all answered are as good as new. */
function dropIdle (slots: Map<string, Slots>): void {
  for (const [key, { busy, waiting }] of slots) if (busy === 0 && waiting === 0) slots.delete(key)
}
