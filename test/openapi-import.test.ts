import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { Config, type Response } from '../lib/config.ts'
import { formatDiagnostic } from '../lib/diagnostic.ts'
import { isOpenApi } from '../lib/openapi/detect.ts'
import { importDocument, type ImportOptions } from '../lib/openapi/import.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { isPrivateAddress } from '../lib/openapi/private-address.ts'
import { formatReport } from '../lib/openapi/report.ts'
import { validateDocument } from '../lib/openapi/validate-document.ts'
import { createSchemaCompiler } from '../lib/schema/compiler.ts'

const fixtures = resolve(fileURLToPath(import.meta.url), '../../fixtures/openapi')
const fixture = (name: string): string => join(fixtures, name)

const validConfig = new Ajv2020({ strict: false, allErrors: true }).compile(Config)

/** Imports a document given as an object, and checks what holds for every import. */
function imported (document: object, options?: ImportOptions) {
  const { config, report, pointers } = importDocument(document, options)
  if (!validConfig(config)) throw new Error(`not a valid configuration: ${JSON.stringify(validConfig.errors?.slice(0, 3))}`)
  const endpoints = config.endpoints ?? []
  if (pointers.length !== endpoints.length) throw new Error('an endpoint has no pointer')
  for (const ref of refsOf(config)) if (find(config, ref) === undefined) throw new Error(`${ref} leads nowhere`)
  return { config, report, pointers, endpoints, endpoint: endpoints[0]!, schemas: config.schemas ?? {} }
}

function * refsOf (value: unknown): Generator<string> {
  for (const [, ref] of JSON.stringify(value).matchAll(/"\$ref":"(#\/schemas\/[^"]*)"/g)) if (ref !== undefined) yield ref
}

function find (config: Config, ref: string): unknown {
  const name = decodeURIComponent(ref.slice('#/schemas/'.length)).replaceAll('~1', '/').replaceAll('~0', '~')
  return config.schemas?.[name]
}

const openapi = '3.0.3'
const info = { title: 'Test', version: '1' }

/** A document of one operation, `GET /x`. */
const withOperation = (operation: object, rest: object = {}): object =>
  ({ openapi, info, paths: { '/x': { get: { responses: { 200: { description: '' } }, ...operation } } }, ...rest })

/** A document of one operation that answers with these responses. */
const withResponses = (responses: object, rest: object = {}): object => withOperation({ responses }, rest)

/** A document of one operation whose answer has this schema. */
const withSchema = (schema: unknown, rest: object = {}): object =>
  withResponses({ 200: { content: { 'application/json': { schema } } } }, rest)

const json = (media: object): object => ({ content: { 'application/json': media } })
const variants = (document: object): Response[] => imported(document).endpoint.responses ?? []
const schemaOf = (schema: unknown, rest: object = {}): unknown => variants(withSchema(schema, rest))[0]?.response_schema

const UPDATE = process.env.UPDATE_GOLDEN === '1'

/** Compares with a file beside the fixture; `UPDATE_GOLDEN=1` writes it anew. */
async function golden (t: Test, name: string, text: string): Promise<void> {
  if (UPDATE) await writeFile(fixture(name), text)
  t.equal(text, await readFile(fixture(name), 'utf8'))
}

t.test('whole documents', async t => {
  for (const name of ['harbour-2.0', 'harbour-3.0', 'harbour-3.1']) {
    t.test(name, async t => {
      const { document, warnings } = await loadDocument({ file: fixture(`${name}.yaml`) })
      const { config, report } = imported(document)
      t.same(warnings, [])
      t.same(report.degraded, [])
      t.equal(report.complete, report.operations)
      await golden(t, `${name}.config.json`, `${JSON.stringify(config, null, 2)}\n`)
    })
  }

  t.test('a document in several files becomes one configuration, with schemas named after their files', async t => {
    const { document, warnings, files } = await loadDocument({ file: fixture('harbour-files/harbour.yaml') })
    const { config } = imported(document)
    await golden(t, 'harbour-files/harbour.config.json', `${JSON.stringify(config, null, 2)}\n`)
    t.equal(files[0], fixture('harbour-files/harbour.yaml'))
    t.ok(files.includes(fixture('harbour-files/schemas/Boat.yaml')), 'files are told for watching')
    t.match(warnings.map(formatDiagnostic).join('\n'), /lies outside the document's folder.*\n.*no such file/)
  })

  t.test('everything that real documents do wrong costs only what it stands in', async t => {
    const { document } = await loadDocument({ file: fixture('nasty.yaml') })
    const { config, report } = imported(document, { file: fixture('nasty.yaml') })
    await golden(t, 'nasty.config.json', `${JSON.stringify(config, null, 2)}\n`)
    await golden(t, 'nasty.report.txt', `${formatReport(report)}\n`)
    t.ok(report.warnings.every(({ file }) => file === fixture('nasty.yaml')))
  })
})

t.test('documents and versions', async t => {
  t.test('is told by its key', async t => {
    t.ok(isOpenApi({ openapi: '3.1.0' }))
    t.ok(isOpenApi({ swagger: 2 }))
    for (const other of [null, [], 'openapi', { endpoints: [] }]) t.notOk(isOpenApi(other))
    t.throws(() => importDocument({ endpoints: [] }), { code: 'MOCK_ERR_OPENAPI_INVALID' })
  })

  t.test('case 18: a document of webhooks alone has no endpoints, and says so', async t => {
    const { endpoints, report } = imported({ openapi: '3.1.0', info, webhooks: { a: { post: {} }, b: { post: {} } } })
    t.same(endpoints, [])
    t.match(report.warnings, [{ code: 'no-operations', message: /2 webhooks/ }])
  })

  t.test('case 19: empty paths, and components alone', async t => {
    for (const document of [{ openapi, info, paths: {} }, { openapi, info, components: {} }]) {
      t.match(imported(document).report.warnings, [{ code: 'no-operations', message: /nothing to serve/ }])
    }
  })

  t.test('case 82: odd versions are read as the nearest known one', async t => {
    const at = (head: object) => schemaVersion({ ...head, info, ...pathsWith({ type: 'string', nullable: true }) })
    const schemaVersion = (document: object) => imported(document)
    const nullable = { type: ['string', 'null'] }
    t.match(at({ openapi: 3 }).endpoint.responses?.[0]?.response_schema, nullable)
    t.match(at({ openapi: 3 }).report.warnings, [{ code: 'openapi-version' }])
    t.same(at({ openapi: 3.1 }).endpoint.responses?.[0]?.response_schema, { type: 'string' }, 'nullable means nothing in 3.1')
    t.same(at({ openapi: '4.0' }).report.warnings.map(({ code }) => code), ['openapi-version'])
    t.match(imported({ swagger: 2, paths: {} }).report.warnings.map(({ code }) => code), ['openapi-version', 'openapi-info', 'no-operations'])
  })

  t.test('progress is told', async t => {
    const seen: number[][] = []
    imported({ openapi, info, paths: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`/p${i}`, { get: {} }])) }, { onProgress: (done, total) => { seen.push([done, total]) } })
    t.same(seen, [[50, 60], [60, 60]])
  })

  t.test('the same document gives the same configuration', async t => {
    const { document } = await loadDocument({ file: fixture('harbour-3.0.yaml') })
    t.equal(JSON.stringify(importDocument(document).config), JSON.stringify(importDocument(structuredClone(document)).config))
  })
})

const pathsWith = (schema: unknown): object => ({ paths: { '/x': { get: { responses: { 200: json({ schema }) } } } } })

