import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import type { Config, JsonSchema } from '../lib/config.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument } from '../lib/openapi/load.ts'
import { build } from './helper.ts'

// Cases 45 to 58 of what a correct OpenAPI mock has to handle: schemas, as seen in answers and in what becomes of requests.

type Schemas = Record<string, unknown>

interface Served {
  app: FastifyInstance
  config: Config
  reasons: string[]
}

/** A document with one operation, `GET /thing`, that answers with a schema, and `POST /thing` that takes one. */
function documentOf (schema: unknown, schemas: Schemas = {}, version = '3.0.3'): object {
  if (version === '2.0') {
    return {
      swagger: '2.0',
      info: { title: 'Cases', version: '1' },
      paths: {
        '/thing': {
          get: { produces: ['application/json'], responses: { 200: { description: 'ok', schema } } },
          post: { consumes: ['application/json'], parameters: [{ in: 'body', name: 'body', required: true, schema }], responses: { 204: { description: 'ok' } } }
        }
      },
      definitions: schemas
    }
  }
  const content = { 'application/json': { schema } }
  return {
    openapi: version,
    info: { title: 'Cases', version: '1' },
    paths: {
      '/thing': {
        get: { responses: { 200: { description: 'ok', content } } },
        post: { requestBody: { required: true, content }, responses: { 204: { description: 'ok' } } }
      }
    },
    components: { schemas }
  }
}

async function serve (t: Test, document: object): Promise<Served> {
  const { document: loaded } = await loadDocument({ document })
  const { config, report } = importDocument(loaded, { check_answers: true })
  const app = await build(t, config)
  return { app, config, reasons: [...report.degraded.map(({ reason }) => reason), ...report.warnings.map(({ message }) => message)] }
}

async function answer (app: FastifyInstance, url = '/thing', headers: Record<string, string> = {}): Promise<unknown> {
  const response = await app.inject({ url, headers })
  return response.statusCode === 200 ? response.json() : `status ${response.statusCode}: ${response.body}`
}

const seeds = (count: number): string[] => Array.from({ length: count }, (_, seed) => `seed=${seed}`)

/** Answers of several seeds, each judged by Ajv against the schema as 3.1 would write it. */
async function answers (t: Test, served: Served, expected?: JsonSchema, shared: Schemas = {}): Promise<unknown[]> {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  const validate = expected === undefined ? undefined : ajv.compile(typeof expected === 'boolean' ? expected : { ...expected, components: { schemas: shared } })
  const made = []
  for (const prefer of seeds(12)) {
    const value = await answer(served.app, '/thing', { prefer })
    if (validate !== undefined) t.ok(validate(value), `${ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`)
    made.push(value)
  }
  return made
}

async function status (app: FastifyInstance, payload: unknown): Promise<number> {
  const response = await app.inject({ method: 'POST', url: '/thing', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })
  return response.statusCode
}

