import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { connect } from '../lib/client/index.ts'
import type { Config, RateLimit } from '../lib/config.ts'
import { validateConfig } from '../lib/config/validate.ts'
import { loadConfig } from '../lib/config/load.ts'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { build, listen } from './helper.ts'

const NOW = '2026-01-31T10:00:00Z'
const EPOCH = Date.parse(NOW) / 1000

/** A server whose clock stands still until it is moved. */
async function frozen (t: Parameters<typeof build>[0], options: MockPluginOptions): Promise<FastifyInstance> {
  const app = await build(t, options)
  app.mock.clock.freeze(NOW)
  return app
}

async function statuses (app: FastifyInstance, count: number, request: InjectOptions | string = '/'): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < count; i++) all.push((await app.inject(request)).statusCode)
  return all
}

t.test('of what is beyond the limit, each is rejected until the window is over', async t => {
  const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: '2/1m', response: 'ok' }, { path: '/free', response: 'ok' }] })
  t.same(await statuses(app, 3), [200, 200, 429])
  t.same(await statuses(app, 2, '/free'), [200, 200])
  await app.mock.clock.advance('59999ms')
  t.same(await statuses(app, 1), [429])
  await app.mock.clock.advance(1)
  t.same(await statuses(app, 3), [200, 200, 429])
})

t.test('the answer of a rejected request', async t => {
  await t.test('is a problem document, where nothing else is said', async t => {
    const app = await frozen(t, { endpoints: [{ id: 'orders', path: '/', rate_limit: '1/90s', response: 'ok' }] })
    await app.inject('/')
    const answer = await app.inject('/')
    t.match(answer.headers, { 'content-type': /^application\/problem\+json/, 'retry-after': '90', 'x-mock-rejected': 'rate-limit', 'x-mock-injected': 'rate_limit' })
    // draft-ietf-httpapi-ratelimit-headers-11, section 5.1
    t.match(answer.json(), {
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      status: 429,
      code: 'MOCK_ERR_RATE_LIMITED',
      'violated-policies': ['orders'],
      detail: "the limit 'orders' allows 1 in 90 s; try again in 90 s."
    })
  })

  await t.test('is that of the API, where it has one', async t => {
    const responses = [{ response: 'ok' }, { status: 429, headers: { 'retry-after': 1, 'x-own': 1 }, response: { error: 'slow down' } }, { status: 500, stands_for: '5XX' as const, response: { error: 'broken' } }]
    const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: '1/1m', responses }, { path: '/busy', rate_limit: { limit: '1/1m', status: 503 }, responses }] })
    await app.inject('/')
    const answer = await app.inject('/')
    t.equal(answer.statusCode, 429)
    t.same(answer.json(), { error: 'slow down' })
    t.match(answer.headers, { 'retry-after': '60', 'x-own': '1' }, 'with what is true in place of an example')
    await app.inject('/busy')
    const busy = await app.inject('/busy')
    t.equal(busy.statusCode, 503)
    t.same(busy.json(), { error: 'broken' })
  })

  await t.test('is what the limit says', async t => {
    const app = await frozen(t, {
      endpoints: [
        { path: '/', rate_limit: { limit: '1/1m', status: 403, body: { message: 'API rate limit exceeded', left: '{{rate_limit.remaining}} of {{rate_limit.limit}}', again: '{{rate_limit.retry_after}}' } }, responses: [{ response: 'ok' }, { status: 403, response: 'own' }] },
        { path: '/text', rate_limit: { limit: '1/1m', body: 'Retry later', content_type: 'text/plain' }, response: 'ok' }
      ]
    })
    await app.inject('/')
    const answer = await app.inject('/')
    t.equal(answer.statusCode, 403)
    t.same(answer.json(), { message: 'API rate limit exceeded', left: '0 of 1', again: 60 })
    t.equal(answer.headers['retry-after'], '60')
    await app.inject('/text')
    t.match(await app.inject('/text'), { body: 'Retry later', headers: { 'content-type': /^text\/plain/ } })
  })

  await t.test('whatever is let pass otherwise', async t => {
    const app = await frozen(t, { validate: 'off', endpoints: [{ path: '/', rate_limit: '1/1m', response: 'ok' }] })
    t.same(await statuses(app, 2), [200, 429])
    t.same(await statuses(app, 1, { url: '/', headers: { prefer: 'validate=off' } }), [429])
  })
})

