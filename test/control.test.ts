import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import SwaggerParser from '@apidevtools/swagger-parser'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import type { Config, Endpoint, WrittenEndpoint } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import { MOCK_ERR_ENDPOINT_CONFLICT, MOCK_ERR_NOT_SAVED, MOCK_ERR_SCOPE_LIMIT } from '../lib/errors.ts'
import { buildIndex } from '../lib/explain.ts'
import type { IdentifiedEndpoint, Mock, ReloadEvent, ReloadResult } from '../lib/mock.ts'
import { createRequestLog, type RawRecord, type WritableRequestLog } from '../lib/request-log.ts'
import { addressed } from '../lib/resource/address.ts'
import { createKeySet } from '../lib/jwt/key-set.ts'
import { createAuth } from '../lib/security/auth.ts'
import { createStore } from '../lib/store.ts'
import { createDispatcher } from '../lib/webhook/dispatcher.ts'
import { createLogSource } from '../lib/verification/log-source.ts'
import { createVerification } from '../lib/verification/verification.ts'
import { createWebhooks } from '../lib/webhook/webhooks.ts'
import control, { type ControlPluginOptions } from '../plugins/control.ts'
import { mergePatch } from '../lib/merge-patch.ts'

interface FakeMock extends Mock {
  requests: WritableRequestLog
  config: Config
  reloads: Array<Config | undefined>
  resets: number
  saves: number
  emitReload (event: ReloadEvent): void
}

const RESULT: ReloadResult = { generation: 2, endpoints: 1, added: ['GET /b'], removed: ['GET /a'], changed: [], duration_ms: 3, warnings: [] }
const INVALID = { severity: 'error', code: 'unknown-key', message: "unknown key 'stauts'", hint: "did you mean 'status'?", pointer: '/endpoints/0/stauts', file: '/mocks/a.yaml', line: 3, column: 5 } as const

/** Enough of a mock for mock control; its request log is the real one. */
function fakeMock (config: Config = {}): FakeMock {
  const endpoints = new Map<string, IdentifiedEndpoint>()
  const identify = (endpoint: WrittenEndpoint): IdentifiedEndpoint => ({ ...addressed(endpoint), id: endpoint.id ?? `${String(endpoint.method ?? 'GET')} ${endpoint.path}` })
  const check = (value: object): void => { if (JSON.stringify(value).includes('stauts')) throw configInvalid([INVALID]) }
  const listeners = new Set<(event: ReloadEvent) => void>()
  for (const endpoint of config.endpoints ?? []) endpoints.set(identify(endpoint).id, identify(endpoint))
  const { cache, clock, profiles, rateLimits, scenarios, variables, collections, switches, injections, hits } = createStore()
  const log = createRequestLog()
  const missing = async (): Promise<never> => { throw new Error('this mock has none of it') }
  return {
    ...createVerification(createLogSource({ log, config: () => config, hits, explainIndex: () => buildIndex([]) })),
    config,
    collections,
    use: missing,
    once: missing,
    restore: async () => false,
    explain: missing,
    flush: async () => {},
    scenarios,
    variables,
    cache,
    clock,
    profiles,
    rateLimits,
    auth: createAuth({ config: () => config, keys: createKeySet(), state: createStore() }),
    failures: injections,
    variants: switches.variants,
    situations: switches.situations,
    seed: 1,
    generation: 1,
    requests: log,
    webhooks: createWebhooks({ dispatcher: createDispatcher(), store: createStore(), live: () => ({ webhooks: new Map(), endpoints: [], config }) }),
    scopes: { size: 0, list: () => [], get: () => undefined, create: () => Promise.reject(new MOCK_ERR_SCOPE_LIMIT(0)), dispose: async () => false },
    overlays: () => [],
    prefix: '',
    files: ['/mocks/a.yaml'],
    warnings: [],
    reloads: [],
    resets: 0,
    saves: 0,
    emitReload: event => listeners.forEach(listener => listener(event)),
    onReload (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    async reload (config) {
      this.reloads.push(config)
      if (config !== undefined) check(config)
      return RESULT
    },
    validate: async value => JSON.stringify(value).includes('stauts') ? [INVALID] : [],
    reset () { this.resets++ },
    routes: () => [...endpoints.values()].map(({ id, path, enabled = true }) =>
      ({ id, methods: ['GET'], path, statuses: [200], tags: [], enabled, sample: path, hits: 0 })),
    endpoints: {
      list: () => [...endpoints.values()],
      get: id => endpoints.get(id),
      async add (endpoint) {
        check(endpoint)
        const added = identify(endpoint)
        if (endpoints.has(added.id)) throw new MOCK_ERR_ENDPOINT_CONFLICT(`the id '${added.id}' is taken`)
        endpoints.set(added.id, added)
        return added
      },
      async replace (id, endpoint) {
        check(endpoint)
        const replaced = identify({ id, ...endpoint })
        endpoints.delete(id)
        endpoints.set(replaced.id, replaced)
        return replaced
      },
      async remove (id) { endpoints.delete(id) },
      async save () { return Promise.reject(new MOCK_ERR_NOT_SAVED('there is no file')) }
    }
  }
}

type Options = Omit<ControlPluginOptions, 'mock'> & { prefix?: string }

async function build (t: Test, mock: Mock = fakeMock(), options: Options = {}): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions: { maxParamLength: 16_384 } })
  app.register(control, { ...options, mock })
  t.teardown(() => app.close())
  await app.ready()
  return app
}

