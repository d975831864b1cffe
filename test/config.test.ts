import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { Type } from 'typebox'
import { stringify } from 'yaml'
import type { Config, Endpoint } from '../lib/config.ts'
import { applyEdits, editFile, type Edit } from '../lib/config/edit.ts'
import { editValue } from '../lib/config/edit-value.ts'
import { isConfigInvalid, type ConfigInvalidError } from '../lib/config/invalid.ts'
import { loadConfig, type LoadedConfig, type LoadOptions } from '../lib/config/load.ts'
import { nearest } from '../lib/config/nearest.ts'
import { routeKeys } from '../lib/config/route-key.ts'
import { parseSource } from '../lib/config/source.ts'
import { validateConfig, validateConfigInSlices } from '../lib/config/validate.ts'
import { formatDiagnostic, type Diagnostic } from '../lib/diagnostic.ts'
import { stringifyJson } from '../lib/stringify-json.ts'
import { generatedFiles } from '../scripts/docs.ts'

const top = fileURLToPath(new URL('..', import.meta.url))
const fixtures = join(top, 'fixtures/config')

/** What is wrong with a configuration, empty when nothing is; fails the test on any other error than the one promised. */
async function problems (config: unknown, options: Partial<LoadOptions> = {}): Promise<readonly Diagnostic[]> {
  return (await failure(config, options))?.diagnostics ?? []
}

async function failure (config: unknown, options: Partial<LoadOptions> = {}): Promise<ConfigInvalidError | undefined> {
  try {
    await load(config, options)
    return undefined
  } catch (error) {
    if (isConfigInvalid(error)) return error
    throw error
  }
}

/** Configurations in tests may be wrong on purpose. */
const load = (config: unknown, options: Partial<LoadOptions> = {}): Promise<LoadedConfig> =>
  loadConfig(config as Config, { cwd: fixtures, ...options })

/** Loads texts that stand in no folder. */
const loadTexts = (texts: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}): Promise<LoadedConfig> =>
  load({ include: [Object.keys(texts)[0]] }, {
    cwd: '/nowhere',
    readFile: async path => texts[path.replace('/nowhere/', '')] ?? Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' })),
    ...options
  })

const codes = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code }) => code)

