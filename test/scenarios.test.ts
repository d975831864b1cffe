import fc from 'fast-check'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Config, Endpoint } from '../lib/config.ts'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { loadConfig } from '../lib/config/load.ts'
import { scenarioDefinitions } from '../lib/state/scenario-definition.ts'
import { createScenarios } from '../lib/state/scenarios.ts'
import { createStore } from '../lib/store.ts'
import { build, listen, until } from './helper.ts'

/** A clock that stands still until it is told. */
const stillClock = (time = 0) => ({ time, now () { return this.time } })

/** A shop with one cart and one payment, told by four endpoints. */
const shop: Config = {
  scenarios: { cart: { states: ['empty', 'filled', 'paid', 'shipped'] } },
  endpoints: [
    { path: '/cart', method: 'GET', responses: ['empty', 'filled', 'paid', 'shipped'].map(state => ({ scenario: { name: 'cart', state }, response: state })) },
    { path: '/cart', method: 'POST', scenario: { name: 'cart', state: ['empty', 'filled'], to: 'filled' }, status: 201, response: 'added' },
    { path: '/pay', method: 'POST', responses: [{ scenario: { name: 'cart', state: 'filled', to: 'paid' }, response: 'paid' }, { status: 409, response: 'nothing to pay' }] }
  ]
}

t.test('answers of several endpoints ask for the state of a scenario, and move it', async t => {
  const app = await build(t, shop)
  const ask = async (method: 'GET' | 'POST', url: string): Promise<unknown> => (await app.inject({ method, url })).json()
  t.equal(await ask('GET', '/cart'), 'empty')
  t.equal(await ask('POST', '/pay'), 'nothing to pay')
  t.equal(await ask('POST', '/cart'), 'added')
  t.equal(await ask('GET', '/cart'), 'filled')
  t.equal(await ask('POST', '/pay'), 'paid')
  t.equal(await ask('POST', '/pay'), 'nothing to pay')
  t.equal((await app.inject({ method: 'POST', url: '/cart' })).statusCode, 404, 'a paid cart takes nothing more')
  t.equal(app.mock.scenarios.state('cart'), 'paid')
  t.match(app.mock.requests.find({ method: 'POST' }).map(({ scenarios }) => scenarios), [undefined, { cart: ['empty', 'filled'] }, { cart: ['filled', 'paid'] }, undefined, undefined])
})

t.test('a scenario need not be declared: it begins as Started', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/',
      responses: [
        { scenario: { name: 'job', state: 'Started', to: 'running' }, response: 1 },
        { scenario: { name: 'job', state: 'running', to: 'done' }, response: 2 },
        { response: 3 }
      ]
    }]
  })
  t.strictSame([(await app.inject('/')).json(), (await app.inject('/')).json(), (await app.inject('/')).json()], [1, 2, 3])
  t.strictSame(app.mock.scenarios.list(), [{ name: 'job', state: 'done', initial: 'Started', states: ['Started', 'running', 'done'] }])
})

t.test('several scenarios at once: all are in their states and all move, or none', async t => {
  const app = await build(t, {
    scenarios: { cart: { initial: 'filled' }, card: { states: ['valid', 'used'] }, name: { states: ['a', 'b'] } },
    endpoints: [
      { path: '/pay', scenario: { cart: { state: 'filled', to: 'paid' }, card: { state: 'valid', to: 'used' }, name: { to: 'b' } }, response: 'ok' }
    ]
  })
  const { scenarios } = app.mock
  const states = (): string[] => ['cart', 'card', 'name'].map(name => scenarios.state(name))
  scenarios.set('card', 'used')
  t.equal((await app.inject('/pay')).statusCode, 404)
  t.strictSame(states(), ['filled', 'used', 'a'])
  scenarios.set('card', 'valid')
  t.equal((await app.inject('/pay')).json(), 'ok')
  t.strictSame(states(), ['paid', 'used', 'b'])
})

