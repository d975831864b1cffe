import { escapeToken, unescapeFragment } from '../json-pointer.ts'

/**
 * A JSON pointer as the fragment of a `$ref` (RFC 6901, section 6): escaped, and percent-encoded where a URI asks for it.
 *
 * @example
 * toRef(['schemas', 'Page«User»']) // '#/schemas/Page%C2%ABUser%C2%BB'
 */
export const toRef = (tokens: readonly string[]): string =>
  `#${tokens.map(token => `/${escapeToken(token).replace(/[^\w\-.~!$&'()*+,;=:@]/gu, encode)}`).join('')}`

/** A lone surrogate has no percent-encoding; it stays as it is. */
function encode (character: string): string {
  try {
    return encodeURIComponent(character)
  } catch {
    return character
  }
}

/** The reference tokens of `#/a~1b/c%20d`: `['a/b', 'c d']`. */
export const refTokens = (fragment: string): string[] =>
  fragment.replace(/^#/, '').split('/').slice(1).map(unescapeFragment)
