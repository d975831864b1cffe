import { readFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { InjectOptions } from 'fastify'
import fc from 'fast-check'
import t from 'tap'
import type { Config } from '../lib/config.ts'
import { baggageMember } from '../lib/scope/baggage.ts'
import { createNaming } from '../lib/scope/naming.ts'
import { isScopeId, makeScopeId } from '../lib/scope/scope-id.ts'
import { build, listen, until } from './helper.ts'

// Hundreds of servers are built.
t.setTimeout(180_000)

/** A service with every kind of state. */
const SHOP: Config = {
  seed: 7,
  variables: { currency: 'EUR' },
  scenarios: { cart: { states: ['empty', 'full'] } },
  collections: { items: { rows: [{ id: 1, name: 'first' }] } },
  log: { max_entries: 10_000 },
  endpoints: [
    { path: '/who', response: 'nobody' },
    { path: '/count', response: { n: '{{counter "n"}}' } },
    { path: '/random', response: { n: '{{int 1 1000000}}' } },
    { path: '/currency', response: '{{variable "currency"}}' },
    { path: '/cart', responses: [{ scenario: { name: 'cart', state: 'empty', to: 'full' }, response: 'filled' }, { scenario: { name: 'cart', state: 'full' }, response: 'is full' }] },
    { path: '/steps', choose: 'round_robin', responses: [{ response: 1 }, { response: 2 }, { response: 3 }] },
    { resource: 'items' },
    { path: '/slow', latency_ms: 60, response: 'slow' }
  ]
}

t.test('200 tests side by side on one server, each in a scope of its own', async t => {
  const { app, url } = await listen(t, SHOP)
  const { mock } = app
  const names = Array.from({ length: 200 }, (_, index) => `test-${index}`)
  const random: unknown[] = []
  const wrong: string[] = []

  await Promise.all(names.map(async (id, index) => {
    const scope = await mock.scopes.create({ id, variables: { currency: `C${index}` }, endpoints: { path: '/who', response: id } })
    const say = async (path: string, init: RequestInit = {}): Promise<unknown> =>
      (await fetch(url + path, { ...init, headers: { ...scope.headers, 'content-type': 'application/json' } })).json()
    const expect = (what: string, actual: unknown, expected: unknown): void => {
      if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong.push(`${id}: ${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`)
    }
    await scope.once({ path: '/once', response: `${id} once` })
    expect('its own stub', await say('/who'), id)
    expect('its stub for one request', await say('/once'), `${id} once`)
    for (let n = 1; n <= 3; n++) expect('its counter', await say('/count'), { n })
    expect('its variable', await say('/currency'), `C${index}`)
    expect('its scenario', [await say('/cart'), await say('/cart')], ['filled', 'is full'])
    expect('its position', [await say('/steps'), await say('/steps')], [1, 2])
    await say('/items', { method: 'POST', body: JSON.stringify({ name: id }) })
    expect('its rows', await say('/items'), [{ id: 1, name: 'first' }, { id: 2, name: id }])
    random.push(await say('/random'))
    expect('its scenario in code', scope.scenarios.state('cart'), 'full')
    expect('its rows in code', scope.collections.get('items')?.size, 2)
    expect('its log', [scope.requests.count(), scope.requests.find().every(entry => entry.scope === id)], [13, true])
    await scope.verify({ path: '/count' }, 3)
    if (index % 2 === 0) {
      scope.reset()
      expect('its log after a reset', scope.requests.count(), 0)
      expect('its stub after a reset', await say('/who'), id)
      expect('its state after a reset', [await say('/count'), await say('/currency'), await say('/cart')], [{ n: 1 }, `C${index}`, 'filled'])
    }
  }))

  t.same(wrong, [])
  t.equal(new Set(random.map(value => JSON.stringify(value))).size, 1, 'one seed draws the same in each scope')
  t.equal(mock.requests.count({ scope: null }), 0)
  t.same([mock.scenarios.state('cart'), mock.variables.get('currency'), mock.collections.get('items')?.size], ['empty', 'EUR', 1])
  t.same((await app.inject('/count')).json(), { n: 1 })
  t.equal((await app.inject('/who')).json(), 'nobody')
  t.equal(mock.scopes.size, 200)

  await Promise.all(names.map(id => mock.scopes.dispose(id)))
  t.equal(mock.scopes.size, 0)
  t.equal(mock.requests.count(), 2, 'entries leave with their scopes')
})

t.test('a request names its scope', async t => {
  const app = await build(t, { prefix: '/v1', endpoints: [{ path: '/where', response: { url: '{{request.url}}' } }] })
  const { mock } = app
  const scope = await mock.scopes.create({ id: 'a.b', endpoints: { path: '/mine', response: 'mine' } })
  const mine = async (asked: InjectOptions) => {
    const answer = await app.inject(asked)
    return [answer.statusCode, answer.statusCode === 200 ? answer.json() : answer.json().code]
  }

  t.same(scope.headers, { 'x-mock-scope': 'a.b' })
  t.equal(scope.baggage, 'mock-scope=a.b')
  t.equal(scope.url('http://localhost:3000/'), 'http://localhost:3000/v1/__scope/a.b')
  t.same(await mine({ url: '/v1/mine', headers: { 'X-Mock-Scope': 'a.b' } }), [200, 'mine'], 'by a header')
  t.same(await mine({ url: '/v1/mine', headers: { baggage: 'user=7;x=y, mock-scope=a%2Eb ;ttl=1' } }), [200, 'mine'], 'by a member of its baggage')
  t.same(await mine({ url: '/v1/__scope/a.b/mine' }), [200, 'mine'], 'by its path')
  t.same(await mine({ url: '/v1/__scope/a.b/where?x=1', headers: { 'x-mock-scope': 'other' } }), [200, { url: '/v1/where?x=1' }], 'the path counts first, and nobody sees it')
  t.same(await scope.run(() => mine({ url: '/v1/mine' })), [200, 'mine'], 'by whoever injects it')
  t.same(await scope.run(() => app.inject('/v1/mine')).then(answer => answer.json()), 'mine')
  t.equal((await app.inject('/v1/mine')).statusCode, 404)
  t.same(mock.requests.find({ scope: 'a.b' }).map(({ request }) => request.path), ['/mine', '/mine', '/mine', '/where', '/mine', '/mine'])

  for (const named of [{ headers: { 'x-mock-scope': 'gone' } }, { headers: { baggage: 'mock-scope=%zz' } }, { url: '/v1/__scope/gone/mine' }, { url: '/v1/__scope//mine' }, { headers: { 'x-mock-scope': '__proto__' } }]) {
    t.same(await mine({ url: '/v1/where', ...named }), [404, 'MOCK_ERR_SCOPE_UNKNOWN'], JSON.stringify(named))
  }
  t.match(mock.requests.find({ limit: 1, scope: 'gone' }), [{ matched: false, response: { status: 404 } }])
})

t.test('how a request names its scope is for the configuration to say', async t => {
  const app = await build(t, { scopes: { header: 'X-Test', baggage: false, path: '/~' }, endpoints: [{ path: '/n', response: '{{counter "n"}}' }] })
  const scope = await app.mock.scopes.create({ id: 's' })
  t.same([scope.headers, scope.url('')], [{ 'x-test': 's' }, '/~/s'])
  t.equal((await app.inject({ url: '/n', headers: { 'x-test': 's' } })).json(), 1)
  t.equal((await app.inject('/~/s/n')).json(), 2)
  t.equal((await app.inject({ url: '/n', headers: { 'x-mock-scope': 'other', baggage: 'mock-scope=other' } })).json(), 1)
  await app.mock.reload({ scopes: { header: false, path: false }, endpoints: [{ path: '/n', response: '{{counter "n"}}' }] })
  t.same(scope.headers, {})
  t.equal((await app.inject({ url: '/n', headers: { baggage: scope.baggage } })).json(), 3, 'its state outlives the reload')
  t.equal((await app.inject('/__scope/s/n')).statusCode, 404)
})

t.test('overlays of the root stand behind those of a scope, with turns of each scope', async t => {
  const app = await build(t, { endpoints: [{ path: '/word', response: 'live' }] })
  const { mock } = app
  await mock.use({ path: '/word', response: 'root', scenario: { name: 'said', to: 'yes' } }, { times: 1 })
  const [one, two] = [await mock.scopes.create(), await mock.scopes.create()]
  const own = await one.use({ path: '/word', response: 'own' }, { times: 1 })
  const say = async (headers = {}) => (await app.inject({ url: '/word', headers })).json()
  t.same([await say(one.headers), await say(one.headers), await say(one.headers)], ['own', 'root', 'live'])
  t.same([await say(two.headers), await say(two.headers)], ['root', 'live'])
  t.same([await say(), await say()], ['root', 'live'])
  t.equal(own.calls, 1)
  t.equal(mock.overlays()[0]?.calls, 3)
  t.equal(one.scenarios.state('said'), 'yes')
  one.reset()
  t.same([await say(one.headers), await say(one.headers), await say(one.headers)], ['own', 'root', 'live'])
  mock.reset()
  t.same([await say(), await say(two.headers)], ['root', 'live'], 'a reset of the root is none of a scope')
  t.equal(two.requests.count(), 3)
})

t.test('connections are shared by scopes', async t => {
  const { app, url } = await listen(t, SHOP)
  const scopes = await Promise.all(['a', 'b', 'c'].map(id => app.mock.scopes.create({ id, endpoints: { path: '/who', response: id } })))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const ask = (headers: Readonly<Record<string, string>>) => new Promise<string>((resolve, reject) => {
    get(`${url}/who`, { agent, headers }, async answer => resolve(Buffer.concat(await answer.toArray()).toString())).on('error', reject)
  })
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(scopes[index % 4]?.headers ?? {})))
  t.same(answers, Array.from({ length: 30 }, (_, index) => JSON.stringify(['a', 'b', 'c', 'nobody'][index % 4])))
})

