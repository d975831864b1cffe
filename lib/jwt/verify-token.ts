import { isDeepStrictEqual } from 'node:util'
import type { errors, JWTHeaderParameters, JWTPayload, JWTVerifyOptions } from 'jose'
import type { JwtCheck } from '../config.ts'
import { messageOf } from '../message-of.ts'
import { isKeyPairAlgorithm, isSecretAlgorithm } from './algorithm.ts'
import type { KeySet } from './key-set.ts'
import { loadTokenKeys, type TokenKeys } from './token-keys.ts'

/** What a token says, or why it does not count: `it` is the token. */
export type Verified = { readonly claims: JWTPayload } | { readonly mistake: string }

/**
 * Checks a token (RFC 7519).
 *
 * @param now milliseconds since the epoch
 */
export type VerifyToken = (token: string, now: number) => Promise<Verified>

/** No token that anybody uses is longer, and looking at one that is would only cost. */
const LONGEST = 65_536

/**
 * Compiles what is looked at in a token: its signature first, then `typ`, `exp`, `nbf`, `iat`, `iss`, `aud` and what else is asked for. It never
 * throws, whatever it is given. Keys are loaded when the first token comes.
 */
export function tokenVerifier (check: JwtCheck, own: KeySet): VerifyToken {
  let loaded: Promise<TokenKeys> | undefined
  const keysOf = (): Promise<TokenKeys> => {
    loaded ??= loadTokenKeys(check, own)
    loaded.catch(() => { loaded = undefined })
    return loaded
  }

  return async (token, now) => {
    if (token.length > LONGEST) return { mistake: `it is longer than ${LONGEST} characters` }
    const jose = await import('jose')
    const options = optionsOf(check, now)
    try {
      const { payload } = check.verify_signature === false ? unverified(jose, token, check, options) : await verified(jose, token, check, await keysOf(), options)
      const mistake = mistakeIn(payload, check, now)
      return mistake === undefined ? { claims: payload } : { mistake }
    } catch (error) {
      return { mistake: describe(error, jose.errors, check) }
    }
  }
}

type Jose = typeof import('jose')
type Read = { payload: JWTPayload, protectedHeader: JWTHeaderParameters }

async function verified (jose: Jose, token: string, check: JwtCheck, { algorithms, find }: TokenKeys, options: JWTVerifyOptions): Promise<Read> {
  const all = { ...options, algorithms: [...check.algorithms ?? algorithms] }
  // A text that is no token is told as that, and not by what is missing to find its key.
  jose.decodeProtectedHeader(token)
  try {
    return await jose.jwtVerify(token, find, all)
  } catch (error) {
    if (!(error instanceof jose.errors.JWKSMultipleMatchingKeys)) throw error
    // A token that names no key may be of any of them.
    for await (const key of error) {
      const read = await jose.jwtVerify(token, key, all).catch((reason: unknown) => {
        if (reason instanceof jose.errors.JWSSignatureVerificationFailed) return undefined
        throw reason
      })
      if (read !== undefined) return read
    }
    throw new jose.errors.JWSSignatureVerificationFailed()
  }
}

/** The claims are looked at all the same: by jose, as those of a token that has no signature. */
function unverified (jose: Jose, token: string, { algorithms, type }: JwtCheck, { typ: _typ, ...options }: JWTVerifyOptions): Read {
  const protectedHeader = jose.decodeProtectedHeader(token)
  const { alg, typ } = protectedHeader
  const isKnown = isKeyPairAlgorithm(alg) || isSecretAlgorithm(alg)
  if (!isKnown || algorithms?.includes(alg) === false) throw new jose.errors.JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed')
  const { payload } = jose.UnsecuredJWT.decode(new jose.UnsecuredJWT(jose.decodeJwt(token)).encode(), options)
  if (type !== undefined && plainType(typ) !== plainType(type)) throw new jose.errors.JWTClaimValidationFailed('unexpected "typ" JWT header value', payload, 'typ', 'check_failed')
  return { payload, protectedHeader: { ...protectedHeader, alg } }
}

/** RFC 7515, section 4.1.9: `application/` is left out. */
const plainType = (type: unknown): string => String(type).toLowerCase().replace(/^application\//, '')

function optionsOf ({ issuer, audience, type, clock_tolerance_s: tolerance = 0, max_age_s: maxAge, required_claims: required = ['exp'] }: JwtCheck, now: number): JWTVerifyOptions {
  return {
    currentDate: new Date(now),
    clockTolerance: tolerance,
    requiredClaims: [...required],
    ...issuer !== undefined && { issuer: [issuer].flat() },
    ...audience !== undefined && { audience: [audience].flat() },
    ...type !== undefined && { typ: type },
    ...maxAge !== undefined && { maxTokenAge: maxAge }
  }
}

/** What jose does not look at. */
function mistakeIn (claims: JWTPayload, { claims: wanted = {}, clock_tolerance_s: tolerance = 0 }: JwtCheck, now: number): string | undefined {
  if (claims.iat !== undefined && claims.iat > now / 1000 + tolerance) return `it was issued in the future ('iat' is ${moment(claims.iat)})`
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(claims, name)) return `it has no claim '${name}'`
    const found = claims[name]
    if (!isDeepStrictEqual(found, value) && !(Array.isArray(found) && found.some(item => isDeepStrictEqual(item, value)))) return `its claim '${name}' is not the one that is asked for`
  }
  return undefined
}

function describe (error: unknown, { JOSEAlgNotAllowed, JOSENotSupported, JWKSNoMatchingKey, JWKSTimeout, JWSInvalid, JWSSignatureVerificationFailed, JWTClaimValidationFailed, JWTExpired, JWTInvalid }: typeof errors, { jwks_url: url, issuer, audience, type, algorithms }: JwtCheck): string {
  if (error instanceof JWTExpired) return typeof error.payload.exp === 'number' && error.claim === 'exp' ? `it expired at ${moment(error.payload.exp)}` : 'it is too old'
  if (error instanceof JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'nbf': return typeof error.payload.nbf === 'number' ? `it is not valid before ${moment(error.payload.nbf)}` : "its claim 'nbf' is no number"
      case 'iss': return `its issuer ('iss') is not ${list(issuer)}`
      case 'aud': return `its audience ('aud') is not ${list(audience)}`
      case 'typ': return `its header 'typ' is not ${list(type)}`
      case 'iat': return error.reason === 'check_failed' ? 'it was issued in the future' : "its claim 'iat' is missing or no number"
      default: return error.reason === 'missing' ? `it has no claim '${error.claim}'` : `its claim '${error.claim}' makes no sense`
    }
  }
  if (error instanceof JWSSignatureVerificationFailed) return 'its signature does not fit'
  if (error instanceof JOSEAlgNotAllowed || error instanceof JOSENotSupported) return `its algorithm ('alg') is not ${algorithms === undefined ? 'one that the keys are for' : list([...algorithms])}`
  if (error instanceof JWKSNoMatchingKey) return "its key ('kid') is unknown"
  if (error instanceof JWKSTimeout) return `the keys at ${url} did not come in time`
  if (error instanceof JWSInvalid || error instanceof JWTInvalid) return 'it is no JSON Web Token'
  if (error instanceof TypeError && /Invalid Token|Invalid JWT/i.test(error.message)) return 'it is no JSON Web Token'
  return url === undefined ? `it cannot be checked: ${messageOf(error)}` : `the keys at ${url} cannot be had: ${messageOf(error)}`
}

const list = (values: string | string[] | undefined): string => [values ?? []].flat().map(value => `'${value}'`).join(' or ')

/** Seconds since the epoch as a date, as far as there are dates. */
function moment (seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}
