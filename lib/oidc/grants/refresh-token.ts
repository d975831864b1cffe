import type { Call, Provider } from '../call.ts'
import type { Client } from '../clients.ts'
import { issueTokens, revokeGrant } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { wordsOf } from '../parameters.ts'
import { narrowed } from './authorization-code.ts'

/** RFC 6749, section 6; rotation as in RFC 9700, section 4.14.2. */
export async function refreshTokenGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { parameters, state } = call
  const text = parameters.need('refresh_token')
  const token = state.refreshTokens.find(text, call.now)
  if (token === undefined || token.authorization.client !== client.id || token.authorization.grant.isRevoked) {
    throw new OAuthError('invalid_grant', 'the refresh token is unknown, revoked, has expired, or is that of another client')
  }
  const { authorization } = token
  if (token.isUsed) {
    revokeGrant(call, authorization.grant)
    throw new OAuthError('invalid_grant', 'the refresh token was used before; all that came of the same login is revoked')
  }
  const wanted = parameters.get('scope')
  const scopes = wanted === undefined ? authorization.scopes : wordsOf(wanted)
  const strange = scopes.find(scope => !authorization.scopes.includes(scope))
  if (strange !== undefined) throw new OAuthError('invalid_scope', `the scope ${strange} was not granted`)
  const resources = narrowed(parameters.all('resource'), authorization.resources)
  const isRotated = provider.options.refresh_token_rotation !== false
  token.isUsed = isRotated
  // OpenID Connect Core 1.0, section 12.2: the nonce is that of the login alone.
  const answer = await issueTokens(call, provider, { ...authorization, nonce: undefined }, scopes, resources)
  if (isRotated) return answer
  const { refresh_token: unused, ...same } = answer
  if (typeof unused === 'string') state.refreshTokens.delete(unused)
  return same
}
