import type { Endpoint } from '../config.ts'
import { below, collectionOf, resourceOptions } from './address.ts'
import { hasManyOf, type HasMany } from './relations.ts'

export type OperationName =
  'list' | 'create' | 'replace_all' | 'change_all' | 'remove_all' | 'get' | 'replace' | 'change' | 'remove' | 'restore' |
  'read' | 'write' | 'edit' | 'list_related' | 'create_related'

/** One of the things that can be done with a resource: an endpoint of its own. */
export interface Operation {
  readonly name: OperationName
  readonly method: string
  readonly path: string
  /** For related ones, whose rows it is about. */
  readonly relation?: HasMany
  /** In few words, for the route table. */
  readonly description: string
}

/** The path parameter that has the id. */
export const ID = 'id'

/**
 * Id of an operation as an endpoint: `GET /users/:id`; of a resource with an id of its own, `people.get`.
 */
export function operationId ({ id, path }: Endpoint & { readonly id: string }, { method, path: own, name, relation }: Operation): string {
  const derived = `resource ${path}`
  if (id.startsWith(derived)) return `${method} ${own}${id.slice(derived.length)}`
  return [id, ...relation === undefined ? [] : [relation.name], name, ...name === 'write' ? [method.toLowerCase()] : []].join('.')
}

const READS: ReadonlySet<string> = new Set(['GET'])

/** What a resource is served as. `isSoft` is about its collection: whether what was deleted can be brought back. */
export function operationsOf (endpoint: Endpoint, isSoft: boolean): Operation[] {
  const options = resourceOptions(endpoint) ?? {}
  const collection = collectionOf(endpoint)
  const { path } = endpoint
  const item = below(path, { parameter: ID })
  const all = options.singular === true
    ? singularOperations(path, collection)
    : [
        ...listOperations(path, collection),
        ...options.bulk === true ? bulkOperations(path, collection) : [],
        ...itemOperations(item, collection),
        ...isSoft ? [{ name: 'restore', method: 'POST', path: below(item, 'restore'), description: `Brings back a row of ${collection} that was deleted.` } as const] : [],
        ...hasManyOf(collection, options).flatMap(relation => relatedOperations(below(path, { parameter: relation.key }, relation.name), relation))
      ]
  const isServed = ({ method }: Operation): boolean => options.read_only === true ? READS.has(method) : options.methods?.some(served => served === method) ?? true
  return all.filter(isServed)
}

const singularOperations = (path: string, collection: string): Operation[] => [
  { name: 'read', method: 'GET', path, description: `Reads ${collection}.` },
  { name: 'write', method: 'PUT', path, description: `Replaces ${collection}.` },
  { name: 'write', method: 'POST', path, description: `Replaces ${collection}.` },
  { name: 'edit', method: 'PATCH', path, description: `Changes ${collection}.` }
]

const listOperations = (path: string, collection: string): Operation[] => [
  { name: 'list', method: 'GET', path, description: `Lists ${collection}.` },
  { name: 'create', method: 'POST', path, description: `Adds a row to ${collection}.` }
]

const bulkOperations = (path: string, collection: string): Operation[] => [
  { name: 'replace_all', method: 'PUT', path, description: `Replaces all ${collection}.` },
  { name: 'change_all', method: 'PATCH', path, description: `Changes all ${collection} that the query finds.` },
  { name: 'remove_all', method: 'DELETE', path, description: `Deletes all ${collection} that the query finds.` }
]

const itemOperations = (path: string, collection: string): Operation[] => [
  { name: 'get', method: 'GET', path, description: `Gets one of ${collection}.` },
  { name: 'replace', method: 'PUT', path, description: `Replaces one of ${collection}.` },
  { name: 'change', method: 'PATCH', path, description: `Changes one of ${collection}.` },
  { name: 'remove', method: 'DELETE', path, description: `Deletes one of ${collection}.` }
]

const relatedOperations = (path: string, relation: HasMany): Operation[] => [
  { name: 'list_related', method: 'GET', path, relation, description: `Lists the ${relation.collection} of a row.` },
  { name: 'create_related', method: 'POST', path, relation, description: `Adds one of ${relation.collection} to a row.` }
]
