import { parse as parseCsv } from 'csv-parse/sync'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { negotiation } from '../lib/accept.ts'
import type { Config } from '../lib/config.ts'
import { fitsMatch, matchKey } from '../lib/match.ts'
import { mediaKind } from '../lib/media/kind.ts'
import { writeBody } from '../lib/media/write-body.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { readPreferences } from '../lib/prefer.ts'
import { build, listen } from './helper.ts'

/** Cases of answers, each over a small document that is served from a file, as a user has it. */

const info = { title: 'Test', version: '1' }

/** A document with these paths. */
const withPaths = (paths: object, rest: object = {}): object => ({ openapi: '3.1.0', info, paths, ...rest })

/** A document with one operation, `GET /x`, and these responses. */
const withResponses = (responses: object, rest: object = {}): object => withPaths({ '/x': { get: { responses } } }, rest)

/** The same with one answer, of this content. */
const withContent = (content: object, rest: object = {}): object => withResponses({ 200: { description: '', content } }, rest)

const json = (media: object) => ({ description: '', content: { 'application/json': media } })
const example = (value: unknown) => json({ example: value })

async function serve (t: Test, document: object | string, files: Record<string, string | Buffer> = {}, config: Config = {}): Promise<FastifyInstance> {
  const name = typeof document === 'string' ? 'api.yaml' : 'api.json'
  const folder = t.testdir({ [name]: typeof document === 'string' ? document : JSON.stringify(document), ...files })
  return await build(t, { ...config, include: [join(folder, name)] })
}

const get = (app: FastifyInstance, headers: Record<string, string> = {}, url = '/x') => app.inject({ url, headers })

t.test('case 9: a query in a path belongs to the address', async t => {
  const app = await serve(t, withPaths({
    '/messages?beta=true': { get: { operationId: 'beta', responses: { 200: example('beta') } }, post: { responses: { 200: example('posted') } } },
    '/messages': { get: { operationId: 'plain', responses: { 200: example('plain') } } },
    '/only/{id}?upload&type=2': { put: { responses: { 200: example('{id}') } } }
  }))
  t.equal((await get(app, {}, '/messages?beta=true&limit=1')).json(), 'beta')
  t.equal((await get(app, {}, '/messages?beta=false')).json(), 'plain')
  t.equal((await get(app, {}, '/messages')).json(), 'plain')
  t.equal((await app.inject({ method: 'HEAD', url: '/messages?beta=true' })).headers['content-length'], '6')
  t.equal((await app.inject({ method: 'POST', url: '/messages?beta=true', payload: 'x' })).json(), 'posted')
  t.equal((await app.inject({ method: 'PUT', url: '/only/7?type=2&upload=' })).json(), '{id}')

  t.test('what lacks it is told so', async t => {
    const missing = await app.inject({ method: 'POST', url: '/messages' })
    t.match(missing.json(), { status: 404, detail: /The query lacks 'beta=true'/, hint: /Add beta=true to the query/ })
    t.match((await app.inject({ method: 'PUT', url: '/only/7?upload' })).json(), { detail: /The query lacks 'type=2'/ })
    t.match(await app.inject({ method: 'DELETE', url: '/messages?beta=true' }), { statusCode: 405, headers: { allow: 'GET, HEAD, POST, OPTIONS' } })
  })

  t.test('the log and templates see the URL that came', async t => {
    const app = await build(t, { endpoints: [{ path: '/a', match: { query: { b: 'c d' } }, response: '{{request.url}}' }] })
    t.equal((await get(app, {}, '/a?b=c%20d')).json(), '/a?b=c%20d')
    t.match(app.mock.requests.find(), [{ request: { url: '/a?b=c%20d' }, endpoint: { id: 'GET /a?b=c%20d' } }])
    t.equal(app.mock.routes()[0]?.sample, '/a?b=c%20d')
    t.equal((await get(app, {}, `/~${Buffer.from('GET /a?b=c%20d').toString('hex')}/a`)).statusCode, 404, 'there is no other way to it')
  })

  t.test('two that differ by it are two endpoints; two that do not are one too many', async t => {
    const endpoints = [{ path: '/', match: { query: { Action: 'A' } }, response: 'A' }, { path: '/', match: { query: { Action: 'B' } }, response: 'B' }]
    const app = await build(t, { prefix: '/api', endpoints })
    t.equal((await get(app, {}, '/api/?Action=B')).json(), 'B')
    t.equal((await get(app, {}, '/api?Action=A')).json(), 'A')
    await t.rejects(build(t, { endpoints: [endpoints[0]!, { path: '/', match: { query: { Action: 'A' } }, response: 2 }] }), { code: 'MOCK_ERR_CONFIG_INVALID' })
  })

  t.test('fragments that stand for a parameter with one value', async t => {
    const flag = { name: 'tagging', in: 'query', required: true, schema: { type: 'boolean', enum: [true] } }
    const app = await serve(t, withPaths({
      '/#Action=CreateQueue': { get: { responses: { 200: example('create') } } },
      '/#Action=DeleteQueue': { get: { responses: { 200: example('delete') } } },
      '/{key}': { get: { responses: { 200: example('object') } } },
      '/{key}#tagging': { get: { parameters: [flag], responses: { 200: example('tags') } } },
      '/{key}#note': { get: { responses: { 200: example('never') } } }
    }))
    t.equal((await get(app, {}, '/?Action=DeleteQueue')).json(), 'delete')
    t.equal((await get(app, {}, '/k?tagging=true')).json(), 'tags')
    t.equal((await get(app, {}, '/k')).json(), 'object')
    t.match(app.mock.warnings, [{ message: /GET \/{key} has the same route/ }], 'what tells them apart is not said: told')
  })

  t.test('fragments that stand for a header, as in the APIs of AWS', async t => {
    const target = (name: string) => ({ parameters: [{ name: 'X-Amz-Target', in: 'header', required: true, schema: { type: 'string', enum: [`Books.${name}`] } }], responses: { 200: example(name) } })
    const app = await serve(t, withPaths({ '/#X-Amz-Target=Books.Create': { post: target('Create') }, '/#X-Amz-Target=Books.List': { post: target('List') } }))
    const post = (headers: Record<string, string>) => app.inject({ method: 'POST', url: '/', headers })
    t.equal((await post({ 'x-amz-target': 'Books.List' })).json(), 'List')
    t.match((await post({ 'x-amz-target': 'Books.Burn' })).json(), { status: 404, detail: /The request has 'x-amz-target: Books\.Burn', expected 'x-amz-target: Books\.Create'/, hint: /to the headers/ })
  })

  t.test('any number of them is told apart', async t => {
    const pairs = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.oneof(fc.string(), fc.constant(true as const)), { noNullPrototype: true })
    fc.assert(fc.property(pairs, query => {
      t.equal(matchKey({ query }), matchKey({ query: Object.fromEntries(Object.entries(query).reverse()) }))
      t.ok(fitsMatch({ query, headers: {} }, { query }))
    }))
    const endpoints = Array.from({ length: 100 }, (_, i) => ({ path: '/', match: { query: { Action: `A${i}` } }, response: i }))
    const app = await build(t, { endpoints })
    t.equal((await get(app, {}, '/?Action=A99')).json(), 99, 'more than a router could hold in one place')
  })
})

