/** One reference token of a JSON pointer, escaped (RFC 6901, section 3). */
export function escapeToken (token: string): string {
  return token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
}

/** The pointer to a member: `child('/endpoints/0', 'path')` is `/endpoints/0/path`. */
export const child = (pointer: string, token: string | number): string =>
  `${pointer}/${typeof token === 'number' ? token : escapeToken(token)}`

/** The reference tokens of a JSON pointer: `/paths/~1users` is `['paths', '/users']`. */
export function tokens (pointer: string): string[] {
  if (pointer === '') return []
  return pointer.slice(1).split('/').map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A reference token as it stands in the fragment of a URI (RFC 6901, section 6): percent-encoding and both escapes are undone. */
export function unescapeFragment (token: string): string {
  let text = token
  if (token.includes('%')) {
    try {
      text = decodeURIComponent(token)
    } catch {
      // Not percent-encoded after all: a lone % is part of the name.
    }
  }
  return text.includes('~') ? text.replaceAll('~1', '/').replaceAll('~0', '~') : text
}
