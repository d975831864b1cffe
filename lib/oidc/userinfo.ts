import { credentialsOf } from '../security/credentials.ts'
import { NO_STORE, type Call, type Operate } from './call.ts'
import { knownToken } from './known-token.ts'
import { OAuthError } from './oauth-error.ts'
import { wordsOf } from './parameters.ts'
import { claimsFor, findPerson, stranger } from './people.ts'

/** OpenID Connect Core 1.0, section 5.3; mistakes as in RFC 6750, section 3. */
export const userinfo: Operate = async (call, provider) => {
  const token = bearerOf(call)
  if (token === undefined) return { status: 401, headers: { 'www-authenticate': 'Bearer realm="oidc"' } }
  const claims = await knownToken(token, call, provider)
  if (claims === undefined) throw denied('invalid_token', 'the token is unknown, revoked, or has expired', 401)
  const scopes = wordsOf(typeof claims.scope === 'string' ? claims.scope : undefined)
  if (!scopes.includes('openid')) throw denied('insufficient_scope', 'the token does not have the scope openid', 403)
  const sub = String(claims.sub)
  return { status: 200, headers: NO_STORE, body: claimsFor(provider.people.find(person => person.sub === sub) ?? findPerson(provider.people, sub) ?? stranger(sub), scopes) }
}

/** In the header, or in the form of a POST (RFC 6750, section 2). */
function bearerOf ({ headers: { authorization }, method, parameters }: Call): string | undefined {
  const credentials = credentialsOf(typeof authorization === 'string' ? authorization : undefined)
  if (credentials?.scheme === 'bearer' && credentials.value !== '') return credentials.value
  return method === 'POST' ? parameters.get('access_token') : undefined
}

function denied (error: 'invalid_token' | 'insufficient_scope', description: string, status: number): OAuthError {
  return new OAuthError(error, description, { status, headers: { 'www-authenticate': `Bearer realm="oidc", error="${error}", error_description="${description}"${error === 'insufficient_scope' ? ', scope="openid"' : ''}` } })
}
