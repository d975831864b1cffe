import { compileGroup, type Grouped } from '../choose-group.ts'
import type { Endpoint } from '../config.ts'
import type { RateLimit, RatePart } from '../config-keys/rate-limit.ts'

/**
 * Compiles which requests a limit counts together: those of the same key, which is '' where all are.
 *
 * @param id of the endpoint
 * @example
 * partitionOf('token', endpoint, 'GET /users')({ headers: { authorization: 'Bearer a' }, ip: '127.0.0.1', ... }) // 'Bearer a'
 */
export function partitionOf (per: RateLimit['per'], endpoint: Endpoint, id: string): (request: Grouped) => string {
  const parts = [per ?? 'client'].flat().filter(part => part !== 'all').map(part => keyOf(part, endpoint, id))
  const [first] = parts
  if (first === undefined) return () => ''
  return parts.length === 1 ? first : request => JSON.stringify(parts.map(part => part(request)))
}

const authorization = compileGroup({ header: 'authorization' })

function keyOf (part: Exclude<RatePart, 'all'>, { tags: [tag = ''] = [] }: Endpoint, id: string): (request: Grouped) => string {
  switch (part) {
    case 'endpoint': return () => id
    case 'tag': return () => tag
    case 'token': return request => request.headers.authorization === undefined ? request.ip : authorization(request)
    default: return compileGroup(part)
  }
}
