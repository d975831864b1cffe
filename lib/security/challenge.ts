import type { Config, Security, SecurityScheme } from '../config.ts'

/**
 * The challenges of a 401 (RFC 9110, section 11.6.1): one for each scheme that would do, in the order in which they are configured.
 *
 * @param isStray whether there were credentials, which did not do (RFC 6750, section 3.1: only then is there an error)
 */
export function challengesOf (security: Security, schemes: NonNullable<Config['security_schemes']>, realm: string, isStray: boolean): string[] {
  const challenges = new Set<string>()
  for (const entry of security) {
    for (const [name, scopes] of Object.entries(entry)) {
      const scheme = schemes[name]
      const challenge = scheme === undefined ? undefined : challengeOf(scheme, scopes, quoted(realm), isStray)
      if (challenge !== undefined) challenges.add(challenge)
    }
  }
  return [...challenges]
}

function challengeOf (scheme: SecurityScheme, scopes: readonly string[], realm: string, isStray: boolean): string | undefined {
  switch (scheme.type) {
    // There is no registered scheme for API keys; a challenge there must be, and this one tells what is missing.
    case 'apiKey': return `ApiKey realm=${realm}, in=${quoted(scheme.in ?? 'header')}, name=${quoted(scheme.name ?? '')}`
    case 'oauth2':
    case 'openIdConnect': return bearer(realm, scopes, isStray)
    case 'http': return http(scheme.scheme ?? 'bearer', scopes, realm, isStray)
    default: return undefined
  }
}

function http (name: string, scopes: readonly string[], realm: string, isStray: boolean): string {
  switch (name.toLowerCase()) {
    case 'basic': return `Basic realm=${realm}, charset="UTF-8"`
    case 'bearer': return bearer(realm, scopes, isStray)
    case 'digest': return `Digest realm=${realm}, qop="auth", algorithm=SHA-256, nonce="bW9jaw=="`
    default: return `${token(name)} realm=${realm}`
  }
}

function bearer (realm: string, scopes: readonly string[], isStray: boolean): string {
  const scope = scopes.length === 0 ? '' : `, scope=${quoted(scopes.join(' '))}`
  return `Bearer realm=${realm}${scope}${isStray ? ', error="invalid_token"' : ''}`
}

/** As a quoted string of what a header may hold (RFC 9110, section 5.6.4). */
const quoted = (text: string): string => `"${text.replace(/[^\u0020-\u007E]/g, '?').replace(/["\\]/g, '\\$&')}"`

const token = (text: string): string => text.replace(/[^\w!#$%&'*+.^`|~-]/g, '-')
