import CachePolicy from 'http-cache-semantics'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { ageOf, storedResponse } from '../lib/cache/stored-response.ts'
import { whyNotStored } from '../lib/cache/storable.ts'
import { createSharedCache } from '../lib/cache/shared-cache.ts'
import type { Config, WrittenEndpoint } from '../lib/config.ts'
import { connect } from '../lib/client/index.ts'
import { build, listen, until } from './helper.ts'

const START = '2026-01-31T10:00:00Z'

/** The time of `CachePolicy`, which looks at it while it is made. */
let moment = Date.parse(START)

class Policy extends CachePolicy {
  now (): number {
    return moment
  }
}

/** A body that is another each time that the endpoint is asked. */
const counting = (cache: object, rest: object = {}): WrittenEndpoint => ({ path: '/a', text: "{{counter 'a'}}", cache: { last_modified: false, etag: false, ...cache }, ...rest })
/** One that stays, so that it can be found to be still right. */
const constant = (cache: object, rest: object = {}): WrittenEndpoint => ({ path: '/a', text: 'same', cache: { last_modified: false, ...cache }, ...rest })

interface Step {
  /** Seconds to wait before. */
  after?: number
  /** Default: `GET /a`. */
  ask?: string
  headers?: Record<string, string>
  /** What the cache says it did. */
  x: string
  status?: number
  body?: string
  has?: Record<string, string | RegExp | undefined>
}

/** Section of RFC 9111 (where it says no other), what it says, the endpoints, and what is asked in turn. */
type Case = [section: string, says: string, endpoints: WrittenEndpoint | WrittenEndpoint[], steps: Step[], shared?: Config['shared_cache']]

