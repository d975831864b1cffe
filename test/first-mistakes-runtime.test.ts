import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { connect } from '../lib/client/index.ts'
import mockPlugin from '../plugins/index.ts'

const CONFIG = {
  collections: { products: [{ id: 1, name: 'Mug' }] },
  endpoints: [
    { resource: 'products' },
    { path: '/login', method: 'POST', responses: [{ when: { body: { '/user': 'ann' } }, response: { token: 1 } }, { status: 401 }] },
    { path: '/orders', method: 'POST', when: { body: { '/sku': 'A1' } }, response: {} }
  ]
}

async function start (t: Test) {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(mockPlugin, CONFIG)
  return { app, url: await app.listen({ port: 0 }) }
}

t.test('an option that is misspelt is refused, in process and over HTTP, instead of doing nothing', async t => {
  const { app, url } = await start(t)
  // As those write it who have no compiler to tell them.
  const options = <T>(value: object): T => value as T
  for (const mock of [app.mock, await connect(url)]) {
    await t.rejects(mock.use({ path: '/a', response: 1 }, options({ time: 1 })), { message: /time/ })
    await t.rejects(mock.waitFor('POST /orders', options({ timeout: 20 })), { message: /'timeout'/ })
    await t.rejects(async () => mock.scopes.create(options({ name: 'x' })), { message: /'name'/ })
  }
  await t.rejects(app.mock.waitFor('POST /orders', options({ timeout: 20 })), { code: 'MOCK_ERR_REQUEST_PATTERN', message: /there is no option 'timeout', did you mean 'timeout_ms'\?/ })
})

t.test('what is no mock server is refused by connect, and not by the first claim', async t => {
  const { app } = await start(t)
  const target = (value: unknown) => value as string
  await t.rejects(connect(target(undefined)), { message: /connect takes the address of a mock server/ })
  await t.rejects(connect(target(app)), { message: /or `fastify.mock`/ })
  t.equal(await connect(app.mock), app.mock)
})

t.test('an explanation tells which row is not there', async t => {
  const { app } = await start(t)
  t.match(await app.mock.explain({ url: '/products/9' }), { outcome: { status: 404 }, notes: ["The collection 'products' has no row '9'."] })
  t.notMatch(await app.mock.explain({ url: '/products/1' }), { notes: [] })
})

t.test('an explanation tells that JSON came as a form, as curl sends it', async t => {
  const { app, url } = await start(t)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const path of ['/login', '/orders']) {
    const note = { notes: [/looks like JSON, but was sent as a form.*-H 'content-type: application\/json'/] }
    t.match(await app.mock.explain({ method: 'POST', url: path, headers, body: '{"user":"ann","sku":"A1"}' }), note)
    await fetch(url + path, { method: 'POST', headers, body: '{"user":"ann"}' })
    const [entry] = app.mock.requests.find({ path })
    t.match(await app.mock.explain({ seq: entry?.seq ?? 0 }), note, 'one of the log as well')
  }
  t.notMatch(await app.mock.explain({ method: 'POST', url: '/login', headers, body: 'user=ann' }), { notes: [] })
})

t.test('a demand on members names the part of them that it is about, and one for the same value says that the other is missing', async t => {
  const { app } = await start(t)
  await app.mock.use({
    path: '/carts',
    method: 'POST',
    responses: [
      { when: { body: { '/items': { every: { '/quantity': { at_least: 1 } }, some: { '/sku': 'A1', '/quantity': 2 } }, '/id': { same_as: '/body/cart' } } }, response: 1 },
      { response: 2 }
    ]
  })
  const { candidates: [candidate] } = await app.mock.explain({ method: 'POST', url: '/carts', body: { id: 7, items: [{ sku: 'A1', quantity: 2 }] } })
  const [, first] = candidate?.responses ?? []
  t.match(first?.verdicts, [
    { operator: 'every', holds: true, expected: '/quantity at least 1' },
    { operator: 'some', holds: true, expected: "/sku 'A1' and /quantity 2" },
    { operator: 'same_as', message: 'body /id is 7, expected the same as body /cart, which is missing' }
  ])
})
