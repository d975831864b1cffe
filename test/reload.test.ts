import { readFile, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import type { Config } from '../lib/config.ts'
import type { ReloadEvent } from '../lib/mock.ts'
import { createReloadQueue } from '../lib/reload-queue.ts'
import { build, listen, until } from './helper.ts'

const saying = (word: string): Config => ({ endpoints: [{ path: '/word', response: word }] })

t.test('a reload', async t => {
  t.test('swaps the whole configuration and says what it did', async t => {
    const app = await build(t, { endpoints: [{ path: '/a', response: 1 }, { path: '/b', response: 1 }] })
    t.equal(app.mock.generation, 1)
    const result = await app.mock.reload({ endpoints: [{ path: '/b', response: 2 }, { path: '/c', response: 3 }] })
    t.match(result, { generation: 2, endpoints: 2, added: ['GET /c'], removed: ['GET /a'], changed: ['GET /b'], warnings: [] })
    t.equal((await app.inject('/a')).statusCode, 404)
    t.equal((await app.inject('/b')).json(), 2)
    t.equal((await app.inject('/c')).json(), 3)
    t.same(app.mock.config.endpoints?.map(({ id }) => id), ['GET /b', 'GET /c'])
    t.throws(() => { Object.assign(app.mock.config, { name: 'x' }) }, 'the live configuration is frozen')
  })

  t.test('that is not valid changes nothing and tells what is wrong', async t => {
    const app = await build(t, saying('good'))
    const events: ReloadEvent[] = []
    app.mock.onReload(event => events.push(event))
    const wrong: unknown[] = [
      { endpoints: [{ path: '/word', respons: 1 }] },
      { endpoints: [{ path: '/word', response: '{{#if}}' }] },
      { endpoints: [{ path: '/a', response: 1 }, { path: '/a', response: 2 }] },
      { endpoints: [{ path: '/a/:x((a+)+$)', response: 1 }] },
      { include: ['missing.yaml'] }
    ]
    for (const config of wrong) {
      await t.rejects(app.mock.reload(config as Config), { code: 'MOCK_ERR_CONFIG_INVALID', diagnostics: [{ severity: 'error' }] })
      t.equal((await app.inject('/word')).json(), 'good')
    }
    t.equal(app.mock.generation, 1)
    t.same(events.map(({ ok }) => ok), wrong.map(() => false))
  })

  t.test('is done whatever its listeners throw', async t => {
    const app = await build(t, saying('one'))
    const events: boolean[] = []
    app.mock.onReload(() => { throw new Error('mine') })
    app.mock.onReload(({ ok }) => { events.push(ok) })
    const { nextTick } = process
    const uncaught: unknown[] = []
    t.intercept(process, 'nextTick', {
      value: (callback: (...args: unknown[]) => void, ...args: unknown[]) => nextTick(() => {
        try {
          callback(...args)
        } catch (error) {
          uncaught.push(error)
        }
      })
    })
    t.match(await app.mock.reload(saying('two')), { generation: 2 })
    await t.rejects(app.mock.reload({ include: ['missing.yaml'] }), { code: 'MOCK_ERR_CONFIG_INVALID' })
    t.match(await app.mock.reload(), { generation: 3 })
    t.equal((await app.inject('/word')).json(), 'two', 'what is read anew is what was taken last')
    t.same(events, [true, false, true])
    t.match(uncaught, [{ message: 'mine' }, { message: 'mine' }, { message: 'mine' }])
  })

  t.test('keeps counters and the request log', async t => {
    const app = await build(t, { endpoints: [{ path: '/n', response: '{{counter "n"}}' }] })
    await app.inject('/n')
    await app.mock.reload({ endpoints: [{ path: '/n', response: ['{{counter "n"}}'] }] })
    t.same((await app.inject('/n')).json(), [2])
    t.same(app.mock.requests.find().map(({ generation }) => generation), [1, 2])
    app.mock.reset()
    t.same((await app.inject('/n')).json(), [1])
    t.equal(app.mock.requests.count(), 1)
  })

  t.test('without a configuration reads the files anew', async t => {
    const cwd = t.testdir({ 'mock.json': JSON.stringify(saying('one')) })
    const app = await build(t, { cwd, include: ['mock.json'] })
    await writeFile(join(cwd, 'mock.json'), JSON.stringify(saying('two')))
    await app.mock.reload()
    t.equal((await app.inject('/word')).json(), 'two')
    t.same(app.mock.files, [join(cwd, 'mock.json')])
  })

  t.test('among several at once: the newest wins', async t => {
    const app = await build(t, saying('zero'))
    const words = ['one', 'two', 'three', 'four']
    const results = await Promise.all(words.map(word => app.mock.reload(saying(word))))
    t.equal((await app.inject('/word')).json(), 'four')
    t.same(results.map(({ generation }) => generation), [2, 3, 3, 3], 'those in between are not built')
  })
})

t.test('validating', async t => {
  const app = await build(t, saying('live'))

  t.test('tells what is wrong without taking it', async t => {
    t.match(await app.mock.validate({ endpoints: [{ path: '/a', response: '{{upper' }] }), [{ severity: 'error', code: 'bad-template' }])
    t.match(await app.mock.validate({ endpoints: [{ path: '/a/:x((a+)+$)', response: 1 }] }), [{ severity: 'error', code: 'bad-route' }])
    t.match(await app.mock.validate([{ path: 7 }]), [{ severity: 'error' }])
    t.same(await app.mock.validate({ endpoints: [{ path: '/a', response: 1 }] }), [])
    t.equal((await app.inject('/word')).json(), 'live')
    t.equal(app.mock.generation, 1)
  })

  t.test('compiles the schemas that serving leaves for later', async t => {
    const schema = { body: { type: 'string', pattern: '(?<=look)behind' } }
    t.match(await app.mock.validate({ endpoints: [{ path: '/a', method: 'POST', schema, response: 1 }] }), [{ severity: 'warning', code: 'unusable-schema', pointer: '/endpoints/0/schema/body' }])
    t.same(await app.mock.validate(), [])
  })
})

t.test('a changed seed changes what is generated', async t => {
  const app = await build(t, { seed: 1, endpoints: [{ path: '/g', response_schema: { type: 'string', format: 'uuid' } }] })
  const first = (await app.inject('/g')).body
  await app.mock.reload({ ...app.mock.config, seed: 2 })
  t.not((await app.inject('/g')).body, first)
})

t.test('an endpoint whose shared schemas changed has changed, however far away they are', async t => {
  const endpoints = [{ id: 'boats', path: '/boats', response_schema: { type: 'array', items: { $ref: '#/schemas/Boat' } } }, { id: 'port', path: '/port', response_schema: { $ref: '#/schemas/Port' } }]
  const withMast = (mast: object) => ({ endpoints, schemas: { Boat: { properties: { mast: { $ref: '#/schemas/Mast' } } }, Mast: { type: 'object', properties: { boat: { $ref: '#/schemas/Boat' }, mast } }, Port: { type: 'string' } } })
  const app = await build(t, withMast({ type: 'integer' }))
  t.match(await app.mock.reload(withMast({ type: 'integer' })), { added: [], removed: [], changed: [] })
  t.same((await app.mock.reload(withMast({ type: 'string' }))).changed, ['boats'])
})

t.test('the queue goes on after a task that failed', async t => {
  const queue = createReloadQueue<number>()
  const failed = queue(async () => { throw new Error('no') })
  const next = queue(async () => 2)
  await t.rejects(failed, { message: 'no' })
  t.equal(await next, 2)
  t.equal(await queue(async () => 3), 3)
})

t.test('a request in flight is answered by the configuration that it met', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 150, response: 'old' }] })
  const answer = fetch(`${url}/slow`)
  await until(() => app.mock.routes()[0]?.hits === 1)
  await app.mock.reload({ endpoints: [{ path: '/slow', response: 'new' }] })
  t.equal(await (await fetch(`${url}/slow`)).json(), 'new')
  t.equal(await (await answer).json(), 'old')
})

