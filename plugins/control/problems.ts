import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { isConfigInvalid } from '../../lib/config/invalid.ts'
import type { Diagnostic } from '../../lib/diagnostic.ts'
import { MOCK_ERR_CONTROL_ROUTE, MOCK_ERR_VERIFICATION } from '../../lib/errors.ts'
import type { VerificationReport } from '../../lib/verification/report.ts'

/** A problem document (RFC 9457); `code` is the error's, as in docs/errors.md. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  /** What is wrong in a configuration, errors first. */
  diagnostics?: readonly Diagnostic[]
  /** Why a claim does not hold. */
  verification?: VerificationReport
}

/** Every error of mock control becomes a problem document, and so does a route that there is not. */
export function tellProblems (fastify: FastifyInstance, index: string): void {
  fastify.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) request.log.error({ err: error }, 'mock control failed')
    return sendProblem(reply, problem)
  })
  fastify.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    return sendProblem(reply, toProblem(new MOCK_ERR_CONTROL_ROUTE(request.method, path, index)))
  })
}

const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problem.status).type('application/problem+json').send(problem)

function toProblem (error: FastifyError): Problem {
  const code = error.code ?? 'FST_ERR'
  const status = error.statusCode ?? 500
  const problem = { type: `urn:fastify-mock-server:error:${code}`, title: STATUS_CODES[status] ?? 'Error', status, code }
  if (isConfigInvalid(error)) {
    return { ...problem, title: 'The configuration is not valid', detail: error.message, diagnostics: error.diagnostics }
  }
  if (error instanceof MOCK_ERR_VERIFICATION) return { ...problem, title: 'The claim does not hold', detail: error.message, verification: error.report }
  // What fails unexpectedly may say more of this machine than a client should know; it is in the server's log.
  const isOwn = code.startsWith('MOCK_ERR_') || status < 500
  return { ...problem, detail: isOwn ? error.message : 'Mock control failed; the server\'s log says why' }
}
