import type { AnswerTools } from '../answer.ts'
import type { Endpoint, Response } from '../config.ts'
import type { Cache } from '../config-keys/caching.ts'
import { writeCacheControl } from './cache-control.ts'
import { entityTag } from './entity-tag.ts'
import { formatHttpDate, parseHttpDate } from './http-date.ts'

/** What an answer tells caches. */
export interface CompiledCache {
  /** Headers that are always the same. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly vary?: string
  /** Seconds from now. */
  readonly expiresAfter?: number
  /** How its tag is made, or the tag itself. */
  readonly etag: 'strong' | 'weak' | { readonly tag: string } | undefined
  /** In milliseconds since the epoch, where it is always the same. */
  readonly lastModified: 'changed' | 'now' | number | undefined
  readonly hasRanges: boolean
  /** The tag of a body: made once for one that is always the same. */
  readonly tagOf: (payload: string | Buffer, contentType: string) => string
}

/**
 * What one answer of an endpoint tells caches. What the endpoint says goes for its errors only where they are its only answer: nobody
 * wants those kept.
 */
export function compileCacheOf (answer: Response, endpoint: Endpoint, tools: Pick<AnswerTools, 'at'>): CompiledCache | undefined {
  const isInheritable = answer === endpoint || (answer.status ?? 200) < 400
  const cache = answer.cache ?? (isInheritable ? endpoint.cache : undefined)
  return cache === undefined || cache === false ? undefined : tools.at('cache', () => compileCache(cache))
}

/** @throws TypeError where a date is none */
function compileCache (cache: Exclude<Cache, false>): CompiledCache {
  const { etag = 'strong', last_modified: lastModified = true, control, vary, age, expires, ranges = true } = cache === true ? {} : cache
  const headers: Array<readonly [string, string]> = []
  if (control !== undefined) headers.push(['cache-control', writeCacheControl(control)])
  if (age !== undefined) headers.push(['age', String(age)])
  if (typeof expires === 'string') headers.push(['expires', formatHttpDate(momentOf(expires, 'expires'))])
  return {
    headers,
    ...vary !== undefined && { vary: [vary].flat().join(', ') },
    ...typeof expires === 'number' && { expiresAfter: expires },
    etag: etag === false ? undefined : etag === 'strong' || etag === 'weak' ? etag : { tag: etag },
    lastModified: lastModified === true ? 'changed' : lastModified === false ? undefined : lastModified === 'now' ? 'now' : momentOf(lastModified, 'last_modified'),
    hasRanges: ranges,
    tagOf: rememberedTag(etag === 'weak' ? 'weak' : 'strong')
  }
}

/** Of the last body: constant ones are the same text each time, which a comparison finds out at once. */
function rememberedTag (strength: 'strong' | 'weak'): CompiledCache['tagOf'] {
  let last: { payload: string | Buffer, contentType: string, tag: string } | undefined
  return (payload, contentType) => {
    if (last === undefined || last.payload !== payload || last.contentType !== contentType) last = { payload, contentType, tag: entityTag(strength, payload, contentType) }
    return last.tag
  }
}

function momentOf (text: string, key: string): number {
  const time = parseHttpDate(text) ?? (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN)
  if (Number.isNaN(time)) throw new TypeError(`'${text}' is no date: \`${key}\` takes ISO 8601 (2026-01-31T10:00:00Z) or a date of HTTP (Sat, 31 Jan 2026 10:00:00 GMT)`)
  return time
}
