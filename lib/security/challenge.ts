import type { Entry } from './check.ts'
import type { Denial } from './scheme-check.ts'

/**
 * The challenge of a scheme in a 401 (RFC 9110, section 11.6.1). Undefined for what has none: a certificate is asked for elsewhere.
 *
 * @param denial why its credentials do not do, where there were any: only then is there an error (RFC 6750, section 3.1)
 */
export function challengeOf ({ scheme, scopes }: Entry, realm: string, denial: Denial | undefined): string | undefined {
  const protectedAs = `realm=${quoted(scheme.realm ?? realm)}`
  const error = denial?.reason === 'invalid' ? denial : undefined
  switch (scheme.type) {
    // There is no registered scheme for these; a challenge there must be, and this one tells what is missing.
    case 'apiKey': return `ApiKey ${protectedAs}, in=${quoted(scheme.in ?? 'header')}, name=${quoted(scheme.name ?? '')}`
    case 'hmac': return `Signature ${protectedAs}`
    case 'session': return `Cookie ${protectedAs}, cookie-name=${quoted(scheme.session?.cookie ?? 'session')}`
    case 'mutualTLS': return undefined
    case 'oauth2':
    case 'openIdConnect': return bearer(protectedAs, scopes, error)
    case 'http': return http(scheme.scheme ?? 'bearer', protectedAs, scopes, error)
  }
}

/** The challenge of a 403: credentials count, and lack scopes. Only bearer tokens have one (RFC 6750, section 3.1). */
export function lackingChallenge ({ scheme, scopes }: Entry, realm: string): string | undefined {
  const isBearer = scheme.type === 'oauth2' || scheme.type === 'openIdConnect' || (scheme.type === 'http' && (scheme.scheme ?? 'bearer').toLowerCase() === 'bearer')
  return isBearer ? `Bearer realm=${quoted(scheme.realm ?? realm)}, error="insufficient_scope"${scopeOf(scopes)}` : undefined
}

function http (name: string, protectedAs: string, scopes: readonly string[], error: Denial | undefined): string {
  switch (name.toLowerCase()) {
    case 'basic': return `Basic ${protectedAs}, charset="UTF-8"`
    case 'bearer': return bearer(protectedAs, scopes, error)
    case 'digest': return `Digest ${protectedAs}, qop="auth", algorithm=SHA-256, nonce="bW9jaw=="`
    default: return `${token(name)} ${protectedAs}`
  }
}

function bearer (protectedAs: string, scopes: readonly string[], error: Denial | undefined): string {
  const told = error?.description === undefined ? '' : `, error_description=${quoted(error.description)}`
  return `Bearer ${protectedAs}${scopeOf(scopes)}${error === undefined ? '' : `, error="invalid_token"${told}`}`
}

const scopeOf = (scopes: readonly string[]): string => scopes.length === 0 ? '' : `, scope=${quoted(scopes.join(' '))}`

/** As a quoted string of what a header may hold (RFC 9110, section 5.6.4). */
const quoted = (text: string): string => `"${text.replace(/[^\u0020-\u007E]/g, '?').replace(/["\\]/g, '\\$&')}"`

const token = (text: string): string => text.replace(/[^\w!#$%&'*+.^`|~-]/g, '-')