const TABLE: Case[] = [
  ['4', 'a stored answer is used while it is fresh', counting({ control: 'max-age=60' }), [
    { x: 'MISS', body: '1', has: { 'cache-status': 'mock; fwd=uri-miss; stored', age: undefined } },
    { after: 30, x: 'HIT', body: '1', has: { age: '30', 'cache-status': 'mock; hit; ttl=30' } },
    { after: 29, x: 'HIT', body: '1', has: { age: '59' } },
    { after: 1, x: 'MISS', body: '2', has: { 'cache-status': 'mock; fwd=stale; stored' } }
  ]],
  ['2', 'the query is part of the address', counting({ control: 'max-age=60' }), [{ x: 'MISS', body: '1' }, { ask: 'GET /a?b=1', x: 'MISS', body: '2' }, { x: 'HIT', body: '1' }]],
  ['3', 'nothing says that it may be kept', counting({}), [{ x: 'MISS', body: '1', has: { 'cache-status': 'mock; fwd=uri-miss; detail=useless' } }, { x: 'MISS', body: '2' }]],
  ['3', 'a status that is not kept by itself', counting({}, { status: 202, headers: { etag: '"a"' } }), [{ x: 'MISS', has: { 'cache-status': /detail=status/ } }]],
  ['3', 'and is, where the answer says so', counting({ control: 'max-age=60' }, { status: 202 }), [{ x: 'MISS', body: '1' }, { x: 'HIT', body: '1', status: 202 }]],
  ['3', 'errors that say so', counting({ control: 'max-age=60' }, { status: 404 }), [{ x: 'MISS', body: '1' }, { x: 'HIT', body: '1', status: 404 }]],
  ['3.5', 'with Authorization: not kept', counting({ control: 'max-age=60' }), [
    { headers: { authorization: 'Bearer a' }, x: 'BYPASS', body: '1', has: { 'cache-status': /detail=authorization/ } }, { x: 'MISS', body: '2' }
  ]],
  ['3.5', 'with Authorization: public', counting({ control: 'public, max-age=60' }), [{ headers: { authorization: 'Bearer a' }, x: 'MISS' }, { x: 'HIT' }]],
  ['3.5', 'with Authorization: s-maxage', counting({ control: 's-maxage=60' }), [{ headers: { authorization: 'Bearer a' }, x: 'MISS' }, { x: 'HIT' }]],
  ['3.5', 'with Authorization: must-revalidate', counting({ control: 'max-age=60, must-revalidate' }), [{ headers: { authorization: 'Bearer a' }, x: 'MISS' }, { x: 'HIT' }]],
  ['3.5', 'a stored answer is used for those with Authorization', counting({ control: 'max-age=60' }), [{ x: 'MISS' }, { headers: { authorization: 'Bearer a' }, x: 'HIT' }]],
  ['7.3', 'a session is for nobody else', counting({ control: 'max-age=60' }, { headers: { 'set-cookie': 'a=b' } }), [{ x: 'BYPASS', has: { 'cache-status': /detail=set-cookie/ } }]],

  ['4.1', 'Vary tells answers apart', counting({ control: 'max-age=60', vary: 'Accept-Language' }), [
    { headers: { 'accept-language': 'de, en' }, x: 'MISS', body: '1' },
    { headers: { 'accept-language': 'de' }, x: 'MISS', body: '2', has: { 'cache-status': 'mock; fwd=vary-miss; stored' } },
    { headers: { 'accept-language': 'de,en' }, x: 'HIT', body: '1' },
    { headers: { 'accept-language': 'de' }, x: 'HIT', body: '2' },
    { x: 'MISS', body: '3' }
  ]],
  ['4.1', 'Vary: *', counting({ control: 'max-age=60', vary: '*' }), [{ x: 'BYPASS', has: { 'cache-status': /detail=vary/ } }, { x: 'BYPASS', body: '2' }]],

  ['4.2.1', 's-maxage before max-age', counting({ control: 'max-age=1, s-maxage=60' }), [{ x: 'MISS' }, { after: 50, x: 'HIT' }]],
  ['4.2.1', 'max-age before Expires', counting({ control: 'max-age=60', expires: -1 }), [{ x: 'MISS' }, { after: 50, x: 'HIT' }]],
  ['4.2.1', 'Expires', counting({ expires: 60 }), [{ x: 'MISS' }, { after: 59, x: 'HIT' }, { after: 1, x: 'MISS' }]],
  ['5.3', 'Expires that is no date has passed', { path: '/a', text: 'a', headers: { expires: '0', etag: '"a"' }, cache: { last_modified: false } }, [{ x: 'MISS' }, { x: 'REVALIDATED' }]],
  ['4.2.1', 'a max-age that is no number', counting({ control: 'max-age=soon' }), [{ x: 'MISS' }, { x: 'MISS' }]],
  ['4.2.2', 'a tenth of the time since it changed', constant({ last_modified: '2026-01-31T09:00:00Z' }), [{ x: 'MISS' }, { after: 359, x: 'HIT' }, { after: 1, x: 'REVALIDATED' }]],
  ['4.2.3', 'it was old already when it came', counting({ control: 'max-age=60', age: 50 }), [{ x: 'MISS', has: { age: '50' } }, { after: 9, x: 'HIT', has: { age: '59' } }, { after: 1, x: 'MISS' }]],

  ['4.3', 'a stale one is asked about', constant({ control: 'max-age=60' }), [
    { x: 'MISS' }, { after: 60, x: 'REVALIDATED', status: 200, body: 'same', has: { age: '0', 'cache-status': 'mock; fwd=stale; fwd-status=304; ttl=60; stored' } }, { after: 59, x: 'HIT' }
  ]],
  ['4.3', 'one that has changed is replaced', counting({ control: 'max-age=60', etag: 'strong' }), [{ x: 'MISS', body: '1' }, { after: 60, x: 'MISS', body: '2', has: { 'cache-status': 'mock; fwd=stale; stored' } }, { x: 'HIT', body: '2' }]],
  ['4.3.2', 'the cache answers conditions itself', constant({ etag: '"a"', control: 'max-age=60' }), [
    { headers: { 'if-none-match': '"a"' }, x: 'MISS', status: 304 },
    { headers: { 'if-none-match': '"a"' }, x: 'HIT', status: 304, body: '' },
    { headers: { 'if-none-match': '"b"' }, x: 'HIT', status: 200, body: 'same' },
    { after: 60, headers: { 'if-none-match': '"b"' }, x: 'REVALIDATED', status: 200, body: 'same' }
  ]],
  ['3.3', 'parts of what is stored', constant({ control: 'max-age=60' }), [
    { headers: { range: 'bytes=0-1' }, x: 'MISS', status: 206, body: 'sa' },
    { headers: { range: 'bytes=-2' }, x: 'HIT', status: 206, body: 'me', has: { 'content-range': 'bytes 2-3/4' } },
    { headers: { range: 'bytes=9-' }, x: 'HIT', status: 416 },
    { x: 'HIT', status: 200, body: 'same' }
  ]],
  ['9110 13.1.1', 'If-Match goes on to the endpoint', constant({ etag: '"a"', control: 'max-age=60' }), [{ x: 'MISS' }, { headers: { 'if-match': '"b"' }, x: 'BYPASS', status: 412 }, { headers: { 'if-match': '"a"' }, x: 'BYPASS', status: 200 }]],
  ['4.3.5', 'HEAD gets what is stored of GET', counting({ control: 'max-age=60' }), [{ ask: 'HEAD /a', x: 'MISS', body: '' }, { x: 'MISS', body: '2' }, { ask: 'HEAD /a', x: 'HIT', body: '', has: { 'content-length': '1' } }]],

  ['4.4', 'writes make it forget', [counting({ control: 'max-age=60' }), { path: '/a', method: ['PUT', 'DELETE', 'POST', 'PATCH'], status: 204 }], [
    ...['PUT', 'DELETE', 'POST', 'PATCH'].flatMap((method): Step[] => [{ x: 'MISS' }, { x: 'HIT' }, { ask: `${method} /a`, x: 'BYPASS', status: 204, has: { 'cache-status': 'mock; fwd=method' } }])
  ]],
  ['4.4', 'not those that fail', [counting({ control: 'max-age=60' }), { path: '/a', method: 'PUT', status: 409 }], [{ x: 'MISS' }, { ask: 'PUT /a', x: 'BYPASS', status: 409 }, { x: 'HIT' }]],
  ['4.4', 'not methods that are safe', [counting({ control: 'max-age=60' }), { path: '/a', method: 'OPTIONS', status: 204 }], [{ x: 'MISS' }, { ask: 'OPTIONS /a', x: 'BYPASS' }, { x: 'HIT' }]],
  ['4.4', 'also what Location names', [counting({ control: 'max-age=60' }), { path: '/all', method: 'POST', status: 201, headers: { location: '/a' } }, { path: '/other', method: 'POST', status: 201, headers: { location: 'https://example.com/a' } }], [
    { x: 'MISS' }, { ask: 'POST /other', x: 'BYPASS' }, { x: 'HIT' }, { ask: 'POST /all', x: 'BYPASS' }, { x: 'MISS' }
  ]],

  ['5.2.1.1', 'request max-age', counting({ control: 'max-age=60' }), [{ x: 'MISS' }, { after: 10, headers: { 'cache-control': 'max-age=10' }, x: 'HIT' }, { headers: { 'cache-control': 'max-age=9' }, x: 'MISS', has: { 'cache-status': 'mock; fwd=request; stored' } }]],
  ['5.2.1.2', 'request max-stale', counting({ control: 'max-age=60' }), [
    { x: 'MISS' }, { after: 70, headers: { 'cache-control': 'max-stale=10' }, x: 'STALE', has: { 'cache-status': 'mock; hit; ttl=-10' } }, { headers: { 'cache-control': 'max-stale' }, x: 'STALE' }, { headers: { 'cache-control': 'max-stale=9' }, x: 'MISS' }
  ]],
  ['5.2.1.3', 'request min-fresh', counting({ control: 'max-age=60' }), [{ x: 'MISS' }, { after: 40, headers: { 'cache-control': 'min-fresh=20' }, x: 'HIT' }, { headers: { 'cache-control': 'min-fresh=21' }, x: 'MISS' }]],
  ['5.2.1.4', 'request no-cache', constant({ control: 'max-age=60' }), [{ x: 'MISS' }, { headers: { 'cache-control': 'no-cache' }, x: 'REVALIDATED', has: { 'cache-status': /^mock; fwd=request/ } }]],
  ['5.2.1.5', 'request no-store', counting({ control: 'max-age=60' }), [{ headers: { 'cache-control': 'no-store' }, x: 'BYPASS' }, { x: 'MISS' }]],
  ['5.2.1.7', 'request only-if-cached', counting({ control: 'max-age=60' }), [{ headers: { 'cache-control': 'only-if-cached' }, x: 'MISS', status: 504 }, { x: 'MISS', body: '1' }, { headers: { 'cache-control': 'only-if-cached' }, x: 'HIT' }]],
  ['5.4', 'Pragma: no-cache, from of old', constant({ control: 'max-age=60' }), [{ x: 'MISS' }, { headers: { pragma: 'no-cache' }, x: 'REVALIDATED' }, { headers: { pragma: 'no-cache', 'cache-control': 'max-age=60' }, x: 'HIT' }]],
  ['5.2.1', 'requests that are not listened to', counting({ control: 'max-age=60' }), [{ x: 'MISS' }, { headers: { 'cache-control': 'no-cache' }, x: 'HIT' }], { client_directives: false }],

  ['5.2.2.2', 'must-revalidate: never stale', counting({ control: 'max-age=60, must-revalidate', etag: 'strong' }), [{ x: 'MISS' }, { after: 61, headers: { 'cache-control': 'max-stale' }, x: 'MISS' }]],
  ['5.2.2.8', 'proxy-revalidate: never stale', counting({ control: 'max-age=60, proxy-revalidate' }), [{ x: 'MISS' }, { after: 61, headers: { 'cache-control': 'max-stale' }, x: 'MISS' }]],
  ['5.2.2.10', 's-maxage: never stale', counting({ control: 's-maxage=60' }), [{ x: 'MISS' }, { after: 61, headers: { 'cache-control': 'max-stale' }, x: 'MISS' }]],
  ['5.2.2.4', 'no-cache: asked about each time', constant({ control: 'no-cache, max-age=60' }), [{ x: 'MISS' }, { x: 'REVALIDATED' }]],
  ['5.2.2.5', 'no-store', counting({ control: 'no-store, max-age=60' }), [{ x: 'BYPASS', has: { 'cache-status': 'mock; fwd=uri-miss; detail=no-store' } }, { x: 'BYPASS', body: '2' }]],
  ['5.2.2.3', 'must-understand before no-store', counting({ control: 'must-understand, no-store, max-age=60' }), [{ x: 'MISS' }, { x: 'HIT' }]],
  ['5.2.2.3', 'must-understand, of a status that it does not', counting({ control: 'must-understand, max-age=60' }, { status: 299 }), [{ x: 'MISS' }, { x: 'MISS' }]],
  ['5.2.2.7', 'private', counting({ control: 'private, max-age=60' }), [{ x: 'BYPASS' }]],

  ['5861 3', 'stale-while-revalidate is over', counting({ control: 'max-age=60, stale-while-revalidate=30' }), [{ x: 'MISS', body: '1' }, { after: 90, x: 'MISS', body: '2' }]],
  ['5861 4', 'stale-if-error', constant({ control: 'max-age=60, stale-if-error=60' }, { failure: { every: 2, status: 503 } }), [
    { x: 'MISS' }, { after: 60, x: 'STALE', status: 200, body: 'same', has: { age: '60', 'cache-status': 'mock; fwd=stale; fwd-status=503; ttl=0; detail=stale-if-error', 'x-mock-injected': undefined } }, { x: 'REVALIDATED' }
  ]],
  ['5861 4', 'stale-if-error is over', constant({ control: 'max-age=60, stale-if-error=60' }, { failure: { every: 2, status: 503 } }), [{ x: 'MISS' }, { after: 120, x: 'MISS', status: 503 }]],
  ['5861 4', 'other errors are told', constant({ control: 'max-age=60, stale-if-error=60' }, { failure: { every: 2, status: 400 } }), [{ x: 'MISS' }, { after: 60, x: 'MISS', status: 400 }]],
  ['5861 4', 'must-revalidate forbids it', constant({ control: 'max-age=60, must-revalidate, stale-if-error=60' }, { failure: { every: 2, status: 503 } }), [{ x: 'MISS' }, { after: 60, x: 'MISS', status: 503 }]],
  ['5861 4', 'the request may allow it', constant({ control: 'max-age=60' }, { failure: { every: 2, status: 500 } }), [{ x: 'MISS' }, { after: 60, headers: { 'cache-control': 'stale-if-error=10' }, x: 'STALE', status: 200 }]],
  ['9110 15.6.3', 'a connection that breaks is the cache\'s', constant({ control: 'max-age=60' }, { fault: 'reset' }), [{ x: 'MISS', status: 502 }]],
  ['9110 15.6.5', 'so is one that hangs', constant({ control: 'max-age=60' }, { fault: 'hang' }), [{ x: 'MISS', status: 504 }]],
  ['5861 4', 'and stale-if-error hides it', constant({ control: 'max-age=60, stale-if-error=60' }, { fault: { kind: 'reset', every: 2 } }), [{ x: 'MISS' }, { after: 60, x: 'STALE', status: 200, body: 'same' }]],

  ['policy', 'a time for what says none', { path: '/a', text: "{{counter 'a'}}" }, [{ x: 'MISS' }, { after: 9, x: 'HIT' }, { after: 1, x: 'MISS' }], { ttl: 10 }],
  ['policy', 'a time of the endpoint', counting({}, { shared_cache: { ttl: 20 } }), [{ x: 'MISS' }, { after: 19, x: 'HIT' }, { after: 1, x: 'MISS' }], { ttl: 10 }],
  ['policy', 'stale-if-error for all', constant({ control: 'max-age=60' }, { failure: { every: 2, status: 500 } }), [{ x: 'MISS' }, { after: 60, x: 'STALE' }], { stale_if_error: 10 }],
  ['9211', 'names of cache and header', counting({ control: 'max-age=60' }), [{ x: '', has: { 'cdn-cache': 'MISS', 'x-cache': undefined, 'cache-status': /^edge;/ } }], { name: 'edge', header: 'cdn-cache' }],
  ['mock', 'who prefers an answer does not get a stored one', [{ path: '/a', cache: { control: 'max-age=60' }, responses: [{ text: 'a' }, { name: 'b', text: 'b' }] }], [{ x: 'MISS', body: 'a' }, { headers: { prefer: 'example=b' }, x: 'BYPASS', body: 'b' }, { x: 'HIT', body: 'a' }]]
]

