import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import Fastify from 'fastify'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { test } from 'tap'
import { credentialsOf } from '../lib/security/credentials.ts'
import { addressKind } from '../lib/webhook/address-kind.ts'
import { createDispatcher } from '../lib/webhook/dispatcher.ts'
import { retrySchedule } from '../lib/webhook/retry-schedule.ts'
import mockPlugin from '../plugins/mock.ts'
import { build, listen, until } from './helper.ts'

/** Sends bytes as they are, and collects what comes back. */
async function exchange (t: { teardown: (callback: () => unknown) => void }, url: string, bytes: Buffer, isThrough: (received: string) => boolean): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  let received = ''
  socket.on('data', part => { received += part.toString('latin1') })
  socket.on('error', () => {})
  socket.write(bytes)
  await until(() => isThrough(received))
  return received
}

test('what follows a deflated body is left alone, and does not keep the request waiting', async t => {
  const { url } = await listen(t, { endpoints: [{ path: '/', method: 'POST', text: '{{request.body.a}}' }] })
  const body = Buffer.concat([deflateSync('{"a":"answered"}'), Buffer.alloc(200_000, 1)])
  const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: deflate\r\nContent-Length: ${body.length}\r\n\r\n`
  const received = await exchange(t, url, Buffer.concat([Buffer.from(head), body]), text => text.includes('answered'))
  t.match(received, /^HTTP\/1\.1 200 /)
})

test('a compressed body that nobody reads, as of HTTP/2 without type and length, costs neither the process nor the connection', async t => {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(mockPlugin, { endpoints: [{ path: '/', method: 'POST', response: 'ok' }] })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const session = connectHttp2(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  t.teardown(() => session.destroy())
  for (const body of [Buffer.from('not gzip at all'), gzipSync(randomBytes(500_000)), gzipSync(randomBytes(500_000)).subarray(0, 300_000)]) {
    const stream = session.request({ ':path': '/', ':method': 'POST', 'content-encoding': 'gzip' })
    let status: number | undefined
    stream.on('response', headers => { status = headers[':status'] }).resume().end(body)
    await once(stream, 'close')
    t.equal(status, 200)
  }
})

test('a preferred failure that cannot be rendered after a delay is an error of the answer, and not the end of the process', async t => {
  const app = await build(t, {
    helpers: { broken: () => { throw new Error('broken') } },
    endpoints: [{ path: '/', failure_rate: 0, failure: { status: 503, body: 'it is {{broken}}' }, response: 'fine' }]
  })
  for (const prefer of ['fault=503', 'fault=503, delay=1']) {
    const answer = await app.inject({ url: '/', headers: { prefer } })
    t.equal(answer.statusCode, 500, prefer)
    t.equal(answer.json().code, 'MOCK_ERR_TEMPLATE_RENDER')
  }
})

test('JSON in parts, fields, lines, texts and parameters is bounded in depth as a whole body is', async t => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  const content = (type: string, schema: object) => ({ body: { content: { [type]: { schema } } } })
  const tree = { $ref: '#/schemas/Tree' }
  const field = { type: 'object', properties: { a: tree } }
  const app = await build(t, {
    schemas: { Tree: { type: ['array', 'string'], items: { $ref: '#/schemas/Tree' } } },
    endpoints: [
      { path: '/parts', method: 'POST', schema: content('multipart/form-data', field), response: 'ok' },
      { path: '/fields', method: 'POST', schema: content('application/x-www-form-urlencoded', field), response: 'ok' },
      { path: '/lines', method: 'POST', schema: content('application/x-ndjson', tree), response: 'ok' },
      { path: '/text', method: 'POST', schema: content('text/plain', tree), response: '{{request.body}}' },
      { path: '/cookie', schema: { cookies: { type: 'object', properties: { a: { ...tree, content: 'application/json' } } } }, response: 'ok' }
    ]
  })
  const send = (path: string, type: string, payload: string) => app.inject({ url: path, method: 'POST', headers: { 'content-type': type }, payload })
  const part = (data: string) => `--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: application/json\r\n\r\n${data}\r\n--b--\r\n`
  t.equal((await send('/parts', 'multipart/form-data; boundary=b', part(deep))).statusCode, 400)
  t.equal((await send('/lines', 'application/x-ndjson', deep)).statusCode, 400)
  // What is not read as JSON is a text, and may be one.
  t.equal((await send('/fields', 'application/x-www-form-urlencoded', `a=${deep}`)).statusCode, 200)
  t.equal((await send('/text', 'text/plain', deep)).statusCode, 200)
  t.equal((await app.inject({ url: '/cookie', headers: { cookie: `a=${deep}` } })).statusCode, 200)
  t.same((await send('/text', 'text/plain', '[["a"]]')).json(), [['a']])
})

test('an id that is no well-formed text is written into Location all the same', async t => {
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  const app = await build(t, {
    endpoints: [
      { path: '/things', method: 'POST', status: 201, headers: { location: '{{request.urlPath}}/1' }, response_schema: schema },
      { path: '/things/:id', response_schema: schema }
    ]
  })
  const answer = await app.inject({ url: '/things', method: 'POST', headers: { 'content-type': 'application/json' }, payload: '{"id":"\\ud800a"}' })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers.location, '/things/%EF%BF%BDa')
})

test('the log tells headers as they were received, whatever validation makes of them, and gives nobody those of another record', async t => {
  const app = await build(t, {
    endpoints: [
      { path: '/judged', schema: { headers: { type: 'object', properties: { 'x-count': { type: 'integer' }, 'x-list': { type: 'array', items: { type: 'integer' } }, 'x-added': { default: 'x' } } } }, text: '{{json request.headers.x-list}}' },
      { path: '/other', response: 'ok' }
    ]
  })
  const headers = { 'x-count': '7', 'x-list': '1,2', 'user-agent': 'test', host: 'localhost' }
  t.equal((await app.inject({ url: '/judged', headers })).body, '[1,2]')
  await app.inject({ url: '/other', headers })
  for (const { request } of app.mock.requests.find()) t.same(request.headers, headers)

  const [first] = app.mock.requests.find()
  Object.assign(first?.request.headers ?? {}, { 'x-mine': '1' })
  for (const { request } of app.mock.requests.find()) t.notOk('x-mine' in request.headers)
})

test('white space in credentials takes no more than a look at each of it', t => {
  t.same(credentialsOf(`Bearer x${' '.repeat(2_000_000)}y`)?.scheme, 'bearer')
  t.same(credentialsOf('  Basic   abc= '), { scheme: 'basic', value: 'abc=' })
  t.same(credentialsOf('Basic'), { scheme: 'basic', value: '' })
  t.equal(credentialsOf('  '), undefined)
  t.end()
})

test('addresses of IPv6 that lead to others of IPv4 are not public', t => {
  t.equal(addressKind('64:ff9b::a9fe:a9fe'), 'forbidden')
  t.equal(addressKind('::ffff:169.254.169.254'), 'forbidden')
  for (const address of ['64:ff9b::a00:1', '64:ff9b:1::a9fe:a9fe', '2002:a9fe:a9fe::', '::a9fe:a9fe', 'fec0::1']) t.equal(addressKind(address), 'private', address)
  t.equal(addressKind('::1'), 'loopback')
  t.equal(addressKind('2606:4700::1111'), 'public')
  t.end()
})

test('what is told of a mistake does not repeat credentials, wherever they are', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/',
      method: 'POST',
      schema: {
        headers: { type: 'object', properties: { cookie: { maxLength: 1 } } },
        body: { type: 'object', properties: { password: { type: 'integer' }, apiKey: { type: 'integer' }, name: { type: 'integer' } } }
      },
      response: 'ok'
    }]
  })
  const answer = await app.inject({ url: '/', method: 'POST', headers: { cookie: 'session=hidden' }, payload: { password: 'hidden', apiKey: 'hidden', name: 'shown' } })
  t.equal(answer.statusCode, 400)
  t.equal(answer.json().violations.length, 4)
  t.notMatch(answer.body, 'hidden')
  t.match(answer.body, 'shown')
})

test('deliveries that wait are bounded in bytes, and leave room when they are cancelled', async t => {
  const dispatcher = createDispatcher()
  t.teardown(() => dispatcher.close(0))
  // One body stands for many: what it would take is counted each time.
  const body = Buffer.alloc(10 * 1024 * 1024)
  const dispatch = (id: number) => dispatcher.dispatch({
    id: String(id), kind: 'webhook', name: 'n', method: 'POST', url: 'http://127.0.0.1:1/', headers: {}, body, delayMs: 1_000_000, timeoutMs: 1_000, retry: retrySchedule(), sign: undefined, isTrusted: true, hops: 1
  })
  const states = Array.from({ length: 20 }, (_, id) => dispatch(id).state)
  t.equal(states[0], 'waiting')
  t.equal(states.at(-1), 'refused')
  dispatcher.clear()
  t.equal(dispatch(21).state, 'waiting')
})
