import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { createRandom } from '../lib/random.ts'
import type { RequestView } from '../lib/request-view.ts'
import { createStore } from '../lib/store.ts'
import { createTemplates } from '../lib/template/engine.ts'
import { addressKind } from '../lib/webhook/address-kind.ts'
import { compileWebhook } from '../lib/webhook/compile-webhook.ts'
import { embedExpressions, embedInUrl } from '../lib/webhook/embed-expressions.ts'
import { retryAfterMs, retrySchedule } from '../lib/webhook/retry-schedule.ts'
import { runtimeExpression } from '../lib/webhook/runtime-expression.ts'
import { signer } from '../lib/webhook/sign.ts'
import { targetPolicy } from '../lib/webhook/target-policy.ts'
import { build, listen, until } from './helper.ts'

interface Got {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** A server that takes what is sent to it; it answers with the statuses given, then with 200. */
async function receive (t: Test, { statuses = [], headers = {}, answers = true }: { statuses?: number[], headers?: Record<string, string>, answers?: boolean } = {}) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      got.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() })
      if (answers) response.writeHead(statuses.shift() ?? 200, headers).end('thanks')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise(resolve => {
    server.closeAllConnections()
    server.close(resolve)
  }))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { got, port, url: `http://127.0.0.1:${port}` }
}

const QUICK = { backoff_ms: 1 }

const subscription = (callback: object): MockPluginOptions => ({
  endpoints: [{
    path: '/subscriptions/:topic',
    method: 'POST',
    status: 201,
    headers: { location: '/subscriptions/42', 'x-trace': 'abc' },
    response: { id: 42, topic: '{{request.params.topic}}' },
    callbacks: [{ name: 'onEvent', url: '{$request.body#/callbackUrl}', retry: QUICK, ...callback }]
  }]
})

t.test('a callback is sent to the address that the request names, after the answer has gone out', async t => {
  const receiver = await receive(t)
  const { app, url } = await listen(t, subscription({ body: { event: 'created' } }))
  const answer = await fetch(`${url}/subscriptions/cats`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ callbackUrl: `${receiver.url}/hook` }) })
  t.equal(answer.status, 201)
  const delivery = await app.mock.webhooks.waitFor({ name: 'onEvent' })
  t.match(delivery, { seq: 1, kind: 'callback', state: 'delivered', endpoint: 'POST /subscriptions/:topic', request: { method: 'POST', url: `${receiver.url}/hook` }, attempts: [{ number: 1, response: { status: 200, body: { text: 'thanks' } } }] })
  t.match(receiver.got, [{ method: 'POST', url: '/hook', body: '{"event":"created"}', headers: { 'content-type': 'application/json; charset=utf-8', 'x-mock-delivery': delivery.id } }])
  t.equal(app.mock.requests.find()[0]?.id, delivery.request_id)
})

t.test('case 84: every runtime expression, embedded or alone, keeps its type where it stands alone', async t => {
  const receiver = await receive(t)
  const app = await build(t, subscription({
    url: '{$request.body#/callbackUrl}/of/{$request.path.topic}?id={$response.body#/id}&to={$request.query.to}',
    method: 'PUT',
    headers: { 'x-method': '{$method}', 'x-location': '{$response.header.Location}', 'x-agent': '{$request.header.X-Agent}' },
    body: {
      url: '{$url}',
      status: '{$statusCode}',
      whole: '{$request.body}',
      nested: '{$request.body#/deep/a~1b/0}',
      text: 'number {$response.body#/id} of {{request.params.topic}}',
      nothing: '{$request.body#/no/such}'
    }
  }))
  await app.inject({ method: 'POST', url: '/subscriptions/c%20d?to=a%26b', headers: { 'x-agent': 'me' }, payload: { callbackUrl: `${receiver.url}/base`, deep: { 'a/b': [true] } } })
  await app.mock.webhooks.waitFor()
  const [got] = receiver.got
  t.match(got, { method: 'PUT', url: '/base/of/c%20d?id=42&to=a%26b', headers: { 'x-method': 'POST', 'x-location': '/subscriptions/42', 'x-agent': 'me' } })
  t.same(JSON.parse(got?.body ?? ''), {
    url: 'http://localhost:80/subscriptions/c%20d?to=a%26b',
    status: 201,
    whole: { callbackUrl: `${receiver.url}/base`, deep: { 'a/b': [true] } },
    nested: true,
    text: 'number 42 of c d'
  })
})

