import { authenticateClient } from './authenticate-client.ts'
import { NO_STORE, type Operate } from './call.ts'
import { knownToken } from './known-token.ts'

/** RFC 7662: also of refresh tokens. Of tokens that do not count nothing is told. */
export const introspect: Operate = async (call, provider) => {
  const client = await authenticateClient(call, provider)
  const text = call.parameters.need('token')
  const claims = await knownToken(text, call, provider)
  if (claims !== undefined) return { status: 200, headers: NO_STORE, body: { active: true, token_type: 'Bearer', ...claims } }
  const refresh = call.state.refreshTokens.find(text, call.now)
  if (refresh === undefined || refresh.isUsed || refresh.authorization.grant.isRevoked || refresh.authorization.client !== client.id) return { status: 200, headers: NO_STORE, body: { active: false } }
  const { client: id, login: { person }, scopes } = refresh.authorization
  return { status: 200, headers: NO_STORE, body: { active: true, token_type: 'refresh_token', client_id: id, sub: person.sub, scope: scopes.join(' '), iss: call.issuer } }
}
