import fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { parseCacheControl, secondsOf, writeCacheControl } from '../lib/cache/cache-control.ts'
import { entityTag, listsTag } from '../lib/cache/entity-tag.ts'
import { formatHttpDate, parseHttpDate } from '../lib/cache/http-date.ts'
import { parseRanges, sizeOf } from '../lib/cache/ranges.ts'
import { createValidatorMemory } from '../lib/cache/validator-memory.ts'
import type { WrittenEndpoint } from '../lib/config.ts'
import { build, listen } from './helper.ts'

const START = '2026-01-31T10:00:00Z'
const NOW = 'Sat, 31 Jan 2026 10:00:00 GMT'
const EARLIER = 'Sat, 31 Jan 2026 09:00:00 GMT'
const LATER = 'Sat, 31 Jan 2026 11:00:00 GMT'
const TEN = '0123456789'

/** A body of ten bytes, with validators that are known. */
const ten = (cache: object = {}): WrittenEndpoint => ({ path: '/ten', text: TEN, cache: { etag: '"ten"', last_modified: EARLIER, ...cache } })

interface Expected {
  status: number
  body?: string
  /** Undefined for those that may not be there. */
  headers?: Record<string, string | RegExp | undefined>
}

/** Section of the RFC (9110 where it says no other), what it says, the request and what it is answered with. */
type Case = [section: string, says: string, endpoint: WrittenEndpoint, headers: Record<string, string>, expected: Expected, method?: 'GET' | 'HEAD']

const WHOLE = { status: 200, body: TEN }
const FAILED = { status: 412 }
const UNCHANGED = { status: 304, body: '' }

