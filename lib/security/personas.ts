import type { Config, Persona } from '../config.ts'
import { MISTAKES } from '../config-keys/security.ts'
import { MOCK_ERR_PERSONA_UNKNOWN } from '../errors.ts'
import { suggest } from '../state/suggest.ts'

export type Mistake = typeof MISTAKES[number]

/** What of a persona is about its tokens, and no claim. */
export interface PersonaOptions {
  readonly mistake?: Mistake | undefined
  readonly algorithm?: Persona['algorithm']
  readonly expires_in_s?: number | undefined
  readonly type?: string | undefined
}

/** A persona, complete. */
export interface ResolvedPersona extends PersonaOptions {
  readonly name: string
  readonly description?: string | undefined
  readonly password?: string | undefined
  /** `sub`, and what else is known of it. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** One line of the list of personas. */
export interface PersonaInfo {
  name: string
  description?: string
  /** What is deliberately wrong with its tokens. */
  mistake?: Mistake
  claims: Record<string, unknown>
}

/** Whoever calls where no persona is configured. */
const ANYBODY: Persona = { sub: 'user' }

const DESCRIPTIONS: Readonly<Record<Mistake, string>> = {
  expired: 'whose token has expired an hour ago',
  'not yet valid': 'whose token is valid in an hour',
  'wrong audience': 'whose token is for somebody else',
  'wrong issuer': 'whose token somebody else has issued',
  'bad signature': 'whose token was changed after it was signed',
  'alg none': 'whose token is not signed at all',
  'unknown key': 'whose token is signed with a key that nobody knows',
  'algorithm confusion': 'whose token is signed with the public key as if that were a secret',
  malformed: 'whose token is none'
}

/**
 * A persona by its name: one of the configuration, or one of those that are deliberately bad: `expired`, `wrong audience` … These are the first
 * persona of the configuration in all else. Spaces, hyphens and underscores are the same.
 *
 * @throws MOCK_ERR_PERSONA_UNKNOWN
 * @example
 * resolvePersona('admin', { admin: { roles: ['admin'] } }).claims // { sub: 'admin', roles: ['admin'] }
 */
export function resolvePersona (name: string, personas: Config['personas'] = {}): ResolvedPersona {
  const known = findPersona(name, personas)
  if (known !== undefined) return complete(known, personas, [])
  const mistake = MISTAKES.find(mistake => plain(mistake) === plain(name))
  if (mistake === undefined) throw new MOCK_ERR_PERSONA_UNKNOWN(name, suggest(name, [...Object.keys(personas), ...MISTAKES], ''))
  const [first] = Object.keys(personas)
  return { ...complete(first ?? 'user', { user: ANYBODY, ...personas }, []), name: mistake, description: DESCRIPTIONS[mistake], mistake }
}

/** All of them, the bad ones last; those that a persona of the configuration has the name of are left out. */
export function listPersonas (personas: Config['personas'] = {}): PersonaInfo[] {
  const bad = MISTAKES.filter(mistake => findPersona(mistake, personas) === undefined)
  return [...Object.keys(personas), ...bad].map(name => {
    const { description, mistake, claims } = resolvePersona(name, personas)
    return { name, ...description !== undefined && { description }, ...mistake !== undefined && { mistake }, claims: { ...claims } }
  })
}

/** What a persona is, with other members in the place of its own. */
export function overridden (persona: ResolvedPersona, overrides: Persona): ResolvedPersona {
  const { claims, ...options } = split(persona.name, overrides)
  return { ...persona, ...options, claims: { ...persona.claims, ...claims, ...overrides.sub === undefined && { sub: persona.claims.sub } } }
}

const findPersona = (name: string, personas: NonNullable<Config['personas']>): string | undefined =>
  Object.hasOwn(personas, name) ? name : Object.keys(personas).find(known => plain(known) === plain(name))

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, ' ')

function complete (name: string, personas: NonNullable<Config['personas']>, seen: readonly string[]): ResolvedPersona {
  const { like, ...own } = personas[name] ?? ANYBODY
  const base = like === undefined || seen.includes(like) ? undefined : findPersona(like, personas)
  if (base === undefined) return split(name, own)
  const { name: _name, claims, ...options } = complete(base, personas, [...seen, name])
  const ownPart = split(name, own)
  return { ...options, ...ownPart, claims: { ...claims, ...ownPart.claims, ...own.sub === undefined && claims.sub !== undefined && { sub: claims.sub } } }
}

/** What is a claim, and what is not; what is undefined is neither. */
function split (name: string, { description, password, like: _like, mistake, algorithm, expires_in_s: lifetime, type, ...claims }: Persona): ResolvedPersona {
  return {
    name,
    ...description !== undefined && { description },
    ...password !== undefined && { password },
    ...mistake !== undefined && { mistake },
    ...algorithm !== undefined && { algorithm },
    ...lifetime !== undefined && { expires_in_s: lifetime },
    ...type !== undefined && { type },
    claims: { sub: name, ...claims }
  }
}
