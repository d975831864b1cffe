import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Config, Endpoint, Response } from '../lib/config.ts'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { loadConfig } from '../lib/config/load.ts'
import { build } from './helper.ts'

/** What the endpoint answers to so many requests, one after the other; undefined where nothing answers. */
async function answers (t: Test, endpoint: Partial<Endpoint>, requests: ReadonlyArray<string | object>, config: Config = {}): Promise<unknown[]> {
  const app = await build(t, { ...config, endpoints: [{ path: '/', ...endpoint }] })
  const got: unknown[] = []
  for (const request of requests) {
    const answer = await app.inject(typeof request === 'string' ? request : { url: '/', ...request })
    got.push(answer.statusCode === 404 && answer.headers['x-mock-unmatched'] === '1' ? undefined : answer.json())
  }
  return got
}

const times = (count: number): string[] => Array.from({ length: count }, () => '/')

/** The letters, each an answer of that name. */
const letters = (text: string): Response[] => [...text].map(letter => ({ name: letter, response: letter }))

t.test('the first answer that holds is given', async t => {
  const responses: Response[] = [
    { when: { query: { plan: 'gold' } }, response: 'gold' },
    { when: { headers: { 'x-plan': { exists: true } } }, response: 'some' },
    { response: 'none' }
  ]
  t.strictSame(await answers(t, { responses }, ['/?plan=gold', '/?plan=tin', { headers: { 'x-plan': 'tin' } }, { url: '/?plan=gold', headers: { 'x-plan': 'tin' } }]), ['gold', 'none', 'some', 'gold'])
})

t.test('where none holds, it is as if the endpoint were not there', async t => {
  const app = await build(t, { endpoints: [{ path: '/', when: { query: { a: '1' } }, response: 'yes' }] })
  const answer = await app.inject('/?a=2')
  t.equal(answer.statusCode, 404)
  t.match(answer.headers, { 'x-mock-unmatched': '1', 'content-type': /problem/ })
  t.equal(app.mock.routes()[0]?.hits, 0)
  t.match(app.mock.requests.find(), [{ matched: false, endpoint: undefined }])
  t.equal((await app.inject('/?a=1')).json(), 'yes')
  t.equal(app.mock.routes()[0]?.hits, 1)
})

t.test('the number of the request is a condition; what matches nothing is not counted', async t => {
  const responses: Response[] = [
    { when: { query: { a: '0' }, request_number: 99 }, response: 'never' },
    { when: { query: { a: '1' }, request_number: 1 }, response: 'first' },
    { when: { query: { a: '1' }, request_number: { at_least: 3 } }, response: 'later' },
    { when: { query: { a: '1' } }, response: 'second' }
  ]
  t.strictSame(await answers(t, { responses }, ['/?a=0', '/?a=1', '/?a=0', '/?a=1', '/?a=1', '/?a=1']), [undefined, 'first', undefined, 'second', 'later', 'later'])
})

t.test('an answer that is given so many times is passed over then', async t => {
  t.strictSame(await answers(t, { responses: [{ status: 503, times: 2, response: 'busy' }, { response: 'fine' }] }, times(4)), ['busy', 'busy', 'fine', 'fine'])
  t.strictSame(await answers(t, { times: 2, response: 'twice' }, times(3)), ['twice', 'twice', undefined])
})

t.test('a sequence: one after the other, and what follows the last', async t => {
  const responses = letters('abc')
  t.strictSame(await answers(t, { choose: 'sequence', responses }, times(5)), ['a', 'b', 'c', 'c', 'c'])
  t.strictSame(await answers(t, { choose: { end: 'loop' }, responses }, times(5)), ['a', 'b', 'c', 'a', 'b'])
  t.strictSame(await answers(t, { choose: 'round_robin', responses }, times(5)), ['a', 'b', 'c', 'a', 'b'])
  t.strictSame(await answers(t, { choose: { end: 'once' }, responses }, times(5)), ['a', 'b', 'c', undefined, undefined])
  t.strictSame(await answers(t, { choose: { then: 'a' }, responses }, times(5)), ['b', 'c', 'a', 'a', 'a'], 'which is not part of it')
  t.strictSame(await answers(t, { choose: { end: 'loop' }, responses: [{ response: 'a', times: 2 }, { response: 'b' }] }, times(6)), ['a', 'a', 'b', 'a', 'a', 'b'], 'times is how often in a row')
})

t.test('conditions come first, and the sequence goes on among those that hold', async t => {
  const responses: Response[] = [{ response: 'a' }, { when: { query: { x: '1' } }, response: 'b' }, { response: 'c' }]
  t.strictSame(await answers(t, { choose: 'round_robin', responses }, ['/', '/', '/', '/?x=1', '/?x=1']), ['a', 'c', 'a', 'b', 'c'])
})

