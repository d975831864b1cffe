import type { FastifyInstance } from 'fastify'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, request, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { loadDocument } from '../lib/openapi/load.ts'
import { build, listen } from './helper.ts'

/**
 * Cases of documents, paths and references, each served as a user has it: from a file that the configuration includes.
 */

const openapi = '3.0.3'
const info = { title: 'Test', version: '1' }

/** An answer that tells which operation gave it. */
const answers = (example: unknown) => ({ responses: { 200: { description: '', content: { 'application/json': { example } } } } })

const parameter = (name: string, where: string, schema: object, more: object = {}) => ({ name, in: where, schema, ...where === 'path' && { required: true }, ...more })
const integer = { type: 'integer' }

/** A document with these paths. */
const withPaths = (paths: object, rest: object = {}): object => ({ openapi, info, paths, ...rest })

/** A mock server of a document, given as an object or as a text in JSON or YAML. */
async function serve (t: Test, document: object | string, name = typeof document === 'string' && !document.trimStart().startsWith('{') ? 'api.yaml' : 'api.json'): Promise<FastifyInstance> {
  const folder = t.testdir({ [name]: typeof document === 'string' ? document : JSON.stringify(document) })
  return await build(t, { include: [join(folder, name)] })
}

const get = async (app: FastifyInstance, url: string) => {
  const answer = await app.inject({ url })
  return answer.statusCode === 200 ? answer.json() : answer.statusCode
}

const warnings = (app: FastifyInstance): string[] => app.mock.warnings.map(({ message }) => message)

/** These warnings, in whatever order, and no others. */
function tells (t: Test, app: FastifyInstance, ...expected: RegExp[]): void {
  const told = warnings(app)
  t.equal(told.length, expected.length, told.join('\n'))
  for (const pattern of expected) t.ok(told.some(message => pattern.test(message)), String(pattern))
}

t.test('case 1: /users/me is not taken for /users/{id}, whichever comes first', async t => {
  const me = { '/users/me': { get: answers('me') } }
  const byId = { '/users/{id}': { get: { ...answers('by id'), parameters: [parameter('id', 'path', integer)] } } }
  for (const paths of [{ ...me, ...byId }, { ...byId, ...me }]) {
    const app = await serve(t, withPaths(paths))
    t.equal(await get(app, '/users/me'), 'me')
    t.equal(await get(app, '/users/7'), 'by id')
    t.equal(await get(app, '/users/'), 404, 'nothing is no id')
  }
})

t.test('case 2: {id}.json is more specific than {id}', async t => {
  const app = await serve(t, withPaths({ '/files/{id}': { get: answers('any') }, '/files/{id}.json': { get: answers('json') } }))
  t.equal(await get(app, '/files/7.json'), 'json')
  t.equal(await get(app, '/files/7'), 'any')
  t.equal(await get(app, '/files/7.xml'), 'any')
})

t.test('cases 3 and 4: two parameters in one segment', async t => {
  const two = (path: string) => ({ [path]: { get: { ...answers(path), parameters: [parameter('a', 'path', integer), parameter('b', 'path', integer)] } } })
  const app = await serve(t, withPaths({ ...two('/range/{a}-{b}'), ...two('/pair/{a},{b}'), ...two('/under/{a}_{b}'), ...two('/join/{a}...{b}') }))

  await t.test('case 3: {a}-{b}', async t => {
    t.equal(await get(app, '/range/1-2'), '/range/{a}-{b}')
    t.equal(await get(app, '/range/1-x'), 400, 'each has the value that it should have')
    t.equal(await get(app, '/range/x-2'), 400)
    t.equal(await get(app, '/range/1'), 404)
  })

  await t.test('case 4: {a},{b}', async t => {
    t.equal(await get(app, '/pair/1,2'), '/pair/{a},{b}')
    t.equal(await get(app, '/pair/x,2'), 400)
    t.equal(await get(app, '/pair/1,x'), 400)
    t.equal(await get(app, '/under/1_2'), '/under/{a}_{b}')
    t.equal(await get(app, '/join/1...2'), '/join/{a}...{b}')
  })
})

t.test('case 5: {id}:cancel, and /jobs/9 is none', async t => {
  const job = { ...answers('job'), parameters: [parameter('id', 'path', integer)] }
  const app = await serve(t, withPaths({ '/jobs/{id}:cancel': { get: { ...job, ...answers('cancelled') } }, '/jobs/{id}': { get: job }, '/tasks/{id}:cancel': { get: answers('cancelled') }, '/jobs:batch': { get: answers('batch') } }))
  t.equal(await get(app, '/jobs/9:cancel'), 'cancelled')
  t.equal(await get(app, '/jobs/9'), 'job')
  t.equal(await get(app, '/jobs/x:cancel'), 400)
  t.equal(await get(app, '/tasks/9'), 404)
  t.equal(await get(app, '/jobs:batch'), 'batch')
})

