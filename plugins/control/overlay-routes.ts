import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { WrittenEndpoint } from '../../lib/config.ts'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_OVERLAY_UNKNOWN } from '../../lib/errors.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import type { Overlay, OverlayOptions, Overlays } from '../../lib/scope/overlay.ts'
import { Empty, EndpointRef, IdentifiedRef, ProblemRef } from './schemas.ts'
import { ScopeQuery } from './scope-query.ts'

export interface OverlayRoutesOptions {
  /** Whose overlays a request is about. */
  overlaysOf: (scope: string | undefined) => Overlays
}

const tags = ['overlays']
const params = Type.Object({ id: Type.String() })

const OverlayInfo = Type.Object({
  id: Type.String({ description: 'Counted in each scope: `overlay-1`.' }),
  endpoints: Type.Array(IdentifiedRef),
  times: Type.Optional(Type.Integer({ description: 'How many requests it answers, all together.' })),
  calls: Type.Integer({ description: 'How many requests it answered.' })
})

const NewOverlay = Type.Object({
  endpoints: Type.Union([Type.Array(EndpointRef), EndpointRef], { description: 'As in a configuration: one, or several.' }),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'How many requests they answer, all together; then what is behind answers. Default: without end.' }))
}, { additionalProperties: false })

/** Endpoints in front of what is served, until they are taken away. */
export const overlayRoutes: FastifyPluginAsyncTypebox<OverlayRoutesOptions> = async (fastify, { overlaysOf }) => {
  fastify.get('', {
    schema: { tags, summary: 'Overlays, the newest first', querystring: ScopeQuery, response: { 200: Type.Object({ overlays: Type.Array(OverlayInfo) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ overlays: overlaysOf(scope).overlays().map(infoOf) }))

  fastify.post('', {
    schema: { tags, summary: 'Put endpoints in front of what is served', querystring: ScopeQuery, body: NewOverlay, response: { 201: OverlayInfo, 400: ProblemRef, 404: ProblemRef } }
  }, async ({ body, query: { scope } }, reply) => {
    const { endpoints, options } = wantedOf(body)
    const overlay = await overlaysOf(scope).use(endpoints, options)
    return reply.code(201).send(infoOf(overlay))
  })

  fastify.delete('', {
    schema: { tags, summary: 'Take all overlays away', querystring: ScopeQuery, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    await overlaysOf(scope).restore()
    return reply.code(204).send(null)
  })

  fastify.get('/:id', {
    schema: { tags, summary: 'One overlay', params, querystring: ScopeQuery, response: { 200: OverlayInfo, 404: ProblemRef } }
  }, async ({ params: { id }, query: { scope } }) => {
    const overlay = overlaysOf(scope).overlays().find(overlay => overlay.id === id)
    if (overlay === undefined) throw new MOCK_ERR_OVERLAY_UNKNOWN(id)
    return infoOf(overlay)
  })

  fastify.delete('/:id', {
    schema: { tags, summary: 'Take an overlay away', params, querystring: ScopeQuery, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { id }, query: { scope } }, reply) => {
    if (!await overlaysOf(scope).restore(id)) throw new MOCK_ERR_OVERLAY_UNKNOWN(id)
    return reply.code(204).send(null)
  })
}

const infoOf = ({ id, endpoints, times, calls }: Overlay) => ({ id, endpoints: [...endpoints], ...times !== undefined && { times }, calls })

function wantedOf (body: unknown): { endpoints: WrittenEndpoint[], options: OverlayOptions } {
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {endpoints, times}')
  const { endpoints, times, ...rest } = body
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new MOCK_ERR_CONTROL_BODY(`There is no key '${unknown}' in what puts endpoints in front; there are endpoints and times`)
  if (endpoints === undefined) throw new MOCK_ERR_CONTROL_BODY("Send the endpoint, or the list of them, as 'endpoints'")
  if (times !== undefined && typeof times !== 'number') throw new MOCK_ERR_CONTROL_BODY("'times' has to be a number")
  return { endpoints: endpointsOf(endpoints), options: times === undefined ? {} : { times } }
}

/** What an endpoint has to be is said by the schema of the configuration, where it is put to use. */
export function endpointsOf (value: unknown): WrittenEndpoint[] {
  const endpoints = [value].flat()
  const isEndpoint = (endpoint: unknown): endpoint is WrittenEndpoint => isObject(endpoint)
  if (!endpoints.every(isEndpoint)) throw new MOCK_ERR_CONTROL_BODY("'endpoints' has to be an object, or a list of them")
  return endpoints
}
