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
import type { Endpoint } from '../lib/config.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { SchemaView } from '../lib/schema/schema-view.ts'
import { stringifyJson } from '../lib/stringify-json.ts'
import { build, listen, until } from './helper.ts'

type Test = Parameters<typeof build>[0]

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
    const part = (name: string) => ['--B', `Content-Disposition: form-data; name="${name}"; filename="a"`, '', 'x']
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

t.test('case 71: compressed bodies are inflated', async t => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } }
  const limit = 100_000
  const { app, url } = await listen(t, { body_limit: limit, endpoints: [echo(schema), { path: '/any', method: 'POST', response: '{{request.body}}' }] })
  const send = async (body: Buffer, encoding: string, type = 'application/json', path = '/') => {
    const answer = await fetch(url + path, { method: 'POST', body, headers: { 'content-type': type, 'content-encoding': encoding } })
    return { status: answer.status, accept: answer.headers.get('accept-encoding'), body: await answer.json() as Record<string, unknown> }
  }
  const json = Buffer.from('{"a":1}')

  t.test('gzip, deflate, brotli, and one after the other', async t => {
    const encoded: Array<[string, Buffer]> = [['gzip', gzipSync(json)], ['x-gzip', gzipSync(json)], ['GZIP', gzipSync(json)], ['deflate', deflateSync(json)], ['deflate', deflateRawSync(json)], ['br', brotliCompressSync(json)], ['br, gzip', gzipSync(brotliCompressSync(json))], ['identity', json], ['identity, gzip', gzipSync(json)]]
    for (const [encoding, body] of encoded) t.match(await send(body, encoding), { status: 200, body: { body: { a: 1 } } }, encoding)
    t.match(await send(gzipSync('{"a":"x"}'), 'gzip'), { status: 400, body: { detail: 'body/a must be integer' } })
    t.match(await send(gzipSync('a=1'), 'gzip', FORM, '/any'), { status: 200, body: { a: '1' } })
    t.same(app.mock.requests.find({ order: 'desc', limit: 1 })[0]?.request.body, { text: 'a=1', size: 3, truncated: false }, 'the log has what it was')
  })

  t.test('an encoding that nobody knows', async t => {
    for (const encoding of ['snappy', 'gzip, snappy', 'gzip, gzip, gzip']) {
      const answer = await send(json, encoding)
      t.match(answer, { status: 415, body: { code: 'MOCK_ERR_CONTENT_ENCODING' } }, encoding)
      t.match(answer.accept, /^gzip, deflate, br/)
      t.match(answer.body.violations, [{ in: 'header', pointer: '/content-encoding' }])
    }
  })

  t.test('bytes that do not inflate, or end too early', async t => {
    for (const [encoding, body] of [['gzip', json], ['gzip', gzipSync(json).subarray(0, 20)], ['deflate', json], ['deflate', deflateSync(json).subarray(0, 8)], ['br', json]] as const) {
      t.match(await send(body, encoding), { status: 400, body: { code: 'MOCK_ERR_BODY_MALFORMED', detail: new RegExp(`cannot be read as ${encoding}`) } }, encoding)
    }
  })

  t.test('the limit counts what they become', async t => {
    t.equal((await send(gzipSync(Buffer.alloc(limit - 2, 32)), 'gzip', 'text/plain', '/any')).status, 200)
    t.equal((await send(gzipSync(Buffer.alloc(limit + 1, 32)), 'gzip', 'text/plain', '/any')).status, 413)
    const bomb = gzipSync(gzipSync(Buffer.alloc(200 * 1024 * 1024)))
    t.equal((await send(bomb, 'gzip, gzip')).status, 413)
    t.equal((await send(json, 'gzip')).status, 400, 'the server lives on')
  })

  t.test('a client that hangs up in the middle', async t => {
    const before = app.mock.requests.count()
    const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } })
    request.on('error', () => {})
    request.write(gzipSync(Buffer.alloc(50_000)).subarray(0, 20))
    await until(() => request.socket?.bytesWritten !== undefined && request.socket.bytesWritten > 20)
    setTimeout(() => request.destroy(), 20)
    await until(() => app.mock.requests.count() > before)
    t.equal(app.mock.requests.find({ order: 'desc', limit: 1 })[0]?.aborted, true)
  })
})