async function follow (t: Test, app: FastifyInstance, steps: readonly Step[]): Promise<void> {
  for (const [index, { after, ask = 'GET /a', headers = {}, x, status, body, has = {} }] of steps.entries()) {
    if (after !== undefined) await app.mock.clock.advance(after * 1000)
    const [method = '', url = ''] = ask.split(' ')
    const answer = await app.inject({ method: method as 'GET', url, headers })
    const at = `step ${index + 1}`
    if (x !== '') t.equal(answer.headers['x-cache'], x, at)
    if (status !== undefined) t.equal(answer.statusCode, status, at)
    if (body !== undefined) t.equal(answer.body, body, at)
    for (const [name, value] of Object.entries(has)) {
      if (value instanceof RegExp) t.match(answer.headers[name], value, `${at}: ${name}`)
      else t.equal(answer.headers[name], value, `${at}: ${name}`)
    }
  }
}

t.test('the cases of RFC 9111, RFC 5861 and RFC 9211 for a shared cache', async t => {
  for (const [section, says, endpoints, steps, shared = true] of TABLE) {
    await t.test(`${section}: ${says}`, async t => {
      const app = await build(t, { shared_cache: shared, endpoints: [endpoints].flat() })
      app.mock.clock.freeze(START)
      await follow(t, app, steps)
    })
  }
})

