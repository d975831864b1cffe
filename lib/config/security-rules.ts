import type { Config, JwtCheck, SecurityScheme } from '../config.ts'
import { algorithmsOf, isSecretAlgorithm } from '../jwt/algorithm.ts'
import { readKeys } from '../jwt/read-keys.ts'
import { child } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { sessionSchemes } from '../security/endpoint-session.ts'
import { addressKind } from '../webhook/address-kind.ts'
import { quote } from './describe.ts'
import { nearest } from './nearest.ts'
import type { Finding, Report } from './report.ts'
import type { Member, Unit } from './unit.ts'

type Tell = (finding: Finding) => void

/** What the shape of a scheme cannot say: which keys belong to which type, and what of a token check agrees with what. */
export function checkScheme (name: string, scheme: SecurityScheme, { place }: Unit, report: Report): void {
  const pointer = child('/security_schemes', name)
  const tell: Tell = finding => report.add({ ...finding, pointer: pointer + finding.pointer }, place)
  for (const [key, types] of Object.entries(BELONGS)) {
    if (!Object.hasOwn(scheme, key) || types.includes(kindOf(scheme))) continue
    tell({ code: 'misplaced-key', message: `'${key}' means nothing for ${describe(scheme)}`, hint: `it belongs to ${types.join(', ')}`, pointer: `/${key}`, target: 'key' })
  }
  if (scheme.type === 'hmac' && scheme.hmac?.secret === undefined && scheme.hmac?.secrets === undefined) {
    tell({ code: 'missing-key', message: "'hmac' with a 'secret' or 'secrets' is missing: what requests are signed with", pointer: '' })
  }
  if (typeof scheme.jwt === 'object') checkJwt(scheme.jwt, tell)
}

const BEARER = ['http with bearer', 'oauth2', 'openIdConnect']

/** Keys that only some types of schemes have. */
const BELONGS: Readonly<Record<string, readonly string[]>> = {
  keys: ['apiKey'],
  users: ['http with basic', 'session'],
  tokens: BEARER,
  jwt: [...BEARER, 'apiKey'],
  clients: ['mutualTLS'],
  hmac: ['hmac'],
  session: ['session']
}

const kindOf = ({ type, scheme = '' }: SecurityScheme): string => type === 'http' ? `http with ${scheme.toLowerCase()}` : type

const describe = (scheme: SecurityScheme): string => `a scheme of the type ${kindOf(scheme)}`

const SOURCES = ['secret', 'key', 'key_file', 'jwks_url'] as const

function checkJwt (jwt: JwtCheck, tell: Tell): void {
  const [first, second] = SOURCES.filter(source => jwt[source] !== undefined)
  if (first !== undefined && second !== undefined) {
    tell({ code: 'conflicting-keys', message: `'${second}' stands beside '${first}': both say where keys come from`, hint: 'keep one of them', pointer: `/jwt/${second}`, target: 'key' })
  }
  const wrong = jwt.algorithms?.find(algorithm => isSecretAlgorithm(algorithm) !== (jwt.secret !== undefined))
  if (wrong !== undefined && jwt.key === undefined && jwt.key_file === undefined) {
    const hint = isSecretAlgorithm(wrong) ? 'it needs a `secret`' : 'a `secret` is for HS256, HS384 and HS512'
    tell({ code: 'bad-algorithm', message: `${quote(wrong)} cannot be used with ${first === undefined ? "the mock server's own keys" : `'${first}'`}`, hint, pointer: `/jwt/algorithms/${jwt.algorithms?.indexOf(wrong) ?? 0}` })
  }
  if (jwt.key !== undefined) checkKey(jwt.key, jwt, tell)
  if (jwt.jwks_url !== undefined) checkAddress(jwt.jwks_url, jwt, tell)
}

function checkKey (key: NonNullable<JwtCheck['key']>, { algorithms }: JwtCheck, tell: Tell): void {
  try {
    const usable = readKeys(typeof key === 'string' ? key : JSON.stringify(key)).flatMap(algorithmsOf)
    const wrong = algorithms?.find(algorithm => !usable.includes(algorithm))
    if (wrong !== undefined) tell({ code: 'bad-algorithm', message: `${quote(wrong)} cannot be used with the key, which is for ${usable.join(', ')}`, pointer: '/jwt/algorithms' })
  } catch (error) {
    tell({ code: 'bad-key', message: `the key cannot be used: ${messageOf(error)}`, hint: 'keys are PEM, a JWK or a JWK Set', pointer: '/jwt/key' })
  }
}

/** A document that is served must not make the mock server call whom it names. */
function checkAddress (url: string, { allowed_hosts: allowed = [] }: JwtCheck, tell: Tell): void {
  if (!URL.canParse(url)) return tell({ code: 'bad-address', message: `${quote(url)} is no address`, pointer: '/jwt/jwks_url' })
  const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const isNear = hostname === 'localhost' || hostname.endsWith('.localhost') || addressKind(hostname) === 'loopback'
  if (isNear || allowed.includes(hostname)) return
  tell({ code: 'host-not-allowed', message: `${quote(hostname)} is no loopback address, and not among 'allowed_hosts'`, hint: `add it: { jwks_url: …, allowed_hosts: [${hostname}] }`, pointer: '/jwt/jwks_url' })
}

/** What an endpoint asks of callers has to be something that somebody can fulfil. */
export function checkEndpointAuth ({ endpoint: { security = [], roles, session }, pointer, place }: Member, schemes: Config['security_schemes'] = {}, report: Report): void {
  const tell: Tell = finding => report.add({ ...finding, pointer: pointer + finding.pointer }, place)
  if (roles !== undefined && session !== 'require' && !security.some(entry => Object.keys(entry).length > 0)) {
    tell({ code: 'missing-key', message: "'roles' need 'security': nobody knows who calls", hint: 'name a scheme in `security`', pointer: '/roles', target: 'key' })
  }
  if (session === undefined) return
  const names = sessionSchemes(schemes)
  const named = typeof session === 'string' ? undefined : session.scheme
  if (named === undefined && names.length === 1) return
  if (named !== undefined && names.includes(named)) return
  const near = named === undefined ? undefined : nearest(named, names)
  tell({
    code: 'unknown-security-scheme',
    message: named === undefined ? `there ${names.length === 0 ? 'is no security scheme' : 'are several security schemes'} of the type session` : `there is no security scheme ${quote(named)} of the type session`,
    hint: near === undefined ? names.length > 1 ? `say which: { create: true, scheme: ${names[0] ?? ''} }` : 'add one: security_schemes: { login: { type: session } }' : `did you mean '${near}'?`,
    pointer: named === undefined ? '/session' : '/session/scheme'
  })
}

/** A persona is like another that there is. */
export function checkPersonas ({ config: { personas = {} }, place }: Unit, report: Report): void {
  for (const [name, { like }] of Object.entries(personas)) {
    if (like === undefined || (Object.hasOwn(personas, like) && like !== name)) continue
    const near = nearest(like, Object.keys(personas).filter(other => other !== name))
    report.add({ code: 'unknown-persona', message: `there is no other persona ${quote(like)}`, ...near !== undefined && { hint: `did you mean '${near}'?` }, pointer: `${child('/personas', name)}/like` }, place)
  }
}
