import type { Command, Option } from 'commander'
import { build } from 'esbuild'
import Fastify from 'fastify'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import mockPlugin from '../plugins/mock.ts'
import { readEnvironment, variableOf } from '../scripts/commands/environment.ts'
import { parseLatency, parseSeed, parseSize } from '../scripts/commands/option-values.ts'
import { COMMANDS } from '../scripts/inputs.ts'
import { createProgram } from '../scripts/program.ts'
import { allowAllOrigins } from '../scripts/serve/cors.ts'
import { fileFailure } from '../scripts/system-error.ts'

// Most of the time the processes wait for something.
t.jobs = 4

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Bundled as it is published: from its sources each process would take two seconds to start. */
const bundle = t.testdir({})
await build({ entryPoints: [at('scripts/mock-server.ts'), at('scripts/import-openapi.ts')], outdir: bundle, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20.19' })
await copyFile(at('lib/config.schema.json'), join(bundle, 'config.schema.json'))

interface Process {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  stdout: () => string
  stderr: () => string
  code: Promise<number | null>
}

interface Teardown {
  teardown: (callback: () => unknown) => void
}

interface Surroundings {
  cwd: string
  env?: Record<string, string>
  script?: string
}

/** The real thing, as a shell would start it, without what this test's own environment says. */
function run (t: Teardown, args: readonly string[], { cwd, env = {}, script = 'mock-server' }: Surroundings): Process {
  const child = spawn(process.execPath, [join(bundle, `${script}.js`), ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const code = once(child, 'close').then(([code]: unknown[]) => typeof code === 'number' ? code : null)
  t.teardown(() => { if (child.exitCode === null) child.kill('SIGKILL') })
  return { child, stdout: () => stdout, stderr: () => stderr, code }
}

/** One that ends by itself. */
async function finish (t: Teardown, args: readonly string[], surroundings: Surroundings & { input?: string }) {
  const { child, stdout, stderr, code } = run(t, args, surroundings)
  child.stdin.end(surroundings.input ?? '')
  const exitCode = await code
  return { code: exitCode, stdout: stdout(), stderr: stderr() }
}

/** What a process has said once it fits; fails with everything that it said when it does not in time. */
async function until<Result> (process: Process, look: () => Result | undefined): Promise<Result> {
  for (let tries = 0; tries < 1_200; tries++) {
    const found = look()
    if (found !== undefined) return found
    if (process.child.exitCode !== null) break
    await sleep(25)
  }
  throw new Error(`not seen: ${look.toString()}\nstdout: ${process.stdout()}\nstderr: ${process.stderr()}`)
}

interface Line {
  event: string
  [key: string]: unknown
}

const lines = ({ stdout }: Process): Line[] => stdout().split('\n').filter(line => line !== '').map(line => JSON.parse(line))

const seen = (process: Process, event: string, count = 1): Promise<Line> =>
  until(process, () => lines(process).filter(line => line.event === event)[count - 1])

const ESCAPE = '\u001b'

const CONFIG = {
  endpoints: [
    { path: '/users/:id', response: { id: '{{request.params.id}}' } },
    { path: '/slow', latency_ms: 700, response: 'late' },
    { path: '/users', method: 'POST', status: 201 }
  ]
}

const SPEC = `openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets/{id}:
    get:
      operationId: pet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
  /lost:
    get:
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Nope' } } } } }
components:
  schemas:
    Pet: { type: object, required: [id], properties: { id: { type: integer } } }
`

t.test('start serves until it is told to stop, and speaks JSON to machines', async t => {
  const cwd = t.testdir({ 'mock.json': JSON.stringify(CONFIG), ready: 'stale' })
  const file = join(cwd, 'mock.json')
  const server = run(t, ['--port', '0', '--watch', '--ready-file', 'ready', '--log-format', 'json', '--admin-token', 'secret', '--seed', '7', '--max-log', '50'], { cwd })
  const listening = await seen(server, 'listening')
  const url = String(listening.url)

  t.same(listening.samples, ['GET /users/1', 'GET /slow', 'POST /users'].map(line => ({ method: line.split(' ')[0], url: url + line.split(' ')[1] })))
  t.match(listening, { host: '127.0.0.1', pid: server.child.pid, control: `${url}/__mock`, endpoints: 3, files: [file], demo: false, watching: true, warnings: [] })
  t.equal(await until(server, () => existsSync(join(cwd, 'ready')) ? true : undefined).then(() => readFile(join(cwd, 'ready'), 'utf8')), `${url}\n`, 'the ready file holds the URL')

  t.same(await (await fetch(`${url}/users/7`)).json(), { id: '7' })
  t.equal((await fetch(`${url}/userz/7`)).status, 404)
  t.match(await seen(server, 'request'), { method: 'GET', url: '/users/7', status: 200, matched: true, endpoint: 'GET /users/:id' })
  t.match(await seen(server, 'request', 2), { url: '/userz/7', status: 404, matched: false, hint: /Did you mean GET \/users\/:id/ })

  t.equal((await fetch(`${url}/__mock/api/config`)).status, 401, 'control asks for the token')
  const config = await fetch(`${url}/__mock/api/config`, { headers: { authorization: 'Bearer secret' } })
  t.match(await config.json(), { seed: 7, log: { max_entries: 50 } }, 'flags are the root of the configuration')

  const origin = 'https://app.example'
  const cross = await fetch(`${url}/users/7`, { headers: { origin } })
  t.equal(cross.headers.get('access-control-allow-origin'), origin)
  const preflight = await fetch(`${url}/users`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a' } })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-methods'), 'POST')
  t.equal(preflight.headers.get('access-control-allow-headers'), 'x-a')
  for (const path of ['/__mock/api/health', '/%5f_mock/api/health', '/__logs']) {
    t.equal((await fetch(`${url}${path}`, { headers: { origin } })).headers.get('access-control-allow-origin'), null, `${path} is not open to pages`)
  }

  await writeFile(file, JSON.stringify({ endpoints: [...CONFIG.endpoints.slice(1), { path: '/new', response: 1 }] }))
  t.match(await seen(server, 'reloaded'), { added: ['GET /new'], removed: ['GET /users/:id'], changed: [], endpoints: 3 })
  t.equal((await fetch(`${url}/new`)).status, 200)
  await writeFile(file, '{ "endpoints": [{ "path": "/a", "stauts": 1 }] }')
  t.match(await seen(server, 'reload_failed'), { diagnostics: [{ code: 'unknown-key', file, line: 1, hint: /status/ }] })
  t.equal((await fetch(`${url}/new`)).status, 200, 'the last good configuration is still served')

  const late = fetch(`${url}/slow`)
  await sleep(150)
  server.child.kill('SIGTERM')
  t.match(await seen(server, 'stopping'), { signal: 'SIGTERM' })
  t.equal(await (await late).text(), '"late"', 'a request in flight is answered')
  t.equal(await server.code, 0)
  t.match(lines(server).find(({ event, url }) => event === 'request' && url === '/slow'), { status: 200, injected: { latency_ms: 700 } })
  t.match(lines(server).at(-1), { event: 'stopped', drained: true })
  t.equal(server.stderr(), '', 'nothing is said on stderr')
  t.notOk(existsSync(join(cwd, 'ready')), 'the ready file is gone')
})

t.test('without files it serves the demo, set up by the environment, and speaks to people', async t => {
  const cwd = t.testdir({})
  const env = { MOCK_PORT: '0', MOCK_LOG_FORMAT: 'pretty', MOCK_PREFIX: '/shop', MOCK_CORS: 'off', MOCK_WATCH: 'no', MOCK_SEED: '', MOCK_LATENCY: '1-2' }
  const server = run(t, [], { cwd, env })
  const banner = await until(server, () => server.stdout().includes('more:') ? server.stdout() : undefined)
  t.match(banner, /^fastify-mock-server \d+\.\d+\.\d+/)
  t.match(banner, /the demo/)
  t.match(banner, /control +http:\S+\/shop\/__mock\/docs/)
  t.notMatch(banner, /warning/)
  t.notOk(banner.includes(ESCAPE), 'there are no colours where there is no terminal')
  const samples = [...banner.matchAll(/^ {2}([A-Z]+) +(http:\S+)$/gm)]
  t.equal(samples.length, 8)
  for (const [, method = '', url = ''] of samples) {
    const answer = await fetch(url, { method, headers: { origin: 'https://app.example' } })
    t.not(answer.status, 404, `${method} ${url} can be tried`)
    t.equal(answer.headers.get('access-control-allow-origin'), null)
  }
  const origin = new URL(samples[0]?.[2] ?? '').origin
  await fetch(`${origin}/shop/hello/%1b[31m`)
  t.equal((await fetch(`${origin}/shop/menus`)).status, 404)
  await until(server, () => /GET {4}\/shop\/menus 404 \d+ ms, no match: Did you mean GET \S*\/menu\?/.test(server.stdout()) ? true : undefined)
  t.match(server.stdout(), /GET {4}\/shop\/brew 200 \d+ ms, \d+ ms of latency/)
  t.notOk(server.stdout().includes(ESCAPE))
  server.child.kill('SIGINT')
  t.equal(await server.code, 0)
})

t.test('--print-url prints nothing else on stdout; a second signal ends it at once', async t => {
  const cwd = t.testdir({ 'mock.yml': 'endpoints: [{ path: /stuck, latency_ms: 60000 }]' })
  const server = run(t, ['start', 'mock.yml', '-p', '0', '--print-url', '--quiet', '--no-admin', '-v', 'info'], { cwd })
  const url = (await until(server, () => /^http.*\n/.exec(server.stdout())?.[0])).trim()
  t.equal((await fetch(`${url}/__mock/api/health`)).status, 404, 'there is no mock control')
  fetch(`${url}/stuck`).catch(() => {})
  await sleep(150)
  server.child.kill('SIGTERM')
  await until(server, () => server.stderr().includes('"stopping"') ? true : undefined)
  server.child.kill('SIGTERM')
  t.equal(await server.code, 143)
  t.equal(server.stdout(), `${url}\n`)
  t.match(server.stderr(), /"msg":"Server listening at/, "with a level, the server's own log is shown")
  t.notMatch(server.stderr(), /"event":"request"/)
})

t.test('an address that others can reach has a token made for it', async t => {
  const cwd = t.testdir({ 'mock.yaml': 'endpoints: [{ path: /a }]\ncontrol: { path: /_c }' })
  const server = run(t, ['--host', '0.0.0.0', '--port', '0'], { cwd })
  const { url, admin_token: token, control } = await seen(server, 'listening')
  t.type(token, 'string')
  t.equal(control, `${String(url)}/_c`, 'what a file says of control stays')
  t.equal((await fetch(`${String(control)}/api/config`)).status, 401)
  t.equal((await fetch(`${String(control)}/api/config`, { headers: { authorization: `Bearer ${String(token)}` } })).status, 200)
  t.notMatch(server.stdout(), /"event":"request"/, 'machines get no line for each request unless they ask')
})

t.test('what keeps it from starting is told in one line with its remedy', async t => {
  const cwd = t.testdir({
    'mock.json': '{ "endpoints": [] }',
    'broken.yaml': 'endpoints:\n  - path: /a\n    stauts: 200\n  - path: /b\n    response: "{{nope}"\n',
    'wrong.json': '{ "endpoints": [{ "path": "/a", "response": "{{#if}}" }] }',
    empty: {}
  })
  const start = (...args: string[]) => finish(t, args, { cwd })
  const noStack = /\n +at /

  const [missing, command, broken, nothing, readyFile, host] = await Promise.all([
    start('mock.jsno'),
    start('ruotes'),
    start('broken.yaml', 'wrong.json'),
    start('empty'),
    start('mock.json', '--port', '0', '--ready-file', 'no/such/folder'),
    start('mock.json', '--port', '0', '--host', '192.0.2.1')
  ])
  t.equal(missing.code, 4)
  t.match(missing.stderr, /there is no file 'mock\.jsno'\n +did you mean 'mock\.json'\?/)
  t.equal(command.code, 2)
  t.match(command.stderr, /did you mean 'mock-server routes'/)
  t.equal(broken.code, 1)
  t.match(broken.stderr, /^broken\.yaml:3:5 error: unknown key 'stauts' \(\/endpoints\/0\/stauts\)\n {4}3 \| {5}stauts: 200\n {6}\| {5}\^ did you mean 'status'\?/)
  t.equal(broken.stdout, '')
  t.equal(nothing.code, 4)
  t.match(nothing.stderr, /'empty' holds no JSON or YAML file/)
  t.equal(readyFile.code, 4)
  t.match(readyFile.stderr, /the ready file 'no\/such\/folder' cannot be written: there is no such file or folder/)
  t.equal(host.code, 4)
  t.match(host.stderr, /'192\.0\.2\.1' is no address of this machine\n +use --host/)
  for (const { stderr } of [missing, command, broken, nothing, readyFile, host]) t.notMatch(stderr, noStack)
})

t.test('a port in use is told, with the stack only for those who debug', async t => {
  const cwd = t.testdir({})
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const taken = await finish(t, ['--port', String(port), '--log-level', 'debug'], { cwd })
  t.equal(taken.code, 3)
  t.match(taken.stderr, new RegExp(`error: port ${port} on 127\\.0\\.0\\.1 is in use.*\\n.*--port 0`))
  t.match(taken.stderr, /EADDRINUSE[^]*\n +at /)
})

t.test('a file that cannot be read is told', async t => {
  // A link that leads to itself cannot be read by anybody, while root reads whatever permissions say.
  const cwd = t.testdir({ 'mock.json': t.fixture('symlink', 'mock.json') })
  const { code, stderr } = await finish(t, ['mock.json'], { cwd })
  t.equal(code, 4)
  t.match(stderr, /'mock\.json' cannot be read: its symbolic links go round in a circle/)
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' })
  t.match(fileFailure(denied, "'mock.json' cannot be read"), { exitCode: 4, message: "'mock.json' cannot be read: permission denied" })
})

t.test('operations of a resource are counted, with the statuses that they answer with, and a file of rows once', async t => {
  const cwd = t.testdir({
    'mock.yaml': 'collections: { posts: { file: db.json#/posts }, tags: { file: db.json#/tags } }\nendpoints:\n  - resource: posts\n  - resource: { collection: tags, read_only: true }\n',
    'db.json': '{"posts":[{"id":1}],"tags":[{"id":1}]}'
  })
  t.equal((await finish(t, ['validate'], { cwd })).stdout, 'valid: 8 endpoints in 2 files\n')
  t.match((await finish(t, ['routes'], { cwd })).stdout, /^POST {4}\/posts +201 [^]*^DELETE {2}\/posts\/:id +204 /m)
})

t.test('validate and routes tell what would be served', async t => {
  const cwd = t.testdir({
    'mock.json': JSON.stringify({ include: ['spec.yaml'], endpoints: [...CONFIG.endpoints, { path: '/off', enabled: false }] }),
    'spec.yaml': SPEC,
    'broken.yaml': 'endpoints:\n  - path: /a\n    response: "{{nope 1}}"\n',
    empty: {}
  })
  const valid = await finish(t, ['validate'], { cwd })
  t.equal(valid.code, 0)
  t.match(valid.stdout, /warning: \$ref '#\/components\/schemas\/Nope' leads nowhere[^]*valid: 6 endpoints in 2 files, 1 warning\n$/)

  for (const command of ['validate', 'routes', 'verify']) {
    t.match(await finish(t, [command], { cwd: join(cwd, 'empty') }), { code: 4, stderr: /there is no mock\.json, .*mock\.yml in/ }, `${command} does not pass for a demo that nobody asked for`)
  }

  const invalid = await finish(t, ['validate', 'mock.json', 'broken.yaml', '--json'], { cwd })
  t.equal(invalid.code, 1)
  t.match(JSON.parse(invalid.stdout), { valid: false, diagnostics: [{ severity: 'error', message: /nope/, file: join(cwd, 'broken.yaml'), line: 3 }] })

  const table = await finish(t, ['routes'], { cwd })
  t.equal(table.code, 0)
  t.match(table.stdout, /^POST {2}\/users +201 {2}mock\.json:1$/m)
  t.match(table.stdout, /^GET {3}\/off +200 {2}mock\.json:1 \(disabled\)$/m)
  const list = await finish(t, ['routes', 'spec.yaml', '--json'], { cwd })
  t.match(JSON.parse(list.stdout), [{ id: 'pet', methods: ['GET'], path: '/pets/{id}', sample: /^\/pets\/\d+$/ }, { path: '/lost' }])
})

t.test('explain says what becomes of a request, by files or by a server that runs', async t => {
  const config = { endpoints: [{ path: '/orders', method: 'POST', when: { headers: { 'x-tenant': 'acme' }, body: { '/sku': 'A1' } }, status: 201, response: {} }] }
  const cwd = t.testdir({ 'mock.json': JSON.stringify(config), 'order.json': '{"sku": "A1"}' })

  const wrong = await finish(t, ['explain', 'POST', '/orders', '-H', 'X-Tenant: acme', '-d', '{"sku": "A2"}', 'mock.json'], { cwd })
  t.equal(wrong.code, 1)
  t.equal(wrong.stdout, [
    "Body /sku is 'A2', expected 'A1'; the nearest endpoint is POST /orders.",
    "Set /sku of the body to 'A1'; what is asked for is in mock.json:1",
    'Nothing matches, so it is answered with 404.',
    '',
    'POST /orders  mock.json:1',
    '  ✓ path, method, enabled',
    "  ✗ conditions: body /sku is 'A2', expected 'A1'",
    "      set /sku of the body to 'A1'",
    ''
  ].join('\n'))

  const right = await finish(t, ['explain', '/orders', '-H', 'x-tenant: acme', '-d', '@order.json', '--json'], { cwd })
  t.equal(right.code, 0, 'a body makes it a POST, and no file the usual one')
  t.match(JSON.parse(right.stdout), { outcome: { kind: 'answered', status: 201, endpoint: { id: 'POST /orders' } } })
  t.match((await finish(t, ['explain', '/orders', '-d', '-', 'mock.json'], { cwd, input: 'sku=A1' })).stdout, /^Header x-tenant is missing/)

  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(mockPlugin, { ...config, control: { token: 'sesame' } })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const asked = await finish(t, ['explain', 'GET', '/orders', '--url', url, '--token', 'sesame'], { cwd })
  t.match(asked, { code: 1, stdout: /^\/orders is served for POST, not for GET/ })
  await app.inject('/order')
  t.match(await finish(t, ['explain', '--seq', '1', '--url', url], { cwd, env: { MOCK_ADMIN_TOKEN: 'sesame' } }), { code: 1, stdout: /^Segment 1 is 'order'/ })

  t.match(await finish(t, ['explain', '/', '--url', url], { cwd }), { code: 4, stderr: /does not explain it: .*needs the header[^]*--token/ })
  t.match(await finish(t, ['explain', '/', '--url', 'http://127.0.0.1:9'], { cwd }), { code: 4, stderr: /cannot be asked/ })
  t.match(await finish(t, ['explain', 'users', 'mock.json'], { cwd }), { code: 2, stderr: /'users' is not the path of a request, which starts with \/\n.*explain GET \/users/ })
  t.match(await finish(t, ['explain', 'POST', 'users', 'mock.json'], { cwd }), { code: 2, stderr: /'users' is not the path[^]*explain POST \/users/ })
  t.match(await finish(t, ['explain', 'mock.json'], { cwd }), { code: 2, stderr: /'mock.json' is a file, and the request comes before[^]*explain GET \/path mock.json/ })
  t.match(await finish(t, ['explain', '--seq', '1'], { cwd }), { code: 2, stderr: /needs '--url/ })
  t.match(await finish(t, ['explain', '/', '-H', 'nonsense'], { cwd }), { code: 2, stderr: /'name: value'/ })
  t.match(await finish(t, ['explain', '/', '-d', '@nope.json', 'mock.json'], { cwd }), { code: 4, stderr: /nope\.json/ })
})

t.test('an endpoint that is served below several base paths is told once, and what can be clicked first', async t => {
  const operation = { responses: { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } } }
  const boat = { name: 'boat', in: 'path', required: true, schema: { type: 'string', maxLength: 50 } }
  const spec = (more: object = {}) => JSON.stringify({ openapi: '3.1.0', info: { title: 'Harbour', version: '1' }, servers: [{ url: '/api/v3' }], paths: { '/boats': { post: operation, get: operation }, '/boats/{boat}': { parameters: [boat], get: operation }, ...more } })
  const cwd = t.testdir({ 'spec.json': spec(), 'mixed.json': spec({ '/old': { servers: [{ url: '/v1' }], get: operation } }) })

  const table = await finish(t, ['routes', 'spec.json'], { cwd })
  t.match(table.stdout, /^POST {2}\/boats .*\nGET {3}\/boats .*\nGET {3}\/boats\/\{boat\} .*\nall of them also below \/api\/v3\n$/)
  const list = await finish(t, ['routes', 'spec.json', '--json'], { cwd })
  t.match(JSON.parse(list.stdout), [{ path: '/boats' }, { path: '/api/v3/boats', base_path: '/api/v3' }], 'machines are told of all')
  const mixed = await finish(t, ['routes', 'mixed.json'], { cwd })
  t.match(mixed.stdout, /\/api\/v3\/boats [^]*\/v1\/old /, 'where they differ, each is a line')

  const server = run(t, ['spec.json', '--port', '0', '--log-format', 'pretty'], { cwd })
  const banner = await until(server, () => /POST +http/.test(server.stdout()) ? server.stdout() : undefined)
  t.match(banner, /serves +3 endpoints, also below \/api\/v3\n\n +GET .*\/boats\n +GET .*\/boats\/[\w-]+\n +POST .*\/boats\n/)
})

t.test('on a terminal, a request that does not fit and is served is one line, or a warning where requests are not told', async t => {
  const cwd = t.testdir({ 'mock.json': JSON.stringify({ endpoints: [{ path: '/n/:n', schema: { params: { properties: { n: { type: 'integer' } } } }, response: 1 }, { path: '/end', response: 1 }] }) })
  const said = async (...flags: string[]): Promise<string> => {
    const server = run(t, ['--port', '0', '--validate', 'warn', '--log-format', 'pretty', '--ready-file', `ready${flags.join('')}`, ...flags], { cwd })
    const ready = join(cwd, `ready${flags.join('')}`)
    await until(server, () => existsSync(ready) ? true : undefined)
    t.equal((await fetch(`${await readFile(ready, 'utf8').then(text => text.trim())}/n/x`)).status, 200)
    return await until(server, () => server.stdout().includes('must be integer') ? server.stdout() : undefined)
  }
  const [lines, warning] = await Promise.all([said(), said('--quiet')])
  t.match(lines, /GET {4}\/n\/x 200 \d+ ms, path\/n must be integer\n$/)
  t.notMatch(lines, /warn:/)
  t.match(warning, /warn: a request does not fit, and is served/)
})

t.test('whatever reads documents takes the flags for it; a flag of start is told as one', async t => {
  const cwd = t.testdir({ 'spec.yaml': SPEC.replace('paths:', 'servers: [{ url: /v2 }]\npaths:'), 'dev.yaml': 'overlay: 1.0.0\ninfo: { title: Dev, version: "1" }\nactions: [{ target: "$.paths[\'/lost\']", remove: true }]\n' })
  const overlaid = ['spec.yaml', '--overlay', 'dev.yaml', '--base-path', 'keep']
  const [valid, routes, verified, port, serve] = await Promise.all([
    ['validate', ...overlaid], ['routes', ...overlaid], ['verify', ...overlaid], ['validate', 'spec.yaml', '--port', '1'], ['serve', 'spec.yaml']
  ].map(args => finish(t, args, { cwd })))
  t.match(valid, { code: 0, stdout: /valid: 1 endpoint in 2 files\n$/ })
  t.match(routes?.stdout, /^GET {2}\/v2\/pets\/\{id\} .*\n$/)
  t.match(verified, { code: 0, stdout: /verified: 1 answer/ })
  t.match(port, { code: 2, stderr: /unknown option '--port'\n\(it is a flag of 'start'\)/ })
  t.match(serve, { code: 2, stderr: /no command and no file 'serve'\n +did you mean 'mock-server start'/ })
})

t.test('import-openapi', async t => {
  const cwd = t.testdir({ 'spec.yaml': SPEC, 'notes.yaml': 'title: no document' })
  const script = 'import-openapi'

  const first = await finish(t, ['spec.yaml', '--out', 'pets.yaml'], { cwd, script })
  t.equal(first.code, 0, 'degraded operations are no failure')
  t.equal(first.stdout, '')
  t.match(first.stderr, /^Pets 1 \(OpenAPI 3\.1\.0\): 2 operations, 1 complete, 1 degraded[^]*leads nowhere[^]*GET \/lost/)
  t.match(await readFile(join(cwd, 'pets.yaml'), 'utf8'), /^name: Pets\n/)

  const second = await finish(t, ['import-openapi', 'spec.yaml', '-o', 'pets.yaml'], { cwd })
  t.equal(second.code, 4)
  t.match(second.stderr, /'pets\.yaml' exists already\n +use --update to .*, or --force/)

  t.match((await finish(t, ['import-openapi', 'spec.yaml', '--out', '-'], { cwd })).stdout, /^\{\n {2}"name": "Pets"/, '- is stdout')
  t.notOk(existsSync(join(cwd, '-')))

  const piped = await finish(t, ['import-openapi', '-', '--base-path', 'keep'], { cwd, input: SPEC })
  t.equal(piped.code, 0)
  t.match(JSON.parse(piped.stdout), { name: 'Pets', endpoints: [{ path: '/pets/{id}' }, { path: '/lost' }] })
  t.match(piped.stdout, /^\{\n {2}"name"/)

  const none = await finish(t, ['import-openapi', 'notes.yaml', '--out', 'none.json'], { cwd })
  t.equal(none.code, 1)
  t.notOk(existsSync(join(cwd, 'none.json')))
  const served = await finish(t, ['validate', 'pets.yaml'], { cwd })
  t.equal(served.stdout, 'valid: 2 endpoints in 1 file\n')
})

t.test('import-openapi --update and --check', async t => {
  const cwd = t.testdir({ 'spec.yaml': SPEC, sub: {} })
  const file = join(cwd, 'sub/pets.yaml')
  const update = (...args: string[]) => finish(t, ['import-openapi', ...args], { cwd })
  t.equal((await update('spec.yaml', '--out', 'sub/pets.yaml', '--update')).code, 0, 'there is no file yet')
  const [check, served] = await Promise.all([update('--check', '--out', 'sub/pets.yaml'), finish(t, ['validate', 'sub'], { cwd })])
  t.match(check, { code: 0, stdout: /^Pets 1, sub\/pets\.yaml: up to date\n$/ }, 'the document of last time')
  t.match(served, { code: 0, stdout: /2 endpoints in 1 file/ }, 'what was imported last is no configuration')

  const mine = `# ours\n${(await readFile(file, 'utf8')).replace('type: integer', 'type: number # not only whole ones')}`
  await Promise.all([
    writeFile(file, mine),
    writeFile(join(cwd, 'spec.yaml'), SPEC.replace('schema: { type: integer }', 'schema: { type: string }').replace('  /lost:', '  /more: { get: { responses: {} } }\n  /lost:'))
  ])
  const drift = await update('spec.yaml', '--out', 'sub/pets.yaml', '--check', '--json')
  t.equal(drift.code, 1)
  t.match(JSON.parse(drift.stdout), { drift: true, written: false, base: true, changes: [{ what: 'added', name: 'GET /more' }], conflicts: [{ name: 'GET /pets/{id}', mine: 'number', document: 'string', before: 'integer' }] })
  t.match(await update('--out', 'sub/pets.yaml', '--update', '--dry-run'), { code: 5, stdout: /nothing is written/ })
  t.equal(await readFile(file, 'utf8'), mine)

  const merged = await update('spec.yaml', '--out', 'sub/pets.yaml', '--update')
  t.equal(merged.code, 5)
  t.match(merged.stdout, /added {4}GET \/more\nsub\/pets\.yaml:\d+:\d+ conflict: GET \/pets\/\{id\}, schema\/params\/properties\/id\/type: both changed it\n {2}yours {5}"number"\n {2}document {2}"string", was "integer"\n {2}yours is kept\n$/)
  t.match(await readFile(file, 'utf8'), /^# ours\n[^]*type: number # not only whole ones\n[^]*path: \/more\n/)
  t.match(await update('spec.yaml', '--out', 'sub/pets.yaml', '--update'), { code: 0, stdout: /up to date/ })

  await writeFile(`${file}.base`, '<<<<<<< ours\n')
  const [broken, noOut, unknown, away] = await Promise.all([update('--out', 'sub/pets.yaml', '--update'), update('spec.yaml', '--update'), update('spec.yaml', '--prefer', 'mine'), update('--out', 'nope.json', '--check')])
  t.match(broken, { code: 1, stderr: /pets\.yaml\.base' cannot be used[^]*--base/ })
  t.match(noOut, { code: 2, stderr: /'--update' needs '--out <file>'/ })
  t.match(unknown, { code: 2, stderr: /'--prefer' goes with '--update'/ })
  t.match(away, { code: 4, stderr: /there is no file 'nope\.json'/ })
})

t.test('verify', async t => {
  const example = '{ application/json: { schema: { type: integer }, example: five } }'
  const cwd = t.testdir({ 'spec.yaml': `${SPEC}  responses:\n    Bad: { description: bad, content: ${example} }\n`.replace('/lost:\n    get:\n      responses: {', "/lost:\n    get:\n      responses: { '400': { $ref: '#/components/responses/Bad' },") })
  const [broken, tolerated, json, mended] = await Promise.all([
    finish(t, ['verify', 'spec.yaml'], { cwd }),
    finish(t, ['verify', 'spec.yaml', '--allow-broken-examples'], { cwd }),
    finish(t, ['verify', '-', '--json'], { cwd, input: await readFile(join(cwd, 'spec.yaml'), 'utf8') }),
    finish(t, ['import-openapi', 'spec.yaml', '--out', 'mended.json', '--examples', 'generate-broken'], { cwd })
  ])
  t.equal(broken.code, 1)
  t.match(broken.stdout, /^spec\.yaml:16:\d+ example: GET \/lost, 400: the body must be integer\n {4}expected {2}integer\n {4}found {5}"five"\n[^]*at {8}\/components\/responses\/Bad\/content\/application~1json\/example\n1 broken of 3 answers: 1 example, 2 generated\n$/)
  t.match(tolerated, { code: 0, stdout: /verified, 1 tolerated: 3 answers/ })
  t.match(JSON.parse(json.stdout), { ok: false, broken: [{ by: 'document', operation: 'GET /lost', status: 400 }] })
  t.match(mended, { code: 0, stderr: /1 example of 1 operation did not fit the schema: generated instead/ })
  t.match(await finish(t, ['verify', 'mended.json'], { cwd }), { code: 0, stdout: /^verified: 3 answers: 0 examples, 3 generated\n$/ })
})

t.test('start takes addresses, stdin, and references to other folders', async t => {
  const cwd = t.testdir({
    api: { 'spec.yaml': SPEC.replace("'#/components/schemas/Nope'", '../shared/nope.yaml').replace('paths:', 'servers: [{ url: /v1 }]\npaths:') },
    shared: { 'nope.yaml': 'const: found' }
  })
  const files = createHttpServer((_request, response) => { response.end(SPEC) }).listen(0, '127.0.0.1')
  t.teardown(() => files.close())
  await once(files, 'listening')
  const address = `http://127.0.0.1:${(files.address() as AddressInfo).port}/spec.yaml`

  const piped = run(t, ['start', '-', '--port', '0'], { cwd })
  piped.child.stdin.end(SPEC)
  const remote = run(t, [address, '--port', '0'], { cwd })
  const local = run(t, ['api/spec.yaml', '--port', '0', '--base-path', 'keep', '--allow-refs-from', '.'], { cwd })
  for (const server of [piped, remote]) {
    const { url, files } = await seen(server, 'listening')
    t.match(await (await fetch(`${String(url)}/pets/7`)).json(), { id: Number })
    t.same(files, [])
  }
  const { url } = await seen(local, 'listening')
  t.equal(await (await fetch(`${String(url)}/v1/lost`)).json(), 'found')
  t.equal((await fetch(`${String(url)}/lost`)).status, 404)

  const gone = await finish(t, ['http://127.0.0.1:9/spec.yaml', '--port', '0'], { cwd })
  t.match(gone, { code: 1, stderr: /'http:\/\/127\.0\.0\.1:9\/spec\.yaml' cannot be read/ })
})

/** The command line in this process, without running anything. */
async function parse (args: readonly string[]): Promise<{ code: string, exitCode: number, text: string }> {
  let text = ''
  const program = createProgram()
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: part => { text += part }, writeErr: part => { text += part } })
  }
  return program.parseAsync(['node', 'mock-server', ...args]).then(
    () => ({ code: '', exitCode: 0, text }),
    (error: { code: string, exitCode: number }) => ({ code: error.code, exitCode: error.exitCode, text }))
}

t.test('help, version and mistakes in usage', async t => {
  const help = await parse(['--help'])
  t.equal(help.exitCode, 0)
  for (const text of ['Address:', 'Behaviour:', 'Control:', 'Output:', '--no-watch', 'import-openapi', 'Examples:', 'Exit codes:', '70']) t.match(help.text, text)
  t.match((await parse(['start', '--help'])).text, /--failure-rate <share>[^]*Examples:/)
  t.match((await parse(['help', 'import-openapi'])).text, /stdin[^]*--out <file>/)
  t.match((await parse(['--version'])).text, /^fastify-mock-server \d+\.\d+\.\d+\n$/)

  t.match(await parse(['--prot', '1']), { exitCode: 1, text: /Did you mean --port\?/ })
  for (const args of [['--port', '70000'], ['--latency', '300-100'], ['--failure-rate', '2'], ['--body-limit', 'big'], ['--max-log', '-1'], ['--prefix', 'api'], ['--log-format', 'xml'], ['--validate', 'maybe'], ['validate', '--nope']]) {
    t.match(await parse(args), { exitCode: 1, text: /^error: / }, args.join(' '))
  }
  const usage = await finish(t, ['import-openapi'], { cwd: t.testdir({}) })
  t.equal(usage.code, 2)
  t.match(usage.stderr, /missing required argument 'document'/)
})

t.test('a file that is called like a command is told apart', t => {
  t.same([...COMMANDS].sort(), [...createProgram().commands.map(command => command.name()), 'help'].sort())
  t.end()
})

t.test('every flag of start is a variable, and both are documented', async t => {
  const start: Command | undefined = createProgram().commands.find(command => command.name() === 'start')
  const documentation = await readFile(at('docs/cli.md'), 'utf8')
  const rows = [...documentation.matchAll(/^\| (.*?) \| `(MOCK_[A-Z_]+)` \|/gm)]
  const documented = rows.flatMap(([, flags = '', variable]) => [...flags.matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => `${flag} ${variable}`))
  const options: readonly Option[] = start?.options ?? []
  t.same(documented.sort(), options.map(option => `${option.long} ${variableOf(option)}`).sort())
})

t.test('the environment fills in what the command line leaves open', async t => {
  const read = (args: readonly string[], env: Record<string, string>) => {
    const start = createProgram().commands.find(command => command.name() === 'start')
    if (start === undefined) throw new Error('there is no start')
    start.configureOutput({ writeErr: () => {} }).action(() => {})
    start.parse([...args], { from: 'user' })
    readEnvironment(start, env)
    return start.opts()
  }
  t.match(read(['--port', '1'], { MOCK_PORT: '2', MOCK_HOST: '::1' }), { port: 1, host: '::1' })
  t.match(read([], { MOCK_ADMIN: 'off', MOCK_CORS: 'No', MOCK_WATCH: '1', MOCK_PRINT_URL: 'true' }), { admin: false, cors: false, watch: true, printUrl: true })
  t.match(read([], { MOCK_SEED: '7', MOCK_LATENCY: '5', MOCK_BODY_LIMIT: '1kb', MOCK_PORT: '' }), { seed: 7, latency: 5, bodyLimit: 1024, port: 4000 })
  t.throws(() => read([], { MOCK_QUIET: 'perhaps' }), { code: 'commander.invalidArgument' })
  t.throws(() => read([], { MOCK_LOG_LEVEL: 'loud' }), { code: 'commander.invalidArgument' })
})

t.test('values of flags', async t => {
  t.same(['100', '10ms', '100-300', '1.5ms-2ms'].map(parseLatency), [100, 10, { min: 100, max: 300 }, { min: 1.5, max: 2 }])
  t.same(['10mb', '1.5k', '2GiB', '100'].map(parseSize), [10_485_760, 1_536, 2_147_483_648, 100])
  t.same(['7', '-1', '007x', '99999999999999999999'].map(parseSeed), [7, -1, '007x', '99999999999999999999'])
})

t.test('a preflight is answered by an endpoint for OPTIONS where there is one, also after a reload', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  allowAllOrigins(app, '')
  await app.register(mockPlugin, { endpoints: [{ path: '/a', response: 1 }, { path: '/a/{id}', method: 'OPTIONS', status: 200, headers: { 'access-control-allow-origin': 'https://own.example' }, text: 'own' }] })
  const preflight = (url: string) => app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://app.example', 'access-control-request-method': 'PUT' } })
  t.match(await preflight('/a/7?x=1'), { statusCode: 200, body: 'own', headers: { 'access-control-allow-origin': 'https://own.example' } })
  t.match(await preflight('/a'), { statusCode: 204, headers: { 'access-control-allow-origin': 'https://app.example', 'access-control-allow-methods': 'PUT' } })
  await app.mock.reload({ endpoints: [{ path: '/a', response: 1 }] })
  t.match(await preflight('/a/7'), { statusCode: 204, headers: { 'access-control-allow-methods': 'PUT' } })
})