t.test('stale-while-revalidate', async t => {
  const app = await build(t, { shared_cache: true, endpoints: [counting({ control: 'max-age=60, stale-while-revalidate=30' }, { latency_ms: 1000 })] })
  const { clock, cache, requests } = app.mock
  clock.freeze(START)
  const first = app.inject('/a')
  await clock.waitForPending()
  await clock.advance('1s')
  t.equal((await first).headers['x-cache'], 'MISS')
  await clock.advance('70s')
  await follow(t, app, [{ x: 'STALE', body: '1' }, { x: 'STALE', body: '1' }])
  t.equal(clock.pending, 1, 'asked for anew once, and nobody waits for it')
  await clock.advance('1s')
  await until(() => (cache.list()[0]?.ttl ?? 0) > 0)
  await follow(t, app, [{ x: 'HIT', body: '2' }])
  t.equal(requests.count(), 4, 'what the cache asks itself is in no log')
  t.equal(app.mock.routes()[0]?.hits, 2, 'the endpoint has been asked twice')
})

t.test('a hit never comes to the endpoint', async t => {
  const app = await build(t, {
    shared_cache: true,
    endpoints: [{
      path: '/a',
      security: [{ key: [] }],
      cache: { control: 'public, max-age=60' },
      choose: 'sequence',
      failure: { every: 2, status: 500 },
      responses: [{ name: 'one', text: 'one' }, { name: 'two', text: 'two' }]
    }],
    security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } }
  })
  app.mock.clock.freeze(START)
  await follow(t, app, [
    { x: 'MISS', status: 401 },
    { headers: { 'x-key': 'a' }, x: 'MISS', body: 'one' },
    { x: 'HIT', body: 'one', status: 200 },
    { x: 'HIT', body: 'one' },
    { after: 60, headers: { 'x-key': 'a' }, x: 'MISS', status: 500 }
  ])
  t.same(app.mock.requests.find().map(({ endpoint }) => endpoint?.variant), ['one', 'one', 'one', 'one', 'two'])
})