t.test('case 10: a path is served below its servers and without them; a collision is told', async t => {
  const app = await serve(t, withPaths({ '/users': { get: { responses: { 200: example('short') } } }, '/v1/users': { get: { responses: { 200: example('long') } } }, '/v1/a': { get: { responses: { 200: example('a') } } } },
    { servers: [{ url: 'https://example.com/{version}', variables: { version: { default: 'v1' } } }] }))
  t.equal((await get(app, {}, '/users')).json(), 'short')
  t.equal((await get(app, {}, '/v1/users')).json(), 'long', 'what is written out comes first')
  t.equal((await get(app, {}, '/v1/v1/users')).json(), 'long')
  t.equal((await get(app, {}, '/v1/a')).json(), 'a')
  t.match(app.mock.warnings, [{ code: 'base-path-collision', message: /GET \/users is not served under the base path \/v1, where GET \/v1\/users is/ }])
})

t.test('case 13: HEAD is GET without the body', async t => {
  const app = await serve(t, withPaths({
    '/a': { get: { responses: { 200: { ...json({ schema: { type: 'object', properties: { id: { type: 'integer' } } } }), headers: { 'X-Total': { schema: { type: 'integer', default: 5 } } } } } } },
    '/b': { get: { responses: { 200: example(1) } }, head: { responses: { 204: { description: '', headers: { 'X-Own': { example: 'yes' } } } } } },
    '/c': { post: { responses: { 200: example(1) } } }
  }))
  const [full, head] = [await get(app, {}, '/a'), await app.inject({ method: 'HEAD', url: '/a' })]
  for (const name of ['content-type', 'content-length', 'x-total']) t.equal(head.headers[name], full.headers[name], name)
  t.same([head.statusCode, head.body], [200, ''])
  t.match(await app.inject({ method: 'HEAD', url: '/b' }), { statusCode: 204, headers: { 'x-own': 'yes' } })
  t.equal((await app.inject({ method: 'HEAD', url: '/c' })).statusCode, 405)
})

t.test('case 14: OPTIONS is answered with what there is, unless it is declared', async t => {
  const app = await serve(t, withPaths({
    '/a': { get: { responses: { 200: example(1) } }, post: { responses: { 201: example(1) } } },
    '/b': { options: { responses: { 200: example('own') } } }
  }))
  const answer = await app.inject({ method: 'OPTIONS', url: '/a' })
  t.match(answer, { statusCode: 204, body: '', headers: { allow: 'GET, HEAD, POST, OPTIONS' } })
  t.notOk('content-type' in answer.headers)
  t.match(await app.inject({ method: 'OPTIONS', url: '/b' }), { statusCode: 200, body: '"own"' })
  t.equal((await app.inject({ method: 'OPTIONS', url: '/nothing' })).statusCode, 404)
})

t.test('case 15: TRACE is a method like any other', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/a', method: 'TRACE', content_type: 'message/http', text: 'TRACE /a' }, { path: '/b', response: 1 }], unknown_method: 405 })
  t.match(await app.inject({ method: 'TRACE', url: '/a' }), { statusCode: 200, headers: { 'content-type': 'message/http' }, body: 'TRACE /a' })
  t.equal((await app.inject({ method: 'TRACE', url: '/b' })).statusCode, 405)
  t.match(importDocument(withPaths({ '/x': { trace: { responses: { 200: example(1) } } } })).config.endpoints, [{ method: 'TRACE' }])
  t.ok(url)
})

t.test('case 16: another method is told which ones there are', async t => {
  const app = await serve(t, withPaths({
    '/a/{id}': { get: { responses: { 200: example(1) } }, put: { responses: { 200: example(1) } } },
    '/a/me': { patch: { responses: { 200: example(1) } } }
  }))
  t.match(await app.inject({ method: 'DELETE', url: '/a/7' }), { statusCode: 405, headers: { allow: 'GET, HEAD, PUT, OPTIONS', 'content-type': /problem\+json/ } })
  const { allow = '' } = (await app.inject({ method: 'DELETE', url: '/a/me' })).headers
  t.same(String(allow).split(', ').sort(), ['GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'], 'of all paths that fit')
})

t.test('statuses', async t => {
  const status = async (t: Test, responses: object | string, headers = {}) => {
    const app = await serve(t, typeof responses === 'string' ? responses : withResponses(responses))
    return (await get(app, headers)).statusCode
  }
  await t.test('case 23: the lowest 2xx', async t => t.equal(await status(t, { 404: {}, 201: {}, 200: {}, 206: {} }), 200))
  await t.test('case 24: default alone is 200', async t => t.equal(await status(t, { default: example(1) }), 200))
  await t.test('case 25: default is no success where there is one', async t => t.equal(await status(t, { default: example(1), 200: {} }), 200))
  await t.test('case 26: ranges, in either case', async t => t.equal(await status(t, { default: {}, '2xx': {} }), 200))
  await t.test('case 27: where only errors are declared, the first is what there is', async t => t.equal(await status(t, { 404: example(1), 409: {} }), 404))
  await t.test('case 29: numeric keys of YAML', async t => {
    t.equal(await status(t, 'openapi: 3.0.0\ninfo: {title: t, version: "1"}\npaths:\n  /x:\n    get:\n      responses:\n        404: {description: ""}\n        204: {description: ""}\n'), 204)
  })

  await t.test('case 28: no content is no body, and no content type', async t => {
    for (const [code, declared] of [['204', example(1)], ['205', example(1)], ['304', example(1)], ['200', {}], ['200', { content: {} }]] as const) {
      const app = await serve(t, withResponses({ [code]: declared }))
      const answer = await get(app, { accept: 'application/xml' })
      t.match(answer, { statusCode: Number(code), body: '' })
      t.notOk('content-type' in answer.headers, code)
      t.equal(answer.headers['content-length'], code === '200' || code === '205' ? '0' : undefined, code)
    }
  })
})