t.test('what is wrong with a file is told with its place and remedy', async t => {
  const bad = join(fixtures, 'bad')
  // Each file (of a folder, the first) stands beside what is told about it.
  const cases = readdirSync(bad, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.txt')).sort()
  t.ok(cases.length > 15)
  for (const path of cases) {
    const file = path.replace(/\.txt$/, '')
    const loaded = await load({ include: [file] }, { cwd: bad }).then(({ diagnostics }) => diagnostics, error => isConfigInvalid(error) ? error.diagnostics : Promise.reject(error))
    const told = loaded.map(diagnostic => `${formatDiagnostic(diagnostic)} (${diagnostic.code})`).join('\n').replaceAll(`${bad}/`, '').replaceAll(bad, '.')
    if (process.env.UPDATE_FIXTURES === '1') writeFileSync(join(bad, path), `${told}\n`)
    t.equal(`${told}\n`, readFileSync(join(bad, path), 'utf8'), file)
  }
})

t.test('the error holds all diagnostics and its message the first of them', async t => {
  const endpoints = Array.from({ length: 8 }, (_, index) => ({ path: `/${index}`, stauts: 200 }))
  const error = await failure({ endpoints })
  t.equal(error?.code, 'MOCK_ERR_CONFIG_INVALID')
  t.equal(error?.diagnostics.length, 8)
  t.same((await failure({ include: ['bad/includes/main.yaml', 'bad/tab.yaml'] }))?.files?.map(file => file.slice(fixtures.length)), [
    '/bad/includes/main.yaml', '/bad/includes/usres.yaml', '/bad/includes/elsewhere/mock.yaml', '/bad/includes/users.yaml', '/bad/tab.yaml'
  ], 'what to watch for a correction')
  t.match(error?.message, /error \/endpoints\/0\/stauts: unknown key 'stauts'; did you mean 'status'\?\n[^]*and 3 more$/)
})

t.test('a configuration that is wrong everywhere is told up to a bound', async t => {
  const found = await problems({ endpoints: Array.from({ length: 5000 }, () => ({ x: 1 })) })
  t.equal(found.length, 101)
  t.match(found.find(({ code }) => code === 'too-many')?.message, /^and \d+ more$/)
})

t.test('a configuration that is no object, or contains itself, is told', async t => {
  for (const config of [null, undefined, 7, 'mock.yaml', true]) t.same(codes(await problems(config)), ['wrong-type'], String(config))
  const endpoint: Record<string, unknown> = { path: '/' }
  endpoint.response = { endpoint }
  t.same(codes(await problems({ endpoints: [endpoint] })), ['too-deep'])
  t.same(codes(validateConfig({ endpoints: [endpoint] })), ['too-deep'])
  t.same(codes(await problems({ include: ['deep.json'] }, { cwd: '/x', readFile: async () => '['.repeat(20_000) + ']'.repeat(20_000) })), ['too-deep'])
  for (const text of ['['.repeat(20_000), '{"a":'.repeat(20_000)]) {
    for (const name of ['deep.json', 'deep.yaml']) {
      t.match(codes(await problems({ include: [name] }, { cwd: '/x', readFile: async () => text })), [/bad-syntax|too-deep/])
    }
  }
})

t.test('several files become one configuration', async t => {
  const loaded = await load({ include: ['good/shop.yaml'] }, { env: { COPY_STATUS: '201' } })
  const { config, files, origins, diagnostics } = loaded
  const endpoints = config.endpoints ?? []

  t.test('endpoints come in the order of the files, each with an id', async t => {
    t.same(endpoints.map(({ id }) => id), [
      'GET /health', 'GET /logo', 'GET /users', 'GET /users (2)', 'GET /users/{id}', 'GET /users/{id}/copy', 'GET /extra', 'POST,PUT /orders', 'cars'
    ])
    t.same(files.map(file => file.replace(`${fixtures}/good/`, '')), ['shop.yaml', 'users/list.json', 'users/one.yml', 'shop-extra.json', 'orders.jsonc', 'cars.yaml'])
  })

  t.test('defaults are those of the own file, then those of the including ones', async t => {
    const { latency_ms: latency, headers } = endpoints[0] ?? {}
    t.same({ latency, headers }, { latency: 5, headers: { 'X-Shop': 'berlin', 'cache-control': 'no-store' } })
    t.match(endpoints[4], { status: 203, latency_ms: { min: 1, max: 2 }, headers: { 'X-Shop': 'berlin' } })
    t.same(endpoints[7]?.headers, undefined, 'what belongs to an answer goes to the answers')
    t.match(endpoints[7], { latency_ms: 5 })
    t.same(endpoints[7]?.responses, [
      { response: '{{request.body}}', status: 202, headers: { 'cache-control': 'no-store', 'x-shop': 'orders' } },
      { status: 409, headers: { 'cache-control': 'no-store', 'X-SHOP': 'closed' }, text: 'closed' }
    ])
    t.match(config.defaults, { latency_ms: 5 }, 'of the file that the root stands for')
  })

  t.test('schemas of one name and other content are renamed, with all that refers to them', async t => {
    t.same(config.schemas, {
      Id: { type: 'string', minLength: 1 },
      Item: { type: 'object', properties: { id: { $ref: '#/schemas/Id' } } },
      'orders.Item': { type: 'integer' },
      Order: { type: 'array', items: { $ref: '#/schemas/orders.Item' } }
    })
    t.same(endpoints[2]?.response_schema, { type: 'array', items: { $ref: '#/schemas/Item' } })
    t.same(endpoints[7]?.schema, { body: { $ref: '#/schemas/Order' }, headers: { $ref: '#/schemas/Id' } })
  })

  t.test('variables are filled in, typed where the place asks for it', async t => {
    t.same(endpoints[4]?.response, { id: '{{request.params.id}}', host: 'localhost', raw: '$' + '{x}' })
    t.equal(endpoints[5]?.status, 201)
    t.same(endpoints[5]?.response, { ...endpoints[4]?.response as object, copy: true }, 'merge keys')
  })

  t.test('keys for the server are collected', async t => {
    t.match(config, { name: 'shop', seed: 7, unknown_method: 405 })
    t.notOk('include' in config)
    t.same(diagnostics, [])
  })

  t.test('each endpoint knows where it comes from', async t => {
    t.same(origins.map(({ file, pointer, locate }) => `${file?.replace(`${fixtures}/good/`, '')} ${pointer} ${locate()?.line}:${locate()?.column}`), [
      'shop.yaml /endpoints/0 15:5', 'shop.yaml /endpoints/1 17:5', 'users/list.json /0 2:3', 'users/list.json /1 3:3', 'users/one.yml /endpoints/0 4:5',
      'users/one.yml /endpoints/1 6:5', 'shop-extra.json /endpoints/0 1:40', 'orders.jsonc /endpoints/0 10:5', 'cars.yaml /endpoints/0 1:13'
    ])
    t.same(origins[7]?.locate('/responses/1/status'), { line: 16, column: 21 })
    t.equal(origins[4]?.folder, join(fixtures, 'good/users'))
    t.notOk(origins[4]?.endpoint !== undefined && 'latency_ms' in origins[4].endpoint, 'as it is written')
  })

  t.test('what was loaded is frozen, and loading it again changes nothing', async t => {
    t.ok([config, config.endpoints, config.schemas, endpoints[0], endpoints[0]?.headers, endpoints[4]?.response, endpoints[7]?.responses?.[0], origins].every(Object.isFrozen))
    const added: Endpoint = { path: '/added' }
    const again = await load({ ...config, endpoints: [...endpoints, added] })
    t.same(again.diagnostics, [], 'files of bodies are not looked for elsewhere')
    t.ok(endpoints.every((endpoint, index) => again.config.endpoints?.[index] === endpoint && again.origins[index] === origins[index]))
    t.match(again.config.endpoints?.at(-1), { id: 'GET /added', latency_ms: 5 })
  })
})

t.test('objects given in code stay their owners\'', async t => {
  const body = Type.Object({ name: Type.String() })
  const shared = Type.Object({ id: Type.Integer() })
  const response = { at: new Date(0), list: [{ deep: true }], none: undefined }
  const headers = { 'x-a': '1' }
  const config = { schemas: { Shared: shared }, endpoints: [{ path: '/a', method: 'POST', schema: { body }, response, headers, status: undefined }], defaults: { status: 201 } }
  const before = structuredClone({ response, headers })
  const loaded = await load(config)
  const [endpoint] = loaded.config.endpoints ?? []
  t.equal(endpoint?.schema?.body, body, 'a TypeBox schema is not copied')
  t.ok('~kind' in body && !Object.isFrozen(body))
  t.equal(loaded.config.schemas?.Shared, shared)
  t.ok(Object.isFrozen(endpoint?.response) && Object.isFrozen(endpoint?.headers) && Object.isFrozen(endpoint?.schema))
  t.notOk([config, config.endpoints, config.endpoints[0], response, response.list, headers, config.endpoints[0]?.schema].some(Object.isFrozen))
  t.same({ response, headers }, before)
  t.equal(endpoint?.status, 201, 'an undefined key is not set')
  t.notOk('id' in (config.endpoints[0] ?? {}))
})

t.test('an include', async t => {
  t.test('reads a file once, whichever way leads to it', async t => {
    const dir = t.testdir({
      'main.yaml': 'include: [one.yaml, ./one.yaml, link.yaml, "*.yaml", sub]\n',
      'one.yaml': 'endpoints: [{ path: /one }]\n',
      sub: { 'a.json': '{ "include": ["../one.yaml"], "endpoints": [{ "path": "/a" }] }', 'notes.txt': 'no configuration', deeper: { 'b.json': 'not read' } }
    })
    symlinkSync(join(dir, 'one.yaml'), join(dir, 'link.yaml'))
    const { config, files } = await load({ include: ['main.yaml'] }, { cwd: dir })
    t.same(config.endpoints?.map(({ path }) => path), ['/one', '/a'])
    t.same(files.map(file => file.slice(dir.length + 1)), ['main.yaml', 'one.yaml', 'sub/a.json'])
  })

  t.test('takes a file that is called like a pattern', async t => {
    const dir = t.testdir({ '[id].json': '[{ "path": "/id" }]' })
    t.equal((await load({ include: ['[id].json'] }, { cwd: dir })).config.endpoints?.length, 1)
  })

  t.test('tells a file that cannot be read', async t => {
    const unreadable = await problems({ include: ['a.json'] }, { cwd: '/x', readFile: () => Promise.reject(new Error('disk on fire')) })
    t.match(unreadable, [{ code: 'unreadable', message: "'a.json' cannot be read: disk on fire", pointer: '/include/0' }])
  })

  t.test('stops when it is told to', async t => {
    await t.rejects(load({ include: ['good/shop.yaml'] }, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  })

  t.test('numbers schemas that would be renamed alike', async t => {
    const text = (type: string) => JSON.stringify({ schemas: { A: { type } }, endpoints: [{ path: `/${type}`, response_schema: { $ref: '#/schemas/A' } }] })
    const { config } = await loadTexts({ 'm.yaml': 'include: [a/x.json, b/x.json, c/x.json]', 'a/x.json': text('string'), 'b/x.json': text('integer'), 'c/x.json': text('boolean') })
    t.same(config.schemas, { A: { type: 'string' }, 'x.A': { type: 'integer' }, 'x.A2': { type: 'boolean' } })
    t.same(config.endpoints?.map(endpoint => endpoint.response_schema), [{ $ref: '#/schemas/A' }, { $ref: '#/schemas/x.A' }, { $ref: '#/schemas/x.A2' }])
  })

  t.test('renames a schema that is the same but for what it refers to', async t => {
    const text = (type: string) => JSON.stringify({ schemas: { A: { type }, List: { items: { $ref: '#/schemas/A' } } }, endpoints: [] })
    const { config } = await loadTexts({ 'm.yaml': 'include: [a.json, b.json]', 'a.json': text('string'), 'b.json': text('integer') })
    t.same(config.schemas?.['b.List'], { items: { $ref: '#/schemas/b.A' } })
  })
})

t.test('an OpenAPI document among the includes', async t => {
  const document = '{ "openapi": "3.1.0",\n  "paths": {\n "/users": { "get": {}, "post": {} } } }'
  const texts = {
    'm.yaml': 'include: [api.json]\nendpoints:\n  - { path: /users, response: mine }\n  - { path: "/x/:any", base_paths: [/v1], method: "*" }\n',
    'api.json': document
  }
  const imported: Config = {
    name: 'api',
    schemas: { User: { type: 'object' } },
    endpoints: [
      { path: '/users', response: 'theirs' },
      { path: '/users', method: 'POST' },
      { path: '/x/{id}', base_paths: ['/v1', '/v2'], method: ['PUT', 'DELETE'] },
      { path: '/users', method: ['post', 'PATCH'] }
    ]
  }
  const importOpenApi = async () => ({ config: imported, warnings: [], files: ['/nowhere/part.json'], pointers: ['/paths/~1users/get', '/paths/~1users/post'] })

  t.test('gives way to what is written by hand', async t => {
    const { config, files, origins, diagnostics } = await loadTexts(texts, { importOpenApi })
    t.same(config.endpoints?.map(({ id, base_paths: basePaths, method }) => ({ id, basePaths, method })), [
      { id: 'GET /users', basePaths: undefined, method: undefined },
      { id: '* /x/:any', basePaths: ['/v1'], method: '*' },
      { id: 'POST /users', basePaths: undefined, method: 'POST' },
      { id: 'PUT,DELETE /x/{id}', basePaths: ['/v2'], method: ['PUT', 'DELETE'] },
      { id: 'PATCH /users', basePaths: undefined, method: ['PATCH'] }
    ])
    t.equal(config.endpoints?.[0]?.response, 'mine')
    t.same(files, ['/nowhere/m.yaml', '/nowhere/api.json', '/nowhere/part.json'])
    t.match(origins[2], { file: '/nowhere/api.json', pointer: '/paths/~1users/post' })
    t.same(origins[2]?.locate(), { line: 3, column: 25 })
    t.match(diagnostics, [{ severity: 'warning', code: 'duplicate-endpoint', message: /^POST,PATCH \/users is already defined at \/nowhere\/api.json:3:25, which is served$/ }])
  })

  t.test('is served without its bad operations', async t => {
    const { config, diagnostics } = await loadTexts({ 'api.json': document }, {
      importOpenApi: async () => ({ config: { endpoints: [{ path: 'bad' }, { path: '/good', response_schema: { $ref: '#/schemas/Nowhere' } }, { path: '/h', headers: { 'a b': 1 } }] }, warnings: [], files: [], pointers: ['/paths/~1users/get'] })
    })
    t.same(config.endpoints?.map(({ path }) => path), ['/good'])
    t.match(diagnostics, [{ severity: 'warning', pointer: '', code: 'bad-header' }, { severity: 'warning', pointer: '/paths/~1users/get', line: 3, code: 'bad-format' }])
  })

  t.test('that cannot be imported is told', async t => {
    const found = await loadTexts({ 'api.json': document }, { importOpenApi: () => Promise.reject(new Error('no paths\nat all')) }).catch((error: ConfigInvalidError) => error.diagnostics)
    t.match(found, [{ code: 'bad-openapi', message: 'the OpenAPI document cannot be imported: no paths', file: '/nowhere/api.json' }])
  })

  t.test('is known by its content', async t => {
    for (const text of ['openapi: 3.1.0\n', '# a comment\n"swagger" : "2.0"\n', '{ "swagger": "2.0" }', '{"info": {}, "openapi": "3.0.0"}']) {
      t.equal(parseSource(text).kind, 'openapi', text)
    }
    for (const text of ['endpoints: []\n', 'name: openapi\n', 'endpoints:\n  - path: /a\n    response: { openapi: 3 }\n', '[]', '{"endpoints": [], "openapi": 1}']) {
      t.equal(parseSource(text).kind, 'config', text)
    }
  })
})

t.test('a source', async t => {
  t.test('is read by its name, or else by its first character', async t => {
    t.same(parseSource('\uFEFF{ "a": 1 }').value, { a: 1 })
    t.same(parseSource('// c\n{ "a": [1,], }').value, { a: [1] })
    t.same(parseSource('a: 1').value, { a: 1 })
    t.same(parseSource('{ a: 1 }', { file: 'x.yml' }).value, { a: 1 })
    t.equal(parseSource('{ a: 1 }', { file: 'x.json' }).errors.length, 1)
  })

  t.test('locates what is in it, and the nearest thing of what is not', async t => {
    const json = parseSource('{\n  "a~/": [\n    1, { "b": 2, "b": 3 }\n  ]\n}', { file: '/x.json' })
    t.same(json.locate('/a~0~1/1/b'), { file: '/x.json', line: 3, column: 23 }, 'of twins, the last counts')
    t.same(json.locate('/a~0~1/1/b', 'key'), { file: '/x.json', line: 3, column: 18 })
    t.same(json.locate('/a~0~1/1/c/d'), { file: '/x.json', line: 3, column: 8 })
    t.same(json.locate(''), { file: '/x.json', line: 1, column: 1 })
    const yaml = parseSource('a: &x\r\n  b: 1\r\nc: [*x]\r\nd:\r\n')
    t.same(yaml.locate('/a/b'), { line: 2, column: 6 })
    t.same(yaml.locate('/c/0/b', 'key'), { line: 2, column: 3 })
    t.same(yaml.locate('/d', 'key'), { line: 4, column: 1 })
    t.same(yaml.locate('/e'), { line: 1, column: 1 })
  })
})

t.test('routes are the same whatever their parameters are called', async t => {
  t.same(routeKeys('/users/{id}'), routeKeys('/users/:name'))
  t.same(routeKeys('/a/:b?'), ['/a', '/a/:'])
  t.same(routeKeys('/x', ['', '/v1']), ['/x', '/v1/x'])
  t.not(routeKeys('/at/:h(^(?:a)$)')[0], routeKeys('/at/:h(^(?:b)$)')[0])
  t.same(routeKeys('/files/{name}.json'), routeKeys('/files/:file.json'))
  t.not(routeKeys('/a/:b')[0], routeKeys('/a/::b')[0])
})

t.test('the nearest name is the one that was meant', async t => {
  const keys = ['path', 'method', 'status', 'latency_ms', 'response', 'responses', 'headers']
  for (const [written, meant] of [['Latency-MS', 'latency_ms'], ['url', 'path'], ['staus', 'status'], ['repsonse', 'response'], ['body', 'response'], ['xyzzy', undefined], ['x'.repeat(1e5), undefined], ['constructor', undefined]] as const) {
    t.equal(nearest(written, keys), meant, written.slice(0, 20))
  }
})

t.test('validation in slices finds the same, and lets others have their turn', async t => {
  const schema = (index: number) => ({ body: { type: 'object', properties: { [`p${index}`]: { type: 'string' }, u: { $ref: '#/schemas/U' } } } })
  const endpoints = Array.from({ length: 3000 }, (_, index) => ({ path: `/r${index}`, method: 'POST', schema: schema(index), ...index % 500 === 7 && { stauts: 1 } }))
  const config = { endpoints, schemas: { U: {} } }
  let turns = 0
  const others = setInterval(() => { turns++ }, 0)
  const found = await validateConfigInSlices(config)
  clearInterval(others)
  t.ok(turns > 2)
  t.same(found, validateConfig(config))
  t.same(found.map(({ pointer }) => pointer), [7, 507, 1007, 1507, 2007, 2507].map(index => `/endpoints/${index}/stauts`))
  const placed = validateConfig([{ path: '/a' }, { path: '/a', stauts: 1 }], pointer => ({ line: pointer.length, column: 1 }))
  t.same(placed.map(({ pointer, line }) => [pointer, line]), [['/1/path', 7], ['/1/stauts', 9]])
})

// JSON has no -0 and no undefined; a dollar would start a variable.
const data = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value).replaceAll('$', '€')))
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const latency = fc.oneof(fc.nat(1000), fc.tuple(fc.nat(100), fc.nat(100)).map(([min, more]) => ({ min, max: min + more })))
const answer = fc.record({
  status: fc.integer({ min: 200, max: 599 }),
  headers: fc.dictionary(name.map(text => `x-${text}`), fc.oneof(name, fc.nat(), fc.array(name, { minLength: 1, maxLength: 3 })), { maxKeys: 3, noNullPrototype: true }),
  response: data,
  latency_ms: latency,
  failure_rate: fc.double({ min: 0, max: 1, noNaN: true }).map(rate => rate + 0)
}, { requiredKeys: [] })
const endpoints = fc.array(fc.tuple(answer, fc.constantFrom('GET', 'post', '*', ['PUT', 'DELETE']), fc.option(fc.array(answer, { minLength: 1, maxLength: 3 }), { nil: undefined })), { maxLength: 5 })
  .map(list => list.map(([flat, method, responses], index) => ({ path: `/r${index}/{id}`, method, ...responses === undefined ? flat : { responses } })))