t.test('paths, methods and base paths', async t => {
  const paths = (...keys: string[]) => imported({ openapi, info, paths: Object.fromEntries(keys.map(key => [key, { get: {} }])) })

  t.test('cases 3 to 8: paths stay as they are written', async t => {
    const written = ['/range/{a}-{b}', '/pair/{a},{b}', '/jobs/{id}:cancel', '/things/{thing-id}', '/a.b/c', '/sp%20ace/é', '/files/{id}.json']
    t.same(paths(...written).endpoints.map(({ path }) => path), written)
  })

  t.test('case 5: a colon in a path without parameters is no parameter', async t => {
    t.same(paths('/users:batch').endpoint.path, '/users::batch')
  })

  t.test('case 9: a query in a path is what sets endpoints apart; a fragment gives way to the plain path', async t => {
    const { endpoints, report } = paths('/a?beta=true', '/b', '/b?x=1', '/b#y', '/c#Action=D')
    t.same(endpoints.map(({ path, match }) => [path, match?.query]), [['/a', { beta: 'true' }], ['/b', undefined], ['/b', { x: '1' }], ['/c', { Action: 'D' }]])
    t.same(report.degraded.map(({ operation, reason }) => `${operation}: ${reason}`), ['GET /b#y: not served: GET /b has the same route'])
    t.equal(report.complete, 4)
  })

  t.test('case 10: base paths of servers, with variables, relative and absolute', async t => {
    const bases = (servers: unknown, options: ImportOptions = {}) =>
      imported({ openapi, info, servers, paths: { '/x': { get: {} } } }, options).config.defaults?.base_paths
    t.same(bases([{ url: 'https://example.com/v1/' }]), ['', '/v1'])
    t.same(bases([{ url: 'https://example.com/v1' }], { base_path: 'keep' }), ['/v1'])
    t.equal(bases([{ url: 'https://example.com/v1' }], { base_path: 'strip' }), undefined)
    t.equal(bases([{ url: 'https://example.com' }, { url: '/' }]), undefined)
    t.same(bases([{ url: '/v1' }, { url: 'https://x.test/v1' }, { url: 'v2' }]), ['', '/v1', '/v2'])
    t.same(bases([{ url: '{scheme}://host/{v}', variables: { v: { default: 'v3' } } }]), ['', '/v3'])
    t.equal(bases([{ url: 'https://example.com/{tenant}' }]), undefined, 'a variable without default is no prefix')
    t.same(imported({ swagger: '2.0', info, basePath: '/api/', paths: {} }).config.defaults?.base_paths, ['', '/api'])
  })

  t.test('case 10: servers of a path or an operation are its own', async t => {
    const { endpoints } = imported({
      openapi,
      info,
      servers: [{ url: '/v1' }],
      paths: { '/a': { servers: [{ url: '/v2' }], get: {}, post: { servers: [{ url: '/v3' }] } }, '/b': { get: {} } }
    })
    t.same(endpoints.map(({ base_paths: bases }) => bases), [['', '/v2'], ['', '/v3'], undefined])
  })

  t.test('case 10: a base path takes no route from a path that is written out', async t => {
    const { endpoints, report } = imported({ openapi, info, servers: [{ url: '/v1' }], paths: { '/users': { get: {} }, '/v1/users': { get: {} } } })
    t.same(endpoints.map(({ base_paths: bases }) => bases), [[''], undefined])
    t.match(report.warnings, [{ code: 'base-path-collision', message: /GET \/users is not served under the base path \/v1, where GET \/v1\/users is/ }])
  })

  t.test('case 12: a path item may be a reference, with operations beside it', async t => {
    const { endpoints, pointers } = imported({
      openapi: '3.1.0',
      info,
      paths: { '/x': { $ref: '#/components/pathItems/X', post: { operationId: 'own' } }, '/y': { $ref: '#/components/pathItems/Nope' } },
      components: { pathItems: { X: { get: { operationId: 'there' } } } }
    })
    t.same(endpoints.map(({ id }) => id), ['there', 'own'])
    t.same(pointers, ['/components/pathItems/X/get', '/paths/~1x/post'])
  })

  t.test('case 15: TRACE, and all other methods', async t => {
    const item = Object.fromEntries(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'].map(method => [method, {}]))
    t.same(imported({ openapi, info, paths: { '/x': item } }).endpoints.map(({ method }) => method), ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'])
  })

  t.test('case 16: an unknown method is answered with 405', async t => {
    t.equal(paths('/x').config.unknown_method, 405)
  })

  t.test('case 17: additional operations of 3.2; a method that cannot be received is told', async t => {
    const { endpoints, report } = imported({ openapi: '3.2.0', info, paths: { '/x': { additionalOperations: { COPY: { operationId: 'copy' }, BREW: {} } } } })
    t.same(endpoints.map(({ method, id }) => `${method} ${id}`), ['COPY copy'])
    t.match(report.degraded, [{ operation: 'BREW /x', reason: /no method that Node.js .* can receive/ }])
  })

  t.test('case 20: of two paths of one shape the first is served', async t => {
    const { endpoints, report } = paths('/a/{x}', '/a/{y}')
    t.same(endpoints.map(({ path }) => path), ['/a/{x}'])
    t.match(report.degraded, [{ operation: 'GET /a/{y}', reason: /GET \/a\/{x} has the same route/ }])
  })

  t.test('case 21: missing and repeated operation ids are made up', async t => {
    const { endpoints, report } = imported({
      openapi,
      info,
      paths: {
        '/': { get: {} },
        '/users/{user-id}/files': { get: {}, post: { operationId: 'same' } },
        '/b': { get: { operationId: 'same' }, post: { operationId: 'getB' } }
      }
    })
    t.same(endpoints.map(({ id }) => id), ['getRoot', 'getUsersByUserIdFiles', 'same', 'getB_2', 'getB'])
    t.match(report.warnings, [{ code: 'duplicate-operation-id', message: /'same' is taken: GET \/b is called getB_2/ }])
  })
})

t.test('responses', async t => {
  const statuses = (...keys: string[]): Array<number | undefined> =>
    variants(withResponses(Object.fromEntries(keys.map(key => [key, { description: key }])))).map(({ status }) => status)

  t.test('case 23: lowest 2xx is the default', async t => {
    t.same(statuses('404', '201', '200'), [200, 201, 404])
  })

  t.test('cases 24 and 25: default is the answer where nothing else succeeds, and a failure beside a success', async t => {
    t.same(statuses('default'), [200])
    t.same(statuses('default', '404'), [200, 404])
    t.same(statuses('default', '200'), [200, 500])
    t.same(statuses('default', '200', '500'), [200, 500, 501], 'a status that is taken is not taken twice')
  })

  t.test('case 26: ranges, in either case', async t => {
    t.same(statuses('2xx', '4XX', '5xx'), [200, 400, 500])
    t.same(statuses('2XX', '200', '4XX', '400'), [200, 400, 201, 401])
  })

  t.test('case 27: where only errors are declared, the first is served', async t => {
    t.same(statuses('404', '400'), [400, 404], 'JSON has the numeric keys of an object in ascending order')
  })

  t.test('interim answers and mistyped statuses are told', async t => {
    const { endpoint, report } = imported(withResponses({ 101: {}, 20: {}, 'x-note': 1 }))
    t.same(endpoint.responses, [{ status: 200 }])
    t.same(report.degraded.map(({ reason }) => reason), ["'20' is not a status", 'an interim answer (101) is not served'])
  })

  t.test('case 28: 204, 205, 304 and empty content have no body', async t => {
    for (const [status, response] of [['204', json({ schema: {} })], ['205', json({})], ['304', json({ example: 1 })], ['200', { content: {} }], ['200', {}]] as const) {
      t.same(variants(withResponses({ [status]: response })), [{ status: Number(status) }], status)
    }
  })

  t.test('a response without content type, or of HEAD, has no body', async t => {
    const { endpoint } = imported({ openapi, info, paths: { '/x': { head: { responses: { 200: json({ example: 1 }) } } } } })
    t.same(endpoint.responses, [{ status: 200 }])
  })

  t.test('case 29: numeric keys of YAML', async t => {
    const { document } = await loadDocument({ text: 'openapi: 3.0.0\npaths:\n  /x:\n    get:\n      responses:\n        404: {}\n        200: {}\n' })
    t.same(variants(document).map(({ status }) => status), [200, 404])
  })

  t.test('case 33: a media range becomes a type', async t => {
    const type = (range: string, schema: unknown = { type: 'object' }) => variants(withResponses({ 200: { content: { [range]: { schema } } } }))[0]?.content_type
    t.equal(type('*/*'), undefined, 'JSON')
    t.equal(type('application/*'), undefined)
    t.equal(type('*/*', { type: 'string', format: 'binary' }), 'application/octet-stream')
    t.equal(type('text/*'), 'text/plain')
    t.equal(type('image/*'), 'image/png')
    t.equal(type('json'), undefined)
  })

  t.test('case 34: JSON in other spellings is JSON', async t => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/hal+json', 'text/json']) {
      t.same(variants(withResponses({ 200: { content: { [type]: { example: { a: 1 } } } } })), [{ status: 200, content_type: type, response: { a: 1 } }], type)
    }
  })

  t.test('case 35: examples of the media type, then of the schema, then the schema', async t => {
    const schema = { type: 'object', example: { from: 'schema' } }
    t.match(variants(withResponses({ 200: json({ schema, example: { from: 'media' }, examples: { a: { value: 1 }, b: { value: 2 } } }) })), [
      { response: { from: 'media' } }, { name: 'a', response: 1 }, { name: 'b', response: 2 }
    ])
    t.match(variants(withSchema(schema)), [{ response: { from: 'schema' } }])
    t.match(variants(withSchema({ $ref: '#/components/schemas/A' }, { components: { schemas: { A: schema } } })), [{ response: { from: 'schema' }, response_schema: { $ref: '#/schemas/A' } }])
    t.match(variants({ ...withSchema({ examples: [7] }), openapi: '3.1.0' }), [{ response: 7 }])
    t.notOk('response' in variants(withSchema({ type: 'object' }))[0]!, 'generated when served')
  })

  t.test('case 36: null, 0, false and the empty text are examples', async t => {
    for (const example of [null, 0, false, '']) {
      const [variant] = variants(withResponses({ 200: json({ schema: { type: 'string' }, example }) }))
      t.same(variant?.response, example)
      t.ok('response' in variant!)
    }
  })

  t.test('case 37: an example may be a reference; what leads nowhere is told', async t => {
    const { endpoint, report } = imported(withResponses({ 200: json({ examples: { a: { $ref: '#/components/examples/A' }, b: { $ref: '#/components/examples/B' }, c: { externalValue: 'c.json' } } }) },
      { components: { examples: { A: { summary: 'Letter A', value: 'a' } } } }))
    t.same(endpoint.responses, [{ name: 'a', description: 'Letter A', status: 200, response: 'a' }])
    t.same(report.degraded.map(({ pointer }) => pointer.split('/').at(-1)), ['b', 'c'])
  })

  t.test('case 38: dataValue and serializedValue of 3.2', async t => {
    const content = {
      'application/json': { examples: { a: { dataValue: { n: 1 } }, b: { serializedValue: '{"n":2}' } } },
      'text/csv': { examples: { c: { dataValue: [{ n: 1 }], serializedValue: 'n\n1\n' } } }
    }
    t.match(variants({ ...withResponses({ 200: { content } }), openapi: '3.2.0' }), [{ response: { n: 1 } }, { response: { n: 2 } }, { text: 'n\n1\n' }])
  })

  t.test('bare values in the place of Example Objects are examples', async t => {
    t.match(variants(withResponses({ 200: json({ examples: { cat: { id: 1 } } }) })), [{ name: 'cat', response: { id: 1 } }])
    t.match(variants(withResponses({ 200: json({ examples: ['a', 'b'] }) })), [{ response: 'a' }, { response: 'b' }])
  })

  t.test('an example of an object that is written as text is parsed; one of a text is not', async t => {
    t.match(variants(withResponses({ 200: json({ schema: { type: 'object' }, example: '{"a":1}' }) })), [{ response: { a: 1 } }])
    t.match(variants(withResponses({ 200: json({ schema: { type: 'string' }, example: '{"a":1}' }) })), [{ response: '{"a":1}' }])
    t.match(variants(withResponses({ 200: json({ schema: { type: 'object' }, example: '{broken' }) })), [{ response: '{broken' }])
  })

  t.test('references inside example values are values', async t => {
    const value = { $ref: '#/components/schemas/Nope', properties: { $ref: 'x.yaml' } }
    const { document, warnings } = await loadDocument({ text: JSON.stringify(withResponses({ 200: json({ example: value }), 201: json({ examples: { a: { value } } }), 202: json({ schema: { type: 'object', default: value, enum: [value] } }) })) })
    const { endpoint, report } = imported(document)
    t.match(endpoint.responses, [{ response: value }, { response: value }, { response_schema: { default: value, enum: [value] } }])
    t.same([warnings, report.degraded], [[], []])
  })

  t.test('an example that looks like a template is sent as it is', async t => {
    t.match(variants(withResponses({ 200: json({ example: { a: ['{{b}}'] } }), 201: json({ example: { a: 'b' } }) })), [{ template: false }, { template: undefined }])
    t.match(variants(withResponses({ 200: { headers: { 'X-A': { example: '{{b}}' } } } })), [{ template: false }])
  })

  t.test('headers with a grammar of their own have a value that clients can read', async t => {
    const text = { required: true, schema: { type: 'string' } }
    const headers = { 'Content-Disposition': text, ETag: text, 'X-Request-Id': text, 'X-Other': text, 'Cache-Control': { ...text, schema: { type: 'string', maxLength: 3 } }, Expires: { schema: { type: 'string' } } }
    const { endpoint } = imported(withResponses({ 200: { headers } }))
    t.same(endpoint.responses?.[0]?.headers, {
      'Content-Disposition': 'attachment', ETag: '"1"', 'X-Request-Id': '3fa85f64-5717-4562-b3fc-2c963f66afa6', 'X-Other': 'string', 'Cache-Control': 'str'
    })
  })

  t.test('case 40: response headers have values that their schemas allow', async t => {
    const headers = {
      'X-Example': { schema: { type: 'string' }, example: 'e' },
      'X-Default': { schema: { type: 'integer', default: 5 } },
      'X-Least': { schema: { type: 'integer', minimum: 10, exclusiveMinimum: true, multipleOf: 4 } },
      'X-Pattern': { schema: { type: 'string', pattern: '^[A-F]{4}-\\d{2}$' } },
      'X-Date': { schema: { type: 'string', format: 'date' } },
      'X-Required': { required: true, schema: { type: 'string', minLength: 8 } },
      'X-Vague': { schema: { type: 'string' } },
      'X-List': { schema: { type: 'array', items: { type: 'integer' } } },
      'X-Object': { explode: true, example: { a: 1, b: 2 } },
      'X-Ref': { $ref: '#/components/headers/H' },
      'Content-Type': { example: 'no/no' },
      'Content-Length': { schema: { type: 'integer' } },
      'X-Bad': { example: 'ünï → no' }
    }
    const { endpoint, report } = imported(withResponses({ 200: { headers } }, { components: { headers: { H: { schema: { type: 'boolean' } } } } }))
    t.same(endpoint.responses?.[0]?.headers, {
      'X-Example': 'e',
      'X-Default': 5,
      'X-Least': 12,
      'X-Pattern': 'AAAA-00',
      'X-Date': '2024-02-29',
      'X-Required': 'stringxx',
      'X-List': '1',
      'X-Object': 'a=1,b=2',
      'X-Ref': true
    })
    t.match(report.degraded, [{ reason: /'X-Bad'/ }])
  })

  t.test('case 41: binary answers are real files', async t => {
    const bytes = (type: string, media: object = {}) => Buffer.from(variants(withResponses({ 200: { content: { [type]: media } } }))[0]?.base64 ?? '', 'base64')
    t.equal(bytes('image/png').subarray(1, 4).toString(), 'PNG')
    t.equal(bytes('image/jpeg').readUInt16BE(), 0xFFD8)
    t.equal(bytes('application/pdf').subarray(0, 5).toString(), '%PDF-')
    t.equal(bytes('application/zip').subarray(0, 2).toString(), 'PK')
    t.equal(bytes('application/octet-stream', { schema: { type: 'string', format: 'binary' } }).length, 4)
    t.equal(bytes('application/vnd.thing', { schema: { type: 'string', format: 'binary' } }).length, 4)
    t.equal(bytes('image/png', { example: 'data:image/png;base64,AAECAwQFBgcICQoLDA0ODw==' }).length, 16, 'an example in base64')
  })

  t.test('case 42: XML is written when it is served, by its schema', async t => {
    const schema = { type: 'object', properties: { id: { type: 'integer', xml: { attribute: true } } } }
    const xml = (media: object) => variants(withResponses({ 200: { content: { 'application/xml': media } } }))
    t.same(xml({ schema, example: { id: 7 } }), [{ status: 200, content_type: 'application/xml', response: { id: 7 }, response_schema: schema }])
    t.same(xml({ schema }), [{ status: 200, content_type: 'application/xml', response_schema: schema }])
    t.match(xml({ schema, example: '<a/>' }), [{ text: '<a/>' }], 'a text is passed through')
  })

  t.test('case 43: texts and pictures without, or with odd, schemas', async t => {
    const of = (type: string, media: object) => variants(withResponses({ 200: { content: { [type]: media } } }))[0]
    t.match(of('text/plain', { schema: { type: 'object', properties: { a: {} } } }), { content_type: 'text/plain', response_schema: { type: 'object' } })
    t.match(of('text/csv', { schema: { type: 'array', items: { type: 'object' } } }), { response_schema: { type: 'array' } })
    t.match(of('text/html', {}), { text: /<!doctype html>/ })
    t.match(of('text/plain', {}), { text: 'text' })
    t.match(of('text/plain', { example: 12 }), { response: 12 })
  })

  t.test('case 44: the schema of a stream is that of all it consists of', async t => {
    const of = (type: string, media: object) => variants({ ...withResponses({ 200: { content: { [type]: media } } }), openapi: '3.2.0' })[0]
    const items = { type: 'object' }
    t.same(of('application/jsonl', { itemSchema: items })?.response_schema, { type: 'array', items, minItems: 3 })
    t.same(of('text/event-stream', { schema: items })?.response_schema, { type: 'array', items, minItems: 3 }, 'documents before 3.2 have no other word for it')
    t.same(of('application/json-seq', { schema: { type: 'array', items } })?.response_schema, { type: 'array', items })
    t.same(of('application/x-ndjson', { example: [{ n: 1 }, { n: 2 }] })?.response, [{ n: 1 }, { n: 2 }])
    t.equal(of('text/event-stream', { example: 'data: x\n\n' })?.text, 'data: x\n\n')
  })

  t.test('several content types: JSON first, the others under names of their own', async t => {
    t.match(variants(withResponses({ 200: { content: { 'text/csv': { example: 'a' }, 'application/xml': { example: '<a/>' }, 'application/json': { example: 1 } } } })), [
      { name: undefined, response: 1 }, { name: '200 text/csv', content_type: 'text/csv' }, { name: '200 application/xml' }
    ])
  })
})

