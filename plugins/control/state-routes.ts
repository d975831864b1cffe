import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_SCENARIO_UNKNOWN, MOCK_ERR_VARIABLE_UNKNOWN } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import { suggest } from '../../lib/state/suggest.ts'
import { memberOf, textOf } from './body-members.ts'
import { Empty, ProblemRef } from './schemas.ts'

/** The state of a scope, or the root's. */
export type ControlledState = Pick<Mock, 'scenarios' | 'variables' | 'variants' | 'situations'>

export interface StateRoutesOptions {
  /** Whose state a request is about. */
  stateOf: (scope: string | undefined) => ControlledState
}

const querystring = Type.Object({
  scope: Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))
}, { additionalProperties: false })
const params = Type.Object({ name: Type.String({ description: 'Percent-encoded.' }) })

const Scenario = Type.Object({
  name: Type.String(),
  state: Type.String(),
  initial: Type.String(),
  states: Type.Array(Type.String(), { description: 'All states that the configuration names.' })
})
const Variable = Type.Object({ name: Type.String(), value: Type.Unknown() })

/** Scenarios: their states, set and reset. */
export const scenarioRoutes: FastifyPluginAsyncTypebox<StateRoutesOptions> = async (fastify, { stateOf }) => {
  const tags = ['state']
  const known = (name: string, scope: string | undefined) => {
    const { scenarios } = stateOf(scope)
    const found = scenarios.get(name)
    if (found === undefined) throw new MOCK_ERR_SCENARIO_UNKNOWN(name, suggest(name, scenarios.list().map(({ name }) => name), 'the configuration names no scenario'))
    return found
  }

  fastify.get('', {
    schema: { tags, summary: 'Scenarios and their states', querystring, response: { 200: Type.Object({ scenarios: Type.Array(Scenario) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ scenarios: stateOf(scope).scenarios.list() }))

  fastify.post('/reset', {
    schema: { tags, summary: 'Put all scenarios back to their initial states', querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    stateOf(scope).scenarios.reset()
    return reply.code(204).send(null)
  })

  fastify.get('/:name', {
    schema: { tags, summary: 'One scenario', params, querystring, response: { 200: Scenario, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => known(name, scope))

  fastify.put('/:name', {
    schema: {
      tags,
      summary: 'Put a scenario into a state',
      params,
      querystring,
      body: Type.Object({ state: Type.String() }),
      response: { 200: Scenario, 400: ProblemRef, 404: ProblemRef, 422: ProblemRef }
    }
  }, async ({ params: { name }, query: { scope }, body }) => {
    stateOf(scope).scenarios.set(name, textOf(body, 'state'))
    return known(name, scope)
  })

  fastify.post('/:name/reset', {
    schema: { tags, summary: 'Put a scenario back to its initial state', params, querystring, response: { 200: Scenario, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => {
    stateOf(scope).scenarios.reset(name)
    return known(name, scope)
  })
}

/** Variables: read, set and deleted. */
export const variableRoutes: FastifyPluginAsyncTypebox<StateRoutesOptions> = async (fastify, { stateOf }) => {
  const tags = ['state']
  const unknown = (name: string, scope: string | undefined) =>
    new MOCK_ERR_VARIABLE_UNKNOWN(name, suggest(name, stateOf(scope).variables.entries().map(([name]) => name), 'none is set'))

  fastify.get('', {
    schema: { tags, summary: 'Variables', querystring, response: { 200: Type.Object({ variables: Type.Record(Type.String(), Type.Unknown()) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ variables: Object.fromEntries(stateOf(scope).variables.entries()) }))

  fastify.post('/reset', {
    schema: { tags, summary: 'Put all variables back to the values of the configuration', querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    stateOf(scope).variables.reset()
    return reply.code(204).send(null)
  })

  fastify.get('/:name', {
    schema: { tags, summary: 'One variable', params, querystring, response: { 200: Variable, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => {
    const { variables } = stateOf(scope)
    if (!variables.has(name)) throw unknown(name, scope)
    return { name, value: variables.get(name) }
  })

  fastify.put('/:name', {
    schema: { tags, summary: 'Set a variable', params, querystring, body: Type.Object({ value: Type.Unknown() }), response: { 200: Variable, 400: ProblemRef, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope }, body }) => {
    const value = memberOf(body, 'value', 'the value, any JSON')
    stateOf(scope).variables.set(name, value)
    return { name, value }
  })

  fastify.delete('/:name', {
    schema: { tags, summary: 'Delete a variable', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }, reply) => {
    if (!stateOf(scope).variables.delete(name)) throw unknown(name, scope)
    return reply.code(204).send(null)
  })
}
