import type { KeySet } from '../jwt/key-set.ts'
import { isRecord } from '../template/own.ts'
import { OAuthError } from './oauth-error.ts'

/**
 * Whom an ID token of this provider is about, and for which client, however old it is (RP-Initiated Logout 1.0, section 2).
 *
 * @throws OAuthError
 */
export async function readIdTokenHint (token: string, { verificationKey }: KeySet): Promise<{ sub?: string, aud?: string }> {
  const { compactVerify } = await import('jose')
  try {
    const { payload } = await compactVerify(token, verificationKey)
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    if (!isRecord(claims)) return {}
    const { sub, aud } = claims
    return { ...typeof sub === 'string' && { sub }, ...typeof aud === 'string' && { aud } }
  } catch {
    throw new OAuthError('invalid_request', 'id_token_hint is not a token of this provider')
  }
}
