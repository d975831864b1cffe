import type { Call, Provider } from '../call.ts'
import type { Client } from '../clients.ts'
import { grantedScopes } from '../granted-scopes.ts'
import { issueTokens } from '../issue-tokens.ts'
import { OAuthError } from '../oauth-error.ts'
import { createGrant } from '../state.ts'

/** What RFC 8628, section 3.5, adds to the interval of those who ask too often. */
const SLOWER = 5000

/** RFC 8628, section 3.4. */
export async function deviceCodeGrant (call: Call, provider: Provider, client: Client): Promise<object> {
  const { state, now } = call
  const key = call.parameters.need('device_code')
  // Kept a while longer than it counts, so that devices are told why.
  const device = state.devices.find(key, now)
  if (device === undefined || device.client !== client.id) throw new OAuthError('invalid_grant', 'the device code is unknown, was used, or is that of another client')
  if (device.expires <= now) throw new OAuthError('expired_token', 'the device code has expired')
  if (device.status === 'denied') throw new OAuthError('access_denied', 'the person has refused')
  if (device.status === 'pending') {
    const isEarly = device.askedAt !== undefined && now - device.askedAt < device.interval
    device.askedAt = now
    if (!isEarly) throw new OAuthError('authorization_pending', 'nobody has signed in yet')
    device.interval += SLOWER
    throw new OAuthError('slow_down', `ask every ${device.interval / 1000} seconds at most`)
  }
  state.devices.delete(key)
  const { client: id, status: login, scopes, resources } = device
  return await issueTokens(call, provider, { client: id, login, scopes: grantedScopes(scopes, login.person), resources, grant: createGrant() })
}