t.test('XML bodies are read by their schema', async t => {
  const pet = {
    type: 'object',
    xml: { name: 'Pet', namespace: 'http://example.com/pet', prefix: 'p' },
    required: ['id'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer', format: 'int64', xml: { attribute: true } },
      name: { type: 'string' },
      weight: { type: 'number', xml: { name: 'Weight' } },
      good: { type: 'boolean' },
      owner: { $ref: '#/schemas/Owner' },
      photos: { type: 'array', items: { type: 'string' }, xml: { name: 'photo' } },
      tags: { type: 'array', xml: { wrapped: true, name: 'tagList' }, items: { type: 'object', xml: { name: 'tag' }, properties: { id: { type: 'integer' }, text: { type: 'string' } } } },
      born: { type: ['string', 'null'], format: 'date' },
      note: { type: 'object', properties: { lang: { type: 'string', xml: { attribute: true } }, text: { type: 'string', xml: { nodeType: 'text' } } } }
    }
  }
  const Owner = { allOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { properties: { age: { type: 'integer' } } }] }
  const app = await build(t, { schemas: { Owner }, endpoints: [echo(content('application/xml', pet))] })
  const send = sender(app, 'application/xml')

  t.test('attributes, names, lists with and without a wrapper, prefixes, CDATA and entities', async t => {
    const xml = `<?xml version="1.0"?><!-- a comment -->
      <p:Pet xmlns:p="http://example.com/pet" id="9007199254740993">
        <name>Tom &amp; &#x4A;erry <![CDATA[<3]]></name><p:Weight> 4.5 </p:Weight><good>true</good>
        <owner><name>Ann</name><age>36</age></owner>
        <photo>a.png</photo><photo>b.png</photo>
        <tagList><tag><id>1</id><text/></tag><tag><id>2</id></tag></tagList>
        <born xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>
        <note lang="en">hi</note>
      </p:Pet>`
    t.same((await send(xml)).body, {
      id: 9007199254740992, // as JSON.parse reads it here; the digits are in the text
      name: 'Tom & Jerry <3',
      weight: 4.5,
      good: true,
      owner: { name: 'Ann', age: 36 },
      photos: ['a.png', 'b.png'],
      tags: [{ id: 1, text: '' }, { id: 2 }],
      born: null,
      note: { lang: 'en', text: 'hi' }
    })
    const answer = await app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/vnd.pet+xml; charset=utf-8' }, payload: '<Pet id="9007199254740993"><tagList/></Pet>' })
    t.equal(answer.body, '{"body":{"id":9007199254740993,"tags":[]}}')
  })

  t.test('what does not fit is told as for JSON', async t => {
    t.match(await send('<Pet><name>x</name></Pet>'), { status: 400, told: ['body/id required'] })
    t.match(await send('<Pet id="x"><owner><age>old</age></owner></Pet>'), { status: 400, told: ['body/id type', 'body/owner/age type'] })
    t.match(await send('<Pet id="1"><colour>red</colour></Pet>'), { status: 400, told: ['body/colour additionalProperties'] })
    t.match(await send('<Pet id="1"><name>a</name><name>b</name></Pet>'), { status: 400, told: ['body/name type'] })
    t.match(await send('<Dog id="1"/>'), { status: 400, told: ['body xml'] })
  })

  t.test('malformed XML is told with its place, and entities are not expanded', async t => {
    for (const [xml, message] of [
      ['<Pet id="1"><name></Pet>', /line 1, column \d+: Expected closing tag 'name'/],
      ['<Pet id="1"/><Pet id="2"/>', /2 root elements/],
      ['nothing', /line 1/],
      ['<Pet id=1/>', /line 1/],
      ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Pet id="1"><name>&x;</name></Pet>', /[Ee]ntit/],
      ['<a>'.repeat(500) + '</a>'.repeat(500), /nested/]
    ] as const) {
      const answer = await app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'text/xml' }, payload: xml })
      t.match([answer.statusCode, answer.json().code, answer.json().detail], [400, 'MOCK_ERR_BODY_MALFORMED', message], xml.slice(0, 40))
    }
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'abcdefghij'[i + 1]} "${`&${'abcdefghij'[i]};`.repeat(10)}">`).join('')}]><Pet id="1"><name>&j;</name></Pet>`
    t.match(await send(bomb), { status: 200, body: { name: '&j;' } })
  })

  t.test('a list as the root, and text where no object is asked for', async t => {
    const list = { type: 'array', xml: { name: 'ids', wrapped: true }, items: { type: 'integer', xml: { name: 'id' } } }
    t.same((await sender(await build(t, { endpoints: [echo(content('text/xml', list))] }), 'application/xml')('<ids><id>1</id><id>2</id></ids>')).body, [1, 2])
    t.same((await sender(await build(t, { endpoints: [echo(content('application/xml', { type: 'string' }))] }), 'application/xml')('<a/>')).body, '<a/>')
    t.same((await sender(await build(t, { endpoints: [echo(undefined)] }), 'application/xml')('<a/>')).body, '<a/>')
    const open = await build(t, { endpoints: [echo(content('application/xml', { type: 'object' }))] })
    t.same((await sender(open, 'application/xml')('<a x="1"><b>1</b><b>2</b><c><d>3</d></c></a>')).body, { x: '1', b: ['1', '2'], c: { d: '3' } })
  })
})

