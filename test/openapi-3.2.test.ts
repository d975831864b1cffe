import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { isObject, type JsonObject } from '../lib/openapi/json-object.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { readOverlay } from '../lib/openapi/overlay.ts'
import { validateDocument } from '../lib/openapi/validate-document.ts'
import { wholeQuery } from '../lib/whole-query.ts'
import { build, listen, until } from './helper.ts'

const QUAY = { include: ['fixtures/openapi/quay-3.2.yaml'] }

/** A folder with these files. */
async function folder (t: Test, files: Readonly<Record<string, unknown>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mock-overlay-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function imported (document: JsonObject) {
  return importDocument((await loadDocument({ document: { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {}, ...document } })).document)
}

const overlaid = (document: unknown, ...actions: unknown[]) => readOverlay(JSON.stringify({ overlay: '1.1.0', info: { title: 'o', version: '1' }, actions })).apply(document)

t.test('case 17: QUERY takes a body, which is checked', async t => {
  const { url } = await listen(t, QUAY)
  const query = (body: object) => fetch(`${url}/berths`, { method: 'QUERY', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = await query({ length: 12 })
  t.equal(answer.status, 200)
  t.same(await answer.json(), [{ id: 7, name: 'Long' }])
  t.equal((await query({})).status, 422)
})

t.test('case 17: additional operations are served by their methods', async t => {
  const { url } = await listen(t, QUAY)
  t.equal((await fetch(`${url}/berths`, { method: 'COPY' })).status, 202)
  t.equal((await fetch(`${url}/berths`, { method: 'LINK' })).status, 204)
  const unknown = await fetch(`${url}/berths`, { method: 'MOVE' })
  t.equal(unknown.status, 405)
  t.match(unknown.headers.get('allow'), /COPY.*LINK.*QUERY|QUERY.*COPY.*LINK/)
})

t.test('case 17: names of additional operations are case-sensitive, and one that Node.js cannot receive is told', async t => {
  const { document } = await loadDocument({ file: 'fixtures/openapi/quay-3.2.yaml' })
  const { report } = importDocument(document)
  t.match(report.degraded.map(({ operation, reason }) => `${operation}: ${reason}`), [/^Copy \/berths: not served: Copy is no method/, /^MOOR \/berths: not served: MOOR is no method/])
})

t.test('case 38: dataValue and serializedValue are examples', async t => {
  const { url } = await listen(t, QUAY)
  const ask = async (prefer: string) => await (await fetch(`${url}/berths`, { method: 'QUERY', headers: { prefer, 'content-type': 'application/json' }, body: '{"length":1}' })).json()
  t.same(await ask('example=long'), [{ id: 7, name: 'Long' }])
  t.same(await ask('example=short'), [{ id: 1 }])
})

t.test('case 38: a serializedValue that is not JSON is sent as it stands', async t => {
  const { config } = await imported({ paths: { '/a': { get: { responses: { 200: { content: { 'text/csv': { examples: { one: { dataValue: [{ a: 1 }], serializedValue: 'a;b\n1;2\n' } } } } } } } } } })
  const app = await build(t, config)
  t.equal((await app.inject('/a')).body, 'a;b\n1;2\n')
})

t.test('case 64: a parameter in: querystring is the whole query, as a form', async t => {
  const app = await build(t, QUAY)
  t.same((await app.inject('/ships?flag=NL&tons=5&tags=a&tags=b')).json(), [{ id: 3 }])
  t.equal((await app.inject('/ships?flag=NL&tags=a')).statusCode, 200)
  t.equal((await app.inject('/ships?tons=5')).statusCode, 400)
  t.equal((await app.inject('/ships?flag=NL&tons=heavy')).statusCode, 400)
  t.equal((await app.inject('/ships')).statusCode, 400)
})

t.test('case 64: the whole query can be JSON', async t => {
  const app = await build(t, QUAY)
  const ask = (value: unknown) => app.inject(`/cargo?${encodeURIComponent(JSON.stringify(value))}`)
  t.equal((await ask({ weight: 7.5 })).statusCode, 200)
  t.equal((await ask({ weight: 'much' })).statusCode, 400)
  t.equal((await ask({ weight: 1, more: 2 })).statusCode, 400)
  t.equal((await ask([1])).statusCode, 400)
  t.equal((await app.inject('/cargo?weight=7')).statusCode, 400)
  t.equal((await app.inject('/cargo')).statusCode, 200, 'it need not be there')
})

t.test('case 64: the whole query can be text of another type', async t => {
  const app = await build(t, QUAY)
  t.equal((await app.inject('/log?$.a.b%5B?@.c%5D')).statusCode, 200)
  t.equal((await app.inject('/log?a.b')).statusCode, 400)
})

t.test('case 64: a configuration written by hand may have a whole query', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', schema: { querystring: { type: 'array', items: { type: 'integer' }, content: 'application/json' } }, response: 1 }] })
  t.equal((await app.inject('/a?%5B1,2%5D')).statusCode, 200)
  t.equal((await app.inject('/a?%5B1.5%5D')).statusCode, 400)
})

t.test('whatever JSON is sent as the whole query arrives', async t => {
  const read = wholeQuery({ content: 'application/json' })
  fc.assert(fc.property(fc.jsonValue(), value => {
    t.same(read?.(encodeURIComponent(JSON.stringify(value))), JSON.parse(JSON.stringify(value)))
  }), { numRuns: 50 })
  t.equal(wholeQuery({ content: 'application/x-www-form-urlencoded' }), undefined)
  t.same(read?.('%zz'), '%zz')
})

t.test('case 86: a document with all that is new in 3.2 is imported', async t => {
  const { document, warnings } = await loadDocument({ file: 'fixtures/openapi/quay-3.2.yaml' })
  t.same(warnings, [])
  const { config, report } = importDocument(document)
  t.same(new Set(report.degraded.map(({ operation }) => operation)), new Set(['Copy /berths', 'MOOR /berths']))
  t.same(report.warnings.filter(({ code }) => code !== 'openapi-degraded'), [])
  t.same(config.defaults?.base_paths, ['', '/v2'])
  const endpoint = (id: string) => config.endpoints?.find(endpoint => endpoint.id === id)
  t.match(endpoint('searchBerths')?.responses?.[0], { description: 'Berths that fit' })
  t.match(endpoint('findShips')?.responses?.[0], { response: [{ id: 3 }] }, 'components.mediaTypes')
  t.match(endpoint('getItself')?.responses?.[0], { response_schema: { $ref: '#/schemas/Entry' } }, '$self is the document itself')
})

t.test('case 86: what 3.2 adds is no mistake of a document, and a mistake beside it is still told', async t => {
  const { document } = await loadDocument({ file: 'fixtures/openapi/quay-3.2.yaml' })
  t.same(await validateDocument(document), [])
  const { paths } = document
  t.match(await validateDocument({ ...document, paths: { ...isObject(paths) && paths, '/x': { get: { responses: { 200: { summary: 1, content: 7 } } } } } }), [{ pointer: '/paths/~1x/get/responses/200/content' }])
})

t.test('case 86: device flow and deprecated schemes are schemes like others', async t => {
  const app = await build(t, QUAY)
  const add = (headers: Record<string, string>) => app.inject({ method: 'POST', url: '/vessels', headers, payload: { name: 'x' } })
  t.equal((await add({})).statusCode, 401)
  t.equal((await add({ authorization: 'Bearer t' })).statusCode, 201)
  t.equal((await add({ 'x-key': 'k' })).statusCode, 201)
})

t.test('case 86: defaultMapping takes what names no schema', async t => {
  const app = await build(t, QUAY)
  const add = async (payload: object) => (await app.inject({ method: 'POST', url: '/vessels', headers: { 'x-key': 'k' }, payload })).statusCode
  t.equal(await add({ kind: 'ship', tons: 3 }), 201)
  t.equal(await add({ kind: 'ship', name: 'not by its kind' }), 400)
  t.equal(await add({ kind: 'raft', name: 'Kon-Tiki' }), 201)
  t.equal(await add({ kind: 'raft', tons: 3 }), 400)
  t.equal(await add({ name: 'without a kind' }), 201)
  t.equal(await add({ tons: 3 }), 400)
})

t.test('case 86: streams of items are written as their type wants it', async t => {
  const app = await build(t, QUAY)
  const lines = await app.inject('/log')
  t.match(lines.headers['content-type'], /^application\/jsonl/)
  for (const line of lines.body.trim().split('\n')) t.match(JSON.parse(line), { id: Number })
  t.equal((await app.inject('/events')).body, 'event: moored\ndata: Ada\n\nevent: left\ndata: Bea\n\n')
  for (const record of (await app.inject('/sequence')).body.split('\u001E').slice(1)) t.match(JSON.parse(record), { id: Number })
})

t.test('case 83: links stand beside the answer whose values they take', async t => {
  const { document } = await loadDocument({ file: 'fixtures/openapi/subscriptions.yaml' })
  const { config, report } = importDocument(document)
  t.same(config.endpoints?.[0]?.responses?.[0]?.links, {
    self: { operation: 'getSubscription', parameters: { id: '$response.body#/id' } },
    byPlace: { operation: 'getSubscription', parameters: { 'path.id': '$response.body#/id' } }
  })
  t.match(report.degraded.map(({ reason }) => reason).join(), /the link leads to no operation of this document: nope/)
  const app = await build(t, config)
  t.equal((await app.inject({ method: 'POST', url: '/subscriptions', payload: {} })).headers.link, undefined, 'a header that the document does not declare is not sent')
})

t.test('case 85: an overlay changes a document before it is imported', async t => {
  const cwd = await folder(t, {
    'api.json': { openapi: '3.0.3', info: { title: 'A', version: '1' }, paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } }, '/b': { get: { responses: { 200: { description: 'ok' } } } } } },
    'dev.overlay.yaml': `
overlay: 1.0.0
info: { title: For development, version: 1.0.0 }
extends: api.json
actions:
  - target: $.paths['/a'].get
    update: { x-microcks-operation: { delay: 5 }, responses: { '200': { content: { application/json: { example: { from: overlay } } } } } }
  - target: $.paths['/b']
    remove: true
  - target: $.paths['/c']
    remove: true
`
  })
  for (const config of [{ include: ['api.json'], documents: { overlays: ['dev.overlay.yaml'] } }, { include: ['dev.overlay.yaml'] }]) {
    const app = await build(t, { ...config, cwd })
    t.same((await app.inject('/a')).json(), { from: 'overlay' })
    t.equal((await app.inject('/b')).statusCode, 404)
    t.match(app.mock.warnings, [{ code: 'overlay-action', message: /nothing is at \$\.paths\['\/c'\]/, file: join(cwd, 'dev.overlay.yaml'), line: 10, column: 5 }])
    t.same(new Set(app.mock.files), new Set([join(cwd, 'api.json'), join(cwd, 'dev.overlay.yaml')]))
    t.equal(app.mock.config.endpoints?.[0]?.latency_ms, 5)
  }
})