t.test('case 6: parameter names with hyphens, dots and letters of all kinds', async t => {
  const names = ['thing-id', 'thing.id', 'größe', 'a~b', 'user$id', '0', 'X']
  const app = await serve(t, withPaths(Object.fromEntries(names.map((name, i) =>
    [`/things${i}/{${name}}`, { get: { ...answers(name), parameters: [parameter(name, 'path', integer)] } }]))))
  for (const [i, name] of names.entries()) {
    t.equal(await get(app, `/things${i}/7`), name)
    const refused = await app.inject(`/things${i}/seven`)
    t.equal(refused.statusCode, 400)
    t.ok(refused.body.includes(name) || refused.body.includes(name.replace('~', '~0')), 'it is told by its own name')
  }
})

t.test('parentheses in a path are no regular expression', async t => {
  const app = await serve(t, withPaths({ '/Products({id})': { get: { ...answers('one'), parameters: [parameter('id', 'path', integer)] } }, '/{kind}(all)': { get: answers('all') } }))
  t.equal(await get(app, '/Products(7)'), 'one')
  t.equal(await get(app, '/Products(x)'), 400)
  t.equal(await get(app, '/boats(all)'), 'all')
})

t.test('case 7: a dot in a path is a dot', async t => {
  const app = await serve(t, withPaths({ '/a.b/c': { get: answers('dot') } }))
  t.equal(await get(app, '/a.b/c'), 'dot')
  t.equal(await get(app, '/aXb/c'), 404)
})

t.test('case 8: literals that have to be percent-encoded, written either way', async t => {
  const app = await serve(t, withPaths({ '/sp ace/é': { get: answers(1) }, '/other%20place/%C3%A9': { get: answers(2) }, '/100%/x': { get: answers(3) } }))
  t.equal(await get(app, '/sp%20ace/%C3%A9'), 1)
  t.equal(await get(app, '/other%20place/%c3%a9'), 2)
  t.equal(await get(app, '/100%25/x'), 3)
})

t.test('case 11: parameters of the path count for all its operations, and the operation has the last word', async t => {
  const app = await serve(t, withPaths({
    '/things/{id}': {
      parameters: [parameter('id', 'path', { type: 'string', maxLength: 3 }), parameter('q', 'query', integer, { required: true }), parameter('q', 'header', integer)],
      get: { ...answers('get'), parameters: [parameter('q', 'query', { type: 'string', enum: ['a'] })] },
      head: { responses: { 204: { description: '' } } }
    }
  }))
  t.equal(await get(app, '/things/abc'), 'get', 'what the operation says is not required')
  t.equal(await get(app, '/things/abc?q=a'), 'get')
  t.equal(await get(app, '/things/abc?q=1'), 400)
  t.equal(await get(app, '/things/abcd'), 400, 'what it does not say stays')
  t.equal((await app.inject({ url: '/things/abc', headers: { q: 'x' } })).statusCode, 400, 'of the same name in another place')
  t.equal((await app.inject({ method: 'HEAD', url: '/things/abc' })).statusCode, 400, 'here q is required')
})

t.test('case 12: a path item elsewhere, with operations beside the reference', async t => {
  const app = await serve(t, {
    ...withPaths({
      '/a': { $ref: '#/components/pathItems/A', post: answers('own'), summary: 'beside' },
      '/b': { $ref: '#/components/pathItems/A', get: answers('beside') },
      '/c': { $ref: '#/paths/~1a' },
      '/d': { $ref: '#/components/pathItems/Nope', get: answers('still') }
    }, { components: { pathItems: { A: { get: answers('there'), parameters: [parameter('q', 'query', integer)] } } } }),
    openapi: '3.1.0'
  })
  t.equal(await get(app, '/a'), 'there')
  t.equal(await get(app, '/a?q=x'), 400)
  t.equal((await app.inject({ method: 'POST', url: '/a' })).json(), 'own')
  t.equal(await get(app, '/b'), 'beside', 'what stands beside counts')
  t.equal(await get(app, '/c'), 'there', 'a reference to a reference')
  t.equal(await get(app, '/d'), 'still')
  tells(t, app, /'get' stands beside the \$ref and in what it leads to/, /\$ref '#\/components\/pathItems\/Nope' leads nowhere/)
})