async function listen (t: Test, mock: Mock = fakeMock(), options: Options = {}) {
  const app = await build(t, mock, options)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, url }
}

function record (url: string, changes: Partial<RawRecord> = {}): RawRecord {
  return {
    id: 'req-1',
    generation: 1,
    time: Date.now(),
    duration: 1,
    method: 'GET',
    url,
    headers: { authorization: 'Bearer mine' },
    ip: '127.0.0.1',
    body: undefined,
    endpoint: { id: 'GET /', path: '/' },
    variant: undefined,
    status: 200,
    responseHeaders: {},
    payload: '{}',
    injected: undefined,
    violations: undefined,
    moves: undefined,
    caller: undefined,
    aborted: false,
    scope: undefined,
    profile: undefined,
    ...changes
  }
}

const json = (method: 'POST' | 'PUT' | 'PATCH', url: string, payload: unknown): InjectOptions =>
  ({ method, url, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })
const USERS = '/__mock/api/endpoints/GET%20%2Fusers%2F%3Aid'
const users: Endpoint = { path: '/users/:id', response: { id: 1 } }

t.test('POST /__reload reads the files anew, or takes what is sent', async t => {
  const mock = fakeMock()
  const app = await build(t, mock)
  const config = { endpoints: [{ path: '/b' }] }
  const bodiless: InjectOptions[] = [
    {},
    { headers: { 'content-type': 'application/json' } },
    { headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' } }
  ]
  for (const options of bodiless) {
    const answer = await app.inject({ method: 'POST', url: '/__reload', ...options })
    t.equal(answer.statusCode, 200)
    t.strictSame(answer.json(), RESULT)
  }
  t.equal((await app.inject(json('POST', '/__reload', config))).statusCode, 200)
  t.strictSame(mock.reloads, [undefined, undefined, undefined, config], 'nothing is dropped or coerced on the way')
})

t.test('a configuration that is not valid is answered with its diagnostics', async t => {
  const app = await build(t)
  for (const options of [json('POST', '/__reload', { stauts: 1 }), json('PUT', '/__mock/api/config', { stauts: 1 }), json('POST', '/__mock/api/endpoints', { stauts: 1 })]) {
    const answer = await app.inject(options)
    t.equal(answer.statusCode, 400)
    t.match(answer.headers['content-type'], 'application/problem+json')
    t.match(answer.json(), { code: 'MOCK_ERR_CONFIG_INVALID', status: 400, detail: /a\.yaml:3:5.*stauts/, diagnostics: [INVALID] })
  }
})

t.test('bodies that are not JSON are refused with the remedy', async t => {
  const app = await build(t)
  const post = (type: string, payload: string) => app.inject({ method: 'POST', url: '/__reload', headers: { 'content-type': type }, payload })
  t.match((await post('application/json', '{"a":')).json(), { status: 400, code: 'MOCK_ERR_CONTROL_BODY', detail: /not valid JSON/ })
  t.match((await post('text/yaml', 'a: 1')).json(), { status: 415, code: 'MOCK_ERR_CONTROL_MEDIA_TYPE', detail: /'text\/yaml'.*application\/json/ })
  t.match((await app.inject({ method: 'PUT', url: '/__mock/api/config' })).json(), { status: 400, code: 'MOCK_ERR_CONTROL_BODY' })
  t.match((await app.inject(json('POST', '/__mock/api/endpoints', []))).json(), { status: 400, code: 'MOCK_ERR_CONTROL_BODY' })
})

t.test('the configuration is read, replaced and checked', async t => {
  const mock = fakeMock({ name: 'Pets', endpoints: [users] })
  const app = await build(t, mock)
  t.strictSame((await app.inject('/__mock/api/config')).json(), mock.config)
  t.strictSame((await app.inject('/__mock/api/config/warnings')).json(), { warnings: [] })
  t.strictSame((await app.inject(json('PUT', '/__mock/api/config', { name: 'x' }))).json(), RESULT)
  t.strictSame(mock.reloads, [{ name: 'x' }])
  t.strictSame((await app.inject(json('POST', '/__mock/api/config/validate', {}))).json(), { valid: true, diagnostics: [] })
  t.strictSame((await app.inject(json('POST', '/__mock/api/config/validate', { stauts: 1 }))).json(), { valid: false, diagnostics: [INVALID] })
  t.equal(mock.reloads.length, 1)
})

t.test('endpoints are added, read, changed, switched and removed', async t => {
  const app = await build(t)
  const added = await app.inject(json('POST', '/__mock/api/endpoints', users))
  t.equal(added.statusCode, 201)
  t.equal(added.headers.location, USERS)
  t.strictSame(added.json(), { ...users, id: 'GET /users/:id' })
  t.strictSame((await app.inject(String(added.headers.location))).json(), added.json())
  t.match((await app.inject(json('POST', '/__mock/api/endpoints', users))).json(), { status: 409, code: 'MOCK_ERR_ENDPOINT_CONFLICT' })

  t.strictSame((await app.inject(json('PUT', USERS, { path: '/users/:id', status: 204 }))).json(), { id: 'GET /users/:id', path: '/users/:id', status: 204 })
  t.strictSame((await app.inject(json('PATCH', USERS, { status: null, response: { a: 1 } }))).json(), { id: 'GET /users/:id', path: '/users/:id', response: { a: 1 } })
  t.match((await app.inject({ method: 'POST', url: `${USERS}/disable` })).json(), { enabled: false })
  t.notOk('enabled' in (await app.inject({ method: 'POST', url: `${USERS}/enable` })).json())

  t.match((await app.inject('/__mock/api/endpoints')).json(), { endpoints: [{ id: 'GET /users/:id' }], total: 1 })
  t.equal((await app.inject({ method: 'DELETE', url: USERS })).statusCode, 204)
  for (const options of [{ url: USERS }, { method: 'DELETE' as const, url: USERS }, json('PUT', USERS, users), json('PATCH', USERS, {}), { method: 'POST' as const, url: `${USERS}/enable` }]) {
    t.match((await app.inject(options)).json(), { status: 404, code: 'MOCK_ERR_ENDPOINT_UNKNOWN', detail: /GET \/users\/:id/ })
  }
})

t.test('ids of any length and with any character work, percent-encoded', async t => {
  const app = await build(t)
  for (const path of ['/a b/ä/%2F?#', `/${'long/'.repeat(200)}`, '/:a/{b}/*']) {
    const { headers } = await app.inject(json('POST', '/__mock/api/endpoints', { path }))
    t.equal((await app.inject(String(headers.location))).json().path, path)
  }
})

t.test('edits are saved when asked for', async t => {
  const mock = fakeMock({ endpoints: [users] })
  const app = await build(t, mock)
  t.match((await app.inject({ method: 'POST', url: '/__mock/api/endpoints/save' })).json(), { status: 409, code: 'MOCK_ERR_NOT_SAVED' })
  let saves = 0
  mock.endpoints.save = async () => {
    saves++
    return ['/mocks/a.yaml']
  }
  t.strictSame((await app.inject({ method: 'POST', url: '/__mock/api/endpoints/save' })).json(), { files: ['/mocks/a.yaml'] })
  await app.inject(json('POST', '/__mock/api/endpoints?save=true', { path: '/b' }))
  await app.inject(json('PATCH', `${USERS}?save=true`, { status: 201 }))
  await app.inject({ method: 'POST', url: `${USERS}/disable?save=false` })
  await app.inject({ method: 'DELETE', url: `${USERS}?save=true` })
  t.equal(saves, 4)
})

t.test('a merge patch follows RFC 7396, and cannot reach a prototype', async t => {
  const cases: Array<[object, Record<string, unknown>, object]> = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }]
  ]
  for (const [target, patch, expected] of cases) t.strictSame(mergePatch(target, patch), expected)
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'))
  t.notOk('polluted' in patched)
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), target => {
    const before = JSON.stringify(target)
    mergePatch(target, { a: { b: 1 }, ...target })
    return JSON.stringify(target) === before
  }))
})