t.test('case 84: an address that has a query already is gone on with', async t => {
  const receiver = await receive(t)
  const app = await build(t, subscription({ url: '{$request.body#/callbackUrl}?x=1' }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: `${receiver.url}/hook?token=t` } })
  await app.mock.webhooks.waitFor()
  t.equal(receiver.got[0]?.url, '/hook?token=t&x=1')
})

t.test('case 84: what fails is tried again, with longer and longer waits, and what was tried is told', async t => {
  const receiver = await receive(t, { statuses: [503, 429] })
  const app = await build(t, subscription({ retry: { attempts: 4, backoff_ms: 1 } }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  const { state, attempts } = await app.mock.webhooks.waitFor()
  t.equal(state, 'delivered')
  t.same(attempts.map(({ number, response }) => [number, response?.status]), [[1, 503], [2, 429], [3, 200]])
})

t.test('callbacks and webhooks see the state, of their scope too', async t => {
  const { got, url } = await receive(t)
  const shown = { shop: "{{variable 'shop'}}", step: "{{scenario 'checkout'}}", rows: "{{rowCount 'orders'}}" }
  const { app, url: mock } = await listen(t, {
    variables: { shop: 'acme' },
    scenarios: { checkout: { states: ['cart', 'paid'] } },
    collections: { orders: [{ id: 1 }] },
    endpoints: [
      { path: '/pay', method: 'POST', response: {}, callbacks: [{ name: 'paid', url: `${url}/paid`, body: shown }] },
      { path: '/orders', resource: 'orders', callbacks: [{ name: 'changed', url: `${url}/changed`, body: { row: '{$response.body}' } }] }
    ],
    webhooks: { told: { url: `${url}/told`, body: shown } }
  })
  await fetch(`${mock}/pay`, { method: 'POST' })
  await app.mock.webhooks.waitFor({ name: 'paid' })
  await app.mock.webhooks.trigger('told')

  const scope = await app.mock.scopes.create({ variables: { shop: 'other' }, scenarios: { checkout: 'paid' } })
  await fetch(`${scope.url(mock)}/pay`, { method: 'POST' })
  await scope.webhooks.waitFor({ name: 'paid' })
  await scope.webhooks.trigger('told')

  const root = '{"shop":"acme","step":"cart","rows":1}'
  const own = '{"shop":"other","step":"paid","rows":1}'
  t.strictSame(got.map(({ url, body }) => [url, body]), [['/paid', root], ['/told', root], ['/paid', own], ['/told', own]])

  await fetch(`${mock}/orders`)
  await fetch(`${mock}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"sku":"A1"}' })
  await app.mock.webhooks.waitFor({ name: 'changed' })
  t.equal(got.at(-1)?.body, '{"row":{"id":2,"sku":"A1"}}', 'those of a resource follow its changes')
  t.equal(app.mock.webhooks.deliveries({ name: 'changed' }).length, 1, 'and not what is read')
})

t.test('an answer that was chosen by its conditions has callbacks of its own', async t => {
  const { got, url } = await receive(t)
  const { app, url: mock } = await listen(t, {
    endpoints: [{
      path: '/orders',
      method: 'POST',
      responses: [
        { when: { body: { '/express': true } }, status: 202, response: {}, callbacks: [{ name: 'express', url }] },
        { when: { body: { '/silent': true } }, status: 202, response: {}, callbacks: [] },
        { status: 201, response: {} }
      ],
      callbacks: [{ name: 'taken', url }]
    }]
  })
  for (const body of ['{"express":true}', '{"silent":true}', '{}']) {
    await fetch(`${mock}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
  await app.mock.webhooks.waitFor({ name: 'taken' })
  await app.mock.webhooks.waitFor({ name: 'express' })
  t.strictSame(app.mock.webhooks.deliveries().map(({ name }) => name), ['express', 'taken'])
  t.equal(got.length, 2)
})

t.test('what the receiver refuses is not sent again', async t => {
  const receiver = await receive(t, { statuses: [410] })
  const app = await build(t, subscription({}))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  t.match(await app.mock.webhooks.waitFor(), { state: 'failed', attempts: { length: 1 } })
})

t.test('a redirect is not followed', async t => {
  const receiver = await receive(t, { statuses: [307], headers: { location: '/elsewhere' } })
  const app = await build(t, subscription({}))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  t.match(await app.mock.webhooks.waitFor(), { state: 'failed' })
  t.equal(receiver.got.length, 1)
})

t.test('case 84: an unreachable target is logged, and nothing else suffers', async t => {
  const lines: string[] = []
  const app = await build(t, subscription({ retry: { attempts: 2, backoff_ms: 1 } }), { logger: { level: 'warn', stream: { write: line => { lines.push(line) } } } })
  const answer = await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: 'http://127.0.0.1:9/' } })
  t.equal(answer.statusCode, 201)
  t.match(await app.mock.webhooks.waitFor(), { state: 'failed', attempts: [{ error: { code: 'ECONNREFUSED' } }, { error: { code: 'ECONNREFUSED' } }] })
  t.match(lines.join(''), /'onEvent' could not be delivered/)
})

