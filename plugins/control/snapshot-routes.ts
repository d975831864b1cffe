import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_SNAPSHOT_UNKNOWN } from '../../lib/errors.ts'
import type { CollectionRoutesOptions } from './collection-routes.ts'
import { Empty, ProblemRef } from './schemas.ts'

const tags = ['collections']
const params = Type.Object({ name: Type.String({ description: 'Percent-encoded.' }) })
const querystring = Type.Object({
  scope: Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))
}, { additionalProperties: false })

const Snapshot = Type.Object({
  name: Type.String(),
  time: Type.String({ description: 'When it was taken: ISO 8601.' }),
  rows: Type.Record(Type.String(), Type.Integer(), { description: 'How many rows it holds, by collection.' })
})

/** Snapshots of all collections, by name: taken, gone back to, forgotten. */
export const snapshotRoutes: FastifyPluginAsyncTypebox<CollectionRoutesOptions> = async (fastify, { collectionsOf }) => {
  fastify.get('', {
    schema: { tags, summary: 'Snapshots of the collections', querystring, response: { 200: Type.Object({ snapshots: Type.Array(Snapshot) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => ({ snapshots: collectionsOf(scope).snapshots.list() }))

  fastify.put('/:name', {
    schema: { tags, summary: 'Take a snapshot', description: 'It takes the place of one of the same name.', params, querystring, response: { 200: Snapshot, 404: ProblemRef, 409: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => collectionsOf(scope).snapshots.save(name))

  fastify.post('/:name/restore', {
    schema: { tags, summary: 'Go back to a snapshot', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }, reply) => {
    collectionsOf(scope).snapshots.restore(name)
    return reply.code(204).send(null)
  })

  fastify.delete('/:name', {
    schema: { tags, summary: 'Forget a snapshot', params, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }, reply) => {
    const { snapshots } = collectionsOf(scope)
    if (!snapshots.delete(name)) throw new MOCK_ERR_SNAPSHOT_UNKNOWN(name, 'it cannot be deleted')
    return reply.code(204).send(null)
  })
}
