import { compileGlob } from '../request-log/glob.ts'
import { boundsOf, type CacheBounds } from './bounds.ts'
import type { RequestHeaders } from './preconditions.ts'
import { ageOf, isFor, type StoredResponse } from './stored-response.ts'

/** One stored answer, as tests and the control API see it. */
export interface CachedResponse {
  /** Path and query, without the plugin's prefix. */
  url: string
  status: number
  /** The request headers that it depends on, as they were. */
  vary: Record<string, string | null>
  /** In seconds. */
  age: number
  /** For how many seconds more it is fresh; negative once it is stale. */
  ttl: number
  /** What it counts for, body and headers. */
  bytes: number
  /** How often it was used. */
  hits: number
  /** ISO 8601: when it was stored, or found to be still right. */
  stored: string
}

/** The simulated shared cache: what is in it, and a way to throw it out. */
export interface CacheControls {
  /** How many answers are stored. */
  readonly size: number
  /** What they take together. */
  readonly bytes: number
  /** What is stored, the one used last first. */
  list (): CachedResponse[]
  /**
   * Throws answers out: those of a path, whatever its query, or of a path with its query; `*` stands for any text.
   *
   * @param pattern default: all
   * @returns how many they were
   * @example
   * mock.cache.purge('/users/*')
   */
  purge (pattern?: string): number
}

export interface SharedCache extends CacheControls {
  /** The answer for such a request; `vary` where there are answers of the address, all for others. */
  find (url: string, headers: RequestHeaders): StoredResponse | 'vary' | undefined
  /** @returns whether there is room for it */
  put (response: StoredResponse): boolean
  /** Counts a use, and keeps what was used longest. */
  touch (response: StoredResponse): void
  /** Forgets all answers of an address (RFC 9111, section 4.4). */
  invalidate (url: string): void
  /** Runs the job, unless one for the same answer is under way. */
  once (response: StoredResponse, job: () => Promise<void>): void
  readonly bounds: CacheBounds
  configure (bounds: CacheBounds): void
}

/**
 * What a shared cache holds, within bounds: the answer that was not used for longest goes first.
 *
 * @param now what time it is, in milliseconds since the epoch
 */
export function createSharedCache (now: () => number): SharedCache {
  /** In the order of use. */
  const entries = new Map<StoredResponse, { hits: number }>()
  const byUrl = new Map<string, StoredResponse[]>()
  const jobs = new Set<string>()
  let bytes = 0
  let bounds = boundsOf(undefined)

  function remove (response: StoredResponse): void {
    if (!entries.delete(response)) return
    bytes -= response.bytes
    const others = (byUrl.get(response.url) ?? []).filter(other => other !== response)
    if (others.length === 0) byUrl.delete(response.url)
    else byUrl.set(response.url, others)
  }

  function makeRoom (): void {
    for (const oldest of entries.keys()) {
      if (entries.size <= bounds.entries && bytes <= bounds.bytes) return
      remove(oldest)
    }
  }

  function purge (pattern?: string): number {
    const fits = pattern === undefined ? () => true : compileGlob(pattern)
    const gone = [...entries.keys()].filter(({ url }) => fits(url) || fits(url.replace(/\?.*$/s, '')))
    for (const response of gone) remove(response)
    return gone.length
  }

  return {
    get size () { return entries.size },
    get bytes () { return bytes },
    get bounds () { return bounds },
    list: () => [...entries].reverse().map(([response, { hits }]) => viewOf(response, hits, now())),
    purge,
    find (url, headers) {
      const known = byUrl.get(url)
      // Of several that are for it, the last that came (RFC 9111, section 4).
      return known === undefined ? undefined : known.findLast(response => isFor(response, headers)) ?? 'vary'
    },
    put (response) {
      for (const other of byUrl.get(response.url) ?? []) if (isSameKey(other, response)) remove(other)
      if (bounds.entries === 0 || response.bytes > bounds.bytes || response.body.length > bounds.body) return false
      entries.set(response, { hits: 0 })
      byUrl.set(response.url, [...byUrl.get(response.url) ?? [], response])
      bytes += response.bytes
      makeRoom()
      return true
    },
    touch (response) {
      const entry = entries.get(response)
      if (entry === undefined) return
      entry.hits++
      entries.delete(response)
      entries.set(response, entry)
    },
    invalidate (url) {
      for (const response of byUrl.get(url) ?? []) remove(response)
    },
    once (response, job) {
      const key = JSON.stringify([response.url, response.varies])
      if (jobs.has(key)) return
      jobs.add(key)
      job().finally(() => jobs.delete(key)).catch(() => {})
    },
    configure (next) {
      bounds = next
      makeRoom()
    }
  }
}

const isSameKey = (a: StoredResponse, b: StoredResponse): boolean => JSON.stringify(a.varies) === JSON.stringify(b.varies)

function viewOf (response: StoredResponse, hits: number, now: number): CachedResponse {
  const age = ageOf(response, now)
  return {
    url: response.url,
    status: response.status,
    vary: Object.fromEntries(response.varies.map(([name, value]) => [name, value ?? null])),
    age: Math.floor(age),
    ttl: Math.floor(response.freshness.lifetime - age),
    bytes: response.bytes,
    hits,
    stored: new Date(response.received).toISOString()
  }
}
