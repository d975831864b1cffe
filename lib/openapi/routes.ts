import { routeKeys } from '../config/route-key.ts'
import { queryKey, type PinnedQuery } from '../pinned-query.ts'
import { isObject, type JsonObject } from './json-object.ts'

/**
 * A path of the document in the configuration's notation, which is the same but for what cannot be part of a route: a query
 * or a fragment (`/messages?beta=true`) is cut off. `pinnedQueryOf` tells what becomes of it.
 *
 * @example
 * routeOf('/jobs:batch') // '/jobs::batch': without braces, a single colon would start a parameter
 */
export function routeOf (path: string): string {
  const cut = path.replace(/\{[?&#][^{}]*\}/g, '').replace(/[?#][^{}]*$/, '').replace(/[?#].*$/s, '')
  const route = cut.startsWith('/') ? cut : `/${cut}`
  return route.includes('{') ? route : route.replace(/::?/g, '::')
}

/**
 * The query parameters that set an operation apart from others of its path. OpenAPI has no word for that, so documents write them
 * into the path: as its query (`/messages?beta=true`), or, since paths must differ, as a fragment (`/#Action=CreateQueue`,
 * `/{bucket}/{key}#tagging`) beside required parameters that may have one value only.
 *
 * @param parameters those of the operation, references followed
 * @example
 * pinnedQueryOf('/messages?beta=true', []) // { beta: 'true' }
 */
export function pinnedQueryOf (path: string, parameters: readonly JsonObject[]): PinnedQuery | undefined {
  const [, query = '', fragment] = /^[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(path.replace(/\{[?&#][^{}]*\}/g, '')) ?? []
  const pinned = new Map(pairsOf(query))
  if (fragment !== undefined) {
    for (const [name, value] of fragment.includes('=') ? pairsOf(fragment) : []) pinned.set(name, value)
    for (const parameter of parameters) {
      const value = onlyValue(parameter)
      if (parameter.in === 'query' && parameter.required === true && typeof parameter.name === 'string' && value !== undefined) pinned.set(parameter.name, value)
    }
  }
  return pinned.size === 0 ? undefined : Object.fromEntries(pinned)
}

function pairsOf (text: string): Array<[string, string | true]> {
  return [...new URLSearchParams(text)].filter(([name]) => name !== '').map(([name, value]) => [name, value === '' || value.includes('{') ? true : value])
}

/** The one value that a parameter may have; a flag has to be there, with whatever value. */
function onlyValue ({ schema, enum: own, type }: JsonObject): string | true | undefined {
  const values = isObject(schema) ? schema.enum ?? (schema.const === undefined ? undefined : [schema.const]) : own
  if (!Array.isArray(values) || values.length !== 1) return undefined
  return (isObject(schema) ? schema.type : type) === 'boolean' ? true : String(values[0])
}

/** Who serves which route: first come, first served. */
export interface RouteClaims {
  /** Takes a route; the answer is who has it already, or undefined. */
  claim (method: string, base: string, route: string, owner: string, query?: PinnedQuery): string | undefined
}

export function createRouteClaims (): RouteClaims {
  const owners = new Map<string, string>()
  const known = new Map<string, readonly string[]>()

  /** The operations of one path have the same keys. */
  function keysOf (base: string, route: string): readonly string[] {
    const path = base + route
    let keys = known.get(path)
    if (keys === undefined) known.set(path, keys = routeKeys(route, [base]))
    return keys
  }

  return {
    claim (method, base, route, owner, query) {
      const keys = keysOf(base, route).map(key => `${method.toUpperCase()} ${key}${queryKey(query)}`)
      for (const key of keys) {
        const other = owners.get(key)
        if (other !== undefined) return other
      }
      for (const key of keys) owners.set(key, owner)
      return undefined
    }
  }
}