t.test('case 12: a path item in a file of its own', async t => {
  const folder = t.testdir({ 'api.yaml': 'openapi: 3.0.3\ninfo: { title: Test, version: "1" }\npaths:\n  /a: { $ref: paths/a.yaml }\n', paths: { 'a.yaml': 'get:\n  responses:\n    200: { description: "", content: { application/json: { schema: { $ref: "../schemas/n.json" } } } }\n' }, schemas: { 'n.json': '{"type":"integer","enum":[7]}' } })
  const app = await build(t, { include: [join(folder, 'api.yaml')] })
  t.equal(await get(app, '/a'), 7)
  t.equal(app.mock.files.length, 3, 'all of them are watched')
})

t.test('case 19: a document without operations is served, and says so', async t => {
  for (const document of [withPaths({}), { openapi: '3.1.0', info, components: { schemas: { A: { type: 'string' } } } }]) {
    const app = await serve(t, document)
    tells(t, app, /nothing to serve/)
    const answer = await app.inject('/')
    t.equal(answer.statusCode, 404)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
  }
})

t.test('case 20: of two paths of one shape the first is served and the other told', async t => {
  const app = await serve(t, withPaths({ '/a/{x}': { get: answers('x') }, '/a/{y}': { get: answers('y'), post: answers('post') } }))
  t.equal(await get(app, '/a/1'), 'x')
  t.equal((await app.inject({ method: 'POST', url: '/a/1' })).json(), 'post', 'another method is no conflict')
  tells(t, app, /not served: GET \/a\/\{x\} has the same route/)
})

t.test('case 20: a parameter that stands twice in one path', async t => {
  const app = await serve(t, withPaths({ '/a/{x}/b/{x}': { get: { ...answers('x'), parameters: [parameter('x', 'path', integer)] } } }))
  t.equal(await get(app, '/a/1/b/2'), 'x')
  t.equal(await get(app, '/a/y/b/2'), 400)
  tells(t, app, /stands twice in the path, which is served as \/a\/\{x\}\/b\/\{x_2\}/)
})

t.test('case 21: operations without an id, or with one that is taken, have one that stays the same', async t => {
  const document = withPaths({ '/x': { get: answers(1), post: { ...answers(2), operationId: 'same' } }, '/y': { get: { ...answers(3), operationId: 'same' } } })
  const ids = (app: FastifyInstance) => app.mock.routes().map(({ id }) => id)
  const first = await serve(t, document)
  t.same(ids(first), ['getX', 'same', 'getY'])
  tells(t, first, /operationId 'same' is taken: GET \/y is called getY/)
  t.same(ids(await serve(t, document)), ids(first))
})

/** Asks with a path that a client would tidy up first. */
const askRaw = async (base: string, path: string): Promise<{ status: number, body: string }> => await new Promise((resolve, reject) => {
  const { hostname, port } = new URL(base)
  const asked = request({ hostname, port, path, agent: false }, response => {
    text(response).then(body => resolve({ status: response.statusCode ?? 0, body }), reject)
  })
  asked.on('error', reject)
  asked.end()
})

t.test('case 22: a slash more or less is another path, unless that is switched off', async t => {
  const document = JSON.stringify(withPaths({ '/users': { get: answers('users') }, '/boats/': { get: answers('boats') }, '/both': { get: answers('both') }, '/both/': { get: answers('both/') }, '/a/{b}/c': { get: answers('c') } }))
  const folder = t.testdir({ 'api.json': document })
  const { url } = await listen(t, { include: [join(folder, 'api.json')] })

  for (const [path, expected] of [['/users', 200], ['/users/', 404], ['/boats', 404], ['/boats/', 200], ['/both', 200], ['/both/', 200], ['//users', 404], ['//', 404], ['/a/b/c', 200], ['/a//c', 404]] as const) {
    t.equal((await askRaw(url, path)).status, expected, path)
  }
  t.match((await askRaw(url, '/users/')).body, /GET \/users/, 'what was meant is told')
  t.equal((await askRaw(url, '/both/')).body, '"both/"')

  const lenient = await listen(t, { include: [join(folder, 'api.json')], trailing_slash: 'ignore' })
  for (const path of ['/users', '/users/', '/boats', '/boats/', '/both/']) t.equal((await askRaw(lenient.url, path)).status, 200, path)
  t.match(lenient.app.mock.warnings.map(({ message }) => message), [/already declared.*both/])
})