const TABLE: Case[] = [
  ['8.8.2', 'Last-Modified is sent', ten(), {}, { ...WHOLE, headers: { 'last-modified': EARLIER } }],
  ['8.8.2.1', 'not later than the message was made', { path: '/ten', text: TEN, cache: true }, {}, { ...WHOLE, headers: { 'last-modified': NOW, date: NOW } }],
  ['8.8.3', 'ETag is sent, in quotes', { path: '/ten', text: TEN, cache: true }, {}, { ...WHOLE, headers: { etag: /^"[\w-]{22}"$/ } }],
  ['8.8.3', 'a weak one says so', ten({ etag: 'weak' }), {}, { ...WHOLE, headers: { etag: /^W\/"[\w-]{22}"$/ } }],
  ['8.8.3', 'neither where it is not wanted', ten({ etag: false, last_modified: false }), {}, { ...WHOLE, headers: { etag: undefined, 'last-modified': undefined } }],
  ['8.8.3', 'headers that are set stay', { ...ten(), headers: { ETag: '"mine"' } }, { 'if-none-match': '"mine"' }, { ...UNCHANGED, headers: { etag: '"mine"' } }],
  ['12.5.5', 'Vary is sent', ten({ vary: ['Accept-Language', 'Origin'] }), {}, { ...WHOLE, headers: { vary: 'Accept-Language, Origin' } }],
  ['5.6.7', 'dates go by the clock of the mock server', ten(), {}, { ...WHOLE, headers: { date: NOW } }],

  ['13.1.1', 'If-Match: one of them', ten(), { 'if-match': '"a", "ten"' }, WHOLE],
  ['13.1.1', 'If-Match: none of them', ten(), { 'if-match': '"a", "b"' }, FAILED],
  ['13.1.1', 'If-Match: *', ten(), { 'if-match': '*' }, WHOLE],
  ['13.1.1', 'If-Match compares strongly', ten({ etag: 'W/"ten"' }), { 'if-match': 'W/"ten"' }, FAILED],
  ['13.1.1', 'If-Match: a comma in a tag', ten({ etag: '"a,b"' }), { 'if-match': '"a,b"' }, WHOLE],
  ['13.1.2', 'If-None-Match: one of them', ten(), { 'if-none-match': '"a", "ten"' }, UNCHANGED],
  ['13.1.2', 'If-None-Match: none of them', ten(), { 'if-none-match': '"a"' }, WHOLE],
  ['13.1.2', 'If-None-Match: *', ten(), { 'if-none-match': '*' }, UNCHANGED],
  ['13.1.2', 'If-None-Match compares weakly', ten(), { 'if-none-match': 'W/"ten"' }, UNCHANGED],
  ['13.1.2', 'a tag without quotes is none', ten(), { 'if-none-match': 'ten' }, WHOLE],
  ['13.1.2', 'HEAD gets 304 as well', ten(), { 'if-none-match': '"ten"' }, UNCHANGED, 'HEAD'],
  ['13.1.3', 'If-Modified-Since: not modified', ten(), { 'if-modified-since': EARLIER }, UNCHANGED],
  ['13.1.3', 'If-Modified-Since: a later date', ten(), { 'if-modified-since': LATER }, UNCHANGED],
  ['13.1.3', 'If-Modified-Since: modified', ten(), { 'if-modified-since': 'Sat, 31 Jan 2026 08:59:59 GMT' }, WHOLE],
  ['13.1.3', 'a date that is none is overlooked', ten(), { 'if-modified-since': 'yesterday' }, WHOLE],
  ['13.1.3', 'overlooked where there is no date', ten({ last_modified: false }), { 'if-modified-since': LATER }, WHOLE],
  ['5.6.7', 'obsolete dates are read: RFC 850', ten(), { 'if-modified-since': 'Saturday, 31-Jan-26 09:00:00 GMT' }, UNCHANGED],
  ['5.6.7', 'obsolete dates are read: asctime', ten(), { 'if-modified-since': 'Sat Jan 31 09:00:00 2026' }, UNCHANGED],
  ['13.1.4', 'If-Unmodified-Since: not modified', ten(), { 'if-unmodified-since': EARLIER }, WHOLE],
  ['13.1.4', 'If-Unmodified-Since: modified', ten(), { 'if-unmodified-since': 'Sat, 31 Jan 2026 08:59:59 GMT' }, FAILED],
  ['13.1.4', 'overlooked where there is no date', ten({ last_modified: false }), { 'if-unmodified-since': 'Sat, 31 Jan 2026 08:59:59 GMT' }, WHOLE],

  ['13.2.2', 'If-Match before If-Unmodified-Since', ten(), { 'if-match': '"ten"', 'if-unmodified-since': 'Sat, 31 Jan 2026 08:00:00 GMT' }, WHOLE],
  ['13.2.2', 'If-None-Match before If-Modified-Since', ten(), { 'if-none-match': '"a"', 'if-modified-since': LATER }, WHOLE],
  ['13.2.2', 'If-Match before If-None-Match', ten(), { 'if-match': '"a"', 'if-none-match': '"ten"' }, FAILED],
  ['13.2.2', 'If-None-Match after If-Match that holds', ten(), { 'if-match': '"ten"', 'if-none-match': '"ten"' }, UNCHANGED],
  ['13.2.2', 'If-None-Match before Range', ten(), { 'if-none-match': '"ten"', range: 'bytes=0-1' }, UNCHANGED],
  ['13.2.1', 'overlooked where the answer is an error', { path: '/ten', responses: [{ status: 404, text: TEN, cache: { etag: '"ten"' } }] }, { 'if-none-match': '"ten"' }, { status: 404, body: TEN }],

  ['15.4.5', '304 has what 200 would have told caches', ten({ control: 'max-age=60', vary: 'A', expires: 60 }), { 'if-none-match': '"ten"' },
    { ...UNCHANGED, headers: { etag: '"ten"', 'cache-control': 'max-age=60', vary: 'A', expires: 'Sat, 31 Jan 2026 10:01:00 GMT', date: NOW } }],
  ['15.4.5', '304 says nothing of a body, nor a date beside a tag', ten(), { 'if-none-match': '"ten"' }, { ...UNCHANGED, headers: { 'content-type': undefined, 'content-length': undefined, 'last-modified': undefined } }],
  ['15.4.5', '304 has the date where there is no tag', ten({ etag: false }), { 'if-modified-since': EARLIER }, { ...UNCHANGED, headers: { 'last-modified': EARLIER } }],

  ['14.3', 'parts are offered', ten(), {}, { ...WHOLE, headers: { 'accept-ranges': 'bytes' } }],
  ['14.3', 'and not where they cannot be had', ten({ ranges: false }), { range: 'bytes=0-1' }, { ...WHOLE, headers: { 'accept-ranges': undefined } }],
  ['14.1.2', 'the first bytes', ten(), { range: 'bytes=0-4' }, { status: 206, body: '01234', headers: { 'content-range': 'bytes 0-4/10', 'content-length': '5' } }],
  ['14.1.2', 'from one on', ten(), { range: 'bytes=8-' }, { status: 206, body: '89', headers: { 'content-range': 'bytes 8-9/10' } }],
  ['14.1.2', 'the last bytes', ten(), { range: 'bytes=-3' }, { status: 206, body: '789', headers: { 'content-range': 'bytes 7-9/10' } }],
  ['14.1.2', 'more than there are', ten(), { range: 'bytes=5-99' }, { status: 206, body: '56789', headers: { 'content-range': 'bytes 5-9/10' } }],
  ['14.1.2', 'a longer suffix than there is', ten(), { range: 'bytes=-99' }, { status: 206, body: TEN, headers: { 'content-range': 'bytes 0-9/10' } }],
  ['14.1.2', 'backwards is none', ten(), { range: 'bytes=5-1' }, WHOLE],
  ['14.2', 'another unit is overlooked', ten(), { range: 'lines=1-2' }, WHOLE],
  ['14.2', 'what is no range is overlooked', ten(), { range: 'bytes=a-b' }, WHOLE],
  ['14.2', 'HEAD has no parts', ten(), { range: 'bytes=0-1' }, { status: 200, body: '', headers: { 'content-length': '10' } }, 'HEAD'],
  ['14.2', 'more than the whole is the whole', ten(), { range: 'bytes=0-9,0-9' }, WHOLE],
  ['15.5.17', '416 where there is no such part', ten(), { range: 'bytes=10-' }, { status: 416, body: '', headers: { 'content-range': 'bytes */10', 'content-type': undefined } }],
  ['15.5.17', '416 only where none is there', ten(), { range: 'bytes=20-30,0-1' }, { status: 206, body: '01' }],
  ['15.5.17', 'an empty suffix is not there', ten(), { range: 'bytes=-0' }, { status: 416 }],
  ['15.3.7', 'a part has the headers of the whole', ten({ control: 'max-age=60' }), { range: 'bytes=0-1' }, { status: 206, headers: { etag: '"ten"', 'last-modified': EARLIER, 'cache-control': 'max-age=60', date: NOW } }],
  ['15.3.7.2', 'several parts', ten(), { range: 'bytes=0-1,-2' }, {
    status: 206,
    body: ['--B', 'Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 0-1/10', '', '01', '--B', 'Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 8-9/10', '', '89', '--B--', ''].join('\r\n'),
    headers: { 'content-type': /^multipart\/byteranges; boundary=part-\w{32}$/, 'content-range': undefined }
  }],
  ['13.1.5', 'If-Range: the same tag', ten(), { range: 'bytes=0-1', 'if-range': '"ten"' }, { status: 206, body: '01' }],
  ['13.1.5', 'If-Range: another tag', ten(), { range: 'bytes=0-1', 'if-range': '"a"' }, WHOLE],
  ['13.1.5', 'If-Range: a weak tag', ten({ etag: 'W/"ten"' }), { range: 'bytes=0-1', 'if-range': 'W/"ten"' }, WHOLE],
  ['13.1.5', 'If-Range: the same date', ten(), { range: 'bytes=0-1', 'if-range': EARLIER }, { status: 206, body: '01' }],
  ['13.1.5', 'If-Range: a later date is another', ten(), { range: 'bytes=0-1', 'if-range': LATER }, WHOLE],
  ['13.1.5', 'If-Range: a date of this very second tells nothing', ten({ last_modified: NOW }), { range: 'bytes=0-1', 'if-range': NOW }, WHOLE],

  ['9111 5.2', 'directives are sent', ten({ control: { public: true, max_age: 60, stale_while_revalidate: 30, immutable: true, no_store: false } }), {},
    { ...WHOLE, headers: { 'cache-control': 'public, max-age=60, stale-while-revalidate=30, immutable' } }],
  ['9111 5.2.2.4', 'those with a list of headers', ten({ control: { no_cache: ['set-cookie', 'x-a'] } }), {}, { ...WHOLE, headers: { 'cache-control': 'no-cache="set-cookie, x-a"' } }],
  ['9111 5.1', 'Age is sent', ten({ age: 30 }), {}, { ...WHOLE, headers: { age: '30' } }],
  ['9111 5.3', 'Expires: seconds from now', ten({ expires: 60 }), {}, { ...WHOLE, headers: { expires: 'Sat, 31 Jan 2026 10:01:00 GMT' } }],
  ['9111 5.3', 'Expires: seconds ago', ten({ expires: -60 }), {}, { ...WHOLE, headers: { expires: 'Sat, 31 Jan 2026 09:59:00 GMT' } }],
  ['9111 5.3', 'Expires: a date', ten({ expires: '2026-01-31T12:00:00+01:00' }), {}, { ...WHOLE, headers: { expires: LATER } }]
]

