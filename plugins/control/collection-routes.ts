import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Collection, Collections, Row } from '../../lib/collection/collection.ts'
import { collectionOf } from '../../lib/collection/create-collections.ts'
import { MOCK_ERR_CONTROL_BODY, MOCK_ERR_ROW_UNKNOWN } from '../../lib/errors.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import { mergePatch } from '../../lib/merge-patch.ts'
import { pageOf, PageQuery } from './page.ts'
import { Empty, next, ProblemRef, total } from './schemas.ts'

export interface CollectionRoutesOptions {
  /** The collections that a request is about: those of a scope, or the root's. */
  collectionsOf: (scope: string | undefined) => Collections
}

const tags = ['collections']
const scope = Type.Optional(Type.String({ description: 'Id of the scope that is meant. Default: none.' }))
const querystring = Type.Object({ scope }, { additionalProperties: false })
const name = Type.String({ description: 'Percent-encoded.' })
const ofCollection = Type.Object({ name })
const ofRow = Type.Object({ name, id: Type.String({ description: 'Percent-encoded.' }) })
const AnyRow = Type.Record(Type.String(), Type.Unknown())
const written = { 200: AnyRow, 400: ProblemRef, 404: ProblemRef, 409: ProblemRef, 422: ProblemRef }

const Info = Type.Object({
  name: Type.String(),
  size: Type.Integer({ description: 'How many rows there are.' }),
  version: Type.Integer({ description: 'Grows with each change.' }),
  id: Type.String({ description: 'The property that the id is in.' })
})

const infoOf = ({ name, size, version, idKey }: Collection) => ({ name, size, version, id: idKey })

/** Collections: their rows, read and written one at a time or as a whole, and back to what they started with. */
export const collectionRoutes: FastifyPluginAsyncTypebox<CollectionRoutesOptions> = async (fastify, { collectionsOf }) => {
  const existing = (name: string, scope: string | undefined) => collectionOf(collectionsOf(scope), name)

  fastify.get('', {
    schema: { tags, summary: 'Collections', querystring, response: { 200: Type.Object({ collections: Type.Array(Info) }), 404: ProblemRef } }
  }, async ({ query: { scope } }) => {
    const collections = collectionsOf(scope)
    return { collections: collections.names().map(name => infoOf(collectionOf(collections, name))) }
  })

  fastify.post('/reset', {
    schema: { tags, summary: 'Put all collections back to the rows that they started with', querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    collectionsOf(scope).reset()
    return reply.code(204).send(null)
  })

  fastify.get('/:name', {
    schema: { tags, summary: 'One collection', params: ofCollection, querystring, response: { 200: Info, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }) => infoOf(existing(name, scope)))

  fastify.post('/:name/reset', {
    schema: { tags, summary: 'Put a collection back to the rows that it started with', params: ofCollection, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }, reply) => {
    collectionsOf(scope).reset(name)
    return reply.code(204).send(null)
  })

  fastify.get('/:name/rows', {
    schema: {
      tags,
      summary: 'Rows of a collection',
      params: ofCollection,
      querystring: Type.Object({
        ...PageQuery,
        scope,
        deleted: Type.Optional(Type.Boolean({ default: false, description: 'Those that were softly deleted instead.' }))
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ rows: Type.Array(AnyRow), total, next }), 404: ProblemRef }
    }
  }, async ({ params: { name }, query: { scope, deleted = false, ...page }, url }) => {
    const collection = existing(name, scope)
    const { items, ...rest } = pageOf(deleted ? collection.deleted() : collection.rows(), page, url)
    return { rows: items, ...rest }
  })

  fastify.post('/:name/rows', {
    schema: { tags, summary: 'Add a row', params: ofCollection, querystring, body: AnyRow, response: { 201: AnyRow, 400: ProblemRef, 404: ProblemRef, 409: ProblemRef, 422: ProblemRef } }
  }, async ({ params: { name }, query: { scope }, body, url }, reply) => {
    const collection = existing(name, scope)
    const row = collection.insert(rowOf(body))
    const [path = ''] = url.split('?', 1)
    const search = url.slice(path.length)
    return reply.code(201).header('location', `${path}/${encodeURIComponent(String(row[collection.idKey]))}${search}`).send(row)
  })

  fastify.put('/:name/rows', {
    schema: { tags, summary: 'Put these rows in the place of all', params: ofCollection, querystring, body: Type.Array(AnyRow), response: { 204: Empty, 400: ProblemRef, 404: ProblemRef, 409: ProblemRef, 422: ProblemRef } }
  }, async ({ params: { name }, query: { scope }, body }, reply) => {
    const rows: unknown = body
    if (!Array.isArray(rows)) throw new MOCK_ERR_CONTROL_BODY('Send a JSON list of rows as the body')
    collectionsOf(scope).restore(Object.fromEntries([[name, rows.map(rowOf)]]))
    return reply.code(204).send(null)
  })

  fastify.delete('/:name/rows', {
    schema: { tags, summary: 'Remove all rows', params: ofCollection, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name }, query: { scope } }, reply) => {
    existing(name, scope).clear()
    return reply.code(204).send(null)
  })

  fastify.get('/:name/rows/:id', {
    schema: { tags, summary: 'One row', params: ofRow, querystring, response: { 200: AnyRow, 404: ProblemRef } }
  }, async ({ params: { name, id }, query: { scope } }) => found(existing(name, scope).get(id), name, id))

  fastify.put('/:name/rows/:id', {
    schema: { tags, summary: 'Replace a row', description: 'It keeps its id.', params: ofRow, querystring, body: AnyRow, response: written }
  }, async ({ params: { name, id }, query: { scope }, body }) => found(existing(name, scope).replace(id, rowOf(body)), name, id))

  fastify.patch('/:name/rows/:id', {
    schema: { tags, summary: 'Change properties of a row', description: 'A JSON merge patch (RFC 7396).', params: ofRow, querystring, body: AnyRow, response: written }
  }, async ({ params: { name, id }, query: { scope }, body }) => {
    const collection = existing(name, scope)
    const patched = mergePatch(found(collection.get(id), name, id), rowOf(body))
    return found(collection.replace(id, patched), name, id)
  })

  fastify.delete('/:name/rows/:id', {
    schema: { tags, summary: 'Remove a row', params: ofRow, querystring, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ params: { name, id }, query: { scope } }, reply) => {
    found(existing(name, scope).remove(id), name, id)
    return reply.code(204).send(null)
  })

  fastify.post('/:name/rows/:id/restore', {
    schema: { tags, summary: 'Bring back a row that was softly deleted', params: ofRow, querystring, response: written }
  }, async ({ params: { name, id }, query: { scope } }) => found(existing(name, scope).undelete(id), name, id))
}

function found (row: Row | undefined, name: string, id: string): Row {
  if (row === undefined) throw new MOCK_ERR_ROW_UNKNOWN(name, id)
  return row
}

/** Bodies are not checked by their schema, as those of configurations are not. */
function rowOf (body: unknown): Row {
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY('A row is a JSON object')
  return body
}
