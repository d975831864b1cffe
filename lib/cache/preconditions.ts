import { isAnyTag, isStrong, listsTag } from './entity-tag.ts'
import { inSeconds, parseHttpDate } from './http-date.ts'

/** Headers of a request; names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** What a representation can be told from others of its resource by. */
export interface Validators {
  readonly etag?: string | undefined
  /** When it last changed, in milliseconds since the epoch. */
  readonly modified?: number | undefined
}

/** What the preconditions of a request come to. */
export type Precondition =
  /** It is to be answered as if it had none. */
  | { readonly holds: true }
  /** The client has it already. */
  | { readonly holds: false, readonly status: 304 }
  /** It is not as the client believes it to be. */
  | { readonly holds: false, readonly status: 412, readonly header: PreconditionHeader }

export type PreconditionHeader = 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match'

const HOLDS: Precondition = Object.freeze({ holds: true })
const NOT_MODIFIED: Precondition = Object.freeze({ holds: false, status: 304 })
const failed = (header: PreconditionHeader): Precondition => ({ holds: false, status: 412, header })

/**
 * Evaluates the preconditions of a request in the order of RFC 9110, section 13.2.2. Dates that are none are overlooked, as are conditions
 * on a date that there is not.
 *
 * @param current undefined where the resource has no representation
 * @example
 * evaluate('GET', { 'if-none-match': '"a"' }, { etag: '"a"' }) // { holds: false, status: 304 }
 */
export function evaluate (method: string, headers: RequestHeaders, current: Validators | undefined): Precondition {
  const isRead = method === 'GET' || method === 'HEAD'
  const ifMatch = textOf(headers['if-match'])
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, current, 'strong')) return failed('If-Match')
  } else {
    const since = dateOf(headers['if-unmodified-since'])
    if (since !== undefined && current?.modified !== undefined && inSeconds(current.modified) > since) return failed('If-Unmodified-Since')
  }
  const ifNoneMatch = textOf(headers['if-none-match'])
  if (ifNoneMatch !== undefined) {
    if (!matches(ifNoneMatch, current, 'weak')) return HOLDS
    return isRead ? NOT_MODIFIED : failed('If-None-Match')
  }
  const since = isRead ? dateOf(headers['if-modified-since']) : undefined
  return since !== undefined && current?.modified !== undefined && inSeconds(current.modified) <= since ? NOT_MODIFIED : HOLDS
}

/** Whether the parts that are asked for are of the representation that there is (`If-Range`, RFC 9110, section 13.1.5). */
export function isSameForRange (headers: RequestHeaders, { etag, modified }: Validators, now: number): boolean {
  const condition = textOf(headers['if-range'])
  if (condition === undefined) return true
  if (condition.includes('"')) return etag !== undefined && isStrong(etag) && condition.trim() === etag
  const date = dateOf(condition)
  // What changed in this very second may do so once more, and the date would not tell (section 8.8.2.2).
  return date !== undefined && modified !== undefined && inSeconds(modified) === date && inSeconds(now) > date
}

const matches = (header: string, current: Validators | undefined, comparison: 'strong' | 'weak'): boolean =>
  current !== undefined && (isAnyTag(header) || (current.etag !== undefined && listsTag(header, current.etag, comparison)))

const textOf = (header: string | string[] | undefined): string | undefined => header === undefined ? undefined : String(header)

function dateOf (header: string | string[] | undefined): number | undefined {
  const text = textOf(header)
  return text === undefined ? undefined : parseHttpDate(text)
}
