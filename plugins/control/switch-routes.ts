import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Situations } from '../../lib/state/switches.ts'
import { textOf } from './body-members.ts'
import { Empty, ProblemRef } from './schemas.ts'
import type { StateRoutesOptions } from './state-routes.ts'

const tags = ['variants']
const querystring = Type.Object({
  scope: Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))
}, { additionalProperties: false })
const params = Type.Object({ endpoint: Type.String({ description: 'Id of the endpoint, percent-encoded.' }) })

const Variant = Type.Object({
  endpoint: Type.String({ description: 'Id of the endpoint.' }),
  variants: Type.Array(Type.String(), { description: 'Names of its answers.' }),
  current: Type.Optional(Type.String({ description: 'The one that is switched on; absent where the endpoint chooses.' })),
  situation: Type.Optional(Type.String({ description: 'The situation that switched it on.' }))
})
const Current = Type.Object({ current: Type.Optional(Type.String({ description: 'The situation in force; absent for none.' })) })

const currentOf = ({ current }: Situations) => current === undefined ? {} : { current }

/** Named answers of endpoints, switched on and off. */
export const variantRoutes: FastifyPluginAsyncTypebox<StateRoutesOptions> = async (fastify, { stateOf }) => {
  fastify.get('', {
    schema: { tags, summary: 'Endpoints with named answers', querystring, response: { 200: Type.Object({ variants: Type.Array(Variant) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ variants: stateOf(scope).variants.list() }))

  fastify.post('/reset', {
    schema: { tags, summary: 'Have all endpoints choose again', querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    stateOf(scope).variants.reset()
    return reply.code(204).send(null)
  })

  fastify.put('/:endpoint', {
    schema: {
      tags,
      summary: 'Have an endpoint give one of its answers to every request',
      params,
      querystring,
      body: Type.Object({ variant: Type.String() }),
      response: { 200: Type.Object({ endpoint: Type.String(), current: Type.String() }), 400: ProblemRef, 404: ProblemRef, 422: ProblemRef }
    }
  }, async ({ params: { endpoint }, query: { scope }, body }) => {
    const variant = textOf(body, 'variant')
    stateOf(scope).variants.use(endpoint, variant)
    return { endpoint, current: variant }
  })

  fastify.delete('/:endpoint', {
    schema: { tags, summary: 'Have an endpoint choose again', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { endpoint }, query: { scope } }, reply) => {
    stateOf(scope).variants.reset(endpoint)
    return reply.code(204).send(null)
  })
}

/** Situations: the one in force, and what there are. */
export const situationRoutes: FastifyPluginAsyncTypebox<StateRoutesOptions> = async (fastify, { stateOf }) => {
  fastify.get('', {
    schema: {
      tags,
      summary: 'Situations',
      querystring,
      response: {
        200: Type.Object({
          ...Current.properties,
          situations: Type.Array(Type.Object({ name: Type.String(), variants: Type.Record(Type.String(), Type.String(), { description: 'Names of answers by the ids of endpoints.' }) }))
        }),
        404: ProblemRef
      }
    }
  }, async ({ query: { scope } }) => {
    const { situations } = stateOf(scope)
    return { ...currentOf(situations), situations: situations.list() }
  })

  fastify.put('/current', {
    schema: { tags, summary: 'Put a situation in force', querystring, body: Type.Object({ name: Type.String() }), response: { 200: Current, 400: ProblemRef, 404: ProblemRef } }
  }, async ({ query: { scope }, body }) => {
    const { situations } = stateOf(scope)
    situations.use(textOf(body, 'name'))
    return currentOf(situations)
  })

  fastify.delete('/current', {
    schema: { tags, summary: 'Go back to the situation that the configuration begins with', querystring, response: { 200: Current, 404: ProblemRef } }
  }, async ({ query: { scope } }) => {
    const { situations } = stateOf(scope)
    situations.reset()
    return currentOf(situations)
  })
}
