import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../lib/config.ts'
import { createBodyCache } from '../lib/data/body-cache.ts'
import { parseExactJson } from '../lib/exact-numbers.ts'
import { stringifyJson } from '../lib/stringify-json.ts'
import { pathPlace } from '../lib/data/path-place.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { build } from './helper.ts'

// Generated answers: the same thing is the same wherever it is asked for, lists come in pages that end, what was sent is said back.

const User = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer', minimum: 1 },
    name: { type: 'string' },
    email: { type: 'string', format: 'email' },
    created_at: { type: 'string', format: 'date-time', readOnly: true },
    role: { enum: ['admin', 'editor'] },
    tags: { type: 'array', items: { type: 'string' } },
    address: { type: 'object', properties: { city: { type: 'string' }, zip: { type: 'string' } } },
    password: { type: 'string', writeOnly: true }
  }
}
const user = { $ref: '#/schemas/User' }
const list = { type: 'array', items: user }

const USERS: Config = {
  schemas: { User },
  endpoints: [
    { path: '/users', response_schema: list },
    { path: '/users', method: 'POST', status: 201, headers: { location: '{{request.urlPath}}/1' }, response_schema: user },
    { path: '/users/:id', method: ['GET', 'PUT', 'PATCH'], response_schema: user },
    { path: '/users/:id/activate', method: 'POST', response_schema: user }
  ]
}

async function get (app: FastifyInstance, url: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({ url, headers })
  return answer.json()
}

const send = async (app: FastifyInstance, method: 'POST' | 'PUT' | 'PATCH', url: string, payload: object) =>
  (await app.inject({ method, url, payload })).json()

t.test('the same id gives the same thing, with that id; another id gives another', async t => {
  const app = await build(t, USERS)
  const one = await get(app, '/users/42')
  t.equal(one.id, 42)
  t.same(await get(app, '/users/42'), one)
  const other = await get(app, '/users/43')
  t.equal(other.id, 43)
  t.not(other.name, one.name)
  t.same(await get(await build(t, USERS), '/users/42'), one, 'also after a restart')
  t.notSame(await get(await build(t, { ...USERS, seed: 7 }), '/users/42'), one, 'another seed is another world')
})

t.test('a list holds what its item endpoint answers with', async t => {
  const app = await build(t, USERS)
  const users = await get(app, '/users')
  t.ok(users.length >= 2)
  for (const one of users) t.same(await get(app, `/users/${one.id}`), one)
  t.equal(new Set(users.map((one: { id: number }) => one.id)).size, users.length)
})

t.test('a path through a thing is about that thing', async t => {
  const app = await build(t, USERS)
  t.same(await send(app, 'POST', '/users/42/activate', {}), await get(app, '/users/42'))
})

t.test('an id that cannot be one is left alone, and the answer still the same every time', async t => {
  const app = await build(t, USERS)
  const one = await get(app, '/users/somebody')
  t.type(one.id, 'number')
  t.same(await get(app, '/users/somebody'), one)
})

t.test('what is sent is said back: created, replaced, changed', async t => {
  const app = await build(t, USERS)
  const sent = { name: 'Zoe', role: 'editor', tags: ['a', 'b', 'c', 'd'], address: { city: 'Ulm' }, password: 'x', created_at: '1999-01-01T00:00:00Z', unknown: 1 }
  const made = await send(app, 'POST', '/users', sent)
  t.match(made, { name: 'Zoe', role: 'editor', tags: ['a', 'b', 'c', 'd'], address: { city: 'Ulm', zip: String } })
  t.not(made.created_at, sent.created_at, 'what only the server writes is its own')
  t.notOk('password' in made)
  t.notOk('unknown' in made)
  t.same(await send(app, 'POST', '/users', sent), made, 'again the same')
  const changed = await send(app, 'PATCH', '/users/42', { name: 'Zoe', role: 'nonsense' })
  t.same({ ...changed, name: '' }, { ...await get(app, '/users/42'), name: '' }, 'all else is as it was; what is not valid is not taken')
  t.equal(changed.name, 'Zoe')
  t.equal((await send(app, 'PUT', '/users/42', { id: 7, name: 'Zoe' })).id, 42, 'the path counts')
})

