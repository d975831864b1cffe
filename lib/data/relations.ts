import type { Config, Endpoint, JsonSchema, Response } from '../config.ts'
import { identified } from '../compile.ts'
import { methodsOf } from '../config/methods.ts'
import { isObject } from '../schema/subschemas.ts'
import { pathPlace, type PathPlace } from './path-place.ts'

/** An endpoint that answers with one thing by its id. */
export interface ItemEndpoint {
  readonly place: PathPlace
  /** Name of its id among the path parameters. */
  readonly id: string
  /** What its id has to be like. */
  readonly idSchema: JsonSchema | undefined
  /** What it answers with. */
  readonly schema: JsonSchema
}

/** Which endpoints speak of the same things. */
export interface Relations {
  /** Who answers with one thing of a collection. */
  itemOf (collection: string): ItemEndpoint | undefined
  /** The only one who answers with such a thing, found by the shared schema's `$ref`, and reached by an id alone. */
  itemBySchema (ref: string): ItemEndpoint | undefined
  /** The thing that a path leads through: `/jobs/{id}` for `/jobs/{id}/cancel`. */
  itemAbove (path: string, ref: string): ItemEndpoint | undefined
}

/**
 * Finds out which endpoints belong together, once, when first asked: `/users` lists what `/users/{id}` answers with, because
 * the one path is the other and an id, or because both speak of the same shared schema.
 */
export function createRelations (config: Config): Relations {
  let found: { byCollection: Map<string, ItemEndpoint>, byRef: Map<string, ItemEndpoint | undefined> } | undefined

  function index () {
    if (found !== undefined) return found
    found = { byCollection: new Map(), byRef: new Map() }
    for (const endpoint of identified(config)) {
      if (endpoint.enabled === false || !methodsOf(endpoint).includes('GET')) continue
      const item = itemEndpoint(endpoint)
      if (item === undefined) continue
      if (!found.byCollection.has(item.place.collection)) found.byCollection.set(item.place.collection, item)
      const ref = refOf(item.schema)
      if (ref === undefined || item.place.scope.length > 0) continue
      // Several ways to one kind of thing: none of them is the one that is meant.
      found.byRef.set(ref, found.byRef.has(ref) ? undefined : item)
    }
    return found
  }

  return {
    itemOf: collection => index().byCollection.get(collection),
    itemBySchema: ref => index().byRef.get(ref),
    itemAbove (path, ref) {
      const parts = path.split('/')
      for (let end = parts.length - 1; end > 1; end--) {
        const { collection, id } = pathPlace(parts.slice(0, end).join('/'))
        const item = id === undefined ? undefined : index().byCollection.get(collection)
        if (item !== undefined && refOf(item.schema) === ref) return item
      }
      return undefined
    }
  }
}

function itemEndpoint (endpoint: Endpoint): ItemEndpoint | undefined {
  const place = pathPlace(endpoint.path)
  const schema = place.id === undefined ? undefined : successOf(endpoint)?.response_schema
  if (place.id === undefined || schema === undefined) return undefined
  return { place, id: place.id, idSchema: parameterSchema(endpoint.schema?.params, place.id), schema }
}

/** The answer that an endpoint gives when all goes well. */
function successOf (endpoint: Endpoint): Response | undefined {
  return (endpoint.responses ?? [endpoint]).find(({ status = 200 }) => status >= 200 && status < 300)
}

/** The schema of one parameter, of those of a path or a query string. */
export function parameterSchema (parameters: JsonSchema | undefined, name: string): JsonSchema | undefined {
  if (!isObject(parameters) || !isObject(parameters.properties) || !Object.hasOwn(parameters.properties, name)) return undefined
  const schema = parameters.properties[name]
  return isObject(schema) || typeof schema === 'boolean' ? schema : undefined
}

/** The shared schema that a schema is: `#/schemas/User`. */
export function refOf (schema: JsonSchema | undefined): string | undefined {
  return isObject(schema) && typeof schema.$ref === 'string' ? schema.$ref : undefined
}
