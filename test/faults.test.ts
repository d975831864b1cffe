import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, get, request } from 'node:http'
import { connect } from 'node:http2'
import { get as getSecurely } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import type { FastifyServerOptions } from 'fastify'
import { FAULT_KINDS, FAULT_SYNONYMS, type FaultKind } from '../lib/config-keys/fault.ts'
import type { Fault } from '../lib/config.ts'
import mockPlugin, { type MockPluginOptions } from '../plugins/mock.ts'
import { byCurl, byFetch, byHttp, byHttp2, curlVersion } from './fault-clients.ts'
import { build, listen, until } from './helper.ts'

const RESPONSE = { text: 'x'.repeat(10) }
const serving = (fault: Fault): MockPluginOptions => ({ endpoints: [{ path: '/', fault, response: RESPONSE }, { path: '/fine', response: 'fine' }] })

const portOf = (url: string): number => Number(new URL(url).port)

/** The same over HTTP/2, without TLS. */
async function listen2 (t: Tap, options: MockPluginOptions): Promise<string> {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(mockPlugin, options)
  return app.listen({ host: '127.0.0.1', port: 0 })
}
type Tap = Parameters<typeof build>[0]

/** The table of docs/failures.md: by fault, what each client sees. */
function documented (): Map<string, string[]> {
  const text = readFileSync(new URL('../docs/failures.md', import.meta.url), 'utf8')
  const [, section = ''] = text.split('### What clients see')
  const rows = section.split('\n').filter(line => line.startsWith('| `')).map(line => line.split('|').slice(1, -1).map(cell => cell.trim().replaceAll('`', '')))
  return new Map(rows.map(([kind = '', ...cells]) => [kind, cells]))
}

t.test('each fault is seen by real clients as the table says', { timeout: 120_000 }, async t => {
  const table = documented()
  const curl = await curlVersion()
  // What others make of the same bytes is theirs.
  const isKnownNode = process.versions.node.startsWith('20.')
  const isKnownCurl = curl?.startsWith('7.') === true
  if (curl === undefined) t.comment('curl is not installed: it is not asked')
  const lines: string[] = []
  for (const kind of FAULT_KINDS) {
    const options = serving({ kind, ...kind === 'slow_close' && { for_ms: 50 } })
    const [{ app, url }, url2] = await Promise.all([listen(t, options), listen2(t, options)])
    const seen = await Promise.all([byFetch(`${url}/`), byHttp(`${url}/`), curl === undefined ? '' : byCurl(`${url}/`), byHttp2(url2)])
    lines.push(`| \`${kind}\` | ${seen.map(cell => cell.replaceAll(/[A-Z][A-Z\d]+_[A-Z_\d]+|ECONNRESET|Z_DATA_ERROR/g, '`$&`')).join(' | ')} |`)
    const expected = table.get(kind) ?? []
    for (const [index, client] of ['fetch', 'node:http', 'curl', 'node:http2'].entries()) {
      if (client === 'curl' ? isKnownCurl : isKnownNode) t.equal(seen[index], expected[index], `${kind} by ${client}`)
    }
    t.equal(await (await fetch(`${url}/fine`)).text(), '"fine"', `${kind}: the next request is served`)
    const struck = app.mock.requests.find({ endpoint: 'GET /' })
    t.ok(struck.length > 0 && struck.every(({ injected }) => injected?.fault === kind), `${kind}: marked in the log`)
    await app.close()
  }
  if (process.env.FAULT_TABLE !== undefined) t.comment(lines.join('\n'))
  t.same([...table.keys()], FAULT_KINDS, 'each has its line')
})

t.test("WireMock's and Toxiproxy's names are understood", async t => {
  for (const [name, kind] of Object.entries(FAULT_SYNONYMS)) {
    const app = await build(t, { endpoints: [{ path: '/', fault: { kind: { [name]: 1 } }, response: 1 }] })
    await t.rejects(app.inject('/'), { code: 'MOCK_ERR_FAULT_INJECTED', message: new RegExp(`'${kind}'`) }, name)
  }
  const app = await build(t, { endpoints: [{ path: '/', fault: 'CONNECTION_RESET_BY_PEER', response: 1 }] })
  await t.rejects(app.inject('/'), { code: 'MOCK_ERR_FAULT_INJECTED' })
})