t.test('Prefer', async t => {
  const responses = {
    200: json({ examples: { one: { value: 1 }, 'twenty two': { value: 22 } }, schema: { type: 'integer' } }),
    404: json({ examples: { one: { value: 'none' } } }),
    '4xx': example('client'),
    default: example('other'),
    204: {}
  }

  await t.test('case 30: an answer that is not declared is an error that can be recognised', async t => {
    const app = await serve(t, withResponses({ 200: example(1), 404: { description: '' } }))
    t.match((await get(app, { prefer: 'code=500' })), { statusCode: 404, headers: { 'content-type': /problem\+json/ } })
    t.match((await get(app, { prefer: 'code=500' })).json(), { code: 'MOCK_ERR_NO_SUCH_VARIANT', detail: /status 500.* It has: 200, 404/ })
    t.match(app.mock.requests.find({ status: 404 })[0]?.violations, [{ in: 'header', pointer: '/prefer', message: /^asks for an answer with status 500, which/ }], 'the log tells it')
    t.match((await get(app, { prefer: 'example=nope' })).json(), { code: 'MOCK_ERR_NO_SUCH_VARIANT', detail: /name 'nope'/ })
    t.match((await get(app, { prefer: 'code=404, example=nope' })).statusCode, 404)
  })

  await t.test('case 30: also where there is an answer for every error', async t => {
    const app = await serve(t, withResponses({ 200: json({ examples: { a: { value: 1 } } }), '4XX': example('own'), default: example('own') }))
    t.match((await get(app, { prefer: 'example=nope' })).json(), { code: 'MOCK_ERR_NO_SUCH_VARIANT' })
    t.match((await get(app, { prefer: 'code=999' })).json(), { code: 'MOCK_ERR_PREFERENCE' })
  })

  await t.test('case 30: a range, or default, has all its statuses', async t => {
    const app = await serve(t, withResponses(responses))
    for (const [code, body] of [[404, '"none"'], [418, '"client"'], [400, '"client"'], [503, '"other"'], [302, '"other"']] as const) {
      const answer = await get(app, { prefer: `code=${code}` })
      t.match(answer, { statusCode: code, body })
      t.equal(answer.headers['preference-applied'], `code=${code}`)
    }
    const bodiless = await get(app, { prefer: 'code=304' })
    t.match(bodiless, { statusCode: 304, body: '' })
    t.notOk('content-type' in bodiless.headers)
  })

  await t.test('case 31: its whole grammar', async t => {
    const app = await serve(t, withResponses(responses))
    const answer = await get(app, { prefer: 'respond-async, wait=100; x="a,b", Example = "twenty two";q=1, handling=lenient' })
    t.equal(answer.body, '22')
    t.equal(answer.headers['preference-applied'], 'example="twenty two"', 'what is not known is not applied')
    t.equal(answer.headers.vary, 'Prefer')
    t.equal((await get(app, { prefer: 'foo' })).headers['preference-applied'], undefined)
    t.equal((await get(app)).headers.vary, undefined)
    const { url } = await listen(t, { endpoints: [{ path: '/x', responses: [{ response: 1 }, { status: 404, name: 'b', response: 2 }] }] })
    const twice = await fetch(`${url}/x`, { headers: [['prefer', 'wait=1'], ['prefer', 'code=404'], ['prefer', 'example=b']] })
    t.same([twice.status, twice.headers.get('preference-applied')], [404, 'code=404, example=b'], 'several lines are one list')
  })

  await t.test('code and example together', async t => {
    const app = await serve(t, withResponses(responses))
    t.equal((await get(app, { prefer: 'example=one' })).body, '1')
    t.equal((await get(app, { prefer: 'code=404, example=one' })).body, '"none"')
  })

  await t.test('dynamic: a generated body although there is an example; seed: another one', async t => {
    const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 100 } } }
    const app = await serve(t, withPaths({ '/x': { get: { responses: { 200: json({ schema, example: { n: 1 } }) } } }, '/y': { get: { responses: { 200: json({ schema }) } } }, '/z': { get: { responses: { 200: example(1) } } } }))
    t.same((await get(app, { prefer: 'dynamic=false' })).json(), { n: 1 })
    const dynamic = await get(app, { prefer: 'dynamic' })
    t.ok(dynamic.json().n >= 100)
    t.equal(dynamic.headers['preference-applied'], 'dynamic=true')
    const seeded = async (seed: string, url = '/x') => await get(app, { prefer: `dynamic=true, seed=${seed}` }, url)
    t.equal((await seeded('a')).body, (await seeded('a')).body)
    t.not((await seeded('a')).body, (await seeded('b')).body)
    t.equal((await seeded('a')).headers['preference-applied'], 'dynamic=true, seed=a')
    t.not((await get(app, { prefer: 'seed=1' }, '/y')).body, (await get(app, {}, '/y')).body)
    t.equal((await seeded('a', '/z')).headers['preference-applied'], undefined, 'without a schema there is nothing to generate')
  })

  await t.test('delay and fault', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/x', latency_ms: 60_000, response: 1, failure: { headers: { 'x-a': 'b' } } }] })
    const answer = await fetch(`${url}/x`, { headers: { prefer: 'delay=20ms, fault=unavailable' } })
    t.same([answer.status, answer.headers.get('preference-applied'), answer.headers.get('x-a')], [503, 'delay=20, fault=503', 'b'])
    const [entry] = app.mock.requests.find()
    t.match(entry, { injected: { latency_ms: 20, failure: 503 } })
    t.ok((entry?.duration_ms ?? 0) >= 19, 'instead of the own latency')
    t.equal((await fetch(`${url}/x`, { headers: { prefer: 'fault=418, delay=0' } })).status, 418)
  })

  await t.test('a value that makes no sense is told', async t => {
    const app = await serve(t, withResponses(responses))
    for (const prefer of ['code=abc', 'code=100', 'delay=soon', 'fault=nothing', 'dynamic=maybe']) {
      t.match((await get(app, { prefer })).json(), { status: 400, code: 'MOCK_ERR_PREFERENCE', detail: new RegExp(prefer) }, prefer)
    }
    t.same(readPreferences('delay=1.5s'), { preferences: { delay: 1500 } })
    t.same(readPreferences('delay=9m'), { preferences: { delay: 60_000 } }, 'nobody waits for ever')
    fc.assert(fc.property(fc.string(), text => { readPreferences(text) }))
  })
})

