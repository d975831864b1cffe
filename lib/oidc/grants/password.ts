import { randomUUID } from 'node:crypto'
import type { Call, Provider } from '../call.ts'
import { checkScopes, type Client } from '../clients.ts'
import { grantedScopes } from '../granted-scopes.ts'
import { issueTokens } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { wordsOf } from '../parameters.ts'
import { resourcesOf } from '../resources.ts'
import { signIn } from '../sign-in.ts'
import { createGrant } from '../state.ts'

/** RFC 6749, section 4.3: old, and still asked for. */
export async function passwordGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { parameters } = call
  const person = signIn(provider, parameters.need('username'), parameters.need('password'))
  if (person === undefined) throw new OAuthError('invalid_grant', 'the name or the password is wrong')
  const wanted = wordsOf(parameters.get('scope'))
  checkScopes(client, wanted)
  return await issueTokens(call, provider, {
    client: client.id,
    login: { sid: randomUUID(), person, at: call.now },
    scopes: grantedScopes(wanted, person),
    resources: resourcesOf(parameters),
    grant: createGrant()
  })
}