t.test('the log is read page by page, the newest first', async t => {
  const mock = fakeMock()
  for (let i = 1; i <= 5; i++) mock.requests.append(record(`/a?n=${i}`))
  mock.requests.append(record('/b', { method: 'POST', status: 404, endpoint: undefined }))
  const app = await build(t, mock)
  const read = async (url: string) => {
    const { entries, ...rest } = (await app.inject(url)).json()
    return { seqs: entries.map(({ seq }: { seq: number }) => seq), ...rest }
  }
  t.strictSame(await read('/__logs'), { seqs: [6, 5, 4, 3, 2, 1], total: 6 })
  t.strictSame(await read('/__mock/api/logs?order=asc&limit=2'), { seqs: [1, 2], total: 6, next: '/__mock/api/logs?order=asc&limit=2&after=2' })
  const first = await read('/__logs?path=/a&limit=2')
  t.strictSame(first, { seqs: [5, 4], total: 5, next: '/__logs?path=%2Fa&limit=2&before=4' })
  const second = await read(first.next)
  t.strictSame(second, { seqs: [3, 2], total: 5, next: '/__logs?path=%2Fa&limit=2&before=2' })
  t.strictSame(await read(second.next), { seqs: [1], total: 5 })
  t.strictSame(await read('/__logs?matched=false'), { seqs: [6], total: 1 })
  t.strictSame(await read('/__logs?method=post&status=404&url=b'), { seqs: [6], total: 1 })
  t.strictSame(await read('/__logs?endpoint=GET%20/&after=2&before=5'), { seqs: [4, 3], total: 5 })
})