const configs = fc.record({ name: fc.string().map(text => text.replaceAll('$', '€')), seed: fc.oneof(fc.integer(), name), endpoints }, { requiredKeys: ['endpoints'] })

t.test('any valid configuration is the same as JSON, as YAML and in code', async t => {
  await fc.assert(fc.asyncProperty(configs, async config => {
    const bare = (loaded: LoadedConfig) => JSON.stringify({ ...loaded.config, endpoints: loaded.config.endpoints?.map(({ id, ...endpoint }) => endpoint) }, sortKeys)
    const expected = JSON.stringify(config, sortKeys)
    const texts: Array<Record<string, string>> = [{ 'a.json': JSON.stringify(config) }, { 'a.json': `// c\n${JSON.stringify(config, null, 2)}` }, { 'a.yaml': stringify(config) }]
    for (const text of texts) {
      const found = bare(await loadTexts(text))
      if (found !== expected) throw new Error(`${JSON.stringify(text)} gives ${found}`)
    }
    return bare(await load(config)) === expected
  }), { numRuns: 200 })
})

t.test('JSON with comments keeps every key and every digit', async t => {
  const { config } = await loadTexts({ 'a.jsonc': '{ /* { */ "endpoints": [{ "path": "/a", // "path": "/b"\n "response": { "__proto__": 1, "id": 9007199254740993, "list": ["a,]", [], ], }, }, ], }' })
  t.equal(stringifyJson(config.endpoints?.[0]?.response), '{"__proto__":1,"id":9007199254740993,"list":["a,]",[]]}')
})

