/** What is known of a token: claims, as a JSON Web Token would have them. */
export type TokenClaims = Readonly<Record<string, unknown>>

/**
 * Opaque access tokens that the mock server itself has issued, of one scope: its OpenID provider adds them, the checks of `security` look
 * them up.
 */
export interface IssuedTokens {
  /** @param expires milliseconds since the epoch */
  add (token: string, claims: TokenClaims, expires: number): void
  /** Undefined where it is unknown, revoked, or has expired. */
  find (token: string, now: number): TokenClaims | undefined
  revoke (token: string): boolean
  clear (): void
}

/** So many are remembered; the oldest make room. */
const MOST = 50_000

export function createIssuedTokens (): IssuedTokens {
  const tokens = new Map<string, { claims: TokenClaims, expires: number }>()
  return {
    add (token, claims, expires) {
      tokens.set(token, { claims, expires })
      for (const oldest of tokens.keys()) {
        if (tokens.size <= MOST) break
        tokens.delete(oldest)
      }
    },
    find (token, now) {
      const known = tokens.get(token)
      return known !== undefined && known.expires > now ? known.claims : undefined
    },
    revoke: token => tokens.delete(token),
    clear: () => tokens.clear()
  }
}
