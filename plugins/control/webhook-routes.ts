import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_CONTROL_BODY } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import { isObject } from '../../lib/schema/subschemas.ts'
import type { DeliveryFilter } from '../../lib/webhook/delivery.ts'
import type { TriggerOptions } from '../../lib/webhook/webhooks.ts'
import { linkWith } from './page.ts'
import { DeliveryRef, Empty, next, ProblemRef, total, WebhookRef } from './schemas.ts'
import { scopeOf, scopeParameter, ScopeQuery } from './scope-query.ts'

export interface WebhookRoutesOptions {
  mock: Mock
}

const tags = ['webhooks']

const Trigger = Type.Object({
  url: Type.Optional(Type.String({ description: 'Where to send it, whatever the configuration says.' })),
  body: Type.Optional(Type.Unknown({ description: 'What to send instead of the configured body, as it stands.' })),
  headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Over the configured ones.' }))
}, { additionalProperties: false })

const Narrowing = {
  name: Type.Optional(Type.String()),
  kind: Type.Optional(Type.Union([Type.Literal('webhook'), Type.Literal('callback')])),
  state: Type.Optional(Type.Union([
    Type.Literal('waiting'), Type.Literal('sending'), Type.Literal('delivered'), Type.Literal('failed'), Type.Literal('refused'), Type.Literal('cancelled')
  ])),
  endpoint: Type.Optional(Type.String({ description: 'Id of the endpoint whose answer it followed.' })),
  url: Type.Optional(Type.String({ description: 'Exact address.' })),
  scope: Type.Optional(Type.String({ description: 'Id of a scope; empty for deliveries of none.' }))
}

const DeliveryQuery = Type.Object({
  ...Narrowing,
  before: Type.Optional(Type.Integer({ description: 'Only deliveries before this `seq`.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many.' }))
}, { additionalProperties: false })

/** Webhooks and callbacks: what there is, sent on demand, and what became of each. */
export const webhookRoutes: FastifyPluginAsyncTypebox<WebhookRoutesOptions> = async (fastify, { mock }) => {
  const { webhooks } = mock

  fastify.get('', {
    schema: { tags, summary: 'Webhooks, and callbacks of endpoints', response: { 200: Type.Object({ webhooks: Type.Array(WebhookRef) }) } }
  }, async () => ({ webhooks: webhooks.list() }))

  fastify.post('/:name/trigger', {
    schema: {
      tags,
      summary: 'Send a webhook',
      params: Type.Object({ name: Type.String({ description: 'Percent-encoded.' }) }),
      querystring: Type.Object({
        wait: Type.Optional(Type.Boolean({ default: false, description: 'Whether to answer only when it is delivered or given up.' })),
        scope: scopeParameter
      }, { additionalProperties: false }),
      body: Trigger,
      response: { 200: DeliveryRef, 202: DeliveryRef, 400: ProblemRef, 404: ProblemRef }
    }
  }, async ({ params: { name }, query: { wait = false, scope }, body }, reply) => {
    const delivery = await scopeOf(mock, scope).webhooks.trigger(name, { ...triggerOf(body), wait })
    return reply.code(wait ? 200 : 202).send(delivery)
  })

  fastify.get('/deliveries', {
    schema: {
      tags,
      summary: 'What was sent, or is to be, the newest first',
      querystring: DeliveryQuery,
      response: { 200: Type.Object({ deliveries: Type.Array(DeliveryRef), total, next }) }
    }
  }, async ({ query: { limit = 100, before, ...filter }, url }) => {
    const all = webhooks.deliveries(narrowingOf(filter))
    const page = all.filter(({ seq }) => before === undefined || seq < before).reverse()
    const deliveries = page.slice(0, limit)
    const last = deliveries.at(-1)
    return { deliveries, total: all.length, ...last !== undefined && page.length > deliveries.length && { next: linkWith(url, { before: String(last.seq) }) } }
  })

  fastify.get('/deliveries/wait', {
    schema: {
      tags,
      summary: 'The oldest settled delivery that fits, or else the next',
      querystring: Type.Object({ ...Narrowing, timeout_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 300_000, default: 5000 })) }, { additionalProperties: false }),
      response: { 200: DeliveryRef, 504: ProblemRef }
    }
  }, async ({ query: { timeout_ms: timeout = 5000, ...filter } }) => webhooks.waitFor(narrowingOf(filter), { timeout_ms: timeout }))

  fastify.delete('/deliveries', {
    schema: { tags, summary: 'Forget all deliveries', description: 'What waits is cancelled. With `?scope=`, of one scope.', querystring: ScopeQuery, response: { 204: Empty, 404: ProblemRef } }
  }, async ({ query: { scope } }, reply) => {
    scopeOf(mock, scope).webhooks.clear()
    return reply.code(204).send(null)
  })
}

/** An empty scope is none. */
const narrowingOf = ({ scope, ...filter }: DeliveryFilter): DeliveryFilter => scope === undefined ? filter : { ...filter, scope: scope === '' ? null : scope }

/** Bodies are not checked by their schema: the whole one may be missing. */
function triggerOf (body: unknown): TriggerOptions {
  if (body === undefined || body === null) return {}
  if (!isObject(body)) throw new MOCK_ERR_CONTROL_BODY('Send a JSON object as the body: {url, body, headers}, all of them optional')
  const { url, headers, ...rest } = body
  const unknown = Object.keys(rest).find(key => key !== 'body')
  if (unknown !== undefined) throw new MOCK_ERR_CONTROL_BODY(`There is no key '${unknown}' in what triggers a webhook; there are url, body and headers`)
  if (url !== undefined && typeof url !== 'string') throw new MOCK_ERR_CONTROL_BODY("'url' has to be a text")
  if (headers !== undefined && !isTexts(headers)) throw new MOCK_ERR_CONTROL_BODY("'headers' has to be an object of texts")
  return { url, headers, ...'body' in rest && { body: rest.body } }
}

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every(member => typeof member === 'string')