t.test('what is rejected counts as no request: not as a hit, not in sequences, scenarios or overlays; the log has it', async t => {
  const app = await frozen(t, {
    endpoints: [{ path: '/', rate_limit: '2/1m', choose: 'sequence', responses: [{ response: 1, scenario: { name: 'cart', to: 'filled' } }, { response: 2 }, { response: 3 }] }]
  })
  t.same(await statuses(app, 4), [200, 200, 429, 429])
  t.equal(app.mock.routes()[0]?.hits, 2)
  await app.mock.clock.advance('1m')
  t.equal((await app.inject('/')).json(), 3)
  t.same(app.mock.requests.find({ status: 429 }).map(({ injected, endpoint, matched }) => ({ injected, endpoint: endpoint?.id, matched })),
    Array(2).fill({ injected: { rate_limit: 'GET /' }, endpoint: 'GET /', matched: true }))
  await app.mock.verify({ path: '/', status: 429 }, 2)
})

t.test('whose requests are counted together', async t => {
  const app = await frozen(t, {
    endpoints: [
      { path: '/header', rate_limit: { limit: '1/1m', per: { header: 'X-Api-Key' } }, response: 'ok' },
      { path: '/cookie', rate_limit: { limit: '1/1m', per: { cookie: 'sid' } }, response: 'ok' },
      { path: '/query', rate_limit: { limit: '1/1m', per: { query: 'key' } }, response: 'ok' },
      { path: '/param/:id', rate_limit: { limit: '1/1m', per: { param: 'id' } }, response: 'ok' },
      { path: '/token', rate_limit: { limit: '1/1m', per: 'token' }, response: 'ok' },
      { path: '/client', rate_limit: { limit: '1/1m' }, response: 'ok' },
      { path: '/all', rate_limit: { limit: '1/1m', per: 'all' }, response: 'ok' },
      { path: '/both', rate_limit: { limit: '1/1m', per: ['client', { header: 'x-api-key' }] }, response: 'ok' }
    ]
  })
  const pairs: Array<[name: string, a: InjectOptions, b: InjectOptions]> = [
    ['header', { url: '/header', headers: { 'x-api-key': 'a' } }, { url: '/header', headers: { 'x-api-key': '__proto__' } }],
    ['cookie', { url: '/cookie', headers: { cookie: 'sid=a' } }, { url: '/cookie', headers: { cookie: 'sid=b' } }],
    ['query', { url: '/query?key=a' }, { url: '/query?key=b' }],
    ['param', { url: '/param/1' }, { url: '/param/2' }],
    ['token', { url: '/token', headers: { authorization: 'Bearer a' } }, { url: '/token' }],
    ['client', { url: '/client', remoteAddress: '10.0.0.1' }, { url: '/client', remoteAddress: '10.0.0.2' }],
    ['both', { url: '/both', headers: { 'x-api-key': 'a' } }, { url: '/both', headers: { 'x-api-key': 'a' }, remoteAddress: '10.0.0.1' }]
  ]
  for (const [name, a, b] of pairs) t.same([...await statuses(app, 2, a), ...await statuses(app, 2, b)], [200, 429, 200, 429], name)
  t.same([...await statuses(app, 1, { url: '/all', remoteAddress: '10.0.0.1' }), ...await statuses(app, 1, { url: '/all', remoteAddress: '10.0.0.2' })], [200, 429])
  t.same(app.mock.rateLimits.get('GET /param/:id')?.keys.map(({ key, remaining, used, reset_ms: reset }) => ({ key, remaining, used, reset })), [{ key: '1', remaining: 0, used: 1, reset: 60_000 }, { key: '2', remaining: 0, used: 1, reset: 60_000 }])
})

