import type { FastifyInstance } from 'fastify'
import type { LoadRequest } from './load.ts'
import { PRODUCT } from './product.ts'
import type { Scenario } from './scenarios.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }
const PAGE = 10
const ASKED = 10

interface Row extends Record<string, unknown> { id: number }

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ ...PRODUCT, id: i + 1 }))
const idsOf = (count: number): number[] => Array.from({ length: ASKED }, (_, i) => 1 + Math.floor(i * count / ASKED))

/** A REST resource over so many rows, beside routes of bare Fastify over a Map; what differs is what is asked of it. */
function resource (count: number, requests: LoadRequest[]): Scenario {
  return {
    requests,
    config: {
      collections: { products: { rows: rowsOf(count) } },
      endpoints: [{ path: '/products', resource: { collection: 'products', dialect: 'limit-offset', etag: false } }]
    },
    bare: app => serveMap(app, rowsOf(count))
  }
}

/** What one would write with Fastify alone. */
function serveMap (app: FastifyInstance, rows: Row[]): void {
  const byId = new Map(rows.map(row => [row.id, row]))
  let last = rows.length

  app.get<{ Params: { id: string } }>('/products/:id', (request, reply) => {
    const row = byId.get(Number(request.params.id))
    if (row === undefined) reply.code(404).send({ error: 'not found' })
    else reply.send(row)
  })
  app.get<{ Querystring: { limit?: string, offset?: string } }>('/products', (request, reply) => {
    const { limit = PAGE, offset = 0 } = request.query
    reply.send(rows.slice(Number(offset), Number(offset) + Number(limit)))
  })
  app.post<{ Body: Record<string, unknown> }>('/products', (request, reply) => {
    const row = { ...request.body, id: ++last }
    byId.set(row.id, row)
    rows.push(row)
    reply.code(201).header('location', `/products/${row.id}`).send(row)
  })
  app.put<{ Params: { id: string }, Body: Record<string, unknown> }>('/products/:id', (request, reply) => {
    const row = { ...request.body, id: Number(request.params.id) }
    byId.set(row.id, row)
    reply.send(row)
  })
}

const { id: _, ...product } = PRODUCT

export const readRow = (count: number): Scenario =>
  resource(count, idsOf(count).map(id => ({ method: 'GET', path: `/products/${id}` })))

export const readPage = (count: number): Scenario =>
  resource(count, idsOf(count).map(id => ({ method: 'GET', path: `/products?limit=${PAGE}&offset=${Math.min(id - 1, count - PAGE)}` })))

export const createRow = (count: number): Scenario =>
  resource(count, [{ method: 'POST', path: '/products', headers: JSON_HEADERS, body: JSON.stringify(product) }])

export const replaceRow = (count: number): Scenario =>
  resource(count, idsOf(count).map(id => ({ method: 'PUT', path: `/products/${id}`, headers: JSON_HEADERS, body: JSON.stringify({ ...product, id }) })))
