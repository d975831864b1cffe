import { createHmac } from 'node:crypto'
import type { CryptoKey, JWK, JWTHeaderParameters } from 'jose'
import type { JwtCheck } from '../config.ts'
import { MOCK_ERR_KEYS } from '../errors.ts'
import { algorithmsOf, isKeyPairAlgorithm, isSecretAlgorithm, type Algorithm, type KeyPairAlgorithm } from '../jwt/algorithm.ts'
import { createKeySet, type KeySet } from '../jwt/key-set.ts'
import { isPrivate } from '../jwt/read-keys.ts'
import { loadTokenKeys } from '../jwt/token-keys.ts'
import { claimAt, withClaim } from './caller.ts'
import type { ResolvedPersona } from './personas.ts'

/** How long tokens last, in seconds, and how far off the bad ones are. */
const HOUR = 3600

interface Signer {
  readonly header: { readonly alg: Algorithm, readonly kid?: string }
  readonly key: CryptoKey | Uint8Array
}

/**
 * Signs a token for a persona, such as a scheme takes; with the mistake that the persona has, if any.
 *
 * @param check what the scheme looks at
 * @param now milliseconds since the epoch
 * @throws MOCK_ERR_KEYS where nobody here has the private key
 */
export async function mintToken (persona: ResolvedPersona, check: JwtCheck, keys: KeySet, now: number): Promise<string> {
  const { mistake } = persona
  if (mistake === 'malformed') return 'not.a.token'
  const jose = await import('jose')
  const payload = claimsFor(persona, check, now)
  const typ = persona.type ?? check.type ?? 'JWT'
  const encode = (value: unknown): string => jose.base64url.encode(JSON.stringify(value))
  if (mistake === 'alg none') return `${encode({ alg: 'none', typ })}.${encode(payload)}.`

  const { header, key } = mistake === 'unknown key' ? await strangerFor(persona, check) : await signerFor(persona, check, keys)
  if (mistake === 'algorithm confusion') {
    const published = (await keys.jwks()).keys[0] ?? {}
    const text = `${encode({ ...header, alg: 'HS256', typ })}.${encode(payload)}`
    return `${text}.${createHmac('sha256', JSON.stringify(published)).update(text).digest('base64url')}`
  }
  const token = await new jose.SignJWT(payload).setProtectedHeader({ typ, ...header } satisfies JWTHeaderParameters).sign(key)
  if (mistake !== 'bad signature') return token
  const [head = '', body = '', signature = ''] = token.split('.')
  // The first character, as of the last some bits mean nothing.
  return `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
}

function claimsFor ({ claims, mistake, expires_in_s: lifetime = HOUR }: ResolvedPersona, check: JwtCheck, now: number): Record<string, unknown> {
  const seconds = Math.floor(now / 1000)
  const { roles, scope, ...others } = claims
  let payload: Record<string, unknown> = {
    ...check.issuer !== undefined && { iss: [check.issuer].flat()[0] },
    ...check.audience !== undefined && { aud: [check.audience].flat()[0] },
    iat: seconds,
    exp: seconds + lifetime,
    ...check.claims,
    ...others
  }
  if (roles !== undefined) payload = withClaim(payload, check.roles_claim ?? 'roles', roles)
  if (scope !== undefined) {
    const path = check.scope_claim ?? 'scope'
    const isList = path !== 'scope' && claimAt(claims, path) === undefined && Array.isArray(scope)
    payload = withClaim(payload, path, isList || !Array.isArray(scope) ? scope : scope.join(' '))
  }
  switch (mistake) {
    case 'expired': return { ...payload, iat: seconds - 2 * HOUR, exp: seconds - HOUR }
    case 'not yet valid': return { ...payload, nbf: seconds + HOUR, exp: seconds + 2 * HOUR }
    case 'wrong audience': return { ...payload, aud: 'https://somebody-else.test' }
    case 'wrong issuer': return { ...payload, iss: 'https://somebody-else.test' }
    default: return payload
  }
}

async function signerFor ({ algorithm }: ResolvedPersona, check: JwtCheck, keys: KeySet): Promise<Signer> {
  if (check.jwks_url !== undefined) throw new MOCK_ERR_KEYS(`tokens are checked by the keys at ${check.jwks_url}, and only their owner can sign`)
  if ((check.secret ?? check.key ?? check.key_file) === undefined) {
    const wanted = algorithm ?? check.algorithms?.[0]
    if (wanted !== undefined && !isKeyPairAlgorithm(wanted)) throw new MOCK_ERR_KEYS(`'${wanted}' needs a shared secret: set \`jwt.secret\``)
    const { kid, alg, key } = await keys.signingKey(wanted)
    return { header: { alg, kid }, key }
  }
  const { known } = await loadTokenKeys(check, keys)
  const wanted = algorithm ?? check.algorithms?.[0]
  const jwk = known.find(jwk => (isPrivate(jwk) || jwk.kty === 'oct') && (wanted === undefined || algorithmsOf(jwk).includes(wanted)))
  if (jwk === undefined) throw new MOCK_ERR_KEYS(`there is no private key${wanted === undefined ? '' : ` for ${wanted}`} among those that tokens are checked by, so that none can be signed`)
  return await imported(jwk, wanted ?? algorithmsOf(jwk)[0] ?? 'RS256')
}

async function imported (jwk: JWK, alg: Algorithm): Promise<Signer> {
  const header = { alg, ...jwk.kid !== undefined && { kid: jwk.kid } }
  if (jwk.kty === 'oct') return { header, key: Buffer.from(jwk.k ?? '', 'base64url') }
  const { importJWK } = await import('jose')
  return { header, key: await importJWK(jwk, alg) }
}

/** Made once, as nobody ever gets to know them. */
const strangers = new Map<KeyPairAlgorithm, KeySet>()

/** A key that is in no set that anybody has. */
async function strangerFor ({ algorithm }: ResolvedPersona, { algorithms, secret }: JwtCheck): Promise<Signer> {
  const wanted = algorithm ?? algorithms?.[0] ?? (secret === undefined ? 'ES256' : 'HS256')
  if (isSecretAlgorithm(wanted)) return { header: { alg: wanted, kid: 'unknown' }, key: new TextEncoder().encode('a secret that nobody else has, long enough for any hash of HMAC!!') }
  const keys = strangers.get(wanted) ?? createKeySet({ algorithms: [wanted] })
  strangers.set(wanted, keys)
  const { kid, alg, key } = await keys.signingKey()
  return { header: { alg, kid }, key }
}
