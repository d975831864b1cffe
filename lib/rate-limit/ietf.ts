import type { Policy } from './policy.ts'
import type { Reading } from './reading.ts'

/**
 * The fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4): lists of items in structured
 * fields (RFC 9651). Windows are whole seconds there, so that one of less is not told.
 *
 * @example
 * ietfPolicy(policy) // '"default";q=100;w=60'
 */
export function ietfPolicy ({ name, limit, window, capacity, algorithm }: Policy): string {
  const unit = algorithm === 'concurrency' ? ';qu="concurrent-requests"' : ''
  const w = window >= 1000 ? `;w=${Math.ceil(window / 1000)}` : ''
  // The draft has no word for it; parameters of others bear the name of who adds them.
  const burst = capacity === limit ? '' : `;mock-burst=${capacity}`
  return `${sfString(name)};q=${limit}${unit}${w}${burst}`
}

/**
 * @example
 * ietfLimit({ policy, remaining: 50, reset: 29_500, isExceeded: false }) // '"default";r=50;t=30'
 */
export function ietfLimit ({ policy: { name }, remaining, reset }: Reading): string {
  return `${sfString(name)};r=${remaining}${reset === undefined ? '' : `;t=${Math.ceil(reset / 1000)}`}`
}

/** A string of structured fields (RFC 9651, section 3.3.3): visible ASCII; what is not is percent-encoded. */
const sfString = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[^\u0020-\u007E]+/g, encode)}"`
const encode = (characters: string): string => Buffer.from(characters).toString('hex').replace(/../g, byte => `%${byte.toUpperCase()}`)