t.test('a receiver that does not answer is given up after timeout_ms', async t => {
  const receiver = await receive(t, { answers: false })
  const app = await build(t, subscription({ timeout_ms: 20, retry: { attempts: 1 } }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  t.match(await app.mock.webhooks.waitFor(), { state: 'failed', attempts: [{ error: { code: 'ETIMEDOUT', message: 'no answer within 20 ms' } }] })
})

t.test('case 84: several callbacks of one endpoint are all sent', async t => {
  const receiver = await receive(t)
  const app = await build(t, {
    endpoints: [{
      path: '/a',
      method: 'POST',
      callbacks: ['one', 'two', 'three'].map(name => ({ name, url: `${receiver.url}/${name}`, text: name }))
    }]
  })
  await app.inject({ method: 'POST', url: '/a' })
  await until(() => receiver.got.length === 3)
  t.same(receiver.got.map(({ url, body, headers }) => [url, body, headers['content-type']]).sort(), ['one', 'three', 'two'].map(name => [`/${name}`, name, 'text/plain; charset=utf-8']))
})

t.test('a request that names no address has nothing sent, and that is no failure', async t => {
  const app = await build(t, subscription({}))
  t.equal((await app.inject({ method: 'POST', url: '/subscriptions/a', payload: {} })).statusCode, 201)
  t.same(app.mock.webhooks.deliveries(), [])
})

t.test('a request that names what is no address is told', async t => {
  const app = await build(t, subscription({}))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: 'nowhere at all' } })
  t.match(await app.mock.webhooks.waitFor(), { state: 'refused', error: /'nowhere at all' is no address/, attempts: [] })
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: 'file:///etc/hostname' } })
  t.match(await app.mock.webhooks.waitFor({ after: 1 }), { state: 'refused', error: /file: is no protocol/ })
})