t.test('case 74: byte order mark, line ends of Windows, tabs in JSON', async t => {
  const json = JSON.stringify(withPaths({ '/x': { get: answers('x') } }), null, '\t')
  for (const document of [`\uFEFF${json}`, json.replaceAll('\n', '\r\n'), '\uFEFFopenapi: 3.0.3\r\ninfo: { title: Test, version: "1" }\r\npaths:\r\n  /x:\r\n    get:\r\n      responses:\r\n        200:\r\n          description: ""\r\n          content: { application/json: { example: x } }\r\n']) {
    const app = await serve(t, document, document.includes('"paths"') ? 'api.json' : 'api.yaml')
    t.equal(await get(app, '/x'), 'x')
    t.same(warnings(app), [])
  }
})

const YAML_HEAD = 'openapi: 3.0.3\ninfo: { title: Test, version: "1" }\n'

/** A document in YAML whose one operation, GET /x, answers with this example, written in YAML's flow style. */
const yamlAnswer = (example: string, before = ''): string =>
  `${YAML_HEAD}${before}paths:\n  /x:\n    get:\n      responses:\n        200:\n          description: ""\n          content:\n            application/json:\n              example: ${example}\n`

t.test('case 75: YAML is read as version 1.2', async t => {
  const app = await serve(t, yamlAnswer('{ yes: no, country: NO, on: off, octal: 0o17, zeros: 0123, float: 1.0, time: 12:30, seconds: 1:30:15, hex: 0x1F, date: 2024-02-29, moment: 2024-02-29T12:00:00Z, nothing: ~, truth: true, exponent: 1e3 }'))
  t.same(await get(app, '/x'), {
    yes: 'no', country: 'NO', on: 'off', octal: 15, zeros: 123, float: 1, time: '12:30', seconds: '1:30:15', hex: 31, date: '2024-02-29', moment: '2024-02-29T12:00:00Z', nothing: null, truth: true, exponent: 1000
  })
})

t.test('case 76: anchors, aliases and merge keys', async t => {
  const before = 'x-base: &base { a: 1, b: 2 }\nx-more: &more { c: 3 }\nx-list: &list [1, 2]\n'
  const app = await serve(t, yamlAnswer('{ <<: [*base, *more], b: 9, list: *list, again: *list }', before))
  t.same(await get(app, '/x'), { a: 1, b: 9, c: 3, list: [1, 2], again: [1, 2] })
  const folder = t.testdir({ 'bomb.yaml': yamlAnswer('*a8', ['x-a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]', ...Array.from({ length: 8 }, (_, i) => `x-a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`), ''].join('\n')) })
  await t.rejects(build(t, { include: [join(folder, 'bomb.yaml')] }), { message: /bomb\.yaml.*aliases stand for more than \d+ values/s })
})

t.test('case 77: of a key that stands twice the last counts, and its line is told', async t => {
  const at = (app: FastifyInstance) => app.mock.warnings.map(({ code, message, line, column }) => [code, /'(\w+)'/.exec(message)?.[1], line, column])

  await t.test('in a document in YAML', async t => {
    const app = await serve(t, yamlAnswer('x', 'note: a\n').replace('openapi:', 'note: b\nopenapi:') + '        200:\n          description: ""\n          content: { application/json: { example: last } }\n')
    t.equal(await get(app, '/x'), 'last')
    t.same(at(app), [['duplicate-key', 'note', 4, 1], ['duplicate-key', '200', 14, 9]])
  })

  await t.test('in a document in JSON', async t => {
    const app = await serve(t, JSON.stringify(withPaths({ '/x': { get: answers('last') } })).replace('"get":', '\n"get": {},\n"get":'))
    t.equal(await get(app, '/x'), 'last')
    t.same(at(app), [['duplicate-key', 'get', 3, 1]])
  })

  await t.test('in a configuration in JSON', async t => {
    const folder = t.testdir({ 'mock.json': '{\n  "endpoints": [{ "path": "/x", "response": "first",\n    "response": "last" }] // why not\n}' })
    const app = await build(t, { include: [join(folder, 'mock.json')] })
    t.equal(await get(app, '/x'), 'last')
    t.same(at(app), [['duplicate-key', 'response', 3, 5]])
  })

  await t.test('in a configuration in YAML it is a mistake', async t => {
    const folder = t.testdir({ 'mock.yaml': 'endpoints:\n  - path: /x\n    path: /y\n' })
    await t.rejects(build(t, { include: [join(folder, 'mock.yaml')] }), { message: /mock\.yaml:3:5 .*twice/ })
  })
})

