import type { CacheOutcome, CacheStatus } from './cache-status.ts'
import type { ResponseHeaders } from './freshness.ts'
import { ERRORS, replacesError } from './reuse.ts'
import { serveStored, type ServedResponse } from './serve-stored.ts'
import type { SharedCache } from './shared-cache.ts'
import { whyNotStored } from './storable.ts'
import { ageOf, freshened, storedResponse, type StoredResponse } from './stored-response.ts'
import type { Visit } from './visit.ts'

/** What came of a request that was handed on. */
export interface Settled {
  readonly outcome: CacheOutcome
  readonly status: CacheStatus
  /** What is sent; undefined for what the endpoint answered, as it is. */
  readonly served?: ServedResponse
}

/** What an endpoint answered, whose body may not have been read yet. */
export interface Answered {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly variant: string | undefined
}

/** Whether a shared cache wants the body of an answer. */
export const isWanted = (visit: Visit, { status, headers }: Answered, now: number): boolean =>
  visit.isLookedUp && visit.method === 'GET' && whyNotStored(status, headers, visit.headers, visit.policy, now) === undefined

/**
 * What a shared cache makes of an answer that it waited for: keeps it, finds its own confirmed by it, puts its own in the place of a
 * failure, or forgets what was written to.
 *
 * @param body undefined where it was not read
 * @param now in milliseconds since the epoch
 */
export function settle (cache: SharedCache, visit: Visit, answered: Answered, body: Buffer | undefined, now: number): Settled {
  const { stored, because, isLookedUp, method, headers } = visit
  const forwarded = { fwd: because, ...visit.detail !== undefined && { detail: visit.detail } }
  if (because === 'method') {
    if (!SAFE.has(method) && answered.status < 400) for (const url of writtenUrls(visit.url, answered.headers)) cache.invalidate(url)
    return { outcome: 'BYPASS', status: forwarded }
  }
  if (!isLookedUp) return { outcome: 'BYPASS', status: forwarded }
  if (stored !== undefined && answered.status === 304) {
    const renewed = freshened(stored, answered.headers, headers, visit.requested, now)
    // What was stored for one may be confirmed by another, whose own answer would not have been.
    const isKept = renewed.headers['cache-control'] === stored.headers['cache-control'] || whyNotStored(renewed.status, renewed.headers, headers, visit.policy, now) === undefined
    if (isKept) cache.put(renewed)
    else cache.invalidate(stored.url)
    return served('REVALIDATED', renewed, visit, { ...forwarded, fwdStatus: 304, stored: isKept }, now)
  }
  if (stored !== undefined && ERRORS.has(answered.status) && replacesError(stored, visit.asked, now)) {
    cache.touch(stored)
    return served('STALE', stored, visit, { ...forwarded, fwdStatus: answered.status, detail: 'stale-if-error' }, now)
  }
  const refusal = whyNotStored(answered.status, answered.headers, headers, visit.policy, now)
  if (refusal !== undefined) {
    // What may not be kept puts an end to what was; an error or an answer of little use does not.
    if (refusal.isForbidden && stored !== undefined) cache.invalidate(stored.url)
    return { outcome: refusal.isForbidden ? 'BYPASS' : 'MISS', status: { ...forwarded, detail: refusal.reason } }
  }
  if (method === 'HEAD') return { outcome: 'MISS', status: forwarded }
  if (body === undefined) return { outcome: 'MISS', status: { ...forwarded, detail: 'too-large' } }
  const received = storedResponse({ url: visit.url, ...answered, body, requestHeaders: headers, requested: visit.requested, received: now, policy: visit.policy })
  const isKept = cache.put(received)
  const { headers: sent, ...whole } = serveStored(received, method, headers, now)
  // It has just come: no cache has held it yet.
  const { age: _age, ...own } = sent
  return {
    outcome: 'MISS',
    status: { ...forwarded, ...isKept ? { stored: true } : { detail: 'too-large' } },
    served: { ...whole, headers: received.headers.age === undefined ? own : sent }
  }
}

function served (outcome: CacheOutcome, stored: StoredResponse, visit: Visit, status: CacheStatus, now: number): Settled {
  return { outcome, status: { ...status, ttl: stored.freshness.lifetime - ageOf(stored, now) }, served: serveStored(stored, visit.method, visit.headers, now) }
}

/** Methods that change nothing, so that what is stored stays right (RFC 9110, section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'])

/** Addresses are told apart by path and query alone: what names another server is none of ours. */
const BASE = 'http://mock.invalid'

/** What a write was about: its address, and those of the same server that the answer names (RFC 9111, section 4.4). */
function writtenUrls (url: string, { location, 'content-location': contentLocation }: ResponseHeaders): string[] {
  const named = [location, contentLocation].flatMap(value => {
    const text = value === undefined ? '' : String(value)
    if (text === '' || !URL.canParse(text, BASE + url)) return []
    const address = new URL(text, BASE + url)
    return address.origin === BASE ? [address.pathname + address.search] : []
  })
  return [url, ...named]
}
