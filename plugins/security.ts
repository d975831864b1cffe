import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Config } from '../lib/config.ts'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_CREDENTIALS, MOCK_ERR_FORBIDDEN } from '../lib/errors.ts'
import type { Exchange } from '../lib/exchange.ts'
import type { KeySet } from '../lib/jwt/key-set.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { securityCheck, type Admission, type Refusal, type SecurityCheck } from '../lib/security/check.ts'
import { withSession } from '../lib/security/endpoint-session.ts'
import type { Certificate, Presented } from '../lib/security/scheme-check.ts'
import { violationText } from '../lib/violation/violation.ts'
import { readCookies } from './request-view.ts'

export interface SecurityOptions {
  config: Pick<Config, 'security_schemes' | 'name'>
  /** The mock server's own. */
  keys: KeySet
}

/**
 * Asks requests for credentials where the endpoint's `security` does: before anything else is looked at, unless the body belongs to what is
 * checked. Who calls is known from then on.
 */
export default fp<SecurityOptions>(async (fastify, { config: { security_schemes: schemes, name = 'mock' }, keys }) => {
  fastify.addHook('onRoute', route => {
    const endpoint = route.config?.endpoint
    if (endpoint === undefined) return
    const check = securityCheck(withSession(endpoint.config, schemes), schemes, name, { keys })
    if (check === undefined) return
    const hook = guard(check)
    if (check.needsBody) route.preValidation = [hook, ...[route.preValidation ?? []].flat()]
    else route.onRequest = [...[route.onRequest ?? []].flat(), hook]
  })
}, { name: 'mock-security', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })

type Done = (error?: Error) => void

function guard ({ check }: SecurityCheck) {
  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const { exchange } = request
    if (exchange === null) return done()
    const settle = (found: Admission | Refusal): void => {
      if (found.caller !== undefined) exchange.identify(found.caller)
      if (!('violations' in found) || !refuse(reply, found)) done()
    }
    const found = check(presented(request, exchange))
    if (found instanceof Promise) found.then(settle).catch(done)
    else settle(found)
  }
}

/** @returns whether the request has been answered */
function refuse (reply: FastifyReply, { status, violations, challenges }: Refusal): boolean {
  const text = violations.map(violation => violationText(violation)).join('; ')
  const error = status === 401 ? new MOCK_ERR_CREDENTIALS(text) : new MOCK_ERR_FORBIDDEN(text)
  return reply.objectTo({
    kind: 'security',
    status,
    code: error.code,
    title: status === 401 ? 'Credentials are missing, malformed or do not count' : 'The credentials do not suffice',
    detail: error.message,
    violations,
    ...challenges.length > 0 && { headers: { 'www-authenticate': challenges.length === 1 ? challenges.join() : challenges } }
  })
}

function presented (request: FastifyRequest, { store }: Exchange): Presented {
  const { headers, query } = request
  const now = (): number => store.clock.now()
  return {
    method: request.method,
    url: request.originalUrl,
    headers,
    query: isObject(query) ? query : {},
    cookies: () => readCookies(headers.cookie),
    rawBody: () => request.rawBody,
    body: () => request.body,
    certificate: () => certificateOf(request.raw),
    now,
    sessions: () => store.sessions,
    issued: token => store.tokens.find(token, now()),
    isDry: dryRunOf(request.raw) !== undefined
  }
}

/** The connection's; of HTTP/2, that of the session which the stream is of. */
function certificateOf ({ socket }: IncomingMessage): Certificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const peer = socket.getPeerCertificate()
  // Node gives an empty object where there is none.
  return peer === null || Object.keys(peer).length === 0 ? undefined : { peer, isTrusted: socket.authorized }
}
