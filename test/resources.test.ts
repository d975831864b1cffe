import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { applyJsonPatch } from '../lib/resource/json-patch.ts'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { build, listen } from './helper.ts'

const JSON_PATCH = { 'content-type': 'application/json-patch+json' }
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' }

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1, n: index + 1 }))
const USERS = [{ id: 1, name: 'Ann', age: 30 }, { id: 2, name: 'Bo', age: 20 }, { id: 3, name: 'Cy', age: 40 }]

/** What a request is answered with, in short. */
const asker = (app: FastifyInstance) => async (method: InjectOptions['method'], url: string, payload?: unknown, headers: Record<string, string> = {}) => {
  const answer = await app.inject({ method: method!, url, headers, ...payload !== undefined && { payload: payload as object } })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() }
}
const idsOf = (body: unknown): unknown[] => Array.isArray(body) ? body.map(({ id }) => id) : []

t.test('one line of configuration serves a collection, which starts empty where it is not declared', async t => {
  const app = await build(t, { endpoints: [{ resource: 'users' }] })
  const ask = asker(app)
  t.match(await ask('GET', '/users'), { status: 200, body: [], headers: { 'x-total-count': '0' } })
  t.match(await ask('POST', '/users', { name: 'Ann' }), { status: 201, body: { id: 1, name: 'Ann' }, headers: { location: '/users/1' } })
  t.match(await ask('GET', '/users/1'), { status: 200, body: { id: 1, name: 'Ann' } })
  t.match(await ask('PUT', '/users/1', { name: 'Bo' }), { status: 200, body: { id: 1, name: 'Bo' } })
  t.match(await ask('PATCH', '/users/1', { age: 7 }), { status: 200, body: { id: 1, name: 'Bo', age: 7 } })
  t.match(await ask('DELETE', '/users/1'), { status: 204, body: undefined })
  t.match(await ask('GET', '/users/1'), { status: 404, body: { code: 'MOCK_ERR_ROW_UNKNOWN' }, headers: { 'content-type': 'application/problem+json; charset=utf-8' } })
  t.match(await ask('PUT', '/users/1', {}), { status: 404 })
  t.same(app.mock.collections.get('users')?.rows(), [])
  t.same(app.mock.routes().map(({ id }) => id), ['GET /users', 'POST /users', 'GET /users/:id', 'PUT /users/:id', 'PATCH /users/:id', 'DELETE /users/:id'])
})

t.test('its operations are endpoints like any other', async t => {
  await t.test('an endpoint of the same address comes first, and 404s explain', async t => {
    const app = await build(t, {
      collections: { users: USERS },
      endpoints: [{ path: '/users/:name', method: 'DELETE', status: 403 }, { resource: 'users', tags: ['people'], headers: { 'x-api': 'v{{request.params.id}}' } }]
    })
    const ask = asker(app)
    t.equal((await ask('DELETE', '/users/1')).status, 403)
    t.match(await ask('GET', '/users/1'), { status: 200, headers: { 'x-api': 'v1' } })
    t.match(await ask('POST', '/users/1', {}), { status: 404, headers: { 'x-mock-unmatched': '1' } })
    t.match(JSON.stringify((await ask('GET', '/usres')).body), /GET \/users/)
    t.match(await ask('OPTIONS', '/users/1'), { status: 204, headers: { allow: 'DELETE, GET, HEAD, PUT, PATCH, OPTIONS' } })
    t.match(await ask('HEAD', '/users'), { status: 200, headers: { 'x-total-count': '3' }, body: undefined })
    t.ok(app.mock.routes().filter(({ id }) => id !== 'DELETE /users/:name').every(({ tags }) => tags[0] === 'people'))
    t.match(app.mock.requests.find({}).map(({ endpoint }) => endpoint?.id).filter(id => id !== undefined), ['DELETE /users/:name', 'GET /users/:id', 'GET /users'])
  })

  await t.test('security, failures, latency and preferences hold for all of them', async t => {
    const app = await build(t, {
      seed: 1,
      collections: { users: USERS },
      security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } },
      endpoints: [{
        resource: 'users',
        security: [{ key: [] }],
        latency_ms: 1,
        failure: { status: 503 },
        responses: [
          { name: 'down', status: 503, response: { error: 'down' } },
          { when: { headers: { 'x-tenant': 'gone' } }, status: 410 }
        ]
      }]
    })
    const ask = asker(app)
    t.equal((await ask('GET', '/users')).status, 401)
    const key = { 'x-key': 'k' }
    t.match(await ask('GET', '/users/2', undefined, key), { status: 200, body: { name: 'Bo' } })
    t.match(await ask('GET', '/users/2', undefined, { ...key, prefer: 'code=503' }), { status: 503, body: { error: 'down' } })
    t.equal((await ask('GET', '/users/2', undefined, { ...key, 'x-tenant': 'gone' })).status, 410)
    t.equal((await ask('GET', '/users/2', undefined, { ...key, prefer: 'fault=unavailable' })).status, 503)
    app.mock.variants.use('resource /users', 'down')
    t.equal((await ask('DELETE', '/users/2', undefined, key)).status, 503)
    t.equal(app.mock.collections.get('users')?.size, 3)
    app.mock.variants.reset()
    t.equal((await ask('DELETE', '/users/2', undefined, key)).status, 204)
    t.ok(app.mock.requests.find({}).some(({ injected }) => injected?.latency_ms === 1))
  })

  await t.test('methods can be left out, and paths be any', async t => {
    const app = await build(t, {
      collections: { users: USERS, cats: [{ id: 'a/b ü' }] },
      endpoints: [
        { resource: { collection: 'users', read_only: true } },
        { id: 'people', path: '/v1/people', resource: { collection: 'users', methods: ['GET', 'DELETE'] }, base_paths: ['', '/eu'] },
        { path: '/{tenant}/cats', resource: {} }
      ]
    })
    const ask = asker(app)
    t.same([(await ask('POST', '/users', {})).status, (await ask('DELETE', '/users/1')).status], [404, 404])
    t.equal((await ask('DELETE', '/eu/v1/people/1')).status, 204)
    t.same(app.mock.routes().slice(0, 3).map(({ id }) => id), ['GET /users', 'GET /users/:id', 'people.list'])
    t.match(await ask('POST', '/t1/cats', { name: 'Tom' }), { status: 201, body: { tenant: 't1', name: 'Tom' }, headers: { location: /^\/t1\/cats\/[\w-]+$/ } })
    t.match((await ask('GET', '/t1/cats')).body, [{ name: 'Tom' }])
    t.same((await ask('GET', '/t2/cats')).body, [])
    const [cat] = app.mock.collections.get('cats')?.where('name', 'Tom') ?? []
    t.match([(await ask('GET', `/t1/cats/${String(cat?.id)}`)).status, (await ask('GET', `/t2/cats/${String(cat?.id)}`)).status], [200, 404])
  })

  await t.test('they can be added and taken away while it runs, and belong to scopes', async t => {
    const app = await build(t, { endpoints: [] })
    const ask = asker(app)
    t.match(await app.mock.endpoints.add({ resource: 'users' }), { id: 'resource /users', path: '/users' })
    t.equal((await ask('POST', '/users', {})).status, 201)
    await t.rejects(app.mock.endpoints.add({ path: '/users', resource: { collection: 'others' } }), { code: 'MOCK_ERR_ENDPOINT_CONFLICT' })
    await app.mock.endpoints.add({ path: '/users', status: 418 })
    t.same([(await ask('GET', '/users')).status, (await ask('GET', '/users/1')).status], [418, 200])
    await app.mock.endpoints.remove('resource /users')
    t.equal((await ask('GET', '/users/1')).status, 404)
  })
})