t.test('requests', async t => {
  const schemasOf = (operation: object, rest: object = {}) => imported(withOperation(operation, rest)).endpoint.schema
  const parameter = (name: string, location: string, more: object = {}) => ({ name, in: location, schema: { type: 'string' }, ...more })

  t.test('case 11: parameters of the path, those of the operation win', async t => {
    const { endpoints } = imported({
      openapi,
      info,
      paths: { '/{a}': { parameters: [parameter('a', 'path', { required: true }), parameter('q', 'query', { required: true })], get: { parameters: [parameter('q', 'query', { schema: { type: 'integer' } })] } } }
    })
    t.same(endpoints[0]?.schema, {
      params: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      querystring: { type: 'object', properties: { q: { type: 'integer' } } }
    })
  })

  t.test('a path parameter is required, and has to stand in the path', async t => {
    const { endpoints, report } = imported({ openapi, info, paths: { '/{a}': { get: { parameters: [parameter('a', 'path'), parameter('b', 'path')] } } } })
    t.same(endpoints[0]?.schema?.params, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] })
    t.match(report.degraded, [{ operation: 'GET /{a}', reason: /'b' does not stand in the path/ }])
  })

  t.test('case 59: styles stand beside the schema where they are not the usual ones', async t => {
    const list = { schema: { type: 'array' } }
    t.same(schemasOf({
      parameters: [
        parameter('a', 'query', { ...list, style: 'form', explode: true }),
        parameter('b', 'query', { ...list, explode: false }),
        parameter('c', 'query', { ...list, style: 'spaceDelimited' }),
        parameter('d', 'query', { ...list, style: 'pipeDelimited', explode: true }),
        parameter('e', 'query', { schema: { type: 'object' }, style: 'deepObject', explode: true }),
        parameter('F', 'header', { ...list, style: 'simple', explode: true })
      ]
    }), {
      querystring: {
        type: 'object',
        properties: {
          a: { type: 'array' },
          b: { type: 'array', explode: false },
          c: { type: 'array', style: 'spaceDelimited' },
          d: { type: 'array', style: 'pipeDelimited', explode: true },
          e: { type: 'object', style: 'deepObject' }
        }
      },
      headers: { type: 'object', properties: { f: { type: 'array', explode: true } } }
    })
  })

  t.test('case 60: a parameter of a content type', async t => {
    t.same(schemasOf({ parameters: [{ name: 'q', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } }] })?.querystring,
      { type: 'object', properties: { q: { type: 'object', content: 'application/json' } } })
  })

  t.test('case 61: names are kept as they are; allowEmptyValue is told', async t => {
    t.same(schemasOf({ parameters: [parameter('a[]', 'query'), parameter('filter[name]', 'query', { allowReserved: true }), parameter('x', 'query'), parameter('X', 'query', { allowEmptyValue: true })] })?.querystring, {
      type: 'object',
      properties: { 'a[]': { type: 'string' }, 'filter[name]': { type: 'string' }, x: { type: 'string' }, X: { type: 'string', allowEmptyValue: true } }
    })
  })

  t.test('case 62: header names in lower case; Accept, Content-Type and Authorization do not count', async t => {
    t.same(schemasOf({ parameters: [parameter('X-Id', 'header', { required: true }), ...['Accept', 'content-type', 'Authorization'].map(name => parameter(name, 'header', { required: true }))] }),
      { headers: { type: 'object', properties: { 'x-id': { type: 'string' } }, required: ['x-id'] } })
  })

  t.test('case 63: cookies', async t => {
    t.same(schemasOf({ parameters: [parameter('sid', 'cookie', { required: true })] }), { cookies: { type: 'object', properties: { sid: { type: 'string' } }, required: ['sid'] } })
  })

  t.test('case 64: in: querystring of 3.2 is the schema of the whole query', async t => {
    const whole = { name: 'q', in: 'querystring', content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { a: { type: 'integer' } } } } } }
    t.match(imported({ ...withOperation({ parameters: [whole] }), openapi: '3.2.0' }).endpoint.schema?.querystring, { properties: { a: { type: 'integer' } } })
  })

  t.test('examples of a parameter help to show how it is called', async t => {
    t.same(schemasOf({ parameters: [parameter('q', 'query', { examples: { a: { value: 1 }, b: { $ref: '#/components/examples/B' } } })] }, { components: { examples: { B: { value: 2 } } } })?.querystring,
      { type: 'object', properties: { q: { type: 'string', examples: [1, 2] } } })
  })

  const bodyOf = (requestBody: object, method = 'post', rest: object = {}) =>
    imported({ openapi, info, paths: { '/x': { [method]: { requestBody } } }, ...rest })

  t.test('the short form for a JSON body that has to be there, the long one for others', async t => {
    const schema = { type: 'object' }
    t.same(bodyOf({ required: true, ...json({ schema }) }).endpoint.schema, { body: schema })
    t.same(bodyOf(json({ schema })).endpoint.schema, { body: { required: false, content: { 'application/json': { schema } } } })
    t.same(bodyOf({ required: true, content: { 'text/plain': {}, 'application/json': { schema } } }).endpoint.schema, { body: { required: true, content: { 'text/plain': {}, 'application/json': { schema } } } })
    t.equal(bodyOf({ content: {} }).endpoint.schema, undefined)
  })

  t.test('a JSON body whose schema could be taken for the long form is written in the long form', async t => {
    const schema = { content: 'text' }
    t.same(bodyOf({ required: true, ...json({ schema }) }).endpoint.schema, { body: { required: true, content: { 'application/json': { schema } } } })
  })

  t.test('case 34: content types are matched in lower case and without parameters', async t => {
    t.same(bodyOf({ required: true, content: { 'Application/JSON; charset=utf-8': { schema: true } } }).endpoint.schema, { body: true })
  })

  t.test('case 66: how the parts of a form are written', async t => {
    const encoding = { a: { contentType: 'application/json', headers: { 'X-A': {} } }, b: { style: 'deepObject', explode: true }, c: {} }
    t.match(bodyOf({ content: { 'multipart/form-data': { schema: {}, encoding } } }).endpoint.schema?.body,
      { content: { 'multipart/form-data': { encoding: { a: { contentType: 'application/json' }, b: { style: 'deepObject', explode: true } } } } })
  })

  t.test('case 70: a body of GET is checked where there is one, and may be missing', async t => {
    t.same(bodyOf(json({ schema: {} }), 'get').report.degraded, [])
    t.match(bodyOf({ required: true, ...json({ schema: {} }) }, 'get').report.degraded, [{ reason: 'the body of a GET request may be missing' }])
    t.ok(bodyOf(json({ schema: {} }), 'delete').endpoint.schema?.body)
  })

  t.test('case 81: bodies, forms and lists of OpenAPI 2.0', async t => {
    const of = (operation: object, rest: object = {}) => imported({ swagger: '2.0', info, paths: { '/x': { post: operation } }, ...rest }).endpoint.schema
    const body = { in: 'body', name: 'b', required: true, schema: { type: 'object' } }
    t.same(of({ parameters: [body] }), { body: { type: 'object' } })
    t.same(of({ parameters: [body], consumes: ['application/xml'] }), { body: { required: true, content: { 'application/xml': { schema: { type: 'object' } } } } })
    t.same(of({ parameters: [{ $ref: '#/parameters/b' }] }, { parameters: { b: body } }), { body: { type: 'object' } })
    t.match(of({ parameters: [{ in: 'formData', name: 'a', type: 'string', required: true }] }), { body: { content: { 'application/x-www-form-urlencoded': { schema: { properties: { a: { type: 'string' } }, required: ['a'] } } } } })
    t.match(of({ parameters: [{ in: 'query', name: 'a', type: 'array', collectionFormat: 'ssv' }, { in: 'query', name: 'b', type: 'array', collectionFormat: 'tsv' }, { in: 'header', name: 'c', type: 'array' }] }), {
      querystring: { properties: { a: { style: 'spaceDelimited', explode: undefined }, b: { style: 'tabDelimited' } } },
      headers: { properties: { c: { type: 'array', style: undefined, explode: undefined } } }
    })
  })
})

