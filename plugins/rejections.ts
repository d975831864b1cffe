import fp from 'fastify-plugin'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { BodySource } from '../lib/answer.ts'
import type { Config, ValidateMode } from '../lib/config.ts'
import type { Exchange } from '../lib/exchange.ts'
import { isJsonType } from '../lib/media/media-type.ts'
import type { SchemaCompiler } from '../lib/schema/compiler.ts'
import { preferredMode } from '../lib/prefer.ts'
import { lenienter } from '../lib/validate-mode.ts'
import type { Variant } from '../lib/variant.ts'
import { ownAnswer } from '../lib/violation/own-answer.ts'
import { problemOf, rejectionOf, type Rejection, type RejectionProblem } from '../lib/violation/rejection.ts'
import { tellInBody } from '../lib/violation/tell-in-body.ts'
import { violationsHeader, type Violation } from '../lib/violation/violation.ts'
import { hostRequestOf } from './request-view.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is done about mistakes of this request: what it prefers, else what its endpoint says. */
    validateMode (): ValidateMode
  }
  interface FastifyReply {
    /**
     * Takes exception to the request, as far as its mode allows: `enforce` answers it, `warn` tells what is wrong, `off` is silent.
     *
     * @param atMost for what is not to be rejected even where the mode says so
     * @returns whether it has been answered
     */
    objectTo (rejection: Rejection, atMost?: ValidateMode): boolean
    /** Rejects the request, whatever its mode: for what is no mistake in it. */
    refuse (rejection: Rejection): void
  }
}

export interface RejectionsOptions {
  config: Pick<Config, 'validate' | 'rejection'>
  compiler: SchemaCompiler
  /** The place in a file of a schema's keyword, looked up for those that are told. */
  placeOf: (endpointId: string, schemaPointer: string) => string | undefined
}

/**
 * Rejects requests, and tells why: with the endpoint's own answer where it has one, else with a problem document (RFC 9457). Also what
 * becomes of errors: there is one way to say no.
 */
export default fp<RejectionsOptions>(async (fastify, { config, compiler, placeOf }) => {
  const usual = config.validate ?? 'enforce'

  fastify.decorateRequest('validateMode', function (this: FastifyRequest) {
    return preferredMode(this.headers.prefer) ?? this.exchange?.endpoint.config.validate ?? usual
  })

  fastify.decorateReply('objectTo', function (this: FastifyReply, rejection: Rejection, atMost: ValidateMode = 'enforce') {
    const { request } = this
    const mode = lenienter(request.validateMode(), atMost)
    if (mode === 'off') return false
    note(this, rejection.violations)
    const level = mode === 'warn' ? 'warn' : 'debug'
    hostRequestOf(request.raw)?.log[level]({ endpoint: request.exchange?.endpoint.id, violations: rejection.violations }, mode === 'warn' ? 'a request does not fit, and is served' : 'a request is rejected')
    if (mode === 'warn') return false
    this.refuse(rejection)
    return true
  })

  fastify.decorateReply('refuse', function (this: FastifyReply, rejection: Rejection) {
    // An own answer may fail, as one whose file is missing; what a hook throws besides would be caught by nobody.
    const fail = (error: unknown): void => { this.send(error) }
    try {
      const sent = reject(this, rejection)
      if (sent instanceof Promise) sent.catch(fail)
    } catch (error) {
      fail(error)
    }
  })

  function reject (reply: FastifyReply, rejection: Rejection): FastifyReply | Promise<FastifyReply> {
    const { request } = reply
    const { exchange } = request
    reply.header('x-mock-rejected', rejection.kind)
    if (rejection.headers !== undefined) reply.headers(rejection.headers)
    const preferred = preferredMode(request.headers.prefer)
    if (preferred !== undefined) reply.header('preference-applied', `validate=${preferred}`)
    if (exchange !== null && rejection.answer !== undefined) return reply.sendAnswer({ ...rejection.answer, headers: { ...rejection.answer.headers, ...rejection.headers } }, exchange)
    const variant = exchange === null || config.rejection?.answer === 'problem'
      ? undefined
      : ownAnswer(exchange.endpoint.variants, rejection, request.headers.accept)
    if (exchange === null || variant === undefined) return sendProblem(reply, problemOf(rejection, violation => placed(exchange, violation)))
    exchange.variant = variant
    const answer = telling(exchange, variant, problemOf({ ...rejection, status: variant.answer.status }))
    // A challenge that was made up for a declared header helps nobody.
    return reply.sendAnswer({ ...answer, headers: { ...answer.headers, ...rejection.headers } }, exchange)
  }

  function placed (exchange: Exchange | null, violation: Violation): Violation {
    const { schema_pointer: pointer } = violation
    const place = exchange === null || pointer === undefined ? undefined : placeOf(exchange.endpoint.id, pointer)
    return place === undefined ? violation : { ...violation, place }
  }

  /** An example is sent as its author wrote it; what is made up may as well be true. */
  function telling (exchange: Exchange, variant: Variant, problem: RejectionProblem): Variant['answer'] {
    const { answer } = variant
    const schema = answer.body === undefined ? undefined : generatedBy(exchange, variant)
    if (schema === undefined || answer.body === undefined || !isJsonType(String(answer.headers['content-type']))) return answer
    const fits = compiler.validator(schema, 'json', 'response')
    try {
      const told = tellInBody(JSON.parse(textOf(answer.body, exchange)), problem, fits)
      return { ...answer, body: { kind: 'constant', payload: JSON.stringify(told) } }
    } catch {
      return answer
    }
  }

  fastify.setErrorHandler((error: FastifyError, request, reply) => {
    // A body that cannot be read is no reason to hide that nothing would have answered it.
    if (request.is404) return reply.sendUnmatched()
    const rejection = rejectionOf(error)
    if (rejection.status >= 500) hostRequestOf(request.raw)?.log.error({ err: error, endpoint: request.exchange?.endpoint.id }, 'an endpoint could not answer')
    note(reply, rejection.violations)
    return reject(reply, rejection)
  })
}, { name: 'mock-rejections', fastify: '5.x', dependencies: ['mock-exchange', 'mock-unmatched', 'mock-respond'] })

/** For the log, and for whoever looks at the answer alone. */
function note (reply: FastifyReply, violations: readonly Violation[]): void {
  if (violations.length === 0) return
  const { exchange } = reply.request
  const all = [...exchange?.violations ?? [], ...violations]
  if (exchange !== null) exchange.violations = all
  reply.header('x-mock-violations', violationsHeader(all))
}

const sendProblem = (reply: FastifyReply, problem: RejectionProblem): FastifyReply =>
  reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))

/** The schema that an answer's body is generated from; undefined where it has a body of its own. */
function generatedBy ({ endpoint: { config, variants } }: Exchange, variant: Variant) {
  // One for another status has the headers of the one that stands for it; one with a choice has its body.
  const index = variants.findIndex(({ answer }) => answer.headers === variant.answer.headers || (answer.body !== undefined && answer.body === variant.answer.body))
  const answer = config.responses?.[index] ?? config
  const isFixed = answer.response !== undefined || answer.text !== undefined || answer.base64 !== undefined || answer.file !== undefined
  return isFixed ? undefined : answer.response_schema
}

function textOf (body: BodySource, exchange: Exchange): string {
  switch (body.kind) {
    case 'constant': return String(body.payload)
    case 'lazy': return String(body.payload())
    case 'templated': return body.render(exchange)
    // Made of rows, not of a schema.
    case 'responder': return ''
  }
}
