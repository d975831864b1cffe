import fc from 'fast-check'
import t from 'tap'
import type { Failure, Response } from '../lib/config.ts'
import type { Occurrence } from '../lib/config-keys/injection.ts'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { connect } from '../lib/client/index.ts'
import { compileOccurrence } from '../lib/injection/occurrence.ts'
import { createRandom, seedOf } from '../lib/random.ts'
import { createStore, type Store } from '../lib/store.ts'
import { MAX_GROUPS } from '../lib/state/choices.ts'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { build, listen } from './helper.ts'

const STARTED = Date.parse('2027-01-01T00:00:00Z')

/** Which of so many requests in a row are struck; time goes on by `step` milliseconds with each. */
function struck (options: Occurrence, count: number, { seed = 1, step = 0 } = {}): boolean[] {
  let now = STARTED
  const store = createStore({ clock: { now: () => now } })
  const occurrence = compileOccurrence(options, { key: 'failure', kind: 'failure' })
  return [...Array(count).keys()].map(index => {
    now = STARTED + index * step
    return occurrence.strikes({ ...contextOf(store), count: index + 1, random: createRandom(seedOf(seed, index)) })
  })
}

const contextOf = (store: Store) => ({
  store,
  endpoint: { id: 'GET /' },
  request: { method: 'GET', url: '/', path: '/', params: {}, query: {}, headers: {}, cookies: {}, body: undefined, ip: '', host: '', protocol: 'http', id: '1' },
  now: new Date(STARTED),
  counters: store
})

const small = fc.integer({ min: 1, max: 6 })
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })

