import fc from 'fast-check'
import { request } from 'node:http'
import t from 'tap'
import type { Latency } from '../lib/config.ts'
import { latencySampler } from '../lib/latency.ts'
import { parameterDecoder } from '../lib/parameters.ts'
import { routePath, samplePath } from '../lib/path.ts'
import { parsePrefer } from '../lib/prefer.ts'
import { createRandom, seedOf } from '../lib/random.ts'
import { build, listen, until } from './helper.ts'

const draw = (latency: Latency, count = 4000): number[] => {
  const random = createRandom(42)
  const sample = latencySampler(latency)
  return [...Array(count)].map(() => sample?.(random) ?? 0).sort((a, b) => a - b)
}

t.test('latency', async t => {
  t.test('follows the distribution asked for', async t => {
    t.equal(latencySampler(undefined), undefined)
    t.equal(latencySampler(0), undefined)
    t.ok(draw(25).every(ms => ms === 25))
    t.ok(draw({ distribution: 'fixed', value: 7 }).every(ms => ms === 7))
    for (const latency of [{ min: 10, max: 30 }, { distribution: 'uniform', min: 10, max: 30 }] as const) {
      const values = draw(latency)
      t.ok(values[0]! >= 10 && values.at(-1)! <= 30)
      t.ok(Math.abs(values[2000]! - 20) < 1, 'median in the middle')
    }
    const normal = draw({ distribution: 'normal', mean: 100, stddev: 10 })
    t.ok(Math.abs(normal[2000]! - 100) < 1, 'median at the mean')
    t.ok(Math.abs(normal[Math.round(4000 * 0.8413)]! - 110) < 1.5, 'one deviation at 84 %')
    const lognormal = draw({ distribution: 'lognormal', median: 80, sigma: 0.5 })
    t.ok(Math.abs(lognormal[2000]! - 80) < 3)
    t.ok(Math.abs(lognormal[Math.round(4000 * 0.8413)]! - 80 * Math.exp(0.5)) < 8)
  })

  t.test('stays within its bounds', async t => {
    t.ok(draw({ distribution: 'normal', mean: 5, stddev: 50 }).every(ms => ms >= 0))
    t.ok(draw({ distribution: 'normal', mean: 5, stddev: 50, min: 2, max: 9 }).every(ms => ms >= 2 && ms <= 9))
    t.ok(draw({ distribution: 'lognormal', median: 80, sigma: 2, max: 100 }).every(ms => ms <= 100))
  })

  t.test('delays answers on a real socket, also to a request with a body', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/slow', method: '*', latency_ms: 80, response: 1 }] })
    for (const options of [{}, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }]) {
      const response = await fetch(`${url}/slow`, options)
      t.equal(response.status, 200)
    }
    for (const entry of app.mock.requests.find()) {
      t.match(entry, { injected: { latency_ms: 80 } })
      t.ok(entry.duration_ms >= 79)
    }
  })

  t.test('ends when the client hangs up', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/slow', method: 'POST', latency_ms: 60_000, response: 1 }] })
    const client = request(`${url}/slow`, { method: 'POST', headers: { 'content-type': 'application/json' } })
    client.on('error', () => {})
    client.end('{"a":1}')
    await until(() => app.mock.routes()[0]?.hits === 1)
    client.destroy()
    const entry = await app.mock.requests.waitFor({ path: '/slow' })
    t.match(entry, { aborted: true, request: { body: { text: '{"a":1}' } }, injected: { latency_ms: 60_000 } })
    t.equal(entry.response, undefined)
  })

  t.test('of ten thousand requests at once costs timers, and all are answered', async t => {
    const app = await build(t, { log: { max_entries: 10 }, endpoints: [{ path: '/slow', latency_ms: 300, response: 1 }] })
    const start = performance.now()
    const answers = await Promise.all([...Array(10_000)].map(() => app.inject('/slow')))
    t.ok(answers.every(({ statusCode }) => statusCode === 200))
    t.ok(performance.now() - start < 300 * 100, 'they waited side by side')
  })

  t.test('of a response counts before that of its endpoint', async t => {
    const app = await build(t, {
      defaults: { latency_ms: 3 },
      endpoints: [{ path: '/a', responses: [{ response: 1 }, { status: 202, latency_ms: 5, response: 2 }] }, { path: '/b', latency_ms: 7, response: 1 }]
    })
    await app.inject('/a')
    await app.inject({ url: '/a', headers: { prefer: 'code=202' } })
    await app.inject('/b')
    t.same(app.mock.requests.find().map(({ injected }) => injected), [{ latency_ms: 3 }, { latency_ms: 5 }, { latency_ms: 7 }])
  })
})

