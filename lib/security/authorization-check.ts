import { capitalise } from '../capitalise.ts'
import type { SecurityScheme } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf, claimsOf, type Caller } from './caller.ts'
import { credentialsOf, malformed } from './credentials.ts'
import type { Outcome, Presented, SchemeCheck, SecurityTools } from './scheme-check.ts'
import { tokenCheck } from './token-check.ts'

/** Credentials of the header `Authorization`: Basic (RFC 7617), Bearer (RFC 6750), or another scheme, by its form. */
export function authorizationCheck (scheme: string, wanted: string, options: SecurityScheme, tools: SecurityTools): SchemeCheck {
  const expected = `${capitalise(wanted)} credentials`
  const violation = (message: string): Violation => ({ in: 'header', pointer: '/authorization', rule: 'security', expected, message })
  const missing = { violation: violation(`must be there, with ${expected}`), reason: 'missing' } as const
  const look = deeper(scheme, wanted, options, tools, violation)
  return {
    isDeep: look !== undefined,
    needsBody: false,
    check (request) {
      const { headers: { authorization } } = request
      const credentials = credentialsOf([authorization].flat()[0])
      if (credentials === undefined) return missing
      if (credentials.scheme !== wanted) return { violation: violation(`must hold ${expected}, and not those of another scheme`), reason: 'missing' }
      const reason = malformed(credentials)
      if (reason !== undefined) return { violation: violation(`must hold ${expected}: what is there ${reason}`), reason: 'invalid', description: `what is there ${reason}` }
      return look === undefined ? { caller: undefined } : look(credentials.value, request)
    }
  }
}

type Look = (value: string, request: Presented) => Outcome | Promise<Outcome>

function deeper (scheme: string, wanted: string, options: SecurityScheme, tools: SecurityTools, violation: (message: string) => Violation): Look | undefined {
  if (wanted === 'basic') return options.users === undefined ? undefined : basicCheck(scheme, options.users, violation)
  return tokenCheck(scheme, options, tools, violation)
}

function basicCheck (scheme: string, users: NonNullable<SecurityScheme['users']>, violation: (message: string) => Violation): Look {
  const known = usersOf(scheme, users)
  const unknown: Outcome = { violation: violation('must hold Basic credentials that count: name and password are none of `users`'), reason: 'invalid' }
  return value => {
    const text = Buffer.from(value, 'base64').toString()
    const colon = text.indexOf(':')
    const user = known.get(text.slice(0, colon))
    return user !== undefined && user.password === text.slice(colon + 1) ? { caller: user.caller } : unknown
  }
}

/** Who may come in with which password, by name. */
export const usersOf = (scheme: string, users: NonNullable<SecurityScheme['users']>): Map<string, { readonly password: string, readonly caller: Caller }> =>
  new Map(Object.entries(users).map(([name, user]) => {
    const { password, ...claims } = typeof user === 'string' ? { password: user } : user
    return [name, { password, caller: callerOf(scheme, claimsOf(name, claims)) }]
  }))
