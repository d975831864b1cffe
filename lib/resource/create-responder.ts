import { changeAll, deleteAll, replaceAll } from './bulk.ts'
import { ID, type Operation, type OperationName } from './operations.ts'
import { get, list } from './reads.ts'
import { createRelated, listRelated } from './related-rows.ts'
import type { Resource } from './resource.ts'
import type { Responded, Responder } from './responder.ts'
import { edit, read, write } from './singular.ts'
import { change, create, remove, replace, restore } from './writes.ts'
import { belongingOf, collectionFor, type Visit } from './visit.ts'

type Act = (visit: Visit) => Responded | undefined

const ACTS: Readonly<Record<Exclude<OperationName, 'list_related' | 'create_related'>, Act>> = {
  list,
  create,
  replace_all: replaceAll,
  change_all: changeAll,
  remove_all: deleteAll,
  get,
  replace,
  change,
  remove,
  restore,
  read,
  write,
  edit
}

/**
 * Makes what answers one operation of a resource.
 *
 * @param parents for related operations, the collection of the rows that lead there; `resource` is then that of the children
 * @param parameters names of the path's parameters
 */
export function createResponder (operation: Operation, resource: Resource, parents: string, parameters: readonly string[]): Responder {
  const act = actOf(operation, parents)
  const belonging = parameters.filter(name => name !== ID)
  return (exchange, objectTo) => {
    const { request } = exchange
    const collection = collectionFor(exchange, resource.collection)
    return act({ exchange, request, resource, collection, objectTo, belonging: belonging.length === 0 ? NONE : belongingOf(collection, belonging, request) })
  }
}

const NONE: Visit['belonging'] = []

function actOf ({ name, relation }: Operation, parents: string): Act {
  if (name !== 'list_related' && name !== 'create_related') return ACTS[name]
  if (relation === undefined) throw new TypeError(`'${name}' has no relation`)
  return visit => (name === 'list_related' ? listRelated : createRelated)(visit, relation, parents)
}
