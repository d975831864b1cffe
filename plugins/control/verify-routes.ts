import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type, type Static } from 'typebox'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import type { RequestLog } from '../../lib/request-log.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import type { EndpointCall } from '../../lib/verification/call.ts'
import type { Count } from '../../lib/verification/count.ts'
import type { RequestLike } from '../../lib/verification/request-pattern.ts'
import type { Verification } from '../../lib/verification/verification.ts'
import { filterOf, FilterQuery } from './log-query.ts'
import { Empty, EntryRef, ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'
import { Call, CountBody, Pattern, UnusedEndpoint, VerificationProblem } from './verify-schemas.ts'

export interface VerifyRoutesOptions {
  /** The session that a request is about: that of a scope, or the root's. */
  sessionOf: (scope: string | undefined) => Verification & { readonly requests: RequestLog }
}

const tags = ['verification']
const held = { 204: Empty, 400: ProblemRef, 404: ProblemRef, 409: VerificationProblem }

/** A client that asks for longer would rather ask again. */
const LONGEST_WAIT_MS = 300_000

/** Claims about what was called, for tests that run elsewhere. One that does not hold is answered with 409, and all that the error says. */
export const verifyRoutes: FastifyPluginAsyncTypebox<VerifyRoutesOptions> = async (fastify, { sessionOf }) => {
  const routes: ReadonlyArray<[path: string, summary: string, keys: readonly string[], body: ReturnType<typeof Type.Object> | undefined, claim: (session: Verification, body: Record<string, unknown>) => Promise<void>]> = [
    ['/verify', 'Claim that requests like this came', ['request', 'count'], Type.Object({ request: Pattern, count: Type.Optional(CountBody) }), (session, { request, count }) => session.verify(likeOf(request), countOf(count))],
    ['/verify-sequence', 'Claim that requests came in this order', ['requests', 'strict'], Type.Object({ requests: Type.Array(Pattern), strict: Type.Optional(Type.Boolean({ description: 'Whether nothing may have come in between. Default: false.' })) }), (session, { requests, strict }) => session.verifySequence(likesOf(requests), { strict: strict === true })],
    ['/verify-nothing-else', 'Claim that nothing came but what was verified before', [], undefined, session => session.verifyNothingElse()],
    ['/verify-all-used', 'Claim that every endpoint was called', [], undefined, session => session.verifyAllUsed()],
    ['/verify-no-unmatched', 'Claim that an endpoint answered every request', [], undefined, session => session.verifyNoUnmatched()]
  ]
  for (const [path, summary, keys, body, claim] of routes) {
    fastify.post(path, {
      schema: { tags, summary, querystring: ScopeQuery, ...body !== undefined && { body }, response: held }
    }, async ({ query: { scope }, body }, reply) => {
      await claim(sessionOf(scope), membersOf(body, keys))
      return reply.code(204).send(null)
    })
  }

  fastify.post('/wait-for', {
    schema: {
      tags,
      summary: 'Wait until requests like this have come',
      description: `Those that the log holds count. At most ${LONGEST_WAIT_MS / 1000} s; then, or after \`timeout_ms\`, it is answered with 409. Who hangs up stops waiting.`,
      querystring: ScopeQuery,
      body: Type.Object({
        request: Pattern,
        count: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
        timeout_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT_MS, default: 5000 })),
        after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only requests after this `seq`.' }))
      }),
      response: { 200: Type.Object({ calls: Type.Array(Call) }), 400: ProblemRef, 404: ProblemRef, 409: VerificationProblem }
    }
  }, async ({ query: { scope }, body }, reply) => {
    const { request, count = 1, timeout_ms: timeout, after } = membersOf(body, ['request', 'count', 'timeout_ms', 'after'])
    const calls = await sessionOf(scope).waitFor(likeOf(request), {
      count: numberOf('count', count) ?? 1,
      timeout_ms: bounded(numberOf('timeout_ms', timeout)),
      after: numberOf('after', after),
      signal: hangUp(reply)
    })
    return { calls: calls.map(forWire) }
  })

  fastify.post('/calls', {
    schema: { tags, summary: 'Requests like this, the oldest first', querystring: ScopeQuery, body: Type.Object({ request: Type.Optional(Pattern) }), response: { 200: Type.Object({ calls: Type.Array(Call) }), 400: ProblemRef, 404: ProblemRef } }
  }, async ({ query: { scope }, body }) => {
    const { request } = membersOf(body ?? {}, ['request'])
    const calls = await sessionOf(scope).calls(request === undefined ? undefined : likeOf(request))
    return { calls: calls.map(forWire) }
  })

  fastify.get('/unused', {
    schema: { tags, summary: 'Endpoints that no request has reached', querystring: ScopeQuery, response: { 200: Type.Object({ endpoints: Type.Array(UnusedEndpoint) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ endpoints: await sessionOf(scope).unusedEndpoints() }))

  fastify.get('/unmatched', {
    schema: { tags, summary: 'Requests that no endpoint answered, the oldest first', querystring: ScopeQuery, response: { 200: Type.Object({ entries: Type.Array(EntryRef) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ entries: await sessionOf(scope).unmatchedRequests() }))

  fastify.get('/logs/wait', {
    schema: {
      tags: ['logs'],
      summary: 'The oldest request that fits the filter, or else the next to come',
      querystring: Type.Object({ ...FilterQuery, timeout_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT_MS, default: 5000 })) }, { additionalProperties: false }),
      response: { 200: EntryRef, 504: ProblemRef }
    }
  }, async ({ query: { timeout_ms: timeout = 5000, ...query } }, reply) => sessionOf(undefined).requests.waitFor(filterOf(query), { timeout_ms: timeout, signal: hangUp(reply) }))
}

/** Aborted when the client hangs up; after an answer that says nothing any more. */
function hangUp (reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** Bodies are not checked by their schema: the mock says better what is wrong with a pattern. */
function membersOf (body: unknown, keys: readonly string[]): Record<string, unknown> {
  if ((body === undefined || body === null) && !keys.includes('request') && !keys.includes('requests')) return {}
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY(keys.length === 0 ? 'Send no body' : `Send a JSON object as the body: {${keys.join(', ')}}`)
  const unknown = Object.keys(body).find(key => !keys.includes(key))
  if (unknown === undefined) return body
  const hint = keys.includes('request') && ['method', 'path', 'headers', 'body', 'query'].includes(unknown) ? "; what is meant stands in 'request'" : keys.length === 0 ? '' : `; there are ${keys.join(', ')}`
  throw new MOCK_ERR_CONTROL_BODY(`There is no key '${unknown}'${hint}`)
}

/** The seams where what came gets its type: the session checks it, whatever it is. */
const likeOf = (request: unknown): RequestLike => request as RequestLike
const countOf = (count: unknown): Count | undefined => count as Count | undefined

function likesOf (requests: unknown): RequestLike[] {
  if (!Array.isArray(requests)) throw new MOCK_ERR_CONTROL_BODY("'requests' is a list of requests, in their order")
  return requests.map(likeOf)
}

function numberOf (key: string, value: unknown): number | undefined {
  if (value === undefined || typeof value === 'number') return value
  throw new MOCK_ERR_CONTROL_BODY(`'${key}' is a number`)
}

const bounded = (timeout: number | undefined): number | undefined => timeout === undefined ? undefined : Math.min(timeout, LONGEST_WAIT_MS)

/** As it is declared; JSON leaves out what is undefined. */
const forWire = (call: EndpointCall): Static<typeof Call> => ({ ...call, headers: { ...call.headers } })