t.test('case 55: an int64 beyond 2^53 validates and keeps its digits', async t => {
  const id = { type: 'integer', format: 'int64' }
  const schema = { type: 'object', required: ['id'], properties: { id, ids: { type: 'array', items: id }, ref: { $ref: '#/schemas/Ref' }, name: { type: 'string' } } }
  const Ref = { type: 'object', properties: { parent: { $ref: '#/schemas/Ref' }, id } }
  const text = '{"id":9007199254740993,"ids":[1,-9223372036854775808,9223372036854775807],"ref":{"parent":{"id":12345678901234567}},"name":"9007199254740993","x":1.5}'
  const { app, url } = await listen(t, {
    schemas: { Ref },
    endpoints: [
      { path: '/', method: 'POST', schema: { body: schema }, response: { id: '{{request.body.id}}', all: '{{request.body}}', text: 'number {{request.body.id}}', same: '{{eq request.body.id "9007199254740993"}}', json: '{{json request.body.ids}}', sum: '{{add request.body.id 1}}' } },
      { path: '/form', method: 'POST', schema: { body: content(FORM, schema) }, response: '{{request.body}}' },
      { path: '/plain', method: 'POST', schema: { body: { type: 'object', properties: { id: { type: 'integer' } } } }, response: '{{request.body}}' },
      { path: '/things/:id', schema: { params: { type: 'object', properties: { id } }, querystring: { type: 'object', properties: { after: id, name: { type: 'string' } } } }, response: { id: '{{request.params.id}}', query: '{{request.query}}' } }
    ]
  })
  const post = async (path: string, body: string, type = 'application/json') => (await fetch(url + path, { method: 'POST', body, headers: { 'content-type': type } })).text()

  t.equal(await post('/', text), `{"id":9007199254740993,"all":${text},"text":"number 9007199254740993","same":true,"json":"[1,-9223372036854775808,9223372036854775807]","sum":9007199254740992}`)
  t.equal(app.mock.requests.find()[0]?.request.body?.text, text, 'the log has it as it came')
  t.match(await post('/', '{"id":9007199254740993.5}'), /must be integer|"id":9007199254740994/)
  t.match(await post('/', '{"id":"9007199254740993"}'), /must be integer/)
  t.match(await post('/', '{"id":12345678901234567890123}'), /FST_ERR_VALIDATION|"id":1\.23/)
  t.equal(await post('/form', 'id=9007199254740993&ids=1&ids=9223372036854775807&name=9007199254740993', FORM), '{"id":9007199254740993,"ids":[1,9223372036854775807],"name":"9007199254740993"}')
  t.equal(await post('/form', 'id=1&ids=9223372036854775807', FORM), '{"id":1,"ids":[9223372036854775807]}')
  t.equal(await post('/plain', '{"id":9007199254740993}'), '{"id":9007199254740992}', 'only where the schema speaks of it')
  t.equal(await (await fetch(`${url}/things/9007199254740993?after=12345678901234567&name=12345678901234567`)).text(), '{"id":9007199254740993,"query":{"after":12345678901234567,"name":"12345678901234567"}}')

  t.equal(stringifyJson({ a: [1n, { b: -2n }], c: 'integer 3' }), '{"a":[1,{"b":-2}],"c":"integer 3"}')
  t.equal(stringifyJson({ a: 1n }, 2), '{\n  "a": 1\n}')
  const loop: { self?: unknown } = {}
  loop.self = loop
  t.throws(() => stringifyJson(loop), TypeError)

  const document = importDocument({
    openapi: '3.0.3',
    info: { title: 'T', version: '1' },
    paths: { '/pets': { post: { requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } }, responses: { 201: { description: 'made', content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } } } } } },
    components: { schemas: { Pet: { type: 'object', required: ['id'], properties: { id } } } }
  })
  const made = await (await build(t, document.config)).inject({ method: 'POST', url: '/pets', headers: { 'content-type': 'application/json' }, payload: '{"id":9007199254740993}' })
  t.equal(made.body, '{"id":9007199254740993}', 'what is created has the id that was sent')
})

