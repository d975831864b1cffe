import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import type { WrittenEndpoint } from '../lib/config.ts'
import { build, listen, until } from './helper.ts'

async function serve (...args: Parameters<typeof build>) {
  const app = await build(...args)
  return { mock: app.mock, inject: (asked: InjectOptions | string) => app.inject(asked) }
}

const echo: WrittenEndpoint = {
  path: '/echo',
  method: 'POST',
  response: { body: '{{request.body}}', encoding: '{{default request.headers.[content-encoding] ""}}', url: '{{request.url}}' }
}
/** Meets every POST to /echo, and answers but one. */
const picky: WrittenEndpoint = { path: '/echo', method: 'POST', when: { body: { '/pick': true } }, response: 'picked' }

t.test('endpoints in front', async t => {
  t.test('answer the newest first, until they are taken away', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/word', response: 'live' }] })
    const say = async () => (await inject('/word')).json()
    const one = await mock.use({ path: '/word', response: 'one' })
    const two = await mock.use({ path: '/:any', response: 'two' })
    t.same(mock.overlays().map(({ id }) => id), ['overlay-2', 'overlay-1'])
    t.equal(await say(), 'two', 'which is newer counts for more than which is more specific')
    await two.restore()
    t.equal(await say(), 'one')
    const three = await mock.use([{ path: '/word', response: 'three' }, { path: '/other', response: 3 }])
    t.equal(await say(), 'three')
    t.same(three.endpoints.map(({ id }) => id), ['GET /word', 'GET /other'])
    t.equal(await mock.restore(), true)
    t.equal(await mock.restore(), false)
    t.equal(await say(), 'live')
    t.equal(one.calls, 1)
    t.same(mock.overlays(), [])
  })

  t.test('stand in the order in which they were asked for', async t => {
    const { mock, inject } = await serve(t)
    await Promise.all(['one', 'two', 'three'].map(word => mock.use({ path: '/word', response: word })))
    t.equal((await inject('/word')).json(), 'three')
  })

  t.test('go with the block that holds them', async t => {
    const { mock, inject } = await serve(t)
    const gone = async () => (await inject('/word')).statusCode === 404
    const overlay = await mock.use({ path: '/word', response: 1 })
    t.notOk(await gone())
    await overlay[Symbol.asyncDispose]()
    t.ok(await gone())
    const other = await mock.use({ path: '/word', response: 1 })
    other[Symbol.dispose]()
    t.ok(await gone())
  })

  t.test('answer as often as they are to, under any number of requests at once', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/word', method: '*', response: 'live' }] })
    const overlay = await mock.use({ path: '/word', method: '*', response: 'over' }, { times: 7 })
    const answers = await Promise.all(Array.from({ length: 50 }, async () => (await inject({ method: 'POST', url: '/word', payload: { a: 1 } })).json()))
    t.equal(answers.filter(answer => answer === 'over').length, 7)
    t.equal(overlay.calls, 7)
    t.equal(overlay.requests.count(), 7)
    mock.reset()
    t.equal(overlay.calls, 0)
    t.equal((await inject('/word')).json(), 'over', 'a reset begins their turns anew')
    await mock.restore()
    await mock.once({ path: '/word', response: 'once' })
    t.same([(await inject('/word')).json(), (await inject('/word')).json()], ['once', 'live'])
  })

  t.test('count no turn for what they let pass', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/word', response: 'live' }] })
    const overlay = await mock.use({ path: '/word', when: { query: { pick: 'yes' } }, response: 'over' }, { times: 1 })
    const say = async (query = '') => (await inject(`/word${query}`)).json()
    t.same([await say(), await say(), await say('?pick=yes'), await say('?pick=yes')], ['live', 'live', 'over', 'live'])
    t.equal(overlay.calls, 1)
  })

  t.test('have states and positions of their own, whatever is behind them under the same id', async t => {
    const responses = [{ response: 1 }, { response: 2 }]
    const { mock, inject } = await serve(t, { endpoints: [{ id: 'steps', path: '/steps', choose: 'sequence', responses }] })
    const say = async () => (await inject('/steps')).json()
    t.equal(await say(), 1)
    const overlay = await mock.use({ id: 'steps', path: '/steps', choose: 'sequence', responses: [{ response: 'a' }, { response: 'b' }] })
    t.same([await say(), await say()], ['a', 'b'])
    await overlay.restore()
    t.equal(await say(), 2)
    t.equal(mock.requests.count({ endpoint: 'steps' }), 4)
    t.equal(mock.requests.count({ endpoint: 'steps', overlay: 'overlay-1' }), 2)
    t.equal(mock.routes()[0]?.hits, 2)
  })

  t.test('are as strict as the configuration, and use what it has', async t => {
    const { mock, inject } = await serve(t, {
      prefix: '/v1',
      schemas: { Id: { type: 'integer', minimum: 1 } },
      defaults: { headers: { 'x-default': 'yes' } },
      endpoints: []
    })
    await mock.use({ path: '/users/:id', schema: { params: { type: 'object', properties: { id: { $ref: '#/schemas/Id' } } } }, response: { id: '{{request.params.id}}' } })
    const found = await inject('/v1/users/7')
    t.same([found.json(), found.headers['x-default']], [{ id: '7' }, 'yes'])
    t.equal((await inject('/v1/users/0')).statusCode, 400)
    t.equal((await inject({ method: 'HEAD', url: '/v1/users/7' })).statusCode, 200)
    t.equal((await inject('/users/7')).statusCode, 404)
  })

  t.test('that are not valid are refused with all that is wrong, and change nothing', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/word', response: 'live' }] })
    const wrong: unknown[] = [{ path: '/word', respons: 1 }, { path: '/word', response: '{{#if}}' }, { path: '/a/:x((a+)+$)' }, { path: 7 }, 7, null,
      [{ path: '/word', response: 1 }, { path: '/word', response: 2 }]]
    for (const endpoint of wrong) await t.rejects(mock.use(endpoint as WrittenEndpoint), { code: 'MOCK_ERR_CONFIG_INVALID' })
    for (const times of [0, -1, 1.5, NaN]) await t.rejects(mock.use({ path: '/word', response: 1 }, { times }), { code: 'MOCK_ERR_OVERLAY_TIMES' })
    t.same(mock.overlays(), [])
    t.equal((await inject('/word')).json(), 'live')
  })

  t.test('may be resources', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/posts/about', response: 'live' }] })
    await mock.use({ resource: 'posts' })
    const { id } = (await inject({ method: 'POST', url: '/posts', payload: { title: 'a' } })).json()
    t.match((await inject(`/posts/${id}`)).json(), { title: 'a' })
    t.equal((await inject({ method: 'POST', url: '/comments', payload: {} })).statusCode, 404)
  })
})