/** Which of these bodies are taken. */
async function taken (app: FastifyInstance, bodies: readonly unknown[]): Promise<boolean[]> {
  const verdicts = []
  for (const body of bodies) verdicts.push(await status(app, body) === 204)
  return verdicts
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string' }
const object = (properties: Schemas, required: string[] = Object.keys(properties), more: Schemas = {}) => ({ type: 'object', properties, required, ...more })

t.test('case 45: circles through optional properties and lists end, and what is required is there', async t => {
  const schemas = {
    Node: object({ v: { type: 'integer' }, next: ref('Node'), children: { type: 'array', items: ref('Node') }, byName: { type: 'object', additionalProperties: ref('Node') } }, ['v'])
  }
  const served = await serve(t, documentOf(ref('Node'), schemas))
  for (const value of await answers(t, served, ref('Node'), schemas)) t.hasProps(Object(value), ['v'])
  t.same(served.reasons, [], 'nothing is lost')
})

t.test('case 46: a circle that never ends is cut with the least that is wrong', async t => {
  const schemas = { Chain: object({ v: { type: 'integer' }, next: ref('Chain') }) }
  const { app, reasons } = await serve(t, documentOf(ref('Chain'), schemas))
  t.match(reasons.join(), /the body of 200: no value that ends can satisfy this schema/)
  const value = await answer(app)
  t.type(value, 'object')
  t.ok(JSON.stringify(value).length < 2_000, 'it is short')
  t.match(value, { v: Number }, 'the rest is as it should be')
})

t.test('case 46: the way out of a circle is taken where there is one', async t => {
  const schemas = {
    Expression: { oneOf: [object({ op: text, left: ref('Expression'), right: ref('Expression') }), object({ value: { type: 'number' } })] },
    Tree: object({ parent: { ...ref('Tree'), nullable: true }, kids: { type: 'array', minItems: 1, items: { anyOf: [ref('Tree'), text] } } })
  }
  const served = await serve(t, documentOf(object({ expression: ref('Expression'), tree: { type: 'array', items: ref('Expression'), minItems: 2 } }), schemas))
  await answers(t, served, object({ expression: ref('Expression'), tree: { type: 'array', items: ref('Expression'), minItems: 2 } }), schemas)
})

t.test('case 47: circles across files', async t => {
  const folder = t.testdir({})
  await mkdir(join(folder, 'schemas'))
  await writeFile(join(folder, 'api.json'), JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Files', version: '1' },
    paths: { '/thing': { get: { responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: 'schemas/person.json' } } } } } } } }
  }))
  await writeFile(join(folder, 'schemas/person.json'), JSON.stringify(object({ name: text, company: { $ref: './company.json#/Company' } })))
  await writeFile(join(folder, 'schemas/company.json'), JSON.stringify({ Company: object({ title: text, staff: { type: 'array', items: { $ref: 'person.json' } } }) }))
  const { document, warnings } = await loadDocument({ file: join(folder, 'api.json') })
  const { config, report } = importDocument(document)
  const app = await build(t, config)
  t.match(await answer(app), { name: String, company: { title: String, staff: Array } })
  t.same([warnings, report.degraded], [[], []])
})

t.test('case 48: allOf is one schema: nested, with required beside it and bounds that meet', async t => {
  const schemas = {
    Base: object({ id: { type: 'integer', minimum: 1 }, name: text }, []),
    Middle: { allOf: [ref('Base'), { allOf: [{ type: 'object', properties: { id: { maximum: 5 }, size: { type: 'integer', minimum: 3 } } }] }] }
  }
  const schema = { allOf: [ref('Middle'), { type: 'object', properties: { size: { type: 'integer', maximum: 4 }, name: { type: 'string', minLength: 3 } } }], required: ['id', 'size', 'name'] }
  const served = await serve(t, documentOf(schema, schemas))
  for (const value of await answers(t, served, schema, schemas)) t.hasProps(Object(value), ['id', 'size', 'name'])
  t.same(await taken(served.app, [{ id: 3, size: 3, name: 'abc' }, { id: 3, size: 9, name: 'abc' }, { id: 3, size: 3 }]), [true, false, false])
})

t.test('case 48: allOf that nothing satisfies gives the nearest, and is told', async t => {
  const closed = { allOf: [object({ a: text }, ['a'], { additionalProperties: false }), object({ b: text }, ['b'])] }
  const { app, reasons } = await serve(t, documentOf(closed))
  t.match(await answer(app), { a: String })
  t.match(reasons.join('\n'), /^the body of 200: no value that ends can satisfy this schema|does not satisfy/)
})

t.test('case 49: of oneOf exactly one branch holds, also where the branches overlap', async t => {
  const overlapping = { oneOf: [object({ a: text }, ['a']), object({ a: text, b: text }, ['a', 'b'])] }
  await answers(t, await serve(t, documentOf(overlapping)), overlapping)
  const numbers = { oneOf: [{ type: 'integer' }, { type: 'number', minimum: 10 }] }
  await answers(t, await serve(t, documentOf(numbers)), numbers)
  const loose = { oneOf: [{ type: 'object', properties: { cat: text } }, { type: 'object', properties: { dog: { type: 'integer' } } }] }
  await answers(t, await serve(t, documentOf(loose)), loose)
})

t.test('case 49: a branch with an example is the one that is shown', async t => {
  const schema = { oneOf: [object({ kind: text }, ['kind'], { additionalProperties: false }), { ...object({ kind: text, name: text }), example: { kind: 'b', name: 'shown' } }] }
  const { app } = await serve(t, documentOf(schema))
  t.match(await answer(app), { name: 'shown' })
})

const PETS = {
  Cat: object({ petType: text, hunts: { type: 'boolean' } }),
  Dog: object({ petType: text, packSize: { type: 'integer' } })
}