t.test('case 32: Accept', async t => {
  const content = { 'application/xml': { example: '<a/>' }, 'application/json': { example: 1 }, 'text/csv': { example: 'a' }, 'application/vnd.api+json': { example: 2 } }

  await t.test('qualities, ranges, vendor types, parameters', async t => {
    const app = await serve(t, withContent(content))
    for (const [accept, type] of [
      ['*/*', 'application/json'], ['', 'application/json'], ['text/csv', 'text/csv'], ['text/*', 'text/csv'], ['application/*', 'application/json'],
      ['application/json;q=0.8, application/xml', 'application/xml'], ['application/json;q=0.1, application/xml;q=0.09', 'application/json'],
      ['application/json;q=0, */*', 'application/vnd.api+json'], ['text/html, application/xml;q=0.9, */*;q=0.8', 'application/xml'],
      ['application/vnd.api+json', 'application/vnd.api+json'], ['application/vnd.api+json; version=1', 'application/vnd.api+json'],
      ['text/csv;charset=utf-8;header=present', 'text/csv'], ['APPLICATION/XML', 'application/xml'], ['image/png, text/csv;q=0.001', 'text/csv']
    ] as const) {
      const answer = await get(app, { accept })
      t.equal(answer.statusCode, 200, accept)
      t.equal(String(answer.headers['content-type']).split(';')[0], type, accept)
      t.equal(answer.headers.vary, 'Accept')
    }
  })

  await t.test('none acceptable is 406, with the types that there are', async t => {
    const app = await serve(t, withContent(content))
    const answer = await get(app, { accept: 'image/png' })
    t.match(answer, { statusCode: 406, headers: { 'content-type': /problem\+json/, vary: 'Accept' } })
    t.match(answer.json(), { status: 406, code: 'MOCK_ERR_NOT_ACCEPTABLE', detail: /'image\/png'.*application\/json.*, application\/xml, text\/csv/ })
    t.equal((await get(app, { accept: 'application/*;q=0, text/*;q=0' })).statusCode, 406)
  })

  await t.test('the answer of its own that the document has for it', async t => {
    const own = await serve(t, withResponses({ 200: example(1), 406: example('own') }))
    t.match(await get(own, { accept: 'text/csv' }), { statusCode: 406, body: '"own"' })
    const range = await serve(t, withResponses({ 200: example(1), '4XX': example('range') }))
    t.match(await get(range, { accept: 'text/csv' }), { statusCode: 406, body: '"range"' })
  })

  await t.test('whoever lets mistakes pass lets this one pass too', async t => {
    const app = await serve(t, withContent({ 'application/json': { example: 1 } }))
    const answer = await get(app, { accept: 'text/csv', prefer: 'validate=warn' })
    t.match(answer, { statusCode: 200, body: '1', headers: { 'x-mock-violations': /accept/ } })
    t.equal(answer.headers['preference-applied'], 'validate=warn')
    const lenient = await serve(t, withContent({ 'application/json': { example: 1 } }), {}, { validate: 'off' })
    t.equal((await get(lenient, { accept: 'text/csv' })).statusCode, 200)
  })

  await t.test('another type of the same format will do; errors and answers without a body are for all', async t => {
    const app = await serve(t, withPaths({
      '/x': { get: { responses: { 200: example(1), 404: { description: '', content: { 'application/problem+json': { example: { a: 1 } } } } } } },
      '/empty': { get: { responses: { 204: { description: '' } } } },
      '/hal': { get: { responses: { 200: { description: '', content: { 'application/hal+json': { example: 2 } } } } } }
    }))
    t.equal((await get(app, { accept: 'application/vnd.github.v3+json' })).statusCode, 200)
    t.equal((await get(app, { accept: 'application/json' }, '/hal')).statusCode, 200)
    t.equal((await get(app, { accept: 'application/xml' })).statusCode, 406)
    t.match((await get(app, { accept: 'application/json', prefer: 'code=404' })).headers['content-type'], /^application\/problem\+json/)
    t.equal((await get(app, { accept: 'text/html', prefer: 'code=404' })).statusCode, 404)
    t.equal((await get(app, { accept: 'application/xml' }, '/empty')).statusCode, 204)
  })

  await t.test('examples are chosen within the type', async t => {
    const app = await serve(t, withContent({ 'application/json': { examples: { a: { value: 1 }, b: { value: 2 } } }, 'application/xml': { examples: { a: { value: '<a/>' }, b: { value: '<b/>' } } } }))
    t.equal((await get(app, { accept: 'application/xml' })).body, '<a/>')
    t.equal((await get(app, { accept: 'application/xml', prefer: 'example=b' })).body, '<b/>')
    t.equal((await get(app, { prefer: 'example=b' })).body, '2')
  })

  await t.test('what people write themselves is negotiated, but never refused unless they say so', async t => {
    const responses = [{ response: 1 }, { content_type: 'text/csv', text: 'a' }]
    const app = await build(t, { endpoints: [{ path: '/x', responses }, { path: '/off', negotiate: 'off', responses }, { path: '/on', negotiate: 'enforce', responses }] })
    t.same([(await get(app, { accept: 'text/csv' })).body, (await get(app, { accept: 'image/png' })).body], ['a', '1'])
    t.equal((await get(app, { accept: 'text/csv' }, '/off')).body, '1')
    t.equal((await get(app, { accept: 'image/png' }, '/on')).statusCode, 406)
  })

  await t.test('Vary is added to that of the host and that of the answer', async t => {
    const { default: Fastify } = await import('fastify')
    const { default: mockPlugin } = await import('../plugins/mock.ts')
    const app = Fastify()
    t.teardown(() => app.close())
    app.addHook('onRequest', async (_request, reply) => { reply.header('vary', 'Origin') })
    await app.register(mockPlugin, { endpoints: [{ path: '/x', headers: { Vary: 'Cookie' }, responses: [{ headers: { Vary: 'Cookie, accept' }, response: 1 }, { content_type: 'text/csv', text: 'a' }] }].map(({ headers: _headers, ...endpoint }) => endpoint) })
    t.equal((await get(app, { prefer: 'example=none' })).headers.vary, 'Origin, Prefer')
    t.equal((await get(app, { prefer: 'code=200' })).headers.vary, 'Origin, Prefer, Cookie, accept')
  })

  await t.test('any header is read without harm, and the choice is acceptable', async t => {
    const offers = ['application/json', 'text/csv', 'application/xml']
    fc.assert(fc.property(fc.string(), text => {
      const index = negotiation(offers)(text)
      t.ok(index === undefined || offers[index] !== undefined)
    }))
    fc.assert(fc.property(fc.shuffledSubarray(offers, { minLength: 1 }), accepted => {
      const header = accepted.map((type, index) => `${type};q=${(1 - index / 10).toFixed(1)}`).join(', ')
      t.equal(offers[negotiation(offers)(header) ?? -1], accepted[0])
    }))
  })
})

