import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Mock } from '../../lib/mock.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import { ExplanationBody } from './explanation-schema.ts'
import { ScopeQuery } from './scope-query.ts'
import { ProblemRef } from './schemas.ts'

export interface ExplainRoutesOptions {
  mock: Mock
}

const description = 'The request goes through everything that others go through, but counts for nothing, moves no state and is not logged.'

const Asked = Type.Union([
  Type.Object({
    method: Type.Optional(Type.String({ default: 'GET' })),
    url: Type.String({ description: 'Path and query as a client sends them, or a whole URL.' }),
    headers: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))),
    body: Type.Optional(Type.Unknown({ description: 'A text is sent as it is, anything else as JSON.' })),
    scope: Type.Optional(Type.String({ description: 'The scope that it belongs to, where it does not name it itself.' }))
  }, { additionalProperties: false }),
  Type.Object({ seq: Type.Integer({ description: 'Number of a request in the log.' }) }, { additionalProperties: false })
])

/** What becomes of a request, and why. */
export const explainRoutes: FastifyPluginAsyncTypebox<ExplainRoutesOptions> = async (fastify, { mock }) => {
  fastify.post('', {
    schema: {
      tags: ['explain'],
      summary: 'Say what becomes of a request, and why',
      description,
      querystring: ScopeQuery,
      body: Asked,
      response: { 200: ExplanationBody, 400: ProblemRef, 404: ProblemRef }
    }
  }, async ({ body, query: { scope } }) => mock.explain(scope === undefined || !isObject(body) || 'seq' in body ? body : { scope, ...body }))
}

/** The same for a request of the log; beside the log's own routes. */
export const logExplanationRoute: FastifyPluginAsyncTypebox<ExplainRoutesOptions> = async (fastify, { mock }) => {
  fastify.get('/:seq/explanation', {
    schema: {
      tags: ['logs'],
      summary: 'Why a request was answered as it was, or not at all',
      description: `${description} It is explained by what is configured now.`,
      params: Type.Object({ seq: Type.Integer({ minimum: 0 }) }),
      response: { 200: ExplanationBody, 404: ProblemRef }
    }
  }, async ({ params: { seq } }) => mock.explain({ seq }))
}