t.test('case 67: malformed JSON is told with its place', async t => {
  const app = await build(t, { endpoints: [echo({ type: 'object' }), echo(undefined, { path: '/any', method: ['POST', 'DELETE'] })] })
  const send = (path: string, payload: string, method: 'POST' | 'DELETE' = 'POST', more: object = {}) => app.inject({ method, url: path, headers: { 'content-type': 'application/json', ...more }, payload })
  for (const path of ['/', '/any']) {
    for (const [json, message] of [
      ['{"a":', /line 1, column 6: expected a value, found the end/],
      ['{\n  "a": 1,\n  b: 2}', /line 3, column 3/],
      ['{"a": 1,}', /line 1, column 9/],
      ['// no\n{}', /line 1, column 1/],
      ['[1] [2]', /line 1, column 5/],
      ['nope', /line 1, column 1/],
      ['{"__proto__": {"a": 1}}', /__proto__/],
      ['['.repeat(10_000) + ']'.repeat(10_000), /nested more than 200 levels/]
    ] as const) {
      const answer = await send(path, json)
      t.match([answer.statusCode, answer.json().code, answer.json().detail], [400, 'MOCK_ERR_BODY_MALFORMED', message], json.slice(0, 30))
    }
  }
  t.match((await send('/', '{"a":', 'POST', { prefer: 'validate=off' })).json(), { body: '{"a":' }, 'who does not insist on it gets the text')
  t.match((await send('/', '{"a":', 'POST', { prefer: 'validate=warn' })).headers['x-mock-violations'], /^body cannot be read as JSON: line 1, column 6/)
  t.match((await send('/', '{"a":')).json().violations, [{ in: 'body', pointer: '', rule: 'syntax', message: /^cannot be read as JSON/ }])
  t.match((await send('/any', '{"a":', 'DELETE')).json(), { body: '{"a":' }, 'nobody looks at the body of a DELETE unless it is declared')
  t.same((await send('/any', '\uFEFF{"a":1}')).json(), { body: { a: 1 } }, 'a byte order mark')
  t.same((await send('/any', '{"a":1}', 'POST', { 'content-type': 'text/json' })).json(), { body: { a: 1 } })
})