t.test('case 50: discriminator: a mapping by name and by reference', async t => {
  const schema = { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'petType', mapping: { kitty: '#/components/schemas/Cat', doggo: 'Dog' } } }
  const served = await serve(t, documentOf(schema, PETS))
  for (const value of await answers(t, served)) {
    t.match(value, { petType: /^(kitty|doggo)$/ })
    t.hasProps(Object(value), [Reflect.get(Object(value), 'petType') === 'kitty' ? 'hunts' : 'packSize'])
  }
  const bodies = [{ petType: 'kitty', hunts: true }, { petType: 'doggo', packSize: 3 }, { petType: 'kitty', packSize: 3 }, { petType: 'doggo', hunts: true }]
  t.same(await taken(served.app, bodies), [true, true, false, false])
})

t.test('case 50: discriminator: without a mapping the names count', async t => {
  const schema = { anyOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'petType' } }
  const served = await serve(t, documentOf(schema, PETS, '3.1.0'))
  for (const value of await answers(t, served)) t.match(value, { petType: /^(Cat|Dog)$/ })
  t.same(await taken(served.app, [{ petType: 'Cat', hunts: true }, { petType: 'Dog', hunts: true }]), [true, false])
})

t.test('case 50: discriminator: heirs by allOf', async t => {
  const schemas = {
    Pet: { ...object({ petType: text, name: text }), discriminator: { propertyName: 'petType', mapping: { c: '#/components/schemas/Kitten' } } },
    Kitten: { allOf: [ref('Pet'), object({ hunts: { type: 'boolean' } })] },
    Puppy: { allOf: [ref('Pet'), object({ packSize: { type: 'integer' } })] }
  }
  const served = await serve(t, documentOf(ref('Pet'), schemas))
  for (const value of await answers(t, served)) t.match(value, { petType: String, name: String })
  const bodies = [{ petType: 'c', name: 'a', hunts: true }, { petType: 'Puppy', name: 'a', packSize: 1 }, { petType: 'c', name: 'a', packSize: 1 }, { petType: 'Puppy', name: 'a', hunts: false }]
  t.same(await taken(served.app, bodies), [true, true, false, false])
  const heir = await serve(t, documentOf(ref('Kitten'), schemas))
  t.match(await answer(heir.app), { petType: 'c', hunts: Boolean })
})

t.test('case 50: discriminator of 2.0 is a name', async t => {
  const definitions = {
    Pet: { type: 'object', discriminator: 'petType', required: ['petType'], properties: { petType: text } },
    Cat: { allOf: [{ $ref: '#/definitions/Pet' }, object({ hunts: { type: 'boolean' } })] }
  }
  const served = await serve(t, documentOf({ $ref: '#/definitions/Pet' }, definitions, '2.0'))
  t.same(await taken(served.app, [{ petType: 'Cat', hunts: true }, { petType: 'Cat' }]), [true, false])
})

t.test('case 50: defaultMapping of 3.2 is what counts without the property, and for values that name nothing', async t => {
  const schemas = { Cat: object({ petType: text, hunts: { type: 'boolean' } }, ['hunts']), Dog: object({ petType: text, packSize: { type: 'integer' } }, ['packSize']) }
  const schema = { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'petType', defaultMapping: 'Dog' } }
  const served = await serve(t, documentOf(schema, schemas, '3.2.0'))
  const bodies = [{ petType: 'Cat', hunts: true }, { packSize: 3 }, { petType: 'wolf', packSize: 3 }, { hunts: true }, { petType: 'wolf', hunts: true }, { petType: 'Cat', packSize: 2 }]
  t.same(await taken(served.app, bodies), [true, true, true, false, false, false])
})

t.test('case 51: nullable: beside a type, without one, with $ref, allOf and enum', async t => {
  const schemas = { Thing: object({ a: text }) }
  const schema = object({
    plain: { type: 'string', nullable: true },
    untyped: { nullable: true },
    ref: { ...ref('Thing'), nullable: true },
    all: { allOf: [ref('Thing')], nullable: true },
    listed: { type: 'string', enum: ['a', 'b'], nullable: true }
  })
  const served = await serve(t, documentOf(schema, schemas))
  const nulls = { plain: null, untyped: null, ref: null, all: null, listed: null }
  t.same(await taken(served.app, [nulls, { ...nulls, plain: 'x', ref: { a: 'x' }, all: { a: 'x' }, listed: 'b' }, { ...nulls, listed: 'c' }, { ...nulls, ref: {} }]), [true, true, false, false])
  t.match(await answer(served.app), { plain: String, ref: { a: String }, all: { a: String }, listed: /a|b/ }, 'what may be null is shown filled')
  const strict = await serve(t, documentOf(object({ a: { type: 'string' } })))
  t.same(await taken(strict.app, [{ a: null }]), [false])
})

