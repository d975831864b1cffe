import type { Config, Endpoint } from '../config.ts'
import type { OidcOperation, OidcOptions } from '../config-keys/oidc.ts'

interface Operation {
  readonly name: OidcOperation
  readonly methods: readonly string[]
  readonly path: string
  readonly description: string
}

const OAUTH_METADATA = '/.well-known/oauth-authorization-server'

const OPERATIONS: readonly Operation[] = [
  { name: 'metadata', methods: ['GET'], path: '/.well-known/openid-configuration', description: 'What the OpenID provider is and where it has what (OpenID Connect Discovery 1.0).' },
  { name: 'metadata', methods: ['GET'], path: OAUTH_METADATA, description: 'The same, for OAuth (RFC 8414).' },
  { name: 'jwks', methods: ['GET'], path: '/.well-known/jwks.json', description: 'The keys that tokens are checked by (RFC 7517).' },
  { name: 'authorize', methods: ['GET', 'POST'], path: '/authorize', description: 'Signs people in, and sends them back with a code (RFC 6749, section 3.1).' },
  { name: 'token', methods: ['POST'], path: '/token', description: 'Gives tokens (RFC 6749, section 3.2).' },
  { name: 'userinfo', methods: ['GET', 'POST'], path: '/userinfo', description: 'Who somebody is (OpenID Connect Core 1.0, section 5.3).' },
  { name: 'introspect', methods: ['POST'], path: '/introspect', description: 'What a token is (RFC 7662).' },
  { name: 'revoke', methods: ['POST'], path: '/revoke', description: 'Takes a token back (RFC 7009).' },
  { name: 'logout', methods: ['GET', 'POST'], path: '/logout', description: 'Signs people out (OpenID Connect RP-Initiated Logout 1.0).' },
  { name: 'device_authorization', methods: ['POST'], path: '/device_authorization', description: 'Gives a code for people to type in elsewhere (RFC 8628, section 3.1).' },
  { name: 'device', methods: ['GET', 'POST'], path: '/device', description: 'Where that code is typed in (RFC 8628, section 3.3).' }
]

/** Pages of other origins call these. */
export const FOR_PAGES: ReadonlySet<OidcOperation> = new Set(['metadata', 'jwks', 'token', 'userinfo', 'revoke', 'introspect', 'device_authorization'])

/** Those that are asked from elsewhere with headers or methods which browsers ask about first. */
const ASKED_ABOUT: ReadonlySet<OidcOperation> = new Set(['userinfo', 'token', 'revoke', 'introspect', 'device_authorization'])

export const oidcOptions = ({ oidc }: Pick<Config, 'oidc'>): OidcOptions | undefined => oidc === true ? {} : oidc === false ? undefined : oidc

/** The methods of an operation, with OPTIONS where browsers ask beforehand (CORS). */
export function methodsFor (name: OidcOperation): string[] {
  const methods = OPERATIONS.find(operation => operation.name === name)?.methods ?? []
  return ASKED_ABOUT.has(name) ? [...methods, 'OPTIONS'] : [...methods]
}

/**
 * The provider as endpoints like any other, so that latency, failures, scopes, the log and verification are theirs as well. Credentials that
 * the API itself asks for are not asked for here.
 *
 * @example
 * providerEndpoints({ path: '/auth' })[4].id // 'oidc POST /auth/token'
 */
export function providerEndpoints ({ path: base = '' }: OidcOptions): Array<Endpoint & { id: string, oidc: OidcOperation }> {
  const served = OPERATIONS.map(operation => ({ ...operation, path: base + operation.path }))
  // RFC 8414, section 3.1: the path of an issuer stands behind the well-known one.
  const inserted = base === '' ? [] : OPERATIONS.filter(({ path }) => path === OAUTH_METADATA).map(operation => ({ ...operation, path: OAUTH_METADATA + base }))
  return [...served, ...inserted].map(({ name, methods, path, description }) => ({
    id: `oidc ${methods.join()} ${path}`,
    oidc: name,
    path,
    method: methodsFor(name),
    description,
    tags: ['oidc'],
    base_paths: [''],
    security: []
  }))
}

/** Where the operations of a configuration are served. */
export function operationPaths ({ endpoints = [] }: Config): Partial<Record<OidcOperation, string>> {
  const paths: Partial<Record<OidcOperation, string>> = {}
  for (const { oidc, path, base_paths: bases = [''], enabled } of endpoints) {
    if (oidc !== undefined && enabled !== false && path !== undefined) paths[oidc] ??= `${bases[0] ?? ''}${path}`
  }
  return paths
}
