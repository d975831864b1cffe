import t from 'tap'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { parseParameters } from '../lib/body/header-parameters.ts'
import { MultipartError, splitMultipart } from '../lib/body/multipart.ts'
import { decodeForm } from '../lib/body/form.ts'
import { formFields } from '../lib/body/form-fields.ts'
import type { Config, Endpoint } from '../lib/config.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { SchemaView } from '../lib/schema/schema-view.ts'
import { stringifyJson } from '../lib/stringify-json.ts'
import { build, listen, until } from './helper.ts'

type Test = typeof t

const FORM = 'application/x-www-form-urlencoded'

/** An endpoint that answers with the body as templates see it. */
const echo = (body: object | undefined, more: Partial<Endpoint> = {}): Endpoint =>
  ({ path: '/', method: 'POST', ...body !== undefined && { schema: { body } }, response: { body: '{{request.body}}' }, ...more })

const content = (type: string, schema: object, encoding?: object) => ({ content: { [type]: { schema, ...encoding !== undefined && { encoding } } } })

interface Reply {
  status: number
  body: unknown
  told: string[]
}

/** What an endpoint makes of a body: what templates see, or what is wrong with it. */
function sender (app: FastifyInstance, type: string | undefined): (payload: string | Buffer, headers?: Record<string, string>) => Promise<Reply> {
  return async (payload, headers = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/', headers: { ...type !== undefined && { 'content-type': type }, ...headers }, payload })
    const json: { body?: unknown, violations?: Array<{ in: string, pointer: string, rule: string }> } = answer.body === '' ? {} : answer.json()
    return { status: answer.statusCode, body: json.body, told: json.violations?.map(({ in: part, pointer, rule }) => `${part}${pointer} ${rule}`) ?? [] }
  }
}

const formOf = async (t: Test, schema: object, encoding?: object) => sender(await build(t, { endpoints: [echo(content(FORM, schema, encoding))] }), FORM)