t.test('schemas', async t => {
  t.test('case 53: 3.0 bounds, and type: file', async t => {
    t.same(schemaOf({ type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false }), { type: 'integer', exclusiveMinimum: 1, maximum: 9 })
    t.same(schemaOf({ type: 'integer', exclusiveMinimum: true }), { type: 'integer' })
    t.same(schemaOf({ exclusiveMinimum: 3 }), { exclusiveMinimum: 3 })
    t.same(schemaOf({ type: 'file' }), { type: 'string', format: 'binary' })
  })

  t.test('case 51: nullable', async t => {
    t.same(schemaOf({ type: 'string', nullable: true }), { type: ['string', 'null'] })
    t.same(schemaOf({ type: 'string', enum: ['a'], nullable: true }), { type: ['string', 'null'], enum: ['a', null] })
    t.same(schemaOf({ nullable: true }), {})
    t.same(schemaOf({ type: 'string', nullable: false }), { type: 'string' })
    t.same(schemaOf({ type: 'object', description: 'd', allOf: [{ type: 'object' }], nullable: true }), { description: 'd', anyOf: [{ type: 'object', allOf: [{ type: 'object' }] }, { type: 'null' }] })
    const components = { schemas: { A: { type: 'object' } } }
    t.same(schemaOf({ $ref: '#/components/schemas/A', nullable: true }, { components }), { anyOf: [{ $ref: '#/schemas/A' }, { type: 'null' }] })
  })

  t.test('case 52: what 3.1 has stays', async t => {
    const schema = {
      type: ['null', 'object'],
      const: 1,
      prefixItems: [true],
      if: { required: ['a'] },
      then: { required: ['b'] },
      dependentRequired: { a: ['b'] },
      dependentSchemas: { a: { type: 'object' } },
      patternProperties: { '^x': { type: 'string' } },
      unevaluatedProperties: false,
      propertyNames: { maxLength: 3 },
      contains: { type: 'string' }
    }
    t.same(schemaOf(schema, { openapi: '3.1.0' }), schema)
  })

  t.test('case 52: anchors, $defs and dynamic references', async t => {
    const components = { schemas: { Tree: { $dynamicAnchor: 'node', type: 'object', properties: { next: { $dynamicRef: '#node' }, leaf: { $ref: '#/components/schemas/Tree/$defs/leaf' }, local: { $ref: '#/$defs/leaf' } }, $defs: { leaf: { type: 'string' } } } } }
    const { schemas, report } = imported(withSchema({ $ref: '#node' }, { openapi: '3.1.0', components }))
    t.same(schemas, {
      Tree: { type: 'object', properties: { next: { $ref: '#/schemas/Tree' }, leaf: { $ref: '#/schemas/Tree_leaf' }, local: { $ref: '#/schemas/Tree_leaf' } } },
      Tree_leaf: { type: 'string' }
    })
    t.same(report.degraded, [])
  })

  t.test('case 54: readOnly and writeOnly stay where they are', async t => {
    const schema = { type: 'object', required: ['id', 'pw'], properties: { id: { readOnly: true }, pw: { writeOnly: true } } }
    t.same(schemaOf(schema), schema)
  })

  t.test('case 79: what stands beside a reference counts since 3.1', async t => {
    const components = { schemas: { A: { type: 'string' } } }
    t.same(schemaOf({ $ref: '#/components/schemas/A', minLength: 3 }, { components }), { $ref: '#/schemas/A' })
    t.same(schemaOf({ $ref: '#/components/schemas/A', minLength: 3 }, { components, openapi: '3.1.0' }), { $ref: '#/schemas/A', minLength: 3 })
  })

  t.test('case 79: references into anything, however they are encoded', async t => {
    const { schemas, endpoints } = imported({
      openapi,
      info,
      paths: {
        '/a/{b}': { get: { responses: { 200: json({ schema: { type: 'object', properties: { x: { type: 'integer' } } } }) } } },
        '/c': { get: { responses: { 200: json({ schema: { allOf: ['#/paths/~1a~1%7Bb%7D/get/responses/200/content/application~1json/schema', '#/components/schemas/Page%C2%ABA%C2%BB', '#/components/schemas/Alias/properties/p', '#/components/schemas/a~1b~0c'].map($ref => ({ $ref })) } }) } } }
      },
      components: { schemas: { 'Page«A»': { type: 'array' }, Alias: { $ref: '#/components/schemas/Real' }, Real: { properties: { p: { type: 'string' } } }, 'a/b~c': { type: 'null' } } }
    })
    t.same(endpoints[1]?.responses?.[0]?.response_schema, { allOf: ['#/schemas/getAByB_200', '#/schemas/Page%C2%ABA%C2%BB', '#/schemas/Real_p', '#/schemas/a~1b~0c'].map($ref => ({ $ref })) })
    t.same(Object.keys(schemas), ['Page«A»', 'a/b~c', 'getAByB_200', 'Real_p'])
  })

  t.test('properties called like keywords are properties', async t => {
    const properties = Object.fromEntries(['default', 'enum', 'nullable', 'example', 'required', 'type', 'properties', 'items', '$ref', 'exclusiveMinimum', 'constructor', '__proto__'].map(name => [name, { type: 'string' }]))
    const schema = JSON.parse(JSON.stringify({ type: 'object', properties }).replace('}}', '},"__proto__":{"type":"string","example":1}}'))
    const converted = schemaOf(schema)
    t.same(JSON.parse(JSON.stringify(converted)), JSON.parse(JSON.stringify(schema).replace('"example":1', '"examples":[1]')))
  })

  t.test('example becomes examples', async t => {
    t.same(schemaOf({ type: 'object', properties: { a: { example: null }, b: { example: 1, examples: [2] }, c: { examples: { x: { value: 3 } } } } }),
      { type: 'object', properties: { a: { examples: [null] }, b: { examples: [1, 2] }, c: { examples: [3] } } })
  })

  t.test('case 56: a pattern that no engine here has is dropped and told, one that has no linear form is told', async t => {
    const { endpoint, report } = imported(withSchema({ type: 'object', properties: { a: { pattern: '^[\\w\\-]+$' }, b: { pattern: '(?>x)(y' }, c: { pattern: '^(?=x)' }, d: { pattern: '(?i)x' } } }))
    t.same(endpoint.responses?.[0]?.response_schema, { type: 'object', properties: { a: { pattern: '^[\\w\\-]+$' }, b: {}, c: { pattern: '^(?=x)' }, d: { pattern: '(?i)x' } } })
    t.same(report.degraded.map(({ pointer }) => pointer.split('/').slice(-2).join('/')), ['b/pattern', 'c/pattern'])
  })

  t.test('case 57: a schema that is none accepts everything', async t => {
    t.same(schemaOf({ type: 'object', properties: { a: null, b: { type: 'any' }, c: [], d: true, e: { $ref: {} } } }), { type: 'object', properties: { a: {}, b: {}, c: {}, d: true, e: {} } })
  })

  t.test('case 80: a dangling reference degrades the operations that use it, and no others', async t => {
    const { report } = imported({
      openapi,
      info,
      paths: { '/a': { get: { responses: { 200: json({ schema: { $ref: '#/components/schemas/A' } }) } } }, '/b': { get: { responses: { 200: json({ schema: { $ref: '#/components/schemas/B' } }) } } } },
      components: { schemas: { A: { properties: { c: { $ref: '#/components/schemas/C' } } }, B: { type: 'string' }, C: { items: { $ref: '#/nowhere' } } } }
    })
    t.same(report.degraded, [{ operation: 'GET /a', pointer: '/components/schemas/C/items', reason: "$ref '#/nowhere' leads nowhere" }])
    t.equal(report.complete, 1)
  })

  t.test('cases 45 to 47: circles are kept; those without an end in the value are cut', async t => {
    const components = {
      schemas: {
        Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
        A: { allOf: [{ $ref: '#/components/schemas/B' }, { minProperties: 1 }] },
        B: { anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'object' }] }
      }
    }
    const { schemas, report } = imported(withSchema({ type: 'array', prefixItems: [{ $ref: '#/components/schemas/Tree' }, { $ref: '#/components/schemas/A' }] }, { components }))
    t.same(schemas, { ...components.schemas, ...JSON.parse(JSON.stringify({ Tree: components.schemas.Tree, A: components.schemas.A, B: { anyOf: [{ type: 'object' }] } }).replaceAll('#/components', '#')) })
    t.match(report.degraded, [{ reason: /without end/ }])
  })

  t.test('components that nothing uses are left out; those used keep their order', async t => {
    const schema = (ref?: string) => ref === undefined ? { type: 'string' } : { items: { $ref: `#/components/schemas/${ref}` } }
    const { schemas } = imported(withSchema({ $ref: '#/components/schemas/B' }, { components: { schemas: { Z: schema(), A: schema(), B: schema('Z'), U: schema('B') } } }))
    t.same(Object.keys(schemas), ['Z', 'B'])
  })

  t.test('what needs no change is shared with the document', async t => {
    const document = { openapi, info, ...pathsWith({ $ref: '#/components/schemas/A' }), components: { schemas: { A: { type: 'object', properties: { a: { type: 'string' } } } } } }
    t.equal(imported(document).schemas.A, document.components.schemas.A)
  })
})