t.test('examples paired with requests', async t => {
  const parameter = { name: 'id', in: 'path', required: true, schema: { type: 'integer' }, examples: { seven: { value: 7 }, gone: { value: 99 } } }
  const document = withPaths({
    '/pets/{id}': { get: { parameters: [parameter], responses: { 200: json({ examples: { any: { value: 'any' }, seven: { value: 'seven' } } }), 404: json({ examples: { gone: { value: 'gone' } } }) } } },
    '/pets': {
      post: {
        parameters: [{ name: 'dry', in: 'query', schema: { type: 'boolean' }, examples: { cat: { value: true } } }],
        requestBody: { content: { 'application/json': { examples: { cat: { value: { kind: 'cat', tags: ['a', 'b'] } }, dog: { value: { kind: 'dog' } } } } } },
        responses: { 201: { description: '', content: { 'application/json': { examples: { dog: { value: 'woof' }, cat: { value: 'meow' } } }, 'application/xml': { examples: { cat: { value: '<meow/>' } } } } } }
      }
    }
  })
  const app = await serve(t, document)
  const post = (payload: object, url = '/pets', headers = {}) => app.inject({ method: 'POST', url, payload, headers })

  t.same(await Promise.all(['7', '99', '5'].map(async id => { const { statusCode, body } = await get(app, {}, `/pets/${id}`); return [statusCode, body] })), [[200, '"seven"'], [404, '"gone"'], [200, '"any"']])
  t.equal((await post({ tags: ['a', 'b'], kind: 'cat' }, '/pets?dry=true')).body, '"meow"', 'in whatever order')
  t.equal((await post({ kind: 'cat', tags: ['a', 'b'] })).body, '"woof"', 'everything has to be equal')
  t.equal((await post({ kind: 'cat', tags: ['a'] }, '/pets?dry=true')).body, '"woof"')
  t.equal((await post({ kind: 'cat', tags: ['a', 'b'] }, '/pets?dry=true', { accept: 'application/xml' })).body, '<meow/>')
  t.equal((await post({ kind: 'cat', tags: ['a', 'b'] }, '/pets?dry=true', { prefer: 'example=dog' })).body, '"woof"', 'what is preferred comes first')

  t.test('are written down as people would', async t => {
    t.match(importDocument(document).config.endpoints?.[0]?.responses, [{ name: 'any', for_request: undefined }, { name: 'seven', for_request: { params: { id: 7 } } }, { name: 'gone', for_request: { params: { id: 99 } } }])
    const app = await build(t, { endpoints: [{ path: '/x', responses: [{ response: 1 }, { for_request: { headers: { 'X-Tenant': 'b' }, cookies: { c: 1 }, query: { list: ['1', '2'] } }, response: 2 }] }] })
    t.equal((await get(app, { 'x-tenant': 'b', cookie: 'c=1' }, '/x?list=1&list=2')).body, '2')
    t.equal((await get(app, { 'x-tenant': 'b', cookie: 'c=1' }, '/x?list=2&list=1')).body, '1')
  })

  t.test('are not, where it would make no difference', async t => {
    const same = withPaths({ '/x': { post: { requestBody: { content: { 'application/json': { examples: { default: { value: 1 } } } } }, responses: { 200: json({ examples: { default: { value: 1 } } }), 422: json({ examples: { default: { value: 2 } } }) } } } })
    t.notOk(importDocument(same).config.endpoints?.[0]?.responses?.some(({ for_request: request }) => request !== undefined))
  })
})

t.test('content types', async t => {
  await t.test('case 33: a range becomes a type, and nothing is unacceptable', async t => {
    const type = async (range: string, schema: object = { type: 'object' }, accept = '*/*') => (await get(await serve(t, withContent({ [range]: { schema } })), { accept })).headers['content-type']
    t.equal(await type('application/*'), 'application/json; charset=utf-8')
    t.equal(await type('*/*'), 'application/json; charset=utf-8')
    t.equal(await type('*/*', {}, 'text/html'), 'application/json; charset=utf-8')
    t.equal(await type('*/*', { type: 'string', format: 'binary' }), 'application/octet-stream')
    t.equal(await type('text/*', { type: 'string' }), 'text/plain; charset=utf-8')
    t.equal(await type('image/*', {}), 'image/png')
  })

  await t.test('case 34: JSON in other spellings is JSON', async t => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/hal+json', 'application/problem+json;charset=utf-8']) {
      const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } }
      for (const media of [{ example: { a: 1 } }, { schema }]) {
        const answer = await get(await serve(t, withContent({ [type]: media })), { accept: 'application/json' })
        t.equal(answer.statusCode, 200, type)
        t.equal(mediaKind(String(answer.headers['content-type'])), 'json')
        t.type(answer.json().a, 'number')
      }
    }
  })
})

