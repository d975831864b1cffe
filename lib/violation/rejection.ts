import { STATUS_CODES } from 'node:http'
import type { Answer } from '../answer.ts'
import { fastifyMessage, violationText, type Violation } from './violation.ts'

/** Why a request is not served. */
export interface Rejection {
  /** What is wrong with it: this decides which of an endpoint's own answers fits. */
  kind: 'security' | 'content-type' | 'request' | 'too-large' | 'not-acceptable' | 'precondition' | 'rate-limit' | 'other'
  status: number
  /** Code of the error: one of `docs/errors.md`, or Fastify's. */
  code: string
  title: string
  /** For people; made of the violations where it is absent. */
  detail?: string
  violations: readonly Violation[]
  /** Address of the problem type, where there is one of a registry; and members that go with it. */
  type?: string
  members?: Readonly<Record<string, unknown>>
  /** What is sent, whatever answers the endpoint has; absent where that is left to these. */
  answer?: Answer
  /** Headers that go with it whatever the answer: `www-authenticate`, `accept`. */
  headers?: Readonly<Record<string, string | string[]>>
}

/** A problem document (RFC 9457, section 3), which is at once what Fastify says of an error. */
export interface RejectionProblem {
  type: string
  title: string
  status: number
  detail: string
  violations?: readonly Violation[]
  code: string
  statusCode: number
  error: string
  message: string
}

/** The rejection of parameters or a body that do not fit. */
export const invalidRequest = (violations: readonly Violation[], status = 400): Rejection => ({
  kind: 'request',
  status,
  code: 'FST_ERR_VALIDATION',
  title: 'The request does not fit',
  violations
})

/** A body that is not what its content type says. */
export const unreadable = (message: string): Violation =>
  ({ in: 'body', pointer: '', rule: 'syntax', expected: 'a body of its content type', message: message.startsWith('The body ') ? message.slice('The body '.length) : `cannot be read: ${message}` })

/** A preference that nothing can be done for: the log tells it as it tells other mistakes. */
const unmet = (message: string): Violation =>
  ({ in: 'header', pointer: '/prefer', rule: 'prefer', expected: 'an answer that there is', message: message.replace(/^The request prefers/, 'asks for').replace(/^`[^`]*` /, '') })

/** What a request is rejected with for an error that was thrown: by Fastify as it read the body, or by a plugin. */
export function rejectionOf (error: { code?: string, statusCode?: number, message: string }): Rejection {
  const { code = 'FST_ERR', statusCode: status = 500, message } = error
  const title = STATUS_CODES[status] ?? 'Error'
  const inBody = (rule: string, expected: string, told: string): Violation[] => [{ in: 'body', pointer: '', rule, expected, message: told }]
  if (status === 413) return { kind: 'too-large', status, code, title, detail: message, violations: inBody('body_limit', 'a smaller body', 'is too large') }
  if (code === 'MOCK_ERR_CONTENT_ENCODING') return { kind: 'content-type', status, code, title, detail: message, violations: [{ in: 'header', pointer: '/content-encoding', rule: 'content-encoding', expected: 'an encoding that can be read', message }] }
  if (status === 415) return { kind: 'content-type', status, code, title, detail: message, violations: [{ in: 'header', pointer: '/content-type', rule: 'content-type', expected: 'a content type that the endpoint takes', message }] }
  if (status === 400 && (code.startsWith('FST_ERR_CTP_') || code === 'MOCK_ERR_BODY_MALFORMED')) return { kind: 'request', status, code, title: 'The body cannot be read', detail: message, violations: [unreadable(message)] }
  if (code === 'MOCK_ERR_PRECONDITION_FAILED') return { kind: 'precondition', status, code, title, detail: message, violations: [] }
  if (code === 'MOCK_ERR_NO_SUCH_VARIANT' || code === 'MOCK_ERR_PREFERENCE') return { kind: 'other', status, code, title, detail: message, violations: [unmet(message)] }
  return { kind: 'other', status, code, title, detail: message, violations: [] }
}

const TOLD = 3

/**
 * The members `code`, `statusCode`, `error` and `message` are those of Fastify's own errors, so that clients of either find theirs.
 *
 * @param tell what is told of a violation
 */
export function problemOf ({ kind, status, code, title, detail, violations, type, members }: Rejection, tell: (violation: Violation) => Violation = violation => violation): RejectionProblem {
  const lines = violations.slice(0, TOLD).map(violation => violationText(violation))
  const more = violations.length > TOLD ? ` and ${violations.length - TOLD} more` : ''
  const text = detail ?? `${lines.join('; ')}${more}`
  return {
    type: type ?? (kind === 'other' ? `urn:fastify-mock-server:error:${code}` : `urn:fastify-mock-server:problem:${kind}`),
    title,
    status,
    detail: text,
    ...members,
    ...violations.length > 0 && { violations: violations.map(violation => tell(violation)) },
    code,
    statusCode: status,
    error: STATUS_CODES[status] ?? 'Error',
    message: detail ?? fastifyMessage(violations.slice(0, TOLD))
  }
}