t.test('which requests fail', async t => {
  t.test('is what each key says, and all keys together', async t => {
    const failures = fc.record({
      skip: optional(small),
      first: optional(small),
      every: optional(fc.integer({ min: 1, max: 3 })),
      times: optional(small),
      burst: optional(fc.record({ of: small, every: fc.integer({ min: 6, max: 9 }) })),
      schedule: optional(fc.record({ after_ms: fc.integer({ min: 0, max: 30 }), for_ms: fc.integer({ min: 1, max: 50 }), every_ms: fc.integer({ min: 51, max: 90 }) }))
    })
    const COUNT = 20
    const STEP = 10
    fc.assert(fc.property(failures, options => {
      const occurrence = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
      const { skip = 0, first = Infinity, every = 1, times = Infinity, burst, schedule } = options
      let left = times
      const expected = [...Array(COUNT).keys()].map(index => {
        const n = index + 1 - skip
        const elapsed = index * STEP - (schedule?.after_ms ?? 0)
        const isOpen = schedule === undefined || (elapsed >= 0 && elapsed % schedule.every_ms < schedule.for_ms)
        const isDue = n >= 1 && n <= first && n % every === 0 && isOpen && left > 0 && (burst === undefined || (n - 1) % burst.every < burst.of)
        if (isDue) left--
        return isDue
      })
      t.same(struck(occurrence, COUNT, { step: STEP }), expected, JSON.stringify(occurrence))
    }), { numRuns: 300 })
  })

  t.test('comes in bursts as long as asked for', async t => {
    const outcomes = struck({ burst: { start: 0.05, end: 0.25 } }, 4000)
    const bursts = outcomes.map(isStruck => isStruck ? 'x' : '.').join('').match(/x+/g) ?? []
    const mean = bursts.reduce((sum, burst) => sum + burst.length, 0) / bursts.length
    t.ok(Math.abs(mean - 4) < 0.8, `bursts of ${mean} requests`)
    // In the long run, start / (start + end) of them.
    const share = outcomes.filter(Boolean).length / outcomes.length
    t.ok(Math.abs(share - 1 / 6) < 0.04, `${share} of all`)
  })

  t.test('goes by the rate, within what the other keys allow', async t => {
    const outcomes = struck({ rate: 0.5, first: 600 }, 700)
    t.ok(Math.abs(outcomes.filter(Boolean).length - 300) < 60)
    t.notOk(outcomes.slice(600).includes(true))
  })

  t.test('repeats with the seed', async t => {
    fc.assert(fc.property(fc.integer(), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (seed, share) => {
      for (const options of [{ rate: share }, { burst: { start: share, end: share } }]) t.same(struck(options, 20, { seed }), struck(options, 20, { seed }))
    }))
    t.notSame(struck({ rate: 0.5 }, 100, { seed: 1 }), struck({ rate: 0.5 }, 100, { seed: 2 }))
  })

  t.test('goes by request and state', async t => {
    const app = await build(t, {
      variables: { broken: false },
      endpoints: [{ path: '/pay', method: 'POST', failure: { when: { body: { '/amount': { greater: 100 } }, variables: { broken: true } }, first: 1 }, response: 'paid' }]
    })
    const pay = async (amount: number) => (await app.inject({ method: 'POST', url: '/pay', payload: { amount } })).statusCode
    t.equal(await pay(500), 200)
    app.mock.variables.set('broken', true)
    t.equal(await pay(50), 200, 'what the condition does not hold for is not counted')
    t.equal(await pay(500), 500)
    t.equal(await pay(500), 200)
  })

  t.test('is counted for each client, or each value that tells requests apart', async t => {
    const app = await build(t, { endpoints: [{ path: '/', failure: { first: 2, per: { header: 'Idempotency-Key' } }, response: 1 }] })
    const send = async (key: string) => (await app.inject({ url: '/', headers: { 'idempotency-key': key } })).statusCode
    t.same([await send('a'), await send('b'), await send('a'), await send('a'), await send('b'), await send('b')], [500, 500, 500, 200, 500, 200])
    t.same(app.mock.failures.list(), [
      { endpoint: 'GET /', kind: 'failure', group: 'a', seen: 3, struck: 2 },
      { endpoint: 'GET /', kind: 'failure', group: 'b', seen: 3, struck: 2 }
    ])
  })

  t.test('tells no more values apart than there is room for', async t => {
    const store = createStore()
    const occurrence = compileOccurrence({ first: 1, per: { param: 'id' } }, { key: 'failure', kind: 'failure' })
    const context = contextOf(store)
    const ask = (id: number) => occurrence.strikes({ ...context, count: 1, random: createRandom(1), request: { ...context.request, params: { id: String(id) } } })
    for (let i = 0; i <= MAX_GROUPS; i++) ask(i)
    t.equal(store.injections.list().length, MAX_GROUPS)
    t.equal(ask(MAX_GROUPS), false)
    t.equal(ask(0), true, 'the one not seen for longest begins anew')
  })

  t.test('goes by the clock, in windows of its own or between dates', async t => {
    const app = await build(t, {
      clock: { now: () => STARTED },
      endpoints: [
        { path: '/often', failure: { schedule: { after_ms: 1000, for_ms: 500, every_ms: 2000 } }, response: 1 },
        { path: '/once', failure: { schedule: [{ from: '2027-01-01T00:00:03Z', until: '2027-01-01T00:00:04Z' }, { from: '2027-01-01T00:00:06Z', for_ms: 1 }] }, response: 1 }
      ]
    })
    app.mock.clock.freeze()
    const seen = { often: '', once: '' }
    for (let i = 0; i < 16; i++) {
      for (const path of ['often', 'once'] as const) seen[path] += (await app.inject(`/${path}`)).statusCode === 500 ? 'x' : '.'
      await app.mock.clock.advance(500)
    }
    t.same(seen, { often: '..x...x...x...x.', once: '......xx....x...' })
  })

  t.test('begins anew when it is changed, and when it is reset', async t => {
    const config = (first: number, response = 1): MockPluginOptions => ({ endpoints: [{ path: '/', failure: { first }, response }, { path: '/other', failure: { first: 1 }, response: 1 }] })
    const app = await build(t, config(1))
    const ask = async (url = '/') => (await app.inject(url)).statusCode
    t.same([await ask(), await ask(), await ask('/other')], [500, 200, 500])
    await app.mock.reload(config(1, 2))
    t.equal(await ask(), 200, 'an answer that changed is no reason')
    await app.mock.reload(config(2))
    t.same([await ask(), await ask(), await ask()], [500, 500, 200])
    app.mock.failures.reset('GET /')
    t.same([await ask(), await ask('/other')], [500, 200], 'one')
    app.mock.failures.reset()
    t.same([await ask(), await ask('/other')], [500, 500], 'all')
    app.mock.reset()
    t.same([await ask(), await ask('/other')], [500, 500])
    await app.mock.reload({ endpoints: [{ path: '/', response: 1 }] })
    t.same(app.mock.failures.list(), [], 'what is gone is forgotten')
  })

  t.test('is counted in each scope apart', async t => {
    const app = await build(t, { endpoints: [{ path: '/', failure: { first: 1 }, response: 1 }] })
    const scope = await app.mock.scopes.create()
    const ask = async (headers = {}) => (await app.inject({ url: '/', headers })).statusCode
    t.same([await ask(), await ask(), await ask(scope.headers), await ask(scope.headers)], [500, 200, 500, 200])
    t.same(scope.failures.list(), [{ endpoint: 'GET /', kind: 'failure', seen: 2, struck: 1 }])
    await scope.use({ path: '/', failure: { times: 1 }, response: 2 })
    t.same([await ask(scope.headers), await ask(scope.headers), await ask()], [500, 200, 200])
  })
})

