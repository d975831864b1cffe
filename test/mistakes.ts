import type { Config } from '../lib/config.ts'
import type { Count } from '../lib/verification/count.ts'
import type { RequestPattern } from '../lib/verification/request-pattern.ts'

/** A request as `inject` takes it. */
export interface Sent {
  method: string
  url: string
  headers?: Record<string, string>
  payload?: string | object
}

/** A mistake that people make: what is served and claimed, and the requests that get it wrong. */
export interface Mistake {
  name: string
  config: Config
  /** What is sent, the mistaken request last. */
  sent: readonly Sent[]
  /** What a test claims of it; a list is a sequence. */
  claim: string | RequestPattern | ReadonlyArray<string | RequestPattern>
  count?: Count
  /** What the first line of every message about it has to name. */
  names: readonly string[]
  /**
   * Whether the mistaken request is answered by the configuration all the same, so that neither the 404 nor `explain` has anything
   * to say: it is wrong for the test alone.
   */
  isServed?: boolean
  /** Whether the test makes its claim in a scope that the request was not sent in. */
  isOutsideOfScope?: boolean
}

const order = { items: [{ sku: 'A1', quantity: 2 }], customer: { id: 7 } }
const json = { 'content-type': 'application/json' }
const post = (payload: object | string, headers: Record<string, string> = {}): Sent => ({ method: 'POST', url: '/orders', headers: { ...json, ...headers }, payload })

type Endpoint = NonNullable<Config['endpoints']>[number]

const orders = (when?: Endpoint['when']): Config => ({
  endpoints: [
    { path: '/orders', method: 'POST', status: 201, response: { ok: true }, ...when !== undefined && { when } },
    { path: '/users/:id', response: { id: 7 } }
  ]
})

/** An endpoint that answers what the test claims, and nothing else. */
const demanding = (name: string, when: Endpoint['when'] & object, sent: Sent, names: readonly string[]): Mistake =>
  ({ name, config: orders(when), sent: [sent], claim: { method: 'POST', path: '/orders', ...when }, names })

/** Twenty mistakes, shared by the tests of `verify`, of the 404 and of `explain`: each has to be named in the first line. */
export const MISTAKES: readonly Mistake[] = [
  { name: 'wrong method', config: orders(), sent: [{ method: 'PUT', url: '/orders', headers: json, payload: order }], claim: 'POST /orders', names: ['PUT', 'POST'] },
  { name: 'typo in the path', config: orders(), sent: [{ method: 'POST', url: '/ordres', headers: json, payload: order }], claim: 'POST /orders', names: ['ordres', 'orders'] },
  { name: 'segment too many', config: orders(), sent: [{ method: 'GET', url: '/users/7/profile' }], claim: 'GET /users/:id', names: ['profile'] },
  { name: 'base path forgotten', config: { endpoints: [{ path: '/api/v1/users/:id', response: {} }] }, sent: [{ method: 'GET', url: '/users/7' }], claim: 'GET /api/v1/users/:id', names: ['/api/v1'] },
  { name: 'slash at the end', config: orders(), sent: [{ method: 'POST', url: '/orders/', headers: json, payload: order }], claim: 'POST /orders', names: ['/', 'end'] },
  demanding('missing header', { headers: { 'x-tenant': 'acme' } }, post(order), ['x-tenant']),
  demanding('wrong header value', { headers: { 'x-tenant': 'acme' } }, post(order, { 'x-tenant': 'globex' }), ['x-tenant', 'globex', 'acme']),
  demanding('missing query parameter', { query: { dry_run: 'true' } }, post(order), ['dry_run']),
  { ...demanding('wrong query parameter', { query: { dry_run: 'true' } }, post(order), ['dry_run', 'yes', 'true']), sent: [{ ...post(order), url: '/orders?dry_run=yes' }] },
  demanding('missing cookie', { cookies: { session: { exists: true } } }, post(order), ['session']),
  demanding('wrong nested body value', { body: { '/items/0/sku': 'A1' } }, post({ ...order, items: [{ sku: 'A2', quantity: 2 }] }), ['/items/0/sku', 'A2', 'A1']),
  demanding('wrong type', { body: { '/customer/id': 7 } }, post({ ...order, customer: { id: '7' } }), ['/customer/id', "'7'", '7']),
  demanding('missing member', { body: { '/customer/id': 7 } }, post({ items: [] }), ['/customer/id']),
  demanding('extra member', { body: { equals: order } }, post({ ...order, coupon: 'X' }), ['coupon']),
  demanding('wrong length of a list', { body: { '/items': { length: 2 } } }, post(order), ['/items', '1', '2']),
  demanding('body that is no JSON', { body: { '/customer/id': 7 } }, { ...post('id=7', { 'content-type': 'text/plain' }) }, ['/customer/id']),
  { name: 'too often', config: orders(), sent: [post(order), post(order)], claim: 'POST /orders', count: 'once', names: ['POST /orders', 'once', 'twice'], isServed: true },
  { name: 'too seldom', config: orders(), sent: [post(order)], claim: 'POST /orders', count: 3, names: ['POST /orders', '3 times', 'once'], isServed: true },
  {
    name: 'wrong order',
    config: { endpoints: [{ path: '/login', method: 'POST', response: {} }, { path: '/me', response: {} }] },
    sent: [{ method: 'GET', url: '/me' }, { method: 'POST', url: '/login' }],
    claim: ['POST /login', 'GET /me'],
    names: ['GET /me', 'POST /login', 'before'],
    isServed: true
  },
  { name: 'wrong scope', config: orders(), sent: [post(order)], claim: 'POST /orders', names: ['POST /orders', 'scope'], isServed: true, isOutsideOfScope: true }
]
