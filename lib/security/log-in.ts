import type { Config } from '../config.ts'
import type { Exchange } from '../exchange.ts'
import type { Violation } from '../violation/violation.ts'
import { usersOf } from './authorization-check.ts'
import { claimsOf } from './caller.ts'
import type { Login } from './compile-session.ts'
import type { SessionAct } from './endpoint-session.ts'
import { resolvePersona } from './personas.ts'

/** The claims of a session that may begin, or why it may not. */
export type LoggedIn = { readonly claims: Record<string, unknown> } | { readonly violation: Violation }

/**
 * Compiles who can log in: with the password that the scheme's `users` say; where there are none, the personas, and whoever has no
 * password; where there are no personas either, anybody.
 */
export function logIn ({ scheme, options }: SessionAct, login: Login, personas: Config['personas'] = {}): (exchange: Exchange) => LoggedIn {
  const users = options.users === undefined ? undefined : usersOf(scheme, options.users)
  const refused: LoggedIn = { violation: { in: 'body', pointer: '', rule: 'security', expected: 'a name and its password', message: 'must hold the name and the password of somebody who may log in' } }

  return exchange => {
    const name = login.username(exchange)
    const password = login.password(exchange)
    const own = login.claims(exchange)
    if (users !== undefined) {
      const user = users.get(name)
      return user === undefined || user.password !== password ? refused : { claims: { ...user.caller.claims, ...own } }
    }
    if (Object.hasOwn(personas, name)) {
      const persona = resolvePersona(name, personas)
      return persona.password !== undefined && persona.password !== password ? refused : { claims: { ...persona.claims, ...own } }
    }
    return { claims: { ...claimsOf(name === '' ? 'user' : name, {}), ...own } }
  }
}
