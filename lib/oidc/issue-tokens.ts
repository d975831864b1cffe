import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { KeyPairAlgorithm } from '../jwt/algorithm.ts'
import type { Call, Provider } from './call.ts'
import { claimsFor, ownClaims, type Person } from './people.ts'
import type { Authorization, Grant } from './state.ts'

/** How long tokens last, in seconds, where nobody says. */
const LIFETIME = { access: 3600, id: 3600, refresh: 1_209_600 }

/** A grant remembers so many of its access tokens. */
const MOST_TOKENS = 100

/** What nobody can guess. */
export const opaque = (): string => randomBytes(32).toString('base64url')

export interface AccessTokenOptions {
  readonly client: string
  readonly scopes: readonly string[]
  /** What it is for. */
  readonly resources: readonly string[]
  /** Whom it stands for; the client itself where there is nobody. */
  readonly person?: Person | undefined
  readonly grant?: Grant | undefined
  /** Further claims. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface AccessToken {
  readonly token: string
  /** In seconds. */
  readonly lifetime: number
}

/** Gives an access token: a JSON Web Token (RFC 9068), or one that says nothing. What it stands for is remembered, so that it can be asked about. */
export async function issueAccessToken (call: Call, { options, keys }: Provider, { client, scopes, resources, person, grant, claims }: AccessTokenOptions): Promise<AccessToken> {
  const lifetime = person?.lifetime ?? options.access_token_ttl_s ?? LIFETIME.access
  const seconds = Math.floor(call.now / 1000)
  const payload = {
    ...person !== undefined && ownClaims(person),
    ...claims,
    iss: call.issuer,
    sub: person?.sub ?? client,
    aud: resources.length > 1 ? [...resources] : resources[0] ?? options.audience ?? call.issuer,
    client_id: client,
    ...scopes.length > 0 && { scope: scopes.join(' ') },
    iat: seconds,
    exp: seconds + Math.floor(lifetime),
    jti: randomUUID()
  }
  const token = options.access_token_format === 'opaque' ? opaque() : await keys.sign(payload, { typ: 'at+jwt' })
  call.tokens.add(token, payload, call.now + lifetime * 1000)
  if (grant !== undefined) {
    grant.accessTokens.add(token)
    for (const oldest of grant.accessTokens) {
      if (grant.accessTokens.size <= MOST_TOKENS) break
      grant.accessTokens.delete(oldest)
    }
  }
  return { token, lifetime }
}

/** The answer of the token endpoint to somebody who has signed in (OpenID Connect Core 1.0, section 3.1.3.3). */
export async function issueTokens (call: Call, provider: Provider, authorization: Authorization, scopes = authorization.scopes, resources = authorization.resources): Promise<Record<string, unknown>> {
  const { client, login: { person }, grant } = authorization
  const { token, lifetime } = await issueAccessToken(call, provider, { client, scopes, resources, person, grant })
  const idToken = scopes.includes('openid') ? await issueIdToken(call, provider, authorization, scopes, token) : undefined
  const refreshToken = isRefreshable(provider, authorization.scopes) ? issueRefreshToken(call, provider, authorization) : undefined
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: Math.floor(lifetime),
    scope: scopes.join(' '),
    ...refreshToken !== undefined && { refresh_token: refreshToken },
    ...idToken !== undefined && { id_token: idToken }
  }
}

function isRefreshable ({ options: { refresh_tokens: when = 'always' } }: Provider, scopes: readonly string[]): boolean {
  return when === 'always' || (when === 'offline_access' && scopes.includes('offline_access'))
}

export function issueRefreshToken (call: Call, { options }: Provider, authorization: Authorization): string {
  const token = opaque()
  call.state.refreshTokens.put(token, { authorization, isUsed: false }, call.now + (options.refresh_token_ttl_s ?? LIFETIME.refresh) * 1000)
  return token
}

/** OpenID Connect Core 1.0, sections 2 and 3.1.3.6. */
async function issueIdToken (call: Call, { options, keys }: Provider, { client, login: { sid, person, at }, nonce, acr }: Authorization, scopes: readonly string[], accessToken: string): Promise<string> {
  const { alg } = await keys.signingKey()
  const seconds = Math.floor(call.now / 1000)
  return await keys.sign({
    ...claimsFor(person, scopes),
    iss: call.issuer,
    aud: client,
    azp: client,
    iat: seconds,
    exp: seconds + Math.floor(options.id_token_ttl_s ?? LIFETIME.id),
    auth_time: Math.floor(at / 1000),
    acr: acr ?? '0',
    amr: ['pwd'],
    sid,
    ...nonce !== undefined && { nonce },
    at_hash: leftHalf(accessToken, alg)
  }, { alg })
}

/** The left half of its hash, by the hash of the signature; that of Ed25519 is SHA-512. */
function leftHalf (token: string, alg: KeyPairAlgorithm): string {
  const bits = /(256|384|512)$/.exec(alg)?.[1] ?? '512'
  const hash = createHash(`sha${alg === 'Ed25519' ? '512' : bits}`).update(token).digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}

/** Ends all that came of one login. */
export function revokeGrant (call: Call, grant: Grant): void {
  grant.isRevoked = true
  for (const token of grant.accessTokens) revokeAccessToken(call, token)
}

/** One that can be checked by itself is remembered as revoked until it expires. */
export function revokeAccessToken ({ tokens, state, now }: Call, token: string): void {
  const claims = tokens.find(token, now)
  if (claims === undefined) return
  if (typeof claims.jti === 'string' && typeof claims.exp === 'number') state.revoked.put(claims.jti, true, claims.exp * 1000)
  tokens.revoke(token)
}
