import type { Config } from '../config.ts'
import { resolvePersona, type ResolvedPersona } from '../security/personas.ts'

/** Somebody who can sign in. */
export interface Person {
  /** What the persona is called. */
  readonly name: string
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly description?: string | undefined
  readonly password?: string | undefined
  /** How long access tokens last, in seconds. */
  readonly lifetime?: number | undefined
}

/** The claims that a scope gives (OpenID Connect Core 1.0, section 5.4). */
const CLAIMS_OF: Readonly<Record<string, readonly string[]>> = {
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified']
}

export const STANDARD_SCOPES = ['openid', ...Object.keys(CLAIMS_OF), 'offline_access']
export const STANDARD_CLAIMS = ['sub', ...Object.values(CLAIMS_OF).flat()]

const STANDARD = new Set([...STANDARD_CLAIMS, 'scope'])

/** The personas that can sign in: those with tokens that are deliberately bad cannot. Where there is none, somebody called `user`. */
export function peopleOf (personas: Config['personas'] = {}): Person[] {
  const names = Object.keys(personas)
  if (names.length === 0) return [stranger('user')]
  return names.map(name => resolvePersona(name, personas)).filter(({ mistake }) => mistake === undefined).map(personOf)
}

function personOf ({ name, description, password, claims, expires_in_s: lifetime }: ResolvedPersona): Person {
  return { name, sub: typeof claims.sub === 'string' ? claims.sub : name, claims: completed(name, claims), description, password, lifetime }
}

/** Somebody of whom nothing is known but a name. */
export const stranger = (name: string): Person => ({ name, sub: name, claims: completed(name, { sub: name }) })

/** Who is meant by what people type, or a `login_hint`: the name of a persona, its `sub`, `preferred_username` or e-mail address. */
export function findPerson (people: readonly Person[], text: string): Person | undefined {
  return people.find(({ name }) => name === text) ?? people.find(({ sub, claims }) => [sub, claims.preferred_username, claims.email].includes(text))
}

/** What clients nearly always look at is there. */
function completed (name: string, claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const word = name.toLowerCase().replace(/[^a-z0-9]+/g, '.').replace(/^\.|\.$/g, '')
  return {
    name: name.slice(0, 1).toUpperCase() + name.slice(1),
    preferred_username: name,
    email: name.includes('@') ? name : `${word === '' ? 'user' : word}@example.com`,
    email_verified: true,
    ...claims
  }
}

/** What the scopes tell of somebody, and all that no scope stands for: roles, tenants and the like. */
export function claimsFor ({ sub, claims }: Person, scopes: readonly string[]): Record<string, unknown> {
  const told = new Set(scopes.flatMap(scope => Object.hasOwn(CLAIMS_OF, scope) ? CLAIMS_OF[scope] ?? [] : []))
  return { ...Object.fromEntries(Object.entries(claims).filter(([name]) => told.has(name) || !STANDARD.has(name))), sub }
}

/** What no scope stands for. */
export const ownClaims = ({ claims }: Person): Record<string, unknown> => Object.fromEntries(Object.entries(claims).filter(([name]) => !STANDARD.has(name)))

/** The scopes that a persona has, beside those of OpenID Connect; undefined where it has any. */
export function scopesOf ({ claims: { scope } }: Person): string[] | undefined {
  if (typeof scope === 'string') return scope.split(' ').filter(word => word !== '')
  return Array.isArray(scope) ? scope.filter((word): word is string => typeof word === 'string') : undefined
}
