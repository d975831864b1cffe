import type { JSONWebKeySet } from 'jose'
import type { Config, JwtCheck, Persona, SecurityScheme } from '../config.ts'
import { MOCK_ERR_PERSONA_SCHEME } from '../errors.ts'
import type { KeySet, RotateOptions } from '../jwt/key-set.ts'
import { suggest } from '../state/suggest.ts'
import { mintToken } from './mint-token.ts'
import { listPersonas, resolvePersona, type PersonaInfo, type ResolvedPersona } from './personas.ts'
import { sessionRules } from './session-check.ts'
import type { Sessions } from './sessions.ts'

/** What of a persona is to be otherwise for once, and for which scheme it is. */
export interface TokenOptions extends Persona {
  /** Name of the security scheme. Default: the first that takes tokens, or the only one. */
  scheme?: string
}

/** Who tests call as: `fastify.mock.auth`. */
export interface Auth {
  /**
   * A token of a persona, such as the API takes; the name of a mistake alone is a persona, too.
   *
   * @throws MOCK_ERR_PERSONA_UNKNOWN
   * @throws MOCK_ERR_PERSONA_SCHEME
   * @throws MOCK_ERR_KEYS
   * @example
   * await mock.auth.token('admin')
   * await mock.auth.token('admin', { roles: [], mistake: 'expired' })
   * await mock.auth.token('wrong audience')
   */
  token (persona: string, options?: TokenOptions): Promise<string>
  /**
   * Headers that a request of a persona carries, whatever the scheme: `Authorization`, an API key, the cookie of a session that is begun for
   * it.
   *
   * @example
   * await fetch(url, { headers: await mock.auth.headers('admin') })
   */
  headers (persona: string, options?: TokenOptions): Promise<Record<string, string>>
  personas (): PersonaInfo[]
  /** The mock server's own public keys (RFC 7517). */
  jwks (): Promise<JSONWebKeySet>
  /** Signs with other keys from now on; resolves to their ids. Tokens of those before stay good, unless `keep` is false. */
  rotateKeys (options?: RotateOptions): Promise<string[]>
}

export interface AuthContext {
  config: () => Config
  keys: KeySet
  /** Those of the scope, or of the root. */
  state: { readonly clock: { now (): number }, readonly sessions: Sessions }
}

