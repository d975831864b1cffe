import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Injections } from '../../lib/injection/counters.ts'
import { Empty, ProblemRef } from './schemas.ts'

export interface FailureRoutesOptions {
  /** Whose counters a request is about. */
  failuresOf: (scope: string | undefined) => Injections
}

const tags = ['failures']
const querystring = Type.Object({
  scope: Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))
}, { additionalProperties: false })
const params = Type.Object({ endpoint: Type.String({ description: 'Id of the endpoint, percent-encoded.' }) })

const Count = Type.Object({
  endpoint: Type.String({ description: 'Id of the endpoint.' }),
  kind: Type.Union([Type.Literal('failure'), Type.Literal('fault')]),
  response: Type.Optional(Type.Integer({ description: 'The answer that it stands on, from 1; absent where it stands on the endpoint.' })),
  group: Type.Optional(Type.String({ description: 'The value that the requests have in common (`per`).' })),
  seen: Type.Integer({ description: 'How many requests it looked at.' }),
  struck: Type.Integer({ description: 'How many of them it struck.' })
})

/** Injected failures and faults: how they are counted. */
export const failureRoutes: FastifyPluginAsyncTypebox<FailureRoutesOptions> = async (fastify, { failuresOf }) => {
  fastify.get('', {
    schema: { tags, summary: 'Injected failures and faults, as they were counted', querystring, response: { 200: Type.Object({ failures: Type.Array(Count) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ failures: failuresOf(scope).list() }))

  fastify.post('/reset', {
    schema: { tags, summary: 'Have all failures and faults begin anew: counters, bursts, time windows', querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    failuresOf(scope).reset()
    return reply.code(204).send(null)
  })

  fastify.delete('/:endpoint', {
    schema: { tags, summary: 'Have those of one endpoint begin anew', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { endpoint }, query: { scope } }, reply) => {
    failuresOf(scope).reset(endpoint)
    return reply.code(204).send(null)
  })
}