const bareBoundary = (body: string): string => body.replace(/part-\w{32}/g, 'B')

function check (t: Test, answer: { statusCode: number, body: string, headers: Record<string, unknown> }, { status, body, headers = {} }: Expected): void {
  t.equal(answer.statusCode, status)
  if (body !== undefined) t.equal(bareBoundary(answer.body), body)
  for (const [name, value] of Object.entries(headers)) {
    if (value instanceof RegExp) t.match(answer.headers[name], value, name)
    else t.equal(answer.headers[name], value, name)
  }
}

t.test('the cases of RFC 9110 and RFC 9111 for who answers', async t => {
  for (const [section, says, endpoint, headers, expected, method = 'GET'] of TABLE) {
    await t.test(`${section}: ${says}`, async t => {
      const app = await build(t, { endpoints: [endpoint] })
      app.mock.clock.freeze(START)
      check(t, await app.inject({ method, url: '/ten', headers }), expected)
    })
  }
})

t.test('bodies of every kind', async t => {
  const folder = t.testdir({ 'ten.txt': TEN, 'empty.txt': '' })
  const app = await build(t, {
    cwd: folder,
    seed: 1,
    collections: { users: [{ id: 1, name: 'Ann' }] },
    endpoints: [
      { path: '/constant', response: { a: 1 }, cache: true },
      { path: '/templated/:id', response: { id: '{{request.params.id}}' }, cache: true },
      { path: '/generated', response_schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }, cache: true },
      { path: '/binary', base64: 'AAECAw==', cache: true },
      { path: '/file', file: 'ten.txt', cache: true },
      { path: '/empty', file: 'empty.txt', cache: true },
      { path: '/users', resource: 'users', cache: { control: 'max-age=5' } },
      { path: '/none', status: 204, cache: { control: 'no-store' } }
    ]
  })

  t.test('have validators, are found unchanged, and come in parts', async t => {
    for (const url of ['/constant', '/templated/7', '/generated', '/binary', '/file', '/users', '/users/1']) {
      const whole = await app.inject(url)
      t.equal(whole.statusCode, 200, url)
      t.ok(whole.headers.etag, url)
      t.ok(parseHttpDate(String(whole.headers['last-modified'])), url)
      t.equal((await app.inject({ url, headers: { 'if-none-match': String(whole.headers.etag) } })).statusCode, 304, url)
      t.equal((await app.inject({ url, headers: { 'if-modified-since': String(whole.headers['last-modified']) } })).statusCode, 304, url)
      const part = await app.inject({ url, headers: { range: 'bytes=1-2' } })
      t.equal(part.statusCode, 206, url)
      t.same(part.rawPayload, whole.rawPayload.subarray(1, 3), url)
      const head = await app.inject({ method: 'HEAD', url })
      t.equal(head.headers.etag, whole.headers.etag, url)
      t.equal(head.headers['content-length'], String(whole.rawPayload.length), url)
    }
  })

  t.test('an empty one has no parts', async t => {
    const answer = await app.inject({ url: '/empty', headers: { range: 'bytes=0-' } })
    t.equal(answer.statusCode, 416)
    t.equal((await app.inject('/empty')).body, '')
  })

  t.test('what has no body says what caches are to do with it', async t => {
    const answer = await app.inject('/none')
    t.match(answer, { statusCode: 204, headers: { 'cache-control': 'no-store' } })
    t.notHas(answer.headers, { etag: /./ })
  })

  t.test('tags differ by content and by content type', async t => {
    const tags = await Promise.all(['/constant', '/templated/7', '/templated/8', '/binary'].map(async url => (await app.inject(url)).headers.etag))
    t.equal(new Set(tags).size, tags.length)
    t.not(entityTag('strong', 'a', 'text/plain'), entityTag('strong', 'a', 'text/csv'))
    t.equal(entityTag('strong', 'a', 'text/plain'), entityTag('strong', Buffer.from('a'), 'text/plain'))
  })

  t.test('a file that is written to is another', async t => {
    const before = await app.inject('/file')
    await writeFile(`${folder}/ten.txt`, 'others')
    const after = await app.inject({ url: '/file', headers: { 'if-none-match': String(before.headers.etag) } })
    t.match(after, { statusCode: 200, body: 'others' })
  })
})

