import type { SharedCachePolicy } from '../config-keys/caching.ts'
import { parseCacheControl } from './cache-control.ts'
import { freshnessOf, HEURISTIC_STATUSES, textOf, type ResponseHeaders } from './freshness.ts'
import { parseHttpDate } from './http-date.ts'
import type { RequestHeaders } from './preconditions.ts'
import { varyNames } from './stored-response.ts'

/** Why a shared cache does not keep an answer. */
export type NotStored =
  | { readonly isForbidden: true, readonly reason: 'no-store' | 'private' | 'authorization' | 'vary' | 'set-cookie' }
  | { readonly isForbidden: false, readonly reason: 'status' | 'useless' | 'too-large' }

const forbidden = (reason: Extract<NotStored, { isForbidden: true }>['reason']): NotStored => ({ isForbidden: true, reason })
const declined = (reason: Extract<NotStored, { isForbidden: false }>['reason']): NotStored => ({ isForbidden: false, reason })

/** Statuses that this cache knows the meaning of, so that `must-understand` lets it overlook `no-store` (RFC 9111, section 5.2.2.3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([...HEURISTIC_STATUSES, 201, 202, 302, 303, 307, 400, 401, 403, 409, 422, 429, 500, 502, 503, 504])

/**
 * Whether a shared cache may keep the answer to a GET, and it is of any use to it (RFC 9111, section 3).
 *
 * @param now in milliseconds since the epoch
 * @returns why not; undefined where it is kept
 */
export function whyNotStored (status: number, headers: ResponseHeaders, requestHeaders: RequestHeaders, policy: SharedCachePolicy, now: number): NotStored | undefined {
  const directives = parseCacheControl(textOf(headers['cache-control']))
  const isUnderstood = directives.has('must-understand') && UNDERSTOOD.has(status)
  if (directives.has('must-understand') && !isUnderstood) return declined('status')
  if (directives.has('no-store') && !isUnderstood) return forbidden('no-store')
  if (directives.has('private')) return forbidden('private')
  const isShareable = directives.has('public') || directives.has('s-maxage') || directives.has('must-revalidate')
  if (requestHeaders.authorization !== undefined && !isShareable) return forbidden('authorization')
  if (varyNames(headers).includes('*')) return forbidden('vary')
  // The RFC lets it, and no cache that has users does: it would hand out the session of the first.
  if (headers['set-cookie'] !== undefined && !directives.has('public')) return forbidden('set-cookie')
  // Parts are put together by no simple cache, and a 304 is no answer of its own.
  if (status === 206 || status === 304) return declined('status')
  const isExplicit = directives.has('public') || directives.has('s-maxage') || directives.has('max-age') || headers.expires !== undefined
  if (!isExplicit && !HEURISTIC_STATUSES.has(status)) return declined('status')
  const { lifetime, staleWhileRevalidate, staleIfError } = freshnessOf(status, headers, parseHttpDate(textOf(headers.date) ?? '') ?? now, policy)
  const isUseful = lifetime > 0 || staleWhileRevalidate > 0 || staleIfError > 0 || headers.etag !== undefined || headers['last-modified'] !== undefined
  return isUseful ? undefined : declined('useless')
}