t.test('which callbacks follow an answer', async t => {
  const receiver = await receive(t)
  const app = await build(t, {
    endpoints: [{
      path: '/a',
      schema: { querystring: { type: 'object', required: ['q'] } },
      callbacks: [{ name: 'of the endpoint', url: receiver.url }],
      responses: [
        { response: 1 },
        { name: 'own', status: 202, callbacks: [{ name: 'of the answer', url: receiver.url }] },
        { name: 'none', status: 203, callbacks: [] },
        { name: 'failed', status: 500 }
      ]
    }, { path: '/flaky', failure_rate: 1, callbacks: [{ name: 'never', url: receiver.url }], response: 1 }]
  })
  for (const [url, prefer] of [['/a?q=1', undefined], ['/a?q=1', 'example=own'], ['/a?q=1', 'example=none'], ['/a?q=1', 'example=failed'], ['/a', undefined], ['/flaky', undefined]] as const) {
    await app.inject({ url, headers: prefer === undefined ? {} : { prefer } })
  }
  t.same(app.mock.webhooks.deliveries().map(({ name }) => name), ['of the endpoint', 'of the answer'])
})

t.test('a delivery waits for its delay, and can be cancelled meanwhile', async t => {
  const receiver = await receive(t)
  const app = await build(t, subscription({ delay_ms: 60_000 }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  t.match(app.mock.webhooks.deliveries(), [{ state: 'waiting', next_attempt: /^20/ }])
  app.mock.webhooks.clear()
  t.same(app.mock.webhooks.deliveries(), [])
  t.same(receiver.got, [])
})

t.test('deliveries outlive a reload, and end with the server', async t => {
  const receiver = await receive(t, { statuses: [503] })
  const app = await build(t, subscription({ retry: { backoff_ms: 20 } }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  await until(() => receiver.got.length === 1)
  await app.mock.reload({ endpoints: [] })
  t.match(await app.mock.webhooks.waitFor(), { state: 'delivered', attempts: { length: 2 } })
  await app.mock.reload(subscription({ delay_ms: 60_000 }))
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: receiver.url } })
  await app.close()
  t.match(app.mock.webhooks.deliveries(), [{ state: 'delivered' }, { state: 'cancelled' }])
})

t.test('a request may have only this machine called, unless deliveries.allow says more', async t => {
  const app = await build(t, subscription({ retry: { attempts: 1 } }))
  for (const callbackUrl of ['http://10.1.2.3/', 'http://93.184.216.34/', 'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/']) {
    await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl } })
  }
  await app.mock.webhooks.waitFor({ after: 3 })
  t.match(app.mock.webhooks.deliveries(), [
    { state: 'refused', error: /private network.*add '10\.1\.2\.3' or 'private' to deliveries\.allow/ },
    { state: 'refused', error: /public address/ },
    { state: 'refused', error: /never called/ },
    { state: 'refused', error: /never called/ }
  ])
})

t.test('hosts that the configuration names may be called, those of a document only when they are allowed', async t => {
  const receiver = await receive(t)
  const callbacks = { tell: { 'http://192.0.2.1:9/hook': { post: { responses: {} } }, [`${receiver.url}/local`]: { post: { responses: {} } } } }
  const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: { '/a': { post: { callbacks, responses: { 204: {} } } } } })
  const app = await build(t, { include: ['api.json'], texts: { 'api.json': text } })
  await app.inject({ method: 'POST', url: '/a' })
  t.match(await app.mock.webhooks.waitFor({ name: 'tell' }), { state: 'refused', error: /public address, and your configuration does not name it/ })
  t.match(await app.mock.webhooks.waitFor({ name: 'tell_2' }), { state: 'delivered' })
  for (const [address, isTrusted] of [
    ['http://hooks.example.com/{$request.body#/id}', true], ['http://hooks.example.com{$request.body#/id}', false],
    ['http://{$request.body#/id}/', false], ['http://me@hooks.example.com/', false], ['{{request.body.id}}', false]
  ] as const) {
    const tools = { templates: createTemplates(), generate: () => undefined, fits: () => true, root: '', at: <T>(_key: string, compile: () => T) => compile() }
    const request = { body: { id: 'http://a' }, params: {}, query: {}, headers: {} } as unknown as RequestView
    const job = compileWebhook('a', { url: address }, tools).plan({ kind: 'callback', hops: 1, context: { request, random: createRandom(1), now: new Date(), counters: createStore() } })
    t.equal(job?.isTrusted ?? false, isTrusted, address)
  }
})