t.test('case 52: the keywords of 3.1 in answers and requests', async t => {
  const schemas = { Named: { title: 'a name', ...text } }
  const schema = object({
    types: { type: ['null', 'string'] },
    fixed: { const: 42 },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
    either: { ...object({ kind: { enum: ['a', 'b'] } }, ['kind']), if: { properties: { kind: { const: 'a' } } }, then: object({ onlyA: text }, ['onlyA']), else: object({ onlyB: text }, ['onlyB']) },
    card: { ...object({ number: text, expires: text }, ['number']), dependentRequired: { number: ['expires'] } },
    sibling: { ...ref('Named'), minLength: 4, maxLength: 6 },
    anything: true,
    holds: { type: 'array', contains: { const: 7 }, minContains: 1, items: { type: 'integer' } }
  }, undefined, { unevaluatedProperties: false })
  const served = await serve(t, documentOf(schema, schemas, '3.1.0'))
  const [value] = await answers(t, served, schema, schemas)
  t.equal(await status(served.app, value), 204)
  t.equal(await status(served.app, { ...Object(value), more: 1 }), 400, 'unevaluatedProperties')
  t.equal(await status(served.app, { ...Object(value), pair: ['a', 1, 2] }), 400, 'items: false')
  t.equal(await status(served.app, { ...Object(value), sibling: 'toolong' }), 400, 'beside $ref')
  t.equal(await status(served.app, { ...Object(value), card: { number: '1' } }), 400, 'dependentRequired')
  t.same(served.reasons, [])
})

t.test('case 52: unevaluatedProperties sees through allOf, and unevaluatedItems beyond prefixItems', async t => {
  const schema = { allOf: [object({ a: text }), { if: object({ b: { const: 1 } }), then: object({ c: text }, []) }], properties: { b: { type: 'integer' } }, unevaluatedProperties: false }
  const served = await serve(t, documentOf(schema, {}, '3.1.0'))
  await answers(t, served, schema)
  t.same(await taken(served.app, [{ a: 'x' }, { a: 'x', b: 1, c: 'y' }, { a: 'x', c: 'y' }, { a: 'x', d: 1 }]), [true, true, false, false])
  const list = { type: 'array', prefixItems: [text], unevaluatedItems: { type: 'integer' }, minItems: 3 }
  const lists = await serve(t, documentOf(list, {}, '3.1.0'))
  await answers(t, lists, list)
  t.same(await taken(lists.app, [['a', 1, 2], ['a', 'b', 2]]), [true, false])
})

t.test('case 52: $defs, $anchor and $id are followed', async t => {
  const schemas = {
    Order: { ...object({ line: { $ref: '#/components/schemas/Order/$defs/Line' }, total: { $ref: '#money' } }), $defs: { Line: object({ sku: { type: 'string', minLength: 2 } }) } },
    Money: { $anchor: 'money', ...object({ amount: { type: 'number' } }) },
    Tag: { $id: 'https://example.com/schemas/tag', type: 'string', maxLength: 5 }
  }
  const { app, reasons } = await serve(t, documentOf(object({ order: ref('Order'), tag: { $ref: 'https://example.com/schemas/tag' } }), schemas, '3.1.0'))
  t.match(await answer(app), { order: { line: { sku: String }, total: { amount: Number } }, tag: /^.{0,5}$/ })
  t.same(await taken(app, [{ order: { line: { sku: 'ab' }, total: { amount: 1 } }, tag: 'x' }, { order: { line: { sku: 'a' }, total: { amount: 1 } }, tag: 'x' }, { order: { line: { sku: 'ab' }, total: {} }, tag: 'x' }]), [true, false, false])
  t.same(reasons, [])
})

t.test('case 52: $dynamicRef leads to what the outermost schema puts there', async t => {
  const schemas = {
    Page: { $id: 'https://example.com/page', $dynamicAnchor: 'page', ...object({ items: { type: 'array', minItems: 1, items: { $dynamicRef: '#item' } } }), $defs: { item: { $dynamicAnchor: 'item', not: {} } } },
    UserPage: { $id: 'https://example.com/user-page', $ref: 'https://example.com/page', $defs: { item: { $dynamicAnchor: 'item', ...object({ user: text }) } } }
  }
  const { app, reasons } = await serve(t, documentOf(ref('UserPage'), schemas, '3.1.0'))
  t.match(await answer(app), { items: [{ user: String }] })
  t.same(await taken(app, [{ items: [{ user: 'x' }] }, { items: [{ user: 1 }] }]), [true, false])
  t.same(reasons, [])
})