t.test('a request that is answered is not logged as hung up on, injected or not', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/a', method: '*', response: 1 }] })
  await app.inject('/a')
  await app.inject({ method: 'POST', url: '/a', payload: { a: 1 } })
  await fetch(`${url}/a`)
  await app.mock.requests.waitFor({ after: 2 })
  t.same(app.mock.requests.find().map(({ aborted, response }) => [aborted, response?.status]), [[false, 200], [false, 200], [false, 200]])
})

t.test('failures', async t => {
  const outcomes = async (seed: number, count = 60) => {
    const app = await build(t, { seed, endpoints: [{ path: '/flaky', failure_rate: 0.4, failure: { status: [500, 503] }, response: 'fine' }] })
    const statuses = []
    for (let i = 0; i < count; i++) statuses.push((await app.inject('/flaky')).statusCode)
    return statuses
  }

  t.test('come at the rate asked for, with the statuses asked for', async t => {
    const statuses = await outcomes(1, 1000)
    const failed = statuses.filter(status => status !== 200)
    t.ok(Math.abs(failed.length - 400) < 60, `${failed.length} of 1000`)
    t.same(new Set(failed), new Set([500, 503]))
  })

  t.test('repeat with the seed', async t => {
    t.same(await outcomes(7), await outcomes(7))
    t.notSame(await outcomes(7), await outcomes(8))
  })

  t.test('repeat after a reset', async t => {
    const app = await build(t, { seed: 3, endpoints: [{ path: '/flaky', failure_rate: 0.5, response: '{{random.int 1 1000}}' }] })
    const run = async () => {
      const seen = []
      for (let i = 0; i < 20; i++) {
        const answer = await app.inject('/flaky')
        seen.push([answer.statusCode, answer.body])
      }
      return seen
    }
    const first = await run()
    app.mock.reset()
    t.same(await run(), first)
  })

  t.test('say that they were injected', async t => {
    const app = await build(t, { endpoints: [{ path: '/down', failure_rate: 1, response: 1 }] })
    const answer = await app.inject('/down')
    t.match(answer, { statusCode: 500, headers: { 'x-mock-injected': 'failure', 'content-type': /application\/problem\+json/ } })
    t.match(app.mock.requests.find(), [{ injected: { failure: 500 }, endpoint: { id: 'GET /down' } }])
  })

  t.test('have a body and headers of their own', async t => {
    const app = await build(t, {
      defaults: { failure_rate: 1, failure: { status: 429, headers: { 'Retry-After': '{{add 1 2}}' }, body: { error: 'slow down {{request.params.id}}' } } },
      endpoints: [{ path: '/a/:id', response: 1 }, { path: '/never', failure_rate: 0, response: 1 }]
    })
    const answer = await app.inject('/a/7')
    t.match(answer, { statusCode: 429, headers: { 'retry-after': '3' } })
    t.same(answer.json(), { error: 'slow down 7' })
    t.equal((await app.inject('/never')).statusCode, 200)
  })
})

t.test('seeds', async t => {
  t.test('make templates and generated bodies repeat', async t => {
    const config = {
      endpoints: [
        { path: '/t', response: ['{{uuid}}', '{{faker "person.firstName"}}', '{{random.int 1 1000000}}'] },
        { path: '/g', response_schema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, email: { type: 'string', format: 'email' } } } }
      ]
    }
    const ask = async (seed: number) => {
      const app = await build(t, { seed, ...config })
      return [(await app.inject('/t')).body, (await app.inject('/t')).body, (await app.inject('/g')).body]
    }
    const first = await ask(1)
    t.same(await ask(1), first)
    t.notSame(await ask(2), first)
    t.not(first[0], first[1], 'the second request differs from the first')
  })

  t.test('are spread evenly', async t => {
    const seeds = new Set([...Array(1000).keys()].map(n => seedOf('seed', 'GET /a', n)))
    t.equal(seeds.size, 1000)
    const values = [...seeds].map(seed => createRandom(seed).next())
    t.ok(Math.abs(values.reduce((a, b) => a + b) / 1000 - 0.5) < 0.03)
  })
})

t.test('Prefer', async t => {
  t.test('is read as RFC 7240 writes it', async t => {
    t.same([...parsePrefer('code=404')], [['code', '404']])
    t.same([...parsePrefer(['respond-async, wait=100', 'handling=lenient'])], [['respond-async', ''], ['wait', '100'], ['handling', 'lenient']])
    t.same([...parsePrefer('Foo; bar="a,b=c", CODE = 201;q=1')], [['foo', ''], ['code', '201']])
    t.same([...parsePrefer('example="say \\"hi\\", twice"')], [['example', 'say "hi", twice']])
    t.same([...parsePrefer('a=1, a=2')], [['a', '1']], 'the first counts')
  })

  t.test('whatever it holds is read without harm', async t => {
    fc.assert(fc.property(fc.string(), text => { parsePrefer(text) }))
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), (name, value) => {
      t.equal(parsePrefer(`${name}="${value.replace(/[\\"]/g, '\\$&')}"`).get(name), value)
    }), { numRuns: 50 })
  })
})

