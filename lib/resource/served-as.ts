import type { Endpoint } from '../config.ts'
import { operationsOf } from './operations.ts'

/** The endpoints that one stands for, as far as their addresses go: itself, or each operation of a resource. */
export function servedAs (endpoint: Endpoint): Endpoint[] {
  if (endpoint.resource === undefined) return [endpoint]
  return operationsOf(endpoint, false).map(({ method, path }) => ({ ...endpoint, method, path }))
}
