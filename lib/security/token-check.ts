import type { SecurityScheme } from '../config.ts'
import { tokenVerifier } from '../jwt/verify-token.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf, claimsOf, type Caller } from './caller.ts'
import type { Outcome, Presented, SecurityTools } from './scheme-check.ts'

/**
 * What is asked of a token beyond its form: that it is one of `tokens`, one that the mock server has issued, or a JSON Web Token that
 * counts. Undefined where the scheme asks for nothing of it.
 *
 * @param violation what is wrong with the place that the token stands in
 */
export function tokenCheck (scheme: string, { tokens, jwt }: SecurityScheme, tools: SecurityTools, violation: (message: string) => Violation): ((token: string, request: Presented) => Outcome | Promise<Outcome>) | undefined {
  if (tokens === undefined && jwt === undefined) return undefined
  const options = jwt === true ? {} : jwt
  const callers = new Map((tokens ?? []).map((entry): [string, Caller] => typeof entry === 'string'
    ? [entry, callerOf(scheme, {})]
    : [entry.token, callerOf(scheme, claimsOf(entry.sub, entry))]))
  const verify = options === undefined ? undefined : tokenVerifier(options, tools.keys)
  const paths = { scope: options?.scope_claim, roles: options?.roles_claim }
  // What others sign, the mock server has not issued.
  const isOwn = options === undefined || (options.secret ?? options.key ?? options.key_file ?? options.jwks_url) === undefined
  const denied = (mistake: string): Outcome => ({ violation: violation(`must hold a token that counts: ${mistake}`), reason: 'invalid', description: mistake })

  return (token, request) => {
    const caller = callers.get(token)
    if (caller !== undefined) return { caller }
    const issued = isOwn ? request.issued(token) : undefined
    if (issued !== undefined) return { caller: callerOf(scheme, issued, paths) }
    if (verify === undefined) return denied('it is unknown, or has expired')
    return verify(token, request.now()).then(found => 'claims' in found ? { caller: callerOf(scheme, found.claims, paths) } : denied(found.mistake))
  }
}