t.test('limits of the server, of a tag, of an endpoint, and of none', async t => {
  const app = await frozen(t, {
    defaults: { rate_limit: '3/1m' },
    tags: { payments: { rate_limit: { limit: '2/1m' } } },
    endpoints: [
      { path: '/a', response: 'a' },
      { path: '/b', response: 'b' },
      { path: '/dear', rate_limit: { name: 'default', cost: 2 }, response: 'dear' },
      { path: '/pay', method: ['GET', 'POST'], tags: ['payments'], response: 'paid' },
      { path: '/refund', tags: ['payments'], rate_limit: [{ name: 'payments' }, { limit: '1/1m' }], response: 'refunded' },
      { path: '/own', rate_limit: '1/1m', response: 'own' },
      { path: '/free', rate_limit: false, response: 'free' }
    ]
  })
  t.same([...await statuses(app, 1, '/a'), ...await statuses(app, 1, '/dear'), ...await statuses(app, 1, '/b')], [200, 200, 429], 'all without a limit of their own are counted together')
  t.same([...await statuses(app, 2, '/refund'), ...await statuses(app, 2, '/pay')], [200, 429, 200, 429])
  t.same([...await statuses(app, 2, '/own'), ...await statuses(app, 5, '/free')], [200, 429, 200, 200, 200, 200, 200])
  t.same(app.mock.rateLimits.list().map(({ name }) => name).sort(), ['GET /own', 'GET /refund 2', 'default', 'payments'])
  t.same((await app.inject('/a')).json()['violated-policies'], ['default'])
})

t.test('what one of several limits rejects is spent from none', async t => {
  const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: [{ name: 'second', limit: '2/1s' }, { name: 'hour', limit: '3/1h' }], response: 'ok' }, { path: '/full', rate_limit: [{ name: 'minute', limit: '2/1m' }, { name: 'slots', algorithm: 'concurrency', limit: 0 }], response: 'ok' }] })
  const left = (name: string) => app.mock.rateLimits.get(name)?.keys[0]?.remaining
  t.same(await statuses(app, 5), [200, 200, 429, 429, 429])
  t.equal(left('hour'), 1)
  await app.mock.clock.advance('1s')
  t.same(await statuses(app, 2), [200, 429])
  t.equal(left('second'), 1)
  t.match((await app.inject('/')).json(), { 'violated-policies': ['hour'], detail: /3 in 1 h; try again in 3599 s/ })
  t.same(await statuses(app, 2, '/full'), [429, 429])
  t.equal(left('minute'), 2)
})

t.test('each endpoint for itself, or each tag, under one limit', async t => {
  const endpoints = [{ path: '/a', tags: ['x'], response: 1 }, { path: '/b', tags: ['x'], response: 1 }, { path: '/c', tags: ['y'], response: 1 }]
  const perEndpoint = await frozen(t, { defaults: { rate_limit: { limit: '1/1m', per: 'endpoint' } }, endpoints })
  t.same([await statuses(perEndpoint, 2, '/a'), await statuses(perEndpoint, 2, '/b')], [[200, 429], [200, 429]])
  const perTag = await frozen(t, { defaults: { rate_limit: { limit: '1/1m', per: 'tag' } }, endpoints })
  t.same([await statuses(perTag, 1, '/a'), await statuses(perTag, 1, '/b'), await statuses(perTag, 1, '/c')], [[200], [429], [200]])
})

t.test('costs, by method', async t => {
  const app = await frozen(t, { endpoints: [{ path: '/', method: '*', rate_limit: { limit: '10/1m', cost: { GET: 1, POST: 5, OPTIONS: 0 } }, response: 'ok' }] })
  const left = async (method: 'GET' | 'POST' | 'PUT' | 'OPTIONS') => (await app.inject({ method, url: '/' })).headers.ratelimit
  t.same([await left('POST'), await left('GET'), await left('OPTIONS'), await left('PUT')], ['"GET /";r=5;t=60', '"GET /";r=4;t=60', '"GET /";r=4;t=60', '"GET /";r=3;t=60'].map(value => value.replace('GET', '*')))
  t.same(await statuses(app, 1, { method: 'POST', url: '/' }), [429])
  t.same(await statuses(app, 1), [200], 'what costs less passes still')
})