t.test('which requests', async t => {
  const outcomes = async (fault: Fault, count: number): Promise<string[]> => {
    const app = await build(t, { seed: 1, endpoints: [{ path: '/', fault, response: 1 }] })
    const seen: string[] = []
    for (let i = 0; i < count; i++) seen.push(await app.inject('/').then(() => '.', (error: Error) => /'(\w+)'/.exec(error.message)?.[1] ?? ''))
    return seen
  }
  t.same(await outcomes({ kind: 'reset', first: 2 }, 4), ['reset', 'reset', '.', '.'])
  t.same(await outcomes({ kind: 'empty', every: 2 }, 4), ['.', 'empty', '.', 'empty'])
  const mixed = await outcomes({ kind: { reset: 3, empty: 1, hang: 0 }, rate: 0.5 }, 400)
  const count = (outcome: string) => mixed.filter(seen => seen === outcome).length
  t.ok(Math.abs(count('.') - 200) < 40 && Math.abs(count('reset') - 150) < 40 && Math.abs(count('empty') - 50) < 30 && count('hang') === 0, `${count('.')}, ${count('reset')}, ${count('empty')}`)
  t.same(await outcomes({ kind: ['reset', 'empty'], rate: 0.5 }, 30), await outcomes({ kind: ['reset', 'empty'], rate: 0.5 }, 30), 'repeatable')
  t.same(await outcomes(false, 1), ['.'])
})

t.test('one connection breaks, and no other', async t => {
  const { app, url } = await listen(t, { endpoints: [...serving({ kind: ['reset', 'empty', 'truncate', 'random_data'] }).endpoints ?? [], { path: '/slow', latency_ms: 300, response: 'slow' }] })
  const slow = Array.from({ length: 5 }, () => fetch(`${url}/slow`).then(async response => response.json()))
  const broken = await Promise.all(Array.from({ length: 40 }, () => byHttp(`${url}/`)))
  t.notOk(broken.some(outcome => outcome.startsWith('200')))
  t.same(await Promise.all(slow), Array.from({ length: 5 }, () => 'slow'))
  const agent = new Agent({ keepAlive: true })
  await new Promise<void>(resolve => get(`${url}/fine`, { agent }, response => response.resume().on('end', () => resolve())))
  agent.destroy()
  const idle = () => new Promise<number>(resolve => app.server.getConnections((_error, open) => resolve(open)))
  let open = await idle()
  // What fetch keeps open for later requests.
  await until(() => { idle().then(count => { open = count }); return open <= 5 })
  t.ok(open <= 5, 'nothing is left of the broken ones')
})

t.test('a server closes although connections hang', async t => {
  for (const kind of ['hang', 'content_length_long', 'slow_close'] as const) {
    const { app, url } = await listen(t, serving({ kind, ...kind === 'slow_close' && { for_ms: 600_000 } }))
    const seen = byHttp(`${url}/`)
    await until(() => app.mock.failures.list()[0]?.struck === 1)
    await app.close()
    t.not(await seen, 'time-out', kind)
  }
})

t.test('a connection that hangs ends when it is to, or when the client gives up', async t => {
  const { app, url } = await listen(t, serving({ kind: 'hang', for_ms: 20 }))
  t.equal(await byHttp(`${url}/`), 'ECONNRESET')
  t.match(await app.mock.requests.waitFor(), { injected: { fault: 'hang' } })
  const other = await listen(t, serving('hang'))
  const controller = new AbortController()
  const waiting = fetch(`${other.url}/`, { signal: controller.signal })
  await until(() => other.app.mock.failures.list()[0]?.struck === 1)
  controller.abort()
  await t.rejects(waiting)
  t.match(await other.app.mock.requests.waitFor(), { aborted: true, injected: { fault: 'hang' } })
})

