import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Endpoint } from '../../lib/config.ts'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_ENDPOINT_UNKNOWN } from '../../lib/errors.ts'
import type { IdentifiedEndpoint, Mock } from '../../lib/mock.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import { pageOf, PageQuery } from './page.ts'
import { Empty, EndpointRef, IdentifiedRef, next, ProblemRef, total } from './schemas.ts'

export interface EndpointRoutesOptions {
  mock: Mock
}

const tags = ['endpoints']
const params = Type.Object({ id: Type.String({ description: 'Percent-encoded: `GET%20%2Fusers%2F%3Aid`.' }) })
const querystring = Type.Object({
  save: Type.Optional(Type.Boolean({ default: false, description: 'Whether to write the edits back to their files at once.' }))
}, { additionalProperties: false })
const edited = { 200: IdentifiedRef, 400: ProblemRef, 404: ProblemRef, 409: ProblemRef }

/** Endpoints, one at a time. An edit is served from the next request on; many in a row cost one rebuild. */
export const endpointRoutes: FastifyPluginAsyncTypebox<EndpointRoutesOptions> = async (fastify, { mock: { endpoints } }) => {
  const existing = (id: string): IdentifiedEndpoint => {
    const endpoint = endpoints.get(id)
    if (endpoint === undefined) throw new MOCK_ERR_ENDPOINT_UNKNOWN(id)
    return endpoint
  }
  const replace = async (id: string, endpoint: Endpoint, save = false): Promise<IdentifiedEndpoint> => {
    const replaced = await endpoints.replace(id, endpoint)
    if (save) await endpoints.save()
    return replaced
  }

  fastify.get('', {
    schema: {
      tags,
      summary: 'Endpoints as configured',
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: Type.Object({ endpoints: Type.Array(IdentifiedRef), total, next }) }
    }
  }, async ({ query, url }) => {
    const { items, ...page } = pageOf(endpoints.list(), query, url)
    return { endpoints: items, ...page }
  })

  fastify.post('', {
    schema: { tags, summary: 'Add an endpoint', querystring, body: EndpointRef, response: { 201: IdentifiedRef, 400: ProblemRef, 409: ProblemRef } }
  }, async ({ body, query, url }, reply) => {
    requireObject(body)
    const added = await endpoints.add(body)
    if (query.save === true) await endpoints.save()
    const [collection = ''] = url.split('?', 1)
    return reply.code(201).header('location', `${collection}/${encodeURIComponent(added.id)}`).send(added)
  })

  fastify.post('/save', {
    schema: {
      tags,
      summary: 'Write all edits back to the files',
      response: { 200: Type.Object({ files: Type.Array(Type.String(), { description: 'Paths of the files written.' }) }), 409: ProblemRef }
    }
  }, async () => ({ files: await endpoints.save() }))

  fastify.get('/:id', {
    schema: { tags, summary: 'One endpoint', params, response: { 200: IdentifiedRef, 404: ProblemRef } }
  }, async ({ params: { id } }) => existing(id))

  fastify.put('/:id', {
    schema: { tags, summary: 'Replace an endpoint', params, querystring, body: EndpointRef, response: edited }
  }, async ({ params: { id }, query: { save }, body }) => {
    requireObject(body)
    existing(id)
    return replace(id, body, save)
  })

  fastify.patch('/:id', {
    schema: {
      tags,
      summary: 'Change keys of an endpoint',
      description: 'A JSON merge patch (RFC 7396): what it names is replaced, and removed where it says null.',
      params,
      querystring,
      body: Type.Record(Type.String(), Type.Unknown()),
      response: edited
    }
  }, async ({ params: { id }, query: { save }, body }) => {
    requireObject(body)
    return replace(id, mergePatch(existing(id), body), save)
  })

  fastify.delete('/:id', {
    schema: { tags, summary: 'Remove an endpoint', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { id }, query: { save } }, reply) => {
    existing(id)
    await endpoints.remove(id)
    if (save === true) await endpoints.save()
    return reply.code(204).send(null)
  })

  for (const [action, enabled] of [['enable', true], ['disable', false]] as const) {
    fastify.post(`/:id/${action}`, {
      schema: { tags, summary: enabled ? 'Serve an endpoint' : 'Stop serving an endpoint, but keep it', params, querystring, response: edited }
    }, async ({ params: { id }, query: { save } }) => replace(id, mergePatch(existing(id), { enabled: enabled ? null : false }), save))
  }
}

function requireObject (body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return
  throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body')
}