t.test('headers in the style of', async t => {
  const told = async (config: RateLimit | RateLimit[], count: number) => {
    const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: config, response: 'ok' }] })
    let answer = await app.inject('/')
    for (let i = 1; i < count; i++) answer = await app.inject('/')
    const ours = Object.entries(answer.headers).filter(([name]) => /rate-?limit|retry-after|quota/.test(name))
    return { status: answer.statusCode, ...Object.fromEntries(ours) }
  }
  const limit = '2/1m'

  await t.test('the IETF: draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4', async t => {
    t.same(await told({ name: 'default', limit }, 1), { status: 200, 'ratelimit-policy': '"default";q=2;w=60', ratelimit: '"default";r=1;t=60' })
    t.same(await told([{ name: 'permin', limit: '50/1m' }, { name: 'perhr', limit: '1000/1h' }], 1), {
      status: 200, 'ratelimit-policy': '"permin";q=50;w=60, "perhr";q=1000;w=3600', ratelimit: '"permin";r=49;t=60, "perhr";r=999;t=3600'
    })
    t.same(await told({ name: 'default', limit }, 3), { status: 429, 'ratelimit-policy': '"default";q=2;w=60', ratelimit: '"default";r=0;t=60', 'retry-after': '60' })
  })

  await t.test('earlier drafts (06, section 3), and of many gateways', async t => {
    t.same(await told({ limit, headers: 'ietf_06' }, 1), { status: 200, 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '60' })
    t.same(await told({ limit, headers: 'x_ratelimit' }, 3), { status: 429, 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60', 'retry-after': '60' })
  })

  await t.test('GitHub: docs.github.com, "Rate limits for the REST API"', async t => {
    const headers = { 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-used': '2', 'x-ratelimit-reset': String(EPOCH + 60), 'x-ratelimit-resource': 'core' }
    t.same(await told({ name: 'core', limit, headers: 'github' }, 2), { status: 200, ...headers })
    t.same(await told({ name: 'core', limit, headers: 'github', status: 403 }, 3), { status: 403, ...headers }, 'the primary limit has no retry-after')
    // What GitHub calls a secondary limit: no header tells of it but retry-after.
    t.same(await told([{ name: 'core', limit: '60/1h', headers: 'github' }, { name: 'secondary', limit: '1/1m', headers: false, status: 403 }], 2), {
      status: 403, 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '59', 'x-ratelimit-used': '1', 'x-ratelimit-reset': String(EPOCH + 3600), 'x-ratelimit-resource': 'core', 'retry-after': '60'
    })
  })

  await t.test('GitLab: docs.gitlab.com, "User and IP rate limits", response headers', async t => {
    const headers = { 'ratelimit-limit': '2', 'ratelimit-name': 'throttle_authenticated_api', 'ratelimit-reset': String(EPOCH + 60) }
    t.same(await told({ name: 'throttle_authenticated_api', limit, headers: 'gitlab' }, 1), { status: 200, ...headers, 'ratelimit-observed': '1', 'ratelimit-remaining': '1' })
    t.same(await told({ name: 'throttle_authenticated_api', limit, headers: 'gitlab' }, 3), {
      status: 429, ...headers, 'ratelimit-observed': '2', 'ratelimit-remaining': '0', 'ratelimit-resettime': 'Sat, 31 Jan 2026 10:01:00 GMT', 'retry-after': '60'
    })
    t.match(await told({ limit: '3600/1h', headers: 'gitlab' }, 1), { 'ratelimit-limit': '60' }, 'told as one per minute')
  })

  await t.test('Stripe: docs.stripe.com/rate-limits', async t => {
    t.same(await told({ limit, headers: 'stripe' }, 1), { status: 200 })
    t.same(await told({ limit, headers: 'stripe' }, 3), { status: 429, 'stripe-rate-limited-reason': 'endpoint-rate' })
    t.same(await told({ name: 'global', limit, headers: 'stripe' }, 3), { status: 429, 'stripe-rate-limited-reason': 'global-rate' })
    t.same(await told({ algorithm: 'concurrency', limit: 0, headers: 'stripe' }, 1), { status: 429, 'stripe-rate-limited-reason': 'endpoint-concurrency' })
  })

  await t.test('X, formerly Twitter: docs.x.com, "Rate limits"', async t => {
    t.same(await told({ limit: '2/15m', headers: 'twitter' }, 3), { status: 429, 'x-rate-limit-limit': '2', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(EPOCH + 900) })
  })

  await t.test('OpenAI and Anthropic', async t => {
    t.same(await told({ limit: '2/6m', headers: 'openai' }, 3), { status: 429, 'x-ratelimit-limit-requests': '2', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s', 'retry-after': '360' })
    t.same(await told({ limit, headers: 'anthropic' }, 1), { status: 200, 'anthropic-ratelimit-requests-limit': '2', 'anthropic-ratelimit-requests-remaining': '1', 'anthropic-ratelimit-requests-reset': '2026-01-31T10:01:00Z' })
  })

  await t.test('one of your own, or nobody', async t => {
    t.same(await told({ limit, headers: { 'X-Quota-Left': 'remaining', 'X-Quota-Ends': 'reset_date', 'X-Quota-Window': 'window_seconds', 'X-Quota-At': 'reset_epoch_ms' } }, 1), {
      status: 200, 'x-quota-left': '1', 'x-quota-ends': 'Sat, 31 Jan 2026 10:01:00 GMT', 'x-quota-window': '60', 'x-quota-at': String((EPOCH + 60) * 1000)
    })
    t.same(await told({ limit, headers: false, retry_after: 'date' }, 3), { status: 429, 'retry-after': 'Sat, 31 Jan 2026 10:01:00 GMT' })
    t.same(await told({ limit, headers: false, retry_after: false }, 3), { status: 429 })
  })

  await t.test('of several in one style, the one that is nearest to its end is told', async t => {
    t.match(await told([{ limit: '100/1s', headers: 'github' }, { name: 'hour', limit: '4/1h', headers: 'github' }], 3), { 'x-ratelimit-remaining': '1', 'x-ratelimit-resource': 'hour' })
  })
})

t.test('counters are seen, set and reset', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/', rate_limit: { name: 'api', limit: '5/1m', per: { header: 'x-key' } }, response: 'ok' }, { path: '/slots', rate_limit: { name: 'slots', algorithm: 'concurrency', limit: 1 }, response: 'ok' }] })
  app.mock.clock.freeze(NOW)
  const server = await connect(url)
  for (const mock of [app.mock, server]) {
    await mock.reset()
    app.mock.clock.freeze(NOW)
    const { rateLimits } = mock
    const ask = async (key: string) => (await app.inject({ url: '/', headers: { 'x-key': key } })).statusCode
    t.same(await rateLimits.list(), [{ name: 'api', algorithm: 'fixed_window', limit: 5, window_ms: 60_000, keys: [] }, { name: 'slots', algorithm: 'concurrency', limit: 1, keys: [] }])
    await ask('a')
    await ask('b')
    t.same(await rateLimits.get('api'), {
      name: 'api', algorithm: 'fixed_window', limit: 5, window_ms: 60_000, keys: [{ key: 'a', remaining: 4, used: 1, reset_ms: 60_000 }, { key: 'b', remaining: 4, used: 1, reset_ms: 60_000 }]
    })
    await rateLimits.set('api', 0, 'a')
    t.same([await ask('a'), await ask('b')], [429, 200])
    await rateLimits.set('api', 1)
    t.same([await ask('a'), await ask('a'), await ask('b'), await ask('b'), await ask('new'), await ask('new')], [200, 429, 200, 429, 200, 429])
    await rateLimits.reset('api', 'a')
    await rateLimits.reset('api')
    t.same([await ask('a'), (await rateLimits.get('api'))?.keys[0]?.remaining], [200, 4])
    await rateLimits.reset()
    t.same((await rateLimits.get('api'))?.keys, [])
    t.equal(await rateLimits.get('nope'), undefined)
    await t.rejects(async () => rateLimits.reset('apy'), { code: 'MOCK_ERR_RATE_LIMIT_UNKNOWN', message: /did you mean 'api'\?/ })
    await t.rejects(async () => rateLimits.set('api', 6), { code: 'MOCK_ERR_RATE_LIMIT_REMAINING', message: /from 0 to 5/ })
    await t.rejects(async () => rateLimits.set('slots', 0), { code: 'MOCK_ERR_RATE_LIMIT_REMAINING' })
  }
  for (const [method, path, body, code] of [
    ['PUT', '/api', {}, 'MOCK_ERR_CONTROL_BODY'],
    ['PUT', '/api', { remaining: 1, keys: 'a' }, 'MOCK_ERR_CONTROL_BODY'],
    ['PUT', '/api', { remaining: 1, key: 1 }, 'MOCK_ERR_CONTROL_BODY'],
    ['PUT', '/nope', { remaining: 1 }, 'MOCK_ERR_RATE_LIMIT_UNKNOWN'],
    ['GET', '/nope', undefined, 'MOCK_ERR_RATE_LIMIT_UNKNOWN']
  ] as const) {
    const answer = await app.inject({ method, url: `/__mock/api/rate-limits${path}`, ...body !== undefined && { payload: body } })
    t.equal(answer.json().code, code, `${method} ${path}`)
  }
})

t.test('each scope has counters of its own, and a reset begins anew', async t => {
  const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: '1/1m', response: 'ok' }] })
  const scope = await app.mock.scopes.create()
  t.same([...await statuses(app, 2), ...await statuses(app, 2, { url: '/', headers: scope.headers })], [200, 429, 200, 429])
  scope.reset()
  t.same([...await statuses(app, 1), ...await statuses(app, 1, { url: '/', headers: scope.headers })], [429, 200])
  app.mock.reset()
  t.same(await statuses(app, 2), [200, 429])
})

