import type { FastifyInstance } from 'fastify'
import { symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadDocument } from '../lib/openapi/load.ts'
import { build } from './helper.ts'

/**
 * References that mean harm: without end, or to what is not the document's business.
 */

const openapi = '3.1.0'
const info = { title: 'Hostile', version: '1' }
const SOUND = { get: { responses: { 200: { description: '', content: { 'application/json': { example: 'sound' } } } } } }

const json = (media: object): object => ({ responses: { 200: { description: '', content: { 'application/json': media } } } })

/** A document of `GET /x`, which answers with this schema, of `POST /x`, which takes it, and of `/sound`, which has nothing wrong. */
const withSchema = (schema: unknown, schemas: object = {}): object => ({
  openapi,
  info,
  paths: {
    '/x': {
      get: json({ schema }),
      post: { ...json({ example: 'taken' }), requestBody: { required: true, content: { 'application/json': { schema } } } }
    },
    '/sound': SOUND
  },
  components: { schemas }
})

async function serve (t: Test, document: object | string, name = 'api.json'): Promise<FastifyInstance> {
  const folder = t.testdir({ [name]: typeof document === 'string' ? document : JSON.stringify(document) })
  const app = await build(t, { include: [join(folder, name)] }, { pluginTimeout: 0 })
  t.equal((await app.inject('/sound')).body, '"sound"', 'what is sound is served')
  return app
}

/** Asks for the generated answer, and posts a body. Whatever is answered, it is answered. */
async function ask (t: Test, app: FastifyInstance, payload: unknown = {}): Promise<void> {
  const answer = await app.inject('/x')
  t.ok(answer.statusCode < 500, `GET is answered with ${answer.statusCode}`)
  t.ok(answer.body.length < 50_000_000, 'and not with more than anybody can take')
  const posted = await app.inject({ method: 'POST', url: '/x', payload: JSON.stringify(payload), headers: { 'content-type': 'application/json' } })
  t.ok(posted.statusCode < 500, `POST is answered with ${posted.statusCode}`)
}

const told = (app: FastifyInstance): string => app.mock.warnings.map(({ message }) => message).join('\n')

const numbered = (count: number, make: (index: number) => unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, make(index)]))

const ref = (index: number): object => ({ $ref: `#/components/schemas/S${index}` })

t.test('a hundred thousand references', async t => {
  const count = 100_000
  const tuple = (length: number, make: (index: number) => object): object => ({ type: 'array', prefixItems: Array.from({ length }, (_, i) => make(i)) })

  await t.test('to one schema', async t => { await serve(t, withSchema(tuple(count, () => ref(0)), { S0: { type: 'integer' } })) })

  await t.test('in a row', async t => {
    const app = await serve(t, withSchema(ref(0), numbered(20_000, i => i === 19_999 ? { type: 'string' } : ref(i + 1))))
    await ask(t, app)
    t.match(told(app), /more than 100 references in a row/)
  })

  await t.test('in a row, each for a property', async t => {
    await ask(t, await serve(t, withSchema(ref(0), numbered(10_000, i => ({ type: 'object', required: ['next'], properties: { next: i === 9_999 ? {} : ref(i + 1) } })))))
  })

  await t.test('through each other', async t => {
    const app = await serve(t, withSchema({ $ref: '#/components/schemas/S0/properties/x' }, numbered(20_000, i => ({ $ref: `#/components/schemas/S${i + 1}/properties/x` }))))
    await ask(t, app)
  })

  await t.test('that lead nowhere', async t => {
    const app = await serve(t, withSchema(tuple(10_000, i => ({ $ref: `#/nowhere/${i}` }))))
    t.match(told(app), /leads nowhere/)
    t.ok(app.mock.warnings.length < 2_000, 'not each of them is told')
  })

  await t.test('into files that there are not', async t => {
    const app = await serve(t, withSchema(tuple(6_000, i => ({ $ref: `no-such-${i}.json` }))))
    t.match(told(app), /there is no such file/)
    t.ok(app.mock.warnings.length < 3_000)
  })
})