t.test('where it is said', async t => {
  const statuses = async (options: MockPluginOptions, url = '/', count = 2) => {
    const app = await build(t, options)
    const found = []
    for (let i = 0; i < count; i++) found.push((await app.inject(url)).statusCode)
    return found
  }

  t.test('an endpoint over the defaults', async t => {
    const defaults = { failure: { first: 1 } }
    t.same(await statuses({ defaults, endpoints: [{ path: '/', response: 1 }] }), [500, 200])
    t.same(await statuses({ defaults, endpoints: [{ path: '/', failure: false, response: 1 }] }), [200, 200])
    t.same(await statuses({ defaults, endpoints: [{ path: '/', failure_rate: 0, response: 1 }] }), [200, 200])
    t.same(await statuses({ defaults, endpoints: [{ path: '/', failure: { every: 2 }, response: 1 }] }), [200, 500])
  })

  t.test('an answer over its endpoint, counted for itself', async t => {
    const app = await build(t, { endpoints: [{ path: '/', choose: 'round_robin', failure: { times: 1 }, responses: [{ response: 1 }, { response: 2, failure: { times: 1, status: 418 } }] }] })
    const found = []
    for (let i = 0; i < 4; i++) found.push((await app.inject('/')).statusCode)
    t.same(found, [500, 418, 200, 200])
    t.same(app.mock.failures.list(), [{ endpoint: 'GET /', kind: 'failure', seen: 2, struck: 1 }, { endpoint: 'GET /', kind: 'failure', response: 2, seen: 2, struck: 1 }])
  })

  t.test('what failures look like is not that there are any', async t => {
    t.same(await statuses({ endpoints: [{ path: '/', failure: { status: 503 }, response: 1 }] }), [200, 200])
    t.same(await statuses({ endpoints: [{ path: '/', failure_rate: 1, failure: { status: 503 }, response: 1 }] }), [503, 503])
  })

  t.test('mistakes are told with their place', async t => {
    const of = async (behaviour: Pick<Response, 'failure' | 'fault' | 'failure_rate'>) => {
      try {
        const app = await build(t, { endpoints: [{ path: '/', ...behaviour, response: 1 }] })
        return app.mock.warnings.map(({ code, pointer }) => `${code} ${pointer}`)
      } catch (error) {
        return isConfigInvalid(error) ? error.diagnostics.map(({ code, pointer, hint }) => `${code} ${pointer}${hint === undefined ? '' : `: ${hint}`}`) : [String(error)]
      }
    }
    t.same(await of({ failure: { burst: { of: 3, every: 2 } } }), ['bad-range /endpoints/0/failure/burst/of'])
    t.same(await of({ failure: { status: { 503: 0 }, first: 1 } }), ['never-chosen /endpoints/0/failure/status: give one of them a weight above 0'])
    t.same(await of({ failure: { schedule: { from: '2027-13-01' } } }), ['bad-date /endpoints/0/failure/schedule/from: write it as 2027-01-31T08:00:00Z'])
    t.same(await of({ failure: { schedule: { from: '2027-02-01', until: '2027-01-01' } } }), ['bad-range /endpoints/0/failure/schedule/from'])
    t.same(await of({ failure: { schedule: [{ every_ms: 5 }] } }), ['no-effect /endpoints/0/failure/schedule/0/every_ms'])
    t.same(await of({ failure: { first: 2, every: 3 } }), ['never-chosen /endpoints/0/failure/every'])
    t.same(await of({ failure_rate: 0.1, failure: { rate: 0.2 } }), ['no-effect /endpoints/0/failure_rate'])
    t.same(await of({ fault: { kind: { rest: 1 } } }), ["unknown-fault /endpoints/0/fault/kind/rest: did you mean 'reset'?"])
    t.match(await of({ failure: { when: { headers: { a: { matches: '(' } } } } }), [/^bad-condition \/endpoints\/0\/failure\/when/])
    t.match(await of({ failure: { first: 1, body: '{{#if' } }), [/^bad-template \/endpoints\/0\/failure\/body/])
  })
})

