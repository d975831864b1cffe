import { dig, isRecord, own } from '../template/own.ts'
import { tokens } from '../json-pointer.ts'

/** Who calls, as far as credentials tell. */
export interface Caller {
  /** The security scheme that told. */
  readonly scheme: string
  readonly sub?: string
  /** What the caller may do. */
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  /** Everything that is known of the caller, `sub`, scopes and roles included: the claims of a token. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Id of the session, of one who has one. */
  readonly session?: string
  /** Token of the session against forged requests. */
  readonly csrf?: string
}

/** Where the claims of tokens hold what counts. */
export interface ClaimPaths {
  readonly scope?: string | undefined
  readonly roles?: string | undefined
}

/** Claims that hold scopes at one issuer or another: RFC 8693, Entra ID and Okta, Auth0. */
const SCOPE_CLAIMS = ['scope', 'scp', 'scopes', 'permissions']

/**
 * @example
 * callerOf('jwt', { sub: 'ann', scope: 'read write' }).scopes // ['read', 'write']
 */
export function callerOf (scheme: string, claims: Readonly<Record<string, unknown>>, paths: ClaimPaths = {}): Caller {
  const { sub } = claims
  return {
    scheme,
    ...typeof sub === 'string' && { sub },
    scopes: (paths.scope === undefined ? SCOPE_CLAIMS.map(name => own(claims, name)) : [claimAt(claims, paths.scope)]).flatMap(words),
    roles: texts(claimAt(claims, paths.roles ?? 'roles')),
    claims
  }
}

/** The claims of somebody of the configuration; what it is called by is no claim. */
export const claimsOf = (name: string | undefined, { key, token, password, subject, san, fingerprint, ...claims }: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  ({ ...name !== undefined && { sub: name }, ...claims })

/** What a claim's path leads to: a name, as it stands; `a.b`; a JSON pointer. */
export function claimAt (claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (path.startsWith('/')) return dig(claims, tokens(path))
  return Object.hasOwn(claims, path) ? claims[path] : dig(claims, path.split('.'))
}

/** Claims with one more, where a path leads. */
export const withClaim = (claims: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> => within(claims, namesIn(path), value)

function within (claims: Readonly<Record<string, unknown>>, [first = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const inner = own(claims, first)
  return { ...claims, [first]: rest.length === 0 ? value : within(isRecord(inner) ? inner : {}, rest, value) }
}

/** Names of claims may be addresses, whose dots lead nowhere. */
const namesIn = (path: string): string[] => path.startsWith('/') ? tokens(path) : path.includes('/') ? [path] : path.split('.')

const words = (value: unknown): string[] => typeof value === 'string' ? value.split(' ').filter(word => word !== '') : texts(value)

const texts = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
