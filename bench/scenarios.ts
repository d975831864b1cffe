import type { FastifyInstance } from 'fastify'
import type { Config, Endpoint } from '../lib/config.ts'
import { conditionTable, variants } from './condition-scenarios.ts'
import type { LoadRequest } from './load.ts'
import { PRODUCT } from './product.ts'
import { createRow, readPage, readRow, replaceRow } from './resource-scenarios.ts'

/** The same API twice: as a configuration of ours, and as one would write it with Fastify alone. */
export interface Scenario {
  requests: LoadRequest[]
  config: Config
  bare: (app: FastifyInstance) => void
}

const ORDER = {
  type: 'object',
  required: ['customer', 'currency', 'items'],
  properties: {
    customer: { type: 'string', minLength: 1, maxLength: 64 },
    currency: { type: 'string', enum: ['EUR', 'USD', 'GBP'] },
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } }
      }
    },
    express: { type: 'boolean' },
    note: { type: 'string', maxLength: 280 },
    discount: { type: 'number', minimum: 0, maximum: 1 }
  }
}

const order = {
  customer: 'cus_81f2',
  currency: 'EUR',
  items: [{ sku: 'A-1', quantity: 2 }, { sku: 'B-9', quantity: 1 }],
  express: true,
  note: 'ring twice',
  discount: 0.1
}

const staticJson: Scenario = {
  requests: [{ method: 'GET', path: '/product' }],
  config: { endpoints: [{ path: '/product', response: PRODUCT }] },
  bare: app => { app.get('/product', (_request, reply) => { reply.send(PRODUCT) }) }
}

const templated: Scenario = {
  requests: [{ method: 'GET', path: '/users/4711?page=3&sort=name', headers: { 'x-tenant': 'acme' } }],
  config: {
    endpoints: [{
      path: '/users/:id',
      response: {
        id: '{{request.params.id}}',
        page: '{{request.query.page}}',
        sort: '{{request.query.sort}}',
        tenant: '{{request.headers.x-tenant}}',
        link: 'https://api.example.com{{request.path}}',
        kind: 'user',
        active: true
      }
    }]
  },
  bare: app => {
    app.get<{ Params: { id: string }, Querystring: { page: string, sort: string } }>('/users/:id', (request, reply) => {
      reply.send({
        id: request.params.id,
        page: request.query.page,
        sort: request.query.sort,
        tenant: request.headers['x-tenant'],
        link: `https://api.example.com${request.url.split('?', 1)[0]}`,
        kind: 'user',
        active: true
      })
    })
  }
}

const validated: Scenario = {
  requests: [{ method: 'POST', path: '/orders', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) }],
  config: { endpoints: [{ path: '/orders', method: 'POST', status: 201, schema: { body: ORDER }, response: PRODUCT }] },
  bare: app => { app.post('/orders', { schema: { body: ORDER } }, (_request, reply) => { reply.code(201).send(PRODUCT) }) }
}

/** Many endpoints, of which ten, spread over the whole table, are requested: what differs is the size of the table alone. */
export function endpointTable (count: number): Scenario {
  const numbers = Array.from({ length: count }, (_, i) => i)
  const pathOf = (i: number, id: string) => `/${AREAS[i % AREAS.length]}/resource-${i}/${id}/items`
  const endpoints = numbers.map((i): Endpoint => ({ path: pathOf(i, ':id'), response: PRODUCT }))
  return {
    requests: Array.from({ length: 10 }, (_, i) => ({ method: 'GET', path: pathOf(Math.floor(i * count / 10), '7') })),
    config: { endpoints },
    bare: app => { for (const i of numbers) app.get(pathOf(i, ':id'), (_request, reply) => { reply.send(PRODUCT) }) }
  }
}

const AREAS = ['users', 'orders', 'invoices', 'billing', 'search', 'reports', 'files']

const SCENARIOS: Readonly<Record<string, Scenario>> = { static: staticJson, templated, validated }

/** Scenarios of a size: `variants:10`. */
const SIZED: Readonly<Record<string, (size: number) => Scenario>> = {
  endpoints: endpointTable,
  variants,
  'endpoints-with-conditions': conditionTable,
  'read-row': readRow,
  'read-page': readPage,
  'create-row': createRow,
  'replace-row': replaceRow
}

/** By name: `static`, or name and size: `endpoints:1000`. */
export function scenario (name: string): Scenario {
  const [kind = '', size] = name.split(':')
  const found = size === undefined ? SCENARIOS[kind] : SIZED[kind]?.(Number(size))
  if (found === undefined) throw new Error(`no scenario '${name}'`)
  return found
}