t.test('200 reloads under load, valid and not, lose no request and mix no configurations', async t => {
  const consistent = (n: number): Config => ({
    endpoints: [...Array(20).keys()].map(i => ({ path: `/e/${i}`, headers: { 'x-generation': `${n}` }, response: { n, i } }))
  })
  const { app, url } = await listen(t, consistent(0))
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => agent.destroy())
  const warnings: Error[] = []
  const onWarning = (warning: Error) => { warnings.push(warning) }
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))

  const load = new AbortController()
  const problems: string[] = []
  let answered = 0
  const ask = (path: string) => new Promise<void>(resolve => {
    get(url + path, { agent }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => { text += chunk }).on('end', () => {
        answered++
        if (response.statusCode !== 200 || String(JSON.parse(text).n) !== response.headers['x-generation']) problems.push(text)
        resolve()
      })
    }).on('error', error => {
      problems.push(error.message)
      resolve()
    })
  })
  const clients = Promise.all([...Array(20).keys()].map(async i => { while (!load.signal.aborted) await ask(`/e/${i}`) }))
  let accepted = 0
  for (let n = 1; n <= 200; n++) {
    const config = n % 2 === 0 ? consistent(n) : { endpoints: [...consistent(n).endpoints ?? [], { path: '/e/1', response: 'twice' }] }
    await app.mock.reload(config).then(() => accepted++, () => {})
  }
  load.abort()
  await clients
  t.same(problems, [])
  t.equal(accepted, 100)
  t.ok(answered > 200)
  t.same(warnings, [], 'no listener is left on the sockets')
})