t.test('examples', async t => {
  const body = async (t: Test, media: object, components: object = {}) => (await get(await serve(t, withContent({ 'application/json': media }, { components })))).json()

  await t.test('case 35: which one counts', async t => {
    const property = { type: 'string', example: 'property' }
    const schema = { type: 'object', required: ['a'], properties: { a: property }, example: { a: 'schema' } }
    t.same(await body(t, { example: 'media', schema }), 'media')
    t.same(await body(t, { examples: { x: { value: 'x' } }, schema }), 'x')
    t.same(await body(t, { schema }), { a: 'schema' })
    t.same(await body(t, { schema: { ...schema, example: undefined, examples: [{ a: 'first' }, { a: 'second' }] } }), { a: 'first' })
    t.same(await body(t, { schema: { type: 'object', required: ['a'], properties: { a: property } } }), { a: 'property' })
    t.same(await body(t, { schema: { type: 'object', required: ['a', 'b', 'c'], properties: { a: { type: 'string', default: 'd' }, b: { const: 'c' }, c: { enum: ['e'] } } } }), { a: 'd', b: 'c', c: 'e' })
    t.same(await body(t, { schema: { $ref: '#/components/schemas/S' } }, { schemas: { S: schema } }), { a: 'schema' })
  })

  await t.test('case 36: null, 0, false and the empty text', async t => {
    for (const value of [null, 0, false, '']) {
      t.equal(await body(t, { example: value, schema: { type: ['string', 'null', 'number', 'boolean'], minLength: 5 } }), value)
      t.equal(await body(t, { examples: { a: { value } } }), value)
      t.equal(await body(t, { schema: { example: value } }), value)
    }
  })

  await t.test('case 37: examples elsewhere: references, files, of text and of bytes', async t => {
    const png = Buffer.from('89504e470d0a1a0aff', 'hex')
    const document = withPaths({
      '/ref': { get: { responses: { 200: json({ examples: { a: { $ref: '#/components/examples/A' } } }) } } },
      '/json': { get: { responses: { 200: json({ examples: { a: { externalValue: 'data/a.json' } } }) } } },
      '/csv': { get: { responses: { 200: { description: '', content: { 'text/csv': { examples: { a: { externalValue: './data/a.csv' } } } } } } } },
      '/png': { get: { responses: { 200: { description: '', content: { 'image/png': { examples: { a: { externalValue: 'data/a.png' } } } } } } } },
      '/none': { get: { responses: { 200: json({ examples: { a: { externalValue: 'data/none.json' } }, schema: { const: 'generated' } }) } } }
    }, { components: { examples: { A: { value: { from: 'ref' } } } } })
    const folder = t.testdir({ 'api.json': JSON.stringify(document), data: { 'a.json': '{"from":"file"}', 'a.csv': 'a;b\n', 'a.png': png } })
    const app = await build(t, { include: [join(folder, 'api.json')] })
    t.same((await get(app, {}, '/ref')).json(), { from: 'ref' })
    t.same((await get(app, {}, '/json')).json(), { from: 'file' })
    t.equal((await get(app, {}, '/csv')).body, 'a;b\n')
    t.same((await get(app, {}, '/png')).rawPayload, png)
    t.equal((await get(app, {}, '/none')).json(), 'generated', 'what cannot be had is told, and generated')
    t.ok(app.mock.warnings.some(({ message }) => message.includes('none.json')))
  })

  await t.test('case 37: examples at a URL', async t => {
    const origin = createServer((request, response) => {
      response.end(request.url === '/api.json'
        ? JSON.stringify(withContent({ 'image/gif': { examples: { a: { externalValue: 'a.gif' } } }, 'application/json': { examples: { a: { externalValue: '/a.json' } } } }))
        : request.url === '/a.json' ? '{"from":"web"}' : Buffer.from([0x47, 0x49, 0x46, 0xff]))
    })
    await new Promise<void>(resolve => origin.listen(0, '127.0.0.1', resolve))
    t.teardown(() => origin.close())
    const address = origin.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const { document } = await loadDocument({ url: `http://127.0.0.1:${address.port}/api.json` })
    const app = await build(t, importDocument(document).config)
    t.same((await get(app)).json(), { from: 'web' })
    t.same((await get(app, { accept: 'image/*' })).rawPayload, Buffer.from([0x47, 0x49, 0x46, 0xff]))
  })
})

t.test('case 40: response headers', async t => {
  const thing = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  const location = { schema: { type: 'string', format: 'uri' } }
  const app = await serve(t, withPaths({
    '/x': {
      get: {
        responses: {
          200: {
            ...example(1),
            headers: {
              'X-Required': { required: true, schema: { type: 'string', minLength: 12 } },
              'X-Ref': { $ref: '#/components/headers/Limit' },
              'Set-Cookie': { schema: { type: 'array', items: { type: 'string' } }, example: ['a=1; Path=/', 'b=2, c'] },
              Link: { example: '</x?page=2>; rel="next"' },
              'Content-Type': { example: 'text/nonsense' }
            }
          }
        }
      }
    },
    '/things': { post: { requestBody: { content: { 'application/json': { schema: thing } } }, responses: { 201: { ...json({ schema: thing }), headers: { Location: location } } } } },
    '/things/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: json({ schema: thing }) } } },
    '/told': { post: { responses: { 201: { ...example({ id: 'a b' }), headers: { location } } } } },
    '/told/{id}': { get: { responses: { 200: example(1) } } },
    '/own': { post: { responses: { 201: { ...example({ id: 1 }), headers: { Location: { example: '/elsewhere' } } } } } },
    '/own/{id}': { get: { responses: { 200: example(1) } } }
  }, { components: { headers: { Limit: { schema: { type: 'integer', default: 60 } } } } }))
  const { headers } = await get(app)
  t.ok(String(headers['x-required']).length >= 12)
  t.match(headers, { 'x-ref': '60', link: '</x?page=2>; rel="next"', 'content-type': 'application/json; charset=utf-8' })
  t.same(headers['set-cookie'], ['a=1; Path=/', 'b=2, c'])

  t.test('Location leads to what was created', async t => {
    const created = await app.inject({ method: 'POST', url: '/things?x=1', payload: { id: 'new' } })
    t.equal(created.headers.location, `/things/${encodeURIComponent(created.json().id)}`)
    t.same((await get(app, {}, String(created.headers.location))).json().id, created.json().id)
    t.equal((await app.inject({ method: 'POST', url: '/told' })).headers.location, '/told/a%20b')
    t.equal((await app.inject({ method: 'POST', url: '/own' })).headers.location, '/elsewhere')
  })
})

t.test('case 41: binary answers are real files', async t => {
  const bytes = async (type: string, media: object = {}) => (await get(await serve(t, withContent({ [type]: media })))).rawPayload
  const png = await bytes('image/png', { schema: { type: 'string', format: 'binary' } })
  t.equal(png.subarray(0, 8).toString('hex'), '89504e470d0a1a0a')
  const data = png.indexOf('IDAT')
  t.equal(inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4))).length, 5, 'one pixel: a filter and four channels')
  const pdf = (await bytes('application/pdf')).toString('latin1')
  t.match(pdf, /^%PDF-1\.\d/)
  t.equal(pdf.slice(Number(/startxref\n(\d+)/.exec(pdf)?.[1])).slice(0, 4), 'xref')
  t.equal((await bytes('application/zip')).readUInt32LE(), 0x06054b50)
  t.ok((await bytes('application/octet-stream', { schema: { type: 'string', format: 'binary' } })).length > 0)
  t.notOk((await bytes('application/octet-stream')).toString('latin1').includes('string'))
  t.same(await bytes('application/octet-stream', { example: '' }), Buffer.alloc(0), 'an empty file that is asked for is empty')
})