t.test('a page ends early when its bodies are large', async t => {
  const mock = fakeMock()
  mock.requests.configure({ max_body_bytes: 8_000_000, max_bytes: 100_000_000 })
  for (let i = 0; i < 3; i++) mock.requests.append(record('/a', { payload: 'x'.repeat(3_000_000) }))
  const app = await build(t, mock)
  t.match((await app.inject('/__logs')).json(), { entries: { length: 1 }, total: 3, next: '/__logs?before=3' })
})

t.test('one entry is read by its number, authorization and all', async t => {
  const mock = fakeMock()
  const app = await build(t, mock)
  t.match((await app.inject('/__mock/api/logs/1')).json(), { status: 404, code: 'MOCK_ERR_LOG_ENTRY_UNKNOWN', detail: /it is empty/ })
  mock.requests.append(record('/a'))
  t.match((await app.inject('/__mock/api/logs/1')).json(), { seq: 1, request: { url: '/a', headers: { authorization: 'Bearer mine' } } })
  t.match((await app.inject('/__logs/2')).json(), { status: 404, detail: /it holds 1 to 1/ })
  t.match((await app.inject('/__logs/x')).json(), { status: 400, detail: /'seq'/ })
})

t.test('the log is emptied, and everything is reset', async t => {
  const mock = fakeMock()
  const app = await build(t, mock)
  for (const url of ['/__logs', '/__mock/api/logs']) {
    mock.requests.append(record('/a'))
    t.equal((await app.inject({ method: 'DELETE', url })).statusCode, 204)
    t.equal(mock.requests.count(), 0)
  }
  t.equal((await app.inject({ method: 'POST', url: '/__mock/api/reset' })).statusCode, 204)
  t.equal(mock.resets, 1)
})

