import type { TokenClaims } from '../../security/issued-tokens.ts'
import type { Call, Provider } from '../call.ts'
import { checkScopes, type Client } from '../clients.ts'
import { issueAccessToken } from '../issue-tokens.ts'
import { knownToken } from '../known-token.ts'
import { OAuthError } from '../oauth-error.ts'
import { wordsOf } from '../parameters.ts'
import { findPerson, stranger } from '../people.ts'
import { resourcesOf } from '../resources.ts'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'

/** RFC 8693, section 2: a token for another one, of the same person, for somebody else or by somebody else. */
export async function tokenExchangeGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { parameters } = call
  const subject = await tokenNamed('subject_token', call, provider)
  const hasActor = parameters.get('actor_token') !== undefined
  if (!hasActor && parameters.get('actor_token_type') !== undefined) throw new OAuthError('invalid_request', 'there is an actor_token_type without an actor_token')
  const actor = hasActor ? await tokenNamed('actor_token', call, provider) : undefined
  const type = parameters.get('requested_token_type') ?? ACCESS_TOKEN
  if (type !== ACCESS_TOKEN && (type !== JWT || provider.options.access_token_format === 'opaque')) throw new OAuthError('invalid_request', `requested_token_type ${type} is not one that there is`)

  const granted = wordsOf(typeof subject.scope === 'string' ? subject.scope : undefined)
  const wanted = parameters.get('scope')
  const scopes = wanted === undefined ? granted : wordsOf(wanted)
  const strange = scopes.find(scope => !granted.includes(scope))
  if (strange !== undefined) throw new OAuthError('invalid_scope', `the subject token does not have the scope ${strange}`)
  checkScopes(client, scopes)

  const sub = String(subject.sub)
  const isClient = subject.sub === subject.client_id
  const { token, lifetime } = await issueAccessToken(call, provider, {
    client: client.id,
    scopes,
    resources: resourcesOf(parameters),
    person: isClient ? { ...stranger(sub), claims: {} } : findPerson(provider.people, sub) ?? stranger(sub),
    ...actor !== undefined && { claims: { act: { sub: actor.sub, ...subject.act !== undefined && { act: subject.act } } } }
  })
  return { access_token: token, issued_token_type: type, token_type: 'Bearer', expires_in: Math.floor(lifetime), ...scopes.length > 0 && { scope: scopes.join(' ') } }
}

async function tokenNamed (name: 'subject_token' | 'actor_token', call: Call, provider: Provider): Promise<TokenClaims> {
  const token = call.parameters.need(name)
  const type = call.parameters.need(`${name}_type`)
  if (type !== ACCESS_TOKEN && type !== JWT) throw new OAuthError('invalid_request', `${name}_type ${type === ID_TOKEN ? 'id_token' : type} is not taken: exchange an access token`)
  const claims = await knownToken(token, call, provider)
  if (claims === undefined) throw new OAuthError('invalid_request', `${name} does not count: it is unknown, revoked, or has expired`)
  return claims
}