t.test('case 68: an empty body', async t => {
  const schema = { type: 'object' }
  const app = await build(t, {
    endpoints: [
      echo(schema, { path: '/required' }),
      echo({ required: false, ...content('application/json', schema) }, { path: '/optional' }),
      echo({ required: true, content: { [FORM]: { schema }, 'text/plain': { schema: { type: 'string' } }, 'application/octet-stream': {} } }, { path: '/many' }),
      echo(undefined, { path: '/any' })
    ]
  })
  const status = async (url: string, headers: Record<string, string> = {}) => (await app.inject({ method: 'POST', url, headers })).statusCode
  t.equal(await status('/required'), 400)
  for (const type of ['application/json', FORM, 'text/plain', 'application/octet-stream', 'multipart/form-data']) {
    t.equal(await status('/optional', { 'content-type': type, 'content-length': '0' }), 200, `${type}, optional`)
    t.equal(await status('/any', { 'content-type': type, 'content-length': '0' }), 200, `${type}, not declared`)
  }
  t.equal(await status('/required', { 'content-type': 'application/json', 'content-length': '0' }), 400)
  for (const type of [FORM, 'text/plain', 'application/octet-stream']) t.equal(await status('/many', { 'content-type': type }), 400, type)
  t.equal(await status('/optional'), 200)
  t.equal(await status('/any'), 200)
})

t.test('case 69: a wrong or absent content type', async t => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } }
  const app = await build(t, { endpoints: [echo(schema), echo({ content: { 'text/*': {}, 'application/json': { schema } } }, { path: '/some' }), echo({ content: { '*/*': {} } }, { path: '/all' })] })
  const send = (url: string, type: string | undefined, payload = '{"a":1}') => app.inject({ method: 'POST', url, headers: type === undefined ? {} : { 'content-type': type }, payload })
  for (const type of ['text/plain', 'application/xml', FORM, 'multipart/form-data; boundary=x', 'application/octet-stream', undefined]) t.equal((await send('/', type, 'no JSON')).statusCode, 415, type ?? 'none')
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json', 'text/json']) t.same((await send('/', type)).json(), { body: { a: 1 } }, type)
  for (const [type, status] of [['text/csv', 200], ['application/json', 200], ['image/png', 415]] as const) t.equal((await send('/some', type)).statusCode, status, type)
  for (const type of ['image/png', undefined]) t.equal((await send('/all', type)).statusCode, 200, type ?? 'none')
  t.match((await send('/', 'text/plain')).headers.accept, 'application/json')
})

t.test('case 70: a body of GET, HEAD or DELETE', async t => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } }
  const { url } = await listen(t, { endpoints: [echo(undefined, { method: ['GET', 'DELETE'] }), echo(schema, { path: '/declared', method: ['GET', 'DELETE', 'POST'] })] })
  const { hostname, port } = new URL(url)
  const send = async (method: string, path: string, payload: string | Buffer, headers: Record<string, string> = {}) => {
    const request = httpRequest({ hostname, port, path, method, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), ...headers } })
    request.end(payload)
    const [response] = await once(request, 'response')
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, body: text === '' ? undefined : JSON.parse(text).body }
  }
  t.same(await send('GET', '/', '{"a":'), { status: 200, body: undefined }, 'nobody looks at it')
  t.same(await send('HEAD', '/', '{"a":1}'), { status: 200, body: undefined })
  t.same(await send('DELETE', '/', '{"a":1}'), { status: 200, body: { a: 1 } })
  t.same(await send('GET', '/declared', ''), { status: 200, body: undefined }, 'none is required')
  t.same(await send('HEAD', '/declared', ''), { status: 200, body: undefined })
  t.same(await send('GET', '/declared', '{"a":1}'), { status: 200, body: { a: 1 } })
  t.same(await send('GET', '/declared', gzipSync('{"a":1}'), { 'content-encoding': 'gzip' }), { status: 200, body: { a: 1 } })
  t.match(await send('GET', '/declared', '{"a":"x"}'), { status: 400 })
  t.match(await send('GET', '/declared', '{"a":'), { status: 400 })
  t.match(await send('GET', '/declared', 'x', { 'content-type': 'text/plain' }), { status: 415 })
  t.match(await send('DELETE', '/declared', '{"a":"x"}'), { status: 400 })
  t.match(await send('DELETE', '/declared', ''), { status: 400 })
})

