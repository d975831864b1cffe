/** What a shared cache did with a request, in one word. */
export type CacheOutcome = 'HIT' | 'MISS' | 'STALE' | 'REVALIDATED' | 'BYPASS'

/** Why a request was handed on (RFC 9211, section 2.2). */
export type Forwarded = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale'

/** The parameters of `Cache-Status`: `hit` or `fwd`, and the rest. */
export interface CacheStatus {
  readonly hit?: boolean
  readonly fwd?: Forwarded
  /** What the endpoint answered, where that is not what is sent. */
  readonly fwdStatus?: number
  /** For how many seconds more the answer is fresh. */
  readonly ttl?: number
  readonly stored?: boolean
  readonly detail?: string
}

/**
 * Writes `Cache-Status` (RFC 9211).
 *
 * @param name of the cache
 * @example
 * writeCacheStatus('mock', { fwd: 'uri-miss', stored: true }) // 'mock; fwd=uri-miss; stored'
 */
export function writeCacheStatus (name: string, { hit, fwd, fwdStatus, ttl, stored, detail }: CacheStatus): string {
  return [
    name,
    ...hit === true ? ['hit'] : [],
    ...fwd === undefined ? [] : [`fwd=${fwd}`],
    ...fwdStatus === undefined ? [] : [`fwd-status=${fwdStatus}`],
    ...ttl === undefined ? [] : [`ttl=${Math.floor(ttl)}`],
    ...stored === true ? ['stored'] : [],
    ...detail === undefined ? [] : [`detail=${detail}`]
  ].join('; ')
}