t.test('a scope that is over', async t => {
  const { app, url } = await listen(t, SHOP)
  const { mock } = app

  t.test('lets requests under way finish, refuses others, and is forgotten', async t => {
    const scope = await mock.scopes.create({ id: 'over', endpoints: { path: '/slow', latency_ms: 60, response: 'own' } })
    const answer = fetch(`${url}/slow`, { headers: scope.headers })
    await until(() => scope.overlays()[0]?.calls === 1)
    const disposed = scope.dispose()
    t.equal((await fetch(`${url}/who`, { headers: scope.headers })).status, 404)
    t.equal(await (await answer).json(), 'own')
    await disposed
    await scope.dispose()
    t.ok(scope.isDisposed)
    t.equal(mock.requests.count({ endpoint: 'GET /slow' }), 0)
    t.throws(() => scope.reset(), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
    await t.rejects(scope.use({ path: '/a', response: 1 }), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
    await t.rejects(scope.run(() => 1), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
    t.equal(await mock.scopes.dispose('over'), false)
    t.equal((await mock.scopes.create({ id: 'over' })).id, 'over', 'its id is free again')
    await mock.scopes.dispose('over')
  })

  t.test('is over with the block that holds it', async t => {
    const scope = await mock.scopes.create()
    await scope[Symbol.asyncDispose]()
    t.equal(mock.scopes.get(scope.id), undefined)
  })

  t.test('is over when nobody has used it for its time', async t => {
    const scope = await mock.scopes.create({ id: 'idle', ttl_ms: 40 })
    const kept = await mock.scopes.create({ id: 'kept', ttl_ms: 0 })
    await until(() => scope.isDisposed)
    await setTimeout(20)
    t.equal(mock.scopes.get('idle'), undefined)
    t.equal(kept.isDisposed, false)
    await kept.dispose()
  })

  t.test('leaves nothing behind, however many there were', async t => {
    const refs: Array<WeakRef<object>> = []
    for (let number = 0; number < 1000; number++) {
      // One in ten has endpoints, and is asked.
      const isAsked = number % 10 === 0
      const scope = await mock.scopes.create(isAsked ? { endpoints: { path: '/who', response: number } } : {})
      refs.push(new WeakRef(scope))
      if (isAsked && (await app.inject({ url: '/who', headers: scope.headers })).json() !== number) t.fail('its own endpoint did not answer')
      await scope.dispose()
    }
    t.equal(mock.scopes.size, 0)
    t.equal(mock.requests.find().filter(({ scope }) => scope?.startsWith('s-')).length, 0)
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    while (refs.filter(ref => ref.deref() !== undefined).length > 50) {
      await setTimeout(10)
      collectGarbage()
    }
    t.pass('no more than a few are held on to')
  })
})

t.test('a reload while the endpoints of a scope are being read is for that scope as well', async t => {
  const { mock } = await build(t, { variables: { v: 1 }, collections: { rows: [{ id: 1 }] }, endpoints: [] })
  // So many that the reload is through before they are.
  const endpoints = Array.from({ length: 500 }, (_, index) => ({ path: `/path-${index}`, response: index }))
  const [scope] = await Promise.all([
    mock.scopes.create({ endpoints }),
    mock.reload({ variables: { v: 2 }, collections: { rows: [{ id: 2 }], others: [] }, endpoints: [] })
  ])
  t.same([scope.variables.get('v'), scope.collections.get('rows')?.rows(), scope.collections.names()], [2, [{ id: 2 }], ['rows', 'others']])
})

t.test('a scope has nothing to do with one that had its id before', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/quick', response: 1 }] })
  const { mock } = app
  const ask = (path: string) => fetch(url + path, { headers: { 'x-mock-scope': 'a' } })
  const first = await mock.scopes.create({ id: 'a', endpoints: { path: '/slow', latency_ms: 40, response: 1 } })
  const slow = ask('/slow')
  await until(() => first.overlays()[0]?.calls === 1)
  const disposed = first.dispose()
  const late = await ask('/quick')
  t.equal(late.status, 404)
  const second = await mock.scopes.create({ id: 'a', variables: { mine: 1 } })
  await ask('/quick')
  await Promise.all([slow, disposed])
  t.same(second.requests.find().map(({ request }) => request.path), ['/quick'])
  t.same([second.isDisposed, mock.scopes.size, second.variables.get('mine')], [false, 1, 1])
})

t.test('what a scope is created with is checked', async t => {
  const { mock } = await build(t, { scopes: { max: 2 }, scenarios: { cart: { states: ['empty', 'full'] } }, endpoints: [] })
  for (const id of ['', 'a b', 'a/b', '..', 'ä', 'x'.repeat(129)]) await t.rejects(mock.scopes.create({ id }), { code: 'MOCK_ERR_SCOPE_ID' })
  await t.rejects(mock.scopes.create({ ttl_ms: -1 }), { code: 'MOCK_ERR_SCOPE_OPTIONS' })
  await t.rejects(mock.scopes.create({ scenarios: { cort: 'full' } }), { code: 'MOCK_ERR_SCENARIO_UNKNOWN' })
  await t.rejects(mock.scopes.create({ scenarios: { cart: 'fool' } }), { code: 'MOCK_ERR_SCENARIO_STATE_UNKNOWN' })
  await t.rejects(mock.scopes.create({ endpoints: { path: '/a', respons: 1 } as never }), { code: 'MOCK_ERR_CONFIG_INVALID' })
  t.equal(mock.scopes.size, 0)
  const scope = await mock.scopes.create({ id: 'a', scenarios: { cart: 'full' } })
  t.equal(scope.scenarios.state('cart'), 'full')
  await t.rejects(mock.scopes.create({ id: 'a' }), { code: 'MOCK_ERR_SCOPE_TAKEN' })
  await mock.scopes.create()
  await t.rejects(mock.scopes.create(), { code: 'MOCK_ERR_SCOPE_LIMIT' })
})

t.test('entries of a scope that had to make room are counted', async t => {
  const app = await build(t, { log: { max_entries: 5 }, endpoints: [{ path: '/a', response: 1 }] })
  const scope = await app.mock.scopes.create()
  for (let i = 0; i < 4; i++) await app.inject({ url: '/a', headers: scope.headers })
  for (let i = 0; i < 3; i++) await app.inject('/a')
  t.same([scope.requests.count(), scope.requests.evicted(), app.mock.requests.evicted(), app.mock.requests.evicted({ scope: null })], [2, 2, 2, 0])
  scope.requests.clear()
  t.same([scope.requests.count(), scope.requests.evicted(), app.mock.requests.count()], [0, 0, 3])
  const next = scope.requests.waitFor({ path: '/a' })
  await app.inject('/a')
  await app.inject({ url: '/a?mine', headers: scope.headers })
  t.match(await next, { scope: scope.id, request: { url: '/a?mine' } })
})

t.test('what follows an answer is sent for its scope', async t => {
  const { app, url } = await listen(t, {
    endpoints: [
      { path: '/hook', method: 'POST', response: 'thanks' },
      { path: '/order', method: 'POST', response: 1, callbacks: [{ name: 'placed', url: '/hook', body: { n: '{{counter "n"}}' } }] }
    ]
  })
  const scope = await app.mock.scopes.create()
  const other = await app.mock.scopes.create()
  await fetch(`${url}/order`, { method: 'POST', headers: scope.headers })
  const delivery = await scope.webhooks.waitFor({ name: 'placed' })
  t.equal(delivery.scope, scope.id)
  t.same([scope.webhooks.deliveries().length, other.webhooks.deliveries().length, app.mock.webhooks.deliveries({ scope: null }).length], [1, 0, 0])
  app.mock.reset()
  t.equal(scope.webhooks.deliveries().length, 1)
  scope.reset()
  t.equal(app.mock.webhooks.deliveries().length, 0)
})

t.test('mock control creates scopes, and looks into them', async t => {
  const app = await build(t, SHOP)
  const control = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/__mock/api${path}`, headers: { host: 'localhost' }, ...payload !== undefined && { payload } })
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
  }
  const created = await control('POST', '/scopes', { id: 'a', endpoints: [{ path: '/who', response: 'a' }], variables: { currency: 'USD' }, scenarios: { cart: 'full' }, ttl_ms: 1000 })
  t.match(created, { status: 201, body: { id: 'a', ttl_ms: 1000, overlays: ['overlay-1'], headers: { 'x-mock-scope': 'a' }, baggage: 'mock-scope=a', base_path: '/__scope/a', requests: 0 } })
  t.match(await control('POST', '/scopes', { id: 'a' }), { status: 409, body: { code: 'MOCK_ERR_SCOPE_TAKEN' } })
  for (const wrong of [{ idd: 'a' }, { id: 7 }, { ttl_ms: 'x' }, { variables: 7 }, { scenarios: { a: 1 } }, { endpoints: 7 }]) {
    t.match(await control('POST', '/scopes', wrong), { status: 400, body: { code: 'MOCK_ERR_CONTROL_BODY' } }, JSON.stringify(wrong))
  }
  t.match(await control('POST', '/scopes'), { status: 201, body: { id: /^s-/ } })
  t.match(await control('GET', '/scopes'), { status: 200, body: { total: 2, scopes: [{ id: 'a' }, {}] } })
  t.equal((await app.inject({ url: '/who', headers: { 'x-mock-scope': 'a' } })).json(), 'a')
  t.match(await control('GET', '/scopes/a'), { status: 200, body: { requests: 1 } })
  t.match(await control('GET', '/variables?scope=a'), { status: 200, body: { variables: { currency: 'USD' } } })
  t.match(await control('GET', '/variables?scope=none'), { status: 404, body: { code: 'MOCK_ERR_SCOPE_UNKNOWN' } })
  t.match(await control('GET', '/logs?scope=a'), { status: 200, body: { total: 1, entries: [{ scope: 'a' }] } })
  t.match(await control('GET', '/logs?scope='), { status: 200, body: { total: 0 } })
  t.match(await control('GET', '/overlays?scope=a'), { status: 200, body: { overlays: [{ id: 'overlay-1', calls: 1 }] } })
  t.equal((await control('POST', '/reset?scope=a')).status, 204)
  t.match(await control('GET', '/scopes/a'), { status: 200, body: { requests: 0 } })
  t.equal((await control('DELETE', '/scopes/a')).status, 204)
  t.match(await control('DELETE', '/scopes/a'), { status: 404, body: { code: 'MOCK_ERR_SCOPE_UNKNOWN' } })
})

t.test('what names a scope is read whatever it is', async t => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/)
  fc.assert(fc.property(fc.array(fc.tuple(token, fc.string())), token, fc.string(), (others, name, value) => {
    const members = others.filter(([key]) => key !== name).map(([key, text]) => `${key}=${encodeURIComponent(text)};p=1`)
    t.equal(baggageMember([...members, ` ${name} = ${encodeURIComponent(value)} ; a=b`].join(' , '), name), value)
    t.equal(baggageMember(members.join(','), name), undefined)
  }), { numRuns: 50 })
  fc.assert(fc.property(fc.string(), text => { baggageMember(text, 'mock-scope') }))
  const { read } = createNaming({}, '/v1')
  const asked = (url: string, headers = {}) => read({ url, headers } as Parameters<typeof read>[0])
  t.same(asked('/v1/__scope/a/users?b'), { id: 'a', url: '/v1/users?b' })
  t.same(asked('/v1/__scope/a?b'), { id: 'a', url: '/v1/?b' })
  t.same(asked('/v1/__scope/a'), { id: 'a', url: '/v1/' })
  t.same(asked('/v1/__scopes/a'), undefined)
  t.same(asked('/', { baggage: 'a=b' }), undefined)
  for (let i = 0; i < 100; i++) t.ok(isScopeId(makeScopeId()))
})

t.test('the examples of docs/isolation.md', async t => {
  const page = await readFile(new URL('../docs/isolation.md', import.meta.url), 'utf8')
  const { app, url } = await listen(t, {
    variables: { currency: 'EUR' },
    endpoints: [
      { path: '/users/:id', response: { name: 'somebody' } },
      { path: '/users', method: 'POST', status: 201 },
      { path: '/currency', response: '{{variable "currency"}}' }
    ]
  })
  const examples = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code)
  t.equal(examples.length, 4)
  for (const code of examples) {
    const { default: run } = await import(`data:text/javascript,${encodeURIComponent(`export default async ({ app, mock, url, equal, same }) => {\n${code}\n}`)}`)
    await run({ app, mock: app.mock, url, equal: t.equal.bind(t), same: t.same.bind(t) })
  }
  t.equal(app.mock.scopes.size, 0)
})