t.test('what a request prefers is answered in any state, and moves the scenario only from where it may', async t => {
  const app = await build(t, {
    scenarios: { door: { states: ['open', 'closed', 'locked'] } },
    endpoints: [{ path: '/', responses: [{ name: 'lock', scenario: { name: 'door', state: 'closed', to: 'locked' }, response: 'locked' }, { response: 'no' }] }]
  })
  const forced = async (): Promise<unknown> => (await app.inject({ url: '/', headers: { prefer: 'example=lock' } })).json()
  t.equal(await forced(), 'locked')
  t.equal(app.mock.scenarios.state('door'), 'open')
  app.mock.scenarios.set('door', 'closed')
  t.equal(await forced(), 'locked')
  t.equal(app.mock.scenarios.state('door'), 'locked')
})

t.test('states are set, read, reset and watched from code', async t => {
  const app = await build(t, shop)
  const { scenarios } = app.mock
  const seen: string[] = []
  const stop = scenarios.subscribe(({ name, from, to }) => seen.push(`${name}: ${from} -> ${to}`))
  scenarios.set('cart', 'paid')
  t.equal((await app.inject('/cart')).json(), 'paid')
  t.equal(scenarios.move('cart', 'shipped', ['paid']), true)
  t.equal(scenarios.move('cart', 'shipped', ['paid']), false, 'only once')
  scenarios.set('cart', 'shipped')
  scenarios.reset('cart')
  await app.inject({ method: 'POST', url: '/cart' })
  app.mock.reset()
  stop()
  scenarios.set('cart', 'paid')
  t.strictSame(seen, ['cart: empty -> paid', 'cart: paid -> shipped', 'cart: shipped -> empty', 'cart: empty -> filled', 'cart: filled -> empty'])
  t.throws(() => scenarios.set('cart', 'fileld'), { code: 'MOCK_ERR_SCENARIO_STATE_UNKNOWN', message: /has no state 'fileld': did you mean 'filled'/ })
  t.throws(() => scenarios.set('crat', 'filled'), { code: 'MOCK_ERR_SCENARIO_UNKNOWN', message: /did you mean 'cart'/ })
  t.throws(() => scenarios.reset('crat'), { code: 'MOCK_ERR_SCENARIO_UNKNOWN' })
  t.equal(scenarios.get('crat'), undefined)
})

t.test('time moves scenarios on, one transition after the other, when somebody looks', async t => {
  const clock = stillClock(1000)
  const config: Config = {
    scenarios: { parcel: { initial: 'packed', after: [{ from: 'paid', to: 'shipped', delay_ms: 5000 }, { from: 'shipped', to: 'delivered', delay_ms: 2000 }] } },
    endpoints: [
      { path: '/', responses: ['packed', 'paid', 'shipped', 'delivered'].map(state => ({ scenario: { name: 'parcel', state }, response: state })) },
      { path: '/pay', scenario: { name: 'parcel', state: 'packed', to: 'paid' }, response: 'ok' }
    ]
  }
  const app = await build(t, { ...config, clock })
  const state = async (): Promise<unknown> => (await app.inject('/')).json()
  const seen: string[] = []
  app.mock.scenarios.subscribe(({ to, time }) => seen.push(`${to} at ${Date.parse(time)}`))
  clock.time = 100_000
  t.equal(await state(), 'packed')
  await app.inject('/pay')
  clock.time += 4999
  t.equal(await state(), 'paid')
  clock.time += 1
  t.equal(await state(), 'shipped')
  await app.mock.reload(config)
  clock.time += 1999
  t.equal(await state(), 'shipped', 'a reload does not begin the wait anew')
  clock.time += 1
  t.equal(await state(), 'delivered')
  app.mock.reset()
  await app.inject('/pay')
  clock.time += 7000
  t.equal(await state(), 'delivered', 'both at once')
  t.strictSame(seen, ['paid at 100000', 'shipped at 105000', 'delivered at 107000', 'packed at 107000', 'paid at 107000', 'delivered at 114000'])
})

t.test('a scenario that time begins, begins with the configuration that has it', async t => {
  const clock = stillClock()
  const app = await build(t, { clock })
  clock.time = 50_000
  await app.mock.reload({ scenarios: { boot: { initial: 'starting', after: [{ from: 'starting', to: 'up', delay_ms: 1000 }] } } })
  clock.time += 999
  t.equal(app.mock.scenarios.state('boot'), 'starting')
  clock.time += 1
  t.equal(app.mock.scenarios.state('boot'), 'up')
  app.mock.reset()
  t.equal(app.mock.scenarios.state('boot'), 'starting')
})