t.test('which endpoints it stands in front of', async t => {
  const app = await build(t, {
    endpoints: [
      counting({ control: 'max-age=60' }, { shared_cache: true }),
      { path: '/a', method: 'PUT', status: 204 },
      { path: '/b', text: 'b', cache: { control: 'max-age=60' } }
    ]
  })
  await follow(t, app, [{ x: 'MISS' }, { x: 'HIT' }, { ask: 'PUT /a', x: 'BYPASS' }, { x: 'MISS' }, { ask: 'GET /b', x: '', has: { 'x-cache': undefined, 'cache-status': undefined } }])
  await app.mock.reload({ shared_cache: true, endpoints: [counting({ control: 'max-age=60' }, { shared_cache: false }), { path: '/b', text: 'b', cache: { control: 'max-age=60' } }] })
  await follow(t, app, [{ x: '', has: { 'x-cache': undefined } }, { ask: 'GET /b', x: 'MISS' }, { ask: 'GET /b', x: 'HIT' }])
})

t.test('a tag and a profile may put it there', async t => {
  const endpoint = counting({ control: 'max-age=60' }, { tags: ['news'] })
  const app = await build(t, { tags: { news: { shared_cache: true } }, profiles: { bare: { shared_cache: false } }, endpoints: [endpoint] })
  await follow(t, app, [{ x: 'MISS' }, { x: 'HIT' }])
  await app.mock.profiles.use('bare')
  await follow(t, app, [{ x: '', has: { 'x-cache': undefined } }])
})