const sortKeys = (_: string, value: unknown): unknown => typeof value === 'object' && value !== null && !Array.isArray(value)
  ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
  : value

t.test('a damaged file is refused by the one error there is for that', async t => {
  const files = ['good/shop.yaml', 'good/orders.jsonc', 'good/users/one.yml', 'good/users/list.json', 'bad/unions.yaml', 'bad/wrong-values.json']
  const originals = files.map(path => ({ path: path.replace(/.*\//, ''), text: readFileSync(join(fixtures, path), 'utf8') }))
  const damage = fc.record({
    original: fc.constantFrom(...originals),
    cuts: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(12), text: fc.oneof(fc.constantFrom('{', '}', '[', ']', ':', ',', '"', "'", '- ', '\n', '&a', '*a', '<<: ', '!!x ', '$' + '{A', '%', '\t', '|', '>', '#', '0', '-1', 'null'), fc.string()) }), { minLength: 1, maxLength: 5 })
  })
  await fc.assert(fc.asyncProperty(damage, async ({ original, cuts }) => {
    let { text } = original
    for (const { at, length, text: put } of cuts) {
      const start = Math.floor(at * text.length)
      text = text.slice(0, start) + put + text.slice(start + length)
    }
    const error = await loadTexts({ [original.path]: text }).catch((error: unknown) => error)
    return !(error instanceof Error) || (isConfigInvalid(error) && error.diagnostics.some(({ severity }) => severity === 'error'))
  }), { numRuns: 500 })
})

/** The lines that an edit took away and those that it put in their place. */
function changes (before: string, after: string): { removed: string[], added: string[] } {
  const old = before.split('\n')
  const lines = after.split('\n')
  while (old.length > 0 && lines.length > 0 && old[0] === lines[0]) { old.shift(); lines.shift() }
  while (old.length > 0 && lines.length > 0 && old.at(-1) === lines.at(-1)) { old.pop(); lines.pop() }
  return { removed: old, added: lines }
}

t.test('edits in YAML leave everything else as it is', async t => {
  const text = readFileSync(join(fixtures, 'edit/shop.yaml'), 'utf8')
  const cases: Array<[string, Edit[], { removed: string[], added: string[] }]> = [
    ['a new endpoint goes to the end', [{ op: 'add', pointer: '/endpoints/-', value: { path: '/new', text: 'a\nb\n', response: { list: [1] } } }],
      { removed: [], added: ['  - path: /new', '    text: |', '      a', '      b', '    response:', '      list:', '        - 1'] }],
    ['a key that changed is the only one touched', [{ op: 'replace', pointer: '/endpoints/0', value: { path: '/a', status: 404, response: { id: 1 } } }],
      { removed: ['    status: 200 # for now'], added: ['    status: 404 # for now'] }],
    ['quotes stay', [{ op: 'replace', pointer: '/endpoints/1/headers/x-b', value: 'd' }],
      { removed: ["    headers: { X-A: \"1\", x-b: 'c' }   # two of them"], added: ["    headers: { X-A: \"1\", x-b: 'd' }   # two of them"] }],
    ['a scalar becomes an object', [{ op: 'replace', pointer: '/endpoints/0/status', value: { min: 1 } }],
      { removed: ['    status: 200 # for now'], added: ['    status:', '      min: 1 # for now'] }],
    ['block text becomes other block text', [{ op: 'replace', pointer: '/endpoints/1/text', value: 'one\ntwo\n' }],
      { removed: ['      hello', '      there'], added: ['      one', '      two'] }],
    ['a removed key goes alone', [{ op: 'remove', pointer: '/endpoints/0/status' }],
      { removed: ['    # how it went', '    status: 200 # for now'], added: [] }],
    ['a removed endpoint takes its comment and one blank line along', [{ op: 'remove', pointer: '/endpoints/1' }],
      { removed: ['  # the second', '  - path: /b', '    text: |', '      hello', '      there', "    headers: { X-A: \"1\", x-b: 'c' }   # two of them", ''], added: [] }],
    ['the first key of an endpoint may go', [{ op: 'remove', pointer: '/endpoints/1/path' }],
      { removed: ['  - path: /b', '    text: |'], added: ['  - text: |'] }],
    ['flow style stays flow style', [{ op: 'add', pointer: '/endpoints/2/tags', value: ['x', { y: 1 }] }, { op: 'remove', pointer: '/endpoints/2/status' }],
      { removed: ['  - { path: /c, status: 200 }'], added: ['  - { path: /c, tags: [ x, { y: 1 } ] }'] }],
    ['a new key at the top goes to the end', [{ op: 'add', pointer: '/seed', value: 1 }],
      { removed: [], added: ['seed: 1'] }],
    ['a variable stays when it stands for the value', [{ op: 'replace', pointer: '/defaults', value: { latency_ms: 20, headers: { host: 'b' } } }],
      { removed: ['  headers: { host: "$' + '{HOST}" }'], added: ['  headers: { host: "b" }'] }]
  ]
  for (const [title, edits, expected] of cases) {
    t.same(changes(text, applyEdits(text, 'yaml', edits, { LATENCY: '20', HOST: 'a' })), expected, title)
  }
  const several = applyEdits(text, 'yaml', [{ op: 'remove', pointer: '/endpoints/0' }, { op: 'replace', pointer: '/endpoints/0/path', value: '/bb' }, { op: 'remove', pointer: '/endpoints/1' }])
  t.match(several, /^ {2}# the second\n {2}- path: \/bb\n/m)
  t.notMatch(several, /the first|path: \/c/)
})

t.test('edits in JSON leave everything else as it is', async t => {
  const text = readFileSync(join(fixtures, 'edit/shop.jsonc'), 'utf8')
  const cases: Array<[string, Edit[], { removed: string[], added: string[] }]> = [
    ['a new endpoint goes to the end, behind a comma', [{ op: 'add', pointer: '/endpoints/-', value: { path: '/new', tags: ['a'] } }],
      { removed: ['    { "path": "/c" } // the last'], added: ['    { "path": "/c" }, // the last', '    {', '      "path": "/new",', '      "tags": [', '        "a"', '      ]', '    }'] }],
    ['a key that changed is the only one touched', [{ op: 'replace', pointer: '/endpoints/1', value: { path: '/b', status: 404, response: { x: [1, 2, 3] } } }],
      { removed: ['      "status": 201,'], added: ['      "status": 404,'] }],
    ['what is on one line stays there', [{ op: 'add', pointer: '/endpoints/0/latency_ms', value: 5 }],
      { removed: ['    { "path": "/a", "status": 200 }, // trailing'], added: ['    { "path": "/a", "status": 200, "latency_ms": 5 }, // trailing'] }],
    ['items of a list are told apart', [{ op: 'replace', pointer: '/endpoints/1/response/x', value: [2, 3, 4] }],
      { removed: ['      "response": { "x": [1, 2, 3] }'], added: ['      "response": { "x": [2, 3, 4] }'] }],
    ['the last endpoint takes the comma before it along', [{ op: 'remove', pointer: '/endpoints/2' }],
      { removed: ['    },', '    /* the third,', '     * and last */', '    { "path": "/c" } // the last'], added: ['    }'] }],
    ['the first takes its comment along', [{ op: 'remove', pointer: '/endpoints/0' }],
      { removed: ['    // the first', '    { "path": "/a", "status": 200 }, // trailing'], added: [] }],
    ['a first item is put before the others', [{ op: 'add', pointer: '/endpoints/0', value: { path: '/0' } }],
      { removed: [], added: ['    {', '      "path": "/0"', '    },'] }]
  ]
  for (const [title, edits, expected] of cases) t.same(changes(text, applyEdits(text, 'json', edits)), expected, title)
  t.equal(applyEdits('{"endpoints":[{"path":"/a"}]}', 'json', [{ op: 'add', pointer: '/endpoints/-', value: { path: '/b' } }]), '{"endpoints":[{"path":"/a"},{"path":"/b"}]}')
  t.equal(applyEdits('[\r\n\t{"path": "/a"},\r\n]\r\n', 'json', [{ op: 'add', pointer: '/-', value: 1 }]), '[\r\n\t{"path": "/a"},\r\n\t1,\r\n]\r\n')
  t.equal(applyEdits('\uFEFF{\n  "endpoints": []\n}\n', 'json', [{ op: 'add', pointer: '/endpoints/-', value: 1 }]), '\uFEFF{\n  "endpoints": [\n    1\n  ]\n}\n')
})

t.test('edits of what can hardly be edited are made all the same', async t => {
  const edit = (text: string, ...edits: Edit[]) => parseSource(applyEdits(text, 'yaml', edits)).value
  const aliased = 'base: &b { a: 1 }\nlist:\n  - *b\n  - <<: *b\n    c: 2\n'
  t.same(edit(aliased, { op: 'replace', pointer: '/list/0', value: { a: 2 } }), { base: { a: 1 }, list: [{ a: 2 }, { a: 1, c: 2 }] })
  t.same(edit(aliased, { op: 'replace', pointer: '/base/a', value: 3 }), { base: { a: 3 }, list: [{ a: 1 }, { a: 1, c: 2 }] }, 'only where it was asked for')
  t.same(edit(aliased, { op: 'remove', pointer: '/list/1/a' }), { base: { a: 1 }, list: [{ a: 1 }, { c: 2 }] })
  t.match(applyEdits(aliased, 'yaml', [{ op: 'add', pointer: '/list/1/d', value: 1 }]), /<<: \*b\n {4}c: 2\n {4}d: 1\n/)
  t.same(edit('', { op: 'add', pointer: '/endpoints/-', value: 1 }), { endpoints: [1] })
  t.same(edit('# only a comment\n', { op: 'add', pointer: '/a', value: 1 }), { a: 1 })
  t.equal(applyEdits('a:\n- x: 1', 'yaml', [{ op: 'add', pointer: '/a/-', value: { x: 2, y: [3] } }]), 'a:\n- x: 1\n- x: 2\n  y:\n  - 3')
  t.throws(() => applyEdits('a: 1', 'yaml', [{ op: 'replace', pointer: '/b', value: 1 }]), { code: 'MOCK_ERR_NOT_SAVED', message: /there is nothing at \/b; the file may have changed/ })
  t.throws(() => applyEdits('a: [1', 'yaml', []), { code: 'MOCK_ERR_CONFIG_INVALID' })
  for (const pointer of ['', '/a/0', '/b/0/c', '/b/2', '/c']) t.throws(() => applyEdits('a: 1\nb: [1, 2]', 'yaml', [{ op: 'remove', pointer }]), { code: 'MOCK_ERR_NOT_SAVED' }, pointer)
})

/** A YAML text in the styles that people write, with a comment at each endpoint. */
const written = fc.tuple(endpoints, fc.constantFrom<Array<Record<string, unknown>>>({ indentSeq: true }, { indentSeq: false }, { indent: 4 }, { collectionStyle: 'flow', lineWidth: 0 }, { defaultStringType: 'QUOTE_DOUBLE' }))
  .map(([list, style]) => stringify({ endpoints: list }, style).replaceAll(/^( *- )?( *path: .*)$/gm, '$1$2 # comment'))

const edits = fc.array(fc.record({ op: fc.constantFrom('add', 'replace', 'remove', 'key'), at: fc.nat(4), value: data, key: name }), { minLength: 1, maxLength: 4 })

t.test('any edits of any configuration read as wanted', async t => {
  const check = (text: string, format: 'json' | 'yaml', steps: Array<{ op: string, at: number, value: unknown, key: string }>) => {
    let value = parseSource(text, { format }).value
    const made: Edit[] = []
    for (const { op, at, value: next, key } of steps) {
      const count = (value as { endpoints: unknown[] }).endpoints.length
      const pointer = `/endpoints/${count === 0 ? 0 : at % count}`
      if (count === 0 && op !== 'add') continue
      const edit: Edit = op === 'remove' ? { op, pointer } : op === 'key' ? { op: 'replace', pointer, value: { path: '/k', [key]: next } } : { op: op === 'add' ? 'add' : 'replace', pointer, value: next }
      made.push(edit)
      value = editValue(value, [edit])
    }
    const result = parseSource(applyEdits(text, format, made), { format })
    return result.errors.length === 0 && JSON.stringify(result.value, sortKeys) === JSON.stringify(value, sortKeys)
  }
  fc.assert(fc.property(written, edits, (text, steps) => check(text, 'yaml', steps)), { numRuns: 300 })
  fc.assert(fc.property(endpoints, fc.constantFrom(undefined, 1, 2, '\t'), edits, (list, space, steps) => check(JSON.stringify({ endpoints: list }, null, space).replaceAll('\n', '// c\n'), 'json', steps)), { numRuns: 300 })
})

t.test('what there is nothing of to keep is written anew, in its own language', t => {
  const edits: Edit[] = [{ op: 'add', pointer: '/endpoints', value: [{ path: '/a' }] }]
  t.same(JSON.parse(applyEdits('null', 'json', edits)), { endpoints: [{ path: '/a' }] })
  t.equal(applyEdits('', 'yaml', edits), 'endpoints:\n  - path: /a\n')
  t.end()
})

t.test('a key << that is written is read again as a key', t => {
  const value = { path: '/a', response: { '<<': { x: 1 }, list: [{ '<<': 2 }] } }
  for (const text of ['endpoints: []\n', 'endpoints:\n  - path: /b\n', 'endpoints: [{ path: /b }]\n']) {
    const written = applyEdits(text, 'yaml', [{ op: 'add', pointer: '/endpoints/-', value }])
    t.same(parseSource(written, { format: 'yaml' }).value, { endpoints: [...text.includes('/b') ? [{ path: '/b' }] : [], value] })
  }
  t.end()
})

t.test('an addition touches no other line', async t => {
  fc.assert(fc.property(written.filter(text => !text.includes('{') || text.includes('\n  ')), answer, (text, value) => {
    const before = text.split('\n').filter(line => line.includes('# comment'))
    const after = applyEdits(text, 'yaml', [{ op: 'add', pointer: '/endpoints/-', value }]).split('\n')
    return before.every(line => after.includes(line))
  }), { numRuns: 100 })
})

t.test('a file is replaced in one step and keeps its permissions', async t => {
  const dir = t.testdir({ 'a.yaml': 'endpoints:\n  - path: /a # kept\n' })
  const file = join(dir, 'a.yaml')
  chmodSync(file, 0o640)
  symlinkSync(file, join(dir, 'link.yaml'))
  await editFile(join(dir, 'link.yaml'), [{ op: 'add', pointer: '/endpoints/0/status', value: 201 }])
  t.equal(readFileSync(file, 'utf8'), 'endpoints:\n  - path: /a # kept\n    status: 201\n')
  t.equal(statSync(file).mode & 0o777, 0o640)
  t.same(readdirSync(dir).sort(), ['a.yaml', 'link.yaml'])
  await t.rejects(editFile(file, [{ op: 'remove', pointer: '/nothing' }]), { code: 'MOCK_ERR_NOT_SAVED' })
  t.same(readdirSync(dir).sort(), ['a.yaml', 'link.yaml'], 'nothing is left behind')
})

t.test('what is generated from the schema is up to date', async t => {
  for (const [path, text] of await generatedFiles()) {
    t.ok(readFileSync(join(top, path), 'utf8') === text, `${path} is stale: run \`npm run docs\``)
  }
})

t.test('the published schema agrees with the validation', async t => {
  const published: object = JSON.parse(readFileSync(join(top, 'lib/config.schema.json'), 'utf8'))
  const accepts = new Ajv2020({ strict: false }).compile(published)
  t.ok(accepts(parseSource(readFileSync(join(fixtures, 'good/shop.yaml'), 'utf8')).value))
  t.notOk(accepts(parseSource(readFileSync(join(fixtures, 'bad/unknown-keys.yaml'), 'utf8')).value))
})

t.test('the examples in the reference are valid', async t => {
  const reference = readFileSync(join(top, 'docs/config.md'), 'utf8')
  const examples = [...reference.matchAll(/```(yaml|json)\n([^]*?)```/g)].map(([, , text = '']) => text)
  t.ok(examples.length > 5)
  for (const example of examples) t.same(validateConfig(parseSource(example.replaceAll(/\$\{LATENCY:-0\}/g, '0')).value).filter(({ code }) => code !== 'wrong-type'), [], example)
})

t.test('headers of the connection are warned of, since recordings are full of them', async t => {
  const headers = { 'Transfer-Encoding': 'chunked', 'x-own': '1' }
  t.match(validateConfig({ endpoints: [{ path: '/a', headers, response: 1 }] }), [{ severity: 'warning', code: 'connection-header', pointer: '/endpoints/0/headers/Transfer-Encoding' }])
})

t.test('a key that stands twice in JSON is told with its line: it is allowed, and hardly ever meant', async t => {
  const folder = t.testdir({ 'mock.json': '{\n  "endpoints": [{ "path": "/x", "status": 200,\n    "status": 201 }]\n}' })
  const { config, diagnostics } = await loadConfig({ include: ['mock.json'] }, { cwd: folder })
  t.match(config.endpoints, [{ status: 201 }])
  t.match(diagnostics, [{ severity: 'warning', code: 'duplicate-key', line: 3, column: 5 }])
})

t.test('addresses are read for OpenAPI documents, and for nothing else', async t => {
  const asked: string[] = []
  const load = (...include: string[]) => loadConfig({ include }, {
    cwd: fixtures,
    importOpenApi: async ({ file }) => ({ config: { endpoints: [{ path: `/${file.length}` }] }, warnings: [], files: [] }),
    async readAddress (address) {
      asked.push(address)
      if (address.endsWith('gone.json')) throw new Error('it is answered with 404 Not Found')
      return { text: address.endsWith('mock.json') ? '{ "endpoints": [] }' : '{ "openapi": "3.1.0" }', url: address.replace('moved', 'found') }
    }
  })
  const { origins, files } = await load('https://api.example/moved.json', 'https://api.example/moved.json')
  t.same(asked, ['https://api.example/moved.json'], 'each once')
  t.match(origins, [{ file: 'https://api.example/found.json' }])
  t.same(files, [])
  const told = (include: string) => load(include).catch((error: unknown) => error)
  t.match(await told('https://api.example/mock.json'), { diagnostics: [{ code: 'remote-config', pointer: '/include/0', hint: 'of configurations, only files are read: download it first' }] })
  t.match(await told('https://api.example/gone.json'), { diagnostics: [{ code: 'unreadable', message: "'https://api.example/gone.json' cannot be read: it is answered with 404 Not Found" }] })
})

t.test('what cannot be of schemes and personas', async t => {
  const codes = async (config: object) => (await problems(config)).map(({ code }) => code)
  const jwt = (jwt: object) => codes({ security_schemes: { a: { type: 'oauth2', jwt } } })
  t.same(await jwt({ key: 'nonsense' }), ['bad-key'])
  t.same(await jwt({ algorithms: ['HS256'] }), ['bad-algorithm'])
  t.same(await jwt({ jwks_url: 'http://[' }), ['bad-address'])
  t.same(await jwt({ jwks_url: 'http://issuer.example/jwks' }), ['host-not-allowed'])
  t.same(await jwt({ jwks_url: 'http://issuer.example/jwks', allowed_hosts: ['issuer.example'] }), [])
  t.same(await codes({ personas: { a: { like: 'b' } } }), ['unknown-persona'])
})

t.test('each code of a diagnostic is shown by a fixture or a test', async t => {
  const told = readdirSync(join(fixtures, 'bad'), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.txt')).map(path => readFileSync(join(fixtures, 'bad', path), 'utf8')).join()
  const own = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const folder = join(top, 'lib/config')
  const sources = readdirSync(folder).map(path => readFileSync(join(folder, path), 'utf8')).join()
  const used = new Set([...sources.matchAll(/code: (?:\w+ \? )?'([a-z-]+)'(?: : '([a-z-]+)')?/g)].flatMap(([, ...found]) => found.filter(Boolean)))
  t.ok(used.size > 20)
  // For a keyword that the schema does not use yet.
  used.delete('invalid')
  for (const code of used) t.ok(told.includes(`(${code})`) || own.includes(`'${code}'`), code)
})
