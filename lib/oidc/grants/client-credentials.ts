import type { Call, Provider } from '../call.ts'
import { checkScopes, type Client } from '../clients.ts'
import { issueAccessToken } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { wordsOf } from '../parameters.ts'
import { resourcesOf } from '../resources.ts'

/** RFC 6749, section 4.4. */
export async function clientCredentialsGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { registered } = client
  if (registered !== undefined && registered.secret === undefined && registered.jwks === undefined) throw new OAuthError('unauthorized_client', 'a public client cannot ask for itself')
  const scopes = wordsOf(call.parameters.get('scope') ?? registered?.scopes?.join(' '))
  checkScopes(client, scopes)
  const { token, lifetime } = await issueAccessToken(call, provider, { client: client.id, scopes, resources: resourcesOf(call.parameters) })
  return { access_token: token, token_type: 'Bearer', expires_in: Math.floor(lifetime), ...scopes.length > 0 && { scope: scopes.join(' ') } }
}