t.test('a step in several content types is one step', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/',
      choose: 'round_robin',
      responses: [
        { name: 'a', response: { is: 'a' } },
        { name: 'a', content_type: 'application/xml', text: '<a/>' },
        { name: 'b', response: { is: 'b' } }
      ]
    }]
  })
  const ask = async (accept: string): Promise<string> => (await app.inject({ url: '/', headers: { accept } })).payload
  t.strictSame([await ask('application/xml'), await ask('application/xml'), await ask('application/xml'), await ask('*/*')], ['<a/>', '{"is":"b"}', '<a/>', '{"is":"b"}'])
})

t.test('at random by weight, and the same again by the same seed', async t => {
  const responses: Response[] = [{ weight: 8, response: 'often' }, { weight: 2, response: 'seldom' }, { weight: 0, response: 'never' }]
  const got = await answers(t, { choose: 'random', responses }, times(200), { seed: 7 })
  const often = got.filter(answer => answer === 'often').length
  t.ok(often > 130 && often < 190, `${often} of 200 are about eight in ten`)
  t.notOk(got.includes('never'))
  t.strictSame(await answers(t, { choose: 'random', responses }, times(200), { seed: 7 }), got)
})

t.test('requests of one client, header, cookie or parameter are counted together', async t => {
  const as = (client: string, from = '127.0.0.1') => ({ url: `/u/${client}?q=${client}`, remoteAddress: from, headers: { 'X-Client': client, cookie: `sid=${client}` } })
  const requests = [as('x'), as('y'), as('x'), as('x', '127.0.0.2'), as('y')]
  const expected = ['a', 'a', 'b', 'c', 'b']
  for (const per of [{ header: 'x-client' }, { cookie: 'sid' }, { query: 'q' }, { param: 'id' }] as const) {
    t.strictSame(await answers(t, { path: '/u/:id', choose: { mode: 'sequence', per }, responses: letters('abc') }, requests), expected, JSON.stringify(per))
  }
  t.strictSame(await answers(t, { path: '/u/:id', choose: { mode: 'sequence', per: 'client' }, responses: letters('abc') }, requests), ['a', 'b', 'c', 'a', 'c'])
  t.strictSame(await answers(t, { path: '/u/:id', choose: { per: { param: 'id' } }, responses: [{ times: 1, response: 'busy' }, { response: 'fine' }] }, requests), ['busy', 'busy', 'fine', 'fine', 'fine'])
  const long = 'x'.repeat(5000)
  t.strictSame(await answers(t, { choose: { mode: 'sequence', per: { header: 'x-client' } }, responses: letters('ab') }, [
    { headers: { 'x-client': `${long}1` } }, { headers: { 'x-client': `${long}2` } }, { headers: { 'x-client': `${long}1` } }, {}, {}
  ]), ['a', 'a', 'b', 'a', 'b'], 'long values are told apart, and those without one are a group')
})

t.test('Prefer comes before conditions and turns, and takes no turn', async t => {
  const responses: Response[] = [{ name: 'a', response: 'a' }, { name: 'b', response: 'b' }, { name: 'c', when: { query: { x: '1' } }, response: 'c' }]
  t.strictSame(await answers(t, { choose: 'sequence', responses }, ['/', { headers: { prefer: 'example=c' } }, '/']), ['a', 'c', 'b'])
  const byCode: Response[] = [{ when: { query: { x: '1' } }, status: 404, response: 'gone' }, { status: 404, response: 'missing' }, { response: 'here' }]
  t.strictSame(await answers(t, { responses: byCode }, ['/', { headers: { prefer: 'code=404' } }, { url: '/?x=1', headers: { prefer: 'code=404' } }, { headers: { prefer: 'code=200' } }]), ['missing', 'missing', 'gone', 'here'])
})

t.test('Accept chooses among those that hold and have the same status', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/',
      responses: [
        { when: { query: { x: '1' } }, response: { is: 'x' } },
        { when: { query: { x: '1' } }, content_type: 'text/csv', text: 'is\nx' },
        { content_type: 'application/xml', text: '<is/>' },
        { status: 404, content_type: 'text/html', text: 'no' }
      ]
    }]
  })
  const ask = async (url: string, accept: string): Promise<string> => (await app.inject({ url, headers: { accept } })).payload
  t.equal(await ask('/?x=1', 'text/csv'), 'is\nx')
  t.equal(await ask('/?x=1', 'application/xml'), '<is/>')
  t.equal(await ask('/?x=1', 'text/html'), '{"is":"x"}')
  t.equal(await ask('/', 'text/csv'), '<is/>', 'not one that does not hold')
  t.match((await app.inject('/?x=1')).headers, { vary: /accept/i })
})

