import { serialize } from 'cookie'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../lib/config.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_CREDENTIALS } from '../lib/errors.ts'
import { sessionAct } from '../lib/security/endpoint-session.ts'
import { logIn } from '../lib/security/log-in.ts'
import { callerOfSession, sessionRules, type SessionRules } from '../lib/security/session-check.ts'
import { violationText } from '../lib/violation/violation.ts'
import { hostRequestOf, readCookies } from './request-view.ts'

type Done = (error?: Error) => void
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void

/** Begins and ends sessions where an endpoint's `session` says so; what requires one is a matter of `security`. */
export default fp<Pick<Config, 'security_schemes' | 'personas'>>(async (fastify, { security_schemes: schemes, personas }) => {
  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    const act = sessionAct(endpoint?.config.session, schemes)
    if (endpoint === undefined || act === undefined || act.act === 'require') return
    const rules = sessionRules(act.scheme, act.options)
    const begins = endpoint.login === undefined ? undefined : begin(rules, logIn(act, endpoint.login, personas))
    route.preHandler = [...[route.preHandler ?? []].flat(), act.act === 'create' && begins !== undefined ? begins : end(rules)]
  })
}, { name: 'mock-session', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections', 'mock-variants'] })

/** Of an answer that tells of an error, no session begins. */
function begin (rules: SessionRules, log: ReturnType<typeof logIn>): Hook {
  return (request, reply, done) => {
    const { exchange } = request
    if (exchange === null || exchange.variant.answer.status >= 400) return done()
    const found = log(exchange)
    if ('violation' in found) {
      const { code, message } = new MOCK_ERR_CREDENTIALS(violationText(found.violation))
      if (!reply.objectTo({ kind: 'security', status: 401, code, title: 'The login is refused', detail: message, violations: [found.violation] })) done()
      return
    }
    if (dryRunOf(request.raw) !== undefined) return done()
    const { sessions, clock } = exchange.store
    // Whoever knows the session from before the login must not share the one after it.
    sessions.destroy(readCookies(request.headers.cookie)[rules.cookie] ?? '')
    const session = sessions.create(rules.scheme, found.claims, clock.now() + rules.ttlMs)
    exchange.identify(callerOfSession(session))
    setCookies(request, reply, rules, session, Math.ceil(rules.ttlMs / 1000))
    done()
  }
}

function end (rules: SessionRules): Hook {
  return (request, reply, done) => {
    const { exchange } = request
    const id = readCookies(request.headers.cookie)[rules.cookie]
    if (exchange !== null && id !== undefined && dryRunOf(request.raw) === undefined) exchange.store.sessions.destroy(id)
    setCookies(request, reply, rules, { id: '', csrf: '' }, 0)
    done()
  }
}

function setCookies (request: FastifyRequest, reply: FastifyReply, { cookie, csrf, isSecure, sameSite, path }: SessionRules, { id, csrf: token }: { id: string, csrf: string }, maxAge: number): void {
  const secure = isSecure ?? (hostRequestOf(request.raw) ?? request).protocol === 'https'
  const common = { path, sameSite, secure, maxAge }
  reply.header('set-cookie', serialize(cookie, id, { ...common, httpOnly: true }))
  // Scripts of the site read it, to send it again.
  if (csrf?.style === 'double_submit') reply.header('set-cookie', serialize(csrf.cookie, token, common))
}