t.test('case 50: discriminators', async t => {
  const pet = (kind: object, more: object = {}) => ({ type: 'object', required: ['kind'], properties: { kind, ...more } })
  const text = { type: 'string' }

  /** Tells what a schema of a document accepts. */
  function judge (schema: unknown, schemas: object) {
    const { endpoint, schemas: shared } = imported(withSchema(schema, { components: { schemas } }))
    return createSchemaCompiler(shared, error => { throw error }).validator(endpoint.responses?.[0]?.response_schema ?? {}, 'json', 'response')
  }

  t.test('a branch is chosen by the property, with and without mapping', async t => {
    const schemas = { Cat: pet(text, { lives: { type: 'integer' } }), Dog: pet(text, { barks: { type: 'boolean' } }) }
    const oneOf = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
    const plain = judge({ oneOf, discriminator: { propertyName: 'kind' } }, schemas)
    t.ok(plain({ kind: 'Cat', lives: 9 }), 'both branches would take it, one is meant')
    t.notOk(plain({ kind: 'Cat', lives: 'nine' }), 'a wrong cat is no dog')
    const mapped = judge({ oneOf, discriminator: { propertyName: 'kind', mapping: { puss: '#/components/schemas/Cat', tom: 'Cat' } } }, schemas)
    t.ok(mapped({ kind: 'puss', lives: 9 }))
    t.ok(mapped({ kind: 'tom', lives: 9 }))
    t.notOk(mapped({ kind: 'tom', lives: 'nine' }))
    t.ok(mapped({ kind: 'Dog', barks: true }), 'what is not mapped goes by its name')
  })

  t.test('a schema stands for all that inherit from it', async t => {
    const schemas = {
      Pet: { ...pet(text), discriminator: { propertyName: 'kind' } },
      Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', properties: { lives: { type: 'integer' } } }] },
      Lion: { allOf: [{ $ref: '#/components/schemas/Cat' }, { type: 'object', required: ['mane'] }] }
    }
    const accepts = judge({ $ref: '#/components/schemas/Pet' }, schemas)
    t.ok(accepts({ kind: 'Cat', lives: 9 }))
    t.notOk(accepts({ kind: 'Cat', lives: 'nine' }))
    t.notOk(accepts({ kind: 'Lion', lives: 9 }))
    t.ok(accepts({ kind: 'Lion', mane: true }))
    t.ok(accepts({ kind: 'Fish' }), 'a kind that the document does not name is a pet')
    t.notOk(accepts({}))
    t.same(Object.keys(imported(withSchema({ $ref: '#/components/schemas/Pet' }, { components: { schemas } })).schemas), ['Pet', 'PetBase', 'Cat', 'Lion'])
  })

  t.test('a union whose branches inherit from it does not run in circles', async t => {
    const schemas = {
      Pet: { ...pet(text), oneOf: [{ $ref: '#/components/schemas/Cat' }], discriminator: { propertyName: 'kind' } },
      Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { required: ['lives'] }] }
    }
    const accepts = judge({ $ref: '#/components/schemas/Pet' }, schemas)
    t.ok(accepts({ kind: 'Cat', lives: 9 }))
    t.notOk(accepts({ kind: 'Cat' }))
  })

  t.test('a property that says by itself which branch it is of is left alone', async t => {
    const schemas = { A: pet({ enum: ['a'] }), B: pet({ type: 'integer' }), C: { type: 'object', additionalProperties: false } }
    const oneOf = ['A', 'B', 'C'].map(name => ({ $ref: `#/components/schemas/${name}` }))
    t.same(schemaOf({ oneOf, discriminator: { propertyName: 'kind' } }, { components: { schemas } }), { oneOf: ['A', 'B', 'C'].map(name => ({ $ref: `#/schemas/${name}` })) })
  })
})