t.test('what is created has an id by which it can be asked for, told in Location', async t => {
  const app = await build(t, USERS)
  const answer = await app.inject({ method: 'POST', url: '/users', payload: { name: 'Zoe' } })
  t.equal(answer.headers.location, `/users/${answer.json().id}`)
  t.equal((await get(app, String(answer.headers.location))).id, answer.json().id)
})

t.test('a Location that somebody chose is left alone', async t => {
  const app = await build(t, { ...USERS, endpoints: USERS.endpoints?.map(endpoint => endpoint.method === 'POST' ? { ...endpoint, headers: { Location: '/elsewhere' } } : endpoint) ?? [] })
  t.equal((await app.inject({ method: 'POST', url: '/users', payload: { name: 'Zoe' } })).headers.location, '/elsewhere')
})

t.test('of several kinds of thing, what is sent tells which', async t => {
  const Cat = { type: 'object', required: ['kind', 'lives'], properties: { kind: { const: 'cat' }, lives: { type: 'integer' } } }
  const Dog = { type: 'object', required: ['kind', 'packSize'], properties: { kind: { const: 'dog' }, packSize: { type: 'integer' } } }
  const app = await build(t, { endpoints: [{ path: '/pets', method: 'POST', response_schema: { oneOf: [Cat, Dog] } }] })
  t.same(await send(app, 'POST', '/pets', { kind: 'dog', packSize: 3 }), { kind: 'dog', packSize: 3 })
  t.same(await send(app, 'POST', '/pets', { kind: 'cat', lives: 9 }), { kind: 'cat', lives: 9 })
})

t.test('reflect: false leaves the request alone', async t => {
  const app = await build(t, { endpoints: [{ path: '/login', method: 'POST', generate: { reflect: false }, response_schema: { type: 'object', required: ['user'], properties: { user: { type: 'string' } } } }] })
  t.not((await send(app, 'POST', '/login', { user: 'zoe' })).user, 'zoe')
})

t.test('parameters find their fields by their names', async t => {
  const thing = (properties: object) => ({ type: 'object', required: Object.keys(properties), properties })
  const text = { type: 'string' }
  const app = await build(t, {
    endpoints: [
      { path: '/repos/:owner/:repo/issues/:issue_number', response_schema: thing({ id: { type: 'integer' }, number: { type: 'integer' }, title: text }) },
      { path: '/orgs/:org', response_schema: thing({ id: { type: 'integer' }, login: text }) },
      { path: '/customers/:customer', response_schema: thing({ id: text, name: text }) },
      { path: '/users/:userId/orders/:orderId', response_schema: thing({ id: text, user_id: { type: 'integer' } }) },
      { path: '/pets/:petId', response_schema: thing({ data: thing({ id: { type: 'integer' }, name: text }) }) },
      { path: '/devices/:uuid', response_schema: thing({ uuid: { type: 'string', format: 'uuid' } }) },
      { path: '/weather', schema: { querystring: { type: 'object', properties: { city: text } } }, response_schema: thing({ city: text, degrees: { type: 'number' } }) }
    ]
  })
  t.match(await get(app, '/repos/o/r/issues/7'), { number: 7 })
  t.match(await get(app, '/orgs/acme'), { login: 'acme' })
  t.match(await get(app, '/customers/cus_1'), { id: 'cus_1' })
  t.match(await get(app, '/users/3/orders/a9'), { id: 'a9', user_id: 3 })
  t.match(await get(app, '/pets/5'), { data: { id: 5 } })
  t.match(await get(app, '/devices/00000000-0000-4000-8000-000000000001'), { uuid: '00000000-0000-4000-8000-000000000001' })
  t.match(await get(app, '/devices/7'), { uuid: /^[\da-f-]{36}$/ }, 'not where it is not valid')
  t.match(await get(app, '/weather?city=Ulm'), { city: 'Ulm' })
})

const integer = { type: 'integer' }
const paged = (querystring: object, schema: object, headers?: Record<string, string>): Config => ({
  schemas: { User },
  endpoints: [
    { path: '/users', schema: { querystring: { type: 'object', properties: querystring } }, response_schema: schema, ...headers && { headers } },
    { path: '/users/:id', response_schema: user }
  ]
})

