import t from 'tap'
import fc from 'fast-check'
import { request } from 'node:http'
import { connect } from '../lib/client/index.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { parseDuration, parseMoment } from '../lib/clock/moment.ts'
import { createVirtualClock } from '../lib/clock/virtual-clock.ts'
import { build, listen } from './helper.ts'

const NOON = Date.parse('2026-01-31T12:00:00Z')

/** A clock behind the clock, moved by hand: no test of the arithmetic waits. */
function handClock (): Clock & { pass: (milliseconds: number) => void } {
  let time = 1_000
  let timers: Array<{ at: number, run: () => void }> = []
  return {
    now: () => time,
    elapsed: () => time,
    after (milliseconds, run) {
      const timer = { at: time + milliseconds, run }
      timers.push(timer)
      return () => { timers = timers.filter(other => other !== timer) }
    },
    pass (milliseconds) {
      time += milliseconds
      const due = timers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)
      timers = timers.filter(({ at }) => at > time)
      for (const { run } of due) run()
    }
  }
}

t.test('spans of time are milliseconds, or amounts with units', async t => {
  for (const [written, milliseconds] of [[5, 5], ['250', 250], ['90s', 90_000], ['1h 30m', 5_400_000], ['2 days', 172_800_000], ['1.5 s', 1_500], ['1 week', 604_800_000], ['1H,5min', 3_900_000]] as const) {
    t.equal(parseDuration(written), milliseconds, String(written))
  }
  for (const wrong of ['', 'soon', '1 fortnight', '-1s', -1, NaN, Infinity, '1h later', 'h', '1 h 2']) t.throws(() => parseDuration(wrong), { code: 'MOCK_ERR_CLOCK_TIME' }, String(wrong))
})

t.test('points in time are dates, milliseconds or ISO 8601', async t => {
  for (const written of [NOON, new Date(NOON), '2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00', '2026-01-31T12:00']) t.equal(parseMoment(written), NOON, String(written))
  t.equal(parseMoment(0), 0)
  t.equal(parseMoment('2026-01-31'), NOON - 12 * 3_600_000)
  for (const wrong of ['', 'noon', '2026-02-30', new Date(NaN), NaN, Infinity, 9e15]) t.throws(() => parseMoment(wrong), { code: 'MOCK_ERR_CLOCK_TIME' }, String(wrong))
})

t.test('a clock follows the one behind it', async t => {
  const real = handClock()
  const clock = createVirtualClock(real)
  const fired: string[] = []
  clock.after(100, () => fired.push('a'))
  const cancel = clock.after(100, () => fired.push('b'))
  t.equal(clock.pending, 2)
  cancel()
  cancel()
  t.equal(clock.pending, 1)
  real.pass(99)
  t.same(fired, [])
  real.pass(1)
  t.same(fired, ['a'])
  t.equal(clock.pending, 0)
  t.equal(clock.now(), real.now())
})

t.test('a frozen clock stands still, and waits go on where they were', async t => {
  const real = handClock()
  const clock = createVirtualClock(real)
  const fired: number[] = []
  clock.after(100, () => fired.push(clock.now()))
  real.pass(40)
  clock.freeze(NOON)
  real.pass(1_000)
  t.equal(clock.now(), NOON)
  t.same(fired, [])
  await clock.advance(59)
  t.same(fired, [])
  await clock.advance(1)
  t.same(fired, [NOON + 60], 'what had passed before counts')
  clock.after(30, () => fired.push(clock.now()))
  clock.resume()
  real.pass(29)
  t.equal(fired.length, 1)
  real.pass(1)
  t.same(fired, [NOON + 60, NOON + 90], 'time runs on from where it was')
})

t.test('what is due happens in order, each at its own moment, and so does what it leads to', async t => {
  const clock = createVirtualClock(systemClock)
  clock.freeze(0)
  const seen: string[] = []
  const tell = (name: string) => () => { seen.push(`${name}@${clock.now()}`) }
  clock.after(300, tell('last'))
  clock.after(100, () => {
    tell('first')()
    Promise.resolve().then(() => clock.after(50, tell('retry')))
    setImmediate(() => clock.after(100, tell('later')))
  })
  clock.after(100, tell('second'))
  clock.after(301, tell('too late'))
  await clock.advance(300)
  t.same(seen, ['first@100', 'second@100', 'retry@150', 'later@200', 'last@300'])
  t.equal(clock.now(), 300)
  t.equal(clock.pending, 1)
})