t.test('Last-Modified tells when the content last changed', async t => {
  const app = await build(t, { variables: { price: 1 }, endpoints: [{ path: '/price', response: { price: "{{variable 'price'}}" }, cache: true }] })
  app.mock.clock.freeze(START)
  const dateOf = async () => (await app.inject('/price')).headers['last-modified']
  t.equal(await dateOf(), NOW)
  await app.mock.clock.advance('1h')
  t.equal(await dateOf(), NOW, 'the same content')
  app.mock.variables.set('price', 2)
  t.equal(await dateOf(), LATER, 'another one')
  app.mock.reset()
  app.mock.clock.freeze('2026-02-01T00:00:00Z')
  t.equal(await dateOf(), 'Sun, 01 Feb 2026 00:00:00 GMT', 'and after a reset it begins anew')
})

t.test('writes', async t => {
  const config = {
    endpoints: [
      { path: '/doc', text: 'v1', cache: true },
      { path: '/doc', method: 'PUT', cache: true, responses: [{ status: 204 }, { status: 409 }] }
    ]
  }

  t.test('are held against what was last sent', async t => {
    const app = await build(t, config)
    const put = async (headers: Record<string, string>) => (await app.inject({ method: 'PUT', url: '/doc', headers })).statusCode
    t.equal(await put({ 'if-match': '"a"' }), 412, 'nobody can know a tag of what was never sent')
    t.equal(await put({ 'if-match': '*' }), 204)
    t.equal(await put({ 'if-none-match': '*' }), 204)
    const { headers: { etag, 'last-modified': modified } } = await app.inject('/doc')
    t.equal(await put({ 'if-match': String(etag) }), 204)
    t.equal(await put({ 'if-match': '"a"' }), 412)
    t.equal(await put({ 'if-none-match': '*' }), 412)
    t.equal(await put({ 'if-unmodified-since': 'Sat, 31 Jan 2015 08:00:00 GMT' }), 412)
    t.equal(await put({ 'if-unmodified-since': formatHttpDate(parseHttpDate(String(modified))! + 60_000) }), 204)
    t.equal(await put({}), 204)
  })

  t.test('that are refused move nothing, and get the answer that the endpoint has for it', async t => {
    const app = await build(t, {
      endpoints: [{
        path: '/doc',
        method: 'PUT',
        cache: true,
        responses: [{ status: 204, set: { written: true } }, { status: 412, response: { error: 'conflict' } }]
      }]
    })
    const answer = await app.inject({ method: 'PUT', url: '/doc', headers: { 'if-match': '"a"' } })
    t.match(answer, { statusCode: 412, body: '{"error":"conflict"}', headers: { 'x-mock-rejected': 'precondition' } })
    t.equal(app.mock.variables.get('written'), undefined)
  })

  t.test('without an answer of its own it is a problem that says what to do', async t => {
    const app = await build(t, config)
    const answer = await app.inject({ method: 'PUT', url: '/doc', headers: { 'if-match': '"a"' } })
    t.match(answer.json(), { status: 412, code: 'MOCK_ERR_PRECONDITION_FAILED', detail: /get it anew/ })
  })

  t.test('rows of resources have dates as well', async t => {
    const app = await build(t, { collections: { users: [{ id: 1, name: 'Ann' }] }, endpoints: [{ path: '/users', resource: 'users', cache: true }] })
    app.mock.clock.freeze(START)
    const date = String((await app.inject('/users/1')).headers['last-modified'])
    await app.mock.clock.advance('1m')
    const patch = async (headers: Record<string, string>) => (await app.inject({ method: 'PATCH', url: '/users/1', headers, payload: { name: 'Bea' } })).statusCode
    t.equal(await patch({ 'if-unmodified-since': date }), 200)
    t.equal(await patch({ 'if-unmodified-since': date }), 412, 'it was written to meanwhile')
    t.equal((await app.inject({ url: '/users/1', headers: { 'if-modified-since': date } })).statusCode, 200)
  })
})