t.test('timed transitions that go round come out where counting step by step does, however long ago they began', async t => {
  const machine = fc.array(fc.record({ to: fc.nat(3), delay: fc.integer({ min: 1, max: 50 }) }), { minLength: 1, maxLength: 4 })
  fc.assert(fc.property(machine, fc.integer({ min: 0, max: 3000 }), (rules, now) => {
    const clock = stillClock()
    const after = rules.map(({ to, delay }, from) => ({ from: `s${from}`, to: `s${to}`, delay_ms: delay }))
    const scenarios = createScenarios(scenarioDefinitions({ scenarios: { m: { initial: 's0', after } } }), clock)
    clock.time = now
    let state = 0
    for (let time = 0; rules[state] !== undefined;) {
      const { to, delay } = rules[state]!
      if (time + delay > now) break
      time += delay
      state = to
    }
    t.equal(scenarios.state('m'), `s${state}`, JSON.stringify({ after, now }))
  }), { numRuns: 300 })
  const clock = stillClock()
  const blinking = createScenarios(scenarioDefinitions({ scenarios: { lamp: { initial: 'on', after: [{ from: 'on', to: 'off', delay_ms: 1 }, { from: 'off', to: 'on', delay_ms: 2 }] } } }), clock)
  clock.time = 3e12 + 1
  t.equal(blinking.state('lamp'), 'off', 'a century of rounds is one step')
})

t.test('state survives a reload; what has no place any more is told', async t => {
  const app = await build(t, shop)
  const { scenarios } = app.mock
  scenarios.set('cart', 'paid')
  await app.mock.reload({ ...shop, scenarios: { cart: { states: ['empty', 'filled', 'paid', 'shipped', 'lost'] } } })
  t.equal(scenarios.state('cart'), 'paid')
  const one: Endpoint = { path: '/', scenario: { name: 'cart', to: 'new' }, response: 1 }
  const { warnings } = await app.mock.reload({ scenarios: { cart: { states: ['new', 'old'] } }, endpoints: [one] })
  t.match(warnings, [{ severity: 'warning', code: 'state-lost', message: "the scenario 'cart' was in the state 'paid', which it does not have any more, and is in 'new' now" }])
  t.equal(scenarios.state('cart'), 'new')
  scenarios.set('cart', 'old')
  t.match((await app.mock.reload({})).warnings, [{ message: "the scenario 'cart', which was in the state 'old', is not there any more" }])
  t.strictSame(scenarios.list(), [])
})

t.test('who was never moved goes by the initial state of the day', async t => {
  const app = await build(t, { scenarios: { a: { initial: 'x' } } })
  await app.mock.reload({ scenarios: { a: { initial: 'y' } } })
  t.equal(app.mock.scenarios.state('a'), 'y')
  app.mock.scenarios.reset('a')
  await app.mock.reload({ scenarios: { a: { initial: 'z' } } })
  t.equal(app.mock.scenarios.state('a'), 'z', 'nor was one that was reset')
})

t.test('conditions read scenarios and variables', async t => {
  const app = await build(t, {
    scenarios: { shop: { states: ['open', 'closed'] } },
    variables: { tier: 'gold', limits: { rate: 3 } },
    endpoints: [
      { path: '/s', responses: [{ when: { scenarios: { shop: 'closed' } }, response: 'closed' }, { response: 'open' }] },
      { path: '/v', responses: [{ when: { variables: { tier: 'gold' } }, response: 'gold' }, { response: 'tin' }] }
    ]
  })
  t.strictSame([(await app.inject('/s')).json(), (await app.inject('/v')).json()], ['open', 'gold'])
  app.mock.scenarios.set('shop', 'closed')
  app.mock.variables.set('tier', 'tin')
  t.strictSame([(await app.inject('/s')).json(), (await app.inject('/v')).json()], ['closed', 'tin'])
})