t.test('where deliveries may go', async t => {
  const target = { hostname: 'app.internal', port: 8080, isTrusted: false }
  const allowed = (allow: string[], address: string, over = {}) => targetPolicy(allow)(address, { ...target, ...over }) === undefined
  t.ok(allowed([], '127.0.0.1'))
  t.ok(allowed([], '::1'))
  t.notOk(allowed([], '172.18.0.3'))
  t.ok(allowed([], '172.18.0.3', { isTrusted: true }), 'the configuration names the host')
  t.ok(allowed(['private'], '172.18.0.3'))
  t.notOk(allowed(['private'], '8.8.8.8'))
  t.ok(allowed(['any'], '8.8.8.8'))
  t.ok(allowed(['app.internal'], '8.8.8.8'))
  t.ok(allowed(['*.internal:8080'], '8.8.8.8'))
  t.notOk(allowed(['*.internal:80'], '8.8.8.8'))
  t.ok(allowed(['10.0.0.0/8'], '10.9.9.9'))
  t.notOk(allowed(['10.0.0.0/8'], '11.9.9.9'))
  t.notOk(allowed(['any'], '169.254.169.254', { isTrusted: true }), 'a cloud keeps its secrets there')
  t.equal(addressKind('::ffff:169.254.169.254'), 'forbidden')
  t.equal(addressKind('::ffff:127.0.0.1'), 'loopback')
  t.equal(addressKind('fe80::1%eth0'), 'forbidden')
  t.equal(addressKind('2001:4860:4860::8888'), 'public')
  t.throws(() => targetPolicy(['not a host']))
})

t.test('a callback cannot be used to control the mock server', async t => {
  const { app, url } = await listen(t, subscription({ retry: { attempts: 1 } }))
  await fetch(`${url}/subscriptions/a`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ callbackUrl: `${url}/__mock/api/reset` }) })
  t.match(await app.mock.webhooks.waitFor(), { state: 'failed', attempts: [{ response: { status: 403, body: { text: /MOCK_ERR_CONTROL_DELIVERY/ } } }] })
})

t.test('a mock server that calls itself by its callbacks comes to an end', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/again', method: 'POST', callbacks: [{ name: 'again', url: '/again' }] }] })
  await fetch(`${url}/again`, { method: 'POST' })
  await until(() => app.mock.requests.count() === 6)
  await app.mock.webhooks.waitFor({ after: 4 })
  t.equal(app.mock.webhooks.deliveries().length, 5)
})

t.test('signatures are those of GitHub, Stripe and Standard Webhooks', async t => {
  const body = Buffer.from('{"a":1}')
  const signable = { id: 'msg_1', timestamp: 1_700_000_000, body }
  const hmac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64', algorithm = 'sha256') => createHmac(algorithm, key).update(text).digest(encoding)
  t.same(signer({ secret: 's' })(signable), { 'x-hub-signature-256': `sha256=${hmac('s', '{"a":1}', 'hex')}` })
  t.same(signer({ secret: 's', scheme: 'stripe' })(signable), { 'stripe-signature': `t=1700000000,v1=${hmac('s', '1700000000.{"a":1}', 'hex')}` })
  const secret = Buffer.from('top secret').toString('base64')
  t.same(signer({ secret: `whsec_${secret}`, scheme: 'standard' })(signable), {
    'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000', 'webhook-signature': `v1,${hmac(Buffer.from('top secret'), 'msg_1.1700000000.{"a":1}', 'base64')}`
  })
  t.same(signer({ secret: 's', scheme: 'plain', header: 'X-Sum', algorithm: 'sha512', encoding: 'base64', prefix: 'v0=' })(signable), { 'x-sum': `v0=${hmac('s', '{"a":1}', 'base64', 'sha512')}` })
})

