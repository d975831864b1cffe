import { capitalise } from '../capitalise.ts'
import type { Config, Security, SecurityScheme } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { challengesOf } from './challenge.ts'
import { credentialsOf, malformed } from './credentials.ts'

/** What of a request may hold credentials. */
export interface Presented {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly query: Readonly<Record<string, unknown>>
  readonly cookies: () => Readonly<Record<string, string>>
}

/** Why credentials do not suffice. */
export interface Refusal {
  violations: Violation[]
  /** Values of `WWW-Authenticate`: one challenge for each way in (RFC 9110, section 11.6.1). */
  challenges: string[]
}

/** Undefined when the request may go on. */
export type SecurityCheck = (request: Presented) => Refusal | undefined

/**
 * What is asked of one scheme: whether its credentials are there and have the right form. This is the place for whoever wants to look
 * closer, at the claims of a token say.
 */
type SchemeCheck = (request: Presented) => Violation | undefined

/**
 * Compiles an endpoint's `security`: one of its entries has to be met, and of an entry all schemes. Undefined when nothing is asked.
 *
 * A scheme that is not defined, or is the connection's own (`mutualTLS`), cannot be looked at and counts as met.
 *
 * @param realm what the challenges say is protected
 */
export function securityCheck (security: Security | undefined, schemes: Config['security_schemes'] = {}, realm: string): SecurityCheck | undefined {
  if (security === undefined || security.length === 0) return undefined
  const alternatives = security.map(entry => Object.keys(entry).flatMap(name => schemeCheck(schemes[name]) ?? []))
  if (alternatives.some(checks => checks.length === 0)) return undefined
  return request => {
    let nearest: Violation[] | undefined
    for (const checks of alternatives) {
      const violations = checks.flatMap(check => check(request) ?? [])
      if (violations.length === 0) return undefined
      if (nearest === undefined || violations.length < nearest.length) nearest = violations
    }
    return { violations: nearest ?? [], challenges: challengesOf(security, schemes, realm, request.headers.authorization !== undefined) }
  }
}

function schemeCheck (scheme: SecurityScheme | undefined): SchemeCheck | undefined {
  switch (scheme?.type) {
    case 'apiKey': return apiKeyCheck(scheme)
    case 'http': return authorizationCheck((scheme.scheme ?? 'bearer').toLowerCase())
    case 'oauth2':
    case 'openIdConnect': return authorizationCheck('bearer')
    default: return undefined
  }
}

function apiKeyCheck ({ in: location = 'header', name = '' }: SecurityScheme): SchemeCheck {
  const key = location === 'header' ? name.toLowerCase() : name
  const missing: Violation = { in: location, pointer: `/${key}`, rule: 'security', expected: `an API key in the ${WORDS[location]} '${name}'`, message: 'must be there: it holds the API key' }
  return request => {
    const values = location === 'header' ? request.headers : location === 'query' ? request.query : request.cookies()
    const value = values[key]
    return value === undefined || value === '' ? missing : undefined
  }
}

const WORDS = { header: 'header', query: 'query parameter', cookie: 'cookie' } as const

function authorizationCheck (wanted: string): SchemeCheck {
  const expected = `${capitalise(wanted)} credentials`
  const violation = (message: string): Violation => ({ in: 'header', pointer: '/authorization', rule: 'security', expected, message })
  const missing = violation(`must be there, with ${expected}`)
  return ({ headers: { authorization } }) => {
    const credentials = credentialsOf([authorization].flat()[0])
    if (credentials === undefined) return missing
    if (credentials.scheme !== wanted) return violation(`must hold ${expected}, and not those of another scheme`)
    const reason = malformed(credentials)
    return reason === undefined ? undefined : violation(`must hold ${expected}: what is there ${reason}`)
  }
}