t.test('what stands where', async t => {
  const app = await build(t, {
    defaults: { cache: { control: 'max-age=1' } },
    endpoints: [
      { path: '/inherits', response: 1 },
      { path: '/own', response: 1, cache: { control: 'max-age=2', etag: false, last_modified: false } },
      { path: '/none', response: 1, cache: false },
      { path: '/errors', responses: [{ response: 1 }, { status: 404 }, { status: 410, cache: { control: 'max-age=3' } }] },
      { path: '/fails', response: 1, failure_rate: 1 },
      { path: '/strict', response: 1, schema: { querystring: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } } } }
    ]
  })
  const controlOf = async (url: string, headers = {}) => (await app.inject({ url, headers })).headers['cache-control']
  t.equal(await controlOf('/inherits'), 'max-age=1')
  t.equal(await controlOf('/own'), 'max-age=2')
  t.equal((await app.inject('/own')).headers.etag, undefined)
  t.equal(await controlOf('/none'), undefined)
  t.equal(await controlOf('/errors', { prefer: 'code=404' }), undefined, 'nobody wants errors kept')
  t.equal(await controlOf('/errors', { prefer: 'code=410' }), 'max-age=3', 'unless they say so')
  t.equal(await controlOf('/fails'), undefined)
  t.equal(await controlOf('/strict'), undefined, 'what is rejected')
  t.equal(await controlOf('/strict?a=1'), 'max-age=1')
})

