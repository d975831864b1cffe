import type { SharedCachePolicy } from '../config.ts'
import { parseCacheControl, type Directives } from './cache-control.ts'
import type { Forwarded } from './cache-status.ts'
import { textOf } from './freshness.ts'
import type { RequestHeaders } from './preconditions.ts'
import { reuseOf } from './reuse.ts'
import type { SharedCache } from './shared-cache.ts'
import type { StoredResponse } from './stored-response.ts'

/** One request as a shared cache met it, and hands it on to its endpoint. */
export interface Visit {
  /** Path and query, without the plugin's prefix. */
  readonly url: string
  readonly method: string
  /** Headers of the request as they came. */
  readonly headers: RequestHeaders
  readonly asked: Directives
  readonly policy: SharedCachePolicy
  readonly because: Forwarded
  /** The answer that is there, and may be right still; also the one for when the endpoint fails. */
  readonly stored: StoredResponse | undefined
  /** Whether what it asked under conditions is the cache's to answer. */
  readonly isLookedUp: boolean
  /** In milliseconds since the epoch. */
  readonly requested: number
  readonly detail?: string
}

/** What a shared cache does with a request: it answers, at once, or hands it on. */
export type Verdict =
  | { readonly kind: 'answer', readonly stored: StoredResponse, readonly isStale: boolean, readonly isRenewed: boolean }
  /** Nothing that could be used, and the request wants nothing else. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'forward', readonly visit: Visit }

export interface Asked {
  readonly url: string
  readonly method: string
  readonly headers: RequestHeaders
  readonly policy: SharedCachePolicy
  /** In milliseconds since the epoch. */
  readonly now: number
}

/** Decides about one request (RFC 9111, section 4). */
export function meet (cache: SharedCache, { url, method, headers, policy, now }: Asked): Verdict {
  const asked = policy.client_directives === false ? NONE : directivesOf(headers)
  const base = { url, method, headers, asked, policy, requested: now, stored: undefined, isLookedUp: false }
  const pass = (because: Forwarded, detail?: string): Verdict => ({ kind: 'forward', visit: { ...base, because, ...detail !== undefined && { detail } } })

  if (method !== 'GET' && method !== 'HEAD') return pass('method')
  // Whoever asks the mock server for a certain answer does not want the one of somebody who did not.
  if (headers.prefer !== undefined) return pass('bypass', 'prefer')
  // Only the endpoint knows what it has now.
  if (headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined) return pass('bypass', 'precondition')
  if (asked.has('no-store')) return pass('request', 'no-store')

  const found = cache.find(url, headers)
  const stored = found === 'vary' ? undefined : found
  const forward = (because: Forwarded): Verdict =>
    asked.has('only-if-cached') ? { kind: 'refuse' } : { kind: 'forward', visit: { ...base, because, stored, isLookedUp: true } }
  if (stored === undefined) return forward(found === 'vary' ? 'vary-miss' : 'uri-miss')
  const reuse = reuseOf(stored, asked, now)
  if (reuse.kind === 'validate') return forward(reuse.because)
  return { kind: 'answer', stored, isStale: reuse.kind === 'stale', isRenewed: reuse.kind === 'stale' && reuse.isRenewed }
}

/** The visit of a request that nobody waits for, which asks whether a stored answer is still right. */
export function renewal (stored: StoredResponse, headers: RequestHeaders, now: number): Visit {
  return { url: stored.url, method: 'GET', headers, asked: NONE, policy: stored.policy, because: 'stale', stored, isLookedUp: true, requested: now }
}

const NONE: Directives = new Map()

/** Before there was `Cache-Control`, `Pragma: no-cache` said the same (RFC 9111, section 5.4). */
function directivesOf ({ 'cache-control': control, pragma }: RequestHeaders): Directives {
  if (control !== undefined) return parseCacheControl(textOf(control))
  return /\bno-cache\b/i.test(textOf(pragma) ?? '') ? NO_CACHE : NONE
}

const NO_CACHE: Directives = new Map([['no-cache', true]])

/** What a request is to be handed on without: it asks for all, so that the answer can be kept. */
export const OWN_CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range', 'range'] as const
