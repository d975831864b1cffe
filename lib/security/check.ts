import type { Config, Security, SecurityScheme } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { apiKeyCheck } from './api-key-check.ts'
import { authorizationCheck } from './authorization-check.ts'
import type { Caller } from './caller.ts'
import { certificateCheck } from './certificate-check.ts'
import { challengeOf, lackingChallenge } from './challenge.ts'
import { isDenial, type Denial, type Outcome, type Presented, type SchemeCheck, type SecurityTools } from './scheme-check.ts'
import { sessionCheck } from './session-check.ts'
import { signatureCheck } from './signature-check.ts'

export type { Presented } from './scheme-check.ts'

/** Why a request may not go on. */
export interface Refusal {
  /** 401: nobody knows who calls; 403: that is known, and does not suffice. */
  status: 401 | 403
  violations: Violation[]
  /** Who it is, where that is known. */
  caller?: Caller
  /** Values of `WWW-Authenticate`: one challenge for each way in (RFC 9110, section 11.6.1). */
  challenges: string[]
}

/** The request may go on, of somebody who is known or not. */
export interface Admission {
  caller: Caller | undefined
}

export interface SecurityCheck {
  /** Whether it can only be asked once the body was read. */
  readonly needsBody: boolean
  check (request: Presented): Admission | Refusal | Promise<Admission | Refusal>
}

/** What an endpoint asks for. */
export interface SecurityDemands {
  readonly security?: Security | undefined
  /** One of which the caller must have. */
  readonly roles?: readonly string[] | undefined
}

/** With the scheme that it is about. */
type NamedDenial = Denial & { readonly scheme: string, readonly caller?: Caller }

/** One scheme of an entry of `security`. */
export interface Entry extends SchemeCheck {
  readonly name: string
  readonly scheme: SecurityScheme
  readonly scopes: readonly string[]
}

/**
 * Compiles an endpoint's `security`: one of its entries has to be met, and of an entry all schemes. Undefined when nothing is asked.
 *
 * A scheme that is not defined, or whose `clients` are not (`mutualTLS`), cannot be looked at and counts as met. Where `{}` lets everybody
 * in, those whose credentials count are known all the same.
 *
 * @param realm what the challenges say is protected
 */
export function securityCheck ({ security, roles }: SecurityDemands, schemes: Config['security_schemes'] = {}, realm: string, tools: SecurityTools): SecurityCheck | undefined {
  if (security === undefined || security.length === 0) return undefined
  const all = security.map(entry => Object.entries(entry).flatMap(([name, scopes]): Entry[] => {
    const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
    const check = scheme === undefined ? undefined : schemeCheck(name, scheme, tools)
    return scheme === undefined || check === undefined ? [] : [{ ...check, name, scheme, scopes }]
  }))
  const isOptional = roles === undefined && all.some(entries => entries.length === 0)
  if (isOptional && !all.flat().some(({ isDeep }) => isDeep)) return undefined
  const alternatives = all.filter(entries => entries.length > 0)

  function refuse (denied: ReadonlyArray<readonly NamedDenial[]>): Refusal {
    const [nearest = []] = [...denied].sort((a, b) => rank(a) - rank(b))
    const isKnown = nearest.every(isForbidden)
    const challenges = alternatives.flatMap((entries, index) => entries.flatMap(entry => {
      const denial = denied[index]?.find(({ scheme }) => scheme === entry.name)
      if (!isKnown) return challengeOf(entry, realm, denial) ?? []
      return denied[index] === nearest && denial?.reason === 'forbidden' ? lackingChallenge(entry, realm) ?? [] : []
    }))
    const caller = isKnown ? nearest.find(({ caller }) => caller !== undefined)?.caller : undefined
    return { status: isKnown ? 403 : 401, ...caller !== undefined && { caller }, violations: nearest.map(({ violation }) => violation), challenges: [...new Set(challenges)] }
  }

  /** Goes on from one alternative to the next, in one turn as far as nobody has to be waited for. */
  function go (request: Presented, index: number, denied: ReadonlyArray<readonly NamedDenial[]>): Admission | Refusal | Promise<Admission | Refusal> {
    const entries = alternatives[index]
    if (entries === undefined) return isOptional ? { caller: undefined } : refuse(denied)
    const outcomes = entries.map(entry => entry.check(request))
    const settle = (outcomes: readonly Outcome[]) => {
      const found = judge(entries, outcomes, roles)
      return 'denials' in found ? go(request, index + 1, [...denied, found.denials]) : found
    }
    return outcomes.every(isSettled) ? settle(outcomes) : Promise.all(outcomes).then(settle)
  }

  return { needsBody: alternatives.flat().some(({ needsBody }) => needsBody), check: request => go(request, 0, []) }
}