t.test('a scenario that only conditions ask about is known, with the states that they name', async t => {
  const app = await build(t, {
    endpoints: [{ path: '/', responses: [{ when: { any: [{ scenarios: { shop: 'closed' } }, { not: { scenarios: { mood: { in: ['Started', 'good'] } } } }] }, response: 'no' }, { response: 'yes' }] }]
  })
  t.strictSame(app.mock.scenarios.list().map(({ name, states }) => [name, states]), [['shop', ['Started', 'closed']], ['mood', ['Started', 'good']]])
  app.mock.scenarios.set('shop', 'closed')
  t.equal((await app.inject('/')).json(), 'no')
})

t.test('variables have values from the beginning, and are set by answers and code', async t => {
  const config: Config = {
    variables: { greeting: 'hello', limits: { rate: 3 } },
    endpoints: [{ path: '/set/:name', set: { last: '{{request.params.name}}', count: '{{toNumber request.query.n}}', plain: { is: 'kept' } }, response: 'ok' }]
  }
  const app = await build(t, config)
  const { variables } = app.mock
  t.strictSame(variables.entries(), [['greeting', 'hello'], ['limits', { rate: 3 }]])
  await app.inject('/set/ann?n=7')
  t.strictSame([variables.get('last'), variables.get('count'), variables.get('plain')], ['ann', 7, { is: 'kept' }])
  variables.set('greeting', 'hi')
  t.equal(variables.delete('limits'), true)
  t.equal(variables.delete('limits'), false)
  t.equal(variables.has('limits'), false)
  t.equal(variables.get('toString'), undefined, 'nothing inherited')
  await app.mock.reload({ ...config, variables: { greeting: 'hey', more: 1 } })
  t.strictSame([variables.get('greeting'), variables.get('more'), variables.get('last')], ['hi', 1, 'ann'], 'a reload brings new ones, and leaves what was set')
  variables.reset()
  t.strictSame(variables.entries(), [['greeting', 'hey'], ['more', 1]])
})

t.test('an answer whose variable cannot be made leaves nothing behind', async t => {
  const app = await build(t, {
    endpoints: [{ path: '/', scenario: { name: 's', to: 'moved' }, set: { a: '{{#repeat request.query.n}}x{{/repeat}}' }, response: 'ok' }]
  })
  const answer = await app.inject('/?n=-1')
  t.equal(answer.statusCode, 500)
  t.match(answer.json(), { code: 'MOCK_ERR_TEMPLATE_RENDER' })
  t.equal(app.mock.scenarios.state('s'), 'Started')
})

t.test('state of several files is put together by name', async t => {
  const texts = {
    'a.yaml': 'scenarios: { one: { initial: x }, both: { initial: a } }\nvariables: { p: 1 }\nsituations: { s: {} }',
    'b.yaml': 'scenarios: { two: { initial: y }, both: { initial: b } }\nvariables: { q: 2 }\nsituations: { r: {} }'
  }
  const app = await build(t, { include: ['a.yaml', 'b.yaml'], texts })
  t.strictSame(app.mock.scenarios.list().map(({ name, state }) => `${name} ${state}`), ['one x', 'both a', 'two y'])
  t.strictSame(app.mock.variables.entries(), [['p', 1], ['q', 2]])
  t.strictSame(app.mock.situations.list().map(({ name }) => name), ['s', 'r'])
  t.match(app.mock.warnings, [{ code: 'ignored-key', message: /'both' is already defined at .*a\.yaml.*, which counts/ }])
})

