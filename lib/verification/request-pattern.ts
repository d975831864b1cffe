import type { When } from '../config-keys/condition.ts'
import type { CallSchemas } from './call.ts'

/**
 * Which requests are meant: the conditions of `when`, of what came and of what was answered. All of it has to hold.
 *
 * @example
 * { method: 'POST', path: '/orders', body: { '/items/0/sku': 'A1' }, status: 201 }
 */
export interface RequestPattern extends Omit<When, 'path' | 'body' | 'scenarios' | 'variables' | 'collections' | 'request_number' | 'all' | 'any' | 'not'> {
  /** A text is a path as endpoints have it, `/users/:id`, or a glob, in which `*` is any text; else operators. */
  path?: When['path']
  /** Operators and JSON pointers as in `when`; an object with other members is one that the body has at least: `{ sku: 'A1' }`. */
  body?: When['body'] | Readonly<Record<string, unknown>>
  /** Id of the endpoint that answered. */
  endpoint?: string
  /** Name of the response that was chosen. */
  variant?: string
  /** Whether any endpoint answered. */
  matched?: boolean
  /** Status of the answer, or a list of them. */
  status?: number | readonly number[]
  /** What was answered: the same conditions, of its headers and its body. */
  response?: Pick<RequestPattern, 'headers' | 'body'>
  all?: readonly RequestPattern[]
  any?: readonly RequestPattern[]
  not?: RequestPattern
}

/** An endpoint as a configuration has it, to stand for the requests to it; its schemas give calls their types. */
export interface EndpointPattern {
  path: string
  method?: string | readonly string[]
  schema: CallSchemas
}

/**
 * A pattern, or in short: `'POST /orders'`, `'GET /users/:id?page=2'`, `'/users/*'` for any method, or the id of an endpoint.
 */
export type RequestLike = string | RequestPattern | EndpointPattern