t.test('a signed delivery is signed over the bytes that are sent', async t => {
  const receiver = await receive(t)
  const app = await build(t, { webhooks: { paid: { url: receiver.url, body: { sum: 'ä{{request.method}}' }, sign: { secret: 'k' } } } })
  await app.mock.webhooks.trigger('paid')
  const [got] = receiver.got
  t.equal(got?.headers['x-hub-signature-256'], `sha256=${createHmac('sha256', 'k').update(got?.body ?? '').digest('hex')}`)
})

t.test('a webhook is triggered in code, with what the caller wants otherwise', async t => {
  const receiver = await receive(t)
  const app = await build(t, {
    deliveries: { url: `${receiver.url}/everything` },
    webhooks: {
      shipped: { headers: { 'x-event': 'shipped' }, body: { id: '{{counter "shipments"}}' } },
      other: {}
    }
  })
  t.match(await app.mock.webhooks.trigger('shipped'), { kind: 'webhook', state: 'delivered' })
  await app.mock.webhooks.trigger('shipped', { url: `${receiver.url}/mine`, body: { id: 'x' }, headers: { 'X-Event': 'late' } })
  t.match(receiver.got, [
    { url: '/everything', body: '{"id":1}', headers: { 'x-event': 'shipped' } },
    { url: '/mine', body: '{"id":"x"}', headers: { 'x-event': 'late', 'content-type': 'application/json; charset=utf-8' } }
  ])
  await t.rejects(app.mock.webhooks.trigger('shiped'), { code: 'MOCK_ERR_WEBHOOK_UNKNOWN', message: /did you mean 'shipped'/ })
  await app.mock.reload({ webhooks: { shipped: {} } })
  await t.rejects(app.mock.webhooks.trigger('shipped'), { code: 'MOCK_ERR_WEBHOOK_TARGET', message: /nobody says where to/ })
})

t.test('mock control lists webhooks, triggers them, and tells and forgets deliveries', async t => {
  const receiver = await receive(t)
  const app = await build(t, {
    webhooks: { 'order shipped': { description: 'On its way', body: { id: 7 } } },
    endpoints: [{ path: '/a', method: 'POST', callbacks: [{ name: 'done', url: receiver.url }] }]
  })
  const api = '/__mock/api/webhooks'
  t.same((await app.inject(api)).json(), {
    webhooks: [
      { kind: 'webhook', name: 'order shipped', method: 'POST', description: 'On its way' },
      { kind: 'callback', name: 'done', method: 'POST', url: receiver.url, endpoint: 'POST /a' }
    ]
  })
  const trigger = (query: string, payload?: object) => app.inject({ method: 'POST', url: `${api}/order%20shipped/trigger${query}`, ...payload !== undefined && { payload } })
  const accepted = await trigger('', { url: receiver.url })
  t.equal(accepted.statusCode, 202)
  t.match(accepted.json(), { seq: 1, name: 'order shipped' })
  const waited = await trigger('?wait=true', { url: receiver.url, body: [1] })
  t.equal(waited.statusCode, 200)
  t.match(waited.json(), { seq: 2, state: 'delivered', request: { body: { text: '[1]' } } })

  const nobody = await trigger('')
  t.equal(nobody.statusCode, 400)
  t.match(nobody.json(), { code: 'MOCK_ERR_WEBHOOK_TARGET' })
  t.match((await trigger('', { target: 1 })).json(), { detail: /no key 'target'/ })
  t.equal((await app.inject({ method: 'POST', url: `${api}/nope/trigger` })).statusCode, 404)

  await app.mock.webhooks.waitFor({ after: 0, before: 2 })
  t.match((await app.inject(`${api}/deliveries?limit=1`)).json(), { deliveries: [{ seq: 2 }], total: 2, next: /before=2/ })
  t.match((await app.inject(`${api}/deliveries?limit=1&before=2`)).json(), { deliveries: [{ seq: 1, state: 'delivered' }], total: 2 })
  t.equal((await app.inject({ method: 'DELETE', url: `${api}/deliveries` })).statusCode, 204)
  t.same((await app.inject(`${api}/deliveries`)).json(), { deliveries: [], total: 0 })
  t.match((await app.inject('/__mock/api/openapi.json')).json(), { paths: { '/__mock/api/webhooks/{name}/trigger': { post: {} }, '/__mock/api/webhooks/deliveries': { get: {}, delete: {} } } })
})

