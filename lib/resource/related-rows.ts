import { MOCK_ERR_ROW_UNKNOWN } from '../errors.ts'
import { problem } from './answers.ts'
import { list } from './reads.ts'
import type { HasMany } from './relations.ts'
import type { Responded } from './responder.ts'
import { create, idOf } from './writes.ts'
import { collectionFor, type Visit } from './visit.ts'

/** A visit to the rows that belong to the one in the path: `/posts/:postId/comments`. */
export function belowParent (visit: Visit, { key }: HasMany, parents: string, operation: (visit: Visit) => Responded | undefined): Responded | undefined {
  const collection = collectionFor(visit.exchange, parents)
  const id = String(visit.request.params[key])
  const parent = collection.get(id)
  if (parent === undefined) return problem(new MOCK_ERR_ROW_UNKNOWN(parents, id))
  const others = visit.belonging.filter(({ property }) => property !== key)
  return operation({ ...visit, belonging: [...others, { property: key, value: idOf(collection, parent) }] })
}

export const listRelated = (visit: Visit, relation: HasMany, parents: string) => belowParent(visit, relation, parents, list)

export const createRelated = (visit: Visit, relation: HasMany, parents: string) => belowParent(visit, relation, parents, create)