t.test('a clock that runs can be moved on, and runs on', async t => {
  const real = handClock()
  const clock = createVirtualClock(real)
  const fired: number[] = []
  clock.after(1_000, () => fired.push(1))
  clock.after(5_000, () => fired.push(5))
  await clock.advance('2s')
  t.same(fired, [1])
  t.equal(clock.now(), real.now() + 2_000)
  real.pass(2_999)
  t.same(fired, [1])
  real.pass(1)
  t.same(fired, [1, 5])
})

t.test('setting the time is no waiting', async t => {
  const real = handClock()
  const clock = createVirtualClock(real)
  let fired = 0
  clock.after(100, () => { fired++ })
  clock.set(NOON)
  t.equal(clock.now(), NOON)
  real.pass(99)
  t.equal(clock.now(), NOON + 99)
  t.equal(fired, 0)
  clock.freeze()
  clock.set(0)
  t.equal(clock.now(), 0)
  await clock.advance(1)
  t.equal(fired, 1)
  t.equal(clock.now(), 1)
  clock.reset()
  t.equal(clock.now(), real.now())
  t.notOk(clock.isFrozen)
})

t.test('two who move the time on take turns', async t => {
  const clock = createVirtualClock(systemClock)
  clock.freeze(0)
  const seen: number[] = []
  for (const at of [10, 20, 30]) clock.after(at, () => seen.push(clock.now()))
  await Promise.all([clock.advance(15), clock.advance(15)])
  t.same(seen, [10, 20, 30])
  t.equal(clock.now(), 30)
})

t.test('a callback that throws is told to who moved the time on, and the clock goes on', async t => {
  const clock = createVirtualClock(systemClock)
  clock.freeze(0)
  clock.after(1, () => { throw new Error('broken') })
  clock.after(2, () => {})
  await t.rejects(clock.advance(5), { message: 'broken' })
  await clock.advance(5)
  t.equal(clock.pending, 0)
})

t.test('one behind another: what stops the first stops the second, and not the other way', async t => {
  const root = createVirtualClock(systemClock)
  const scope = createVirtualClock(root)
  const fired: string[] = []
  root.freeze(NOON)
  t.equal(scope.now(), NOON)
  scope.after(100, () => fired.push('scope'))
  root.after(200, () => fired.push('root'))
  await root.advance(100)
  t.same(fired, ['scope'])
  scope.freeze(0)
  scope.after(10, () => fired.push('scope again'))
  await root.advance(100)
  t.same(fired, ['scope', 'root'])
  t.equal(scope.now(), 0)
  await scope.advance(10)
  t.same(fired, ['scope', 'root', 'scope again'])
  scope.reset()
  t.equal(scope.now(), NOON + 200)
})

t.test('however it is moved, nothing is early, nothing is lost, and the order is kept', async t => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ kind: fc.constantFrom('freeze' as const, 'resume' as const, 'reset' as const, 'set' as const), ms: fc.constant(0) })
  )
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 20 }), async actions => {
    const real = handClock()
    const clock = createVirtualClock(real)
    /** How long the clock has gone on, counted beside it. */
    let gone = 0
    let isFrozen = false
    const due: number[] = []
    const fired: number[] = []
    for (const { kind, ms } of actions) {
      if (kind === 'wait') {
        const at = gone + ms
        due.push(at)
        clock.after(ms, () => fired.push(at))
      } else if (kind === 'advance') {
        await clock.advance(ms)
        gone += ms
      } else if (kind === 'pass') {
        real.pass(ms)
        if (!isFrozen) gone += ms
      } else if (kind === 'set') clock.set(NOON)
      else {
        clock[kind]()
        isFrozen = kind === 'freeze'
      }
      if (fired.some(at => at > gone)) throw new Error('early')
    }
    real.pass(0)
    await clock.advance(0)
    const expected = due.filter(at => at <= gone).length
    if (fired.length !== expected || clock.pending !== due.length - expected) throw new Error(`${fired.length} of ${expected}`)
  }), { seed: 7, numRuns: 300 })
})

