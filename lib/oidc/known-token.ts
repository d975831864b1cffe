import type { TokenClaims } from '../security/issued-tokens.ts'
import type { Call, Provider } from './call.ts'

/** What is known of an access token; undefined where it does not count (any more). Those of personas, which the same keys have signed, count as well. */
export async function knownToken (token: string, { tokens, state, now }: Call, { keys }: Provider): Promise<TokenClaims | undefined> {
  const issued = tokens.find(token, now)
  if (issued !== undefined) return issued
  if (token.split('.').length !== 3) return undefined
  const { jwtVerify } = await import('jose')
  try {
    const { payload } = await jwtVerify(token, keys.verificationKey, { currentDate: new Date(now), requiredClaims: ['sub', 'exp'] })
    // ID tokens are for clients, and open nothing.
    if (payload.at_hash !== undefined) return undefined
    return payload.jti !== undefined && state.revoked.find(payload.jti, now) === true ? undefined : payload
  } catch {
    return undefined
  }
}
