import type { GrantType } from '../config-keys/oidc.ts'
import { authenticateClient } from './authenticate-client.ts'
import { NO_STORE, type Call, type Operate, type Provider } from './call.ts'
import { checkGrantType, type Client } from './clients.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { deviceCodeGrant } from './grants/device-code.ts'
import { passwordGrant } from './grants/password.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
import { tokenExchangeGrant } from './grants/token-exchange.ts'
import { OAuthError } from './oauth-error.ts'

type Grant = (call: Call, provider: Provider, client: Client) => Promise<object>

const GRANTS: ReadonlyMap<string, readonly [GrantType, Grant]> = new Map<GrantType, readonly [GrantType, Grant]>(([
  ['authorization_code', authorizationCodeGrant],
  ['refresh_token', refreshTokenGrant],
  ['client_credentials', clientCredentialsGrant],
  ['password', passwordGrant],
  ['urn:ietf:params:oauth:grant-type:device_code', deviceCodeGrant],
  ['urn:ietf:params:oauth:grant-type:token-exchange', tokenExchangeGrant]
] as const).map(grant => [grant[0], grant]))

export const GRANT_TYPES = [...GRANTS.keys()]

/** The token endpoint (RFC 6749, section 3.2). */
export const token: Operate = async (call, provider) => {
  const client = await authenticateClient(call, provider)
  const name = call.parameters.need('grant_type')
  const found = GRANTS.get(name)
  if (found === undefined) throw new OAuthError('unsupported_grant_type', `the grant type ${name} is not one of ${GRANT_TYPES.join(', ')}`)
  const [type, grant] = found
  checkGrantType(client, type)
  return { status: 200, headers: NO_STORE, body: await grant(call, provider, client) }
}