/** All items, page by page, as a client would that goes on as it is told. */
async function collect<T> (t: Test, first: string, next: (url: string) => Promise<{ items: T[], next: string | undefined }>): Promise<T[]> {
  const all: T[] = []
  let url: string | undefined = first
  for (let pages = 0; url !== undefined; pages++) {
    if (pages > 50) {
      t.fail('the list does not end')
      break
    }
    const page: { items: T[], next: string | undefined } = await next(url)
    all.push(...page.items)
    url = page.next
  }
  return all
}

t.test('a list in pages: as long as asked, each page another, and it ends', async t => {
  const app = await build(t, paged({ page: integer, per_page: { ...integer, default: 5 } }, list))
  const first = await get(app, '/users')
  t.equal(first.length, 5, 'as long as the document says')
  t.same(await get(app, '/users?page=1'), first)
  t.equal((await get(app, '/users?per_page=2')).length, 2)
  const second = await get(app, '/users?page=2')
  t.ok(second.length > 0)
  t.not(second[0].id, first[0].id)
  const all = await collect<{ id: number }>(t, '1', async page => {
    const items = await get(app, `/users?page=${page}&per_page=4`)
    return { items, next: items.length === 0 ? undefined : String(Number(page) + 1) }
  })
  t.same(await get(app, '/users?per_page=100'), all, 'the same items, whatever the pages')
  t.equal(new Set(all.map(({ id }) => id)).size, all.length)
  for (const one of all) t.same(await get(app, `/users/${one.id}`), one)
})

t.test('Link leads to the end, with what else was asked', async t => {
  const app = await build(t, paged({ page: integer, per_page: integer, q: { type: 'string' } }, list, { Link: '<https://api.example.com/?page=2>; rel="next"' }))
  const all = await collect<{ id: number }>(t, '/users?per_page=2&q=a%20b', async url => {
    const answer = await app.inject(url)
    const next = /<http:\/\/localhost:80([^>]*)>; rel="next"/.exec(String(answer.headers.link))?.[1]
    t.ok(next === undefined || next.includes('q=a+b'))
    return { items: answer.json(), next }
  })
  t.same(await get(app, '/users?per_page=100'), all)
  t.equal((await app.inject('/users?per_page=100')).headers.link, undefined, 'one page has no links')
})

t.test('has_more, cursors and totals agree with the list', async t => {
  const envelope = {
    type: 'object',
    required: ['data', 'has_more', 'total_count', 'next_cursor'],
    properties: { data: list, has_more: { type: 'boolean' }, total_count: integer, next_cursor: { type: ['string', 'null'] }, meta: { type: 'object', properties: { page: integer, total_pages: integer } } }
  }
  const app = await build(t, paged({ cursor: { type: 'string' }, limit: integer }, envelope))
  let total
  const all = await collect<{ id: number }>(t, '/users?limit=3', async url => {
    const { data, has_more: hasMore, total_count: count, next_cursor: cursor } = await get(app, url)
    total ??= count
    t.equal(count, total)
    t.equal(hasMore, cursor !== null)
    return { items: data, next: cursor === null ? undefined : `/users?limit=3&cursor=${encodeURIComponent(cursor)}` }
  })
  t.equal(all.length, total)
})

t.test('starting_after goes on behind the thing with that id', async t => {
  const envelope = { type: 'object', required: ['data', 'has_more'], properties: { data: list, has_more: { type: 'boolean' } } }
  const app = await build(t, paged({ starting_after: { type: 'string' }, limit: integer }, envelope))
  const all = await collect<{ id: number }>(t, '/users?limit=2', async url => {
    const { data, has_more: hasMore } = await get(app, url)
    return { items: data, next: hasMore ? `/users?limit=2&starting_after=${data.at(-1).id}` : undefined }
  })
  t.same((await get(app, '/users?limit=100')).data, all)
})

t.test('next is a link, a number or nothing, as its schema has it', async t => {
  const envelope = { type: 'object', required: ['results', 'next'], properties: { count: integer, results: list, next: { type: ['string', 'null'], format: 'uri' }, next_page: { type: ['integer', 'null'] } } }
  const app = await build(t, paged({ page: integer, page_size: integer }, envelope))
  const first = await get(app, '/users?page_size=4')
  t.match(first, { next: 'http://localhost:80/users?page_size=4&page=2', next_page: 2, count: 7 })
  t.match(await get(app, '/users?page_size=4&page=2'), { next: null, next_page: null, count: 7 })
})