t.test('edits of single endpoints', async t => {
  t.test('are served from the next request on, many at the price of one rebuild', async t => {
    const app = await build(t, saying('hello'))
    for (let i = 0; i < 50; i++) await app.mock.endpoints.add({ path: `/s/${i}`, response: i })
    t.equal(app.mock.generation, 1)
    t.equal((await app.inject('/s/49')).json(), 49)
    t.equal(app.mock.generation, 2)
    await app.mock.endpoints.replace('GET /s/1', { path: '/s/1', response: 'other' })
    await app.mock.endpoints.remove('GET /s/2')
    t.equal((await app.inject('/s/1')).json(), 'other')
    t.equal((await app.inject('/s/2')).statusCode, 404)
    t.equal(app.mock.endpoints.get('GET /s/1')?.response, 'other')
    t.equal(app.mock.endpoints.list().length, 50)
  })

  t.test('are refused when they are wrong or in the way of another', async t => {
    const app = await build(t, saying('hello'))
    await t.rejects(app.mock.endpoints.add({ path: '/x', response: '{{#each}}' }), { code: 'MOCK_ERR_CONFIG_INVALID' })
    await t.rejects(app.mock.endpoints.add(JSON.parse('{"path": "/x", "bogus": 1}')), { code: 'MOCK_ERR_CONFIG_INVALID' })
    await t.rejects(app.mock.endpoints.add({ path: '/word', response: 1 }), { code: 'MOCK_ERR_ENDPOINT_CONFLICT' })
    await t.rejects(app.mock.endpoints.add({ path: '/y/:a((x+)+)', response: 1 }), { code: 'MOCK_ERR_CONFIG_INVALID' })
    await t.rejects(app.mock.endpoints.remove('GET /nope'), { code: 'MOCK_ERR_ENDPOINT_UNKNOWN' })
    await t.rejects(app.mock.endpoints.replace('GET /nope', { path: '/z' }), { code: 'MOCK_ERR_ENDPOINT_UNKNOWN' })
    t.equal((await app.inject('/word')).json(), 'hello')
  })
})