t.test('a delayed answer is waited for without waiting', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 3_600_000, response: { at: '{{now}}' } }, { path: '/slow', method: 'POST', latency_ms: 60_000, response: 'in' }] })
  const { clock, requests } = app.mock
  clock.freeze(NOON)
  const answer = fetch(`${url}/slow`)
  const post = fetch(`${url}/slow`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  await clock.waitForPending(2)
  await clock.advance('1m')
  t.equal(await (await post).text(), '"in"')
  t.equal(clock.pending, 1)
  await clock.advance('59m')
  t.same(await (await answer).json(), { at: '2026-01-31T13:00:00.000Z' })
  const logged = await requests.waitFor({ method: 'GET' })
  t.equal(logged.injected?.latency_ms, 3_600_000)
  t.ok(Math.abs(Date.parse(logged.time) - Date.now()) < 60_000, 'the log keeps real time')
})

t.test('a client that hangs up leaves nothing waiting, frozen or not', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 3_600_000, response: 1 }] })
  app.mock.clock.freeze()
  const call = request(`${url}/slow`).on('error', () => {})
  call.end()
  await app.mock.clock.waitForPending()
  call.destroy()
  await app.mock.requests.waitFor({ path: '/slow' })
  t.equal(app.mock.clock.pending, 0)
})

t.test('a server that closes waits for no clock that stands still, nor does a scope that ends', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 3_600_000, response: 1 }] })
  const scope = await app.mock.scopes.create()
  scope.clock.freeze()
  const scoped = fetch(`${url}/slow`, { headers: scope.headers })
  await scope.clock.waitForPending()
  await scope.dispose()
  t.equal((await scoped).status, 200)
  const other = await app.mock.scopes.create()
  other.clock.freeze()
  app.mock.clock.freeze()
  const answers = [fetch(`${url}/slow`), fetch(`${url}/slow`, { headers: other.headers })]
  await Promise.all([app.mock.clock.waitForPending(), other.clock.waitForPending()])
  await app.close()
  t.same((await Promise.all(answers)).map(({ status }) => status), [200, 200])
})

t.test('scenarios, conditions, rows and templates go by the clock', async t => {
  const app = await build(t, {
    scenarios: { order: { initial: 'paid', after: [{ from: 'paid', to: 'shipped', delay_ms: 86_400_000 }] } },
    collections: { notes: { timestamps: true } },
    endpoints: [
      { path: '/order', response: '{{scenario "order"}}' },
      { path: '/today', response: "{{date format='yyyy-MM-dd'}}" },
      { path: '/sale', responses: [{ when: { query: { until: { after: 'now' } } }, response: 'open' }, { response: 'over' }] },
      { resource: 'notes' }
    ]
  })
  const { clock } = app.mock
  clock.freeze('2030-05-01T10:00:00Z')
  app.mock.scenarios.set('order', 'paid')
  const get = async (url: string) => (await app.inject(url)).json()
  t.equal(await get('/order'), 'paid')
  t.equal(await get('/today'), '2030-05-01')
  t.equal(await get('/sale?until=2030-05-02'), 'open')
  await clock.advance('1 day')
  t.equal(await get('/order'), 'shipped')
  t.equal(await get('/today'), '2030-05-02')
  t.equal(await get('/sale?until=2030-05-02'), 'over')
  const row = (await app.inject({ method: 'POST', url: '/notes', payload: { text: 'a' } })).json()
  t.match(JSON.stringify(row), '2030-05-02T10:00:00.000Z')
})

t.test('each scope has a clock of its own, which is that of the server until it is touched', async t => {
  const app = await build(t, { endpoints: [{ path: '/now', response: "{{now format='yyyy'}}" }] })
  const scope = await app.mock.scopes.create()
  const year = async (headers = {}) => (await app.inject({ url: '/now', headers })).json()
  app.mock.clock.set('2040-01-01')
  t.equal(await year(scope.headers), '2040')
  scope.clock.freeze('2050-01-01')
  t.equal(await year(scope.headers), '2050')
  t.equal(await year(), '2040')
  t.match(scope.clock.info(), { now: '2050-01-01T00:00:00.000Z', frozen: true, pending: 0 })
  scope.reset()
  t.equal(await year(scope.headers), '2040')
  app.mock.reset()
  t.equal(await year(scope.headers), String(new Date().getUTCFullYear()))
})