t.test('how much is sent', async t => {
  /** Everything that comes over the connection. */
  const raw = async (fault: Fault, method = 'GET', url = '/'): Promise<string> => {
    const { url: base } = await listen(t, { endpoints: [{ path: '/', method: ['GET', 'POST', 'HEAD'], fault, response: RESPONSE }, { path: '/none', fault, status: 204 }] })
    const port = portOf(base)
    return new Promise(resolve => {
      let text = ''
      const socket = connectTcp(port, '127.0.0.1', () => socket.write(`${method} ${url} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}`))
      socket.setEncoding('latin1').on('data', (part: string) => { text += part }).on('error', () => {}).on('close', () => resolve(text))
    })
  }
  const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

  t.equal(bodyOf(await raw('truncate')), '{"text":"x')
  t.match(await raw('truncate'), /content-length: 21\r\n/i)
  t.match(await raw('truncate'), /x-mock-injected: fault;kind=truncate\r\n/)
  t.equal(bodyOf(await raw({ kind: 'truncate', after_bytes: 3 }, 'POST')), '{"t')
  t.equal(bodyOf(await raw({ kind: 'truncate', after_bytes: 0 })), '')
  t.equal(bodyOf(await raw({ kind: 'reset', after_bytes: 5 })), '{"tex')
  t.equal(bodyOf(await raw({ kind: 'close_mid_body', after_bytes: 2 })), '2\r\n{"\r\n')
  t.match(await raw({ kind: 'content_length_long', after_bytes: 4, for_ms: 1 }), /content-length: 25\r\n/i)
  t.equal(await raw('empty', 'POST'), '')
  t.equal(await raw('truncate', 'HEAD'), '', 'what has no body is not sent')
  t.equal(await raw('truncate', 'GET', '/none'), '')
  t.match(await raw({ kind: 'goaway', code: 'NO_ERROR' }), /^HTTP\/1\.1 200 OK\r\n[^]*connection: close[^]*\{"text"/)
  t.equal(bodyOf(await raw({ kind: 'slow_close', for_ms: 1 })), JSON.stringify(RESPONSE))
})

t.test('what the answer does is done all the same', async t => {
  const { app, url } = await listen(t, { collections: { orders: [] }, endpoints: [{ path: '/orders', resource: 'orders', fault: { kind: 'reset', when: { method: 'POST' }, first: 1 } }] })
  await t.rejects(fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' }))
  t.equal(app.mock.collections.get('orders')?.rows().length, 1, 'a client that just tries again orders twice')
})

t.test('a failure may break as well', async t => {
  const { url, app } = await listen(t, { endpoints: [{ path: '/', failure_rate: 1, failure: { status: 503, body: { e: 1 } }, fault: { kind: 'content_length_short', after_bytes: 1 }, response: 1 }] })
  t.equal(await byFetch(`${url}/`), '503, 6 bytes')
  const [entry] = app.mock.requests.find()
  t.match(entry, { injected: { failure: 503, fault: 'content_length_short' }, response: { status: 503 }, aborted: false })
})

t.test('requests that are injected have no connection to break', async t => {
  const inject = async (fault: Fault) => (await build(t, { endpoints: [{ path: '/', fault, response: RESPONSE }] })).inject({ url: '/' })
  for (const kind of ['reset', 'empty', 'hang', 'truncate', 'rst_stream', 'goaway'] satisfies FaultKind[]) await t.rejects(inject(kind), { code: 'MOCK_ERR_FAULT_INJECTED' }, kind)
  for (const fault of ['latency', 'bandwidth', { kind: 'slicer', slice_bytes: 4, slice_ms: 1 }, { kind: 'goaway', code: 'NO_ERROR' }, { kind: 'latency', after_ms: 5 }] satisfies Fault[]) {
    t.same((await inject(fault)).json(), RESPONSE, JSON.stringify(fault))
  }
  const zipped = await inject('bad_gzip')
  t.equal(zipped.headers['content-encoding'], 'gzip')
  t.same([...zipped.rawPayload.subarray(0, 2)], [0x1F, 0x8B])
})

t.test('a request may prefer a fault', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/', response: RESPONSE }] })
  const ask = (fault: string) => fetch(`${url}/`, { headers: { prefer: `fault=${fault}` } })
  const causeOf = async (fault: string) => ask(fault).then(async response => response.text()).then(() => undefined, (error: { cause?: { code?: string } }) => error.cause?.code)
  t.equal(await causeOf('reset'), 'ECONNRESET')
  t.equal(await causeOf('CONNECTION_RESET_BY_PEER'), 'ECONNRESET')
  t.equal(await causeOf('truncate'), 'UND_ERR_SOCKET')
  t.equal(await causeOf('bad_gzip'), 'Z_DATA_ERROR')
  t.equal((await ask('timeout')).status, 504, 'a name that failures have')
  t.equal((await ask('nonsense')).status, 400)
  t.equal((await (await fetch(`${url}/`)).text()), JSON.stringify(RESPONSE))
  const explanation = await app.mock.explain({ method: 'GET', url: '/', headers: { prefer: 'fault=reset' } })
  t.match(explanation, { outcome: { kind: 'answered', injected: { fault: 'reset' } } })
})

t.test('over HTTP/2', async t => {
  t.test('a stream breaks with the code asked for, and the others do not', async t => {
    const url = await listen2(t, serving({ kind: 'rst_stream', code: 'ENHANCE_YOUR_CALM' }))
    const session = connect(url)
    t.teardown(() => session.destroy())
    const open = (path: string) => new Promise((resolve, reject) => {
      const stream = session.request({ ':path': path })
      stream.on('error', reject).on('response', resolve).resume()
    })
    await t.rejects(open('/'), { code: 'ERR_HTTP2_STREAM_ERROR', message: /ENHANCE_YOUR_CALM/ })
    t.match(await open('/fine'), { ':status': 200 })
    t.equal(session.closed, false)
  })

  t.test('a server that goes away says so, with a code', async t => {
    const url = await listen2(t, serving({ kind: 'goaway', code: 'ENHANCE_YOUR_CALM' }))
    const session = connect(url)
    const error = new Promise(resolve => session.once('error', resolve))
    const goaway = new Promise(resolve => session.once('goaway', (code, last) => resolve([code, last])))
    session.request({ ':path': '/' }).on('error', () => {})
    t.same(await goaway, [11, 1])
    t.match(await error, { code: 'ERR_HTTP2_SESSION_ERROR' })
  })

  t.test('and gracefully, once it has answered', async t => {
    const url = await listen2(t, serving({ kind: 'goaway', code: 'NO_ERROR' }))
    const session = connect(url)
    const goaway = new Promise(resolve => session.once('goaway', resolve))
    const status = new Promise(resolve => session.request({ ':path': '/' }).on('response', headers => resolve(headers[':status'])).resume())
    t.same(await Promise.all([status, goaway]), [200, 0])
    session.destroy()
  })
})

t.test('over TLS, a reset is one as well', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mock-fault-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')])
  if (made.status !== 0) {
    t.comment('openssl is not installed: there is no certificate to do it with')
    return
  }
  const https = { key: await readFile(join(folder, 'key.pem')), cert: await readFile(join(folder, 'cert.pem')) }
  const tls: FastifyServerOptions & { https: typeof https } = { https }
  const { url } = await listen(t, serving('reset'), tls)
  const error = await new Promise(resolve => getSecurely(`${url}/`, { rejectUnauthorized: false }, resolve).on('error', resolve))
  t.match(error, { code: 'ECONNRESET' })
})

t.test('requests that wait behind others on their connection break it without harm', async t => {
  const { url } = await listen(t, { endpoints: [{ path: '/', fault: 'random_data', response: RESPONSE }, { path: '/slow', latency_ms: 50, response: 'slow' }, { path: '/fine', response: 'fine' }] })
  const port = portOf(url)
  await new Promise<void>(resolve => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n'))
    socket.resume().on('error', () => {}).on('close', () => resolve())
  })
  t.equal((await fetch(`${url}/fine`)).status, 200)
})

t.test('is not marked where the configuration says so', async t => {
  const { url } = await listen(t, { injected_header: false, ...serving({ kind: 'content_length_short', after_bytes: 1 }) })
  const headers = await new Promise<object>(resolve => request(`${url}/`, response => { response.on('error', () => {}).resume(); resolve(response.headers) }).on('error', () => {}).end())
  t.notOk('x-mock-injected' in headers)
})
