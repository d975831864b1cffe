import { build as bundle } from 'esbuild'
import Fastify, { type FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { connect, MockClientError, VerificationError, type MockServer, type MockSession } from '../lib/client/index.ts'
import type { Config } from '../lib/config.ts'
import { CONTROL_VERSION } from '../lib/control-version.ts'
import { MOCK_ERR_CONFIG_INVALID, MOCK_ERR_SCENARIO_UNKNOWN, MOCK_ERR_SCOPE_UNKNOWN } from '../lib/errors.ts'
import { listen } from './helper.ts'

const shop: Config = {
  variables: { rate: 2 },
  scenarios: { cart: { states: ['empty', 'filled'] } },
  collections: { books: [{ id: 1, title: 'Emma' }, { id: 2, title: 'Persuasion' }] },
  situations: { outage: { 'GET /health': 'down' } },
  endpoints: [
    { path: '/orders', method: 'POST', status: 201, response: { ok: true } },
    { path: '/users/:id', response: { id: '{{request.params.id}}' } },
    { path: '/health', responses: [{ name: 'up', response: 'ok' }, { name: 'down', status: 503 }] }
  ],
  webhooks: { shipped: { body: { shipped: true } } }
}

/** Where a test stands: what it speaks with, and how it calls the mocked API. */
interface Stand {
  mock: MockSession
  call (request: string, body?: unknown): Promise<Response>
}

/** The same test, wherever it stands. */
async function suite (t: Test, { mock, call }: Stand): Promise<void> {
  const post = (path: string, body: unknown) => call(`POST ${path}`, body)
  t.beforeEach(() => mock.reset())

  t.test('what was called is verified', async t => {
    await post('/orders?dry_run=true', { items: [{ sku: 'A2' }] })
    await call('GET /users/7')
    await mock.verify('POST /orders')
    await mock.verify({ method: 'POST', path: '/orders', query: { dry_run: 'true' }, body: { '/items/0/sku': 'A2' }, status: 201 }, 'once')
    await mock.verifySequence(['POST /orders', 'GET /users/:id'], { strict: true })
    await t.rejects(mock.verify('POST /orders', 'twice'), { code: 'MOCK_ERR_VERIFICATION', message: /^expected POST \/orders twice, but it came only once \(#\d+\)/ })
    const error: unknown = await mock.verify({ method: 'POST', path: '/orders', body: { '/items/0/sku': 'A1' } }).catch((error: unknown) => error)
    t.ok(error instanceof VerificationError)
    t.match(error, {
      name: 'VerificationError',
      code: 'MOCK_ERR_VERIFICATION',
      operator: 'verify',
      message: /^expected POST \/orders at least once, but in #\d+ body \/items\/0\/sku is 'A2', expected 'A1'\n\nExpected at least once, seen never:\n/,
      expected: { method: "'POST'", path: "'/orders'", 'body /items/0/sku': "'A1'" },
      actual: { 'body /items/0/sku': "'A2'" },
      diff: /^-body \/items\/0\/sku: 'A1'$/m,
      report: { nearest: { method: 'POST', path: '/orders', verdicts: [{ holds: true }, { holds: true }, { holds: false, part: 'body', at: '/items/0/sku' }] } },
      stack: /client\.test\.ts/
    })
  })

  t.test('nothing else, nothing unused, nothing unmatched', async t => {
    await call('GET /health')
    await t.rejects(mock.verifyNothingElse(), { message: /^expected no other requests, but GET \/health came/ })
    await mock.verify('GET /health')
    await mock.verifyNothingElse()
    await t.rejects(mock.verifyAllUsed(), { message: /^expected every endpoint to be called, but POST \/orders and 1 more were not/ })
    t.match((await mock.unusedEndpoints()).map(({ id }) => id), ['POST /orders', 'GET /users/:id'])
    await mock.verifyNoUnmatched()
    await call('GET /helth')
    await t.rejects(mock.verifyNoUnmatched(), { message: /none answered GET \/helth: segment 1 is 'helth', expected 'health' \(nearest: GET \/health\)/ })
    t.match(await mock.unmatchedRequests(), [{ request: { path: '/helth' }, matched: false }])
  })

  t.test('claims that make no sense are told as such', async t => {
    await t.rejects(mock.verify('create-order'), { code: 'MOCK_ERR_REQUEST_PATTERN', message: /no endpoint with the id 'create-order'/ })
    await t.rejects(mock.verify('POST /orders', -1), { code: 'MOCK_ERR_REQUEST_PATTERN', message: /whole number/ })
  })

  t.test('calls are told with parsed bodies', async t => {
    await post('/orders', { sku: 'A1' })
    await post('/orders', { sku: 'A2' })
    const calls = await mock.calls<{ sku: string }>('POST /orders')
    t.strictSame(calls.map(({ body }) => body.sku), ['A1', 'A2'])
    t.match(await mock.lastCall('POST /orders'), { body: { sku: 'A2' }, endpoint: 'POST /orders', response: { status: 201, body: { ok: true } } })
    t.equal(await mock.lastCall('GET /users/:id'), undefined)
    await call('GET /users/7')
    t.strictSame((await mock.lastCall('GET /users/:id'))?.params, { id: '7' })
    t.equal((await mock.calls()).length, 3)
    t.equal((await mock.calls({ path: '/orders', method: 'POST', schema: {} })).length, 2)
  })

  t.test('what is to come is waited for', async t => {
    const waiting = mock.waitFor<{ n: number }>({ method: 'POST', path: '/orders', body: { '/n': 2 } })
    const both = mock.waitFor('POST /orders', { count: 2 })
    for (const n of [1, 2]) await post('/orders', { n })
    t.equal((await waiting).body.n, 2)
    t.equal((await both).length, 2)
    await t.rejects(mock.waitFor('GET /users/:id', { timeout_ms: 30 }), { code: 'MOCK_ERR_VERIFICATION', operator: 'waitFor', message: /^expected GET \/users\/:id at least once within 30 ms, but nothing like it came/ })
    const controller = new AbortController()
    const aborted = mock.waitFor('GET /users/:id', { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 30)
    await t.rejects(aborted, { message: 'enough' })
  })

  t.test('the log is read, counted, waited for and emptied', async t => {
    for (let n = 0; n < 3; n++) await call(`GET /users/${n}`)
    t.strictSame((await mock.requests.find({ path: '/users/*', limit: 2 })).map(({ request }) => request.path), ['/users/0', '/users/1'])
    t.strictSame((await mock.requests.find({ order: 'desc', limit: 1 })).map(({ request }) => request.path), ['/users/2'])
    t.equal(await mock.requests.count({ path: '/users/1' }), 1)
    t.match(await mock.requests.waitFor({ path: '/users/1' }), { request: { path: '/users/1' } })
    await t.rejects(mock.requests.waitFor({ path: '/nobody' }, { timeout_ms: 30 }), { code: 'MOCK_ERR_WAIT_TIMEOUT' })
    await mock.requests.clear()
    t.equal(await mock.requests.count(), 0)
  })

  t.test('scenarios', async t => {
    t.equal(await mock.scenarios.state('cart'), 'empty')
    await mock.scenarios.set('cart', 'filled')
    t.match(await mock.scenarios.get('cart'), { name: 'cart', state: 'filled' })
    t.match(await mock.scenarios.list(), [{ name: 'cart', state: 'filled', initial: 'empty' }])
    await mock.scenarios.reset('cart')
    t.equal(await mock.scenarios.state('cart'), 'empty')
    await mock.scenarios.set('cart', 'filled')
    await mock.scenarios.reset()
    t.equal(await mock.scenarios.state('cart'), 'empty')
    t.equal(await mock.scenarios.get('nobody'), undefined)
    t.equal(await mock.scenarios.state('nobody'), 'Started')
    const error = await Promise.resolve().then(() => mock.scenarios.set('crat', 'filled')).catch((error: unknown) => error)
    t.ok(error instanceof MOCK_ERR_SCENARIO_UNKNOWN, 'of the same class on either side')
    t.match(error, { message: /crat/ })
  })

  t.test('variables', async t => {
    t.strictSame(await mock.variables.entries(), [['rate', 2]])
    await mock.variables.set('a b', { c: [1] })
    t.strictSame(await mock.variables.get('a b'), { c: [1] })
    t.equal(await mock.variables.has('a b'), true)
    t.equal(await mock.variables.delete('a b'), true)
    t.equal(await mock.variables.delete('a b'), false)
    t.equal(await mock.variables.has('a b'), false)
    t.equal(await mock.variables.get('a b'), undefined)
    await mock.variables.set('rate', 3)
    await mock.variables.reset()
    t.equal(await mock.variables.get('rate'), 2)
  })

  t.test('variants and situations', async t => {
    await mock.variants.use('GET /health', 'down')
    t.equal((await call('GET /health')).status, 503)
    t.match(await mock.variants.list(), [{ endpoint: 'GET /health', variants: ['up', 'down'], current: 'down' }])
    await mock.variants.reset('GET /health')
    t.equal((await call('GET /health')).status, 200)
    await mock.situations.use('outage')
    t.equal((await call('GET /health')).status, 503)
    t.match(await mock.situations.list(), [{ name: 'outage', variants: { 'GET /health': 'down' } }])
    await mock.situations.reset()
    await mock.variants.reset()
    t.equal((await call('GET /health')).status, 200)
  })

  t.test('collections', async t => {
    t.strictSame(await mock.collections.names(), ['books'])
    t.equal(await mock.collections.get('films'), undefined)
    const books = await mock.collections.get('books')
    if (books === undefined) return t.fail('there are books')
    const before = await mock.collections.snapshot()
    t.equal((await books.rows()).length, 2)
    t.match(await books.insert({ title: 'Sanditon' }), { id: 3, title: 'Sanditon' })
    t.match(await books.get(3), { title: 'Sanditon' })
    t.equal(await books.get(99), undefined)
    t.match(await books.where('title', 'Emma'), [{ id: 1 }])
    t.match(await books.update(1, { year: 1815 }), { id: 1, title: 'Emma', year: 1815 })
    t.strictSame(await books.replace(1, { title: 'Emma!' }), { id: 1, title: 'Emma!' })
    t.equal(await books.update(99, {}), undefined)
    t.match(await books.remove(2), { title: 'Persuasion' })
    t.equal(await books.remove(2), undefined)
    await mock.collections.restore(before)
    t.strictSame((await books.rows()).map(({ title }) => title), ['Emma', 'Persuasion'])
    await books.clear()
    t.equal((await books.rows()).length, 0)
    await mock.collections.reset('books')
    t.equal((await books.rows()).length, 2)
    await mock.collections.reset()
  })

  t.test('overlays', async t => {
    const overlay = await mock.use({ path: '/users/:id', status: 404, response: { error: 'gone' } })
    t.equal((await call('GET /users/7')).status, 404)
    t.match(overlay, { id: /./, endpoints: [{ path: '/users/:id' }] })
    await overlay.restore()
    t.equal((await call('GET /users/7')).status, 200)
    await mock.once([{ path: '/users/:id', status: 500 }])
    t.equal((await call('GET /users/7')).status, 500)
    t.equal((await call('GET /users/7')).status, 200)
    const second = await mock.use({ path: '/only-here', response: 1 }, { times: 2 })
    t.equal((await call('GET /only-here')).status, 200)
    t.equal(await mock.restore(second.id), true)
    t.equal(await mock.restore(second.id), false)
    t.equal((await call('GET /only-here')).status, 404)
    await mock.use({ path: '/only-here', response: 1 })
    t.equal(await mock.restore(), true)
    t.equal(await mock.restore(), false)
    const error = await mock.use({ path: '/users/:id', stauts: 404 } as object).catch((error: unknown) => error)
    t.ok(error instanceof MOCK_ERR_CONFIG_INVALID)
    t.match(error, { message: /stauts/, diagnostics: [{ code: 'unknown-key', hint: "did you mean 'status'?" }] })
  })

  t.test('webhooks', async t => {
    const receiver = createServer((request, response) => { request.resume().on('end', () => response.end('ok')) })
    t.teardown(() => receiver.close())
    await once(receiver.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${portOf(receiver.address())}/`
    t.match(await mock.webhooks.list(), [{ kind: 'webhook', name: 'shipped' }])
    t.match(await mock.webhooks.trigger('shipped', { url }), { state: 'delivered' })
    t.match(await mock.webhooks.waitFor({ name: 'shipped', state: 'delivered' }), { request: { url } })
    t.equal((await mock.webhooks.deliveries({ name: 'shipped' })).length, 1)
    await mock.webhooks.clear()
    t.equal((await mock.webhooks.deliveries()).length, 0)
  })
}

const portOf = (address: AddressInfo | string | null): number => typeof address === 'object' && address !== null ? address.port : 0

/** Calls the mocked API over its socket, with what the stand adds. */
function caller (url: string, headers: Readonly<Record<string, string>> = {}): Stand['call'] {
  return (request, body) => {
    const [method = '', path = ''] = request.split(' ')
    return fetch(url + path, {
      method,
      headers: { ...headers, ...body !== undefined && { 'content-type': 'application/json' } },
      ...body !== undefined && { body: JSON.stringify(body) }
    })
  }
}

/** What belongs to no scope. */
async function serverSuite (t: Test, mock: MockServer, call: Stand['call']): Promise<void> {
  t.test('scopes', async t => {
    const scope = await mock.scopes.create({ id: 'b', variables: { rate: 5 } })
    t.equal(scope.id, 'b')
    t.equal(await scope.variables.get('rate'), 5)
    t.equal(await mock.variables.get('rate'), 2)
    t.match(scope.headers, { 'x-mock-scope': 'b' })
    t.match(scope.baggage, /=b$/)
    t.equal(scope.url('http://localhost:1/'), 'http://localhost:1/__scope/b')
    t.match(await mock.scopes.list(), [{ id: 'b' }])
    t.equal(await (await mock.scopes.get('b'))?.variables.get('rate'), 5)
    t.equal((await connect(mock, { scope: 'b' })).id, 'b')
    t.equal(await mock.scopes.get('c'), undefined)
    await t.rejects(connect(mock, { scope: 'c' }), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
    t.equal(await mock.scopes.dispose('b'), true)
    t.equal(await mock.scopes.dispose('b'), false)
    await mock.scopes.create({ id: 'd' }).then(scope => scope.dispose())
    t.strictSame(await mock.scopes.list(), [])
    const error: unknown = await scope.verify('GET /health').catch((error: unknown) => error)
    t.ok(error instanceof MOCK_ERR_SCOPE_UNKNOWN)
  })

  t.test('endpoints, routes, reload, validate, explain', async t => {
    t.match((await mock.routes()).map(({ id }) => id), ['POST /orders', 'GET /users/:id', 'GET /health'])
    t.match(await mock.endpoints.add({ path: '/extra', response: 1 }), { id: 'GET /extra' })
    t.equal((await call('GET /extra')).status, 200)
    t.match(await mock.endpoints.replace('GET /extra', { path: '/extra', status: 202, response: 1 }), { status: 202 })
    t.match(await mock.endpoints.get('GET /extra'), { status: 202 })
    await mock.endpoints.remove('GET /extra')
    t.equal(await mock.endpoints.get('GET /extra'), undefined)
    t.equal((await mock.endpoints.list()).length, 3)
    t.strictSame(await mock.endpoints.save(), [])
    t.match(await mock.validate({ endpoints: [{ path: '/a', stauts: 1 }] }), [{ code: 'unknown-key' }])
    t.strictSame(await mock.validate(), [])
    t.match(await mock.explain({ url: '/helth' }), { summary: /helth/ })
    t.match(await mock.reload({ ...shop, endpoints: [{ path: '/new', response: 1 }] }), { added: ['GET /new'] })
    await t.rejects(mock.reload({ endpoints: [{ path: 'x' }] }), { code: 'MOCK_ERR_CONFIG_INVALID' })
    t.equal((await call('GET /new')).status, 200)
    await mock.reload(shop)
    t.match(await mock.reload(), { endpoints: 3 })
  })
}

t.test('in the same process', async t => {
  const { app, url } = await listen(t, shop)
  const mock = await connect(app.mock)
  t.equal(mock, app.mock)
  await suite(t, { mock, call: caller(url) })
  await serverSuite(t, mock, caller(url))
})

t.test('over HTTP', async t => {
  const { url } = await listen(t, shop)
  const mock = await connect(url)
  await suite(t, { mock, call: caller(url) })
  await serverSuite(t, mock, caller(url))
})

t.test('in a scope, in the same process', async t => {
  const { app, url } = await listen(t, shop)
  const mock = await app.mock.scopes.create()
  await suite(t, { mock, call: caller(url, mock.headers) })
})

t.test('in a scope, over HTTP, behind a prefix, with a token', async t => {
  const { url } = await listen(t, { ...shop, prefix: '/v1', control: { token: 'geheim' } })
  const server = await connect(`${url}/v1/`, { token: 'geheim' })
  const mock = await server.scopes.create()
  await suite(t, { mock, call: caller(`${url}/v1`, mock.headers) })
})

t.test('what keeps a client from connecting is told, with the remedy', async t => {
  const other = Fastify()
  t.teardown(() => other.close())
  other.get('/__mock/api/health', async () => '<html>')
  const elsewhere = await other.listen({ host: '127.0.0.1', port: 0 })
  const guarded = await listen(t, { ...shop, control: { token: 'geheim' } })
  const renamed = await listen(t, { ...shop, control: { path: '/__ctl' } })
  const off = await listen(t, { ...shop, control: false })
  const closed: FastifyInstance = Fastify()
  const nobody = await closed.listen({ host: '127.0.0.1', port: 0 })
  await closed.close()

  t.test('nothing listens', async t => {
    await t.rejects(connect(nobody), { code: 'MOCK_ERR_CLIENT_UNREACHABLE', message: `Nothing answers at ${nobody} (ECONNREFUSED). Is the mock server running, and is this its address?` })
  })
  t.test('something else does', async t => {
    for (const address of [elsewhere, renamed.url, off.url]) await t.rejects(connect(address), { code: 'MOCK_ERR_CLIENT_CONTROL', message: /is not mock control.*`control\.path`/ })
    await t.resolves(connect(renamed.url, { control: '/__ctl' }))
  })
  t.test('a token is missing, or is another', async t => {
    await t.rejects(connect(guarded.url), { code: 'MOCK_ERR_CONTROL_TOKEN', message: /Give it to connect as `token`$/ })
    await t.rejects(connect(guarded.url, { token: 'other' }), { code: 'MOCK_ERR_CONTROL_TOKEN' })
    await t.resolves(connect(guarded.url, { token: 'geheim' }))
  })
  t.test('the server is of another version', async t => {
    for (const health of [{ version: '0.1.0' }, { version: '9.0.0', control: CONTROL_VERSION + 1 }]) {
      const fetch = async () => Response.json(health)
      await t.rejects(connect(elsewhere, { fetch }), { code: 'MOCK_ERR_CLIENT_VERSION', message: /install the same version/ })
    }
  })
  t.test('there is no such scope', async t => {
    await t.rejects(connect(guarded.url, { token: 'geheim', scope: 'nobody' }), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
  })
  t.test('the address is none', async t => {
    await t.rejects(connect('localhost:4000'), { message: /write it as in http:\/\/127\.0\.0\.1:4000/ })
  })
  t.test('it is aborted', async t => {
    await t.rejects(connect(guarded.url, { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
  })
})

t.test('what a proxy asks for goes with every request', async t => {
  const { url } = await listen(t, shop)
  const seen: Array<string | null> = []
  const mock = await connect(url, {
    headers: { 'x-proxy': 'yes' },
    fetch: async (target, init) => {
      seen.push(new Headers(init?.headers).get('x-proxy'))
      return fetch(target, init)
    }
  })
  await mock.reset()
  t.strictSame(seen, ['yes', 'yes', 'yes'])
})

t.test('who hangs up stops waiting', async t => {
  const { app, url } = await listen(t, shop)
  const mock = await connect(url)
  const controller = new AbortController()
  const waiting = mock.waitFor('GET /health', { signal: controller.signal })
  waiting.catch(() => {})
  controller.abort()
  await t.rejects(waiting)
  await app.close()
})

t.test('the errors of a client are told apart by their codes', async t => {
  const { url } = await listen(t, shop)
  const mock = await connect(url)
  const error: unknown = await mock.endpoints.remove('GET /nobody').catch((error: unknown) => error)
  t.ok(error instanceof MockClientError)
  t.match(error, { name: 'MockClientError', code: 'MOCK_ERR_ENDPOINT_UNKNOWN', statusCode: 404 })
})

t.test('it runs in browsers: there is nothing of Node in it', async t => {
  const { outputFiles: [file] } = await bundle({ entryPoints: ['lib/client/index.ts'], bundle: true, platform: 'browser', format: 'esm', write: false, minify: true, logLevel: 'silent' })
  t.ok(file !== undefined && file.contents.length < 20_000, `${file?.contents.length} bytes`)
})
