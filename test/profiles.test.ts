import { readFileSync } from 'node:fs'
import t from 'tap'
import { connect } from '../lib/client/index.ts'
import type { Config } from '../lib/config.ts'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { validateConfig } from '../lib/config/validate.ts'
import { build, listen } from './helper.ts'

const DOWN = { failure: { rate: 1, status: 503 } } as const

const SHOP: Config = {
  endpoints: [
    { path: '/orders', tags: ['orders'], response: 'orders' },
    { path: '/orders', method: 'POST', tags: ['orders', 'payments'], responses: [{ name: 'taken', status: 201, response: 'taken' }, { name: 'declined', status: 402, response: 'declined' }] },
    { path: '/health', failure_rate: 1, response: 'fine' }
  ],
  situations: { broke: { 'POST /orders': 'declined' }, rich: { 'POST /orders': 'taken' } },
  profiles: {
    down: { description: 'Nothing works.', ...DOWN },
    up: { failure_rate: 0 },
    'payments-down': { tags: { payments: DOWN } },
    'orders-down': { extends: 'payments-down', tags: { orders: { failure: { rate: 1, status: 502 } } }, endpoints: { 'GET /orders': { failure_rate: 0, failure: false } } },
    broke: { situation: 'broke' }
  }
}

const shop = async (t: Parameters<typeof build>[0], more: MockPluginOptions = {}) => {
  const app = await build(t, { ...SHOP, seed: 7, ...more })
  const status = async (url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') => (await app.inject({ url, method, headers })).statusCode
  return { app, mock: app.mock, status }
}

t.test('a profile is in use until another is, and takes the place of what endpoints say', async t => {
  const { mock, status } = await shop(t)
  t.equal(mock.profiles.current, undefined)
  t.equal(await status('/orders'), 200)
  mock.profiles.use('down')
  t.equal(mock.profiles.current, 'down')
  t.equal(await status('/orders'), 503)
  t.equal(await status('/orders', {}, 'POST'), 503, 'endpoints with several answers as well')
  mock.profiles.use('up')
  t.equal(await status('/health'), 200, 'which fails by itself')
  mock.profiles.use('none')
  t.equal(await status('/health'), 500)
  mock.profiles.reset()
  t.equal(mock.profiles.current, undefined)
  t.throws(() => mock.profiles.use('dwon'), { code: 'MOCK_ERR_PROFILE_UNKNOWN', message: /did you mean 'down'/ })
  for (const wrong of [0, -1, NaN, Infinity]) t.throws(() => mock.profiles.use('down', { for_ms: wrong }), { code: 'MOCK_ERR_PROFILE_OPTIONS' })
})

t.test('of what a profile says, the nearest to the endpoint counts; it builds on others', async t => {
  const { status } = await shop(t)
  const asked = async (profile: string) => [await status('/orders', { 'x-mock-profile': profile }), await status('/orders', { 'x-mock-profile': profile }, 'POST')]
  t.same(await asked('payments-down'), [200, 503])
  t.same(await asked('orders-down'), [200, 502], "of two tags the endpoint's first counts")
})

t.test('a request chooses for itself, by header or by preference', async t => {
  const { app, mock, status } = await shop(t)
  t.equal(await status('/orders', { 'x-mock-profile': 'down' }), 503)
  t.equal(await status('/orders', { prefer: 'profile=down' }), 503)
  t.equal(await status('/orders', { prefer: 'handling=strict; x, profile="down"' }), 503)
  t.equal(await status('/orders'), 200)
  t.equal((await app.inject({ url: '/orders', headers: { prefer: 'profile=up' } })).headers['preference-applied'], 'profile=up')
  mock.profiles.use('down')
  t.equal(await status('/orders', { 'x-mock-profile': 'none' }), 200, 'none is one as well')
  t.equal(await status('/orders', { 'x-mock-profile': 'none', prefer: 'profile=down' }), 200, 'the header comes first')
  const unknown = await app.inject({ url: '/orders', headers: { 'x-mock-profile': 'dwon' } })
  t.equal(unknown.statusCode, 400)
  t.match(unknown.headers, { 'content-type': 'application/problem+json', 'x-mock-unmatched': '1' })
  t.match(unknown.json(), { code: 'MOCK_ERR_PROFILE_UNKNOWN', profile: 'dwon', detail: /did you mean 'down'/ })
  t.match(mock.requests.find({ status: 400 }), [{ profile: 'dwon', matched: false }])
})

t.test('the header has another name, or none', async t => {
  const { status } = await shop(t, { profile_header: 'X-Weather' })
  t.equal(await status('/orders', { 'x-weather': 'down' }), 503)
  t.equal(await status('/orders', { 'x-mock-profile': 'down' }), 200)
  const off = await shop(t, { profile_header: false })
  t.equal(await off.status('/orders', { 'x-mock-profile': 'nobody' }), 200)
  t.equal(await off.status('/orders', { prefer: 'profile=down' }), 503)
})

t.test('it goes off by itself, by the clock', async t => {
  const { mock, status } = await shop(t, { profile: 'up' })
  t.equal(await status('/health'), 200, 'the configuration says which one it begins with')
  mock.clock.freeze('2026-01-31T10:00:00Z')
  mock.profiles.use('down', { for_ms: 30_000 })
  t.equal(mock.profiles.until, Date.parse('2026-01-31T10:00:30Z'))
  await mock.clock.advance('29s')
  t.equal(await status('/orders'), 503)
  await mock.clock.advance('1s')
  t.equal(mock.profiles.current, 'up')
  t.equal(mock.profiles.until, undefined)
  t.equal(await status('/health'), 200)
  mock.profiles.use('down')
  mock.reset()
  t.equal(mock.profiles.current, 'up', 'a reset goes back to the beginning')
})

t.test('each scope has its own, else that of the server', async t => {
  const { mock, status } = await shop(t)
  const scope = await mock.scopes.create()
  scope.profiles.use('down')
  t.equal(await status('/orders', scope.headers), 503)
  t.equal(await status('/orders'), 200)
  scope.profiles.reset()
  t.equal(await status('/orders', scope.headers), 200)
  mock.profiles.use('down')
  t.equal(scope.profiles.current, 'down')
  t.equal(await status('/orders', scope.headers), 503)
  scope.profiles.use('none')
  t.equal(await status('/orders', scope.headers), 200)
})

t.test('the log tells the profile, and is searched by it', async t => {
  const { mock, status } = await shop(t)
  await status('/orders')
  mock.profiles.use('up')
  await status('/orders')
  await status('/nothing')
  t.same(mock.requests.find().map(({ profile }) => profile), [undefined, 'up', 'up'])
  t.equal(mock.requests.count({ profile: 'up' }), 2)
  t.equal(mock.requests.count({ profile: null }), 1)
})

t.test('state is the same whatever the profile', async t => {
  const { app, mock } = await shop(t, {
    endpoints: [{ path: '/n', response: '{{counter "n"}}' }, { path: '/s', choose: 'sequence', responses: [{ response: 1 }, { response: 2 }, { response: 3 }] }],
    profiles: { slow: { latency_ms: 1 } },
    situations: {}
  })
  const get = async (url: string, profile: string) => (await app.inject({ url, headers: { 'x-mock-profile': profile } })).json()
  t.same([await get('/n', 'none'), await get('/n', 'slow'), await get('/n', 'none')], [1, 2, 3])
  t.same([await get('/s', 'none'), await get('/s', 'slow'), await get('/s', 'none')], [1, 2, 3])
  t.equal(mock.routes()[0]?.hits, 3)
})

t.test('a profile puts a situation in force, over that of the server', async t => {
  const plain = await shop(t)
  t.equal(await plain.status('/orders', { 'x-mock-profile': 'broke' }, 'POST'), 402)
  const { mock, status } = await shop(t, { situation: 'rich' })
  const order = (headers = {}) => status('/orders', headers, 'POST')
  t.equal(await order(), 201)
  t.equal(await order({ 'x-mock-profile': 'broke' }), 402)
  t.equal(mock.situations.current, 'rich', 'for its own requests alone')
  mock.variants.use('POST /orders', 'taken')
  t.equal(await order({ 'x-mock-profile': 'broke' }), 201, 'what was switched by itself goes over it')
})

t.test('a reload serves the new profiles; one that is gone is told, and off', async t => {
  const { mock, status } = await shop(t)
  mock.profiles.use('down')
  t.equal(await status('/orders'), 503)
  const { profiles: _profiles, ...rest } = SHOP
  await mock.reload({ ...rest, profiles: { down: { failure: { rate: 1, status: 418 } } } })
  t.equal(await status('/orders'), 418)
  const { warnings } = await mock.reload(rest)
  t.match(warnings, [{ code: 'state-lost', message: /the profile 'down'/ }])
  t.equal(mock.profiles.current, undefined)
  t.equal(await status('/orders'), 200)
})

t.test('edits of endpoints are served with the profile', async t => {
  const { mock, status } = await shop(t)
  mock.profiles.use('payments-down')
  await mock.endpoints.add({ path: '/refunds', tags: ['payments'], response: 1 })
  t.equal(await status('/refunds'), 503)
  await mock.endpoints.replace('GET /orders', { path: '/orders', status: 203 })
  t.equal(await status('/orders'), 203)
})

t.test('overlays behave as the profile has it', async t => {
  const { mock, status } = await shop(t)
  await mock.use({ path: '/orders', status: 202 })
  t.equal(await status('/orders'), 202)
  t.equal(await status('/orders', { 'x-mock-profile': 'down' }), 503)
  t.equal(await status('/orders'), 202)
  t.equal(await status('/health', { 'x-mock-profile': 'down' }), 503, 'behind them as well')
})

t.test('requests that meet a profile while it is built wait for it, and reloads under way harm none', async t => {
  const { app, mock } = await shop(t)
  const all = await Promise.all(Array.from({ length: 50 }, async (_, index) => {
    if (index === 10 || index === 30) await mock.reload(SHOP)
    return (await app.inject({ url: '/orders', headers: { 'x-mock-profile': 'down' } })).statusCode
  }))
  t.same(new Set(all), new Set([503]))
})

t.test('more profiles than are kept are served all the same', async t => {
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`)
  const { status } = await shop(t, { profiles: Object.fromEntries(names.map((name, index) => [name, { failure: { rate: 1, status: 510 + index } }])) })
  for (const round of [1, 2]) {
    for (const [index, name] of names.entries()) if (await status('/orders', { 'x-mock-profile': name }) !== 510 + index) t.fail(`${name} in round ${round}`)
  }
})

t.test('an explanation is that of the profile', async t => {
  const { mock } = await shop(t)
  t.match(await mock.explain({ url: '/orders', headers: { 'x-mock-profile': 'nobody' } }), { summary: /no profile called 'nobody'/ })
})

t.test('the built-in profiles do what they say', async t => {
  const { app, mock, status } = await shop(t, { profiles: {} })
  t.same(mock.profiles.list().map(({ name }) => name).sort(), ['4g', 'degraded', 'fast-3g', 'flaky', 'none', 'offline', 'rate-limited', 'slow-3g'])
  for (const { description, built_in: isBuiltIn } of mock.profiles.list()) t.ok(isBuiltIn && description !== undefined)
  mock.clock.freeze()
  const slow = app.inject({ url: '/orders', headers: { 'x-mock-profile': 'slow-3g' } }).then()
  await mock.clock.waitForPending()
  await mock.clock.advance('10s')
  t.equal((await slow).statusCode, 200)
  t.ok((mock.requests.find()[0]?.injected?.latency_ms ?? 0) > 500)
  t.equal(await status('/orders'), 200)
  await mock.endpoints.add({ path: '/big', text: 'x'.repeat(200_000) })
  const url = await app.listen({ port: 0 })
  const big = fetch(`${url}/big`, { headers: { 'x-mock-profile': 'slow-3g' } }).then(async answer => (await answer.text()).length)
  await mock.clock.waitForPending()
  const start = mock.clock.now()
  let length: number | undefined
  while (length === undefined) length = await Promise.race([big, mock.clock.advance(250).then(() => undefined)])
  t.equal(length, 200_000)
  t.ok(mock.clock.now() - start > 4_000, 'its bytes come at 50 kB per second')
  mock.clock.reset()
  await t.rejects(fetch(`${url}/orders`, { headers: { 'x-mock-profile': 'offline' } }), { cause: { code: /ECONNRESET|UND_ERR_SOCKET/ } })
  const limited = []
  for (let i = 0; i < 12; i++) limited.push(await status(i % 2 === 0 ? '/orders' : '/nowhere', { 'x-mock-profile': 'rate-limited' }))
  t.notOk(limited.includes(429), 'what is not there does not count')
  for (let i = 0; i < 5; i++) limited.push(await status('/orders', { 'x-mock-profile': 'rate-limited' }))
  t.same(limited.slice(-2), [200, 429])
  const flaky = new Set()
  for (let i = 0; i < 30; i++) {
    const answer = app.inject({ url: '/orders', headers: { 'x-mock-profile': 'flaky' } })
    flaky.add((await answer).statusCode >= 500 ? 'failed' : 'well')
  }
  t.same(flaky, new Set(['failed', 'well']))
})

t.test('tags say how their endpoints behave, before the defaults and after the endpoints themselves', async t => {
  const { mock, status } = await shop(t, {
    defaults: { ...DOWN },
    tags: { orders: { failure: { rate: 1, status: 501 } }, payments: { failure: { rate: 1, status: 502 }, latency_ms: 1 }, quiet: { failure: false } },
    endpoints: [
      { path: '/a', response: 1 },
      { path: '/b', tags: ['orders', 'payments'], response: 1 },
      { path: '/c', tags: ['payments'], failure: { rate: 1, status: 504 }, response: 1 },
      { path: '/d', tags: ['other', 'quiet'], response: 1 }
    ],
    profiles: {},
    situations: {}
  })
  t.same([await status('/a'), await status('/b'), await status('/c'), await status('/d')], [503, 501, 504, 200])
  t.equal(mock.endpoints.get('GET /b')?.latency_ms, 1, 'what the first tag does not say, the second may')
  await mock.endpoints.add({ path: '/e', tags: ['orders'], response: 1 })
  t.equal(await status('/e'), 501)
  await mock.use({ path: '/f', tags: ['orders'], response: 1 })
  t.equal(await status('/f'), 501)
})

t.test('mistakes in tags and profiles are told with their places', async t => {
  const app = await build(t)
  const diagnose = async (config: Config) => (await app.mock.validate(config)).map(({ code, pointer, severity, hint = '' }) => [code, pointer, severity, hint])
  t.match(await diagnose({ tags: { paymants: {} }, endpoints: [{ path: '/', tags: ['payments'] }] }), [['unknown-tag', '/tags/paymants', 'warning', /payments/]])
  t.match(await diagnose({ endpoints: [{ path: '/a' }], profiles: { p: { endpoints: { 'GET /b': {} }, tags: { x: {} } } } }), [['unknown-tag', '/profiles/p/tags/x', 'warning'], ['unknown-endpoint', '/profiles/p/endpoints/GET ~1b', 'warning']])
  t.match(await diagnose({ profiles: { p: { extends: ['flakey', 'p'] } } }), [['unknown-profile', '/profiles/p/extends', 'error', /flaky/], ['circular', '/profiles/p/extends', 'error']])
  t.match(await diagnose({ profiles: { a: { extends: 'b' }, b: { extends: 'a' } } }), [['circular', '/profiles/a/extends'], ['circular', '/profiles/b/extends']])
  t.match(await diagnose({ profiles: { flaky: { extends: 'flaky', failure_rate: 0.9 } } }), [], 'one in the place of a built-in may build on that')
  t.match(await diagnose({ profile: 'slow' }), [['unknown-profile', '/profile', 'error']])
  t.match(await diagnose({ profiles: { p: { situation: 'x' } } }), [['unknown-situation', '/profiles/p/situation', 'error']])
  t.match(await diagnose({ profiles: { p: { failure: { rate: 1, body: '{{nothing}' } } } }), [['bad-template', '/profiles/p/failure/body', 'error']])
  t.match(await diagnose({ profiles: { p: { tags: { x: { latency_ms: { min: 5, max: 1 } } } } }, endpoints: [{ path: '/', tags: ['x'] }] }), [[/./, /^\/profiles\/p\/tags\/x\/latency_ms/, 'error']])
  t.match(validateConfig({ profiles: { p: { tags: { x: { latency: 1 } }, lateny_ms: 3 } } }), [{ code: 'unknown-key', pointer: '/profiles/p/lateny_ms', hint: /latency_ms/ }, { code: 'unknown-key', pointer: '/profiles/p/tags/x/latency' }])
})

t.test('the configuration on the page about profiles does what it says', async t => {
  const page = readFileSync(new URL('../docs/profiles.md', import.meta.url), 'utf8')
  const text = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block).join('')
  const app = await build(t, { include: ['mock.yaml'], texts: { 'mock.yaml': text }, cwd: '/', seed: 3 })
  t.same(app.mock.warnings, [])
  const { latency_ms: own, failure } = app.mock.endpoints.get('GET /invoices') ?? {}
  t.same([own, failure], [50, { rate: 0.02, status: 503 }])
  const table = /### Built in([^]*?)## Switching/.exec(page)?.[1] ?? ''
  for (const { name, built_in: isBuiltIn } of app.mock.profiles.list()) if (isBuiltIn) t.ok(table.includes(`\`${name}\``), name)
  app.mock.clock.freeze()
  const order = async (profile: string) => {
    const answer = app.inject({ method: 'POST', url: '/payments', headers: { 'x-mock-profile': profile } }).then()
    await app.mock.clock.waitForPending()
    await app.mock.clock.advance('20s')
    return (await answer).statusCode
  }
  t.equal(await order('none'), 201)
  const seen = new Set()
  for (let i = 0; i < 20; i++) seen.add(await order('black-friday'))
  t.same([...seen].sort(), [409, 429, 503])
  t.equal((await app.inject({ url: '/invoices', headers: { 'x-mock-profile': 'black-friday' } })).statusCode, 200)
})