t.test('a reload keeps what is spent of limits that stay the same', async t => {
  const endpoint = { path: '/', rate_limit: '1/1h', response: 'ok' }
  const app = await build(t, { endpoints: [endpoint, { path: '/b', rate_limit: '1/1h', response: 1 }] })
  t.same([...await statuses(app, 1), ...await statuses(app, 1, '/b')], [200, 200])
  await app.mock.reload({ endpoints: [{ ...endpoint, response: 'other' }, { path: '/b', rate_limit: '2/1h', response: 1 }] })
  t.same([...await statuses(app, 1), ...await statuses(app, 2, '/b')], [429, 200, 200])
  t.equal((await app.inject('/b')).statusCode, 429)
})

t.test('a request that an overlay lets pass is counted once', async t => {
  const app = await frozen(t, { defaults: { rate_limit: '2/1m' }, endpoints: [{ path: '/', response: 'behind' }] })
  await app.mock.use({ path: '/', when: { headers: { 'x-test': '1' } }, response: 'in front' })
  t.same(await statuses(app, 3), [200, 200, 429])
  await app.mock.use({ path: '/slow', rate_limit: '1/1m', response: 'ok' })
  t.same(await statuses(app, 2, '/slow'), [200, 429])
})

t.test('who only asks what would become of a request spends nothing', async t => {
  const app = await frozen(t, { endpoints: [{ path: '/', rate_limit: ['1/1m', { name: 'slots', algorithm: 'concurrency', limit: 1 }], response: 'ok' }] })
  for (let i = 0; i < 3; i++) t.match(await app.mock.explain({ url: '/' }), { outcome: { kind: 'answered', status: 200 } })
  t.same(await statuses(app, 1), [200])
  const explanation = await app.mock.explain({ url: '/' })
  t.match(explanation, { outcome: { kind: 'rejected', stage: 'rate-limit', status: 429 }, hint: /mock.rateLimits.reset/ })
  t.equal(app.mock.routes()[0]?.hits, 1)
  t.equal(app.mock.rateLimits.get('GET /')?.keys[0]?.used, 1)
})

