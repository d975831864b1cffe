import type { GrantType, OidcClient } from '../config-keys/oidc.ts'
import type { Provider } from './call.ts'
import { OAuthError } from './oauth-error.ts'

export interface Client {
  readonly id: string
  /** Undefined where any client is taken, and nothing is known of this one. */
  readonly registered?: OidcClient | undefined
}

/** Undefined where there is no such client. */
export function findClient (id: string, { options: { clients } }: Provider): Client | undefined {
  if (clients === undefined) return { id }
  const registered = Object.hasOwn(clients, id) ? clients[id] : undefined
  return registered === undefined ? undefined : { id, registered }
}

/** Addresses that run scripts or tell files, wherever a browser is sent to them. */
const NEVER = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'])

/**
 * Whether people may be sent to an address: one that is registered, or, where no client is, any that is an absolute one without a fragment
 * (RFC 6749, section 3.1.2).
 */
export function allowsRedirect (address: string, { registered }: Client, key: 'redirect_uris' | 'post_logout_redirect_uris' = 'redirect_uris'): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || url.hash !== '' || address.endsWith('#') || NEVER.has(url.protocol)) return false
  if (registered === undefined) return true
  return (registered[key] ?? []).some(known => known === address || isSameLoopback(known, url))
}

/** RFC 8252, section 7.3: programs listen on whatever port is free. */
function isSameLoopback (known: string, url: URL): boolean {
  if (url.protocol !== 'http:' || !/^(127\.0\.0\.1|\[::1\])$/.test(url.hostname) || url.username !== '' || url.password !== '') return false
  if (!URL.canParse(known)) return false
  const other = new URL(known)
  other.port = url.port
  return other.href === url.href
}

/** @throws OAuthError where the client may not ask with this grant */
export function checkGrantType ({ registered }: Client, grantType: GrantType): void {
  if (registered?.grant_types?.includes(grantType) === false) throw new OAuthError('unauthorized_client', `the client is not registered for the grant type ${grantType}`)
}

/** @throws OAuthError where the client may not ask for one of the scopes */
export function checkScopes ({ registered }: Client, scopes: readonly string[]): void {
  const strange = scopes.find(scope => registered?.scopes?.includes(scope) === false)
  if (strange !== undefined) throw new OAuthError('invalid_scope', `the client is not registered for the scope ${strange}`)
}

/** What people are told that they sign in to. */
export const displayName = (id: string, provider: Provider): string => findClient(id, provider)?.registered?.name ?? id