t.test('watching', async t => {
  const cwd = t.testdir({ 'mock.yaml': 'endpoints:\n  - path: /word\n    response: one\n' })
  const app = await build(t, { cwd, include: ['mock.yaml'], watch: true })
  const next = () => new Promise<ReloadEvent>(resolve => {
    const stop = app.mock.onReload(event => {
      stop()
      resolve(event)
    })
  })

  t.test('takes a good save', async t => {
    const event = next()
    await writeFile(join(cwd, 'mock.yaml'), 'endpoints:\n  - path: /word\n    response: two\n')
    t.match(await event, { ok: true, result: { changed: ['GET /word'] } })
    t.equal((await app.inject('/word')).json(), 'two')
  })

  t.test('keeps edits that were not saved', async t => {
    await app.mock.endpoints.add({ path: '/stub', response: 'stub' })
    const event = next()
    await writeFile(join(cwd, 'mock.yaml'), 'endpoints:\n  - path: /word\n    response: 2\n')
    t.match(await event, { ok: true })
    await until(() => app.mock.endpoints.get('GET /stub') !== undefined)
    t.equal((await app.inject('/stub')).json(), 'stub')
    t.equal((await app.inject('/word')).json(), 2)
    await writeFile(join(cwd, 'mock.yaml'), 'endpoints:\n  - path: /word\n    response: two\n')
    await next()
  })

  t.test('reports a bad save and goes on with the last good one', async t => {
    const event = next()
    await writeFile(join(cwd, 'mock.yaml'), 'endpoints:\n  - path: /word\n    respond: three\n')
    t.match(await event, { ok: false, error: { code: 'MOCK_ERR_CONFIG_INVALID', diagnostics: [{ line: 3, column: 5 }] } })
    t.equal((await app.inject('/word')).json(), 'two')
  })
})

t.test('edits that overlap with requests, reloads and saves', async t => {
  t.test('are all served, however many clients make them at once', async t => {
    const app = await build(t, saying('hello'))
    await Promise.all([...Array(40).keys()].map(async i => {
      await app.mock.endpoints.add({ path: `/w/${i}`, response: i })
      const answers = await Promise.all([1, 2, 3].map(() => app.inject(`/w/${i}`)))
      t.same(answers.map(({ statusCode }) => statusCode), [200, 200, 200])
    }))
    for (let i = 0; i < 40; i++) t.equal((await app.inject(`/w/${i}`)).json(), i)
    t.equal(app.mock.endpoints.list().length, 41)
  })

  t.test('made while a reload runs are put on top of it', async t => {
    const app = await build(t, saying('hello'))
    await app.mock.endpoints.add({ path: '/before', response: 1 })
    const reloading = app.mock.reload(saying('again'))
    await app.mock.endpoints.add({ path: '/during', response: 2 })
    await reloading
    t.equal((await app.inject('/during')).json(), 2)
    t.equal((await app.inject('/before')).statusCode, 404)
    t.equal((await app.inject('/word')).json(), 'again')
  })

  t.test('do not get in the way of a reload that waits', async t => {
    const app = await build(t, saying('hello'))
    await app.mock.endpoints.add({ path: '/x', response: 1 })
    const reloads = [app.mock.reload(saying('a')), app.mock.reload(saying('b')), app.inject('/x')]
    await Promise.all(reloads)
    t.equal((await app.inject('/word')).json(), 'b')
  })

  t.test('made while a save runs are kept', async t => {
    const cwd = t.testdir({ 'mock.json': JSON.stringify(saying('file')) })
    const app = await build(t, { cwd, include: ['mock.json'] })
    await app.mock.endpoints.add({ path: '/early', response: 1 })
    const saving = app.mock.endpoints.save()
    await app.mock.endpoints.add({ path: '/late', response: 2 })
    await saving
    t.equal((await app.inject('/early')).json(), 1)
    t.equal((await app.inject('/late')).json(), 2)
    await app.mock.endpoints.save()
    t.match(await readFile(join(cwd, 'mock.json'), 'utf8'), /early[^]*late/)
  })
})

