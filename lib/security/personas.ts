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
const USER = 'user'

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
 * persona of the configuration in all else. Spaces, hyphens and underscores are the same. `user` is there where none is configured.
 *
 * @param overrides what is to be otherwise; undefined takes away
 * @throws MOCK_ERR_PERSONA_UNKNOWN
 * @example
 * resolvePersona('admin', { admin: { roles: ['admin'] } }).claims // { sub: 'admin', roles: ['admin'] }
 */
export function resolvePersona (name: string, personas: Config['personas'] = {}, overrides: Persona = {}): ResolvedPersona {
  const known = findPersona(name, personas)
  if (known !== undefined) return split(known, { ...written(known, personas), ...overrides })
  const [first = USER] = Object.keys(personas)
  if (name === USER && first === USER) return split(USER, overrides)
  const mistake = MISTAKES.find(mistake => plain(mistake) === plain(name))
  if (mistake === undefined) throw new MOCK_ERR_PERSONA_UNKNOWN(name, suggest(name, [...Object.keys(personas), ...MISTAKES], ''))
  const base = { sub: first, ...written(first, personas), description: DESCRIPTIONS[mistake], mistake }
  return split(mistake, { ...base, ...overrides })
}

/** All of them, the bad ones last; those that a persona of the configuration has the name of are left out. */
export function listPersonas (personas: Config['personas'] = {}): PersonaInfo[] {
  const bad = MISTAKES.filter(mistake => findPersona(mistake, personas) === undefined)
  return [...Object.keys(personas), ...bad].map(name => {
    const { description, mistake, claims } = resolvePersona(name, personas)
    return { name, ...description !== undefined && { description }, ...mistake !== undefined && { mistake }, claims: { ...claims } }
  })
}

const findPersona = (name: string, personas: NonNullable<Config['personas']>): string | undefined =>
  Object.hasOwn(personas, name) ? name : Object.keys(personas).find(known => plain(known) === plain(name))

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, ' ')

/** As the configuration has it, over what it is like. */
function written (name: string, personas: NonNullable<Config['personas']>, seen: readonly string[] = []): Persona {
  const own = Object.hasOwn(personas, name) ? personas[name] ?? {} : {}
  const base = own.like === undefined || seen.includes(own.like) ? undefined : findPersona(own.like, personas)
  return base === undefined ? own : { ...written(base, personas, [...seen, name]), ...own }
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
    claims: { sub: name, ...Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) }
  }
}
