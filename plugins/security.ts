import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../lib/config.ts'
import { MOCK_ERR_CREDENTIALS } from '../lib/errors.ts'
import { securityCheck, type SecurityCheck } from '../lib/security/check.ts'
import { isObject } from '../lib/schema/subschemas.ts'
import { violationText } from '../lib/violation/violation.ts'
import { readCookies } from './request-view.ts'

/** Asks requests for credentials where the endpoint's `security` does; before anything else is looked at, its body included. */
export default fp<Pick<Config, 'security_schemes' | 'name'>>(async (fastify, { security_schemes: schemes, name = 'mock' }) => {
  fastify.addHook('onRoute', route => {
    const check = securityCheck(route.config?.endpoint?.config.security, schemes, name)
    if (check !== undefined) route.onRequest = [...[route.onRequest ?? []].flat(), guard(check)]
  })
}, { name: 'mock-security', fastify: '5.x', dependencies: ['mock-exchange', 'mock-rejections'] })

function guard (check: SecurityCheck) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { headers, query } = request
    const refusal = check({ headers, query: isObject(query) ? query : {}, cookies: () => readCookies(headers.cookie) })
    if (refusal === undefined) return done()
    const { violations, challenges } = refusal
    const error = new MOCK_ERR_CREDENTIALS(violations.map(violation => violationText(violation)).join('; '))
    const isRejected = reply.objectTo({
      kind: 'security',
      status: 401,
      code: error.code,
      title: 'Credentials are missing or malformed',
      detail: error.message,
      violations,
      headers: { 'www-authenticate': challenges.length === 1 ? challenges.join() : challenges }
    })
    if (!isRejected) done()
  }
}