t.test('saving edits', async t => {
  t.test('is refused where somebody has written to the file meanwhile', async t => {
    const cwd = t.testdir({ 'mock.yaml': 'endpoints:\n  - path: /a\n    response: 1\n  - path: /b\n    response: 2\n' })
    const app = await build(t, { cwd, include: ['mock.yaml'] })
    const text = 'endpoints:\n  - path: /new\n    response: 0\n  - path: /a\n    response: 1\n  - path: /b\n    response: 2\n'
    await writeFile(join(cwd, 'mock.yaml'), text)
    await app.mock.endpoints.remove('GET /a')
    await t.rejects(app.mock.endpoints.save(), { code: 'MOCK_ERR_NOT_SAVED', message: /has changed/ })
    t.equal(await readFile(join(cwd, 'mock.yaml'), 'utf8'), text)
  })

  t.test('keeps what looks like a variable literal', async t => {
    const cwd = t.testdir({ 'mock.json': '{"endpoints": []}' })
    const app = await build(t, { cwd, env: { SECRET: 'secret' }, include: ['mock.json'] })
    const response = [1, 2].map(dollars => `${'$'.repeat(dollars)}{SECRET}`)
    await app.mock.endpoints.add({ path: '/env', response })
    await app.mock.endpoints.save()
    t.same((await app.inject('/env')).json(), response)
  })

  t.test('gives an endpoint whose path changes the id of its new one', async t => {
    const app = await build(t, saying('hello'))
    t.equal((await app.mock.endpoints.replace('GET /word', { id: 'GET /word', path: '/other', response: 1 })).id, 'GET /other')
    t.equal((await app.mock.endpoints.replace('GET /other', { id: 'mine', path: '/other', response: 1 })).id, 'mine')
    t.equal((await app.mock.endpoints.replace('mine', { path: '/third', response: 1 })).id, 'mine')
  })

  t.test('changes what changed in the files, and leaves the rest as it was written', async t => {
    const yaml = '# our mocks\ndefaults:\n  latency_ms: 1\nendpoints:\n  # the first\n  - path: /one\n    response: 1 # one\n  - path: /two\n    response: 2\n  - path: /three\n    response: 3\n'
    const cwd = t.testdir({ 'mock.yaml': yaml })
    const app = await build(t, { cwd, include: ['mock.yaml'] })
    await app.mock.endpoints.replace('GET /one', { ...app.mock.endpoints.get('GET /one'), path: '/one', status: 201 })
    await app.mock.endpoints.replace('GET /one', { ...app.mock.endpoints.get('GET /one'), path: '/one', response: 'uno' })
    await app.mock.endpoints.remove('GET /two')
    await app.mock.endpoints.add({ path: '/four', response: 4 })
    t.same(await app.mock.endpoints.save(), [join(cwd, 'mock.yaml')])
    t.equal(await readFile(join(cwd, 'mock.yaml'), 'utf8'),
      '# our mocks\ndefaults:\n  latency_ms: 1\nendpoints:\n  # the first\n  - path: /one\n    response: uno # one\n    status: 201\n  - path: /three\n    response: 3\n  - path: /four\n    response: 4\n')
    t.match(await app.inject('/one'), { statusCode: 201, body: '"uno"' })
    t.equal((await app.inject('/two')).statusCode, 404)
    t.same(await app.mock.endpoints.save(), [], 'nothing is left to write')
  })

  t.test('is refused where there is no file', async t => {
    const app = await build(t, saying('hello'))
    await app.mock.endpoints.add({ path: '/x', response: 1 })
    await t.rejects(app.mock.endpoints.save(), { code: 'MOCK_ERR_NOT_SAVED' })
    t.equal((await app.inject('/x')).json(), 1)
  })
})

t.test('what requests need is prepared while nobody asks, and what cannot be is left to the request', async t => {
  const body = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
  const app = await build(t, {
    warm: true,
    endpoints: [
      { path: '/users/:id', schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, querystring: { type: 'object', properties: { page: { $ref: '#/schemas/Page' } } } }, response_schema: body },
      { path: '/off', enabled: false, response_schema: body }
    ],
    schemas: { Page: { type: 'integer', minimum: 1 } }
  })
  await new Promise(resolve => setTimeout(resolve, 60))
  t.match((await app.inject('/users/7')).json(), { name: String })
  t.equal((await app.inject('/users/x')).statusCode, 400)
  t.equal((await app.inject('/users/7?page=0')).statusCode, 400)
  await app.mock.reload({ endpoints: [{ path: '/a', response: 1 }] })
  t.equal((await app.inject('/a')).statusCode, 200)
})