t.test('mistakes are told with their place', async t => {
  const refused = async (cache: unknown) => {
    const app = await build(t)
    return app.mock.validate({ endpoints: [{ path: '/', cache }] })
  }
  t.match(await refused({ last_modified: 'yesterday' }), [{ severity: 'error', pointer: '/endpoints/0/cache/last_modified' }])
  t.match(await refused({ last_modified: '2026-13-45' }), [{ severity: 'error', pointer: '/endpoints/0/cache', message: /no date/ }])
  t.match(await refused({ etag: 'v1' }), [{ severity: 'error', pointer: '/endpoints/0/cache/etag' }])
  t.match(await refused({ control: { maxage: 1 } }), [{ severity: 'error', hint: /max_age/ }])
  t.same(await refused({ control: 'max-age=1' }), [])
})

t.test('on a socket', async t => {
  const folder = t.testdir({ 'large.bin': Buffer.alloc(300_000, 'abcdefghij').toString() })
  const { app, url } = await listen(t, { cwd: folder, endpoints: [{ path: '/large', file: 'large.bin', cache: true }] })
  const whole = await fetch(`${url}/large`)
  t.equal((await whole.text()).length, 300_000)
  const etag = String(whole.headers.get('etag'))
  const part = await fetch(`${url}/large`, { headers: { range: 'bytes=100000-100009', 'if-range': etag } })
  t.equal(await part.text(), 'abcdefghij')
  const parts = await fetch(`${url}/large`, { headers: { range: 'bytes=0-99999,200000-' } })
  const body = await parts.text()
  t.equal(parts.status, 206)
  t.equal(String(body.length), parts.headers.get('content-length'))
  const unchanged = await fetch(`${url}/large`, { headers: { 'if-none-match': etag } })
  t.equal(unchanged.status, 304)
  t.equal(unchanged.headers.get('etag'), etag)
  t.equal(await unchanged.text(), '')
  t.equal((await fetch(`${url}/large`, { method: 'HEAD' })).headers.get('content-length'), '300000')
  t.same(app.mock.requests.find().map(({ response }) => response?.status), [200, 206, 206, 304, 200], 'the log tells what was sent')
})