t.test('loading', async t => {
  const minimal = { openapi: '3.1.0', info, paths: {} }
  const text = JSON.stringify(minimal)

  t.test('case 74: byte order mark, line ends, tabs', async t => {
    for (const source of [`\uFEFF${text}`, text.replaceAll(',', ',\r\n\t'), '\uFEFFopenapi: 3.1.0\r\ninfo: { title: Test, version: "1" }\r\npaths: {}\r\n']) {
      t.same((await loadDocument({ text: source })).document, minimal)
    }
  })

  t.test('case 75: YAML 1.2', async t => {
    const { document } = await loadDocument({ text: 'openapi: 3.0.0\npaths: {}\nx-a: [yes, NO, on, 12:30, 2024-01-01, 0x1F, 1.0, ~]\n' })
    t.same(document['x-a'], ['yes', 'NO', 'on', '12:30', '2024-01-01', 31, 1, null])
  })

  t.test('case 76: anchors, merge keys, and bombs', async t => {
    const { document } = await loadDocument({ text: 'openapi: 3.0.0\nx-a: &a { b: 1 }\nx-c: { <<: *a, d: 2 }\n' })
    t.same(document['x-c'], { b: 1, d: 2 })
    const bomb = ['x-a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]', ...Array.from({ length: 8 }, (_, i) => `x-a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)].join('\n')
    await t.rejects(loadDocument({ text: `openapi: 3.0.0\n${bomb}\n` }), { code: 'MOCK_ERR_OPENAPI_TOO_LARGE' })
    await t.rejects(loadDocument({ text: `{"openapi":"3.0.0","x-a":${'['.repeat(5_000)}${']'.repeat(5_000)}}` }), { code: 'MOCK_ERR_OPENAPI_SYNTAX', message: /nested more than/ })
  })

  t.test('case 77: of duplicate keys the last counts, and each is told with its line', async t => {
    const yaml = await loadDocument({ text: 'openapi: 3.0.0\ninfo: { title: a }\npaths: {}\ninfo: { title: b }\n', name: 'd.yaml' })
    t.match([yaml.document.info, yaml.warnings], [{ title: 'b' }, [{ code: 'duplicate-key', line: 4, column: 1, message: /'info'/ }]])
    const json = await loadDocument({ text: '{ "openapi": "3.0.0",\n "x-a": 1, "x-b": "\\":",\n "x-a": 2 }' })
    t.match([json.document['x-a'], json.warnings], [2, [{ code: 'duplicate-key', line: 3, column: 2 }]])
  })

  t.test('YAML that is not quite: brackets too far left', async t => {
    const { document, warnings } = await loadDocument({ text: 'openapi: 3.0.0\nx-a:\n  b: {\n    "c": 1\n  }\n  d: [\n    1\n]\n' })
    t.same(document['x-a'], { b: { c: 1 }, d: [1] })
    t.match(warnings, [{ code: 'untidy-yaml' }])
  })

  t.test('what cannot be read is told with line and column', async t => {
    await t.rejects(loadDocument({ text: 'openapi: 3.0.0\npaths: {\n  a: ]\n', name: 'api.yaml' }), { code: 'MOCK_ERR_OPENAPI_SYNTAX', message: /^api\.yaml cannot be read: .*\(line 3, column \d+\)/ })
    await t.rejects(loadDocument({ text: '{}' }), { code: 'MOCK_ERR_OPENAPI_INVALID' })
    await t.rejects(loadDocument({ text: '' }), { code: /MOCK_ERR_OPENAPI_(INVALID|SYNTAX)/ })
    await t.rejects(loadDocument({ file: fixture('no-such.yaml') }), { code: 'MOCK_ERR_OPENAPI_UNREADABLE' })
    await t.rejects(loadDocument({ text, name: 'big' }, { max_bytes: 10 }), { code: 'MOCK_ERR_OPENAPI_TOO_LARGE' })
    await t.rejects(loadDocument({}), { code: 'MOCK_ERR_OPENAPI_UNREADABLE' })
  })

  t.test('a document that is parsed already is not changed', async t => {
    const document = { openapi: '3.1.0', paths: {}, components: { schemas: { A: { $id: 'https://example.com/a' }, B: { $ref: 'https://example.com/a' } } } }
    const before = structuredClone(document)
    const loaded = await loadDocument({ document })
    t.same(document, before)
    t.match(loaded.document, { components: { schemas: { B: { $ref: '#/components/schemas/A' } } } })
    const internal = { openapi: '3.1.0', paths: {} }
    t.equal((await loadDocument({ document: internal })).document, internal)
  })

  t.test('case 79: $id and anchors give references a base', async t => {
    const { document, warnings } = await loadDocument({
      text: JSON.stringify({
        ...minimal,
        $self: 'https://example.com/api.json',
        components: { schemas: { A: { $id: 'https://example.com/schemas/a', $defs: { x: { $anchor: 'x' } }, properties: { local: { $ref: '#/$defs/x' }, anchor: { $ref: '#x' }, sibling: { $ref: 'b' } } }, B: { $id: 'https://example.com/schemas/b' }, C: { $ref: 'https://example.com/api.json#/components/schemas/B' } } }
      })
    })
    t.same(warnings, [])
    t.match(document.components, { schemas: { A: { properties: { local: { $ref: '#/components/schemas/A/$defs/x' }, anchor: { $ref: '#/components/schemas/A/$defs/x' }, sibling: { $ref: '#/components/schemas/B' } } }, C: { $ref: '#/components/schemas/B' } } })
  })

  t.test('files outside the folder of the document are not read, links followed', async t => {
    const folder = t.testdir({ secret: { 'secret.yaml': 'type: string' }, api: {} })
    await symlink(join(folder, 'secret'), join(folder, 'api/link'))
    const file = join(folder, 'api/api.json')
    const refs = ['../secret/secret.yaml', 'link/secret.yaml', `file://${join(folder, 'secret/secret.yaml')}`, 'http://127.0.0.1:1/x.yaml']
    await writeFile(file, JSON.stringify({ ...minimal, components: { schemas: Object.fromEntries(refs.map((ref, i) => [`S${i}`, { $ref: ref }])) } }))
    const { warnings, files } = await loadDocument({ file })
    t.same(files, [file])
    t.equal(warnings.length, refs.length)
    t.ok(warnings.slice(0, 3).every(({ message }) => /lies outside/.test(message)))
    const wider = await loadDocument({ file }, { allow: { folder } })
    t.equal(wider.files.length, 3)
  })

  t.test('names of files with spaces, and examples in files of their own', async t => {
    const folder = t.testdir({})
    await mkdir(join(folder, 'a b'))
    await cp(fixture('harbour-files'), join(folder, 'a b'), { recursive: true })
    await writeFile(join(folder, 'a b/picture.bin'), Buffer.from([0xFF, 0xD8, 0x00]))
    await writeFile(join(folder, 'a b/api.json'), JSON.stringify({ ...minimal, paths: { '/x': { get: { responses: { 200: { content: { 'image/jpeg': { examples: { a: { externalValue: 'picture.bin' } } }, 'application/json': { schema: { $ref: 'schemas/Boat.yaml' } } } } } } } } }))
    const { document } = await loadDocument({ file: join(folder, 'a b/api.json') })
    t.match(variants(document), [{ response_schema: { $ref: '#/schemas/Boat' } }, { name: 'a', base64: '/9gA' }])
  })

  t.test('an own reader', async t => {
    const files = new Map([['/virtual/api.yaml', 'openapi: 3.1.0\npaths: {}\ncomponents: { schemas: { A: { $ref: a.yaml } } }'], ['/virtual/a.yaml', 'type: string']])
    const { document } = await loadDocument({ file: '/virtual/api.yaml' }, { read: async file => files.get(file) ?? Promise.reject(new Error('none')) })
    t.match(document['x-files'], { 'a.yaml': { type: 'string' } })
  })

  t.test('case 78: references of a document from the web stay at its origin, and out of private networks', async t => {
    const pages: Record<string, () => globalThis.Response> = {
      'https://api.test/v1/openapi.yaml': () => new globalThis.Response('openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    A: { $ref: schemas/a.yaml }\n    B: { $ref: https://other.test/b.yaml }\n    C: { $ref: /moved.yaml }\n    D: { $ref: file:///etc/hosts }\n    E: { $ref: https://inside.test/e.yaml }\n'),
      'https://api.test/v1/schemas/a.yaml': () => new globalThis.Response('type: string'),
      'https://api.test/moved.yaml': () => new globalThis.Response(null, { status: 302, headers: { location: 'http://169.254.169.254/latest' } })
    }
    const asked: string[] = []
    const options = {
      fetch: async (url: string) => {
        asked.push(url)
        return pages[url]?.() ?? new globalThis.Response(null, { status: 404 })
      },
      resolve: async (host: string) => [{ address: host === 'inside.test' ? '10.0.0.7' : '93.184.216.34' }]
    }
    const { document, warnings } = await loadDocument({ url: 'https://api.test/v1/openapi.yaml' }, options)
    t.same(Object.keys(document['x-files'] ?? {}), ['schemas/a.yaml'])
    t.equal(warnings.length, 4)
    t.same(asked, ['https://api.test/v1/openapi.yaml', 'https://api.test/v1/schemas/a.yaml', 'https://api.test/moved.yaml'])
    const wider = await loadDocument({ url: 'https://api.test/v1/openapi.yaml' }, { ...options, allow: { origins: ['https://other.test', 'https://inside.test', 'http://169.254.169.254'] } })
    t.match(wider.warnings.map(({ message }) => message).sort(), [/169|private/, /file/, /private network/, /status 404/])
  })

  t.test('addresses that are not public', async t => {
    for (const address of ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '::1', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1']) t.ok(isPrivateAddress(address), address)
    for (const address of ['93.184.216.34', '8.8.8.8', '172.32.0.1', '2606:4700::1111']) t.notOk(isPrivateAddress(address), address)
  })

  t.test('reading stops when it is told to', async t => {
    await t.rejects(loadDocument({ url: 'https://api.test/x' }, { signal: AbortSignal.abort(new Error('stop')), fetch: async () => new globalThis.Response('') }), /stop/)
  })
})

t.test('a document can be checked against the specification itself', async t => {
  const of = async (name: string) => {
    const { document } = await loadDocument({ file: fixture(name) })
    return (await validateDocument(document, fixture(name))).map(({ pointer, message }) => `${pointer} ${message}`)
  }
  t.same(await of('harbour-2.0.yaml'), [])
  t.same(await of('harbour-3.1.yaml'), [])
  t.ok((await of('nasty.yaml')).length > 0)
  t.match(await validateDocument({ openapi: '3.0.3', info, paths: { '/x': { get: {} } } }, '/api.json'), [{ pointer: '/paths/~1x/get', message: /required property 'responses'/, file: '/api.json' }])
  t.same(await validateDocument({ openapi: '3.2.0', info, paths: {} }), [])
  t.match(await validateDocument({ openapi: '3.1', info }), [{ message: 'the document does not fit the schema of its version' }], 'nothing is called [object Object]')
})

t.test('the report', async t => {
  t.test('groups what repeats', async t => {
    const broken = { responses: { 200: json({ schema: { $ref: '#/components/schemas/Nope' } }) } }
    const { report } = imported({ openapi, info, paths: Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`/p${i}`, { get: broken }])) })
    t.equal(formatReport(report), [
      'Test 1 (OpenAPI 3.0.3): 5 operations, 0 complete, 5 degraded',
      "  5 operations  $ref '#/components/schemas/Nope' leads nowhere",
      '                GET /p0, GET /p1, GET /p2 and 2 more; at /paths/~1p0/get/responses/200/content/application~1json/schema'
    ].join('\n'))
  })

  t.test('a loss in another file is told there', async t => {
    const { document } = await loadDocument({ file: '/v/api.json' }, {
      read: async file => file === '/v/api.json' ? JSON.stringify(withSchema({ $ref: 's/A.json' })) : '{"type":"any"}'
    })
    t.match(imported(document, { file: '/v/api.json' }).report.warnings, [{ file: '/v/s/A.json', pointer: '/type' }])
  })
})