t.test('case 53: the dialect of 3.0: exclusive bounds are true or false', async t => {
  const schema = object({ above: { type: 'integer', minimum: 3, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true }, from: { type: 'integer', minimum: 3, exclusiveMinimum: false } })
  const { app } = await serve(t, documentOf(schema))
  t.match(await answer(app), { above: 4 })
  t.same(await taken(app, [{ above: 4, from: 3 }, { above: 3, from: 3 }, { above: 5, from: 3 }]), [true, false, false])
})

t.test('case 53: the dialect of 2.0: x-nullable, type file, exclusive bounds', async t => {
  const schema = object({ maybe: { type: 'string', 'x-nullable': true }, above: { type: 'number', minimum: 0, exclusiveMinimum: true } })
  const { app } = await serve(t, documentOf(schema, {}, '2.0'))
  t.same(await taken(app, [{ maybe: null, above: 1 }, { maybe: 'x', above: 0 }]), [true, false])
  const file = await serve(t, documentOf({ type: 'file' }, {}, '2.0'))
  t.equal((await file.app.inject('/thing')).statusCode, 200)
})

t.test('case 54: writeOnly is not in answers, readOnly is; each counts as required in its own direction alone', async t => {
  const schemas = { Secret: { type: 'string', writeOnly: true }, User: object({ id: { type: 'integer', readOnly: true }, name: text, password: ref('Secret') }) }
  const { app } = await serve(t, documentOf(ref('User'), schemas))
  const value = Object(await answer(app))
  t.same(Object.keys(value), ['id', 'name'])
  t.same(await taken(app, [{ name: 'a', password: 'b' }, { name: 'a' }]), [true, false])
})