/** A web server on this machine, which tells what it was asked. */
async function web (t: Test, listener: RequestListener): Promise<{ origin: string, asked: string[], close: () => Promise<void> }> {
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.url} ${incoming.headers.authorization ?? '-'}`)
    listener(incoming, outgoing)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const close = async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  }
  t.teardown(close)
  const address = server.address()
  return { origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked, close }
}

/** A document whose one answer is described on another server. */
const referring = (url: string): object => withPaths({ '/x': { get: { responses: { 200: { description: '', content: { 'application/json': { schema: { $ref: url } } } } } } } })

const SEVEN: RequestListener = (_, outgoing) => { outgoing.end('{"type":"integer","enum":[7]}') }

t.test('case 78: references into the web', async t => {
  async function serveWith (t: Test, document: object, references?: object): Promise<FastifyInstance> {
    const folder = t.testdir({ 'api.json': JSON.stringify(document) })
    return await build(t, { include: [join(folder, 'api.json')], cwd: folder, ...references !== undefined && { references } })
  }

  await t.test('lead to servers that are allowed, and to no others', async t => {
    const { origin, asked } = await web(t, SEVEN)
    const refused = await serveWith(t, referring(`${origin}/n.json`))
    tells(t, refused, /another origin than the document; allow http:\/\/127\.0\.0\.1/, /leads nowhere/)
    t.same(asked, [])
    const app = await serveWith(t, referring(`${origin}/n.json`), { origins: [origin], private_networks: true })
    t.same(warnings(app), [])
    t.equal(await get(app, '/x'), 7)
  })

  await t.test('lead into no private network, unless that is allowed too', async t => {
    const { origin, asked } = await web(t, SEVEN)
    const app = await serveWith(t, referring(`${origin}/n.json`), { origins: [origin] })
    tells(t, app, /private network/, /leads nowhere/)
    t.same(asked, [])
    t.equal((await app.inject('/x')).statusCode, 200, 'the operation is served all the same')
  })

  await t.test('a name that leads to a private address when it is connected to', async t => {
    const { origin, asked } = await web(t, SEVEN)
    const named = origin.replace('127.0.0.1', 'localhost')
    const folder = t.testdir({ 'api.json': JSON.stringify(referring(`${named}/n.json`)) })
    // The first look finds a public address, and the second, to connect, the true one.
    const { warnings } = await loadDocument({ file: join(folder, 'api.json') }, { allow: { origins: [named] }, resolve: async () => [{ address: '93.184.216.34' }] })
    t.match(warnings, [{ message: /private network/ }])
    t.same(asked, [])
  })

  await t.test('a server that does not answer, or for ever, costs its time and no more', async t => {
    const { origin } = await web(t, (incoming, outgoing) => { if (incoming.url === '/slow.json') outgoing.write('{') })
    for (const path of ['/never.json', '/slow.json']) {
      const app = await serveWith(t, referring(origin + path), { origins: [origin], private_networks: true, timeout_ms: 50 })
      tells(t, app, /no answer within 50 ms/, /leads nowhere/)
    }
  })

  await t.test('what is larger than allowed is not read to its end', async t => {
    const { origin } = await web(t, (_, outgoing) => {
      const more = () => { while (outgoing.write(' '.repeat(10_000))); }
      outgoing.on('drain', more)
      more()
    })
    const app = await serveWith(t, referring(`${origin}/n.json`), { origins: [origin], private_networks: true, max_bytes: 100_000 })
    tells(t, app, /more than 100000 bytes/, /leads nowhere/)
  })

  await t.test('copies are there for a start without the web', async t => {
    const { origin, close } = await web(t, SEVEN)
    const folder = t.testdir({ 'api.json': JSON.stringify(referring(`${origin}/n.json`)) })
    const options = { include: [join(folder, 'api.json')], cwd: folder, references: { origins: [origin], private_networks: true, cache: 'copies' } }
    t.equal(await get(await build(t, options), '/x'), 7)
    await close()
    const offline = await build(t, options)
    t.equal(await get(offline, '/x'), 7)
    tells(t, offline, /ECONNREFUSED.*; its copy of .* is used/)
    const without = await build(t, { ...options, references: { ...options.references, cache: 'none' } })
    tells(t, without, /ECONNREFUSED/, /leads nowhere/)
  })

  await t.test('what the server refuses is not taken from a copy', async t => {
    let status = 200
    const { origin } = await web(t, (_, outgoing) => { outgoing.writeHead(status).end('{"type":"integer","enum":[7]}') })
    const folder = t.testdir({ 'api.json': JSON.stringify(referring(`${origin}/n.json`)) })
    const options = { include: [join(folder, 'api.json')], references: { origins: [origin], private_networks: true, cache: join(folder, 'copies') } }
    await build(t, options)
    status = 404
    tells(t, await build(t, options), /status 404/, /leads nowhere/)
    status = 503
    tells(t, await build(t, options), /status 503; its copy/)
  })

  await t.test('credentials go to the server that they are for', async t => {
    const other = await web(t, SEVEN)
    const { origin, asked } = await web(t, (incoming, outgoing) => {
      if (incoming.headers.authorization !== 'Bearer secret') outgoing.writeHead(401).end()
      else if (incoming.url === '/moved.json') outgoing.writeHead(302, { location: `${other.origin}/n.json` }).end()
      else outgoing.end('{"type":"integer","enum":[8]}')
    })
    const folder = t.testdir({
      'direct.json': JSON.stringify(referring(`${origin}/n.json`)),
      'moved.json': JSON.stringify(referring(`${origin}/moved.json`)),
      'mock.yaml': `include: ['$\{DOCUMENT}']\nreferences:\n  origins: ['${origin}/', '${other.origin}']\n  private_networks: true\n  headers:\n    ${origin}: { authorization: 'Bearer $\{TOKEN}' }\n`
    })
    const of = (document: string) => build(t, { include: [join(folder, 'mock.yaml')], env: { DOCUMENT: document, TOKEN: 'secret' } })
    const app = await of('direct.json')
    t.equal(await get(app, '/x'), 8)
    t.equal(await get(await of('moved.json'), '/x'), 7)
    t.same(asked, ['/n.json Bearer secret', '/moved.json Bearer secret'])
    t.same(other.asked, ['/n.json -'])
    t.notOk(JSON.stringify(app.mock.config).includes('secret'), 'and do not stand in what the server tells of itself')
  })
})

t.test('case 79: references, however they are written', async t => {
  const document = {
    openapi: '3.1.0',
    info,
    paths: {
      '/a/{b}': { get: { responses: { 200: { $ref: '#/components/responses/Alias' } } } },
      '/into-paths': { get: { responses: { 200: { $ref: '#/paths/~1a~1%7Bb%7D/get/responses/200' } } } },
      '/encoded': { get: of({ $ref: '#/components/schemas/with%20space~1and~0tilde' }) },
      '/unencoded': { get: of({ $ref: '#/components/schemas/with space~1and~0tilde' }) },
      '/beside': { get: of({ $ref: '#/components/schemas/Five', const: 5 }) },
      '/identified': { get: of({ $ref: 'https://example.com/schemas/six' }) },
      '/anchored': { get: of({ $ref: '#seven' }) },
      '/member': { get: of({ $ref: '#/components/schemas/Object/properties/n' }) },
      '/file': { get: of({ $ref: 'schemas/nine.json' }) },
      '/file-part': { get: of({ $ref: 'schemas/ten%20and%20more.yaml#/definitions/ten' }) },
      '/file-back': { get: of({ $ref: 'schemas/back.json' }) }
    },
    components: {
      responses: { Alias: { $ref: '#/components/responses/Real' }, Real: { description: '', content: { 'application/json': { example: 1 } } } },
      schemas: {
        'with space/and~tilde': { const: 4 },
        Five: { type: 'integer' },
        Six: { $id: 'https://example.com/schemas/six', const: 6 },
        Seven: { $anchor: 'seven', const: 7 },
        Object: { $ref: '#/components/schemas/Inner' },
        Inner: { properties: { n: { const: 8 } } },
        Eleven: { const: 11 }
      }
    }
  }
  const folder = t.testdir({
    'api.json': JSON.stringify(document),
    schemas: { 'nine.json': '{"const":9}', 'ten and more.yaml': 'definitions: { ten: { const: 10 } }\n', 'back.json': '{"$ref":"../api.json#/components/schemas/Eleven"}' }
  })
  const app = await build(t, { include: [join(folder, 'api.json')] })
  t.same(warnings(app), [])
  const expected = { '/a/b': 1, '/into-paths': 1, '/encoded': 4, '/unencoded': 4, '/beside': 5, '/identified': 6, '/anchored': 7, '/member': 8, '/file': 9, '/file-part': 10, '/file-back': 11 }
  for (const [path, value] of Object.entries(expected)) t.equal(await get(app, path), value, path)

  const older = await serve(t, { ...withPaths({ '/beside': { get: of({ $ref: '#/components/schemas/Five', enum: [6] }) } }), components: { schemas: { Five: { type: 'integer', enum: [5] } } } })
  t.equal(await get(older, '/beside'), 5, 'before 3.1 what stands beside a reference does not count')
})

const of = (schema: object): object => ({ responses: { 200: { description: '', content: { 'application/json': { schema } } } } })

t.test('case 80: a reference that leads nowhere costs the operation that has it a schema, and no other anything', async t => {
  const app = await serve(t, withPaths({
    '/dangling': { get: of({ type: 'object', required: ['a', 'b'], properties: { a: { $ref: '#/components/schemas/Nope' }, b: { type: 'integer', enum: [7] } } }), post: { ...answers('posted'), parameters: [{ $ref: '#/components/parameters/Nope' }], requestBody: { $ref: '#/components/requestBodies/Nope' } } },
    '/response': { get: { responses: { 200: { $ref: '#/components/responses/Nope' } } } },
    '/sound': { get: answers('sound') }
  }))
  t.equal(await get(app, '/sound'), 'sound')
  t.match(await get(app, '/dangling'), { b: 7 })
  t.equal((await app.inject({ method: 'POST', url: '/dangling' })).json(), 'posted')
  t.equal((await app.inject('/response')).statusCode, 200)
  t.equal(new Set(warnings(app).filter(message => /Nope' leads nowhere/.test(message))).size, 4)
  t.ok(app.mock.warnings.every(({ file, line }) => file !== undefined && line !== undefined), 'each with its line')
})

t.test('case 81: OpenAPI 2.0', async t => {
  const app = await serve(t, {
    swagger: '2.0',
    info,
    basePath: '/v2',
    produces: ['application/json', 'application/xml'],
    consumes: ['application/json'],
    securityDefinitions: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
    paths: {
      '/boats': {
        get: {
          parameters: [
            { name: 'multi', in: 'query', type: 'array', items: integer, collectionFormat: 'multi' },
            { name: 'csv', in: 'query', type: 'array', items: integer },
            { name: 'ssv', in: 'query', type: 'array', items: integer, collectionFormat: 'ssv' },
            { name: 'tsv', in: 'query', type: 'array', items: integer, collectionFormat: 'tsv' },
            { name: 'pipes', in: 'query', type: 'array', items: integer, collectionFormat: 'pipes', maxItems: 2 }
          ],
          responses: { 200: { description: '', schema: { type: 'object' }, examples: { 'application/json': { n: 1 }, 'application/xml': '<n>1</n>' } } }
        },
        post: {
          parameters: [{ name: 'boat', in: 'body', required: true, schema: { $ref: '#/definitions/Boat' } }],
          responses: { 201: { description: '', schema: { $ref: '#/definitions/Boat' } } }
        }
      },
      '/form': { post: { consumes: ['application/x-www-form-urlencoded'], parameters: [{ name: 'n', in: 'formData', type: 'integer', required: true }, { name: 'tags', in: 'formData', type: 'array', items: integer, collectionFormat: 'csv' }], responses: { 200: { description: '' } } } },
      '/file': { get: { produces: ['application/pdf'], responses: { 200: { description: '', schema: { type: 'file' } } } } },
      '/locked': { get: { security: [{ key: [] }], responses: { 200: { description: '' } } } }
    },
    definitions: { Boat: { type: 'object', required: ['n'], properties: { n: { type: 'integer', 'x-nullable': true, 'x-example': 3 } } } }
  })
  t.same(await get(app, '/boats'), { n: 1 })
  t.same(await get(app, '/v2/boats'), { n: 1 }, 'with and without the base path')
  const xml = await app.inject({ url: '/boats', headers: { accept: 'application/xml' } })
  t.match(xml.headers['content-type'], /^application\/xml/)
  t.equal(xml.body, '<n>1</n>')
  for (const [query, status] of [['multi=1&multi=2', 200], ['multi=1', 200], ['multi=x', 400], ['csv=1,2', 200], ['csv=1,x', 400], ['ssv=1%202', 200], ['ssv=1%20x', 400], ['tsv=1%092', 200], ['tsv=1%09x', 400], ['pipes=1|2', 200], ['pipes=1|2|3', 400]] as const) {
    t.equal((await app.inject(`/boats?${query}`)).statusCode, status, query)
  }
  const post = (url: string, payload: string | object, type = 'application/json') => app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
  t.equal((await post('/boats', { n: 1 })).statusCode, 201)
  t.equal((await post('/boats', { n: null })).statusCode, 201)
  t.equal((await post('/boats', {})).statusCode, 400)
  t.equal((await post('/boats', '<n/>', 'application/xml')).statusCode, 415)
  t.equal((await post('/form', 'n=1&tags=1,2', 'application/x-www-form-urlencoded')).statusCode, 200)
  t.equal((await post('/form', 'n=x', 'application/x-www-form-urlencoded')).statusCode, 400)
  t.equal((await post('/form', 'n=1&tags=1,x', 'application/x-www-form-urlencoded')).statusCode, 400)
  const file = await app.inject('/file')
  t.equal(file.headers['content-type'], 'application/pdf')
  t.equal(file.rawPayload.subarray(0, 5).toString(), '%PDF-')
  t.equal((await app.inject('/locked')).statusCode, 401)
  t.equal((await app.inject({ url: '/locked', headers: { 'x-key': 'k' } })).statusCode, 200)
})

t.test('case 82: odd versions and missing parts are told, and served', async t => {
  const paths = { '/x': { get: answers('x') } }
  for (const [head, expected] of [
    [{ openapi: 3.0 }, [/version 3 is not one that is known/, /no 'info'/]],
    [{ openapi: 3.1 }, [/no 'info'/]],
    [{ openapi: '3.1' }, [/no 'info'/]],
    [{ openapi: '3.7.0', info }, [/version 3\.7\.0 is not one that is known; read as 3\.2/]],
    [{ swagger: 2, info }, [/version 2 is not one that is known/]],
    [{ swagger: '1.2', info }, [/version 1\.2 is not one that is known; read as 2\.0/]]
  ] as const) {
    const app = await serve(t, { ...head, paths: 'swagger' in head ? { '/x': { get: { responses: { 200: { description: '', examples: { 'application/json': 'x' } } } } } } : paths })
    t.equal(await get(app, '/x'), 'x')
    tells(t, app, ...expected)
  }
})

t.test('a path in a configuration that could never be met is a mistake', async t => {
  const refuses = async (path: string, message: RegExp) => await t.rejects(build(t, { endpoints: [{ path, response: 1 }] }), { message }, path)
  await refuses('/a?b=1', /has a query.*schema\.querystring/)
  await refuses('/a/:b?c', /has a query/)
  await refuses('/a/{b}?c={d}', /has a query/)
  await refuses('/a#b', /has a fragment/)
  await refuses('/a/:b/:b', /'b' stands twice/)
  await refuses('/a/{b}/{b}', /'b' stands twice/)
  for (const path of ['/a/:b?', '/at/:hour(^\\d?(?:x|y)#?$)/:minute', '/a/{b?}', '/a%3Fb']) await build(t, { endpoints: [{ path, response: 1 }] })
})

t.test('a file that cannot be read is told once, with the reason', async t => {
  const folder = t.testdir({ 'api.json': JSON.stringify(withPaths({ '/a': { get: { responses: { 200: { description: '', content: { 'application/json': { schema: { $ref: 'boat.yaml' } } } } } } } })), 'boat.yaml': 'a: [\nb: c\n' })
  const app = await build(t, { include: [join(folder, 'api.json')] }).catch((error: Error) => error)
  const told = app instanceof Error ? [app.message] : warnings(app)
  t.ok(told.some(message => /'boat\.yaml' cannot be read: \S/.test(message)), told.join())
  t.notMatch(told.join(), /cannot be read: .* cannot be read/)
})

const root = join(import.meta.dirname, '..')

/** The numbers of the rows. */
async function rows (): Promise<number[]> {
  const table = await readFile(join(root, 'docs/openapi-cases.md'), 'utf8')
  return [...table.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
}

/** The numbers that tests begin their names with: `case 46: ...`. */
async function tested (): Promise<Set<number>> {
  const names = (await readdir(join(root, 'test'))).filter(name => name.endsWith('.test.ts'))
  const texts = await Promise.all(names.map(async name => await readFile(join(root, 'test', name), 'utf8')))
  return new Set(texts.flatMap(text => [...text.matchAll(/\.test\(\s*['"`]case (\d+)[: ]/g)].map(([, number]) => Number(number))))
}

t.test('the table of cases has each case once, in order', async t => {
  t.same(await rows(), Array.from({ length: 86 }, (_, index) => index + 1))
})

t.test('each case of the table has a test of its number', async t => {
  const numbers = await tested()
  t.same((await rows()).filter(number => !numbers.has(number)), [])
})