t.test('case 85: examples and delays in the extensions of other tools count where the document has none of its own', async t => {
  const answer = (media: object) => ({ get: { responses: { 200: { description: 'ok', content: { 'application/json': media } } } } })
  const { config } = await imported({
    paths: {
      '/one': answer({ 'x-example': { a: 1 } }),
      '/named': answer({ 'x-examples': { first: { value: { a: 1 } }, second: { a: 2 } } }),
      '/schema': answer({ schema: { $ref: '#/components/schemas/Thing' } }),
      '/own': answer({ example: 'own', 'x-example': 'other' }),
      '/slow': { get: { 'x-microcks-operation': { delay: 100, dispatcher: 'RANDOM' }, responses: { 200: { description: 'ok' } } } }
    },
    components: { schemas: { Thing: { type: 'object', 'x-examples': { 'example-1': { a: 3 } } } } }
  })
  const bodies = (path: string) => config.endpoints?.find(endpoint => endpoint.path === path)?.responses?.map(({ name, response }) => [name, response])
  t.same(bodies('/one'), [[undefined, { a: 1 }]])
  t.same(bodies('/named'), [['first', { a: 1 }], ['second', { a: 2 }]])
  t.same(bodies('/schema'), [['example-1', { a: 3 }]])
  t.same(bodies('/own'), [[undefined, 'own']])
  t.equal(config.endpoints?.find(({ path }) => path === '/slow')?.latency_ms, 100)
})