t.test('what a request is the example for comes before the turn, if it holds', async t => {
  const responses: Response[] = [{ response: 'a' }, { response: 'b' }, { for_request: { query: { id: '7' } }, times: 1, response: 'seven' }]
  t.strictSame(await answers(t, { choose: 'round_robin', responses }, ['/', '/?id=7', '/', '/', '/?id=7']), ['a', 'seven', 'b', 'a', 'seven'], 'in a sequence times is about turns')
  t.strictSame(await answers(t, { responses }, ['/', '/?id=7', '/?id=7']), ['a', 'seven', 'a'])
})

t.test('a request that is rejected takes no turn; HEAD does', async t => {
  const app = await build(t, { endpoints: [{ path: '/', choose: 'sequence', schema: { querystring: { type: 'object', required: ['q'] } }, responses: letters('abc') }] })
  t.equal((await app.inject('/')).statusCode, 400)
  t.equal((await app.inject('/?q=1')).json(), 'a')
  t.equal((await app.inject({ method: 'HEAD', url: '/?q=1' })).statusCode, 200)
  t.equal((await app.inject('/?q=1')).json(), 'c')
})

t.test('positions survive a reload, and begin anew with a reset', async t => {
  const config = (letter: string): Config => ({ endpoints: [{ path: '/', choose: 'sequence', responses: letters(`ab${letter}`) }] })
  const app = await build(t, config('c'))
  const ask = async (): Promise<unknown> => (await app.inject('/')).json()
  t.strictSame([await ask(), await ask()], ['a', 'b'])
  await app.mock.reload(config('d'))
  t.equal(await ask(), 'd')
  await app.mock.reload({ endpoints: [{ path: '/', choose: 'sequence', responses: letters('x') }] })
  t.equal(await ask(), 'x', 'a sequence that is over by now')
  app.mock.reset()
  await app.mock.reload(config('c'))
  t.equal(await ask(), 'a')
})

t.test('named answers are switched while it runs', async t => {
  const app = await build(t, {
    endpoints: [
      { path: '/orders', method: 'POST', responses: [{ status: 201, response: 'made' }, { name: 'declined', status: 402, response: 'declined' }] },
      { path: '/plain', response: 'plain' },
      { id: 'turns', path: '/turns', choose: 'round_robin', responses: letters('ab') }
    ]
  })
  const { variants } = app.mock
  const order = async (headers = {}): Promise<unknown> => (await app.inject({ method: 'POST', url: '/orders', headers })).json()
  t.equal(await order(), 'made')
  variants.use('POST /orders', 'declined')
  t.equal(await order(), 'declined')
  t.equal(await order({ prefer: 'code=201' }), 'made', 'the request has the last word')
  variants.use('turns', 'b')
  t.strictSame([(await app.inject('/turns')).json(), (await app.inject('/turns')).json()], ['b', 'b'])
  t.strictSame(variants.list(), [{ endpoint: 'POST /orders', variants: ['declined'], current: 'declined' }, { endpoint: 'turns', variants: ['a', 'b'], current: 'b' }])
  variants.reset('turns')
  t.equal((await app.inject('/turns')).json(), 'a')
  variants.reset()
  t.equal(await order(), 'made')
  t.throws(() => variants.use('POST /orders', 'declind'), { code: 'MOCK_ERR_VARIANT_UNKNOWN', message: /did you mean 'declined'/ })
  t.throws(() => variants.use('GET /plain', 'any'), { code: 'MOCK_ERR_VARIANT_UNKNOWN', message: /none of its answers has a `name`/ })
  t.throws(() => variants.use('POST /order', 'declined'), { code: 'MOCK_ERR_ENDPOINT_UNKNOWN' })
  t.throws(() => variants.reset('POST /order'), { code: 'MOCK_ERR_ENDPOINT_UNKNOWN' })
})

t.test('a switch outlives a reload as far as there is something to switch', async t => {
  const config = (name: string): Config => ({ endpoints: [{ path: '/', responses: [{ response: 'usual' }, { name, response: name }] }] })
  const app = await build(t, config('odd'))
  app.mock.variants.use('GET /', 'odd')
  await app.mock.reload(config('odd'))
  t.equal((await app.inject('/')).json(), 'odd')
  const { warnings } = await app.mock.reload(config('even'))
  t.match(warnings, [{ code: 'state-lost', message: /switched to the answer 'odd'/ }])
  t.equal((await app.inject('/')).json(), 'usual')
})