t.test('what it holds outlives a reload, and not a reset', async t => {
  const config = { shared_cache: true, endpoints: [counting({ control: 'max-age=60' })] }
  const app = await build(t, config)
  await follow(t, app, [{ x: 'MISS' }])
  await app.mock.reload(config)
  await follow(t, app, [{ x: 'HIT' }])
  app.mock.reset()
  await follow(t, app, [{ x: 'MISS' }])
})

t.test('each scope has one of its own', async t => {
  const app = await build(t, { shared_cache: true, endpoints: [counting({ control: 'max-age=60' })] })
  const scope = await app.mock.scopes.create()
  await follow(t, app, [{ x: 'MISS' }, { x: 'HIT' }, { headers: { ...scope.headers }, x: 'MISS', body: '1' }, { headers: { ...scope.headers }, x: 'HIT' }])
  t.equal(scope.cache.purge(), 1)
  t.equal(app.mock.cache.size, 1)
})

t.test('list and purge', async t => {
  const config: Config = { shared_cache: true, endpoints: [{ path: '/users/:id', text: 'u', cache: { control: 'max-age=60', vary: 'Accept-Language' } }, { path: '/users', text: 'all', cache: { control: 'max-age=60' } }] }

  t.test('from code', async t => {
    const app = await build(t, { ...config, prefix: '/api' })
    const { cache, clock } = app.mock
    clock.freeze(START)
    for (const url of ['/users/1', '/users/2?a=1', '/users', '/users/1']) await app.inject({ url: `/api${url}`, headers: { 'accept-language': 'de' } })
    t.match(cache.list(), [
      { url: '/users/1', status: 200, vary: { 'accept-language': 'de' }, age: 0, ttl: 60, hits: 1, stored: '2026-01-31T10:00:00.000Z' },
      { url: '/users', hits: 0 },
      { url: '/users/2?a=1' }
    ])
    t.equal(cache.size, 3)
    t.equal(cache.bytes, cache.list().reduce((sum, { bytes }) => sum + bytes, 0))
    t.equal(cache.purge('/users/2'), 1, 'whatever the query')
    t.equal(cache.purge('/nothing'), 0)
    t.equal(cache.purge('/users/*'), 1)
    t.equal(cache.purge(), 1)
    t.equal(cache.bytes, 0)
  })

  t.test('over the control API and by clients', async t => {
    const { app, url } = await listen(t, config)
    const mock = await connect(url)
    await fetch(`${url}/users/1`)
    await fetch(`${url}/users`)
    t.match(await mock.cache.list(), [{ url: '/users' }, { url: '/users/1', vary: { 'accept-language': '*' } }])
    t.equal(await mock.cache.purge('/users/*'), 1)
    t.equal(await mock.cache.purge(), 1)
    const refused = await app.inject({ method: 'POST', url: '/__mock/api/cache/purge', payload: { pattern: 1 } })
    t.equal(refused.statusCode, 400)
    t.equal((await app.inject('/__mock/api/cache?scope=nobody')).statusCode, 404)
  })
})