t.test('case 85: what is wrong with an overlay is told with its place', async t => {
  const cwd = await folder(t, {
    'api.json': { openapi: '3.0.3', info: { title: 'A', version: '1' }, paths: {} },
    'bad.yaml': 'overlay: 1.0.0\nactions:\n  - target: $.a[\n    remove: true\n  - update: 1\n  - target: $.a\n',
    'alone.yaml': 'overlay: 1.0.0\nactions:\n  - { target: $, update: {} }\n'
  })
  const diagnostics = async (config: object) => {
    const app = await build(t, { cwd })
    return (await app.mock.validate(config)).filter(({ severity }) => severity === 'error').map(({ code, line, column }) => [code, line, column])
  }
  t.same(await diagnostics({ include: ['api.json'], documents: { overlays: ['bad.yaml'] } }), [['bad-json-path', 3, 13], ['bad-overlay', 5, 5], ['bad-overlay', 6, 5]])
  t.match(await diagnostics({ include: ['api.json'], documents: { overlays: ['gone.yaml'] } }), [['no-file']])
  t.match(await diagnostics({ include: ['api.json'], documents: { overlays: ['api.json'] } }), [['bad-overlay']])
  t.match(await diagnostics({ include: ['alone.yaml'] }), [['overlay-alone']])
})

