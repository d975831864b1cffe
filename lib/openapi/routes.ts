import { routeKeys } from '../config/route-key.ts'
import { matchKey, type Match } from '../match.ts'
import { isObject, type JsonObject } from './json-object.ts'

/**
 * A path of the document in the configuration's notation, which is the same but for what cannot be part of a route: a query
 * or a fragment (`/messages?beta=true`) is cut off. `matchOf` tells what becomes of it.
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
 * What sets an operation apart from others of its path. OpenAPI has no word for that, so documents write it into the path: as its
 * query (`/messages?beta=true`), or, since paths must differ, as a fragment (`/#Action=CreateQueue`, `/{bucket}/{key}#tagging`,
 * `/#X-Amz-Target=Books.Create`) beside required parameters that may have one value only.
 *
 * @param parameters those of the operation, references followed
 * @example
 * matchOf('/messages?beta=true', []) // { query: { beta: 'true' } }
 */
export function matchOf (path: string, parameters: readonly JsonObject[]): Match | undefined {
  const [, text = '', fragment] = /^[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(path.replace(/\{[?&#][^{}]*\}/g, '')) ?? []
  const query = new Map(pairsOf(text))
  const headers = new Map<string, string | true>()
  if (fragment !== undefined) {
    for (const { in: location, name, required, ...parameter } of parameters) {
      const value = onlyValue(parameter)
      if (required !== true || typeof name !== 'string' || value === undefined) continue
      if (location === 'query') query.set(name, value)
      else if (location === 'header') headers.set(name.toLowerCase(), value)
    }
    for (const [name, value] of fragment.includes('=') ? pairsOf(fragment) : []) if (!headers.has(name.toLowerCase())) query.set(name, value)
  }
  if (query.size === 0 && headers.size === 0) return undefined
  return { ...query.size > 0 && { query: Object.fromEntries(query) }, ...headers.size > 0 && { headers: Object.fromEntries(headers) } }
}

function pairsOf (text: string): Array<[string, string | true]> {
  return [...new URLSearchParams(text)].filter(([name]) => name !== '').map(([name, value]) => [name, value === '' || value.includes('{') ? true : value])
}

/** The one value that a parameter may have; a flag has to be there, with whatever value. */
function onlyValue ({ schema, enum: own, type }: JsonObject): string | true | undefined {
  const values = isObject(schema) ? schema.enum ?? (schema.const === undefined ? undefined : [schema.const]) : own
  if (!Array.isArray(values) || values.length !== 1) return undefined
  return (isObject(schema) ? schema.type : type) === 'boolean' ? true : isScalar(values[0]) ? String(values[0]) : undefined
}

/** Who serves which route: first come, first served. */
export interface RouteClaims {
  /** Takes a route; the answer is who has it already, or undefined. */
  claim (method: string, base: string, route: string, owner: string, match?: Match): string | undefined
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
    claim (method, base, route, owner, match) {
      const keys = keysOf(base, route).map(key => `${method.toUpperCase()} ${key}${matchKey(match)}`)
      for (const key of keys) {
        const other = owners.get(key)
        if (other !== undefined) return other
      }
      for (const key of keys) owners.set(key, owner)
      return undefined
    }
  }
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)