t.test('case 42: XML', async t => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false })
  const parsed = async (t: Test, media: object, schemas: object = {}) => {
    const answer = await get(await serve(t, withContent({ 'application/xml': media }, { components: { schemas } })))
    t.equal(XMLValidator.validate(answer.body), true)
    return parser.parse(answer.body.replace(/^<\?xml.*\?>/, ''))
  }
  const Boat = {
    type: 'object',
    required: ['id', 'name', 'tags', 'crew'],
    xml: { name: 'boat', prefix: 'b', namespace: 'urn:boats' },
    properties: {
      id: { type: 'integer', xml: { attribute: true } },
      name: { type: 'string' },
      tags: { type: 'array', minItems: 2, items: { type: 'string', xml: { name: 'tag' } } },
      crew: { type: 'array', minItems: 2, xml: { wrapped: true, name: 'people' }, items: { $ref: '#/components/schemas/Sailor' } }
    }
  }
  const Sailor = { type: 'object', required: ['rank'], xml: { name: 'sailor' }, properties: { rank: { type: 'string', xml: { name: 'Rang' } } } }
  const value = { id: 7, name: 'A & <B> "C"', tags: ['x', 'y'], crew: [{ rank: 'mate' }] }
  const wanted = { 'b:boat': { '@xmlns:b': 'urn:boats', '@id': '7', name: 'A &amp; &lt;B&gt; "C"', tag: ['x', 'y'], people: { sailor: { Rang: 'mate' } } } }

  t.match(await parsed(t, { schema: { $ref: '#/components/schemas/Boat' }, example: value }, { Boat, Sailor }), { 'b:boat': { ...wanted['b:boat'], name: /A .* "C"/ } })
  const generated = await parsed(t, { schema: { $ref: '#/components/schemas/Boat' } }, { Boat, Sailor })
  t.match(generated, { 'b:boat': { '@id': /^-?\d+$/, name: String, people: { sailor: Array } } })
  t.ok(generated['b:boat'].tag.length >= 2)
  t.same(Object.keys(await parsed(t, { schema: { type: 'array', items: { $ref: '#/components/schemas/Sailor' } } }, { Sailor })), ['root'], 'a list has one root as well')
  t.same(Object.keys(await parsed(t, { schema: { $ref: '#/components/schemas/Plain' } }, { Plain: { type: 'object', properties: {} } })), ['Plain'], 'the name of the schema, where it tells none')
  t.same(Object.keys(await parsed(t, {})), ['root'])
  t.ok(await parsed(t, { schema: { type: 'string' } }), 'a text is not XML by itself')
  t.equal((await get(await serve(t, withContent({ 'application/xml': { example: '<a ><b/></a>\n' } })))).body, '<a ><b/></a>\n', 'one that is written out is left alone')

  t.test('is generated instead of an example, and differently, where that is preferred', async t => {
    const app = await serve(t, withContent({ 'application/xml': { example: '<boat/>', schema: { $ref: '#/components/schemas/Sailor' } } }, { components: { schemas: { Sailor } } }))
    t.equal((await get(app)).body, '<boat/>')
    const answers = await Promise.all(['a', 'b', 'a'].map(async seed => (await get(app, { prefer: `dynamic, seed=${seed}` })).body))
    t.match(answers[0], /<sailor><Rang>[^<]+<\/Rang><\/sailor>$/)
    t.equal(answers[0], answers[2])
    t.not(answers[0], answers[1])
  })

  t.test('of any value is well-formed', async t => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      t.equal(XMLValidator.validate(writeBody(value, { contentType: 'application/xml' })), true)
    }), { numRuns: 200 })
  })

  t.test('is what people write as JSON for that type', async t => {
    const app = await build(t, { endpoints: [{ path: '/x', content_type: 'application/xml', response: { greeting: '{{request.query.name}}' } }] })
    t.equal((await get(app, {}, '/x?name=%3CAnn%3E')).body.split('\n')[1], '<root><greeting>&lt;Ann&gt;</greeting></root>')
  })
})

