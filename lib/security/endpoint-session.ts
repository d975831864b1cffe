import type { Config, Endpoint, EndpointSession, SecurityScheme } from '../config.ts'
import type { SecurityDemands } from './check.ts'

/** What an endpoint does with sessions. */
export interface SessionAct {
  readonly act: 'create' | 'destroy' | 'require'
  readonly scheme: string
  readonly options: SecurityScheme
}

/** Names of the schemes that are sessions. */
export const sessionSchemes = (schemes: Config['security_schemes'] = {}): string[] =>
  Object.keys(schemes).filter(name => schemes[name]?.type === 'session')

/** What an endpoint's `session` says; undefined where it says nothing, or names no scheme that there is. */
export function sessionAct (session: EndpointSession | undefined, schemes: Config['security_schemes'] = {}): SessionAct | undefined {
  if (session === undefined) return undefined
  const named = typeof session === 'string' ? undefined : session.scheme
  const scheme = named ?? sessionSchemes(schemes)[0]
  const options = scheme === undefined || !Object.hasOwn(schemes, scheme) ? undefined : schemes[scheme]
  if (scheme === undefined || options?.type !== 'session') return undefined
  return { act: typeof session === 'string' ? session : 'create' in session ? 'create' : 'destroy', scheme, options }
}

/** An endpoint's demands with those of its `session: require`: the session besides whatever else is asked for. */
export function withSession ({ security, roles, session }: Pick<Endpoint, 'security' | 'roles' | 'session'>, schemes: Config['security_schemes']): SecurityDemands {
  const required = session === 'require' ? sessionAct(session, schemes) : undefined
  if (required === undefined) return { security, roles }
  const entries = security === undefined || security.length === 0 ? [{}] : security
  return { security: entries.map(entry => ({ [required.scheme]: [], ...entry })), roles }
}