t.test('stays within its bounds', async t => {
  t.test('of bytes: what was not used for longest goes', async t => {
    const app = await build(t, { shared_cache: { max_bytes: 4000 }, endpoints: [{ path: '/:name', text: 'x'.repeat(500), cache: { control: 'max-age=60' } }] })
    for (const url of ['/a', '/b', '/a', '/c', '/a', '/d', '/a', '/e']) await app.inject(url)
    t.ok(app.mock.cache.bytes <= 4000)
    t.ok(app.mock.cache.list().some(({ url }) => url === '/a'))
    t.notOk(app.mock.cache.list().some(({ url }) => url === '/b'))
  })

  t.test('of entries, and of one entry', async t => {
    const app = await build(t, { shared_cache: { max_entries: 2, max_entry_bytes: 10 }, endpoints: [{ path: '/:name', text: '{{request.params.name}}', cache: { control: 'max-age=60' } }] })
    for (const url of ['/a', '/b', '/c']) await app.inject(url)
    t.same(app.mock.cache.list().map(({ url }) => url), ['/c', '/b'])
    await follow(t, app, [{ ask: 'GET /0123456789x', x: 'MISS', has: { 'cache-status': 'mock; fwd=uri-miss; detail=too-large' } }])
    await app.mock.reload({ shared_cache: { max_entries: 0 }, endpoints: [] })
    t.equal(app.mock.cache.size, 0)
  })

  t.test('a file that is too large goes on whole', async t => {
    const folder = t.testdir({ 'large.txt': 'x'.repeat(200_000) })
    const { url } = await listen(t, { cwd: folder, shared_cache: { max_entry_bytes: 100_000 }, endpoints: [{ path: '/large', file: 'large.txt', cache: { control: 'max-age=60' } }] })
    const answer = await fetch(`${url}/large`)
    t.equal((await answer.text()).length, 200_000)
    t.equal(answer.headers.get('x-cache'), 'MISS')
  })

  t.test('whatever is stored', t => {
    fc.assert(fc.property(fc.array(fc.record({ url: fc.constantFrom('/a', '/b', '/c', '/d'), size: fc.nat(900), lang: fc.constantFrom('de', 'en') })), puts => {
      const cache = createSharedCache(() => 0)
      cache.configure({ bytes: 3000, entries: 4, body: 800 })
      for (const { url, size, lang } of puts) {
        const response = storedResponse({ url, status: 200, headers: { vary: 'a' }, body: Buffer.alloc(size), requestHeaders: { a: lang }, requested: 0, received: 0, policy: {}, variant: undefined })
        const isKept = cache.put(response)
        if (isKept !== (size <= 800) || (isKept && cache.find(url, { a: lang }) !== response)) return false
      }
      const entries = cache.list()
      return cache.bytes <= 3000 && cache.size <= 4 && cache.size === entries.length && cache.bytes === entries.reduce((sum, { bytes }) => sum + bytes, 0)
    }))
    t.end()
  })
})

t.test('on a socket', async t => {
  const { app, url } = await listen(t, { shared_cache: true, endpoints: [counting({ control: 'max-age=60' }, { latency_ms: 20 }), { path: '/r', text: 'r', cache: { control: 'max-age=60' }, fault: { kind: 'reset', every: 2 } }] })
  for (const x of ['MISS', 'HIT', 'HIT']) {
    const answer = await fetch(`${url}/a`)
    t.equal(answer.headers.get('x-cache'), x)
    t.equal(await answer.text(), '1')
  }
  const head = await fetch(`${url}/a`, { method: 'HEAD' })
  t.equal(head.headers.get('content-length'), '1')
  await fetch(`${url}/r`)
  app.mock.cache.purge('/r')
  t.equal((await fetch(`${url}/r`)).status, 502, 'the client has its connection')
  t.match(app.mock.requests.find({ path: '/a' }).map(({ response }) => response), [{ status: 200, body: { text: '1' } }, { body: { text: '1' } }, { body: { text: '1' } }, { status: 200 }])
})

