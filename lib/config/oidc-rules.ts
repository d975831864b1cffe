import type { Config } from '../config.ts'
import type { OidcClient } from '../config-keys/oidc.ts'
import { child } from '../json-pointer.ts'
import { allowsRedirect } from '../oidc/clients.ts'
import { oidcOptions } from '../oidc/operations.ts'
import { quote } from './describe.ts'
import type { Report } from './report.ts'
import type { Member, Unit } from './unit.ts'

/** What an operation of the provider answers by itself. */
const ANSWERS = ['response', 'text', 'file', 'base64', 'responses', 'resource'] as const

const REDIRECTS = ['redirect_uris', 'post_logout_redirect_uris'] as const

/** What a schema cannot say about the OpenID provider. */
export function oidcRules (server: Config, units: readonly Unit[], members: readonly Member[], report: Report): void {
  const isServed = oidcOptions(server) !== undefined
  for (const { endpoint, pointer, place } of members) {
    if (endpoint.oidc === undefined) continue
    if (!isServed) {
      report.add({ code: 'bad-oidc', message: "the endpoint is a part of the OpenID provider, and there is none: 'oidc' is missing", hint: "write 'oidc: true' beside 'endpoints'", pointer: `${pointer}/oidc`, target: 'key' }, place)
    }
    for (const key of ANSWERS) {
      if (endpoint[key] !== undefined) report.add({ code: 'bad-oidc', message: `${quote(key)} stands beside 'oidc', which makes the answers`, pointer: child(pointer, key), target: 'key' }, place)
    }
  }
  for (const { config, place } of units) {
    const clients = oidcOptions(config)?.clients ?? {}
    for (const [id, client] of Object.entries(clients)) {
      for (const { pointer, ...finding } of clientRules(client)) report.add({ code: 'bad-oidc', ...finding, pointer: child('/oidc/clients', id) + pointer }, place)
    }
  }
}

function * clientRules (client: OidcClient) {
  for (const key of REDIRECTS) {
    for (const [index, address] of (client[key] ?? []).entries()) {
      if (!allowsRedirect(address, { id: '' })) yield { message: `${quote(address)} is no address that people can be sent to: an absolute one, without a fragment, is needed`, pointer: `/${key}/${index}` }
    }
  }
  const { token_endpoint_auth_method: method, secret, jwks } = client
  const lacking = method === 'private_key_jwt' && jwks === undefined ? 'jwks' : method !== undefined && method !== 'none' && method !== 'private_key_jwt' && secret === undefined ? 'secret' : undefined
  if (lacking !== undefined) yield { message: `the client has no ${quote(lacking)}, which '${method}' needs`, pointer: '/token_endpoint_auth_method' }
}