t.test('profiles are switched over HTTP, by the client', async t => {
  const { app, url } = await listen(t, { ...SHOP })
  const mock = await connect(url)
  await mock.profiles.use('down', { for_ms: 60_000 })
  t.equal((await fetch(`${url}/orders`)).status, 503)
  t.match(await (await fetch(`${url}/__mock/api/profiles`)).json(), { current: 'down', until: /Z$/, profiles: { length: 13 } })
  t.match(await mock.requests.find({ profile: 'down' }), [{ profile: 'down' }])
  await mock.profiles.reset()
  t.equal(app.mock.profiles.current, undefined)
  t.equal((await mock.profiles.list()).length, 13)
  const scope = await mock.scopes.create()
  await scope.profiles.use('down')
  t.equal((await fetch(`${url}/orders`, { headers: scope.headers })).status, 503)
  t.equal((await fetch(`${url}/orders`)).status, 200)
  await t.rejects(async () => mock.profiles.use('nobody'), { code: 'MOCK_ERR_PROFILE_UNKNOWN', statusCode: 404 })
  const put = (payload: object) => app.inject({ method: 'PUT', url: '/__mock/api/profiles/current', payload })
  for (const wrong of [{}, { name: 1 }, { name: 'down', for: 1 }, { name: 'down', for_ms: 'x' }]) t.match((await put(wrong)).json(), { status: 400, code: 'MOCK_ERR_CONTROL_BODY' })
  t.match((await put({ name: 'down', for_ms: 0 })).json(), { status: 400, code: 'MOCK_ERR_PROFILE_OPTIONS' })
})