function schemeCheck (name: string, scheme: SecurityScheme, tools: SecurityTools): SchemeCheck | undefined {
  switch (scheme.type) {
    case 'apiKey': return apiKeyCheck(name, scheme, tools)
    case 'http': return authorizationCheck(name, (scheme.scheme ?? 'bearer').toLowerCase(), scheme, tools)
    case 'oauth2':
    case 'openIdConnect': return authorizationCheck(name, 'bearer', scheme, tools)
    case 'mutualTLS': return scheme.clients === undefined ? undefined : certificateCheck(name, scheme.clients)
    case 'hmac': return scheme.hmac === undefined ? undefined : signatureCheck(name, scheme.hmac)
    case 'session': return sessionCheck(name, scheme)
  }
}

const isSettled = (outcome: Outcome | Promise<Outcome>): outcome is Outcome => !(outcome instanceof Promise)

/** Whether all schemes of an entry are met, and who calls may do what is asked for. */
function judge (entries: readonly Entry[], outcomes: readonly Outcome[], roles: readonly string[] | undefined): Admission | { denials: NamedDenial[] } {
  const denials: NamedDenial[] = []
  let caller: Caller | undefined
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined) continue
    if (isDenial(outcome)) denials.push({ ...outcome, scheme: entry.name })
    else if (outcome.caller !== undefined) {
      caller = caller === undefined ? outcome.caller : joined(caller, outcome.caller)
      denials.push(...lackingScopes(entry, outcome.caller))
    }
  }
  if (denials.length === 0 && roles !== undefined && !roles.some(role => caller?.roles.includes(role))) {
    denials.push(forbidden(entries[0]?.name ?? '', caller, 'a role', `must be of somebody who has ${one(roles, 'the role', 'one of the roles')}`))
  }
  return denials.length > 0 ? { denials } : { caller }
}

/** OAuth knows scopes; elsewhere the names may as well be roles (OpenAPI 3.1, security requirement object). */
function lackingScopes ({ name, scheme: { type }, scopes }: Entry, caller: Caller): NamedDenial[] {
  const isOauth = type === 'oauth2' || type === 'openIdConnect'
  const lacking = scopes.filter(scope => !caller.scopes.includes(scope) && (isOauth || !caller.roles.includes(scope)))
  return lacking.length === 0 ? [] : [forbidden(name, caller, 'a scope', `must be of somebody who has ${one(lacking, 'the scope', 'the scopes')}`)]
}

const forbidden = (scheme: string, caller: Caller | undefined, what: string, message: string): NamedDenial =>
  ({ scheme, ...caller !== undefined && { caller }, violation: { in: 'header', pointer: '/authorization', rule: 'security', expected: `credentials with ${what} that suffices`, message }, reason: 'forbidden' })

const one = (names: readonly string[], single: string, several: string): string =>
  `${names.length === 1 ? single : several} ${names.map(name => `'${name}'`).join(', ')}`

/** One who has shown several credentials is who the first tells, and may do what any of them allows. */
const joined = (caller: Caller, other: Caller): Caller => ({
  ...other,
  ...caller,
  scopes: [...caller.scopes, ...other.scopes],
  roles: [...caller.roles, ...other.roles],
  claims: { ...other.claims, ...caller.claims }
})

const isForbidden = ({ reason }: Denial): boolean => reason === 'forbidden' || reason === 'forged'

/** Who is known is nearer than who is not; then it is what is wrong that counts. */
const rank = (denials: readonly Denial[]): number => (denials.every(isForbidden) ? 0 : 1000) + denials.length
