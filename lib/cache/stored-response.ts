import type { SharedCachePolicy } from '../config-keys/caching.ts'
import { currentAge, freshnessOf, textOf, type Freshness, type Moments, type ResponseHeaders } from './freshness.ts'
import { formatHttpDate, parseHttpDate } from './http-date.ts'
import type { RequestHeaders, Validators } from './preconditions.ts'

/** An answer as a shared cache keeps it. */
export interface StoredResponse extends Moments {
  /** Path and query, without the plugin's prefix. */
  readonly url: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
  /** The request headers that it depends on, as they were. */
  readonly varies: ReadonlyArray<readonly [name: string, value: string | undefined]>
  readonly freshness: Freshness
  readonly policy: SharedCachePolicy
  /** Name of the answer, for the log. */
  readonly variant: string | undefined
  /** What it counts for, in bytes. */
  readonly bytes: number
}

/** An answer as it came from its endpoint. */
export interface ReceivedResponse {
  readonly url: string
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
  readonly requestHeaders: RequestHeaders
  readonly requested: number
  readonly received: number
  readonly policy: SharedCachePolicy
  readonly variant: string | undefined
}

/** What an entry takes besides its body and headers. */
const OVERHEAD = 512

/** What is about one message, or one connection, and not about the content (RFC 9111, section 3.1). */
const NOT_STORED = new Set(['content-length', 'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authentication-info', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-mock-injected', 'x-mock-violations'])

export function storedResponse ({ requestHeaders, ...response }: ReceivedResponse): StoredResponse {
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !NOT_STORED.has(name)))
  const date = parseHttpDate(textOf(headers.date) ?? '') ?? response.received
  const dated = { ...headers, date: formatHttpDate(date) }
  return {
    ...response,
    headers: dated,
    date,
    varies: varyNames(headers).map(name => [name, normalised(requestHeaders[name])] as const),
    freshness: freshnessOf(response.status, dated, date, response.policy),
    bytes: OVERHEAD + response.body.length + response.url.length + Object.entries(dated).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0)
  }
}

/**
 * A stored answer that its endpoint has found to be still right, with what a 304 said of it anew (RFC 9111, section 3.2).
 */
export function freshened (stored: StoredResponse, said: ResponseHeaders, requestHeaders: RequestHeaders, requested: number, received: number): StoredResponse {
  // The age that it came with was of then; of now it is what the 304 says.
  const { age: _age, ...kept } = stored.headers
  const updates = Object.fromEntries(Object.entries(said).filter(([name]) => !UNTOUCHED.has(name)))
  return storedResponse({ ...stored, headers: { ...kept, date: formatHttpDate(received), ...updates }, requestHeaders, requested, received })
}

/** What a 304 cannot change about a body that it does not carry. */
const UNTOUCHED = new Set([...NOT_STORED, 'content-encoding', 'content-range', 'content-type'])

/** Names in `Vary`, in lower case; `*` among them stands for what no cache can know. */
export const varyNames = ({ vary }: ResponseHeaders): string[] =>
  (textOf(vary) ?? '').split(',').map(name => name.trim().toLowerCase()).filter(name => name !== '')

/** Whether a stored answer is for requests with such headers (RFC 9111, section 4.1). */
export const isFor = ({ varies }: StoredResponse, headers: RequestHeaders): boolean =>
  varies.every(([name, value]) => normalised(headers[name]) === value)

export const ageOf = (stored: StoredResponse, now: number): number => currentAge(stored, textOf(stored.headers.age), now)

export const validatorsOf = ({ headers }: StoredResponse): Validators =>
  ({ etag: textOf(headers.etag), modified: parseHttpDate(textOf(headers['last-modified']) ?? '') })

/** White space around commas tells nobody anything. */
const normalised = (header: string | string[] | undefined): string | undefined => textOf(header)?.trim().replace(/\s*,\s*/g, ', ')
