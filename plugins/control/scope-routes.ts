import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { WrittenEndpoint } from '../../lib/config.ts'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_SCOPE_UNKNOWN } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import type { Scope, ScopeOptions } from '../../lib/scope/scope.ts'
import { endpointsOf } from './overlay-routes.ts'
import { pageOf, PageQuery } from './page.ts'
import { Empty, EndpointRef, next, ProblemRef, total } from './schemas.ts'

export interface ScopeRoutesOptions {
  mock: Pick<Mock, 'scopes'>
}

const tags = ['scopes']
const params = Type.Object({ id: Type.String() })

const Info = {
  id: Type.String(),
  created: Type.String({ description: 'ISO 8601.' }),
  last_used: Type.String({ description: 'ISO 8601, when a request or a call last used it.' }),
  ttl_ms: Type.Number({ description: 'How long it may be unused; 0 for ever.' }),
  overlays: Type.Array(Type.String(), { description: 'Ids of its overlays, the newest first.' }),
  requests: Type.Integer({ description: 'How many of its requests are in the log.' }),
  headers: Type.Record(Type.String(), Type.String(), { description: 'What requests carry to belong to it.' }),
  baggage: Type.String({ description: 'The same as a member of W3C Baggage.' }),
  base_path: Type.String({ description: 'The same as a base path.' })
}
const ScopeInfo = Type.Object(Info)

const NewScope = Type.Object({
  id: Type.Optional(Type.String({ description: 'Letters, digits, and . _ ~ -. Default: made at random.' })),
  endpoints: Type.Optional(Type.Union([Type.Array(EndpointRef), EndpointRef], { description: 'Put in front of what is served, for this scope alone.' })),
  variables: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Over those of the configuration.' })),
  scenarios: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'States by name.' })),
  ttl_ms: Type.Optional(Type.Number({ minimum: 0, description: 'Disposed when unused for so long; 0: never. Default: `scopes.ttl_ms`.' }))
}, { additionalProperties: false })

/** Scopes: created, looked at, disposed. What is in one is read and written by the other routes, with `?scope=`. */
export const scopeRoutes: FastifyPluginAsyncTypebox<ScopeRoutesOptions> = async (fastify, { mock: { scopes } }) => {
  const existing = (id: string): Scope => {
    const scope = scopes.get(id)
    if (scope === undefined) throw new MOCK_ERR_SCOPE_UNKNOWN(id)
    return scope
  }

  fastify.get('', {
    schema: { tags, summary: 'Scopes', querystring: Type.Object(PageQuery, { additionalProperties: false }), response: { 200: Type.Object({ scopes: Type.Array(ScopeInfo), total, next }) } }
  }, async ({ query, url }) => {
    const { items, ...page } = pageOf(scopes.list(), query, url)
    return { scopes: items.map(infoOf), ...page }
  })

  fastify.post('', {
    schema: { tags, summary: 'Create a scope', body: NewScope, response: { 201: ScopeInfo, 400: ProblemRef, 404: ProblemRef, 409: ProblemRef, 503: ProblemRef } }
  }, async ({ body, url }, reply) => {
    const scope = await scopes.create(optionsOf(body))
    const [collection = ''] = url.split('?', 1)
    return reply.code(201).header('location', `${collection}/${scope.id}`).send(infoOf(scope))
  })

  fastify.get('/:id', {
    schema: { tags, summary: 'One scope', params, response: { 200: ScopeInfo, 404: ProblemRef } }
  }, async ({ params: { id } }) => infoOf(existing(id)))

  fastify.delete('/:id', {
    schema: { tags, summary: 'Dispose a scope', description: 'Done when its requests are through.', params, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { id } }, reply) => {
    await existing(id).dispose()
    return reply.code(204).send(null)
  })
}

const infoOf = (scope: Scope) => ({ ...scope.info(), headers: { ...scope.headers }, baggage: scope.baggage, base_path: scope.url('') })

/** Bodies are not checked by their schema: a mistake in an endpoint is told as one in a configuration is. */
function optionsOf (body: unknown): ScopeOptions {
  if (body === undefined || body === null) return {}
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {id, endpoints, variables, scenarios, ttl_ms}, all of them optional')
  const { id, endpoints, variables, scenarios, ttl_ms: ttl, ...rest } = body
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new MOCK_ERR_CONTROL_BODY(`There is no key '${unknown}' in what creates a scope; there are id, endpoints, variables, scenarios and ttl_ms`)
  if (id !== undefined && typeof id !== 'string') throw new MOCK_ERR_CONTROL_BODY("'id' has to be a text")
  if (variables !== undefined && !isObject(variables)) throw new MOCK_ERR_CONTROL_BODY("'variables' has to be an object")
  if (scenarios !== undefined && !isStates(scenarios)) throw new MOCK_ERR_CONTROL_BODY("'scenarios' has to be an object of states by name")
  if (ttl !== undefined && typeof ttl !== 'number') throw new MOCK_ERR_CONTROL_BODY("'ttl_ms' has to be a number")
  const given: WrittenEndpoint[] | undefined = endpoints === undefined ? undefined : endpointsOf(endpoints)
  return {
    ...id !== undefined && { id },
    ...given !== undefined && { endpoints: given },
    ...variables !== undefined && { variables },
    ...scenarios !== undefined && { scenarios },
    ...ttl !== undefined && { ttl_ms: ttl }
  }
}

const isStates = (value: unknown): value is Record<string, string> => isObject(value) && Object.values(value).every(state => typeof state === 'string')