t.test('the delivery log is bounded, and bodies in it are cut', async t => {
  const receiver = await receive(t)
  const app = await build(t, { deliveries: { max_entries: 2, max_body_bytes: 4 }, webhooks: { a: { url: receiver.url, text: '0123456789' } } })
  for (let i = 0; i < 3; i++) await app.mock.webhooks.trigger('a')
  t.match(app.mock.webhooks.deliveries(), [{ seq: 2, request: { body: { text: '0123', size: 10, truncated: true } } }, { seq: 3 }])
  t.equal(app.mock.webhooks.deliveries().length, 2)
  t.equal(receiver.got[2]?.body, '0123456789')
})

t.test('deliveries can be switched off', async t => {
  const app = await build(t, { ...subscription({}), deliveries: { enabled: false } })
  await app.inject({ method: 'POST', url: '/subscriptions/a', payload: { callbackUrl: 'http://127.0.0.1:9/' } })
  t.match(app.mock.webhooks.deliveries(), [{ state: 'refused', error: /deliveries\.enabled is false/ }])
})

t.test('waiting for a delivery in vain says what there was', async t => {
  const app = await build(t, subscription({}))
  await t.rejects(app.mock.webhooks.waitFor({ name: 'x' }, { timeout_ms: 1 }), { code: 'MOCK_ERR_DELIVERY_TIMEOUT', message: /fitting name x.*There was none/ })
})

t.test('what is wrong with a webhook is told with its place', async t => {
  const app = await build(t)
  const messages = async (config: object) => (await app.mock.validate(config)).map(({ pointer, message }) => `${pointer}: ${message}`)
  t.match(await messages({ webhooks: { a: { url: 'nowhere', body: 1, text: 'a', method: 'PSOT' } }, deliveries: { allow: ['10.0.0.0/99'] } }), [
    /webhooks\/a\/text: .*one body/, /webhooks\/a\/method: 'PSOT'/, /webhooks\/a\/url: 'nowhere' is no address/, /deliveries\/allow\/0: '10.0.0.0\/99' is no range/
  ])
  t.match(await messages({ endpoints: [{ path: '/a', callbacks: [{ name: 'a', url: '{$request.boddy#/a}' }] }] }), [/endpoints\/0\/callbacks\/0\/url.*no runtime expression/])
  t.match(await messages({ webhooks: { a: { body: { b: '{{nope 1}}' } } } }), [/webhooks\/a\/body\/b.*unknown helper 'nope'/])
  t.match(await messages({ endpoints: [{ path: '/a', callbacks: [{ name: 'a' }] }] }), [/callbacks\/0.*url/])
})

t.test('runtime expressions', async t => {
  const request = { query: { q: ['a', 'b'] }, headers: { 'x-a': ['1', '2'] }, params: {}, body: { list: [{ id: 0 }], '%': 1, 'a~b': 2 } } as unknown as RequestView
  const value = (text: string) => runtimeExpression(text)({ request, response: { status: 201, headers: { etag: '"x"' }, body: 'text' } })
  t.same(value('$request.query.q'), ['a', 'b'])
  t.equal(value('$request.header.X-A'), '1, 2')
  t.equal(value('$request.body#/list/0/id'), 0)
  t.equal(value('$request.body#/a~0b'), 2)
  t.equal(value('$request.body#/%25'), 1)
  t.equal(value('$request.body#/constructor'), undefined)
  t.equal(value('$response.header.ETag'), '"x"')
  t.equal(value('$response.body'), 'text')
  t.equal(value('$statusCode'), 201)
  for (const text of ['$request', '$request.cookie.a', '$response.query.a', '$request.body#a', 'request.body']) t.throws(() => runtimeExpression(text), { name: 'ExpressionError' })
})