t.test('parameters that are wrong or unknown are told', async t => {
  const app = await build(t)
  const cases: Array<[url: string, detail: RegExp]> = [
    ['/__logs?limt=3', /no parameter 'limt'/],
    ['/__logs?limit=1001', /'limit'.*<= 1000/],
    ['/__logs?limit=0', /'limit'.*>= 1/],
    ['/__logs?order=up', /'order'.*desc, asc/],
    ['/__logs?matched=perhaps', /'matched'.*boolean/],
    ['/__mock/api/routes?limit=9999', /'limit'/]
  ]
  for (const [url, detail] of cases) t.match((await app.inject(url)).json(), { status: 400, detail }, url)
})

t.test('routes and endpoints are listed page by page', async t => {
  const app = await build(t, fakeMock({ endpoints: ['/a', '/b', '/c'].map(path => ({ path })) }))
  t.match((await app.inject('/__mock/api/routes?limit=2')).json(), { routes: [{ path: '/a' }, { path: '/b' }], total: 3, next: '/__mock/api/routes?limit=2&offset=2' })
  t.strictSame((await app.inject('/__mock/api/endpoints?limit=2&offset=2')).json(), { endpoints: [{ id: 'GET /c', path: '/c' }], total: 3 })
})

t.test('the index links to what there is, and the rest is a problem document', async t => {
  const app = await build(t, fakeMock(), { prefix: '/v1', path: '/control' })
  const { links, docs } = (await app.inject('/v1/control/api/')).json()
  for (const [name, link] of Object.entries<string>(links)) if (name !== 'logs/stream') t.equal((await app.inject(link)).statusCode, 200, link)
  for (const url of ['/v1/control', '/v1/control/']) t.equal((await app.inject(url)).headers.location, `${docs}/`)
  const answer = await app.inject('/v1/control/api/nope?a=b')
  t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.match(answer.json(), { status: 404, code: 'MOCK_ERR_CONTROL_ROUTE', detail: /GET \/v1\/control\/api\/nope; see \/v1\/control\/api/ })
})

t.test('what fails unexpectedly says nothing of its cause', async t => {
  const mock = fakeMock()
  mock.reset = () => { throw new Error('secret') }
  const app = await build(t, mock)
  const answer = await app.inject({ method: 'POST', url: '/__mock/api/reset' })
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, 'secret')
})

t.test('the interactive page and its files are served, under a prefix too', async t => {
  const app = await build(t, fakeMock(), { prefix: '/v1' })
  for (const url of ['/v1/__mock/docs', '/v1/__mock/docs/']) {
    const page = await app.inject(url)
    t.match(page.headers['content-security-policy'], "script-src 'self'")
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => new URL(file, `http://localhost${url}`).pathname)
    t.ok(files.length >= 5)
    for (const file of files) t.equal((await app.inject(file)).statusCode, 200, file)
  }
  t.strictSame((await app.inject('/v1/__mock/docs/json')).json(), (await app.inject('/v1/__mock/api/openapi.json')).json())
})

t.test('the OpenAPI document is valid, and the answers are as it says', async t => {
  const mock = fakeMock({ name: 'Pets', endpoints: [users] })
  mock.requests.append(record('/a?b=1', { body: 'x', injected: { failure: 500 } }))
  const app = await build(t, mock)
  const document = (await app.inject('/__mock/api/openapi.json')).json()
  await t.resolves(SwaggerParser.validate(structuredClone(document)))
  const { paths } = await SwaggerParser.dereference(structuredClone(document))
  const ajv = new Ajv2020({ strict: false })
  const check = async (path: string, method: 'get' | 'post' | 'put', options: InjectOptions) => {
    const answer = await app.inject(options)
    const operation: unknown = paths?.[path]?.[method]?.responses?.[answer.statusCode]
    const content = Object.values((operation as { content: Record<string, { schema: object }> }).content)
    t.ok(ajv.validate(content[0]?.schema ?? false, answer.json()), `${method} ${path}: ${ajv.errorsText()}`)
  }
  for (const name of ['config', 'endpoints', 'routes', 'logs', 'health']) await check(`/__mock/api/${name}`, 'get', { url: `/__mock/api/${name}` })
  await check('/__mock/api/logs/{seq}', 'get', { url: '/__mock/api/logs/1' })
  await check('/__mock/api/logs/{seq}', 'get', { url: '/__mock/api/logs/9' })
  await check('/__mock/api/endpoints/{id}', 'get', { url: USERS })
  await check('/__reload', 'post', { method: 'POST', url: '/__reload' })
  await check('/__mock/api/config', 'put', json('PUT', '/__mock/api/config', { stauts: 1 }))
  await check('/__mock/api/config/validate', 'post', json('POST', '/__mock/api/config/validate', { stauts: 1 }))
})

