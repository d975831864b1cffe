import { secondsOf, type Directives } from './cache-control.ts'
import { ageOf, type StoredResponse } from './stored-response.ts'

/** What a shared cache does with a stored answer that is for the request. */
export type Reuse =
  | { readonly kind: 'fresh' }
  /** It is used though it is stale; `isRenewed`: and asked for anew meanwhile. */
  | { readonly kind: 'stale', readonly isRenewed: boolean }
  /** The endpoint is asked whether it is still right: because it is stale, or because the request wants it so. */
  | { readonly kind: 'validate', readonly because: 'stale' | 'request' }

const FRESH: Reuse = Object.freeze({ kind: 'fresh' })
const validate = (because: 'stale' | 'request'): Reuse => ({ kind: 'validate', because })

/**
 * @param asked directives of the request
 * @param now in milliseconds since the epoch
 */
export function reuseOf (stored: StoredResponse, asked: Directives, now: number): Reuse {
  const { directives, lifetime, staleWhileRevalidate } = stored.freshness
  if (asked.has('no-cache')) return validate('request')
  if (directives.has('no-cache')) return validate('stale')
  const age = ageOf(stored, now)
  const left = lifetime - age
  const maxAge = secondsOf(asked, 'max-age')
  const minFresh = secondsOf(asked, 'min-fresh')
  const isTooOld = (maxAge !== undefined && age > maxAge) || (minFresh !== undefined && left < minFresh)
  if (left > 0 && !isTooOld) return FRESH
  if (left <= 0 && mayBeStale(directives) && toleratesStale(asked, -left) && (maxAge === undefined || age <= maxAge)) return { kind: 'stale', isRenewed: false }
  if (isTooOld) return validate('request')
  return -left < staleWhileRevalidate ? { kind: 'stale', isRenewed: true } : validate('stale')
}

/** Whether a stale answer is used in the place of one that the endpoint failed to give (RFC 5861, section 4). */
export function replacesError (stored: StoredResponse, asked: Directives, now: number): boolean {
  const { directives, lifetime, staleIfError } = stored.freshness
  const tolerated = mayBeStale(directives) ? Math.max(staleIfError, secondsOf(asked, 'stale-if-error') ?? 0) : staleIfError
  return tolerated > 0 && ageOf(stored, now) - lifetime < tolerated
}

/** Statuses for which a stale answer is used. */
export const ERRORS: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** Whether nothing forbids to use an answer once it is stale (RFC 9111, section 4.2.4). */
const mayBeStale = (directives: Directives): boolean =>
  !['no-cache', 'must-revalidate', 'proxy-revalidate', 's-maxage'].some(name => directives.has(name))

function toleratesStale (asked: Directives, staleness: number): boolean {
  const maxStale = asked.get('max-stale')
  return maxStale === true || (maxStale !== undefined && staleness <= (secondsOf(asked, 'max-stale') ?? 0))
}