t.test('mistakes in scenarios are told where they stand', async t => {
  const told = async (config: Config): Promise<string[]> => {
    const found = await loadConfig(config, { cwd: '/' }).then(({ diagnostics }) => diagnostics, error => isConfigInvalid(error) ? error.diagnostics : [])
    return found.map(({ severity, pointer, message, hint = '' }) => `${severity} ${pointer} ${message}; ${hint}`)
  }
  const states = ['empty', 'filled']
  const gate = (scenario: Endpoint['scenario']): Endpoint => ({ path: '/', responses: [{ ...scenario !== undefined && { scenario }, response: 1 }] })
  t.match(await told({ scenarios: { cart: { states, initial: 'emty' } } }), [/^error \/scenarios\/cart\/initial 'emty' is none of the scenario's states; did you mean 'empty'/])
  t.match(await told({ scenarios: { cart: { states, after: [{ from: 'filled', to: 'gone', delay_ms: 1 }] } } }), [/^error \/scenarios\/cart\/after\/0\/to /])
  t.match(await told({ scenarios: { cart: { states } }, endpoints: [gate({ name: 'cart', state: ['empty', 'fileld'] })] }), [/^error \/endpoints\/0\/responses\/0\/scenario\/state 'fileld'.*did you mean 'filled'/])
  t.match(await told({ scenarios: { cart: { states } }, endpoints: [gate({ cart: { to: 'ful' } })] }), [/^error \/endpoints\/0\/responses\/0\/scenario\/cart\/to /])
  t.match(await told({ endpoints: [gate({ name: 'cart', state: 'filled' })] }), [/^warning .*\/scenario\/state nothing leads the scenario 'cart' to 'filled'; it begins as 'Started'; say where it begins/])
  t.match(await told({ scenarios: { a: { after: [{ from: 'x', to: 'y', delay_ms: 1 }, { from: 'x', to: 'z', delay_ms: 2 }] } } }), [/^warning \/scenarios\/a\/after\/1 'x' is left by/])
  t.match(await told({ scenarios: { a: { after: [{ from: 'x', to: 'y', delay_ms: 0 }] } } }), [/^error .*delay_ms expected a number of at least 1/])
  t.match(await told({ scenarios: { cart: { states } }, endpoints: [{ path: '/', when: { not: { scenarios: { cart: 'fill' } } }, response: 1 }] }), [/^error \/endpoints\/0\/when\/not\/scenarios\/cart 'fill' is none of the scenario's states/])
  t.strictSame(await told(shop), [])
})

t.test('looking at state does not make a scope expensive', async t => {
  const store = createStore()
  store.configure({})
  t.equal(store.scenarios.state('any'), 'Started')
  t.equal(store.switches.of('GET /'), undefined)
  t.strictSame(store.choices.peek('GET /'), { answered: 0, next: 0, row: 0, given: undefined })
})

t.test('mock control lists, reads, sets and resets state', async t => {
  const app = await build(t, {
    ...shop,
    variables: { rate: 1.5 },
    endpoints: [...shop.endpoints ?? [], { path: '/orders', responses: [{ response: 'usual' }, { name: 'declined', response: 'declined' }] }],
    situations: { bad: { 'GET /orders': 'declined' } }
  })
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<{ status: number, body: unknown }> => {
    const { statusCode, body } = await app.inject({ method, url: `/__mock/api${url}`, ...payload !== undefined && { payload } })
    return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) }
  }
  const cart = { name: 'cart', state: 'empty', initial: 'empty', states: ['empty', 'filled', 'paid', 'shipped'] }
  t.strictSame(await ask('GET', '/scenarios'), { status: 200, body: { scenarios: [cart] } })
  t.strictSame(await ask('PUT', '/scenarios/cart', { state: 'paid' }), { status: 200, body: { ...cart, state: 'paid' } })
  t.equal((await app.inject('/cart')).json(), 'paid')
  t.match(await ask('PUT', '/scenarios/cart', { state: 'piad' }), { status: 422, body: { code: 'MOCK_ERR_SCENARIO_STATE_UNKNOWN', detail: /did you mean 'paid'/ } })
  t.match(await ask('PUT', '/scenarios/crat', { state: 'paid' }), { status: 404, body: { code: 'MOCK_ERR_SCENARIO_UNKNOWN', detail: /did you mean 'cart'/ } })
  t.match(await ask('GET', '/scenarios/crat'), { status: 404, body: { detail: /did you mean 'cart'/ } })
  t.match(await ask('PUT', '/scenarios/cart', { stat: 'paid' }), { status: 400, body: { code: 'MOCK_ERR_CONTROL_BODY', detail: /\{"state": …\}/ } })
  t.match(await ask('PUT', '/scenarios/cart', { state: 7 }), { status: 400, body: { detail: /has to be a text/ } })
  t.match(await ask('PUT', '/scenarios/cart', { state: 'paid', from: 'empty' }), { status: 400, body: { detail: /no key 'from'/ } })
  t.strictSame(await ask('POST', '/scenarios/cart/reset'), { status: 200, body: cart })
  await ask('PUT', '/scenarios/cart', { state: 'paid' })
  t.equal((await ask('POST', '/scenarios/reset')).status, 204)
  t.strictSame(await ask('GET', '/scenarios/cart'), { status: 200, body: cart })

  t.strictSame(await ask('GET', '/variables'), { status: 200, body: { variables: { rate: 1.5 } } })
  t.strictSame(await ask('PUT', '/variables/a%2Fb', { value: { deep: [1] } }), { status: 200, body: { name: 'a/b', value: { deep: [1] } } })
  t.strictSame(app.mock.variables.get('a/b'), { deep: [1] })
  t.strictSame(await ask('GET', '/variables/rate'), { status: 200, body: { name: 'rate', value: 1.5 } })
  t.equal((await ask('DELETE', '/variables/rate')).status, 204)
  t.match(await ask('DELETE', '/variables/rate'), { status: 404, body: { code: 'MOCK_ERR_VARIABLE_UNKNOWN' } })
  t.match(await ask('GET', '/variables/toString'), { status: 404 })
  t.match(await ask('PUT', '/variables/x', { valu: 1 }), { status: 400, body: { detail: /\{"value": …\}/ } })
  t.equal((await ask('POST', '/variables/reset')).status, 204)
  t.strictSame((await ask('GET', '/variables')).body, { variables: { rate: 1.5 } })

  const orders = { endpoint: 'GET /orders', variants: ['declined'] }
  const id = encodeURIComponent('GET /orders')
  t.strictSame(await ask('GET', '/variants'), { status: 200, body: { variants: [orders] } })
  t.strictSame(await ask('PUT', `/variants/${id}`, { variant: 'declined' }), { status: 200, body: { endpoint: 'GET /orders', current: 'declined' } })
  t.equal((await app.inject('/orders')).json(), 'declined')
  t.match(await ask('PUT', `/variants/${id}`, { variant: 'decline' }), { status: 422, body: { code: 'MOCK_ERR_VARIANT_UNKNOWN', detail: /did you mean 'declined'/ } })
  t.match(await ask('PUT', '/variants/x', { variant: 'a' }), { status: 404, body: { code: 'MOCK_ERR_ENDPOINT_UNKNOWN' } })
  t.equal((await ask('DELETE', `/variants/${id}`)).status, 204)
  t.equal((await app.inject('/orders')).json(), 'usual')
  t.strictSame((await ask('GET', '/situations')).body, { situations: [{ name: 'bad', variants: { 'GET /orders': 'declined' } }] })
  t.strictSame(await ask('PUT', '/situations/current', { name: 'bad' }), { status: 200, body: { current: 'bad' } })
  t.strictSame((await ask('GET', '/variants')).body, { variants: [{ ...orders, current: 'declined', situation: 'bad' }] })
  t.match(await ask('PUT', '/situations/current', { name: 'bda' }), { status: 404, body: { code: 'MOCK_ERR_SITUATION_UNKNOWN' } })
  t.strictSame(await ask('DELETE', '/situations/current'), { status: 200, body: {} })
  t.equal((await ask('POST', '/variants/reset')).status, 204)
})

t.test('what docs/state.md shows is what happens', async t => {
  const text = await readFile(new URL('../docs/state.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block)
  const folder = t.testdir(Object.fromEntries(blocks.map((block, index) => [`${index}.yaml`, block])))
  const clock = stillClock()
  const app = await build(t, { include: [join(folder, '*.yaml')], clock })
  t.strictSame(app.mock.warnings, [])
  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object): Promise<unknown> => {
    const { statusCode, body } = await app.inject({ method, url, ...payload !== undefined && { payload } })
    return body === '' || statusCode === 404 ? statusCode : JSON.parse(body)
  }
  t.strictSame(await ask('GET', '/cart'), { items: 0 })
  t.strictSame(await ask('POST', '/payments'), { error: 'nothing to pay' })
  t.equal(await ask('POST', '/cart/items'), 201)
  t.equal(await ask('POST', '/payments'), 201)
  t.strictSame(await ask('GET', '/cart'), { items: 1, paid: true })
  t.equal(await ask('POST', '/cart/items'), 404)
  clock.time += 5000
  t.equal(app.mock.scenarios.state('cart'), 'shipped')

  t.strictSame(await ask('GET', '/prices'), { price: 10 })
  t.equal(await ask('PUT', '/settings', { currency: 'USD' }), 204)
  t.equal(app.mock.variables.get('currency'), 'USD')
  t.strictSame(await ask('GET', '/prices'), { price: 12 })

  t.strictSame(await ask('POST', '/orders'), { order: 1 })
  app.mock.situations.use('christmas')
  t.strictSame([await ask('POST', '/orders'), await ask('GET', '/stock')], [{ error: 'card declined' }, { left: 0 }])
})

t.test('each scope has state of its own, with the same clock', async t => {
  const clock = stillClock()
  const turns: Endpoint = { path: '/turns', choose: 'sequence', responses: [{ name: 'a', response: 'a' }, { name: 'b', response: 'b' }] }
  const app = await build(t, {
    ...shop,
    scenarios: { cart: { states: ['empty', 'filled', 'paid', 'shipped'], after: [{ from: 'paid', to: 'shipped', delay_ms: 10 }] } },
    endpoints: [...shop.endpoints ?? [], turns],
    situations: { b: { 'GET /turns': 'b' } },
    clock
  })
  const one = await app.mock.scopes.create({ id: 'one' })
  const two = await app.mock.scopes.create({ id: 'two' })
  const ask = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> => (await app.inject({ url, headers: { ...headers } })).json()
  one.scenarios.set('cart', 'paid')
  t.strictSame([await ask('/cart', one.headers), await ask('/cart', two.headers), await ask('/cart')], ['paid', 'empty', 'empty'])
  clock.time += 10
  t.equal(await ask('/cart', one.headers), 'shipped')
  t.strictSame([await ask('/turns', one.headers), await ask('/turns', one.headers), await ask('/turns', two.headers), await ask('/turns')], ['a', 'b', 'a', 'a'])
  two.situations.use('b')
  t.strictSame([await ask('/turns', two.headers), app.mock.situations.current], ['b', undefined])
  const put = (query: string) => app.inject({ method: 'PUT', url: `/__mock/api/scenarios/cart${query}`, payload: { state: 'filled' } })
  t.equal((await put('?scope=two')).statusCode, 200)
  t.strictSame([one.scenarios.state('cart'), two.scenarios.state('cart'), app.mock.scenarios.state('cart')], ['shipped', 'filled', 'empty'])
  t.match((await put('?scope=three')).json(), { status: 404, code: 'MOCK_ERR_SCOPE_UNKNOWN' })
})

t.test('any machine moves as a plain reference model does, over any sequence of requests', async t => {
  const states = ['a', 'b', 'c']
  const state = fc.constantFrom(...states)
  const gate = fc.record({ state: fc.option(fc.uniqueArray(state, { minLength: 1, maxLength: 2 }), { nil: undefined }), to: fc.option(state, { nil: undefined }) })
  const answer = fc.record({ one: fc.option(gate, { nil: undefined }), two: fc.option(gate, { nil: undefined }) })
  const endpoints = fc.array(fc.array(answer, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  const app = await build(t)
  await fc.assert(fc.asyncProperty(endpoints, fc.array(fc.nat(2), { maxLength: 12 }), async (endpoints, asked) => {
    await app.mock.reload({
      scenarios: { one: { states }, two: { states } },
      endpoints: endpoints.map((answers, number) => ({
        path: `/${number}`,
        responses: answers.map((answer, response) => ({
          response,
          scenario: Object.fromEntries(Object.entries(answer).flatMap(([name, gate]) => gate === undefined ? [] : [[name, Object.fromEntries(Object.entries(gate).filter(([, value]) => value !== undefined))]]))
        }))
      }))
    })
    app.mock.reset()
    const now = { one: 'a', two: 'a' }
    for (const number of asked) {
      const got = await app.inject(`/${number}`)
      const answers = endpoints[number] ?? []
      const names = ['one', 'two'] as const
      const expected = answers.findIndex(answer => names.every(name => answer[name]?.state?.includes(now[name]) !== false))
      for (const name of names) now[name] = answers[expected]?.[name]?.to ?? now[name]
      t.equal(got.statusCode === 404 ? -1 : got.json(), expected, JSON.stringify({ endpoints, asked }))
      t.strictSame({ one: app.mock.scenarios.state('one'), two: app.mock.scenarios.state('two') }, now)
    }
  }), { numRuns: 30 })
})

/** So many requests from so many clients, each with a connection of its own; how often each status came. Answers have no bodies. */
async function race (url: string, paths: readonly string[], { total, clients }: { total: number, clients: number }): Promise<Map<string, number>> {
  const { hostname, port } = new URL(url)
  const seen = new Map<string, number>()
  let next = 0
  const client = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port) }).setEncoding('latin1').setNoDelay()
    while (next < total) {
      const path = paths[next++ % paths.length] ?? ''
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`)
      let answer = ''
      while (!answer.endsWith('\r\n\r\n')) answer += (await once(socket, 'data')).join('')
      const key = `${path} ${answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return seen
}

t.test('50 clients race one scenario over 20,000 requests, and make exactly the transitions that the machine allows', { timeout: 120_000 }, async t => {
  const total = 20_000
  const states = Array.from({ length: 100 }, (_, index) => `s${index}`)
  const config: Config = {
    scenarios: { ring: { states }, lock: { states: ['free', 'taken'] } },
    log: { max_entries: 100 },
    endpoints: [
      // Each state is left by one answer: whoever finds it moves on.
      { path: '/step', method: 'POST', responses: states.map((state, index) => ({ scenario: { name: 'ring', state, to: states[(index + 1) % states.length] ?? '' }, status: 200 })) },
      { path: '/take', method: 'POST', responses: [{ scenario: { name: 'lock', state: 'free', to: 'taken' }, status: 201 }, { status: 409 }] },
      { path: '/give', method: 'POST', responses: [{ scenario: { name: 'lock', state: 'taken', to: 'free' }, status: 200 }, { status: 409 }] },
      { path: '/once', method: 'POST', responses: [{ times: 7, status: 200 }, { status: 410 }] }
    ]
  }
  const { app, url } = await listen(t, config)
  const moves = { ring: 0, taken: 0, freed: 0, wrong: 0 }
  let state = 's0'
  app.mock.scenarios.subscribe(({ name, from, to }) => {
    if (name === 'lock') moves[to === 'taken' ? 'taken' : 'freed']++
    else {
      moves.ring++
      if (from !== state || states[(states.indexOf(from) + 1) % states.length] !== to) moves.wrong++
      state = to
    }
  })
  const running = race(url, ['/step', '/take', '/step', '/give', '/once'], { total, clients: 50 })
  for (const quarter of [1, 2, 3]) {
    await until(() => moves.ring >= total / 10 * quarter)
    await app.mock.reload(config)
  }
  const seen = await running

  const steps = total * 2 / 5
  t.equal(moves.ring, steps, 'each step is one transition')
  t.equal(moves.wrong, 0, 'each from where the last had led')
  t.equal(app.mock.scenarios.state('ring'), states[steps % states.length])
  t.equal(seen.get('/take 201'), moves.taken, 'who was told that the lock is theirs, has moved it')
  t.equal(seen.get('/give 200'), moves.freed)
  t.equal(moves.taken - moves.freed, app.mock.scenarios.state('lock') === 'taken' ? 1 : 0)
  t.equal((seen.get('/take 201') ?? 0) + (seen.get('/take 409') ?? 0), total / 5)
  t.equal(seen.get('/once 200'), 7)
  t.equal(app.mock.generation, 4)
})

t.test('a listener that throws neither fails the request that moved a scenario, nor keeps others from hearing of it', async t => {
  const app = await build(t, { scenarios: { door: { states: ['shut', 'open'] } }, endpoints: [{ path: '/open', scenario: { name: 'door', to: 'open' }, response: 'open' }] })
  const heard: string[] = []
  app.mock.scenarios.subscribe(() => { throw new Error('mine') })
  app.mock.scenarios.subscribe(({ to }) => { heard.push(to) })
  const uncaught: unknown[] = []
  const { nextTick } = process
  t.intercept(process, 'nextTick', {
    value: (callback: (...args: unknown[]) => void, ...args: unknown[]) => nextTick(() => {
      try {
        callback(...args)
      } catch (error) {
        uncaught.push(error)
      }
    })
  })
  t.match(await app.inject('/open'), { statusCode: 200, body: '"open"' })
  t.same(heard, ['open'])
  t.match(uncaught, [{ message: 'mine' }])
})
