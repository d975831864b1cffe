import { stringifySetCookie } from 'cookie'
import { randomUUID } from 'node:crypto'
import type { Call, Provider } from './call.ts'
import { opaque } from './issue-tokens.ts'
import type { Person } from './people.ts'
import type { Login } from './state.ts'

const COOKIE = 'mock_oidc_session'
const DAY = 86_400

/** Who is signed in, in this browser. */
export const currentLogin = ({ cookies, state, now }: Call): Login | undefined => {
  const id = cookies[COOKIE]
  return id === undefined ? undefined : state.logins.find(id, now)
}

/** Signs somebody in: until the session ends, no page asks again. */
export function beginLogin (call: Call, { options }: Provider, person: Person): { login: Login, cookie: string } {
  endLogin(call)
  const id = opaque()
  const login = { sid: randomUUID(), person, at: call.now }
  const lifetime = options.session_ttl_s ?? DAY
  call.state.logins.put(id, login, call.now + lifetime * 1000)
  return { login, cookie: cookie(call, id, Math.ceil(lifetime)) }
}

/** @returns the header that has the browser forget it */
export function endLogin (call: Call): string {
  const id = call.cookies[COOKIE]
  if (id !== undefined) call.state.logins.delete(id)
  return cookie(call, '', 0)
}

const cookie = ({ issuer }: Call, value: string, maxAge: number): string =>
  stringifySetCookie({ name: COOKIE, value, path: '/', httpOnly: true, sameSite: 'lax', secure: issuer.startsWith('https:'), maxAge })