t.test('situations switch many endpoints at once, and build on one another', async t => {
  const named = (path: string): Endpoint => ({ path, responses: [{ response: 'usual' }, { name: 'slow', response: 'slow' }, { name: 'down', response: 'down' }] })
  const config: Config = {
    endpoints: [named('/a'), named('/b'), named('/c')],
    situations: {
      'half down': { 'GET /a': 'down', 'GET /b': 'slow' },
      'all down': { extends: 'half down', 'GET /b': 'down', 'GET /c': 'down' }
    },
    situation: 'half down'
  }
  const app = await build(t, config)
  const { situations, variants } = app.mock
  const all = async (): Promise<unknown[]> => Promise.all(['/a', '/b', '/c'].map(async url => (await app.inject(url)).json()))
  t.equal(situations.current, 'half down')
  t.strictSame(await all(), ['down', 'slow', 'usual'])
  situations.use('all down')
  t.strictSame(await all(), ['down', 'down', 'down'])
  variants.use('GET /c', 'slow')
  t.strictSame(await all(), ['down', 'down', 'slow'], 'what is switched by itself goes over it')
  t.strictSame(variants.list().map(({ current, situation }) => [current, situation]), [['down', 'all down'], ['down', 'all down'], ['slow', undefined]])
  t.strictSame(situations.list()[1], { name: 'all down', variants: { 'GET /a': 'down', 'GET /b': 'down', 'GET /c': 'down' } })
  t.throws(() => situations.use('all dwn'), { code: 'MOCK_ERR_SITUATION_UNKNOWN', message: /did you mean 'all down'/ })
  const { 'half down': half = {} } = config.situations ?? {}
  const { warnings } = await app.mock.reload({ ...config, situations: { 'half down': half } })
  t.match(warnings, [{ message: /the situation 'all down' is not there any more/ }])
  t.equal(situations.current, 'half down')
  app.mock.reset()
  t.strictSame(await all(), ['down', 'slow', 'usual'])
})

t.test('mistakes are told where they stand', async t => {
  const told = async (config: Config): Promise<string[]> => {
    const found = await loadConfig(config, { cwd: '/' }).then(({ diagnostics }) => diagnostics, error => isConfigInvalid(error) ? error.diagnostics : [])
    return found.map(({ severity, pointer, message, hint }) => `${severity} ${pointer} ${message}${hint === undefined ? '' : `; ${hint}`}`)
  }
  const one = (endpoint: Partial<Endpoint>) => told({ endpoints: [{ path: '/', ...endpoint }] })
  t.match(await one({ responses: [{ response: 1 }, { when: { query: { a: '1' } }, response: 2 }] }), [/^warning \/endpoints\/0\/responses\/1 this answer can never be chosen.*put the answer without conditions last/])
  t.match(await one({ responses: [{ weight: 1, response: 1 }, { response: 2 }] }), [/^warning .*\/weight 'weight' has no effect without 'choose: random'/])
  t.match(await one({ choose: 'random', responses: [{ weight: 0, response: 1 }, { weight: 0, response: 2 }] }), [/all weights are 0/])
  t.match(await one({ choose: { then: 'lst' }, responses: [{ response: 1 }, { name: 'last', response: 2 }] }), [/^error \/endpoints\/0\/choose\/then there is no answer called 'lst'; did you mean 'last'/])
  t.match(await one({ choose: { mode: 'random', end: 'loop' }, responses: letters('ab') }), [/'end' belongs to a sequence/])
  t.match(await one({ choose: 'sequence', response: 1 }), [/only one answer to choose from/])
  t.match(await one({ times: 1, responses: letters('ab') }), [/'times' stands beside 'responses'/])
  const situations = (situations: Config['situations'], more: Config = {}) => told({ endpoints: [{ path: '/', responses: letters('ab') }], situations: situations ?? {}, ...more })
  t.match(await situations({ s: { 'GET /': 'c' } }), [/^warning \/situations\/s\/GET ~1 'GET \/' has no answer called 'c'/])
  t.match(await situations({ s: { 'GET /x': 'a' } }), [/^warning .* there is no endpoint 'GET \/x'/])
  t.match(await situations({ s: { extends: 'r' } }), [/^error \/situations\/s\/extends there is no situation called 'r'/])
  t.match(await situations({ s: { extends: 'r' }, r: { extends: ['s'] } }), [/extends itself/, /extends itself/])
  t.match(await situations({ s: {} }, { situation: 'S' }), [/^error \/situation there is no situation called 'S'; did you mean 's'/])
  t.strictSame(await situations({ s: { 'GET /': 'b' } }, { situation: 's' }), [])
})