/** @example createAuth({ config: () => config, keys, state: store }).headers('admin') */
export function createAuth ({ config, keys, state }: AuthContext): Auth {
  function personaOf (name: string, { scheme: _scheme, ...overrides }: TokenOptions): ResolvedPersona {
    return resolvePersona(name, config().personas, overrides)
  }

  async function token (name: string, options: TokenOptions = {}): Promise<string> {
    const persona = personaOf(name, options)
    const chosen = schemeFor(config().security_schemes, options.scheme, takesTokens)
    return await tokenFor(persona, chosen?.[1])
  }

  async function tokenFor ({ name, ...persona }: ResolvedPersona, scheme: SecurityScheme | undefined): Promise<string> {
    const opaque = scheme?.jwt === undefined ? scheme?.tokens?.find(entry => typeof entry !== 'string' && entry.sub === persona.claims.sub) : undefined
    if (opaque !== undefined && typeof opaque !== 'string' && persona.mistake === undefined) return opaque.token
    return await mintToken({ name, ...persona }, jwtOf(scheme), keys, state.clock.now())
  }

  async function headers (name: string, options: TokenOptions = {}): Promise<Record<string, string>> {
    const persona = personaOf(name, options)
    const [schemeName, scheme] = schemeFor(config().security_schemes, options.scheme, () => true) ?? ['', undefined]
    const bearer = async () => ({ authorization: `Bearer ${await tokenFor(persona, scheme)}` })
    switch (scheme?.type) {
      case 'apiKey': return inPlace(scheme, await apiKeyFor(persona, scheme))
      case 'http': return (scheme.scheme ?? 'bearer').toLowerCase() === 'basic' ? { authorization: `Basic ${Buffer.from(basicFor(persona, scheme)).toString('base64')}` } : await bearer()
      case 'session': return sessionFor(persona, schemeName, scheme)
      case 'hmac':
      case 'mutualTLS': throw new MOCK_ERR_PERSONA_SCHEME(persona.name, `headers alone do not make ${scheme.type === 'hmac' ? 'a signature, which depends on the request' : 'a client certificate'}`)
      default: return await bearer()
    }
  }

  async function apiKeyFor (persona: ResolvedPersona, { keys: known, jwt }: SecurityScheme): Promise<string> {
    if (known === undefined && jwt !== undefined) return await mintToken(persona, jwtOf({ type: 'apiKey', jwt }), keys, state.clock.now())
    if (persona.mistake !== undefined) return `a key that is none: ${persona.mistake}`
    const entry = known?.find(entry => typeof entry !== 'string' && entry.sub === persona.claims.sub) ?? known?.find(entry => typeof entry === 'string')
    if (entry === undefined && known !== undefined) throw new MOCK_ERR_PERSONA_SCHEME(persona.name, `none of \`keys\` is that of '${String(persona.claims.sub)}'`)
    return typeof entry === 'string' ? entry : entry?.key ?? persona.name
  }

  function sessionFor (persona: ResolvedPersona, name: string, scheme: SecurityScheme): Record<string, string> {
    const { cookie, ttlMs, csrf } = sessionRules(name, scheme)
    if (persona.mistake !== undefined && persona.mistake !== 'expired') return { cookie: `${cookie}=none` }
    const now = state.clock.now()
    const lifetime = persona.mistake === 'expired' ? -ttlMs : persona.expires_in_s === undefined ? ttlMs : persona.expires_in_s * 1000
    const session = state.sessions.create(name, persona.claims, now + lifetime)
    const cookies = [`${cookie}=${session.id}`, csrf?.style === 'double_submit' ? `${csrf.cookie}=${session.csrf}` : []].flat().join('; ')
    return { cookie: cookies, ...csrf !== undefined && { [csrf.header]: session.csrf } }
  }

  return { token, headers, personas: () => listPersonas(config().personas), jwks: () => keys.jwks(), rotateKeys: options => keys.rotate(options) }
}

const jwtOf = (scheme: SecurityScheme | undefined): JwtCheck => scheme?.jwt === undefined || scheme.jwt === true ? {} : scheme.jwt

const isBearer = ({ type, scheme = 'bearer' }: SecurityScheme): boolean => type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && scheme.toLowerCase() === 'bearer')

const takesTokens = (scheme: SecurityScheme): boolean => scheme.jwt !== undefined || isBearer(scheme)

/** The scheme of a name, or the one that is meant where none is named: of the first that looks into tokens, then the first that fits. */
function schemeFor (schemes: Config['security_schemes'] = {}, name: string | undefined, fits: (scheme: SecurityScheme) => boolean): [string, SecurityScheme] | undefined {
  const all = Object.entries(schemes)
  if (name === undefined) return all.find(([, scheme]) => scheme.jwt !== undefined) ?? all.find(([, scheme]) => isBearer(scheme)) ?? all.find(([, scheme]) => fits(scheme))
  const found = all.find(([known]) => known === name)
  if (found === undefined) throw new MOCK_ERR_PERSONA_SCHEME(name, `there is no security scheme of that name: ${suggest(name, Object.keys(schemes), 'there are none')}`)
  return found
}

function basicFor ({ name, password, claims, mistake }: ResolvedPersona, { users = {} }: SecurityScheme): string {
  const user = Object.entries(users).find(([known, user]) => known === name || known === claims.sub || (typeof user !== 'string' && user.sub === claims.sub))
  if (mistake !== undefined) return `${user?.[0] ?? name}:${mistake}`
  if (user === undefined) return `${String(claims.sub ?? name)}:${password ?? 'password'}`
  return `${user[0]}:${typeof user[1] === 'string' ? user[1] : user[1].password}`
}

function inPlace ({ in: location = 'header', name = '' }: SecurityScheme, key: string): Record<string, string> {
  if (location === 'query') throw new MOCK_ERR_PERSONA_SCHEME(name, `the API key is sent in the query parameter '${name}', and in no header`)
  return location === 'cookie' ? { cookie: `${name}=${encodeURIComponent(key)}` } : { [name.toLowerCase()]: key }
}
