import type { Config, Endpoint } from '../config.ts'
import { methodsFor, oidcOptions, providerEndpoints } from '../oidc/operations.ts'
import { applyTags } from '../profile/apply-tags.ts'
import { applyDefaults } from './defaults.ts'
import { methodsOf } from './methods.ts'
import { routeKeys } from './route-key.ts'
import type { Member, Unit } from './unit.ts'

/**
 * The endpoints of the OpenID provider that nobody has written: neither as its operation, nor by serving something else under its address.
 *
 * @param members all that is written
 */
export function providerMembers (server: Config, units: readonly Unit[], members: readonly Member[]): Member[] {
  const options = oidcOptions(server)
  const unit = units.find(({ config }) => config.oidc !== undefined)
  if (options === undefined || unit === undefined) return []
  const written = new Set(members.map(({ endpoint }) => endpoint.oidc))
  const taken = new Set(members.filter(({ endpoint }) => endpoint.enabled !== false && endpoint.resource === undefined).flatMap(({ endpoint }) => addresses(endpoint)))
  return providerEndpoints(options)
    .filter(endpoint => !written.has(endpoint.oidc) && !addresses(endpoint).some(address => taken.has(address)))
    .map(endpoint => ({ unit, written: endpoint, endpoint: applyDefaults(applyTags<Endpoint>(endpoint, server.tags), unit.defaults), pointer: '/oidc', place: unit.place }))
}

/** An operation of the provider that stands somewhere else has the methods of that operation. */
export const withOperationMethods = (endpoint: Endpoint): Endpoint =>
  endpoint.oidc === undefined || endpoint.method !== undefined ? endpoint : { ...endpoint, method: methodsFor(endpoint.oidc) }

const addresses = (endpoint: Endpoint): string[] =>
  methodsOf(endpoint).flatMap(method => routeKeys(endpoint.path, endpoint.base_paths, endpoint.match).map(key => `${method} ${key}`))