t.test('health is told to all, files only to those who may know', async t => {
  const mock = fakeMock({ name: 'Pets', endpoints: [users] })
  const open = await build(t, mock)
  t.match((await open.inject('/__mock/api/health')).json(), { status: 'ok', name: 'Pets', version: /^\d+\./, generation: 1, endpoints: 1, uptime_s: Number, files: ['/mocks/a.yaml'] })
  const guarded = await build(t, mock, { token: () => 's3cret' })
  const anonymous = await guarded.inject('/__mock/api/health')
  t.equal(anonymous.statusCode, 200)
  t.notOk('files' in anonymous.json())
  t.ok('files' in (await guarded.inject({ url: '/__mock/api/health', headers: { authorization: 'Bearer s3cret' } })).json())
})

t.test('a token, when there is one, is asked for', async t => {
  const access: { token?: string } = {}
  const app = await build(t, fakeMock(), { token: () => access.token })
  const status = async (headers: Record<string, string>, url = '/__logs') => (await app.inject({ url, headers })).statusCode
  t.equal(await status({}), 200)
  access.token = 's3cret'
  t.equal(await status({}), 401)
  t.equal(await status({ authorization: 'Bearer s3cret' }), 200)
  t.equal(await status({ authorization: 'bearer  s3cret ' }), 200)
  for (const authorization of ['Bearer s3cre', 'Bearer s3crett', 'Bearer ', 's3cret', 'Basic s3cret']) t.equal(await status({ authorization }), 401, authorization)
  t.equal(await status({}, '/__logs?access_token=s3cret'), 401, 'in the query of the stream only')
  const refused = await app.inject({ method: 'POST', url: '/__reload' })
  t.match(refused.headers, { 'www-authenticate': 'Bearer realm="mock control"', 'content-type': /problem\+json/ })
  t.match(refused.json(), { status: 401, code: 'MOCK_ERR_CONTROL_TOKEN' })
  t.equal(await status({}, '/__mock/docs/'), 200, 'the page shows the API, not the mock')
})

t.test('answers may not be kept, embedded or read by others, and CORS that the host grants is taken back', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.addHook('onRequest', async (_request, reply) => { reply.raw.setHeader('access-control-allow-origin', '*') })
  app.register(control, { mock: fakeMock() })
  for (const url of ['/__logs', '/__mock/api/nope']) {
    const { headers } = await app.inject(url)
    t.match(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin', 'x-frame-options': 'DENY' })
    t.notOk('access-control-allow-origin' in headers)
  }
})

/** A request whose headers are sent as they stand; fetch would not let us. */
async function raw (url: string, headers: Record<string, string>, method = 'GET'): Promise<IncomingMessage> {
  const request = httpRequest(url, { method, headers }).end()
  const [response]: IncomingMessage[] = await once(request, 'response')
  response!.resume()
  return response!
}

t.test('a Host that is not ours is refused, wherever it asks', async t => {
  const mock = fakeMock({ control: { allowed_hosts: ['Mock.Example', '*.test'] } })
  const { app, url } = await listen(t, mock)
  const { port } = app.server.address() as AddressInfo
  const status = async (host: string, path = '/__logs') => (await raw(url + path, { host })).statusCode
  const ours = ['localhost', `LOCALHOST:${port}`, '127.0.0.1', '127.1.2.3:80', '[::1]:3000', 'app.localhost', 'localhost.', '192.168.1.5:3000', '[fe80::1]', 'mock.example:3000', 'a.b.test']
  for (const host of ours) t.equal(await status(host), 200, host)
  const others = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil-mock.example', 'test', 'localhost@evil.example', 'evil.example/localhost', 'x'.repeat(300)]
  for (const host of others) t.equal(await status(host), 421, host)
  for (const path of ['/__mock/api/health', '/__mock/docs/', '/nowhere', '/__logs/stream']) t.equal(await status('evil.example', path), 421, path)
})