t.test('case 66: urlencoded forms', async t => {
  t.test('values have the types of their schema', async t => {
    const send = await formOf(t, { type: 'object', required: ['n'], properties: { n: { type: 'integer' }, on: { type: 'boolean' }, price: { type: 'number' }, name: { type: 'string' } } })
    t.same(await send('n=7&on=true&price=1.5&name=12'), { status: 200, body: { n: 7, on: true, price: 1.5, name: '12' }, told: [] })
    t.match(await send('n=seven&on=maybe'), { status: 400, told: ['body/n type', 'body/on type'] })
    t.match(await send('name=x'), { status: 400, told: ['body/n required'] })
    t.match(await send('n=7&name=a+b%26c%C3%A9'), { body: { name: 'a b&cé' } })
    t.match(await send('n=7&name'), { body: { name: '' } })
  })

  t.test('a list is written in any of the usual ways', async t => {
    const send = await formOf(t, { type: 'object', properties: { tags: { type: 'array', items: { type: 'integer' } } }, additionalProperties: false })
    for (const form of ['tags=1&tags=2', 'tags[]=1&tags[]=2', 'tags[0]=1&tags[1]=2', 'tags[1]=2&tags[0]=1', 'tags%5B%5D=1&tags%5B%5D=2', 'tags=[1,2]', 'tags[7]=1&tags[1000000000]=2']) {
      t.same((await send(form)).body, { tags: [1, 2] }, form)
    }
    t.same((await send('tags=1')).body, { tags: [1] }, 'a single value')
    t.match(await send('tags=1&tags=x'), { status: 400, told: ['body/tags/1 type'] })
    t.match(await send('other[]=1'), { status: 400, told: ['body/other[] additionalProperties'] }, 'what the schema does not speak of keeps its name')
  })

  t.test('and as `encoding` says', async t => {
    const list = { type: 'array', items: { type: 'string' } }
    const object = { type: 'object', properties: { r: { type: 'integer' }, g: { type: 'integer' } }, additionalProperties: false }
    const send = await formOf(t, { type: 'object', properties: { csv: list, spaces: list, pipes: list, many: list, deep: object, flat: object, spread: { ...object, properties: { b: { type: 'integer' } } }, json: { type: 'object' } } }, {
      csv: { style: 'form', explode: false },
      spaces: { style: 'spaceDelimited' },
      pipes: { style: 'pipeDelimited', explode: false },
      many: { style: 'form', explode: true },
      deep: { style: 'deepObject', explode: true },
      flat: { style: 'form', explode: false },
      json: { contentType: 'application/json' }
    })
    t.same((await send('csv=a,b')).body, { csv: ['a', 'b'] })
    t.same((await send('csv=')).body, { csv: [] })
    t.same((await send('spaces=a%20b+c')).body, { spaces: ['a', 'b', 'c'] })
    t.same((await send('pipes=a|b')).body, { pipes: ['a', 'b'] })
    t.same((await send('many=a,b&many=c')).body, { many: ['a,b', 'c'] })
    t.same((await send('deep[r]=1&deep[g]=2')).body, { deep: { r: 1, g: 2 } })
    t.same((await send('flat=r,1,g,2')).body, { flat: { r: 1, g: 2 } })
    t.same((await send('b=3')).body, { spread: { b: 3 } })
    t.same((await send('json=%7B%22a%22%3A%5B1%5D%7D')).body, { json: { a: [1] } })
    t.match(await send('json=nope'), { status: 400, told: ['body/json type'] })
    t.match(await send('deep[r]=x'), { status: 400, told: ['body/deep/r type'] })
    t.match(await send('deep[z]=1'), { status: 400, told: ['body/deep/z additionalProperties'] })
  })

  t.test('nested as Rails and Stripe write it', async t => {
    const Item = { type: 'object', required: ['price'], properties: { price: { type: 'string' }, quantity: { type: 'integer' }, rates: { type: 'array', items: { type: 'string' } } } }
    const body = content(FORM, {
      type: 'object',
      additionalProperties: false,
      properties: {
        metadata: { anyOf: [{ type: 'object', additionalProperties: { type: 'string' } }, { type: 'string', enum: [''] }] },
        expand: { type: 'array', items: { type: 'string', maxLength: 50 } },
        items: { type: 'array', items: { $ref: '#/schemas/Item' } },
        address: { allOf: [{ type: 'object', properties: { city: { type: 'string' } } }, { properties: { geo: { type: 'object', properties: { lat: { type: 'number' } } } } }] }
      }
    })
    const send = sender(await build(t, { schemas: { Item }, endpoints: [echo(body)] }), FORM)
    const cases: Array<[form: string, body: object]> = [
      ['metadata[order_id]=1&metadata[0]=x', { metadata: { order_id: '1', 0: 'x' } }],
      ['metadata=', { metadata: '' }],
      ['expand[]=a&expand[]=b', { expand: ['a', 'b'] }],
      ['expand[0]=a', { expand: ['a'] }],
      ['items[0][price]=p&items[0][quantity]=2&items[1][price]=q', { items: [{ price: 'p', quantity: 2 }, { price: 'q' }] }],
      ['items[][price]=p&items[][quantity]=2&items[][price]=q', { items: [{ price: 'p', quantity: 2 }, { price: 'q' }] }],
      ['items[][price]=p&items[][rates][]=1&items[][rates][]=2', { items: [{ price: 'p', rates: ['1', '2'] }] }],
      ['address[city]=Berlin&address[geo][lat]=52.5', { address: { city: 'Berlin', geo: { lat: 52.5 } } }]
    ]
    for (const [form, body] of cases) t.same((await send(form)).body, body, form)
    t.match(await send('items[0][quantity]=2'), { status: 400, told: ['body/items/0/price required'] })
    t.match(await send('items[0][price]=p&items[0][quantity]=many'), { status: 400, told: ['body/items/0/quantity type'] })
  })

  t.test('brackets that are part of a name stay so', async t => {
    const send = await formOf(t, { type: 'object', properties: { 'filter[name]': { type: 'string' }, 'tags[]': { type: 'array', items: { type: 'string' } } } })
    t.same((await send('filter[name]=x&tags[]=a')).body, { 'filter[name]': 'x', 'tags[]': ['a'] })
    t.same((await send('odd]=1&[=2&a[b=3&a]b[=4')).body, { 'odd]': '1', '[': '2', 'a[b': '3', 'a]b[': '4' })
  })

  t.test('without a schema every field keeps its name', async t => {
    const send = sender(await build(t, { endpoints: [echo(undefined)] }), FORM)
    t.same((await send('a=1&a=2&b[c]=3&?=4')).body, { a: ['1', '2'], 'b[c]': '3', '?': '4' })
  })

  t.test('no field reaches a prototype, however deep', async t => {
    const view = new SchemaView([{ type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'object' } } }], {})
    for (const form of ['__proto__[polluted]=1', 'a[__proto__][polluted]=1', 'constructor[prototype][polluted]=1', 'a[constructor][prototype][polluted]=1', '__proto__=1']) {
      const decoded = decodeForm(formFields(form), view)
      t.notOk(Reflect.get({}, 'polluted'), form)
      t.equal(Object.getPrototypeOf(decoded), Object.prototype)
    }
    const deep = decodeForm(formFields(`a${'[b]'.repeat(100_000)}=1`), view)
    t.equal(Object.keys(deep).length, 1)
    t.throws(() => formFields('a&'.repeat(50_000)), /more than 20000 fields/)
  })

  t.test('any form can be read, and a nested one comes back as it was', async t => {
    const view = new SchemaView([{ $ref: '#/schemas/Any' }], { Any: { type: 'object', additionalProperties: { $ref: '#/schemas/Any' } } })
    fc.assert(fc.property(fc.array(fc.tuple(fc.string(), fc.string())), pairs => {
      decodeForm(formFields(new URLSearchParams(pairs).toString()), view)
    }))
    const key = fc.stringMatching(/^[a-z_]{1,5}$/)
    // What could be JSON may be meant so where an object is asked for.
    const text = fc.string().filter(text => !/^\s*[[{]/.test(text))
    const tree = fc.letrec<{ node: Record<string, unknown> }>(tie => ({ node: fc.dictionary(key, fc.oneof({ maxDepth: 4, withCrossShrink: true }, text, tie('node')), { minKeys: 1, maxKeys: 4 }) })).node
    const pairs = (name: string, value: unknown): Array<[string, string]> => typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => pairs(name === '' ? key : `${name}[${key}]`, inner))
      : [[name, String(value)]]
    fc.assert(fc.property(tree, value => {
      const decoded = decodeForm(formFields(new URLSearchParams(pairs('', value)).toString()), view)
      return JSON.stringify(decoded) === JSON.stringify(value)
    }))
  })

  t.test('forms of OpenAPI documents, of both kinds', async t => {
    const operation = { requestBody: { required: true, content: { [FORM]: { schema: { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'integer' } } } } }, encoding: { a: { style: 'deepObject' } } } } }, responses: { 200: { description: 'ok' } } }
    const modern = importDocument({ openapi: '3.0.3', info: { title: 'T', version: '1' }, paths: { '/': { post: operation } } }).config
    const send = sender(await build(t, modern), FORM)
    t.equal((await send('a[b]=1')).status, 200)
    t.match(await send('a[b]=x'), { status: 400, told: ['body/a/b type'] })
    const old = importDocument({
      swagger: '2.0',
      info: { title: 'T', version: '1' },
      paths: { '/': { post: { consumes: [FORM], parameters: [{ in: 'formData', name: 'ids', type: 'array', items: { type: 'integer' }, collectionFormat: 'pipes', required: true }, { in: 'formData', name: 'many', type: 'array', items: { type: 'integer' }, collectionFormat: 'multi' }], responses: { 200: { description: 'ok' } } } } }
    }).config
    const sendOld = sender(await build(t, old), FORM)
    t.equal((await sendOld('ids=1|2&many=3&many=4')).status, 200)
    t.match(await sendOld('ids=1|x'), { status: 400, told: ['body/ids/1 type'] })
    t.match(await sendOld('many=3'), { status: 400, told: ['body/ids required'] })
  })
})