t.test('page[number] and page[size], and lists under their own name', async t => {
  const envelope = { type: 'object', properties: { users: list, meta: { type: 'object', properties: { total: integer } } } }
  const app = await build(t, paged({ 'page[number]': integer, 'page[size]': integer }, envelope))
  const { users, meta } = await get(app, '/users?page[size]=2&page[number]=2')
  t.equal(users.length, 2)
  t.equal(meta.total, 7)
  t.equal((await get(app, '/users?page[size]=2&page[number]=4')).users.length, 1)
})

t.test('bounds of a list are kept, whatever is asked', async t => {
  const app = await build(t, paged({ limit: integer, offset: integer }, { ...list, minItems: 2, maxItems: 3 }))
  t.equal((await get(app, '/users?limit=100')).length, 3)
  t.equal((await get(app, '/users?limit=1')).length, 2)
  t.equal((await get(app, '/users?offset=1000')).length, 2)
})

t.test('generate: how long a list is, where it stands and what its ids are can be said', async t => {
  const Thing = { type: 'object', required: ['code', 'label'], properties: { id: integer, code: { type: 'string' }, label: { type: 'string' } } }
  const app = await build(t, {
    endpoints: [
      { path: '/things', generate: { list: '/found/these', total: 12, id: 'code' }, response_schema: { type: 'object', required: ['found'], properties: { found: { type: 'object', required: ['these'], properties: { these: { type: 'array', items: Thing } } } } } }
    ]
  })
  const { found: { these } } = await get(app, '/things')
  t.equal(these.length, 12)
  t.equal(new Set(these.map(({ code }: { code: string }) => code)).size, 12)
  t.equal((await get(app, '/things?limit=5&page=3')).found.these.length, 2)
})

t.test('an example is the first page of its list, as it stands, and the list goes on to its end', async t => {
  const shown = [{ id: 1, name: 'Ada' }, { id: 2, name: 'Bob' }]
  const config = paged({ page: integer, per_page: { ...integer, default: 30 } }, list, { link: 'x' })
  const [endpoint, ...others] = config.endpoints ?? []
  const app = await build(t, { ...config, endpoints: [{ ...endpoint!, response: shown }, ...others] })
  const answer = await app.inject('/users')
  t.same(answer.json(), shown)
  t.match(answer.headers.link, '<http://localhost:80/users?page=2>; rel="next"')
  const all = await collect<{ id: number }>(t, '1', async page => {
    const items = await get(app, `/users?page=${page}`)
    return { items, next: items.length === 0 ? undefined : String(Number(page) + 1) }
  })
  t.same(all.slice(0, 2), shown)
  t.equal(all.length, 5)
  t.same(await get(app, '/users?per_page=50'), all)
})

t.test('an example that says that there is no more is all there is', async t => {
  const envelope = { type: 'object', properties: { data: list, has_more: { type: 'boolean' }, total: integer } }
  const [endpoint] = paged({ page: integer }, envelope).endpoints ?? []
  const finished = await build(t, { schemas: { User }, endpoints: [{ ...endpoint!, response: { data: [{ id: 1, name: 'Ada' }], has_more: false } }] })
  t.same(await get(finished, '/users?page=2'), { data: [], has_more: false })
  const longer = await build(t, { schemas: { User }, endpoints: [{ ...endpoint!, response: { data: [{ id: 1, name: 'Ada' }], has_more: true, total: 3 } }] })
  t.match(await get(longer, '/users?page=3'), { data: [{ id: Number }], has_more: false, total: 3 })
  t.same((await get(longer, '/users?page=4')).data, [])
})

t.test('other examples stay as they are, whatever is asked', async t => {
  const app = await build(t, { schemas: { User }, endpoints: [{ path: '/users/:id', response: { id: 1, name: 'Ada' }, response_schema: user }] })
  t.same(await get(app, '/users/42'), { id: 1, name: 'Ada' })
  t.match(await get(app, '/users/42', { prefer: 'dynamic=true' }), { id: 42 })
})

t.test('Prefer: seed gives another thing with the same id', async t => {
  const app = await build(t, USERS)
  const one = await get(app, '/users/42', { prefer: 'seed=a' })
  t.equal(one.id, 42)
  t.not(one.name, (await get(app, '/users/42')).name)
  t.same(await get(app, '/users/42', { prefer: 'seed=a' }), one)
})