t.test('another origin is refused', async t => {
  const { app, url } = await listen(t)
  const { port } = app.server.address() as AddressInfo
  const status = async (origin: string, method = 'GET') => (await raw(`${url}/__logs`, { origin, host: `localhost:${port}` }, method)).statusCode
  t.equal(await status(`http://localhost:${port}`), 200)
  t.equal(await status(`https://LOCALHOST:${port}`), 200, 'behind a proxy that took TLS off')
  for (const origin of ['http://evil.example', 'http://localhost', `http://localhost:${port + 1}`, `http://127.0.0.1:${port}`, 'null', 'file://', '']) t.equal(await status(origin), 403, origin)
  t.equal(await status('http://evil.example', 'DELETE'), 403)
  t.equal((await raw(`${url}/__logs`, { origin: 'http://localhost', host: 'localhost:80' })).statusCode, 200, 'a port that goes without saying')
})

interface SseEvent { event?: string, id?: string, data?: string, comment?: string }

/** Reads server-sent events one at a time. Not by fetch: what it does to a connection that was aborted keeps servers open. */
async function openStream (t: Test, url: string, headers: Record<string, string> = {}) {
  const request = httpRequest(url, { headers, agent: false }).end()
  const hangUp = (): void => { request.destroy() }
  t.teardown(hangUp)
  const [response]: IncomingMessage[] = await once(request, 'response')
  response!.on('error', () => {})
  const chunks: AsyncIterator<string> = response!.setEncoding('utf8')[Symbol.asyncIterator]()
  let text = ''
  async function next (): Promise<SseEvent | undefined> {
    let end = text.indexOf('\n\n')
    while (end === -1) {
      const { done, value } = await chunks.next()
      if (done === true) return undefined
      text += value
      end = text.indexOf('\n\n')
    }
    const lines = text.slice(0, end).split('\n').map(line => /^(\w*): ?(.*)$/.exec(line) ?? [])
    text = text.slice(end + 2)
    return Object.fromEntries(lines.map(([, name = '', value]) => [name === '' ? 'comment' : name, value]))
  }
  t.equal(response!.statusCode, 200)
  t.match(response!.headers['content-type'], 'text/event-stream')
  t.match(await next(), { retry: /\d+/ })
  return { next, hangUp }
}

t.test('the stream tells requests as they come', async t => {
  const mock = fakeMock()
  mock.requests.append(record('/before'))
  const { url } = await listen(t, mock)
  const all = await openStream(t, `${url}/__logs/stream`)
  const some = await openStream(t, `${url}/__mock/api/logs/stream?path=/b*&status=200`)
  for (const path of ['/a', '/b1', '/c', '/b2']) mock.requests.append(record(path))
  for (const [seq, path] of [[2, '/a'], [3, '/b1'], [4, '/c'], [5, '/b2']] as const) {
    const event = await all.next()
    t.equal(event?.id, String(seq))
    t.match(JSON.parse(event?.data ?? ''), { seq, request: { path } })
  }
  t.strictSame([(await some.next())?.id, (await some.next())?.id], ['3', '5'])
})

t.test('the stream resumes from the ring, and tells what is lost', async t => {
  const mock = fakeMock()
  mock.requests.configure({ max_entries: 3 })
  for (let i = 1; i <= 6; i++) mock.requests.append(record(`/${i}`))
  const { url } = await listen(t, mock)
  const ids = async (stream: Awaited<ReturnType<typeof openStream>>, count: number) => {
    const events = []
    for (let i = 0; i < count; i++) events.push(await stream.next())
    return events.map(event => event?.event === 'gap' ? event.data : event?.id)
  }
  t.strictSame(await ids(await openStream(t, `${url}/__logs/stream`, { 'last-event-id': '4' }), 2), ['5', '6'])
  t.strictSame(await ids(await openStream(t, `${url}/__logs/stream?after=5`), 1), ['6'])
  t.strictSame(await ids(await openStream(t, `${url}/__logs/stream`, { 'last-event-id': '1' }), 4), ['{"after":1,"before":4}', '4', '5', '6'])
  t.strictSame(await ids(await openStream(t, `${url}/__logs/stream`, { 'last-event-id': '99' }), 2), ['{"after":0,"before":4}', '4'], 'a number from before a restart')
})

