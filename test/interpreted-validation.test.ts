import { test } from 'tap'
import type { JsonSchema } from '../lib/config.ts'
import { createSchemaCompiler } from '../lib/schema/compiler.ts'
import { findTwins } from '../lib/schema/unique-items.ts'
import { build } from './helper.ts'

/** More than are interpreted before a schema is compiled. */
const REQUESTS = 20

function nested (depth: number, innermost: object): object {
  let value = innermost
  for (let i = 0; i < depth; i++) value = { inner: value }
  return value
}

const CASES: ReadonlyArray<[name: string, schema: JsonSchema, body: unknown, status: number]> = [
  ['nullable admits null', { type: 'object', properties: { a: { type: 'string', nullable: true } } }, { a: null }, 200],
  ['nullable admits nothing else', { type: 'object', properties: { a: { type: 'string', nullable: true } } }, { a: 7 }, 400],
  ['a value that must not be null, nor text', { not: { type: 'object', properties: { a: { type: 'string', nullable: true } } } }, { a: null }, 400],
  ['dependencies of names', { type: 'object', dependencies: { card: ['address'] } }, { card: 1 }, 400],
  ['dependencies of names that are there', { type: 'object', dependencies: { card: ['address'] } }, { card: 1, address: 2 }, 200],
  ['dependencies on schemas', { type: 'object', dependencies: { card: { $ref: '#/schemas/Addressed' } } }, { card: 1 }, 400],
  ['a mistake below more schemas than are looked at', { $ref: '#/schemas/Deep' }, nested(180, { count: 'x' }), 400],
  ['a right value below them', { $ref: '#/schemas/Deep' }, nested(180, { count: 1 }), 200],
  ['multiples that are too large to tell', { type: 'object', properties: { a: { multipleOf: 3 } } }, { a: 1e22 }, 400],
  ['equal items', { type: 'array', uniqueItems: true }, [{ a: 1, b: [2] }, 'x', { b: [2], a: 1 }], 400],
  ['items that only look alike', { type: 'array', uniqueItems: true }, [1, '1', [1], ['1'], { 1: 1 }, '[1]', null, 'null', true, {}], 200]
]

test('a request is judged alike before its schema is compiled and afterwards', async t => {
  const app = await build(t, {
    schemas: {
      Addressed: { required: ['address'] },
      Deep: { allOf: [{ allOf: [{ type: 'object', properties: { inner: { $ref: '#/schemas/Deep' }, count: { type: 'integer' } } }] }] }
    },
    endpoints: CASES.map(([, body], index) => ({ path: `/${index}`, method: 'POST', schema: { body }, response: 'ok' }))
  })
  for (const [index, [name, , payload, status]] of CASES.entries()) {
    const got = new Set<number>()
    for (let i = 0; i < REQUESTS; i++) got.add((await app.inject({ url: `/${index}`, method: 'POST', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })).statusCode)
    t.same([...got], [status], name)
  }
})

test('twenty thousand items that have to differ are not compared each with each', async t => {
  const app = await build(t, { endpoints: [{ path: '/', method: 'POST', schema: { body: { type: 'array', uniqueItems: true } }, response: 'ok' }] })
  const items = Array.from({ length: 20_000 }, (_, id) => ({ id }))
  t.equal((await app.inject({ url: '/', method: 'POST', payload: items })).statusCode, 200)
  const answer = await app.inject({ url: '/', method: 'POST', payload: [...items, { id: 7 }] })
  t.equal(answer.statusCode, 400)
  t.match(answer.json().violations[0], { rule: 'uniqueItems', message: /items ## 7 and 20000 are identical/ })

  const validate = createSchemaCompiler().validator({ type: 'array', uniqueItems: true }, 'json')
  t.ok(validate(items))
  t.notOk(validate([...items, { id: 7 }]))
  t.ok(createSchemaCompiler().validator({ uniqueItems: false }, 'json')([1, 1]))
  t.same(findTwins([0, -0]), [0, 1])
})

test('a pattern is read once, however many texts it is about', async t => {
  const app = await build(t, {
    endpoints: [{ path: '/', method: 'POST', schema: { body: { type: 'object', required: ['id'], properties: { names: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9]+$' } } } } }, response: 'ok' }]
  })
  const answer = await app.inject({ url: '/', method: 'POST', payload: { names: [...Array.from({ length: 20_000 }, (_, index) => `n${index}`), '-'] } })
  t.same(answer.json().violations.map(({ rule }: { rule: string }) => rule).sort(), ['pattern', 'required'])
})

test('a key that JavaScript calls is no reason to fail: it is judged like any other', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { type: 'object', properties: { point: { enum: [{ x: 1 }, { valueOf: 2 }] } } } }, response: { ok: true } }] })
  // The first few are interpreted, the others compiled.
  for (let i = 0; i < 20; i++) {
    t.equal((await app.inject({ method: 'POST', url: '/a', payload: { point: { valueOf: null } } })).statusCode, 400)
    t.equal((await app.inject({ method: 'POST', url: '/a', payload: { point: { x: 1 } } })).statusCode, 200)
  }
})