t.test('references to what is nobody else\'s business', async t => {
  const SECRET = 'the-secret-of-this-machine'
  let asked = 0
  const server = createServer((_, outgoing) => {
    asked++
    outgoing.end(JSON.stringify({ const: SECRET }))
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0

  const folder = t.testdir({ secret: { 'secret.json': JSON.stringify({ const: SECRET }), 'secret.txt': SECRET }, api: { inside: {} } })
  await symlink(join(folder, 'secret/secret.json'), join(folder, 'api/file-link.json'))
  await symlink(join(folder, 'secret'), join(folder, 'api/folder-link'))
  const secret = `file://${join(folder, 'secret/secret.json')}`
  const refs = [
    '../secret/secret.json', './inside/../../secret/secret.json', '..%2Fsecret%2Fsecret.json', '%2e%2e/secret/secret.json', '..\\secret\\secret.json',
    'file-link.json', 'folder-link/secret.json', join(folder, 'secret/secret.json'), secret, secret.replace('file://', 'file://localhost'), secret.replace('file:///', 'file:/'),
    'file:///etc/passwd', 'file:///proc/self/environ', '/dev/zero', '/dev/stdin',
    `http://127.0.0.1:${port}/a.json`, `http://localhost:${port}/a.json`, `http://[::1]:${port}/a.json`, `http://[::ffff:127.0.0.1]:${port}/a.json`, `http://2130706433:${port}/a.json`, `http://0x7f.1:${port}/a.json`, `http://0:${port}/a.json`,
    `//127.0.0.1:${port}/a.json`, 'http://169.254.169.254/latest/meta-data/', 'http://metadata.google.internal/', 'ftp://127.0.0.1/a', 'data:application/json,{"const":1}', 'javascript:1', 'node:fs', 'blob:x'
  ]
  const file = join(folder, 'api/api.json')
  await writeFile(file, JSON.stringify({
    openapi,
    info,
    paths: {
      '/sound': SOUND,
      ...Object.fromEntries(refs.flatMap(($ref, i) => [
        [`/schema${i}`, { get: json({ schema: { $ref } }) }],
        [`/item${i}`, { $ref }],
        [`/value${i}`, { get: json({ examples: { a: { externalValue: $ref.replace('secret.json', 'secret.txt') } } }) }],
        [`/example${i}`, { get: json({ examples: { a: { $ref } } }) }]
      ]))
    },
    components: { schemas: { Base: { $id: `file://${join(folder, 'secret')}/`, properties: { a: { $ref: 'secret.json' } } }, Web: { $id: `http://127.0.0.1:${port}/`, properties: { a: { $ref: 'a.json' } } } } }
  }))

  await t.test('are refused, whatever they are called', async t => {
    const app = await build(t, { include: [file] })
    t.equal((await app.inject('/sound')).body, '"sound"')
    for (const i of refs.keys()) {
      for (const part of ['schema', 'value', 'example']) {
        const answer = await app.inject(`/${part}${i}`)
        t.equal(answer.statusCode, 200, String(refs[i]))
        t.notMatch(answer.body, SECRET)
      }
    }
    t.notMatch(JSON.stringify(app.mock.config), SECRET)
    t.notMatch(JSON.stringify(app.mock.config), 'root:')
    t.equal(asked, 0, 'nobody was asked')
    t.ok(app.mock.warnings.filter(({ code }) => code === 'unresolved-reference').length >= refs.length * 3, 'each is told')
    t.same(app.mock.files, [file])
  })

  await t.test('also where a server is allowed that sends them on', async t => {
    const moved = createServer((_, outgoing) => { outgoing.writeHead(302, { location: `http://127.0.0.1:${port}/a.json` }).end() })
    await new Promise<void>(resolve => { moved.listen(0, '127.0.0.1', resolve) })
    t.teardown(() => { moved.close() })
    const at = moved.address()
    const origin = `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}`
    const { warnings } = await loadDocument({ text: JSON.stringify(withSchema({ $ref: `${origin}/a.json` })), url: 'https://api.test/' }, { allow: { origins: [origin], private_networks: true } })
    t.ok(warnings.every(({ message }) => message.includes('another origin')), 'each of them')
    t.not(warnings.length, 0)
    t.equal(asked, 0)
  })
})
