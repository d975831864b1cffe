import { authenticateClient } from './authenticate-client.ts'
import { NO_STORE, type Operate } from './call.ts'
import { revokeAccessToken, revokeGrant } from './issue-tokens.ts'
import { knownToken } from './known-token.ts'

/** RFC 7009: a refresh token goes with all that came of the same login. A token that is unknown is no mistake. The body means nothing; some clients read it all the same. */
export const revoke: Operate = async (call, provider) => {
  const client = await authenticateClient(call, provider)
  const text = call.parameters.need('token')
  const refresh = call.state.refreshTokens.find(text, call.now)
  if (refresh !== undefined) {
    if (refresh.authorization.client === client.id) revokeGrant(call, refresh.authorization.grant)
    return { status: 200, headers: NO_STORE, body: {} }
  }
  const claims = await knownToken(text, call, provider)
  if (claims !== undefined && (claims.client_id === undefined || claims.client_id === client.id)) revokeAccessToken(call, text)
  return { status: 200, headers: NO_STORE, body: {} }
}