t.test('the log has the body that was sent', async t => {
  const app = await build(t, { endpoints: [ten()] })
  await app.inject({ url: '/ten', headers: { range: 'bytes=0-1' } })
  await app.inject({ url: '/ten', headers: { 'if-none-match': '"ten"' } })
  const bodies = app.mock.requests.find().map(({ response }) => response?.body)
  t.match(bodies[0], { text: '01' })
  t.equal(bodies[1], undefined)
})

t.test('ranges, whatever is asked for', t => {
  fc.assert(fc.property(fc.string(), fc.nat(50), (header, length) => {
    const ranges = parseRanges(header, length)
    return ranges === undefined || ranges === 'unsatisfiable' || ranges.every(({ first, last }) => first >= 0 && first <= last && last < length)
  }))
  const spec = fc.oneof(fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => `${a}-${b}`), fc.nat(60).map(a => `${a}-`), fc.nat(60).map(a => `-${a}`))
  fc.assert(fc.property(fc.array(spec, { minLength: 1, maxLength: 5 }), fc.nat(50), (specs, length) => {
    const ranges = parseRanges(`bytes=${specs.join(', ')}`, length)
    if (ranges === undefined || ranges === 'unsatisfiable') return true
    const total = ranges.reduce((sum, range) => sum + sizeOf(range), 0)
    return ranges.every(({ first, last }) => first >= 0 && first <= last && last < length) && (ranges.length === 1 || total <= length)
  }))
  t.equal(parseRanges(`bytes=${Array(101).fill('0-0').join(',')}`, 1_000_000), undefined)
  t.end()
})

t.test('dates, tags and directives, whatever is sent', t => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), seconds => parseHttpDate(formatHttpDate(seconds * 1000)) === seconds * 1000))
  fc.assert(fc.property(fc.string(), text => { const time = parseHttpDate(text); return time === undefined || !Number.isNaN(time) }))
  fc.assert(fc.property(fc.string(), fc.stringMatching(/^"[!#-~]*"$/), (text, tag) => !listsTag(text.replaceAll('"', ''), tag, 'weak') && listsTag(`${text.replaceAll('"', '')}, ${tag}`, tag, 'strong')))
  fc.assert(fc.property(fc.string(), text => [...parseCacheControl(text).keys()].every(name => name === name.toLowerCase())))
  t.same([...parseCacheControl('Max-Age=60, private="a, b", no-store, max-age=5')], [['max-age', '60'], ['private', 'a, b'], ['no-store', true]])
  t.equal(secondsOf(parseCacheControl('max-age=abc'), 'max-age'), 0, 'what is no number is not fresh')
  t.equal(secondsOf(parseCacheControl('max-age="10"'), 'max-age'), 10)
  t.same([...parseCacheControl(writeCacheControl({ s_maxage: 10, private: ['a'], must_revalidate: true }))], [['s-maxage', '10'], ['private', 'a'], ['must-revalidate', true]])
  t.end()
})

t.test('what was sent is remembered within a bound', t => {
  const memory = createValidatorMemory()
  for (let i = 0; i <= 10_000; i++) memory.note(`/${i}`, 'a', { fingerprint: 'x', etag: undefined }, i)
  t.same(memory.of('/0'), [])
  t.match(memory.of('/1'), [{ modified: 1 }])
  t.end()
})
