import fc from 'fast-check'
import t from 'tap'
import type { RateLimit } from '../lib/config-keys/rate-limit.ts'
import { ietfLimit, ietfPolicy } from '../lib/rate-limit/ietf.ts'
import { createMeter, type Meter } from '../lib/rate-limit/meter.ts'
import { parseRate, policyOf, type Policy } from '../lib/rate-limit/policy.ts'
import { duration } from '../lib/rate-limit/quantities.ts'
import { createRateLimits, MAX_KEYS } from '../lib/rate-limit/rate-limits.ts'
import { createSlots } from '../lib/rate-limit/slots.ts'
import { retryAfterOf } from '../lib/rate-limit/told-headers.ts'
import { systemClock } from '../lib/clock.ts'

const policy = (config: RateLimit): Policy => policyOf(config, 'default')

/** What the plugin does in one turn: spends from all meters, or from none. */
function spend (charges: ReadonlyArray<{ meter: Meter, cost: number }>, now: number): boolean {
  if (charges.some(({ meter, cost }) => meter.remaining(now) < cost)) return false
  for (const { meter, cost } of charges) meter.take(cost, now)
  return true
}

/** A request that was served: what the plain references go by. */
interface Served { at: number, cost: number }

/** What is left, by going through all that was ever served. */
type Reference = (served: readonly Served[], policy: Policy, now: number) => number

const references: Readonly<Record<string, Reference>> = {
  fixed_window (served, { limit, window, isAligned }, now) {
    let start = -Infinity
    let spent = 0
    const enter = (time: number): void => {
      if (time < start + window) return
      start = isAligned ? Math.floor(time / window) * window : time
      spent = 0
    }
    for (const { at, cost } of served) {
      enter(at)
      spent += cost
    }
    return now < start + window ? limit - spent : limit
  },
  sliding_window: (served, { limit, window }, now) => limit - served.filter(({ at }) => at > now - window).reduce((sum, { cost }) => sum + cost, 0),
  token_bucket (served, { limit, window, capacity }, now) {
    // In exact fractions of a token: n / window.
    const size = BigInt(capacity) * BigInt(window)
    let level = size
    let last = served[0]?.at ?? now
    const flow = (time: number): void => {
      const full = level + BigInt(time - last) * BigInt(limit)
      level = full < size ? full : size
      last = time
    }
    for (const { at, cost } of served) {
      flow(at)
      level -= BigInt(cost) * BigInt(window)
    }
    flow(now)
    return Number(level / BigInt(window))
  }
}

for (const [algorithm, reference] of Object.entries(references)) {
  t.test(`${algorithm} is what a plain reference says, to the millisecond`, async t => {
    const config = fc.record({
      limit: fc.integer({ min: algorithm === 'token_bucket' ? 1 : 0, max: 12 }),
      window: fc.integer({ min: 1, max: 50 }),
      burst: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      aligned: fc.boolean()
    })
    const requests = fc.array(fc.record({ pause: fc.integer({ min: 0, max: 30 }), cost: fc.integer({ min: 0, max: 4 }) }), { maxLength: 60 })
    fc.assert(fc.property(config, requests, ({ limit, window, burst, aligned }, list) => {
      const rule = policy({
        algorithm: algorithm as Policy['algorithm'],
        limit,
        window_ms: window,
        ...algorithm === 'token_bucket' && burst !== undefined && { burst },
        ...algorithm === 'fixed_window' && { aligned }
      })
      const meter = createMeter(rule)
      const served: Served[] = []
      let now = 1_000
      for (const { pause, cost } of list) {
        now += pause
        const left = reference(served, rule, now)
        t.equal(meter.remaining(now), left)
        const wait = meter.wait(cost, now)
        if (cost <= left) t.equal(wait, 0)
        else if (cost <= rule.capacity) {
          // Not a millisecond too early, nor too late.
          t.ok(reference(served, rule, now + wait) >= cost)
          t.ok(reference(served, rule, now + wait - 1) < cost)
          t.ok(wait >= meter.reset(now), 'Retry-After is never before the end of the effective window')
        }
        const isServed = spend([{ meter, cost }], now)
        t.equal(isServed, cost <= left)
        if (isServed) served.push({ at: now, cost })
        const after = reference(served, rule, now)
        const reset = meter.reset(now)
        if (after < rule.capacity && reset > 0) {
          t.ok(reference(served, rule, now + reset) > after || rule.limit === 0)
          t.notOk(reference(served, rule, now + reset - 1) > after)
        }
      }
    }), { numRuns: 200 })
  })
}

t.test('no window of any length has more than the limit, with a sliding window', async t => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 80 }), pauses => {
    const rule = policy({ algorithm: 'sliding_window', limit: 5, window_ms: 40 })
    const meter = createMeter(rule)
    const times: number[] = []
    let now = 0
    for (const pause of pauses) {
      now += pause
      if (spend([{ meter, cost: 1 }], now)) times.push(now)
    }
    for (const [index, time] of times.entries()) t.ok((times[index + 5] ?? Infinity) - time >= 40)
  }))
})

t.test('so much is left as one says, and it comes back', async t => {
  for (const algorithm of ['fixed_window', 'sliding_window', 'token_bucket'] as const) {
    const meter: Meter = createMeter(policy({ algorithm, limit: '10/10s' }))
    meter.leave(3, 0)
    t.equal(meter.remaining(0), 3, algorithm)
    t.equal(meter.remaining(10_000), 10, algorithm)
  }
})

