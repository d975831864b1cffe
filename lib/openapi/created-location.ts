import type { Response } from '../config.ts'
import { routeKeys } from '../config/route-key.ts'
import { exampleValues } from './examples.ts'
import { isObject, membersOf, type JsonObject } from './json-object.ts'
import { orderResponses } from './response-status.ts'
import { declaredValue } from './sample.ts'
import type { ImportContext } from './scope.ts'

/** Names of the property that tells things of a collection apart, the likeliest first. */
const ID_NAMES = ['id', '_id', 'uuid', 'guid', 'key', 'slug', 'name']

/** The GET paths that end with a parameter, by the collection before it. */
export interface ItemPaths {
  /** The name of that parameter; undefined where a collection has no path for its things. */
  parameterOf (collection: string): string | undefined
}

/** @param routes those of the operations that answer GET */
export function createItemPaths (routes: Iterable<string>): ItemPaths {
  const parameters = new Map<string, string>()
  for (const route of routes) {
    const name = /\/\{([^{}/]+)\}$/.exec(route)?.[1]
    if (name === undefined) continue
    for (const key of routeKeys(route.slice(0, route.lastIndexOf('/')) || '/')) if (!parameters.has(key)) parameters.set(key, name)
  }
  return { parameterOf: collection => parameters.get(routeKeys(collection)[0] ?? '') }
}

/**
 * Lets the `Location` of what was created lead to it, where the document declares that header and says no value for it, and the
 * thing can be asked for. The id is that of the example; where the body is generated, the server puts in the one that it makes.
 *
 * @param parameter name of the parameter in the path of a thing
 */
export function locateCreated (context: ImportContext, operation: JsonObject, responses: [Response, ...Response[]], parameter: string): [Response, ...Response[]] {
  const open = openLocations(context, operation)
  if (open.size === 0) return responses
  const located = (response: Response): Response => {
    const name = open.get(keyOf(response))
    if (name === undefined || response.template === false) return response
    const own = Object.keys(response.headers ?? {}).find(key => key.toLowerCase() === 'location') ?? name
    const id = idOf(response.response, parameter)
    const headers = { ...response.headers, [own]: `{{request.urlPath}}/${id === undefined ? '1' : encodeURIComponent(id)}` }
    // They stand before the body, as everywhere.
    const { response: body, response_schema: schema, ...head } = response
    return { ...head, headers, ...body !== undefined && { response: body }, ...schema !== undefined && { response_schema: schema } }
  }
  const [first, ...rest] = responses
  return [located(first), ...rest.map(located)]
}

const keyOf = ({ status, stands_for: standsFor }: Response): string => `${status} ${standsFor ?? ''}`

/** The answers to a success whose `Location` is declared and could be anything, with the header's name as written. */
function openLocations (context: ImportContext, operation: JsonObject): Map<string, string> {
  const { refs } = context
  const open = new Map<string, string>()
  const declared = new Map(membersOf(operation.responses))
  for (const { key, status, standsFor } of orderResponses([...declared.keys()]).served) {
    const response = refs.follow(declared.get(key), '')
    if (status > 299 || 'missing' in response || !isObject(response.value)) continue
    const entry = membersOf(response.value.headers).find(([name]) => name.toLowerCase() === 'location')
    const header = refs.follow(entry?.[1], '')
    if (entry === undefined || 'missing' in header || !isObject(header.value)) continue
    const schema = refs.follow(header.value.schema ?? header.value, '')
    const isTold = exampleValues(context, header.value).length > 0 || ('value' in schema && isObject(schema.value) && declaredValue(schema.value) !== undefined)
    if (!isTold) open.set(`${status} ${standsFor ?? ''}`, entry[0])
  }
  return open
}

function idOf (body: unknown, parameter: string): string | undefined {
  if (!isObject(body)) return undefined
  const value = [parameter, ...ID_NAMES].map(name => Object.hasOwn(body, name) ? body[name] : undefined).find(value => typeof value === 'string' || typeof value === 'number')
  return value === undefined ? undefined : String(value)
}