t.test('case 43: texts and pictures, whatever their schema', async t => {
  const answer = async (t: Test, type: string, media: object) => await get(await serve(t, withContent({ [type]: media })))
  const row = { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' }, b: { type: 'string', example: 'x, "y"\nz' } } }
  t.match(JSON.parse((await answer(t, 'text/plain', { schema: row })).body), { a: Number })
  t.equal((await answer(t, 'text/plain', {})).statusCode, 200)
  t.ok((await answer(t, 'text/plain', { schema: { type: 'string', minLength: 4 } })).body.length >= 4)
  t.equal((await answer(t, 'text/plain', { example: 12 })).body, '12')
  const html = await answer(t, 'text/html', { schema: { type: 'string' } })
  t.match(html, { headers: { 'content-type': 'text/html; charset=utf-8' }, body: /^<!doctype html>\n<html lang="en">[^]*<\/html>\n$/ })
  for (const schema of [row, { type: 'array', minItems: 2, items: row }]) {
    const rows: unknown[] = parseCsv((await answer(t, 'text/csv', { schema })).body, { columns: true })
    t.ok(rows.length >= 1)
    t.match(rows[0], { a: /^-?\d+$/, b: 'x, "y"\nz' })
  }
  t.same(parseCsv((await answer(t, 'text/csv', { example: [{ a: 1, b: null }, { a: 2, c: [1] }] })).body), [['a', 'b', 'c'], ['1', '', ''], ['2', '', '[1]']])
  t.match(await answer(t, 'image/png', {}), { statusCode: 200, headers: { 'content-type': 'image/png' } })
  t.same([...new URLSearchParams((await answer(t, 'application/x-www-form-urlencoded', { example: { a: 'x y', b: [1, 2] } })).body)], [['a', 'x y'], ['b', '1'], ['b', '2']])

  t.test('any table is read as it was written', async t => {
    const cell = fc.string({ minLength: 1 }).filter(text => text.trim() !== '')
    fc.assert(fc.property(fc.array(fc.record({ a: cell, b: cell }), { minLength: 1 }), rows => {
      t.same(parseCsv(writeBody(rows, { contentType: 'text/csv' }), { columns: true }), rows)
    }), { numRuns: 100 })
  })

  t.test('multipart answers', async t => {
    const schema = { type: 'object', required: ['file', 'meta', 'n'], properties: { file: { type: 'string', format: 'binary' }, meta: row, n: { type: 'integer' } } }
    const sent = await answer(t, 'multipart/form-data', { schema })
    const form = await new Response(sent.body, { headers: { 'content-type': String(sent.headers['content-type']) } }).formData()
    t.match(form.get('n'), /^-?\d+$/)
    t.ok(form.get('file') instanceof File)
    const meta = form.get('meta')
    t.match(JSON.parse(typeof meta === 'string' ? meta : await meta?.text() ?? ''), { a: Number })
    const own = await answer(t, 'multipart/mixed', { example: '--frontier\r\n\r\nhello\r\n--frontier--\r\n' })
    t.equal(own.headers['content-type'], 'multipart/mixed; boundary=frontier')
  })
})

t.test('case 44: streams', async t => {
  const Token = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } }
  const serveStream = async (t: Test, type: string, media: object) => await get(await serve(t, { ...withContent({ [type]: media }, { components: { schemas: { Token } } }), openapi: '3.2.0' }))
  const events = (text: string): EventSourceMessage[] => {
    const found: EventSourceMessage[] = []
    createParser({ onEvent: event => found.push(event) }).feed(text)
    return found
  }
  for (const media of [{ itemSchema: { $ref: '#/components/schemas/Token' } }, { schema: { $ref: '#/components/schemas/Token' } }, { schema: { type: 'array', minItems: 3, items: { $ref: '#/components/schemas/Token' } } }]) {
    const stream = await serveStream(t, 'text/event-stream', media)
    t.match(stream.headers['content-type'], /^text\/event-stream/)
    t.ok(events(stream.body).length >= 3)
    t.ok(events(stream.body).every(({ data }) => Number.isInteger(JSON.parse(data).n)))

    const lines = (await serveStream(t, 'application/jsonl', media)).body
    t.ok(lines.trimEnd().split('\n').length >= 3 && lines.endsWith('\n'))
    t.ok(lines.trimEnd().split('\n').every(line => Number.isInteger(JSON.parse(line).n)))

    const sequence = (await serveStream(t, 'application/json-seq', media)).body.split('\u001e')
    t.equal(sequence.shift(), '', 'each begins with a record separator')
    t.ok(sequence.length >= 3 && sequence.every(text => text.endsWith('\n') && Number.isInteger(JSON.parse(text).n)))
  }

  t.test('a stream goes to those who ask for it in the body, as the APIs of language models have it', async t => {
    const request = { allOf: [{ type: 'object', properties: { model: { type: 'string' } } }, { $ref: '#/components/schemas/Streamable' }] }
    const app = await serve(t, withPaths({
      '/chat': {
        post: {
          requestBody: { required: true, content: { 'application/json': { schema: request } } },
          responses: { 200: { description: '', content: { 'application/json': { example: { n: 0 } }, 'text/event-stream': { schema: { $ref: '#/components/schemas/Token' } } } } }
        }
      }
    }, { components: { schemas: { Token, Streamable: { type: 'object', properties: { stream: { type: ['boolean', 'null'] } } } } } }))
    const post = (payload: object, accept = 'application/json') => app.inject({ method: 'POST', url: '/chat', payload, headers: { accept } })
    t.ok(events((await post({ model: 'm', stream: true })).body).length >= 3, 'whatever it says to accept')
    t.same((await post({ model: 'm', stream: false })).json(), { n: 0 })
    t.same((await post({ model: 'm' }, '*/*')).json(), { n: 0 })
    t.ok(events((await post({ model: 'm' }, 'text/event-stream')).body).length >= 3)
  })

  t.test('events with fields of their own', async t => {
    const { body } = await serveStream(t, 'text/event-stream', { example: [{ event: 'add', id: '1', data: { n: 1 } }, 'two\nlines', 'data: raw\n\n'] })
    t.match(events(body), [{ event: 'add', id: '1', data: '{"n":1}' }, { data: 'two\nlines' }, { data: 'raw' }])
    const named = { type: 'object', required: ['event', 'data'], properties: { event: { const: 'tick' }, data: { type: 'string' } } }
    const ticks = events((await serveStream(t, 'text/event-stream', { itemSchema: named })).body)
    t.ok(ticks.length >= 3 && ticks.every(({ event }) => event === 'tick'))
  })

  t.test('any data arrives as it was sent', async t => {
    fc.assert(fc.property(fc.array(fc.jsonValue().filter(value => typeof value !== 'string'), { minLength: 1 }), list => {
      const plain = list.filter(value => value === null || typeof value !== 'object' || Array.isArray(value))
      t.same(events(writeBody(plain, { contentType: 'text/event-stream' })).map(({ data }) => JSON.parse(data)), JSON.parse(JSON.stringify(plain)))
    }), { numRuns: 100 })
  })
})

t.test('what docs/answers.md shows is what happens', async t => {
  const text = await readFile(new URL('../docs/answers.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block)
  const folder = t.testdir(Object.fromEntries(blocks.map((block, index) => [`${index}.yaml`, block])))
  const app = await build(t, { include: [join(folder, '*.yaml')] })
  t.same((await get(app, {}, '/orders/1')).json(), { id: '1', state: 'open' })
  t.match((await get(app, { accept: 'application/xml' }, '/orders/1')).body, /<root><id>1<\/id><state>open<\/state><\/root>/)
  t.same((await get(app, {}, '/orders/7')).json(), { id: 7, state: 'shipped' })
  t.match(await get(app, { prefer: 'code=503' }, '/orders/1'), { statusCode: 503, body: '{"error":"sorry"}' })
  t.same((await get(app, {}, '/messages?beta=true')).json(), { beta: true })
  t.same((await get(app, {}, '/messages')).json(), { stable: true })
  t.same((await app.inject({ method: 'POST', url: '/', headers: { 'x-amz-target': 'Books.Create' } })).json(), { id: 1 })
  t.equal((await app.inject({ method: 'POST', url: '/' })).statusCode, 404)
})

t.test('a made-up error tells the status that it is sent with, also one that was asked for', async t => {
  const problem = { type: 'object', required: ['title', 'status', 'error'], properties: { title: { type: 'string' }, status: { type: 'integer' }, error: { type: 'object', required: ['http_status'], properties: { http_status: { type: 'integer' } } } } }
  const app = await build(t, {
    endpoints: [{
      path: '/jobs',
      responses: [
        { response_schema: problem },
        { status: 404, response_schema: { type: 'object', required: ['status'], properties: { status: { type: 'integer', maximum: 299 } } } },
        { status: 409, response_schema: { type: 'object', required: ['status'], properties: { status: { type: 'integer', examples: [7] } } } },
        { status: 500, stands_for: 'default', response_schema: problem }
      ]
    }]
  })
  const asked = async (prefer: string) => (await app.inject({ url: '/jobs', headers: { prefer } })).json()
  t.match(await asked('code=200'), { status: 200, error: { http_status: 200 } })
  t.match(await asked('code=500'), { status: 500, error: { http_status: 500 } })
  t.match(await asked('code=418'), { status: 418, error: { http_status: 418 } })
  t.match(await asked('code=418, dynamic, seed=3'), { status: 418, error: { http_status: 418 } })
  t.same(await asked('code=404'), { status: 200 }, 'what the schema forbids is not said')
  t.same(await asked('code=409'), { status: 7 }, 'an example is somebody\'s word')
})
