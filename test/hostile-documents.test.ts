import type { FastifyInstance } from 'fastify'
import { symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadDocument } from '../lib/openapi/load.ts'
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

// Texts and names

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

// References: without end, or to what is not the document's business

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

// Schemas: to be followed, matched or made for ever

t.test('patterns that backtrack for ever', async t => {
  const text = 'a'.repeat(40)
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(?=(a+)+$)a', '(.*)*(.*)*(.*)*!', '^(\\w+\\s?)*$', '(a{0,1000}){0,1000}b', '((a{1,1000}){1,1000}){1,1000}']) {
    await t.test(pattern, async t => {
      const app = await serve(t, {
        openapi,
        info,
        paths: {
          '/x': {
            get: { responses: { 200: { description: '', headers: { 'X-A': { required: true, schema: { type: 'string', pattern } } }, content: { 'application/json': { schema: { type: 'string', pattern, examples: [`${text}!`], minLength: 30 } } } } } },
            post: { ...json({ example: 'taken' }), parameters: [{ name: 'q', in: 'query', schema: { type: 'string', pattern } }], requestBody: { content: { 'application/json': { schema: { type: 'string', pattern } } } } }
          },
          '/y': { get: { responses: { 200: { description: '', content: { 'application/xml': { schema: { type: 'string', pattern } } } } } } },
          '/sound': SOUND
        }
      })
      await ask(t, app, `${text}!`)
      t.ok((await app.inject({ method: 'POST', url: `/x?q=${text}!` })).statusCode < 500)
      t.ok((await app.inject('/y')).statusCode < 500)
    })
  }
})

t.test('enums with a million values', async t => {
  const values = Array.from({ length: 1_000_000 }, (_, i) => i)
  await ask(t, await serve(t, withSchema({ type: 'object', required: ['a'], properties: { a: { enum: values }, b: { type: 'array', uniqueItems: true, items: { enum: values } } } })), { a: 7, b: [1] })
})

t.test('circles of everything', async t => {
  const app = await serve(t, {
    openapi,
    info,
    paths: {
      '/x': {
        get: {
          parameters: [{ $ref: '#/components/parameters/P' }],
          responses: { 200: { description: '', headers: { 'X-H': { $ref: '#/components/headers/H' } }, content: { 'application/json': { schema: ref(0), examples: { a: { $ref: '#/components/examples/E' } } }, 'application/xml': { schema: ref(0) } }, links: { l: { $ref: '#/components/links/L' } } }, 404: { $ref: '#/components/responses/R' } },
          callbacks: { c: { $ref: '#/components/callbacks/C' } },
          security: [{ s: [] }]
        },
        post: { requestBody: { $ref: '#/components/requestBodies/B' }, responses: { 200: { $ref: '#/components/responses/R' } } }
      },
      '/item': { $ref: '#/paths/~1item' },
      '/first': { $ref: '#/paths/~1second' },
      '/second': { $ref: '#/paths/~1first' },
      '/through': { get: json({ schema: { $ref: '#/paths/~1through/get/responses/200/content/application~1json/schema' } }) },
      '/sound': SOUND
    },
    components: {
      parameters: { P: { $ref: '#/components/parameters/P' } },
      headers: { H: { $ref: '#/components/headers/H' } },
      examples: { E: { $ref: '#/components/examples/E' } },
      responses: { R: { $ref: '#/components/responses/R2' }, R2: { $ref: '#/components/responses/R' } },
      requestBodies: { B: { $ref: '#/components/requestBodies/B' } },
      links: { L: { $ref: '#/components/links/L' } },
      callbacks: { C: { $ref: '#/components/callbacks/C' } },
      securitySchemes: { s: { $ref: '#/components/securitySchemes/s' } },
      schemas: {
        S0: { type: 'object', required: ['a', 'b', 'c'], properties: { a: ref(0), b: { type: 'array', minItems: 1, items: ref(0) }, c: ref(1), d: ref(2), e: ref(3), f: ref(4), g: ref(5) }, additionalProperties: ref(0), patternProperties: { '^z': ref(0) }, propertyNames: ref(6) },
        S1: { allOf: [ref(1), ref(0)] },
        S2: { oneOf: [ref(2), { anyOf: [ref(2), ref(1)] }], discriminator: { propertyName: 'kind', mapping: { a: ref(2), b: '#/components/schemas/S2' } } },
        S3: { not: ref(3) },
        S4: { if: ref(4), then: ref(4), else: ref(4) },
        S5: { $ref: '#/components/schemas/S5' },
        S6: { type: 'string', allOf: [ref(7)] },
        S7: { $ref: '#/components/schemas/S6' }
      }
    }
  })
  await ask(t, app, { a: {}, b: [{}], c: {} })
  t.ok((await app.inject({ url: '/x', headers: { accept: 'application/xml' } })).statusCode < 500)
  for (const path of ['/item', '/first', '/second', '/through']) t.ok((await app.inject(path)).statusCode < 500, path)
})