/** A mixed load, one request after the other, and what became of it. */
async function run (t: Parameters<typeof build>[0], seed: MockPluginOptions['seed']) {
  const app = await build(t, {
    ...seed !== undefined && { seed },
    profile: 'shaky',
    profiles: { shaky: { extends: 'flaky', latency_ms: { min: 1, max: 3 }, failure: { status: [500, 503], rate: 0.3 } } },
    endpoints: [
      { path: '/a/:id', response: { id: '{{request.params.id}}', lucky: '{{randomInt 1 1000}}' } },
      { path: '/b', choose: 'random', responses: [{ response: 1 }, { response: 2 }, { response: 3 }] },
      { path: '/c', method: 'POST', response_schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } }
    ]
  })
  const load = async () => {
    const seen = []
    for (let index = 0; index < 60; index++) {
      const { statusCode, payload } = await app.inject(index % 3 === 0 ? `/a/${index}` : index % 3 === 1 ? '/b' : { method: 'POST', url: '/c', payload: {} })
      seen.push({ statusCode, payload: statusCode < 400 ? payload : '', injected: app.mock.requests.find({ limit: 1, order: 'desc' })[0]?.injected })
    }
    return seen
  }
  return { app, load }
}

t.test('one seed makes a whole run repeatable: answers, failures, latencies', async t => {
  const first = await run(t, 'monday')
  const seen = await first.load()
  t.ok(seen.some(({ statusCode }) => statusCode >= 500) && seen.some(({ statusCode }) => statusCode === 200))
  const second = await run(t, 'monday')
  t.same(await second.load(), seen)
  second.app.mock.reset()
  t.same(await second.load(), seen, 'also after a reset')
  t.notSame(await (await run(t, 'tuesday')).load(), seen)
})

t.test('a run without a seed tells the one that it drew, which repeats it', async t => {
  const first = await run(t, undefined)
  const seen = await first.load()
  const { seed } = first.app.mock
  t.match(seed, /^run:[0-9a-z]+$/)
  const second = await run(t, seed)
  t.equal(second.app.mock.seed, seed)
  t.same(await second.load(), seen)
  t.not((await run(t, undefined)).app.mock.seed, seed)
})
