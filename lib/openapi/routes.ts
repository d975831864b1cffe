import { routeKeys } from '../config/route-key.ts'

/**
 * A path of the document in the configuration's notation, which is the same but for what cannot be part of a route: a query
 * or a fragment (`/messages?beta=true`) is cut off.
 *
 * @example
 * routeOf('/jobs:batch') // '/jobs::batch': without braces, a single colon would start a parameter
 */
export function routeOf (path: string): string {
  const cut = path.replace(/\{[?&#][^{}]*\}/g, '').replace(/[?#][^{}]*$/, '').replace(/[?#].*$/s, '')
  const route = cut.startsWith('/') ? cut : `/${cut}`
  return route.includes('{') ? route : route.replace(/::?/g, '::')
}

/** Who serves which route: first come, first served. */
export interface RouteClaims {
  /** Takes a route; the answer is who has it already, or undefined. */
  claim (method: string, base: string, route: string, owner: string): string | undefined
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
    claim (method, base, route, owner) {
      const keys = keysOf(base, route).map(key => `${method.toUpperCase()} ${key}`)
      for (const key of keys) {
        const other = owners.get(key)
        if (other !== undefined) return other
      }
      for (const key of keys) owners.set(key, owner)
      return undefined
    }
  }
}