t.test('a bucket of tokens that is very slow loses no fraction', async t => {
  const meter = createMeter(policy({ algorithm: 'token_bucket', limit: '1/7s' }))
  meter.take(1, 0)
  // Looked at every millisecond, as a flood of requests would.
  for (let now = 1; now < 7_000; now++) if (meter.remaining(now) !== 0) return t.fail(`at ${now}`)
  t.equal(meter.remaining(7_000), 1)
})

t.test('rates as they are written', async t => {
  t.same(parseRate('100/1m'), { limit: 100, window: 60_000 })
  t.same(parseRate('5000/h'), { limit: 5000, window: 3_600_000 })
  t.same(parseRate('10 / 500 ms'), { limit: 10, window: 500 })
  t.same(parseRate('2/1.5s'), { limit: 2, window: 1_500 })
  t.equal(parseRate('2/1.5'), undefined)
  t.same([1, 1_500, 90_000, 360_000, 3_661_500].map(duration), ['1ms', '1.5s', '1m30s', '6m0s', '1h1m1.5s'], 'and spans as OpenAI tells them')
})

t.test('fields of the draft are structured fields, whatever the name', async t => {
  t.equal(ietfPolicy(policy({ name: 'a "b" \\c', limit: '10/1500ms' })), '"a \\"b\\" \\\\c";q=10;w=2')
  t.equal(ietfPolicy(policy({ name: 'größe\n', limit: '10/10ms' })), '"gr%C3%B6%C3%9Fe%0A";q=10', 'a window of less than a second cannot be told')
  t.equal(ietfPolicy(policy({ algorithm: 'token_bucket', limit: '10/1m', burst: 30 })), '"default";q=10;w=60;mock-burst=30')
  t.equal(ietfPolicy(policy({ algorithm: 'concurrency', limit: 4 })), '"default";q=4;qu="concurrent-requests"')
  t.equal(ietfLimit({ policy: policy({ limit: '10/1m' }), remaining: 3, reset: 29_001, isExceeded: false }), '"default";r=3;t=30')
})

t.test('Retry-After as seconds, as a date, as a lie, or not at all', async t => {
  const now = Date.UTC(2026, 0, 31, 10, 0, 0, 250)
  t.equal(retryAfterOf({}, 1_001, now), '2')
  t.equal(retryAfterOf({ retry_after: 'date' }, 1_001, now), 'Sat, 31 Jan 2026 10:00:02 GMT')
  t.equal(retryAfterOf({ retry_after: 0 }, 1_001, now), '0')
  t.equal(retryAfterOf({ retry_after: false }, 1_001, now), undefined)
  t.equal(retryAfterOf({}, undefined, now), undefined, 'nobody knows when other requests end')
  t.equal(retryAfterOf({ headers: 'stripe' }, 1_000, now), undefined)
  t.equal(retryAfterOf({ headers: 'stripe', retry_after: 'seconds' }, 1_000, now), '1')
})

t.test('keys make room for others, the one that was not seen for longest first', async t => {
  const limits = createRateLimits(systemClock)
  const rule = policy({ limit: '5/1h' })
  const spendOne = (key: string) => spend([{ meter: limits.meter(rule, key), cost: 1 }], limits.now())
  for (let key = 0; key < MAX_KEYS; key++) spendOne(`key-${key}`)
  spendOne('key-0')
  spendOne('one more')
  t.equal(limits.get('default')?.keys.length, MAX_KEYS)
  t.equal(limits.meter(rule, 'key-0').remaining(limits.now()), 3)
  t.equal(limits.meter(rule, 'key-1').remaining(limits.now()), 5, 'begins anew')
})

t.test('a clock that is put back has all begin anew; one that is set right by little does not', async t => {
  let now = 100_000
  const limits = createRateLimits({ ...systemClock, now: () => now })
  const meter = () => limits.meter(policy({ limit: '2/1h' }), '')
  t.ok(spend([{ meter: meter(), cost: 2 }], limits.now()))
  now -= 800
  t.equal(meter().remaining(limits.now()), 0)
  now -= 10_000
  t.equal(limits.now(), now)
  t.equal(meter().remaining(limits.now()), 2)
})

t.test('slots are given back once, whatever happens, and to those who wait in their order', async t => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.array(fc.oneof(fc.constant('come'), fc.nat(30)), { maxLength: 60 }), (limit, size, steps) => {
    const slots = createSlots(policy({ algorithm: 'concurrency', limit, queue: { size } }), systemClock)
    const leaves: Array<() => void> = []
    const inside = new Set<number>()
    const waiting: number[] = []
    let told = 0
    for (const step of steps) {
      if (step === 'come') {
        const id = leaves.length
        const expected = inside.size < limit ? 'enter' : waiting.length < size ? 'wait' : 'refuse'
        let met = 'wait'
        leaves.push(slots.contend({
          enter: () => {
            met = 'enter'
            told = id
            inside.add(id)
          },
          refuse: () => { met = 'refuse' }
        }))
        t.equal(met, expected)
        if (met === 'wait') waiting.push(id)
      } else if (typeof step === 'number' && leaves[step] !== undefined) {
        const wasInside = inside.delete(step)
        const place = waiting.indexOf(step)
        if (place >= 0) waiting.splice(place, 1)
        const next = wasInside ? waiting.shift() : undefined
        leaves[step]()
        leaves[step]()
        if (next !== undefined) t.equal(told, next)
      }
      t.equal(slots.busy, inside.size)
      t.equal(slots.waiting, waiting.length)
      t.ok(slots.busy <= limit)
    }
  }))
})