/** A multipart body as clients write it, line by line. */
const multipart = (...lines: Array<string | Buffer>): Buffer => Buffer.concat(lines.flatMap(line => [Buffer.from(line), Buffer.from('\r\n')]))

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

t.test('case 66: multipart forms', async t => {
  const binary = { type: 'string', format: 'binary' }

  t.test('fields, files and JSON parts, from a real client over a socket', async t => {
    const meta = { type: 'object', required: ['tags'], properties: { tags: { type: 'array', items: { type: 'string' } }, size: { type: 'integer' } } }
    const schema = { type: 'object', required: ['avatar', 'meta'], additionalProperties: false, properties: { name: { type: 'string' }, age: { type: 'integer' }, avatar: binary, docs: { type: 'array', items: binary, minItems: 2 }, meta, nested: { type: 'object', properties: { a: { type: 'integer' } } } } }
    const { app, url } = await listen(t, {
      endpoints: [echo(content('multipart/form-data', schema, { avatar: { contentType: 'image/png, image/jpeg' }, meta: { contentType: 'application/json' } }), {
        response: { body: '{{request.body}}', first: '{{request.body.docs.[1].text}}', bytes: '{{request.body.avatar.base64}}', data: '{{request.body.avatar.data}}', header: '{{request.body.avatar.headers.content-type}}', size: 'size {{request.body.avatar.size}}' }
      })]
    })
    const form = new FormData()
    form.set('name', 'Zoë "Q"')
    form.set('age', '36')
    form.set('avatar', new File([PNG], 'mé "x".png', { type: 'image/png' }))
    form.append('docs', new Blob(['one'], { type: 'text/plain' }), '1.txt')
    form.append('docs', new Blob(['two'], { type: 'text/plain' }), '2.txt')
    form.set('meta', new Blob(['{"tags":["a"],"size":1}'], { type: 'application/json' }))
    form.set('nested[a]', '5')
    const answer = await fetch(url, { method: 'POST', body: form })
    t.same(await answer.json(), {
      body: {
        name: 'Zoë "Q"',
        age: 36,
        avatar: { filename: 'mé "x".png', content_type: 'image/png', size: PNG.length },
        docs: [{ filename: '1.txt', content_type: 'text/plain', size: 3 }, { filename: '2.txt', content_type: 'text/plain', size: 3 }],
        meta: { tags: ['a'], size: 1 },
        nested: { a: 5 }
      },
      first: 'two',
      bytes: PNG.toString('base64'),
      data: PNG.toString('base64'),
      header: 'image/png',
      size: `size ${PNG.length}`
    })
    const [entry] = app.mock.requests.find()
    t.equal(entry?.request.body?.truncated, false, 'the log has the body as it came')
    t.ok(Buffer.from(entry?.request.body?.base64 ?? '', 'base64').includes(PNG))

    form.set('avatar', new File(['GIF89a'], 'x.gif', { type: 'image/gif' }))
    form.set('meta', new Blob(['{"tags":'], { type: 'application/json' }))
    form.delete('docs')
    form.append('docs', new Blob(['one']), '1.txt')
    form.set('age', 'old')
    const rejected = await fetch(url, { method: 'POST', body: form })
    t.equal(rejected.status, 400)
    const { violations } = await rejected.json() as { violations: Array<{ pointer: string, rule: string }> }
    t.same(violations.map(({ pointer, rule }) => `${pointer} ${rule}`).sort(), ['/age type', '/avatar content-type', '/docs minItems', '/meta json', '/meta type'])
  })

  const send = async (t: Test, schema: object | undefined, body: Buffer, encoding?: object, type = 'multipart/form-data; boundary=B') =>
    await sender(await build(t, { endpoints: [echo(schema === undefined ? undefined : content('multipart/*', schema, encoding))] }), type)(body)

  t.test('a file without a type, without a name, or empty', async t => {
    const schema = { type: 'object', properties: { f: { ...binary, maxLength: 4 } } }
    t.match(await send(t, schema, multipart('--B', 'Content-Disposition: form-data; name="f"; filename="a.bin"', '', 'abcd', '--B--')), { status: 200, body: { f: { filename: 'a.bin', content_type: 'application/octet-stream', size: 4 } } })
    t.match(await send(t, schema, multipart('--B', 'Content-Disposition: form-data; name="f"; filename=""', 'Content-Type: application/octet-stream', '', '', '--B--')), { status: 200, body: { f: { filename: '', size: 0 } } })
    t.match(await send(t, schema, multipart('--B', 'Content-Disposition: form-data; name="f"', '', 'abc', '--B--')), { status: 200, body: { f: { filename: '', size: 3 } } })
    t.match(await send(t, schema, multipart('--B', 'Content-Disposition: form-data; name="f"; filename="a"', '', 'é12', '--B--')), { status: 200 }, 'four bytes')
    t.match(await send(t, schema, multipart('--B', 'Content-Disposition: form-data; name="f"; filename="a"', '', 'é123', '--B--')), { status: 400, told: ['body/f maxLength'] }, 'five bytes')
  })

  t.test('a list of files, under one name or with brackets, and a single one', async t => {
    const schema = { type: 'object', properties: { f: { type: 'array', items: binary } } }
    const part = (name: string) => [`--B`, `Content-Disposition: form-data; name="${name}"; filename="a"`, '', 'x']
    for (const names of [['f', 'f'], ['f[]', 'f[]'], ['f[0]', 'f[1]']]) {
      t.match(await send(t, schema, multipart(...names.flatMap(part), '--B--')), { status: 200, body: { f: [{ size: 1 }, { size: 1 }] } }, String(names))
    }
    t.match(await send(t, schema, multipart(...part('f'), '--B--')), { status: 200, body: { f: [{ size: 1 }] } })
  })

  t.test('what other clients write: folded headers, extended names, a preamble, charsets', async t => {
    const body = multipart(
      'a preamble', '--B  ',
      'content-disposition: form-data;', ' name=a', '', 'plain',
      '--B', 'Content-Disposition: form-data; name="b"; filename="x.txt"; filename*=UTF-8\'\'na%C3%AFve.txt', 'Content-Type: text/plain', '', 'b',
      '--B', 'Content-Type: text/plain; charset=iso-8859-1', 'Content-Disposition: form-data; name="c"', '', Buffer.from([0xE9]),
      '--B', 'Content-Disposition: form-data; name="C:\\d\\e"', '', '--B is no delimiter in a line',
      '--B--', 'an epilogue')
    t.same((await send(t, undefined, body)).body, { a: 'plain', b: { filename: 'naïve.txt', content_type: 'text/plain', size: 1 }, c: 'é', 'C:\\d\\e': '--B is no delimiter in a line' })
    t.same(parseParameters('x; A="1;2"; b = 3 ;c="\\""; a=4'), { a: '1;2', b: '3', c: '"' })
  })

  t.test('mixed and related parts, which have no names', async t => {
    const body = multipart('--B', 'Content-Type: application/json', '', '{"a":1}', '--B', 'Content-Type: image/png', '', PNG, '--B', '', 'text', '--B--')
    t.match(await send(t, undefined, body, undefined, 'multipart/mixed; boundary="B"'), { status: 200, body: [{ a: 1 }, { content_type: 'image/png', size: PNG.length }, 'text'] })
    const schema = { type: 'object', required: ['meta', 'image'], properties: { meta: { type: 'object', properties: { a: { type: 'integer' } } }, image: binary, note: { type: 'string', maxLength: 3 } } }
    t.match(await send(t, schema, body, undefined, 'multipart/related; boundary=B'), { status: 400, told: ['body/note maxLength'] })
  })

  t.test('a malformed body is told what is wrong with it', async t => {
    const part = ['--B', 'Content-Disposition: form-data; name="a"', '', 'x']
    const faults: Array<[type: string, body: Buffer, message: RegExp]> = [
      ['multipart/form-data', multipart(...part, '--B--'), /has no 'boundary'/],
      ['multipart/form-data; boundary=X', multipart(...part, '--B--'), /'--X' of its content type is not in it/],
      ['multipart/form-data; boundary=B', Buffer.from('--B\nContent-Disposition: form-data; name="a"\n\nx\n--B--\n'), /do not end with CRLF/],
      ['multipart/form-data; boundary=B', multipart(...part), /part 1 is not closed/],
      ['multipart/form-data; boundary=B', multipart(...part, '--B', 'Content-Disposition: form-data; name="b"'), /part 2 is not closed/],
      ['multipart/form-data; boundary=B', multipart('--B', 'Content-Disposition: form-data; name="a" and no blank line', 'x', '--B--'), /headers of part 1 do not end|has no colon: "x"/],
      ['multipart/form-data; boundary=B', multipart('--B', 'nonsense', '', 'x', '--B--'), /a header of part 1 has no colon: "nonsense"/],
      ['multipart/form-data; boundary=B', multipart('--B', `X: ${'x'.repeat(20_000)}`, '', 'x', '--B--'), /longer than 16384 bytes/],
      ['multipart/form-data; boundary=B', multipart(...Array.from({ length: 10_001 }, () => ['--B', '', 'x']).flat(), '--B--'), /more than 10000 parts/]
    ]
    const app = await build(t, { endpoints: [echo(undefined)] })
    for (const [type, payload, message] of faults) {
      const answer = await app.inject({ method: 'POST', url: '/', headers: { 'content-type': type }, payload })
      t.match([answer.statusCode, answer.json().code, answer.json().detail], [400, 'MOCK_ERR_BODY_MALFORMED', message], String(message))
    }
    t.match(await send(t, { type: 'object' }, multipart('--B', '', 'x', '--B--')), { status: 400, told: ['body multipart'] }, 'a part of a form without a name')
  })

  t.test('whatever bytes come, they are parts or a fault that is told', async t => {
    const piece = fc.constantFrom('--B', '--B--', '\r\n', '\n', 'a: b', 'Content-Disposition: form-data; name="a"', '-', 'x', '\r\n\r\n')
    fc.assert(fc.property(fc.array(piece), pieces => {
      try {
        splitMultipart(Buffer.from(pieces.join('')), 'multipart/form-data; boundary=B')
      } catch (error) {
        if (!(error instanceof MultipartError)) throw error
      }
    }))
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.uint8Array()), { minLength: 1 }), async fields => {
      const form = new FormData()
      for (const [name, bytes] of fields) form.append(name, new Blob([bytes]), 'f')
      const request = new Request('http://localhost', { method: 'POST', body: form })
      const parts = splitMultipart(Buffer.from(await request.arrayBuffer()), request.headers.get('content-type') ?? '')
      return isDeepStrictEqual(parts.map(({ name, data }) => [name, data.toString('hex')]), fields.map(([name, bytes]) => [name.replace(/\r\n|\r|\n/g, '\r\n'), Buffer.from(bytes).toString('hex')]))
    }))
  })
})