t.test('what a request that fails is answered with', async t => {
  const failing = { failure_rate: 1, response: 'fine' }

  t.test('one of several statuses, as they are weighed', async t => {
    const app = await build(t, { seed: 4, endpoints: [{ path: '/', failure_rate: 1, failure: { status: { 503: 3, 429: 1, 500: 0 } }, response: 1 }] })
    const counts = new Map<number, number>()
    for (let i = 0; i < 1000; i++) {
      const { statusCode } = await app.inject('/')
      counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    }
    t.same([...counts.keys()].sort(), [429, 503])
    t.ok(Math.abs((counts.get(503) ?? 0) - 750) < 60)
  })

  t.test("the API's own error of that status, in the type that the client accepts", async t => {
    const app = await build(t, {
      endpoints: [{
        path: '/',
        ...failing,
        failure_rate: 1,
        response: undefined,
        failure: { status: 503, headers: { 'x-trace': '{{request.id}}' }, retry_after: 7 },
        responses: [
          { response: 'fine' },
          { name: 'down', status: 503, headers: { 'x-own': '1' }, response: { error: { code: 'unavailable' } } },
          { status: 503, content_type: 'application/xml', text: '<error/>' }
        ]
      }]
    })
    const answer = await app.inject('/')
    t.match(answer, { statusCode: 503, headers: { 'x-own': '1', 'retry-after': '7', 'x-mock-injected': 'failure', 'x-trace': /./ } })
    t.same(answer.json(), { error: { code: 'unavailable' } })
    t.equal((await app.inject({ url: '/', headers: { accept: 'application/xml' } })).body, '<error/>')
    t.match(app.mock.requests.find(), [{ injected: { failure: 503 }, endpoint: { variant: 'down' } }, {}])
  })

  t.test('the one that stands for its range, or for all others', async t => {
    const app = await build(t, {
      endpoints: [{ path: '/', failure_rate: 1, failure: { status: [502] }, responses: [{ response: 1 }, { status: 500, stands_for: '5XX', response: { oops: true } }] }]
    })
    const answer = await app.inject('/')
    t.same([answer.statusCode, answer.json()], [502, { oops: true }])
  })

  t.test('a problem document where there is none, and a body of its own before both', async t => {
    const app = await build(t, {
      endpoints: [
        { path: '/a', ...failing },
        { path: '/b', failure_rate: 1, failure: { status: 503, body: { own: 1 } }, responses: [{ response: 1 }, { status: 503, response: 'api' }] }
      ]
    })
    const answer = await app.inject('/a')
    t.match(answer, { statusCode: 500, headers: { 'content-type': /^application\/problem\+json/ } })
    t.match(answer.json(), { status: 500, title: 'Injected failure' })
    t.same((await app.inject('/b')).json(), { own: 1 })
  })

  t.test('when to try again', async t => {
    const retry = async (after: Failure['retry_after']) => {
      const app = await build(t, { clock: { now: () => STARTED }, endpoints: [{ path: '/', failure_rate: 1, failure: { status: 503, retry_after: after }, response: 1 }] })
      return (await app.inject('/')).headers['retry-after']
    }
    t.equal(await retry(30), '30')
    t.equal(await retry({ seconds: 30, as: 'date' }), 'Fri, 01 Jan 2027 00:00:30 GMT')
  })

  t.test('is marked, unless the configuration says otherwise', async t => {
    const app = await build(t, { injected_header: false, endpoints: [{ path: '/', ...failing }] })
    t.equal((await app.inject('/')).headers['x-mock-injected'], undefined)
    t.match(app.mock.requests.find(), [{ injected: { failure: 500 } }], 'the log tells it all the same')
  })

  t.test('a failure of its own that fails is an error, and no crash', async t => {
    const app = await build(t, { endpoints: [{ path: '/', latency_ms: 1, failure_rate: 1, failure: { status: 503 }, responses: [{ response: 1 }, { status: 503, file: './none.json' }] }] })
    t.match((await app.inject('/')).json(), { code: 'MOCK_ERR_FILE_MISSING' })
  })
})

t.test('mock control shows and resets the counters', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/', failure: { first: 1 }, response: 1 }] })
  const client = await connect(url)
  const ask = async () => (await app.inject('/')).statusCode
  t.same([await ask(), await ask()], [500, 200])
  t.same(await client.failures.list(), [{ endpoint: 'GET /', kind: 'failure', seen: 2, struck: 1 }])
  t.same(await client.failures.list('GET /other'), [])
  await client.failures.reset('GET /')
  t.equal(await ask(), 500)
  await client.failures.reset()
  t.equal(await ask(), 500)
  const scope = await client.scopes.create()
  t.same(await scope.failures.list(), [])
})

t.test('schemas in conditions of failures and faults may refer to shared ones', async t => {
  const when = { body: { json_schema: { $ref: '#/schemas/Big' } } }
  const app = await build(t, {
    schemas: { Big: { type: 'object', properties: { amount: { minimum: 100 } } } },
    endpoints: [{ path: '/', method: 'POST', failure: { when }, fault: { kind: 'latency', when }, response: 1 }]
  })
  const send = async (amount: number) => (await app.inject({ method: 'POST', url: '/', payload: { amount } })).statusCode
  t.same([await send(1), await send(100)], [200, 500])
  const bad = { body: { json_schema: { $ref: '#/schemas/None' } } }
  for (const behaviour of [{ failure: { when: bad } }, { fault: { kind: 'reset' as const, when: bad } }]) {
    await t.rejects(build(t, { schemas: {}, endpoints: [{ path: '/', ...behaviour, response: 1 }] }), { code: 'MOCK_ERR_CONFIG_INVALID' })
  }
})