t.test('http-cache-semantics agrees with what is sent', async t => {
  const app = await build(t, {
    endpoints: [
      { path: '/fresh', text: 'a', cache: { control: { public: true, max_age: 60, stale_while_revalidate: 10, stale_if_error: 20 }, age: 5 } },
      { path: '/private', text: 'a', cache: { control: 'private, max-age=60' } },
      { path: '/expires', text: 'a', cache: { expires: 30, vary: 'Accept' } },
      { path: '/none', text: 'a', cache: { control: 'no-store' } }
    ]
  })
  app.mock.clock.freeze(START)
  const ask = async (url: string, headers: Record<string, string> = {}) => {
    const request = { url, method: 'GET', headers: { host: 'localhost', ...headers } }
    const { statusCode: status, headers: sent } = await app.inject({ url, headers: request.headers })
    return { request, response: { status, headers: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)])) } }
  }
  const policyOf = async (url: string) => {
    const { request, response } = await ask(url)
    moment = app.mock.clock.now()
    return new Policy(request, response, { shared: true })
  }

  t.test('whether it may be stored, and for how long', async t => {
    t.equal((await policyOf('/fresh')).maxAge(), 60)
    t.equal((await policyOf('/expires')).maxAge(), 30)
    t.notOk((await policyOf('/private')).storable())
    t.notOk((await policyOf('/none')).storable())
    t.ok((await policyOf('/expires')).storable())
  })

  t.test('that what it asks for anew is found unchanged', async t => {
    const policy = await policyOf('/fresh')
    await app.mock.clock.advance('2m')
    moment = app.mock.clock.now()
    const first = { url: '/fresh', method: 'GET', headers: { host: 'localhost' } }
    t.notOk(policy.satisfiesWithoutRevalidation(first))
    const headers = policy.revalidationHeaders(first)
    t.ok(headers['if-none-match'])
    const { request, response } = await ask('/fresh', Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])))
    t.equal(response.status, 304)
    const { modified, matches, policy: renewed } = policy.revalidatedPolicy(request, response)
    t.same({ modified, matches }, { modified: false, matches: true })
    t.equal(renewed.maxAge(), 60)
  })

  t.test('with the cache of ours, whatever an answer says', t => {
    const directive = fc.oneof(
      fc.constantFrom('public', 'private', 'no-store', 'no-cache', 'must-revalidate', 'immutable'),
      fc.tuple(fc.constantFrom('max-age', 's-maxage'), fc.nat(1000)).map(([name, seconds]) => `${name}=${seconds}`)
    )
    const now = Date.parse(START)
    const date = fc.integer({ min: -5000, max: 5000 }).map(seconds => new Date(now + seconds * 1000).toUTCString())
    const response = fc.record({
      // It stores no other statuses, which the RFC lets a cache do where an answer says how long it is fresh.
      status: fc.constantFrom(200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410, 414, 501),
      control: fc.uniqueArray(directive, { maxLength: 4, selector: text => text.split('=')[0] }),
      expires: fc.option(date, { nil: undefined }),
      modified: fc.option(date, { nil: undefined }),
      age: fc.option(fc.nat(500), { nil: undefined }),
      cookie: fc.boolean(),
      authorized: fc.boolean()
    })
    fc.assert(fc.property(response, fc.nat(2000), ({ status, control, expires, modified, age, cookie, authorized }, later) => {
      const headers: Record<string, string> = {
        date: new Date(now).toUTCString(),
        ...control.length > 0 && { 'cache-control': control.join(', ') },
        ...expires !== undefined && { expires },
        ...modified !== undefined && { 'last-modified': modified },
        ...age !== undefined && { age: String(age) },
        ...cookie && { 'set-cookie': 'a=b' }
      }
      const requestHeaders = { host: 'a', ...authorized && { authorization: 'Bearer a' } }
      moment = now
      const theirs = new Policy({ url: '/', method: 'GET', headers: requestHeaders }, { status, headers }, { shared: true, immutableMinTimeToLive: 0 })
      const refusal = whyNotStored(status, headers, requestHeaders, {}, now)
      const ours = storedResponse({ url: '/', status, headers, body: Buffer.alloc(0), requestHeaders, requested: now, received: now, policy: {}, variant: undefined })
      if (refusal === undefined) {
        if (!theirs.storable()) return false
        if (Math.abs(theirs.maxAge() - ours.freshness.lifetime) > 0.001) return false
        moment += later * 1000
        return Math.abs(theirs.age() - ageOf(ours, moment)) < 0.001
      }
      // What we do not keep, they could not use either.
      return refusal.reason === 'useless' ? theirs.maxAge() === 0 : !theirs.storable() || theirs.maxAge() === 0 || refusal.reason === 'set-cookie'
    }), { numRuns: 2000 })
    t.end()
  })
})