t.test('the clock is moved over HTTP, by the client', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 5_000, response: 1 }] })
  const mock = await connect(url)
  await mock.clock.freeze('2026-01-31T12:00:00Z')
  t.equal(await mock.clock.now(), NOON)
  const answer = fetch(`${url}/slow`)
  await mock.clock.waitForPending(1)
  await mock.clock.advance('5s')
  t.equal((await answer).status, 200)
  await mock.clock.set(0)
  t.match(await mock.clock.info(), { now: '1970-01-01T00:00:00.000Z', frozen: true, pending: 0 })
  await mock.clock.resume()
  t.notOk(app.mock.clock.isFrozen)
  await mock.clock.reset()
  t.equal(app.mock.clock.info().offset_ms, 0)
  await t.rejects(async () => mock.clock.freeze('noon'), { code: 'MOCK_ERR_CLOCK_TIME' })
  await t.rejects(async () => mock.clock.advance(-1), { code: 'MOCK_ERR_CLOCK_TIME' })
  await t.rejects(async () => mock.clock.waitForPending(1, { timeout_ms: 1 }), { code: 'MOCK_ERR_CLOCK_WAIT', statusCode: 504 })
  const scope = await mock.scopes.create()
  await scope.clock.freeze(5)
  t.equal(await scope.clock.now(), 5)
})

t.test('what is asked of the clock wrongly is told', async t => {
  const app = await build(t, { endpoints: [] })
  const post = (url: string, payload?: object) => app.inject({ method: 'POST', url: `/__mock/api/clock/${url}`, ...payload !== undefined && { payload } })
  t.equal((await post('freeze')).statusCode, 200, 'where it is')
  for (const [url, payload, code] of [
    ['freeze', { when: 1 }, 'MOCK_ERR_CONTROL_BODY'], ['freeze', { at: true }, 'MOCK_ERR_CONTROL_BODY'], ['advance', {}, 'MOCK_ERR_CONTROL_BODY'], ['advance', { by: 'x' }, 'MOCK_ERR_CLOCK_TIME'],
    ['set', {}, 'MOCK_ERR_CONTROL_BODY'], ['wait', { pending: -1 }, 'MOCK_ERR_CONTROL_BODY'], ['wait', { pending: 'x' }, 'MOCK_ERR_CONTROL_BODY']
  ] as const) {
    const answer = await post(url, payload)
    t.match(answer.json(), { status: 400, code }, `${url} ${JSON.stringify(payload)}`)
  }
  t.match((await post('freeze?scope=nobody')).json(), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
})

t.test('waiting for waits ends with its signal', async t => {
  const clock = createVirtualClock(systemClock)
  const controller = new AbortController()
  const waiting = clock.waitForPending(1, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  await t.rejects(clock.waitForPending(1, { signal: AbortSignal.abort(new Error('before')) }), { message: 'before' })
  const cancel = clock.after(1_000_000, () => {}, { isIdle: true })
  t.equal(clock.pending, 0, 'nobody waits for what is idle')
  cancel()
})

t.test('deliveries are delayed and tried again by the clock', async t => {
  const { app, url } = await listen(t, {
    endpoints: [
      { path: '/orders', method: 'POST', response: 'taken', callbacks: [{ name: 'shipped', url: '/hook', delay_ms: 3_600_000, retry: { attempts: 2, backoff_ms: 60_000 } }] },
      { path: '/hook', method: 'POST', responses: [{ status: 503, times: 1, response: 'not yet' }, { response: 'thanks' }], choose: 'sequence' }
    ]
  })
  const { clock, webhooks, requests } = app.mock
  clock.freeze(NOON)
  await fetch(`${url}/orders`, { method: 'POST' })
  await clock.waitForPending()
  t.match(webhooks.deliveries(), [{ state: 'waiting', next_attempt: '2026-01-31T13:00:00.000Z' }])
  await clock.advance('1h')
  await requests.waitFor({ path: '/hook', status: 503 })
  await clock.waitForPending()
  await clock.advance('1h')
  t.match(await webhooks.waitFor({ name: 'shipped' }), { state: 'delivered', attempts: { length: 2 } })
})
