import type { SecurityScheme, SessionOptions } from '../config.ts'
import { isObject } from '../schema/subschemas.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf, type Caller } from './caller.ts'
import type { Outcome, Presented, SchemeCheck } from './scheme-check.ts'
import type { Session } from './sessions.ts'

/** What sessions of a scheme go by, complete. */
export interface SessionRules {
  readonly scheme: string
  readonly cookie: string
  readonly ttlMs: number
  readonly isSliding: boolean
  readonly isSecure: boolean | undefined
  readonly sameSite: NonNullable<SessionOptions['same_site']>
  readonly path: string
  readonly csrf: { readonly style: 'double_submit' | 'token', readonly cookie: string, readonly header: string, readonly field: string } | undefined
}

export function sessionRules (scheme: string, { session = {} }: SecurityScheme): SessionRules {
  const csrf = session.csrf === true ? {} : session.csrf
  return {
    scheme,
    cookie: session.cookie ?? 'session',
    ttlMs: (session.ttl_s ?? 3600) * 1000,
    isSliding: session.sliding ?? true,
    isSecure: session.secure,
    sameSite: session.same_site ?? 'lax',
    path: session.path ?? '/',
    csrf: csrf === undefined
      ? undefined
      : { style: csrf.style ?? 'double_submit', cookie: csrf.cookie ?? 'csrf_token', header: (csrf.header ?? 'x-csrf-token').toLowerCase(), field: csrf.field ?? '_csrf' }
  }
}

export const callerOfSession = ({ id, scheme, claims, csrf }: Session): Caller => ({ ...callerOf(scheme, claims), session: id, csrf })

/** Methods that change nothing (RFC 9110, section 9.2.1): nobody gains by forging them. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/** The session that a cookie tells; of requests that change something, also that they were meant. */
export function sessionCheck (scheme: string, options: SecurityScheme): SchemeCheck {
  const rules = sessionRules(scheme, options)
  const { cookie, ttlMs, isSliding, csrf } = rules
  const violation = (message: string): Violation => ({ in: 'cookie', pointer: `/${cookie}`, rule: 'security', expected: `a session in the cookie '${cookie}'`, message })
  const missing: Outcome = { violation: violation('must be there: it tells the session'), reason: 'missing' }
  const unknown: Outcome = { violation: violation('must tell a session that there is: it has ended, or never began'), reason: 'invalid' }
  return {
    isDeep: true,
    needsBody: csrf !== undefined,
    check (request) {
      const id = request.cookies()[cookie]
      if (id === undefined || id === '') return missing
      const now = request.now()
      const session = request.sessions().find(scheme, id, now)
      if (session === undefined) return unknown
      const forged = csrf === undefined || SAFE.has(request.method) ? undefined : forgery(csrf, session, request)
      if (forged !== undefined) return forged
      if (isSliding && !request.isDry) session.expires = now + ttlMs
      return { caller: callerOfSession(session) }
    }
  }
}

/**
 * What shows that a request was sent by a page of the site: a token that other sites cannot read. By the double-submit pattern it has to be
 * the cookie's as well as the session's: a cookie alone could have been set by a neighbouring host.
 */
function forgery ({ style, cookie, header, field }: NonNullable<SessionRules['csrf']>, { csrf }: Session, request: Presented): Outcome | undefined {
  const refuse = (message: string): Outcome =>
    ({ violation: { in: 'header', pointer: `/${header}`, rule: 'security', expected: `the token against forged requests (CSRF), here or in the field '${field}'`, message }, reason: 'forged' })
  const body = request.body()
  const sent = [request.headers[header]].flat()[0] ?? (isObject(body) && Object.hasOwn(body, field) ? body[field] : undefined)
  if (sent === undefined || sent === '') return refuse(`must be there, or the field '${field}': it holds the CSRF token`)
  if (style === 'double_submit' && request.cookies()[cookie] !== sent) return refuse(`must hold the CSRF token of the cookie '${cookie}'`)
  return sent === csrf ? undefined : refuse('must hold the CSRF token of the session')
}