t.test('lists', async t => {
  await t.test('limit and offset', async t => {
    const ask = asker(await build(t, { collections: { rows: numbered(45) }, endpoints: [{ resource: { collection: 'rows', dialect: 'limit-offset', max_page_size: 30, envelope: { data: 'items', total: 'meta.total', offset: 'meta.offset', next_url: 'next' } } }] }))
    const first = await ask('GET', '/rows')
    t.match(first.body, { items: { length: 20 }, meta: { total: 45, offset: 0 }, next: /\/rows\?offset=20$/ })
    t.match(first.headers.link, /rel="first".*rel="next".*offset=40>; rel="last"/)
    t.match((await ask('GET', '/rows?limit=1000&offset=40&sort=-n')).body, { items: [{ id: 5 }, { id: 4 }, { id: 3 }, { id: 2 }, { id: 1 }], next: null })
    t.equal((await ask('GET', '/rows?limit=1000')).body.items.length, 30)
    t.match(await ask('GET', '/rows?offset=-1&limit=many'), { status: 400, body: { violations: [{ pointer: '/offset', message: 'must be a whole number from 0' }, { pointer: '/limit' }] } })
  })

  await t.test('pages with links', async t => {
    const { app, url } = await listen(t, { collections: { rows: numbered(45) }, endpoints: [{ resource: { collection: 'rows', dialect: 'page', page_size: 5, envelope: true } }] })
    let next: string | undefined = `${url}/rows?n:gt=10&sort=n:desc`
    const seen: unknown[] = []
    while (next !== undefined) {
      const answer: Response = await fetch(next)
      const body = await answer.json() as { data: Array<{ n: number }>, total: number }
      t.equal(body.total, 35)
      seen.push(...body.data.map(({ n }) => n))
      next = /<([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    t.same(seen, Array.from({ length: 35 }, (_, index) => 45 - index))
    t.match(await asker(app)('GET', '/rows?page=0'), { status: 400 })
  })

  await t.test('cursors hold while rows come and go', async t => {
    const app = await build(t, { collections: { rows: numbered(10) }, endpoints: [{ resource: { collection: 'rows', dialect: 'cursor' } }] })
    const ask = asker(app)
    const first = (await ask('GET', '/rows?limit=4')).body
    t.match(first, { data: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }], has_more: true })
    app.mock.collections.get('rows')?.remove(1)
    const second = (await ask('GET', `/rows?limit=4&cursor=${first.next_cursor}`)).body
    t.same(idsOf(second.data), [5, 6, 7, 8])
    app.mock.collections.get('rows')?.remove(8)
    const third = (await ask('GET', `/rows?limit=4&cursor=${second.next_cursor}`)).body
    t.same(third, { data: [{ id: 9, n: 9 }, { id: 10, n: 10 }], next_cursor: null, has_more: false })
    t.match(await ask('GET', '/rows?cursor=WzEs'), { status: 400, body: { violations: [{ pointer: '/cursor' }] } })
  })

  await t.test('of version 1 of json-server, where that is asked for', async t => {
    const ask = asker(await build(t, { collections: { rows: numbered(12) }, endpoints: [{ resource: { collection: 'rows', dialect: 'json-server-v1' } }] }))
    t.match((await ask('GET', '/rows?_page=2')).body, { prev: 1, next: null, items: 12, data: [{ id: 11 }, { id: 12 }] })
  })

  await t.test('filters', async t => {
    const rows: Array<Record<string, unknown>> = [
      { id: 1, name: 'Ann', tags: ['a', 'b'], at: '2026-01-02', n: 1, ok: true, none: null, deep: { list: [{ x: 1 }] } },
      { id: 2, name: 'Bo', tags: [], at: '2026-02-02', n: 10, ok: false, date_in: 'x' },
      { id: 3, name: '10', n: '7', toString: 'own' }
    ]
    const ask = asker(await build(t, { collections: { rows }, endpoints: [{ resource: 'rows' }] }))
    const found = async (query: string) => idsOf((await ask('GET', `/rows?${query}`)).body)
    t.same(await found('n=1.0'), [1])
    t.same(await found('n=7'), [3])
    t.same(await found('name=10'), [3])
    t.same(await found('ok=false'), [2])
    t.same(await found('none=null'), [1])
    t.same(await found('tags:contains=b'), [1])
    t.same(await found('tags:like=^b$'), [1])
    t.same(await found('at:gte=2026-02-01'), [2])
    t.same(await found('deep.list[0].x=1'), [1])
    t.same(await found('n[gt]=5'), [2, 3])
    t.same(await found('tags:exists=false'), [3])
    t.same(await found('name:nin=Ann,Bo'), [3])
    t.same(await found('id:ne=1&id:ne=2'), [3])
    t.same(await found('nothing=1'), [])
    t.same(await found('__proto__.x=1'), [])
    t.same(await found('constructor.name=Object'), [])
    t.same(await found('toString=own'), [3])
    t.same(await found('_=123&callback=f'), [1, 2, 3])
    t.same(await found('q=OWN'), [3])
    t.same(await found('_sort=n'), [1, 2, 3], 'numbers before texts')
    t.same(await found(`_where=${encodeURIComponent('{"and":[{"n":{"gte":1}},{"or":[{"name":"Bo"},{"ok":true}]}]}')}`), [1, 2])
    t.same(await found(`_where=${encodeURIComponent('{"__proto__":{"x":{"eq":1}}}')}`), [])
  })

  await t.test('what makes no sense is told, or overlooked where mistakes are', async t => {
    const config: MockPluginOptions = { collections: { rows: numbered(5) }, endpoints: [{ resource: 'rows' }] }
    const ask = asker(await build(t, config))
    const lenient = asker(await build(t, { ...config, validate: 'warn' }))
    const deep = Array.from({ length: 30 }, () => 'a').join('.')
    const nested = '{"a":'.repeat(30) + '1' + '}'.repeat(30)
    for (const query of [
      'n:above=1', 'n:like=(', 'n:like=(?=x)', `n:like=${'a{900}'.repeat(3)}`, `n:like=${'x'.repeat(300)}`, '_limit=-1', '_limit=NaN', '_start=x', '_page=-3', '_order=up&_sort=n', `${deep}=1`, `_where=${nested}`, '_where=[1]', '_where={',
      '_embed=toString', '_expand=__proto__', `_sort=${'n,'.repeat(20)}n`, '_where={"or":[]}', Array.from({ length: 60 }, (_, n) => `f${n}=1`).join('&')
    ]) {
      t.match(await ask('GET', `/rows?${encodeURI(query)}`), { status: 400, body: { violations: [{ in: 'query' }] } }, query.slice(0, 60))
      t.match(await lenient('GET', `/rows?${encodeURI(query)}`), { status: 200, headers: { 'x-mock-violations': /^query/ } }, query.slice(0, 60))
    }
    t.equal((await ask('GET', '/rows?_limit=999999999')).body.length, 5)
    t.equal((await ask('GET', '/rows?_limit=99999999999999999999')).status, 400)
    t.same(idsOf((await ask('GET', '/rows?_start=-2&_end=-1')).body), [4])
  })
})

t.test('relations', async t => {
  const config = (options: object): MockPluginOptions => ({
    collections: { posts: [{ id: 1 }, { id: 2 }], comments: [{ id: 1, post_ref: 1 }, { id: 2, post_ref: 1 }, { id: 3, post_ref: 2 }], users: [{ id: 'ann' }] },
    endpoints: [
      { resource: { collection: 'posts', has_many: { comments: { key: 'post_ref', ...options } } } },
      { resource: { collection: 'comments', belongs_to: { post: { key: 'post_ref' }, author: { collection: 'users', key: 'by' } } } }
    ]
  })
  await t.test('with keys of any name', async t => {
    const ask = asker(await build(t, config({})))
    t.match((await ask('GET', '/posts/1?_embed=comments')).body, { comments: [{ id: 1 }, { id: 2 }] })
    t.match((await ask('GET', '/comments/3?_expand=post,author')).body, { post: { id: 2 }, author: undefined })
    t.match(await ask('POST', '/posts/2/comments', { by: 'ann' }), { status: 201, body: { id: 4, post_ref: 2, by: 'ann' }, headers: { location: '/comments/4' } })
    t.match((await ask('GET', '/comments/4?_embed=author')).body, { author: { id: 'ann' } })
    t.equal((await ask('GET', '/posts/9/comments')).status, 404)
    t.equal((await ask('POST', '/posts/9/comments', {})).status, 404)
    t.match(await ask('POST', '/comments', { post_ref: 9, by: 'bo' }), { status: 400, body: { violations: [{ pointer: '/post_ref', rule: 'reference', actual: 9 }, { pointer: '/by' }] } })
    t.equal((await ask('POST', '/comments', { post_ref: null })).status, 201)
    t.equal((await ask('PATCH', '/comments/1', { post_ref: 9 })).status, 400)
    t.match(await ask('GET', '/comments?_expand=nobody'), { status: 400, body: { violations: [{ pointer: '/_expand' }] } })
  })
  for (const [onDelete, status, left] of [['keep', 204, [1, 2, 3]], ['cascade', 204, [3]], ['nullify', 204, [1, 2, 3]], ['restrict', 409, [1, 2, 3]]] as const) {
    await t.test(`on_delete: ${onDelete}`, async t => {
      const ask = asker(await build(t, config({ on_delete: onDelete })))
      t.equal((await ask('DELETE', '/posts/1')).status, status)
      const { body } = await ask('GET', '/comments')
      t.same(idsOf(body), left)
      if (onDelete === 'nullify') t.match(body, [{ post_ref: null }, { post_ref: null }, { post_ref: 2 }])
    })
  }
  await t.test('children go with a parent where a request says so', async t => {
    const ask = asker(await build(t, config({ on_delete: 'restrict' })))
    t.equal((await ask('DELETE', '/posts/1?_dependent=comments')).status, 204)
    t.same(idsOf((await ask('GET', '/comments')).body), [3])
  })
})

t.test('what is written', async t => {
  const schema = { type: 'object', required: ['id', 'email'], properties: { id: { type: 'integer' }, email: { type: 'string', format: 'email' }, age: { type: 'integer', minimum: 0 } }, additionalProperties: false }
  await t.test('has to fit the schema as a whole, and be unique', async t => {
    const ask = asker(await build(t, { collections: { users: { schema, unique: ['email'], rows: [{ id: 1, email: 'ann@example.com', age: 3 }] } }, endpoints: [{ resource: 'users' }] }))
    t.match(await ask('POST', '/users', { email: 'nobody', x: 1 }), { status: 400, body: { violations: [{ in: 'body', pointer: '/email', rule: 'format' }, { pointer: '/x', rule: 'additionalProperties' }] } })
    t.match(await ask('POST', '/users', { email: 'ann@example.com' }), { status: 409, body: { code: 'MOCK_ERR_ROW_CONFLICT' } })
    t.match(await ask('POST', '/users', { email: 'bo@example.com' }), { status: 201, body: { id: 2 } })
    t.match(await ask('PUT', '/users/2', { email: 'ann@example.com' }), { status: 409 })
    t.match(await ask('PATCH', '/users/1', { age: -1 }), { status: 400, body: { violations: [{ pointer: '/age' }] } })
    t.match(await ask('PATCH', '/users/1', [{ op: 'remove', path: '/email' }], JSON_PATCH), { status: 400, body: { violations: [{ pointer: '/email', rule: 'required' }] } })
    t.match((await ask('GET', '/users/1')).body, { email: 'ann@example.com', age: 3 })
  })
  await t.test('with another status for rows that do not fit', async t => {
    const ask = asker(await build(t, { rejection: { status: 422 }, collections: { users: { schema } }, endpoints: [{ resource: 'users' }] }))
    t.match(await ask('POST', '/users', {}), { status: 422, body: { violations: [{ pointer: '/email' }] } })
  })
  await t.test('has to be an object of a type that is known', async t => {
    const ask = asker(await build(t, { endpoints: [{ resource: 'users' }] }))
    const lenient = asker(await build(t, { validate: 'off', endpoints: [{ resource: 'users' }] }))
    for (const body of ['[]', 'null', '7', '"x"', '[{"a":1}]']) {
      t.equal((await ask('POST', '/users', body, { 'content-type': 'application/json' })).status, 400, body)
      t.equal((await lenient('POST', '/users', body, { 'content-type': 'application/json' })).status, 400, body)
    }
    t.equal((await ask('POST', '/users', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415)
    t.equal((await ask('POST', '/users')).status, 400)
    t.equal((await ask('POST', '/users', '{', { 'content-type': 'application/json' })).status, 400)
    t.equal((await lenient('POST', '/users')).status, 201)
    for (const id of [true, {}, [1]]) t.match(await ask('POST', '/users', { id }), { status: 400, body: { violations: [{ pointer: '/id' }] } })
    t.match((await ask('POST', '/users', '{"__proto__":{"admin":true},"constructor":1}', { 'content-type': 'application/json' })).status, /20|40/)
    t.notOk('admin' in {})
  })
  await t.test('may have ids of clients, or not', async t => {
    for (const [clientIds, status] of [['accept', 201], ['ignore', 201], ['refuse', 400]] as const) {
      const ask = asker(await build(t, { collections: { users: USERS }, endpoints: [{ resource: { collection: 'users', client_ids: clientIds } }] }))
      const { status: found, body } = await ask('POST', '/users', { id: 50 })
      t.equal(found, status)
      if (status === 201) t.equal(body.id, clientIds === 'accept' ? 50 : 4)
    }
  })
  await t.test('is made by PUT where that is wished for', async t => {
    const ask = asker(await build(t, { collections: { users: USERS }, endpoints: [{ resource: { collection: 'users', upsert: true } }] }))
    t.match(await ask('PUT', '/users/7', { name: 'Di' }), { status: 201, body: { id: 7, name: 'Di' }, headers: { location: '/users/7' } })
    t.match(await ask('PUT', '/users/7', { name: 'Ed' }), { status: 200, body: { id: 7, name: 'Ed' } })
    t.match(await ask('PUT', '/users/7', {}, { 'if-none-match': '*' }), { status: 412 })
    t.match(await ask('PUT', '/users/8', {}, { 'if-none-match': '*' }), { status: 201 })
    t.match(await ask('PUT', '/users/9', {}, { 'if-match': '*' }), { status: 412 })
  })
  await t.test('has times and hidden rows that clients cannot set', async t => {
    const app = await build(t, { collections: { users: { timestamps: true, soft_delete: true, rows: [{ id: 1, role: 'admin' }] } }, endpoints: [{ resource: { collection: 'users', read_only_properties: ['role'] } }] })
    const ask = asker(app)
    const { body } = await ask('POST', '/users', { name: 'Ann', created_at: 'never', role: 'admin' })
    t.match(body, { created_at: /^\d{4}-.*Z$/, updated_at: /Z$/, role: undefined })
    t.match((await ask('PUT', '/users/1', { role: 'user', created_at: 'x', name: 'Bo' })).body, { role: 'admin', name: 'Bo', created_at: /Z$/ })
    t.equal((await ask('DELETE', '/users/1')).status, 204)
    t.same([(await ask('GET', '/users/1')).status, (await ask('DELETE', '/users/1')).status, (await ask('POST', '/users', { id: 1 })).status], [404, 404, 409])
    t.same(idsOf((await ask('GET', '/users')).body), [body.id])
    t.match((await ask('GET', '/users?_deleted=true')).body, [{ id: 1, deleted_at: /Z$/ }])
    t.match(await ask('POST', '/users/1/restore'), { status: 200, body: { id: 1, deleted_at: undefined } })
    t.equal((await ask('POST', '/users/1/restore')).status, 404)
    t.equal((await ask('GET', '/users/1')).status, 200)
  })
  await t.test('is answered with, where deletions are to be', async t => {
    const ask = asker(await build(t, { collections: { users: USERS }, endpoints: [{ resource: { collection: 'users', delete_status: 200, item_envelope: 'data' } }] }))
    t.match(await ask('DELETE', '/users/1'), { status: 200, body: { data: { id: 1, name: 'Ann' } } })
    t.match(await ask('GET', '/users/2'), { body: { data: { name: 'Bo' } } })
  })
})

t.test('entity tags', async t => {
  const app = await build(t, { collections: { users: USERS }, endpoints: [{ resource: 'users' }, { path: '/strict', resource: { collection: 'users', require_if_match: true } }, { path: '/plain', resource: { collection: 'users', etag: false } }] })
  const ask = asker(app)
  const tag = String((await ask('GET', '/users/1')).headers.etag)
  t.match(tag, /^"[\w-]+"$/)
  t.match(await ask('GET', '/users/1', undefined, { 'if-none-match': `"x", W/${tag}` }), { status: 304, body: undefined, headers: { etag: tag } })
  t.equal((await ask('PUT', '/users/1', { name: 'Di' }, { 'if-match': '"x"' })).status, 412)
  t.equal((await ask('PUT', '/users/1', { name: 'Di' }, { 'if-match': `W/${tag}` })).status, 412, 'compared strongly')
  const written = await ask('PUT', '/users/1', { name: 'Di' }, { 'if-match': tag })
  t.equal(written.status, 200)
  t.not(written.headers.etag, tag)
  t.match(await ask('PATCH', '/users/1', {}, { 'if-match': tag }), { status: 412, body: { code: 'MOCK_ERR_PRECONDITION_FAILED' }, headers: { etag: String(written.headers.etag) } })
  t.equal((await ask('DELETE', '/users/1', undefined, { 'if-match': tag })).status, 412)
  t.match(await ask('DELETE', '/strict/1'), { status: 428, body: { code: 'MOCK_ERR_PRECONDITION_REQUIRED' } })
  t.equal((await ask('DELETE', '/strict/1', undefined, { 'if-match': '*' })).status, 204)

  const list = String((await ask('GET', '/users')).headers.etag)
  t.match(list, /^W\/"/)
  t.equal((await ask('GET', '/users', undefined, { 'if-none-match': list })).status, 304)
  await ask('POST', '/users', {})
  t.equal((await ask('GET', '/users', undefined, { 'if-none-match': list })).status, 200)
  t.equal((await ask('GET', '/plain/2')).headers.etag, undefined)
  t.equal((await ask('GET', '/plain')).headers.etag, undefined)
})

t.test('patches', async t => {
  const config = (patch?: 'merge' | 'assign'): MockPluginOptions => ({ collections: { users: [{ id: 1, name: 'Ann', address: { city: 'Ulm', zip: '1' }, tags: ['a'] }] }, endpoints: [{ resource: { collection: 'users', ...patch !== undefined && { patch } } }] })
  await t.test('by content type', async t => {
    const ask = asker(await build(t, config()))
    t.same((await ask('PATCH', '/users/1', { name: null, address: { city: 'Bonn' } }, MERGE_PATCH)).body, { id: 1, address: { city: 'Bonn', zip: '1' }, tags: ['a'] })
    t.same((await ask('PATCH', '/users/1', { name: null, address: { city: 'Kiel' } })).body, { id: 1, name: null, address: { city: 'Kiel' }, tags: ['a'] })
    t.same((await ask('PATCH', '/users/1', [{ op: 'add', path: '/tags/-', value: 'b' }, { op: 'replace', path: '/id', value: 9 }, { op: 'move', from: '/address/city', path: '/city' }], JSON_PATCH)).body,
      { id: 1, name: null, address: {}, tags: ['a', 'b'], city: 'Kiel' })
    t.match(await ask('PATCH', '/users/1', '<a/>', { 'content-type': 'application/xml' }), { status: 415 })
    t.match((await ask('GET', '/users/1')).headers['accept-patch'], 'application/json, application/merge-patch+json, application/json-patch+json')
    t.match(await ask('PATCH', '/users/1', {}, JSON_PATCH), { status: 400 })
    t.match(await ask('PATCH', '/users/1', [{ op: 'test', path: '/city', value: 'Bonn' }, { op: 'remove', path: '/city' }], JSON_PATCH), { status: 409, body: { code: 'MOCK_ERR_PATCH', detail: /^Operation 0 / } })
    t.match(await ask('PATCH', '/users/1', [{ op: 'remove', path: '/city' }, { op: 'remove', path: '/city' }], JSON_PATCH), { status: 409 })
    t.match(await ask('PATCH', '/users/1', [{ op: 'grow', path: '/city' }], JSON_PATCH), { status: 400, body: { violations: [{ pointer: '/0' }] } })
    t.match(await ask('PATCH', '/users/1', [{ op: 'replace', path: '', value: [1] }], JSON_PATCH), { status: 400 })
    t.match((await ask('GET', '/users/1')).body, { city: 'Kiel' }, 'all or nothing')
  })
  await t.test('merge by default where that is configured', async t => {
    const ask = asker(await build(t, config('merge')))
    t.same((await ask('PATCH', '/users/1', { name: null, address: { city: 'Bonn' } })).body, { id: 1, address: { city: 'Bonn', zip: '1' }, tags: ['a'] })
  })
  await t.test('that would blow up a row are refused', async t => {
    const ask = asker(await build(t, config()))
    const doubling = Array.from({ length: 60 }, (_, n) => ({ op: 'copy', from: '', path: `/x${n}` }))
    t.match(await ask('PATCH', '/users/1', doubling, JSON_PATCH), { status: 413, body: { code: 'MOCK_ERR_PATCH_TOO_LARGE' } })
    const nesting = Array.from({ length: 300 }, () => ({ op: 'copy', from: '', path: '/x' }))
    t.match(await ask('PATCH', '/users/1', nesting, JSON_PATCH), { status: 413 })
    t.match(await ask('PATCH', '/users/1', Array.from({ length: 1001 }, () => ({ op: 'test', path: '/name', value: 'Ann' })), JSON_PATCH), { status: 413 })
    t.match((await ask('GET', '/users/1')).body, { name: 'Ann', tags: ['a'] })
  })
  await t.test('that go through a long list too often are refused', t => {
    const list = Array.from({ length: 300_000 }, () => 1)
    const insert = { op: 'add', path: '/list/0', value: 1 }
    t.match(applyJsonPatch({ list }, Array.from({ length: 10 }, () => insert)), { value: {} })
    t.match(applyJsonPatch({ list }, Array.from({ length: 1000 }, () => insert)), { fault: { kind: 'large' } })
    t.end()
  })
})

t.test('a row that cannot be deleted keeps its children, and those beside it', async t => {
  const note = { type: 'object', properties: { userId: { type: 'number' } } }
  const app = await build(t, {
    collections: {
      users: [{ id: 1 }, { id: 2 }, { id: 3 }],
      posts: [{ id: 1, userId: 1 }],
      memos: [{ id: 1, userId: 1 }, { id: 2, userId: 1 }],
      notes: { rows: [{ id: 1, userId: 1 }], schema: note },
      keys: [{ id: 1, userId: 3 }]
    },
    endpoints: [{ resource: { collection: 'users', bulk: true, has_many: { posts: { on_delete: 'cascade' }, memos: { on_delete: 'nullify' }, notes: { on_delete: 'nullify' }, keys: { on_delete: 'restrict' } } } }]
  })
  const ask = asker(app)
  const before = app.mock.collections.snapshot()
  t.match(await ask('DELETE', '/users/1'), { status: 400 }, 'a note has to have a user')
  t.same(app.mock.collections.snapshot(), before)
  app.mock.collections.get('notes')?.clear()
  t.match(await ask('DELETE', '/users'), { status: 409, body: { code: 'MOCK_ERR_ROW_IN_USE' } }, 'the last of them has a key')
  t.same(app.mock.collections.snapshot(), { ...before, notes: [] })
  app.mock.collections.get('keys')?.clear()
  t.equal((await ask('DELETE', '/users')).status, 204)
  t.same(app.mock.collections.snapshot(), { users: [], posts: [], memos: [{ id: 1, userId: null }, { id: 2, userId: null }], notes: [], keys: [] })
})

t.test('a query that takes too long is given up', async t => {
  const app = await build(t, { collections: { users: { rows: Array.from({ length: 200 }, (_, n) => ({ name: `user ${n}` })) } }, endpoints: [{ resource: { collection: 'users', bulk: true } }] })
  const ask = asker(app)
  let now = 0
  t.intercept(performance, 'now', { value: () => (now += 1500) })
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    t.match(await ask(method, '/users?name:like=x', method === 'PATCH' ? {} : undefined), { status: 400, body: { detail: 'query takes more than 2000 ms over 200 rows' } }, method)
  }
  t.match(await ask('GET', '/users/1'), { status: 200 })
})

t.test('an id with half a character is answered, and listed', async t => {
  const app = await build(t, { endpoints: [{ resource: 'users' }] })
  const answer = await app.inject({ method: 'POST', url: '/users', headers: { 'content-type': 'application/json' }, payload: '{"id":"\\ud800"}' })
  t.match(answer, { statusCode: 201, headers: { location: '/users/%EF%BF%BD' } })
  t.same((await app.inject('/users')).body, '[{"id":"\\ud800"}]')
})

t.test('JSON Patch does what RFC 6902 says', t => {
  const apply = (value: unknown, ...patch: object[]) => applyJsonPatch(value, patch)
  t.same(apply({ a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }), { value: { a: [1, 2, 3] } })
  t.same(apply({ a: [1, 2, 3] }, { op: 'move', from: '/a/0', path: '/a/2' }), { value: { a: [2, 3, 1] } })
  t.same(apply({ a: { b: 1 } }, { op: 'copy', from: '/a', path: '/c' }, { op: 'replace', path: '/c/b', value: 2 }), { value: { a: { b: 1 }, c: { b: 2 } } })
  t.same(apply({ 'a/b': { 'm~n': 1 } }, { op: 'replace', path: '/a~1b/m~0n', value: 2 }), { value: { 'a/b': { 'm~n': 2 } } })
  t.same(apply({ a: null }, { op: 'test', path: '/a', value: null }), { value: { a: null } })
  t.same(apply({ a: { x: 1, y: 2 } }, { op: 'test', path: '/a', value: { y: 2, x: 1 } }), { value: { a: { x: 1, y: 2 } } })
  t.same(apply(1, { op: 'replace', path: '', value: [] }, { op: 'add', path: '/-', value: 1 }), { value: [1] })
  for (const [value, operation, kind] of [
    [{ a: [1] }, { op: 'add', path: '/a/2', value: 1 }, 'missing'],
    [{ a: [1] }, { op: 'replace', path: '/a/01', value: 1 }, 'missing'],
    [{ a: [1] }, { op: 'remove', path: '/a/-' }, 'missing'],
    [{}, { op: 'add', path: '/a/b', value: 1 }, 'missing'],
    [{}, { op: 'remove', path: '/toString' }, 'missing'],
    [{}, { op: 'copy', from: '/__proto__', path: '/a' }, 'missing'],
    [{}, { op: 'add', path: '/__proto__/polluted', value: 1 }, 'missing'],
    [{ a: { b: {} } }, { op: 'move', from: '/a', path: '/a/b/c' }, 'malformed'],
    [{}, { op: 'add', path: 'a', value: 1 }, 'malformed'],
    [{}, { op: 'add', path: '/~2', value: 1 }, 'malformed'],
    [{}, { op: 'add', path: '/a' }, 'malformed'],
    [{}, { op: 'copy', path: '/a' }, 'malformed'],
    [{}, { op: 'remove', path: '' }, 'malformed'],
    [{ a: 1 }, { op: 'test', path: '/a', value: '1' }, 'test']
  ] as const) t.match(apply(value, operation), { fault: { index: 0, kind } }, JSON.stringify(operation))
  t.match(applyJsonPatch({}, { op: 'add' }), { fault: { kind: 'malformed' } })
  t.notOk('polluted' in {})
  const own = applyJsonPatch({}, JSON.parse('[{"op":"add","path":"/__proto__","value":{"x":1}}]'))
  t.ok('value' in own && Object.hasOwn(own.value as object, '__proto__') && !('x' in (own.value as object)))
  t.end()
})

t.test('many at once', async t => {
  const app = await build(t, { collections: { users: { unique: ['name'], rows: USERS } }, endpoints: [{ resource: { collection: 'users', bulk: true } }] })
  const ask = asker(app)
  t.match(await ask('POST', '/users', [{ name: 'Di' }, { name: 'Ed' }]), { status: 201, body: [{ id: 4 }, { id: 5 }] })
  t.match(await ask('POST', '/users', [{ name: 'Flo' }, { name: 'Ann' }]), { status: 409 })
  t.match(await ask('POST', '/users', [{ name: 'Flo' }, 7]), { status: 400 })
  t.equal(app.mock.collections.get('users')?.size, 5, 'all or none')
  t.match(await ask('PATCH', '/users?age:gte=30', { old: true }), { status: 200, body: [{ id: 1, old: true }, { id: 3, old: true }] })
  t.match(await ask('PATCH', '/users', { name: 'Same' }), { status: 409 })
  t.match((await ask('GET', '/users')).body, [{ name: 'Ann' }, { name: 'Bo' }, { name: 'Cy' }, { name: 'Di' }, { name: 'Ed' }])
  t.match(await ask('PUT', '/users', [{ id: 7, name: 'Gus' }, { id: 8, name: 'Gus' }]), { status: 409 })
  t.same(idsOf((await ask('GET', '/users')).body).length, 5)
  t.equal((await ask('DELETE', '/users?name=Bo')).status, 204)
  t.match(await ask('PUT', '/users', [{ id: 7, name: 'Gus' }]), { status: 200, body: [{ id: 7 }] })
  t.match((await ask('GET', '/users')).body, [{ id: 7, name: 'Gus' }])
  t.match(await ask('DELETE', '/users?age:above=1'), { status: 400 })
  t.equal((await ask('DELETE', '/users')).status, 204)
  t.equal(app.mock.collections.get('users')?.size, 0)
})

t.test('a single object', async t => {
  const app = await build(t, { endpoints: [{ resource: { collection: 'settings', singular: true } }] })
  const ask = asker(app)
  t.equal((await ask('GET', '/settings')).status, 404)
  t.equal((await ask('PATCH', '/settings', {})).status, 404)
  t.match(await ask('PUT', '/settings', { theme: 'dark' }), { status: 201 })
  const { headers, body } = await ask('GET', '/settings')
  t.same(body, { theme: 'dark' })
  t.equal((await ask('GET', '/settings', undefined, { 'if-none-match': String(headers.etag) })).status, 304)
  t.same((await ask('PATCH', '/settings', [{ op: 'add', path: '/size', value: 3 }], JSON_PATCH)).body, { theme: 'dark', size: 3 })
  t.equal((await ask('PUT', '/settings', {}, { 'if-match': String(headers.etag) })).status, 412)
  t.same((await ask('PUT', '/settings', { a: 1 })).body, { a: 1 })
  t.equal((await ask('DELETE', '/settings')).status, 404)
})

t.test('random operations leave what a plain model has', async t => {
  const id = fc.integer({ min: 1, max: 6 })
  const body = fc.record({ a: fc.integer({ min: 0, max: 3 }), b: fc.constantFrom('x', 'y') }, { requiredKeys: [] })
  const operation = fc.oneof(
    fc.record({ method: fc.constant('POST' as const), id: fc.option(id, { nil: undefined }), body }),
    fc.record({ method: fc.constantFrom('PUT' as const, 'PATCH' as const, 'DELETE' as const, 'GET' as const), id, body }),
    fc.record({ method: fc.constant('LIST' as const), a: fc.integer({ min: 0, max: 3 }), isDescending: fc.boolean() })
  )
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async operations => {
    const app = await build({ teardown: () => {} }, { endpoints: [{ resource: 'rows' }] })
    const ask = asker(app)
    const model = new Map<number, { id: number, a?: number, b?: string }>()
    let highest = 0
    for (const one of operations) {
      if (one.method === 'LIST') {
        const sorted = [...model.values()].filter(({ a }) => a !== undefined && a >= one.a).sort((x, y) => (x.a! - y.a!) * (one.isDescending ? -1 : 1))
        const { body } = await ask('GET', `/rows?a_gte=${one.a}&_sort=${one.isDescending ? '-' : ''}a`)
        if (!isDeepStrictEqual(body, sorted)) throw new Error(`${JSON.stringify(body)} is not ${JSON.stringify(sorted)}`)
        continue
      }
      const before = one.id === undefined ? undefined : model.get(one.id)
      const { status, body } = one.method === 'POST'
        ? await ask('POST', '/rows', { ...one.body, ...one.id !== undefined && { id: one.id } })
        : await ask(one.method, `/rows/${one.id}`, one.method === 'PUT' || one.method === 'PATCH' ? one.body : undefined)
      const wanted = one.method === 'POST' ? (before === undefined ? 201 : 409) : before === undefined ? 404 : one.method === 'DELETE' ? 204 : 200
      if (status !== wanted) throw new Error(`${one.method} gave ${status} and not ${wanted}`)
      if (status >= 400) continue
      if (one.method === 'POST') {
        const made = one.id ?? highest + 1
        highest = Math.max(highest, made)
        model.set(made, { ...one.body, id: made })
      } else if (one.method === 'PUT') model.set(one.id, { ...one.body, id: one.id })
      else if (one.method === 'PATCH') model.set(one.id, { ...before!, ...one.body, id: one.id })
      else if (one.method === 'DELETE') model.delete(one.id)
      const expected = one.method === 'DELETE' ? undefined : model.get(one.id ?? highest)
      if (!isDeepStrictEqual(body, expected)) throw new Error(`${one.method} answered ${JSON.stringify(body)}`)
    }
    const rows = app.mock.collections.get('rows')?.rows() ?? []
    await app.close()
    if (rows.length !== model.size || rows.some(row => { const own = model.get(Number(row.id)); return own === undefined || own.a !== row.a || own.b !== row.b })) throw new Error('the rows are others')
  }), { numRuns: 25 })
})

t.test('a file of data alone is served as it is', async t => {
  const dir = t.testdir({
    'db.json': JSON.stringify({ posts: [{ id: 'a', title: 'A' }], comments: [{ id: 1, post_id: 'a' }], profile: { id: 7, name: 'n' } }),
    'config.json': JSON.stringify({ endpoint: [{ path: '/x', response: 1 }] }),
    'twice.json': '{\n "posts": [{ "id": 1 },\n  { "id": 1 }]\n}'
  })
  const app = await build(t, { cwd: dir, include: ['db.json'] })
  const ask = asker(app)
  t.match((await ask('GET', '/posts/a/comments')).body, [{ id: 1 }])
  t.same((await ask('GET', '/profile')).body, { id: 7, name: 'n' })
  t.same((await ask('PATCH', '/profile', { id: 8 })).body, { id: 8, name: 'n' })
  t.match((await ask('GET', '/db')).body, { posts: [{ id: 'a' }], comments: [{ post_id: 'a' }], profile: { id: 8, name: 'n' } })
  await app.mock.endpoints.add({ path: '/more', response: 1 })
  await t.rejects(app.mock.endpoints.save(), { code: 'MOCK_ERR_NOT_SAVED' }, 'nothing is written to it')
  await t.rejects(build(t, { cwd: dir, include: ['config.json'] }), /unknown key 'endpoint'; did you mean 'endpoints'/)
  await t.rejects(build(t, { cwd: dir, include: ['twice.json'] }), /twice\.json:3/)
})

t.test('the examples of the documentation do what it says', async t => {
  const text = await readFile(new URL('../docs/resources.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  t.ok(blocks.length > 4)
  const petstore = { openapi: '3.1.0', info: { title: 'Pets', version: '1' }, paths: { '/pets': { get: { responses: { 200: { description: 'All' } } } }, '/pets/count': { get: { responses: { 200: { description: 'How many' } } } } } }
  const dir = t.testdir({ 'petstore.yaml': JSON.stringify(petstore), ...Object.fromEntries(blocks.map((block, index) => [`${index}.yaml`, block])) })
  const apps = await Promise.all(blocks.map((_, index) => build(t, { cwd: dir, include: [`${index}.yaml`] })))
  for (const app of apps) t.same(app.mock.warnings, [])

  const first = asker(apps[0]!)
  const operations = [...text.matchAll(/^\| `(GET|POST|PUT|PATCH|DELETE) (\S+)` \| [^|]*?(?:: (\d{3}))?(?:,[^|]*)? \|$/gm)]
  t.equal(operations.length, 6)
  for (const [, method, url = '', status = '200'] of operations) {
    const answer = await first(method as 'GET', url, method === 'GET' || method === 'DELETE' ? undefined : { name: 'Cy' })
    t.equal(answer.status, Number(status), `${method} ${url}`)
  }
  const filters = [...text.matchAll(/^\| (`.*?`) \| (?!What|`)/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+=[^`]+)`/g)].map(([, query = '']) => query)).filter(query => !query.includes(' '))
  t.ok(filters.length > 8)
  for (const query of [...filters, '_sort=-age,name', '_sort=age,name&_order=desc,asc', '_sort=age:desc']) t.equal((await first('GET', `/users?${encodeURI(query)}`)).status, 200, query)
  const pets = asker(apps.at(-1)!)
  t.same([(await pets('POST', '/pets', {})).status, (await pets('GET', '/pets')).body, (await pets('GET', '/pets/count')).status], [201, [{ id: 1 }], 200])
})

t.test('conditions that stand beside a resource are those of its own answers', async t => {
  const ask = asker(await build(t, {
    collections: { users: USERS },
    endpoints: [{ resource: 'users', when: { headers: { 'x-key': 'k' } }, responses: [{ status: 403 }] }, { path: '/again', resource: { collection: 'users' }, responses: [{ status: 503, times: 1 }] }]
  }))
  t.same([(await ask('GET', '/users')).status, (await ask('GET', '/users', undefined, { 'x-key': 'k' })).status], [403, 200])
  t.same([(await ask('GET', '/again')).status, (await ask('GET', '/again')).status, (await ask('GET', '/again/1')).status], [503, 200, 503], 'counted by each operation')
})