t.test('what an overlay lets pass', async t => {
  t.test('reaches what is behind it as it came', async t => {
    const { mock, inject } = await serve(t, { endpoints: [echo] })
    await mock.use(picky)
    await mock.use({ ...picky, match: { headers: { 'content-type': true } } })
    const send = async (payload: string | Buffer, headers: Record<string, string>) => (await inject({ method: 'POST', url: '/echo?a=1', payload, headers })).json()
    const json = '{"big":12345678901234567890,"text":"ü€"}'
    t.match(await send('{"pick":true}', { 'content-type': 'application/json' }), 'picked')
    t.match(await send('{"text":"ü€"}', { 'content-type': 'application/json' }), { body: { text: 'ü€' }, url: '/echo?a=1' })
    t.match(await send(gzipSync('{"text":"ü€"}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' }), { body: { text: 'ü€' }, encoding: 'gzip' })
    t.match(await send('a=1&b=2', { 'content-type': 'application/x-www-form-urlencoded' }), { body: { a: '1', b: '2' } })
    t.match(await send('text', { 'content-type': 'text/plain' }), { body: 'text' })
    t.match(await send('<a>1</a>', { 'content-type': 'application/xml' }), { body: '<a>1</a>' })
    const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhello\r\n--x--\r\n'
    t.match(await send(part, { 'content-type': 'multipart/form-data; boundary=x' }), { body: { file: { filename: 'a.txt', size: 5 } } })
    t.match(await send(json, { 'content-type': 'application/json' }), { body: { text: 'ü€' } })
    const entries = mock.requests.find()
    t.equal(entries.length, 8, 'one entry each')
    t.same(entries.map(({ endpoint }) => endpoint?.overlay), ['overlay-2', ...Array(7).fill(undefined)])
    t.equal(entries.at(-1)?.request.body?.text, json)
    t.equal(mock.routes()[0]?.hits, 7)
  })

  t.test('keeps its headers, and gets none of the overlay\'s', async t => {
    const { mock, inject } = await serve(t, { endpoints: [{ path: '/h', response: '{{request.headers.x-number}}', headers: { 'x-live': '1' } }] })
    await mock.use({
      path: '/h',
      schema: { headers: { type: 'object', properties: { 'X-Number': { type: 'integer' }, 'x-made': { type: 'string', default: 'up' } } } },
      responses: [
        { when: { query: { pick: 'yes' } }, content_type: 'text/plain', text: 'a' },
        { when: { query: { pick: 'yes' } }, content_type: 'text/html', text: 'b' }
      ]
    } as WrittenEndpoint)
    const { headers } = await inject({ url: '/h', headers: { 'x-number': '007', accept: 'text/html' } })
    t.equal(headers['x-live'], '1')
    t.equal(mock.requests.find()[0]?.request.headers['x-number'], '007')
    t.notOk(mock.requests.find()[0]?.request.headers['x-made'])
  })

  t.test('is explained where nothing is behind it', async t => {
    const { mock, inject } = await serve(t)
    await mock.use(picky)
    const { statusCode, headers, body } = await inject({ method: 'POST', url: '/echo', payload: { pick: false } })
    t.equal(statusCode, 404)
    t.equal(headers['x-mock-unmatched'], '1')
    t.match(body, '/pick')
    t.match(mock.requests.find(), [{ matched: false, request: { body: { text: '{"pick":false}' } } }])
    t.equal(mock.requests.count(), 1)
  })

  t.test('passes over sockets: chunked, continued, too large and broken off', async t => {
    const { app, url } = await listen(t, { body_limit: 1000, endpoints: [echo] })
    const { mock } = app
    await mock.use(picky)
    const { port } = new URL(url)

    const chunked = httpRequest(`${url}/echo`, { method: 'POST', headers: { 'content-type': 'application/json', expect: '100-continue' } })
    chunked.flushHeaders()
    await once(chunked, 'continue')
    chunked.write('{"te')
    await setTimeout(5)
    chunked.end('xt":"chunks"}')
    const [answer] = await once(chunked, 'response')
    t.match(JSON.parse(Buffer.concat(await answer.toArray()).toString()), { body: { text: 'chunks' } })

    const large = await fetch(`${url}/echo`, { method: 'POST', body: JSON.stringify({ text: 'x'.repeat(2000) }), headers: { 'content-type': 'application/json' } })
    t.equal(large.status, 413)

    const socket = connect(Number(port), '127.0.0.1')
    socket.write('POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"pi')
    await until(() => mock.overlays()[0] !== undefined && app.server.listening)
    await setTimeout(20)
    socket.destroy()
    await until(() => mock.requests.count() === 3)
    t.match(mock.requests.find().at(-1), { aborted: true })

    const socketTwice = connect(Number(port), '127.0.0.1')
    const send = (body: string) => socketTwice.write(`POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    let received = ''
    socketTwice.on('data', chunk => { received += chunk })
    send('{"n":1}')
    send('{"n":2}')
    await until(() => received.includes('"n":1') && received.includes('"n":2'))
    socketTwice.destroy()
    t.pass('the connection goes on after a body that was read twice')
  })
})

t.test('a reload leaves overlays where they are, with the schemas of the new configuration', async t => {
  const schema = { body: { $ref: '#/schemas/Body' } }
  const { mock, inject } = await serve(t, { schemas: { Body: { type: 'object', required: ['old'] } }, endpoints: [{ path: '/word', response: 'one' }] })
  await mock.use({ path: '/over', method: 'POST', schema, response: 'over' })
  const send = async (payload: object) => (await inject({ method: 'POST', url: '/over', payload })).statusCode
  t.same([await send({ old: 1 }), await send({ fresh: 1 })], [200, 400])
  await mock.reload({ schemas: { Body: { type: 'object', required: ['fresh'] } }, endpoints: [{ path: '/word', response: 'two' }] })
  t.same([await send({ old: 1 }), await send({ fresh: 1 })], [400, 200])
  t.equal((await inject('/word')).json(), 'two')
  await mock.endpoints.add({ path: '/added', response: 1 })
  t.equal((await inject('/added')).json(), 1)
  t.equal(await send({ fresh: 1 }), 200)
})

t.test('requests under way finish on the overlay and the generation that they met', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/word', response: 'old', latency_ms: 100 }] })
  const { mock } = app
  const overlay = await mock.use({ path: '/slow', latency_ms: 100, response: 'over' })
  const slow = fetch(`${url}/slow`)
  await until(() => overlay.calls === 1)
  await overlay.restore()
  await mock.reload({ endpoints: [{ path: '/word', response: 'new' }] })
  t.equal(await (await slow).json(), 'over')
  t.equal((await fetch(`${url}/slow`)).status, 404)
})

t.test('mock control puts endpoints in front, and takes them away', async t => {
  const { inject } = await serve(t, { endpoints: [{ path: '/word', response: 'live' }] })
  const control = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => {
    const answer = await inject({ method, url: `/__mock/api${path}`, headers: { host: 'localhost' }, ...payload !== undefined && { payload } })
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
  }
  t.match(await control('POST', '/overlays', { endpoints: { path: '/word', response: 'over' }, times: 2 }), { status: 201, body: { id: 'overlay-1', times: 2, endpoints: [{ id: 'GET /word', path: '/word', response: 'over' }] } })
  t.equal((await inject('/word')).json(), 'over')
  t.match(await control('GET', '/overlays'), { status: 200, body: { overlays: [{ id: 'overlay-1', calls: 1 }] } })
  t.match(await control('GET', '/overlays/overlay-1'), { status: 200, body: { calls: 1 } })
  t.match(await control('GET', '/logs?overlay=overlay-1'), { status: 200, body: { total: 1, entries: [{ endpoint: { overlay: 'overlay-1' } }] } })
  t.equal((await control('DELETE', '/overlays/overlay-1')).status, 204)
  t.match(await control('DELETE', '/overlays/overlay-1'), { status: 404, body: { code: 'MOCK_ERR_OVERLAY_UNKNOWN' } })
  t.equal((await control('DELETE', '/overlays')).status, 204)
  t.match(await control('POST', '/overlays', { endpoints: [{ path: '/word', respons: 1 }] }), { status: 400, body: { code: 'MOCK_ERR_CONFIG_INVALID' } })
  t.match(await control('POST', '/overlays', { endpoints: 7 }), { status: 400, body: { code: 'MOCK_ERR_CONTROL_BODY' } })
  t.match(await control('POST', '/overlays', { path: '/word' }), { status: 400, body: { code: 'MOCK_ERR_CONTROL_BODY' } })
})
