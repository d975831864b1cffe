import type { FastifyInstance } from 'fastify'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from './helper.ts'

/**
 * Schemas that mean harm: to be followed, matched or made for ever. None may cost the process.
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
