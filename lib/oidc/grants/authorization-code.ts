import { createHash } from 'node:crypto'
import type { Call, Provider } from '../call.ts'
import type { Client } from '../clients.ts'
import { issueTokens, revokeGrant } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import type { AuthorizationRequest } from '../state.ts'

/** RFC 6749, section 4.1.3; RFC 7636, section 4.6. */
export async function authorizationCodeGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { parameters, state } = call
  const code = state.codes.find(parameters.need('code'), call.now)
  if (code === undefined || code.request.client !== client.id) throw new OAuthError('invalid_grant', 'the code is unknown, has expired, or is that of another client')
  if (code.isUsed) {
    // RFC 6749, section 4.1.2: somebody has stolen it, and nobody knows which of the two.
    revokeGrant(call, code.authorization.grant)
    throw new OAuthError('invalid_grant', 'the code was used before; what came of it is revoked')
  }
  checkRedirect(parameters.get('redirect_uri'), code.request)
  checkVerifier(parameters.get('code_verifier'), code.request)
  code.isUsed = true
  return await issueTokens(call, provider, code.authorization, undefined, narrowed(parameters.all('resource'), code.authorization.resources))
}

function checkRedirect (address: string | undefined, { redirectUri, isRedirectNamed }: AuthorizationRequest): void {
  if (address === undefined ? isRedirectNamed : address !== redirectUri) throw new OAuthError('invalid_grant', 'redirect_uri is not that of the authorization request')
}

function checkVerifier (verifier: string | undefined, { challenge }: AuthorizationRequest): void {
  if (challenge === undefined) {
    // RFC 9700, section 4.8.2: else an attacker could leave the challenge out.
    if (verifier !== undefined) throw new OAuthError('invalid_grant', 'there is a code_verifier, and the authorization request had no code_challenge')
    return
  }
  if (verifier === undefined) throw new OAuthError('invalid_grant', 'code_verifier is missing')
  const made = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  if (made !== challenge.value) throw new OAuthError('invalid_grant', 'code_verifier is not that of the code_challenge')
}

/** The resources that are asked for, of those that were granted (RFC 8707, section 2.2). */
export function narrowed (wanted: readonly string[], granted: readonly string[]): readonly string[] {
  if (wanted.length === 0) return granted
  if (granted.length > 0 && wanted.some(resource => !granted.includes(resource))) throw new OAuthError('invalid_request', 'resource is not one of those that were granted')
  return wanted
}
