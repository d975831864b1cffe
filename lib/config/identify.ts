import type { Endpoint } from '../config.ts'
import { matchKey } from '../match.ts'
import { writtenMethods } from './methods.ts'

/** `GET /users/:id`; `GET,POST /users` for several methods; `resource /users`. */
export const defaultId = (endpoint: Endpoint): string => endpoint.resource !== undefined
  ? `resource ${endpoint.path}`
  : `${writtenMethods(endpoint).join()} ${endpoint.path}${matchKey(endpoint.match)}`

/**
 * Gives ids to the endpoints that have none. Ids that are written are never touched; one made of method and path that is taken
 * (the same route under another base path, a disabled twin) is numbered: `GET /users (2)`.
 */
export function createIdentifier (endpoints: Iterable<Endpoint>): (endpoint: Endpoint) => string {
  const taken = new Set<string>()
  for (const { id } of endpoints) if (id !== undefined) taken.add(id)
  return endpoint => {
    if (endpoint.id !== undefined) return endpoint.id
    const base = defaultId(endpoint)
    let id = base
    for (let count = 2; taken.has(id); count++) id = `${base} (${count})`
    taken.add(id)
    return id
  }
}