t.test('endpoints that come or go change what belongs together', async t => {
  const app = await build(t, { schemas: { User }, endpoints: [{ id: 'list', path: '/people', response_schema: list }] })
  await get(app, '/people')
  await app.mock.endpoints.add({ path: '/people/:id', response_schema: user })
  for (const one of await get(app, '/people')) t.same(await get(app, `/people/${one.id}`), one)
})

t.test('a locale speaks its language', async t => {
  const app = await build(t, { ...USERS, locale: 'ja' })
  t.match((await get(app, '/users/1')).name, /[\u3040-\u30ff\u4e00-\u9faf]/)
  await t.rejects(build(t, { ...USERS, locale: 'xx' }), { code: 'MOCK_ERR_LOCALE_UNKNOWN' })
  const { config } = importDocument({ openapi: '3.0.0', info: { title: 'a', version: '1' }, 'x-json-schema-faker': { locale: 'de' }, paths: {} })
  t.equal(config.locale, 'de')
})

t.test('schemas may ask for a kind of data in the words of other tools', async t => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'string', 'x-faker': 'name.firstName' },
      b: { type: 'integer', 'x-faker': { 'number.int': { min: 5, max: 6 } } },
      c: { type: 'string', 'x-faker': '{{person.firstName}} of {{location.city}}' },
      d: { type: 'string', 'x-fake-data': 'as it stands' },
      e: { type: 'string', 'x-fake-data': ['one', 'two'] },
      f: { type: 'number', 'x-json-schema-faker': 'commerce.price' },
      g: { type: 'string', 'x-faker': 'constructor.constructor', minLength: 1 },
      h: { type: 'string', 'x-faker': 'string.alphanumeric({length: 999999999})' }
    }
  }
  const app = await build(t, { endpoints: [{ path: '/', response_schema: schema }] })
  const value = await get(app, '/')
  t.match(value, { a: /^\S+$/, c: /^\S+ of \S+/, d: 'as it stands', e: /^(one|two)$/, f: Number, g: String })
  t.ok([5, 6].includes(value.b))
  t.ok(value.h.length <= 1_000)
})

t.test('numbers keep their digits from text to text, wherever they stand', t => {
  const digits = fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 20n })).map(([whole, part]) => `${whole}.${part}`.replace(/0+$/, '1')),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => JSON.stringify(number))
  )
  const json = fc.letrec<{ value: string }>(tie => ({
    value: fc.oneof({ depthSize: 'small' }, digits, fc.string().map(text => JSON.stringify(text)), fc.array(tie('value')).map(items => `[${items.join(',')}]`),
      fc.dictionary(fc.constantFrom('a', 'b', '7', '12345678901234567890'), tie('value')).map(members => `{${Object.entries(members).map(([key, member]) => `${JSON.stringify(key)}:${member}`).join(',')}}`))
  })).value
  fc.assert(fc.property(json.filter(text => /^[[{]/.test(text)), text => stringifyJson(parseExactJson(text)) === text))
  t.end()
})

t.test('paths are read in both notations', t => {
  t.same(pathPlace('/users/{userId}/orders/{orderId}'), { collection: '/users/{}/orders', name: 'orders', scope: [{ name: 'userId', after: 'users' }], id: 'orderId' })
  t.same(pathPlace('/users/:userId/orders/:orderId'), pathPlace('/users/{userId}/orders/{orderId}'))
  t.same(pathPlace('/'), { collection: '/', name: '', scope: [], id: undefined })
  t.same(pathPlace('/a/{b}.json'), { collection: '/a/{}.json', name: 'a', scope: [{ name: 'b', after: 'a' }], id: undefined })
  t.end()
})

t.test('kept bodies stay within their bound, and those that are asked for are kept longest', t => {
  const cache = createBodyCache<{ payload: string }>(10_000)
  fc.assert(fc.property(fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), size: fc.nat(700) })), entries => {
    cache.clear()
    for (const { key, size } of entries) {
      const body = { payload: 'x'.repeat(size) }
      cache.set(key, body)
      const found = cache.get(key)
      if (found !== undefined && found !== body) return false
    }
    const kept = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap(key => cache.get(key) ?? [])
    return kept.reduce((sum, { payload }) => sum + 2 * payload.length, 0) <= 10_000
  }))
  t.end()
})