t.test('a log that was empty or emptied has lost nothing', async t => {
  const mock = fakeMock()
  mock.requests.append(record('/1'))
  mock.requests.clear()
  const { url } = await listen(t, mock)
  const live = await openStream(t, `${url}/__logs/stream`)
  const restarted = await openStream(t, `${url}/__logs/stream`, { 'last-event-id': '99' })
  mock.requests.append(record('/2'))
  t.equal((await live.next())?.id, '2')
  t.equal((await restarted.next())?.id, '2')
  mock.requests.clear()
  mock.requests.append(record('/3'))
  t.equal((await live.next())?.id, '3')
})

t.test('a client that reads slowly costs no memory, and misses only what the ring has dropped', async t => {
  const mock = fakeMock()
  mock.requests.configure({ max_entries: 2000, max_bytes: 200_000_000 })
  const { url } = await listen(t, mock)
  const stream = await openStream(t, `${url}/__logs/stream`)
  const payload = 'x'.repeat(60_000)
  for (let i = 1; i <= 500; i++) mock.requests.append(record(`/${i}`, { payload }))
  for (let i = 1; i <= 500; i++) {
    const event = await stream.next()
    if (event?.id !== String(i)) return t.fail(`expected ${i}, got ${event?.id}`)
  }
  t.pass('all of 30 MB arrived in order')
})

t.test('the stream tells reloads, and keeps itself alive', async t => {
  const mock = fakeMock()
  const { url } = await listen(t, mock, { heartbeat_ms: 10 })
  const stream = await openStream(t, `${url}/__logs/stream`)
  t.ok((await stream.next())?.comment)
  mock.emitReload({ ok: true, result: RESULT })
  mock.emitReload({ ok: false, error: new Error('bad') })
  const reloads = []
  while (reloads.length < 2) {
    const event = await stream.next()
    if (event?.event === 'reload') reloads.push(JSON.parse(event.data ?? ''))
  }
  t.strictSame(reloads, [{ ok: true, result: RESULT }, { ok: false, error: 'bad' }])
})

t.test('the stream takes its token from the query, and never repeats it', async t => {
  const mock = fakeMock()
  const { url } = await listen(t, mock, { token: () => 's3cret' })
  t.equal((await raw(`${url}/__logs/stream`, {})).statusCode, 401)
  t.equal((await raw(`${url}/__logs/stream?access_token=wrong`, {})).statusCode, 401)
  const stream = await openStream(t, `${url}/__logs/stream?access_token=s3cret`)
  mock.requests.append(record('/a'))
  t.notMatch((await stream.next())?.data, 's3cret')
  await openStream(t, `${url}/__logs/stream`, { authorization: 'Bearer s3cret' })
})

t.test('the stream ends with the server, which does not wait for it', async t => {
  const { app, url } = await listen(t)
  const stream = await openStream(t, `${url}/__logs/stream`)
  await app.close()
  t.equal(await stream.next(), undefined)
})

t.test('a client that hangs up is forgotten', async t => {
  const mock = fakeMock()
  let subscribers = 0
  const { subscribe } = mock.requests
  const left = new Promise<void>(resolve => {
    mock.requests.subscribe = listener => {
      subscribers++
      const leave = subscribe(listener)
      return () => {
        leave()
        if (--subscribers === 0) resolve()
      }
    }
  })
  const { url } = await listen(t, mock)
  const stream = await openStream(t, `${url}/__logs/stream`)
  t.equal(subscribers, 1)
  stream.hangUp()
  await left
  mock.requests.append(record('/a'))
  t.equal(subscribers, 0)
})

t.test('there is an end to how many streams may be open', async t => {
  const { url } = await listen(t)
  await Promise.all(Array.from({ length: 100 }, () => openStream(t, `${url}/__logs/stream`)))
  t.equal((await raw(`${url}/__mock/api/logs/stream`, {})).statusCode, 503)
})