t.test('a profile limits all, apart from what is counted without it', async t => {
  const app = await frozen(t, { profiles: { strict: { rate_limit: '1/1m' } }, endpoints: [{ path: '/a', response: 1 }, { path: '/b', rate_limit: '5/1m', response: 1 }] })
  app.mock.profiles.use('strict')
  t.same([...await statuses(app, 1, '/a'), ...await statuses(app, 1, '/b')], [200, 429])
  app.mock.profiles.reset()
  t.same([...await statuses(app, 2, '/a'), ...await statuses(app, 5, '/b')], Array(7).fill(200))
})

t.test('operations of a resource share its limit', async t => {
  const app = await frozen(t, { collections: { users: [{ id: 1 }] }, endpoints: [{ resource: 'users', rate_limit: '2/1m' }] })
  t.same([...await statuses(app, 1, '/users'), ...await statuses(app, 1, '/users/1'), ...await statuses(app, 1, '/users')], [200, 200, 429])
})

t.test('windows by the clock', async t => {
  const app = await build(t, { endpoints: [{ path: '/', rate_limit: { limit: '1/1h', aligned: true }, response: 'ok' }] })
  app.mock.clock.freeze('2026-01-31T10:59:30Z')
  const answer = await app.inject('/')
  t.equal(answer.headers.ratelimit, '"GET /";r=0;t=30')
  app.mock.clock.set('2026-01-31T11:00:00Z')
  t.same(await statuses(app, 2), [200, 429])
})