t.test('expressions in braces are told from templates, whatever stands around them', async t => {
  t.equal(embedExpressions('{{a}} {$method} {{{b}}} {c}'), "{{a}} {{runtime '$method'}} {{{b}}} {c}")
  t.equal(embedInUrl('$request.body#/url'), "{{runtime '$request.body#/url'}}")
  t.equal(embedInUrl('http://a/{$method}?b={$url}'), "http://a/{{runtime '$method' as='path'}}?b={{runtime '$url' as='query'}}")
  fc.assert(fc.property(fc.string().filter(text => !text.includes('{$')), text => embedExpressions(text) === text))
})

t.test('waits between attempts grow up to their bound, and follow Retry-After', async t => {
  const { wait } = retrySchedule({ attempts: 5, backoff_ms: 100, factor: 3, max_backoff_ms: 1000 })
  t.same([1, 2, 3, 4, 5].map(attempt => wait(attempt)), [100, 300, 900, 1000, undefined])
  t.equal(wait(1, 500), 500)
  t.equal(wait(1, 5000), 1000)
  t.equal(retryAfterMs('2', 0), 2000)
  t.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:03 GMT', 1000), 2000)
  t.equal(retryAfterMs('soon', 0), undefined)
})

t.test('case 84: callbacks of a document: references, several addresses, what cannot be sent', async t => {
  const receiver = await receive(t)
  const { document } = await loadDocument({ file: 'fixtures/openapi/subscriptions.yaml' })
  const { config, report } = importDocument(document)
  t.match(config.endpoints?.[0]?.callbacks, [
    { name: 'onEvent', url: '{$request.body#/callbackUrl}', headers: { 'X-Event': 'created' }, body: { id: 1 } },
    { name: 'onEvent_2', url: '{$request.query.also}/later', method: 'PUT', body_schema: { $ref: '#/schemas/Event' } },
    { name: 'onEnd', url: '{$request.body#/callbackUrl}?end=true', content_type: 'text/plain', text: 'ended' }
  ])
  t.match(report.degraded, [{ operation: 'POST /subscriptions', reason: /'\{callbackUrl\}' has something in braces that is no runtime expression/ }])
  const app = await build(t, config)
  await app.inject({ method: 'POST', url: `/subscriptions?also=${receiver.url}/also`, payload: { callbackUrl: `${receiver.url}/hook` } })
  await until(() => receiver.got.length === 3)
  t.same(receiver.got.map(({ method, url }) => `${method} ${url}`).sort(), ['POST /hook', 'POST /hook?end=true', 'PUT /also/later'])
})

t.test('case 18: a document of nothing but webhooks starts, serves nothing, and they can be triggered', async t => {
  const receiver = await receive(t)
  const app = await build(t, { include: ['fixtures/openapi/webhooks-only.yaml'] })
  t.same(app.mock.routes(), [])
  t.match(app.mock.warnings, [{ code: 'no-operations', message: /no paths that could be served, and 2 webhooks, which can be triggered/ }])
  t.same(app.mock.webhooks.list().map(({ name, method }) => `${method} ${name}`), ['POST newPet', 'PUT petGone'])
  const { state, request } = await app.mock.webhooks.trigger('newPet', { url: receiver.url })
  t.equal(state, 'delivered')
  t.match(JSON.parse(request.body?.text ?? ''), { id: Number, name: String })
  await app.mock.webhooks.trigger('petGone', { url: receiver.url })
  t.match(receiver.got[1], { method: 'PUT', body: '{"id":7,"reason":"sold"}', headers: { 'x-reason': 'sale' } })
})

t.test('what a person writes of a webhook goes over what a document says of it', async t => {
  const app = await build(t, {
    include: ['fixtures/openapi/webhooks-only.yaml'],
    webhooks: { petGone: { url: 'http://localhost:9000/gone', delay_ms: 5 } }
  })
  t.match(app.mock.config.webhooks?.petGone, { url: 'http://localhost:9000/gone', delay_ms: 5, method: 'PUT', body: { id: 7, reason: 'sold' } })
})
