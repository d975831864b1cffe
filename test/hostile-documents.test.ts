import type { FastifyInstance } from 'fastify'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from './helper.ts'

/**
 * Documents that mean harm. None may cost the process, nor a secret; what is refused is told, and everything else of the
 * document is served.
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

const told = (app: FastifyInstance): string => app.mock.warnings.map(({ message }) => message).join('\n')

t.test('aliases that stand for billions of values', async t => {
  const bomb = ['x-a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]', ...Array.from({ length: 30 }, (_, i) => `x-a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)].join('\n')
  const folder = t.testdir({ 'api.yaml': `openapi: 3.1.0\npaths: {}\n${bomb}\n`, 'other.yaml': 'openapi: 3.1.0\npaths:\n  /sound: { $ref: bomb.yaml }\n', 'bomb.yaml': bomb })
  await t.rejects(build(t, { include: [join(folder, 'api.yaml')] }), { message: /aliases stand for more than/ })
  const app = await build(t, { include: [join(folder, 'other.yaml')] })
  t.match(told(app), /bomb\.yaml' cannot be read: .*aliases stand for more than/, 'in a file that is referred to')
})

t.test('a hundred thousand levels', async t => {
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const objects = `${'{"properties":{"a":'.repeat(50_000)}{}${'}}'.repeat(50_000)}`
  for (const [name, text] of [['a.json', `{"openapi":"3.1.0","x":${nested}}`], ['b.json', `{"openapi":"3.1.0","components":${objects}}`], ['c.yaml', `openapi: 3.1.0\nx: ${nested}\n`], ['d.yaml', `openapi: 3.1.0\nx:\n  ${'- '.repeat(100_000)}a\n`]] as const) {
    const folder = t.testdir({ [name]: text })
    await t.rejects(build(t, { include: [join(folder, name)] }), { message: /nest|deep/ }, name)
  }

  const document = { openapi, info, paths: { '/x': { get: json({ schema: { $ref: 'deep.json' } }) }, '/y': { get: json({ schema: { $ref: 'deep.yaml' } }) }, '/z': { get: json({ examples: { a: { externalValue: 'deep.json' } } }) }, '/sound': SOUND } }
  const folder = t.testdir({ 'api.json': JSON.stringify(document), 'deep.json': objects, 'deep.yaml': nested })
  const app = await build(t, { include: [join(folder, 'api.json')] })
  t.equal((await app.inject('/sound')).body, '"sound"')
  for (const path of ['/x', '/y', '/z']) t.equal((await app.inject(path)).statusCode, 200)
  t.match(told(app), /deep\.json' cannot be read: .*nest/)
  t.match(told(app), /deep\.yaml' cannot be read: .*nest/)
})

t.test('a text of a hundred megabytes', async t => {
  const folder = t.testdir({})
  const scalar = 'a'.repeat(100_000_000)
  for (const [name, text] of [['api.json', `{"openapi":"3.1.0","x":"${scalar}"}`], ['api.yaml', `openapi: 3.1.0\nx: ${scalar}\n`]] as const) {
    await writeFile(join(folder, name), text)
    await t.rejects(build(t, { include: [join(folder, name)] }), { message: /more than 67108864 bytes/ }, name)
  }
  await writeFile(join(folder, 'part.json'), JSON.stringify(withSchema({ $ref: 'api.json' })))
  const app = await build(t, { include: [join(folder, 'part.json')] })
  t.equal((await app.inject('/sound')).body, '"sound"')
  t.match(told(app), /more than 67108864 bytes/)
})

t.test('names that every object has', async t => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']
  const all = <T>(make: (name: string) => T): string => `{${names.map(name => `${JSON.stringify(name)}:${JSON.stringify(make(name))}`).join(',')}}`
  const schemas = all(name => ({ type: 'object', required: [name], properties: { [name]: { type: 'integer', enum: [7] } } })).replaceAll('"properties":{}', '"properties":{"__proto__":{"type":"integer","enum":[7]}}')
  const paths = names.map((name, i) => `"/${name}":${JSON.stringify({ get: json({ schema: { $ref: `#/components/schemas/${name}` } }) })},"/by${i}/{${name}}":${JSON.stringify({
    get: {
      ...json({ example: 'got' }),
      operationId: name,
      tags: [name],
      parameters: ['path', 'query', 'header', 'cookie'].map(where => ({ name, in: where, required: where === 'path', schema: { type: 'integer' } })),
      security: [{ [name]: [] }, {}]
    }
  })}`)
  const app = await serve(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/sound":${JSON.stringify(SOUND)},${paths.join(',')}},"components":{"schemas":${schemas},"examples":${all(() => ({ value: 1 }))},"securitySchemes":${all(() => ({ type: 'http', scheme: 'basic' }))}}}`)
  for (const [i, name] of names.entries()) {
    const answer = await app.inject(`/${name}`)
    t.equal(answer.statusCode, 200, name)
    t.equal(answer.body, `{"${name}":7}`)
    t.equal((await app.inject(`/by${i}/7?${name}=7`)).statusCode, 200, name)
    if (name !== '__proto__') t.equal((await app.inject(`/by${i}/seven`)).statusCode, 400, `${name} is validated`)
    t.equal((await app.inject(`/by${i}/7?${name}[a]=1&${name}[__proto__][polluted]=1`)).statusCode < 500, true)
  }
  t.same(Object.keys(Object.prototype), [])
  t.notOk('polluted' in {})
})

t.test('what would stand in the way of the mock itself', async t => {
  const app = await serve(t, {
    openapi,
    info,
    servers: [{ url: '/__mock' }, ...Array.from({ length: 10_000 }, (_, i) => ({ url: `/v${i}` }))],
    paths: { '/__mock/api/config': { get: json({ example: 'taken over' }) }, '/__reload': { post: json({ example: 'taken over' }) }, '/sound': SOUND }
  })
  t.match((await app.inject('/__mock/api/config')).json(), { name: 'Hostile' })
  t.notMatch((await app.inject({ method: 'POST', url: '/__reload' })).body, 'taken over')
})

t.test('what would break an answer in two', async t => {
  const app = await serve(t, {
    openapi,
    info,
    paths: {
      '/x': { get: { responses: { 200: { description: '', headers: { 'X-A': { example: 'a\r\nset-cookie: b' }, 'bad name': { example: 'a' }, 'Transfer-Encoding': { example: 'chunked' }, Connection: { example: 'close' }, 'Content-Length': { example: '3' } }, content: { 'text/plain\r\nx-b: c': { example: 'body' } } } } } },
      '/y\r\nx': { get: json({ example: 1 }) },
      '/sound': SOUND
    }
  })
  const answer = await app.inject('/x')
  t.notOk('set-cookie' in answer.headers)
  t.notOk('x-b' in answer.headers)
})