t.test('schemas that apply billions of schemas to one value', async t => {
  const twice = (keyword: string, more: object = {}) => numbered(40, i => i === 39 ? { type: 'object', required: ['never'] } : { [keyword]: [ref(i + 1), { ...more, [keyword]: [ref(i + 1)] }] })
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    await t.test(keyword, async t => {
      const app = await serve(t, withSchema(ref(0), twice(keyword)))
      await ask(t, app, { a: 1 })
      t.match(told(app), /more than 50000 schemas would apply to one value/)
    })
  }
  await t.test('XML of it', async t => {
    const app = await serve(t, { ...withSchema({}, twice('allOf', { properties: { a: { type: 'string' } } })), paths: { '/x': { get: { responses: { 200: { description: '', content: { 'application/xml': { schema: ref(0) }, 'text/csv': { schema: { type: 'array', items: ref(0) } } } } } } }, '/sound': SOUND } })
    t.ok((await app.inject('/x')).statusCode < 500)
  })
  await t.test('in properties', async t => {
    const app = await serve(t, withSchema(ref(0), numbered(40, i => ({ type: 'object', required: ['a', 'b', 'c'], properties: i === 39 ? {} : { a: ref(i + 1), b: ref(i + 1), c: ref(i + 1) } }))))
    await ask(t, app, { a: 1 })
  })
})

t.test('sizes that nobody has', async t => {
  const most = 1e15
  const list = (items: unknown): object => ({ type: 'array', minItems: 100_000, items })
  for (const [name, schema] of Object.entries({
    minItems: list({ type: 'integer' }),
    'minItems, nested': list(list(list(list({ type: 'string' })))),
    'minItems, unique': { type: 'array', minItems: most, uniqueItems: true, items: { type: 'boolean' } },
    'minItems, unique objects': { type: 'array', minItems: 10_000, uniqueItems: true, items: { type: 'object', required: ['a'], properties: { a: { enum: [1, 2] } } } },
    contains: { type: 'array', contains: { type: 'integer' }, minContains: most },
    prefixItems: { type: 'array', prefixItems: Array(5_000).fill({ type: 'integer' }) },
    minLength: { type: 'string', minLength: most },
    'minLength, with a pattern': { type: 'string', minLength: most, pattern: '^a*$' },
    'a repeated pattern': { type: 'string', pattern: '^a{1000000000}$' },
    minProperties: { type: 'object', minProperties: most },
    'minProperties, of few names': { type: 'object', minProperties: most, propertyNames: { enum: ['a', 'b'] } },
    maxProperties: { type: 'object', maxProperties: most, additionalProperties: { type: 'string' } },
    multipleOf: { type: 'number', multipleOf: 1e-300, minimum: 0.1, maximum: 0.2 },
    'multipleOf, large': { type: 'integer', multipleOf: 1e300, minimum: 1 },
    'multipleOf, several': { type: 'integer', allOf: [{ multipleOf: 999_983 }, { multipleOf: 999_979 }, { multipleOf: 999_961 }], minimum: 1 },
    bounds: { type: 'number', minimum: 1e308, exclusiveMaximum: -1e308 },
    required: { type: 'object', required: Array.from({ length: 100_000 }, (_, i) => `p${i}`) },
    properties: { type: 'object', properties: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, { type: 'object', properties: { a: {} } }])) },
    oneOf: { oneOf: Array.from({ length: 1_000 }, (_, i) => ({ type: 'object', required: ['a'], properties: { a: { const: i % 10 } } })) },
    dependentRequired: { type: 'object', dependentRequired: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, [`p${i + 1}`]])), required: ['p0'] }
  })) {
    await t.test(name, async t => { await ask(t, await serve(t, withSchema(schema)), [1]) })
  }
})