t.test('nothing in a document makes the import throw, and what comes out is a valid configuration', async t => {
  const names = ['get', 'post', '$ref', 'parameters', 'responses', '200', 'default', 'content', 'application/json', 'text/xml', 'schema', 'example', 'examples', 'type', 'properties', 'items', 'allOf', 'oneOf', 'discriminator', 'propertyName', 'required', 'nullable', 'name', 'in', 'requestBody', 'headers', 'servers', 'url', 'a', 'x']
  const values = ['string', 'object', 'array', 'query', 'path', '#/components/schemas/a', '#/paths/~1x', '#', '{{x}}', '', null, true, 0, -1, 1.5]
  const { node } = fc.letrec(tie => ({
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom(...values), fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 6 }))
  }))
  const object = fc.dictionary(fc.constantFrom(...names), node, { maxKeys: 8 })
  const document = fc.record({
    openapi: fc.constantFrom('3.0.0', '3.1.0', 3, '3.2.0'),
    paths: fc.dictionary(fc.constantFrom('/x', '/x/{a}', '/x?y', 'x', '/{a}/{a}'), object, { maxKeys: 4 }),
    components: fc.record({ schemas: fc.dictionary(fc.constantFrom('a', 'b', 'c'), object) })
  })
  const swagger = document.map(({ paths, components }) => ({ swagger: '2.0', paths, definitions: components.schemas }))
  fc.assert(fc.property(fc.oneof(document, swagger), document => {
    const { endpoints, schemas } = imported(document)
    const compiler = createSchemaCompiler(schemas)
    for (const { schema, responses = [] } of endpoints) {
      for (const part of [schema?.params, schema?.querystring, schema?.headers, ...responses.map(({ response_schema: body }) => body)]) {
        if (part !== undefined) compiler.check(part, 'json')
      }
      if (responses.length === 0) throw new Error('no answer')
    }
  }), { numRuns: 400 })
})
