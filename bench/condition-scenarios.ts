import type { FastifyInstance } from 'fastify'
import type { Config, Endpoint, Response } from '../lib/config.ts'
import type { LoadRequest } from './load.ts'
import { PRODUCT } from './product.ts'
import type { Scenario } from './scenarios.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }
const ASKED = 10

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const kindOf = (i: number): string => `kind-${i}`
const answerOf = (i: number) => ({ ...PRODUCT, kind: kindOf(i) })

/** One endpoint, whose answer is matched on a member of the JSON body, out of `count`; asked for ten of them in turn. */
export function variants (count: number): Scenario {
  const asked = range(Math.min(count, ASKED)).map(i => Math.floor((i + 1) * count / Math.min(count, ASKED)) - 1)
  const responses = range(count).map((i): Response => ({ when: { body: { '/payment/kind': kindOf(i) } }, response: answerOf(i) }))
  return {
    requests: asked.map((i): LoadRequest => ({
      method: 'POST',
      path: '/payments',
      headers: JSON_HEADERS,
      body: JSON.stringify({ customer: 'cus_81f2', amount: 1200, payment: { kind: kindOf(i), token: 'tok_4f1a' }, note: 'ring twice' })
    })),
    config: { endpoints: [{ path: '/payments', method: 'POST', responses }] },
    bare: app => pickFromMap(app, new Map(range(count).map(i => [kindOf(i), answerOf(i)])))
  }
}

/** What one would write with Fastify alone. */
function pickFromMap (app: FastifyInstance, answers: ReadonlyMap<string, object>): void {
  app.post<{ Body: { payment: { kind: string } } }>('/payments', (request, reply) => {
    const answer = answers.get(request.body.payment.kind)
    if (answer === undefined) reply.code(404).send({ error: 'unknown kind' })
    else reply.send(answer)
  })
}

/** Many endpoints, each with conditions on the query and a header; ten of them, spread over the table, are asked. */
export function conditionTable (count: number): Scenario {
  const pathOf = (i: number, id: string) => `/area-${i % 7}/resource-${i}/${id}`
  const endpoints = range(count).map((i): Endpoint => ({
    path: pathOf(i, ':id'),
    responses: [
      { when: { query: { state: 'open' }, headers: { 'x-tenant': { starts_with: 'acme' } } }, response: PRODUCT },
      { response: { closed: true } }
    ]
  }))
  const config: Config = { endpoints }
  return {
    requests: range(ASKED).map(i => ({ method: 'GET', path: `${pathOf(Math.floor(i * count / ASKED), '7')}?state=open`, headers: { 'x-tenant': 'acme-nl' } })),
    config,
    bare: app => {
      for (const i of range(count)) {
        app.get<{ Querystring: { state?: string } }>(pathOf(i, ':id'), (request, reply) => {
          const { 'x-tenant': tenant = '' } = request.headers
          reply.send(request.query.state === 'open' && String(tenant).startsWith('acme') ? PRODUCT : { closed: true })
        })
      }
    }
  }
}
