import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_RATE_LIMIT_UNKNOWN } from '../../lib/errors.ts'
import type { RateLimits } from '../../lib/rate-limit/rate-limits.ts'
import { suggest } from '../../lib/state/suggest.ts'
import { numberIn, optionsIn } from './body-members.ts'
import { Empty, ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface RateLimitRoutesOptions {
  /** Whose limits a request is about. */
  rateLimitsOf: (scope: string | undefined) => RateLimits
}

const params = Type.Object({ name: Type.String({ description: 'Percent-encoded.' }) })
const Key = Type.Optional(Type.String({ description: 'What the requests have in common that are counted together; \'\' for a limit on all.' }))

const RateLimit = Type.Object({
  name: Type.String(),
  algorithm: Type.String({ description: '`fixed_window`, `sliding_window`, `token_bucket` or `concurrency`.' }),
  limit: Type.Integer(),
  window_ms: Type.Optional(Type.Integer()),
  burst: Type.Optional(Type.Integer()),
  keys: Type.Array(Type.Object({
    key: Type.String({ description: 'What the requests have in common that are counted together.' }),
    remaining: Type.Integer(),
    used: Type.Integer(),
    reset_ms: Type.Optional(Type.Integer({ description: 'How long until there is more than now.' })),
    waiting: Type.Optional(Type.Integer({ description: 'How many requests wait for a slot.' }))
  }))
})

/** Rate limits: how far they are spent, set and reset. */
export const rateLimitRoutes: FastifyPluginAsyncTypebox<RateLimitRoutesOptions> = async (fastify, { rateLimitsOf }) => {
  const common = { tags: ['rate limits'], querystring: ScopeQuery }
  const known = (name: string, scope: string | undefined) => {
    const limits = rateLimitsOf(scope)
    const found = limits.get(name)
    if (found === undefined) throw new MOCK_ERR_RATE_LIMIT_UNKNOWN(name, suggest(name, limits.list().map(({ name }) => name), 'there are no rate limits'))
    return found
  }

  fastify.get('', {
    schema: { ...common, summary: 'Rate limits, and how far they are spent', response: { 200: Type.Object({ rate_limits: Type.Array(RateLimit) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ rate_limits: rateLimitsOf(scope).list() }))

  fastify.post('/reset', {
    schema: { ...common, summary: 'Have nothing be spent of any rate limit', response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    rateLimitsOf(scope).reset()
    return reply.code(204).send(null)
  })

  fastify.get('/:name', {
    schema: { ...common, summary: 'One rate limit', params, response: { 200: RateLimit, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => known(name, scope))

  fastify.put('/:name', {
    schema: {
      ...common,
      summary: 'Leave so much of a rate limit',
      params,
      body: Type.Object({ remaining: Type.Integer({ minimum: 0 }), key: Key }),
      response: { 200: RateLimit, 400: ProblemRef, 404: ProblemRef, 422: ProblemRef }
    }
  }, async ({ params: { name }, query: { scope }, body }) => {
    const options = optionsIn(body, ['remaining', 'key'])
    const remaining = numberIn(options, 'remaining', 0)
    if (remaining === undefined) throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {"remaining": 0}, and the "key" that it goes for')
    rateLimitsOf(scope).set(name, remaining, keyIn(options))
    return known(name, scope)
  })

  fastify.post('/:name/reset', {
    schema: { ...common, summary: 'Have nothing be spent of one rate limit, or of one key of it', params, body: Type.Object({ key: Key }), response: { 200: RateLimit, 400: ProblemRef, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope }, body }) => {
    rateLimitsOf(scope).reset(name, keyIn(optionsIn(body, ['key'])))
    return known(name, scope)
  })
}

function keyIn ({ key }: Readonly<Record<string, unknown>>): string | undefined {
  if (key !== undefined && typeof key !== 'string') throw new MOCK_ERR_CONTROL_BODY("'key' has to be a text")
  return key
}