t.test('case 71: large and binary bodies are taken as they are', async t => {
  const binary = { type: 'string', format: 'binary' }
  const { app, url } = await listen(t, {
    body_limit: 3_000_000,
    endpoints: [
      echo(content('application/octet-stream', binary), { response: '{{length (bodyText)}}' }),
      echo(content('*/*', binary), { path: '/any', response: { ok: true } }),
      echo(content('image/*', { type: 'string', maxLength: 1 }), { path: '/image', response: { ok: true } }),
      echo(content('multipart/form-data', { type: 'object', properties: { f: { ...binary, maxLength: 2_000_000 } } }), { path: '/file', response: '{{request.body.f.size}}' })
    ]
  })
  const send = (path: string, type: string, body: Buffer | string) => fetch(url + path, { method: 'POST', body, headers: { 'content-type': type } })
  const large = Buffer.alloc(2_000_000, 0xFF)
  t.equal((await send('/', 'application/octet-stream', large)).status, 200)
  t.equal((await send('/any', 'application/json', '{"not":"looked at"}')).status, 200)
  t.equal((await send('/image', 'image/png', large)).status, 200, 'nothing is asked of bytes')
  t.equal((await send('/', 'application/octet-stream', Buffer.alloc(3_000_001))).status, 413)
  const form = new FormData()
  form.set('f', new Blob([large]), 'f')
  t.same(await (await fetch(`${url}/file`, { method: 'POST', body: form })).json(), 2_000_000)
  form.set('f', new Blob([large, 'x']), 'f')
  t.equal((await fetch(`${url}/file`, { method: 'POST', body: form })).status, 400)
  t.match(app.mock.requests.find({ order: 'asc', limit: 1 })[0]?.request.body, { size: 2_000_000, truncated: true, base64: String })
})

t.test('text, lines of JSON, and what else has a schema', async t => {
  const list = { type: 'array', items: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } } }
  const cases: Array<[type: string, schema: object, good: Array<[string, unknown]>, bad: string[]]> = [
    ['text/plain', { type: 'string', maxLength: 3 }, [['abc', 'abc'], ['12', '12']], ['abcd']],
    ['text/plain', { type: 'string', enum: ['on', 'off'] }, [['on', 'on']], ['no']],
    ['text/plain', { type: 'integer' }, [['12', '12']], ['x']],
    ['text/plain', { type: 'object', properties: { a: { type: 'integer' } } }, [['{"a":1}', { a: 1 }]], ['a', '{"a":"x"}']],
    ['text/csv', list, [['a\n1', 'a\n1']], []],
    ['application/jsonl', list, [['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]]], ['{"a":1}\n{"a":"x"}', '{"a":1}\n{']],
    ['application/x-ndjson', list, [['{"a":1}', [{ a: 1 }]]], ['{}']],
    ['application/json-seq', list, [['\u001E{"a":1}\n\u001E{"a":2}\n', [{ a: 1 }, { a: 2 }]]], ['1']]
  ]
  for (const [type, schema, good, bad] of cases) {
    const send = sender(await build(t, { endpoints: [echo(content(type, schema))] }), type)
    for (const [text, body] of good) t.same(await send(text), { status: 200, body, told: [] }, `${type} ${text}`)
    for (const text of bad) t.equal((await send(text)).status, 400, `${type} ${text}`)
  }
})

t.test('a client that hangs up while it sends', async t => {
  const { app, url } = await listen(t, { endpoints: [echo(undefined)] })
  const { hostname, port } = new URL(url)
  for (const type of ['multipart/form-data; boundary=B', 'application/xml', 'application/json', 'application/octet-stream']) {
    const before = app.mock.requests.count()
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n--B\r\n`)
    await once(socket, 'connect')
    setTimeout(() => socket.destroy(), 20)
    await until(() => app.mock.requests.count() > before)
    t.equal(app.mock.requests.find({ order: 'desc', limit: 1 })[0]?.aborted, true, type)
  }
})
