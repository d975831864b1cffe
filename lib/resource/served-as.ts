import type { Endpoint } from '../config.ts'
import { operationId, operationsOf } from './operations.ts'

/** The endpoints that one stands for, as far as their addresses go: itself, or each operation of a resource. */
export function servedAs (endpoint: Endpoint): Endpoint[] {
  if (endpoint.resource === undefined) return [endpoint]
  return operationsOf(endpoint, false).map(({ method, path }) => ({ ...endpoint, method, path }))
}

/** The ids under which its requests are counted: its own, or those of its operations. */
export const idsServedAs = (endpoint: Endpoint & { readonly id: string }): string[] =>
  endpoint.resource === undefined ? [endpoint.id] : operationsOf(endpoint, true).map(operation => operationId(endpoint, operation))
