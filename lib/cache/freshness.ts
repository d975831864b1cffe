import type { SharedCachePolicy } from '../config-keys/caching.ts'
import { parseCacheControl, secondsOf, type Directives } from './cache-control.ts'
import { inSeconds, parseHttpDate } from './http-date.ts'

/** Headers of an answer; names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[]>>

/** What of an answer decides how long a shared cache may use it. */
export interface Freshness {
  readonly directives: Directives
  /** For how many seconds it is fresh (RFC 9111, section 4.2.1). */
  readonly lifetime: number
  /** For how many seconds more it may be used while it is asked for anew (RFC 5861, section 3). */
  readonly staleWhileRevalidate: number
  /** For how many seconds more it may be used where the server fails (RFC 5861, section 4). */
  readonly staleIfError: number
}

/** Statuses whose answers may be kept though they say nothing of it (RFC 9110, section 15.1). */
export const HEURISTIC_STATUSES: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/** Of the time since it last changed, an answer that says nothing is taken to be fresh for this share (RFC 9111, section 4.2.2). */
const HEURISTIC_SHARE = 0.1

/**
 * @param date when the answer was made, in milliseconds since the epoch
 */
export function freshnessOf (status: number, headers: ResponseHeaders, date: number, policy: SharedCachePolicy): Freshness {
  const directives = parseCacheControl(textOf(headers['cache-control']))
  const lifetime = directives.has('no-cache') ? 0 : explicitLifetime(directives, headers, date) ?? implicitLifetime(status, directives, headers, date, policy)
  // Who names a time says that it may be stale; what the cache does of its own accord, `must-revalidate` and the like forbid.
  const isForbidden = directives.has('no-cache') || directives.has('must-revalidate') || directives.has('proxy-revalidate')
  const isByPolicy = !isForbidden && !directives.has('s-maxage')
  const stale = (name: string, own: number | undefined): number => isForbidden ? 0 : secondsOf(directives, name) ?? (isByPolicy ? own ?? 0 : 0)
  return {
    directives,
    lifetime,
    staleWhileRevalidate: stale('stale-while-revalidate', policy.stale_while_revalidate),
    staleIfError: stale('stale-if-error', policy.stale_if_error)
  }
}

/** What the answer says itself; undefined where it says nothing. */
function explicitLifetime (directives: Directives, headers: ResponseHeaders, date: number): number | undefined {
  const seconds = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age')
  if (seconds !== undefined) return seconds
  const expires = textOf(headers.expires)
  // A date that is none, `0` above all, has passed already (section 5.3).
  return expires === undefined ? undefined : Math.max(0, ((parseHttpDate(expires) ?? date) - date) / 1000)
}

function implicitLifetime (status: number, directives: Directives, headers: ResponseHeaders, date: number, { ttl }: SharedCachePolicy): number {
  if (!HEURISTIC_STATUSES.has(status) && !directives.has('public')) return 0
  if (ttl !== undefined) return ttl
  const modified = parseHttpDate(textOf(headers['last-modified']) ?? '')
  return modified === undefined ? 0 : Math.max(0, (date - modified) / 1000 * HEURISTIC_SHARE)
}

/** Moments in the life of a stored answer, in milliseconds since the epoch. */
export interface Moments {
  readonly requested: number
  readonly received: number
  /** What its header `Date` says. */
  readonly date: number
}

/**
 * How old a stored answer is, in seconds (RFC 9111, section 4.2.3).
 *
 * @param age what its header `Age` said when it came
 */
export function currentAge ({ requested, received, date }: Moments, age: string | undefined, now: number): number {
  const told = age !== undefined && /^\d+$/.test(age.trim()) ? Number(age) : 0
  // A date has whole seconds: what is made in the middle of one is not old for that.
  const apparent = Math.max(0, (inSeconds(received) - date) / 1000)
  const corrected = told + Math.max(0, (received - requested) / 1000)
  return Math.max(apparent, corrected) + Math.max(0, (now - received) / 1000)
}

export const textOf = (header: string | string[] | undefined): string | undefined => header === undefined ? undefined : Array.isArray(header) ? header.join(', ') : header