t.test('what docs/answers.md says of conditions and choice is what happens', async t => {
  const text = await readFile(new URL('../docs/answers.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block)
  const folder = t.testdir(Object.fromEntries(blocks.map((block, index) => [`${index}.yaml`, block])))
  const app = await build(t, { include: [join(folder, '*.yaml')], seed: 1 })
  t.strictSame(app.mock.warnings, [])
  const statuses = async (method: 'GET' | 'POST', url: string, count: number, more: object = {}): Promise<number[]> => {
    const seen: number[] = []
    for (let i = 0; i < count; i++) seen.push((await app.inject({ method, url, ...more })).statusCode)
    return seen
  }
  t.strictSame(await statuses('POST', '/login', 4, { payload: { user: 'bob' } }), [401, 401, 401, 423])
  t.strictSame(await statuses('POST', '/login', 1, { payload: { user: 'ann' } }), [200])
  t.strictSame(await statuses('GET', '/flaky', 3), [503, 503, 200])
  const states: unknown[] = []
  for (let i = 0; i < 5; i++) states.push((await app.inject('/jobs/1')).json().state)
  t.strictSame(states, ['queued', 'running', 'running', 'done', 'done'])
  t.strictSame([(await app.inject('/servers')).json(), (await app.inject('/servers')).json(), (await app.inject('/servers')).json()], ['a', 'b', 'a'])
  t.ok((await statuses('GET', '/dice', 60)).includes(500))
  t.strictSame(await statuses('POST', '/tickets', 3, { headers: { 'x-venue': 'hall' } }), [201, 201, 409])
  t.strictSame(await statuses('POST', '/tickets', 1, { headers: { 'x-venue': 'park' } }), [201])
})

/** An endpoint as the reference model sees it. */
interface Model {
  choose: 'first' | 'sequence' | 'round_robin'
  end: 'stay' | 'loop' | 'once'
  answers: Array<{ only: number | undefined, times: number | undefined }>
}

/** The documented rules, in the plainest words, without any of the machinery. */
function reference ({ choose, end, answers }: Model, asked: readonly number[]): Array<number | undefined> {
  const given = answers.map(() => 0)
  let turn = 0
  let row = 0
  return asked.map(value => {
    const fits = (index: number): boolean => answers[index]?.only === undefined || answers[index]?.only === value
    const all = answers.map((_, index) => index)
    if (choose === 'first') {
      const found = all.find(index => fits(index) && (given[index] ?? 0) < (answers[index]?.times ?? Infinity))
      if (found !== undefined) given[found] = (given[found] ?? 0) + 1
      return found
    }
    const ahead = all.filter(index => index >= turn && fits(index))
    const behind = all.filter(index => index < turn && fits(index))
    const isLooping = choose === 'round_robin' || end === 'loop'
    const found = ahead[0] ?? (isLooping ? behind[0] : end === 'stay' ? behind.at(-1) : undefined)
    if (found === undefined || (ahead.length === 0 && !isLooping)) return found
    row = found === turn ? row + 1 : 1
    turn = found
    if (row >= (answers[found]?.times ?? 1)) {
      turn++
      row = 0
    }
    return found
  })
}

t.test('choice does what a plain reference model does, over any sequence of requests', async t => {
  const models = fc.record<Model>({
    choose: fc.constantFrom('first', 'sequence', 'round_robin'),
    end: fc.constantFrom('stay', 'loop', 'once'),
    answers: fc.array(fc.record({ only: fc.option(fc.nat(2), { nil: undefined }), times: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) }), { minLength: 1, maxLength: 5 })
  })
  const app = await build(t)
  await fc.assert(fc.asyncProperty(models, fc.array(fc.nat(2), { maxLength: 14 }), async (model, asked) => {
    const { choose, end, answers } = model
    app.mock.reset()
    await app.mock.reload({
      endpoints: [{
        path: '/',
        choose: choose === 'sequence' ? { mode: choose, end } : choose,
        responses: answers.map(({ only, times }, index) => ({
          response: index,
          ...only !== undefined && { when: { query: { v: String(only) } } },
          ...times !== undefined && { times }
        }))
      }]
    })
    const got: unknown[] = []
    for (const value of asked) {
      const answer = await app.inject(`/?v=${value}`)
      got.push(answer.statusCode === 404 ? undefined : answer.json())
    }
    t.strictSame(got, reference(model, asked), JSON.stringify({ model, asked }))
  }), { numRuns: 150 })
})