t.test('mistakes are told, with their places and remedies', async t => {
  const rules: Array<[limit: unknown, code: string, message: RegExp, pointer: string]> = [
    [{ limit: 5 }, 'missing-key', /5 in what time/, '/limit'],
    [{ limit: '5/1m', window_ms: 5 }, 'contradiction', /stands in '5\/1m' already/, '/window_ms'],
    [{ limit: '5/0s' }, 'bad-value', /shorter than a millisecond/, '/limit'],
    [{ cost: 2 }, 'missing-key', /'limit' is missing/, ''],
    [{ limit: '5/1m', burst: 9 }, 'misplaced-key', /'burst' belongs to 'algorithm: token_bucket'/, '/burst'],
    [{ limit: '5/1m', algorithm: 'token_bucket', aligned: true }, 'misplaced-key', /'aligned'/, '/aligned'],
    [{ limit: '5/1m', queue: { size: 1 } }, 'misplaced-key', /'queue'/, '/queue'],
    [{ limit: '5/1m', algorithm: 'concurrency' }, 'bad-value', /has no window/, '/limit'],
    [{ limit: 5, window_ms: 5, algorithm: 'concurrency' }, 'misplaced-key', /has no 'window_ms'/, '/window_ms'],
    [{ limit: 5, algorithm: 'concurrency', cost: 2 }, 'no-effect', /one slot/, '/cost'],
    [{ limit: '300000/1h', algorithm: 'sliding_window' }, 'bad-value', /200000 at most/, '/limit'],
    [{ limit: '0/1h', algorithm: 'token_bucket' }, 'bad-value', /no tokens/, '/limit'],
    [{ limit: '5/1m', cost: { POST: 6 } }, 'never-served', /costs 6/, '/cost/POST'],
    [[{ name: 'a', limit: '5/1m' }, { name: 'a', limit: '5/1m' }], 'duplicate-limit', /in this list already/, '/1/name']
  ]
  for (const [limit, code, message, below] of rules) {
    const [finding] = validateConfig({ endpoints: [{ path: '/', rate_limit: limit }] })
    t.match(finding, { code, message, pointer: `/endpoints/0/rate_limit${below}` }, JSON.stringify(limit))
  }
  t.match(validateConfig({ endpoints: [{ path: '/', rate_limit: '5 per minute' }] }), [{ pointer: '/endpoints/0/rate_limit' }])
  const told = async (work: Promise<unknown>): Promise<unknown> => work.then(() => [], (error: { diagnostics?: unknown }) => error.diagnostics)
  const load = (config: Config) => told(loadConfig(config, { cwd: '/', env: {} }))
  t.match(await load({ defaults: { rate_limit: '5/1m' }, endpoints: [{ path: '/', rate_limit: { name: 'defautl', cost: 2 } }, { path: '/b' }] }),
    [{ code: 'unknown-limit', hint: "did you mean 'default'?", pointer: '/endpoints/0/rate_limit/name' }])
  t.match(await load({ endpoints: [{ path: '/', rate_limit: { name: 'api', limit: '5/1m' } }, { path: '/b', rate_limit: { name: 'api', limit: '6/1m' } }] }),
    [{ code: 'different-limits', message: /endpoints\/0/, pointer: '/endpoints/1/rate_limit' }])
  t.match(await load({ profiles: { strict: { rate_limit: { name: 'default' } } } }), [{ code: 'missing-key', pointer: '/profiles/strict/rate_limit' }])
  t.match(await told(build(t, { endpoints: [{ path: '/', rate_limit: [{ limit: '1/1m', body: '{{nope' }] }] })), [{ code: 'bad-template', pointer: '/endpoints/0/rate_limit/0/body' }])
})