t.test('case 55: formats: those that are known are kept, others ask nothing', async t => {
  const formats = ['date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'uuid', 'json-pointer', 'regex', 'byte']
  const schema = object(Object.fromEntries([...formats, 'password', 'binary', 'made-up', 'phone'].map(format => [format, { type: 'string', format }])))
  const numbers = object({ small: { type: 'integer', format: 'int32' }, large: { type: 'integer', format: 'int64' }, part: { type: 'number', format: 'float' }, half: { type: 'number', format: 'made-up' } })
  const served = await serve(t, documentOf(object({ texts: schema, numbers })))
  const [value] = await answers(t, served, object({ texts: schema, numbers }))
  t.equal(await status(served.app, value), 204)
})

t.test('case 55: integers of 64 bits and long decimals keep their digits in answers', async t => {
  const folder = t.testdir({
    'api.yaml': `
openapi: 3.0.3
info: { title: Digits, version: '1' }
paths:
  /example:
    get: { responses: { '200': { description: ok, content: { application/json: { example: { id: 9223372036854775807, price: 1234567890.12345678901, few: 0.10 } } } } } }
  /schema/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, format: int64 } }]
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: object, properties: { id: { type: integer, format: int64 }, other: { type: integer, format: int64, example: 9007199254740995 } } } } }
`,
    'api.json': '{"openapi":"3.0.3","info":{"title":"x 12345678901234567890","version":"1"},"paths":{"/example":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"example":[9223372036854775807]}}}}}}}}',
    'mock.json': '{"endpoints":[{"path":"/example","response":{"id":9223372036854775807}}]}',
    'mock.yaml': 'endpoints: [{ path: /example, response: { id: 9223372036854775807 } }]\n'
  })
  const body = async (file: string, url: string) => (await (await build(t, { include: [join(folder, file)] })).inject(url)).body
  t.equal(await body('api.yaml', '/example'), '{"id":9223372036854775807,"price":1234567890.12345678901,"few":0.1}')
  t.equal(await body('api.yaml', '/schema/9223372036854775807'), '{"id":9223372036854775807,"other":9007199254740995}')
  t.equal(await body('api.json', '/example'), '[9223372036854775807]')
  t.equal(await body('mock.json', '/example'), '{"id":9223372036854775807}')
  t.equal(await body('mock.yaml', '/example'), '{"id":9223372036854775807}')
})

t.test('case 56: patterns of other dialects: escapes, inline flags, anchors of PCRE', async t => {
  const schema = object({
    escaped: { type: 'string', pattern: '^[\\w\\-\\_\\.]+$' },
    anyCase: { type: 'string', pattern: '(?i)^abc$' },
    pcre: { type: 'string', pattern: '\\A[a-z]{3}\\z' },
    posix: { type: 'string', pattern: '^[[:alpha:]]+$' },
    possessive: { type: 'string', pattern: '^a++b$' }
  }, [])
  const { app, reasons } = await serve(t, documentOf(schema))
  const takes = async (body: Schemas) => (await taken(app, [body]))[0]
  t.equal(await takes({ escaped: 'a-b_c.d' }), true)
  t.equal(await takes({ escaped: 'a b' }), false)
  t.equal(await takes({ anyCase: 'ABC' }), true, 'inline flags count')
  t.equal(await takes({ anyCase: 'xyz' }), false)
  t.equal(await takes({ pcre: 'abc' }), true)
  t.equal(await takes({ pcre: 'abcd' }), false)
  t.equal(await takes({ possessive: 'aab' }), true)
  t.match(await answer(app), { escaped: /^[\w\-.]+$/, anyCase: /^abc$/i, pcre: /^[a-z]{3}$/ })
  t.notMatch(reasons.join('\n'), /escaped|\(\?i\)|\\A/)
})

t.test('case 56: look-behind is not enforced and told, and the rest of its schema is', async t => {
  const schema = object({ a: { type: 'string', pattern: '(?<=x)y', minLength: 2 }, b: { type: 'integer' } })
  const { app, reasons } = await serve(t, documentOf(schema))
  t.match(reasons.join('\n'), /pattern.*not enforced/)
  t.same(await taken(app, [{ a: 'no', b: 1 }, { a: 'n', b: 1 }, { a: 'no', b: 'x' }]), [true, false, false])
  t.match(await answer(app), { a: /(?<=x)y/ })
})

t.test('case 56: a pattern that would backtrack for ever does not', async t => {
  const { app } = await serve(t, documentOf(object({ a: { type: 'string', pattern: '^(a+)+$' } })))
  t.same(await taken(app, [{ a: `${'a'.repeat(5_000)}b` }, { a: 'aaa' }]), [false, true])
})

t.test('case 57: untidy schemas ask what can be made of them, and are told', async t => {
  const schema = object({ none: null, empty: {}, any: { type: 'any' }, upper: { type: 'String' }, list: { type: 'array', items: null }, yes: { required: true, type: 'string' }, counted: { type: 'string', minLength: '2' }, mixed: { type: ['string', 'nonsense'] } }, [])
  const { app, reasons } = await serve(t, documentOf(schema))
  t.match(await answer(app), { upper: String, list: Array, yes: String, counted: /../ })
  t.same(await taken(app, [{ none: 1, any: [], upper: 'x', list: [1], yes: 'x', counted: 'ab' }, { counted: 'a' }, { upper: 7 }]), [true, false, false])
  t.match(reasons.join('\n'), /'any' is not a type/)
  t.match(reasons.join('\n'), /null stands where a schema should/)
})

t.test('case 58: whatever is asked for is met: pattern, lengths, multiples, sizes, distinct items', async t => {
  const schema = object({
    code: { type: 'string', pattern: '^[A-Z]{3}-\\d{4}$' },
    long: { type: 'string', minLength: 50, maxLength: 60 },
    exact: { type: 'string', pattern: '^\\d+$', minLength: 12, maxLength: 12 },
    steps: { type: 'integer', multipleOf: 7, minimum: 50, maximum: 60 },
    cents: { type: 'number', multipleOf: 0.01, exclusiveMinimum: 1, exclusiveMaximum: 1.05 },
    distinct: { type: 'array', minItems: 3, uniqueItems: true, items: { enum: ['a', 'b', 'c'] } },
    filled: { type: 'object', minProperties: 3, maxProperties: 4, additionalProperties: { type: 'integer' } },
    names: { type: 'object', minProperties: 2, patternProperties: { '^x-[a-z]+$': { type: 'string' } }, additionalProperties: false },
    email: { type: 'string', format: 'email', maxLength: 12 },
    deep: { type: 'array', minItems: 2, items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number', minimum: -1, maximum: 1 } } },
    notThat: { type: 'string', not: { enum: ['a'] }, enum: ['a', 'b'] }
  })
  await answers(t, await serve(t, documentOf(schema)), schema)
})