t.test('case 85: a changed overlay is followed like the document', async t => {
  const overlay = (value: string) => ({ overlay: '1.0.0', info: {}, actions: [{ target: '$.paths', update: { '/a': { get: { responses: { 200: { content: { 'application/json': { example: value } } } } } } } }] })
  const cwd = await folder(t, { 'api.json': { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: {} }, 'o.json': overlay('one') })
  const app = await build(t, { include: ['api.json'], documents: { overlays: ['o.json'] }, cwd, watch: true })
  t.equal((await app.inject('/a')).json(), 'one')
  await writeFile(join(cwd, 'o.json'), JSON.stringify(overlay('two')))
  await until(() => app.mock.generation > 1)
  t.equal((await app.inject('/a')).json(), 'two')
})

t.test('case 85: actions of overlays', async t => {
  const document = { openapi: '3.1.0', tags: [{ name: 'a' }, { name: 'b' }, { name: 'c' }], info: { title: 'T', contact: { name: 'n' } }, list: ['x', 'y', 'x'] }
  const frozen = JSON.stringify(document)
  const result = (...actions: unknown[]) => overlaid(document, ...actions).document as Record<string, unknown>
  t.same(result({ target: '$.tags[?@.name != "b"]', remove: true }).tags, [{ name: 'b' }])
  t.same(result({ target: '$.list[?@ == "x"]', remove: true }).list, ['y'])
  t.same(result({ target: '$.tags', update: { name: 'd' } }).tags, [...document.tags, { name: 'd' }])
  t.same(result({ target: '$.tags', update: [{ name: 'd' }, { name: 'e' }] }).tags, [...document.tags, { name: 'd' }, { name: 'e' }])
  t.same(result({ target: '$', update: { info: { contact: { url: 'u' } }, tags: null } }).info, { title: 'T', contact: { name: 'n', url: 'u' } })
  t.same(result({ target: '$.info.title', update: 'New' }).info, { title: 'New', contact: { name: 'n' } })
  t.same(result({ target: '$.tags.*', update: { x: 1 } }).tags, document.tags.map(tag => ({ ...tag, x: 1 })))
  t.same(result({ target: '$', update: { copy: {} } }, { target: '$.copy', copy: '$.info' }, { target: '$.info', remove: true }).copy, document.info)
  t.equal(result({ target: '$..name', remove: true }, { target: '$.tags', update: 1 }).openapi, '3.1.0')
  t.match(overlaid(document, { target: '$.info', update: { contact: 'text' } }), { document: { info: { contact: 'text' } }, warnings: [{ message: /of another kind than what it replaces at \/contact/ }] })
  t.match(overlaid(document, { target: '$.info', copy: '$.tags.*' }).warnings, [{ message: /not one thing/ }])
  t.equal(JSON.stringify(document), frozen, 'the document itself stays what it is')
})

t.test('case 85: an overlay changes one place, also where YAML shares it with others', async t => {
  const shared = { responses: { 200: { description: 'ok' } } }
  const { document } = overlaid({ openapi: '3.1.0', paths: { '/a': { get: shared }, '/b': { get: shared } } }, { target: "$.paths['/a'].get", update: { summary: 'only here' } })
  t.match(document, { paths: { '/a': { get: { summary: 'only here' } }, '/b': { get: { summary: undefined } } } })
})

t.test('case 85: updates from overlays neither lose nor invent anything', async t => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (target, update) => {
    const { document } = overlaid({ a: target }, { target: '$.a', update })
    const keys = (document as { a: object }).a
    t.same(new Set(Object.keys(keys)), new Set([...Object.keys(target), ...Object.keys(update)]))
  }), { numRuns: 100 })
})