t.test('parameters', async t => {
  const properties = { list: { type: 'array', items: {} }, map: { type: 'object', properties: { a: {}, b: {} } } }
  const decode = (location: 'querystring' | 'params' | 'headers' | 'cookies', name: 'list' | 'map', annotations: object, values: Record<string, unknown>) => {
    parameterDecoder({ type: 'object', properties: { [name]: { ...properties[name], ...annotations } } }, location)?.(values)
    return values[name]
  }

  t.test('are read as their style writes them', async t => {
    t.same(decode('querystring', 'list', {}, { list: ['x', 'y'] }), ['x', 'y'])
    t.same(decode('querystring', 'list', { explode: false }, { list: 'x,y' }), ['x', 'y'])
    t.same(decode('querystring', 'list', { style: 'spaceDelimited', explode: false }, { list: 'x y' }), ['x', 'y'])
    t.same(decode('querystring', 'list', { style: 'pipeDelimited', explode: false }, { list: 'x|y' }), ['x', 'y'])
    t.same(decode('querystring', 'map', { explode: false }, { map: 'a,1,b,2' }), { a: '1', b: '2' })
    t.same(decode('querystring', 'map', {}, { a: '1', c: '3' }), { a: '1' })
    t.same(decode('querystring', 'map', { style: 'deepObject' }, { 'map[a]': '1', 'map[b][c]': '2' }), { a: '1', b: { c: '2' } })
    t.same(decode('querystring', 'map', { content: 'application/json' }, { map: '{"a":[1]}' }), { a: [1] })
    t.same(decode('querystring', 'map', {}, { map: '{"a":1}' }), { a: 1 })
    t.same(decode('querystring', 'map', { properties: {}, additionalProperties: true }, { x: '1', y: '2' }), { x: '1', y: '2' })
    t.same(decode('params', 'list', {}, { list: 'x,y' }), ['x', 'y'])
    t.same(decode('params', 'map', { explode: true }, { map: 'a=1,b=2' }), { a: '1', b: '2' })
    t.same(decode('params', 'list', { style: 'label' }, { list: '.x,y' }), ['x', 'y'])
    t.same(decode('params', 'list', { style: 'label', explode: true }, { list: '.x.y' }), ['x', 'y'])
    t.same(decode('params', 'list', { style: 'matrix' }, { list: ';list=x,y' }), ['x', 'y'])
    t.same(decode('params', 'list', { style: 'matrix', explode: true }, { list: ';list=x;list=y' }), ['x', 'y'])
    t.same(decode('params', 'map', { style: 'matrix', explode: true }, { map: ';a=1;b=2' }), { a: '1', b: '2' })
    t.same(decode('headers', 'list', {}, { list: 'x,y' }), ['x', 'y'])
  })

  t.test('that are required but have no members are empty, not missing', async t => {
    const values: Record<string, unknown> = {}
    parameterDecoder({ type: 'object', required: ['map'], properties }, 'querystring')?.(values)
    t.same(values, { map: {} })
    const app = await build(t, { endpoints: [{ path: '/a/:list', schema: { params: { type: 'object', properties } }, response: '{{request.params.list}}' }] })
    t.same((await app.inject('/a/')).json(), [])
  })

  t.test('cannot reach a prototype', async t => {
    decode('querystring', 'map', { style: 'deepObject' }, { 'map[__proto__][polluted]': '1' })
    t.notOk('polluted' in {})
  })
})

t.test('a path', async t => {
  t.test('gives a sample that can be requested', async t => {
    t.equal(samplePath('/u/:id/f/*', name => name === 'id' ? '7' : 'x'), '/u/7/f/x')
    t.equal(samplePath('/at/:hour(^(\\d+)$)h/:m?', () => '1'), '/at/1h/1')
    t.equal(samplePath('/a/{b c}/x:y', () => 'ü'), '/a/%C3%BC/x:y')
    t.equal(samplePath('/jobs::run', () => ''), '/jobs:run')
  })

  t.test('of any parameter names becomes a route that restores them', async t => {
    fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[^{}/%+][^{}/%]*$/), { minLength: 1, maxLength: 3 }), names => {
      const path = routePath('/' + names.map(name => `{${name}}`).join('/'))
      t.same(path.names, names)
      const restored = [...path.url.matchAll(/:(\w+)/g)].map(([, name = '']) => path.aliases?.get(name) ?? name)
      t.same(restored, names)
    }), { numRuns: 100 })
  })
})
