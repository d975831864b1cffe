import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createRequestLog, type LogEntry, type LogQuery, type RawRecord } from '../lib/request-log.ts'
import { createLastHeaders, createRecentHeaders } from '../lib/request-log/recent-headers.ts'

const users = { id: 'GET /users/:id', path: '/users/:id' }

function record (changes: Partial<RawRecord> = {}): RawRecord {
  return {
    id: 'req-1',
    generation: 1,
    time: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    duration: 1.23456,
    method: 'GET',
    url: '/users/7',
    headers: { host: 'localhost' },
    ip: '127.0.0.1',
    body: undefined,
    endpoint: users,
    variant: undefined,
    status: 200,
    responseHeaders: { 'content-type': 'application/json' },
    payload: '{}',
    injected: undefined,
    violations: undefined,
    moves: undefined,
    caller: undefined,
    aborted: false,
    scope: undefined,
    profile: undefined,
    ...changes
  }
}

const paths = (entries: LogEntry[]) => entries.map(({ request }) => request.path)

t.test('an entry tells the request, what answered, and the answer', async t => {
  const log = createRequestLog({}, { prefix: '/v1' })
  log.append(record({
    method: 'POST',
    url: '/v1/users/7?page=2&tag=a&tag=b',
    body: '{"name":"Ada"}',
    variant: 'found',
    injected: { latency_ms: 20 }
  }))
  t.strictSame(log.find(), [{
    seq: 1,
    id: 'req-1',
    time: '2026-01-02T03:04:05.006Z',
    generation: 1,
    request: {
      method: 'POST',
      url: '/v1/users/7?page=2&tag=a&tag=b',
      path: '/users/7',
      query: { page: '2', tag: ['a', 'b'] },
      headers: { host: 'localhost' },
      ip: '127.0.0.1',
      body: { text: '{"name":"Ada"}', size: 14, truncated: false }
    },
    matched: true,
    endpoint: { id: 'GET /users/:id', path: '/users/:id', variant: 'found' },
    response: { status: 200, headers: { 'content-type': 'application/json' }, body: { text: '{}', size: 2, truncated: false } },
    injected: { latency_ms: 20 },
    aborted: false,
    duration_ms: 1.235
  }])
})

t.test('a client that hung up has no response, and a request that matched nothing no endpoint', async t => {
  const log = createRequestLog()
  log.append(record({ endpoint: undefined, status: undefined, responseHeaders: undefined, payload: undefined, aborted: true }))
  const [entry] = log.find()
  t.match(entry, { matched: false, aborted: true, response: undefined, endpoint: undefined })
})

t.test('the prefix is taken off whole segments only', async t => {
  const log = createRequestLog({}, { prefix: '/v1' })
  for (const url of ['/v1', '/v1?a=1', '/v1/', '/v12/users', '/users']) log.append(record({ url }))
  t.strictSame(paths(log.find()), ['/', '/', '/', '/v12/users', '/users'])
})

t.test('bodies are text where they are text, base64 otherwise', async t => {
  const log = createRequestLog({ max_body_bytes: 8 })
  const bodyOf = (body: RawRecord['body'], headers = {}) => {
    log.append(record({ body, headers }))
    return log.find({ order: 'desc', limit: 1 })[0]?.request.body
  }
  t.strictSame(bodyOf(Buffer.from('{"ä":1}')), { text: '{"ä":1}', size: 8, truncated: false })
  t.strictSame(bodyOf(Buffer.from([0xFF, 0xD8, 0x00])), { base64: '/9gA', size: 3, truncated: false })
  t.strictSame(bodyOf(Buffer.from('a\0b')), { base64: 'YQBi', size: 3, truncated: false }, 'control characters are not text')
  t.strictSame(bodyOf(Buffer.from('abc'), { 'content-encoding': 'gzip' }), { text: 'abc', size: 3, truncated: false }, 'inflated by now')
  t.strictSame(bodyOf(''), { text: '', size: 0, truncated: false })
  t.strictSame(bodyOf('123456789'), { text: '12345678', size: 9, truncated: true })
  t.strictSame(bodyOf(Buffer.from('123456789')), { text: '12345678', size: 9, truncated: true })
  t.strictSame(bodyOf('1234567ä'), { text: '1234567', size: 9, truncated: true }, 'never half a character')
  t.strictSame(bodyOf(Buffer.from('1234567ä')), { text: '1234567', size: 9, truncated: true })
  t.strictSame(bodyOf(Buffer.from('12345678').subarray(0, 3)), { text: '123', size: 3, truncated: false }, 'a slice of shared memory')
  t.strictSame(bodyOf({ data: 'abc', encoding: 'utf8', size: 99 }), { text: 'abc', size: 99, truncated: true }, 'cut by the writer')
})

t.test('bodies cut anywhere keep whole characters and their size', async t => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), fc.boolean(), (text, max, isBuffer) => {
    const log = createRequestLog({ max_body_bytes: max })
    log.append(record({ payload: isBuffer ? Buffer.from(text) : text }))
    const body = log.find()[0]?.response?.body
    const size = Buffer.byteLength(text)
    assert.equal(body?.size, size)
    assert.equal(body?.truncated, size > max)
    if (body?.text === undefined) return assert.ok(isBuffer)
    assert.ok(text.startsWith(body.text))
    assert.ok(Buffer.byteLength(body.text) <= max)
    assert.ok(Buffer.byteLength(body.text) > Math.min(size, max) - 4)
  }))
})

t.test('the log keeps the newest within its bounds, whatever comes', async t => {
  const sizes = fc.array(fc.oneof(
    fc.record({ body: fc.nat(3000), kind: fc.constantFrom('text', 'wide', 'bytes', 'slice') }),
    fc.constant('clear' as const),
    fc.record({ max_entries: fc.integer({ min: 1, max: 600 }), max_bytes: fc.nat(20_000) })
  ), { maxLength: 60 })
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(20_000), sizes, (maxEntries, maxBytes, steps) => {
    let bounds = { max_entries: maxEntries, max_bytes: maxBytes }
    const log = createRequestLog(bounds)
    let seq = 0
    let reachable = 0
    for (const step of steps) {
      if (step === 'clear') {
        log.clear()
        reachable = 0
      } else if ('max_entries' in step) log.configure(bounds = step)
      else {
        log.append(record({ id: `${++seq}`, body: bodyOf(step.body, step.kind) }))
        reachable++
      }
      const { entries, bytes, last } = log.stats()
      const kept = log.find()
      assert.ok(entries <= bounds.max_entries && bytes <= bounds.max_bytes, 'bounds hold')
      assert.equal(kept.length, entries)
      assert.ok(entries <= reachable)
      assert.equal(last, seq, 'numbers go on')
      assert.deepEqual(kept.map(({ id }) => Number(id)), Array.from({ length: entries }, (_, i) => seq - entries + 1 + i), 'the newest, without a hole')
      assert.ok(kept.every(entry => entry.seq === Number(entry.id)))
      if (entries === 0) assert.equal(bytes, 0)
    }
  }), { numRuns: 60 })
})

function bodyOf (length: number, kind: string): string | Buffer {
  switch (kind) {
    case 'wide': return 'ä'.repeat(length)
    case 'bytes': return Buffer.alloc(length, 7)
    case 'slice': return Buffer.alloc(length + 10_000, 7).subarray(5, 5 + length)
    default: return 'x'.repeat(length)
  }
}

t.test('an entry is weighed with its bodies, headers and URL', async t => {
  const weigh = (changes: Partial<RawRecord>) => {
    const log = createRequestLog()
    log.append(record(changes))
    return log.stats().bytes
  }
  const plain = weigh({})
  t.ok(weigh({ body: 'x'.repeat(1000) }) >= plain + 1000)
  t.ok(weigh({ payload: Buffer.alloc(1000) }) >= plain + 998)
  t.ok(weigh({ headers: { host: 'localhost', cookie: 'x'.repeat(1000) } }) >= plain + 1000)
  t.ok(weigh({ responseHeaders: { 'set-cookie': ['x'.repeat(500), 'x'.repeat(500)] } }) >= plain + 900)
  t.ok(weigh({ url: `/${'x'.repeat(1000)}` }) >= plain + 990)
  t.ok(weigh({ body: '€'.repeat(1000) }) >= plain + 2000, 'two bytes a character')
})

t.test('max_entries 0 turns the log off, and a reload turns it on', async t => {
  const log = createRequestLog({ max_entries: 0 })
  log.append(record())
  t.equal(log.count(), 0)
  await t.rejects(log.waitFor(), { code: 'MOCK_ERR_WAIT_TIMEOUT', message: /log is off/ })
  log.configure({ max_entries: 5 })
  log.append(record())
  t.equal(log.count(), 1)
  log.configure({ max_entries: 0 })
  t.equal(log.count(), 0)
})

t.test('clear empties the log, and numbers go on', async t => {
  const log = createRequestLog()
  for (let i = 0; i < 600; i++) log.append(record())
  log.clear()
  t.strictSame(log.stats(), { entries: 0, bytes: 0, first: 601, last: 600 })
  log.append(record())
  t.equal(log.find()[0]?.seq, 601)
})

t.test('find narrows, orders and limits', async t => {
  const log = createRequestLog()
  for (const url of ['/a', '/users/1', '/users/2?q=1', '/users/2/orders', '/users']) log.append(record({ url }))
  log.append(record({ url: '/b', method: 'POST', status: 404, endpoint: undefined }))
  t.strictSame(paths(log.find({ path: '/users/*' })), ['/users/1', '/users/2', '/users/2/orders'])
  t.strictSame(paths(log.find({ path: '/users' })), ['/users'])
  t.strictSame(paths(log.find({ path: '*/orders' })), ['/users/2/orders'])
  t.strictSame(paths(log.find({ url: 'q=' })), ['/users/2'])
  t.strictSame(paths(log.find({ method: 'post' })), ['/b'])
  t.strictSame(paths(log.find({ status: 404 })), ['/b'])
  t.strictSame(paths(log.find({ matched: false })), ['/b'])
  t.equal(log.count({ endpoint: users.id }), 5)
  t.strictSame(paths(log.find({ after: 1, before: 4 })), ['/users/1', '/users/2'])
  t.strictSame(paths(log.find({ order: 'desc', limit: 2 })), ['/b', '/users'])
  t.strictSame(paths(log.find({ order: 'desc', limit: 1, before: 5 })), ['/users/2/orders'])
  t.strictSame(log.find({ limit: 0 }), [])
})

t.test('filters agree with a plain reading of what they say', async t => {
  const part = fc.constantFrom('/', '/a', '/ab', '/a/b', '/b/a/b')
  const arbitraryRecord = fc.record({
    method: fc.constantFrom('GET', 'POST'),
    url: fc.tuple(part, fc.constantFrom('', '?', '?a=/b', '?x?y')).map(([path, query]) => path + query),
    status: fc.constantFrom(200, 404, undefined),
    endpoint: fc.constantFrom(undefined, users, { id: 'other', path: '/' })
  })
  const glob = fc.array(fc.constantFrom('*', '/', 'a', 'b', '/a', '**'), { maxLength: 5 }).map(parts => parts.join(''))
  const filter = fc.record({
    method: fc.constantFrom('get', 'POST'),
    path: fc.oneof(part, glob),
    url: fc.constantFrom('', 'a', '?'),
    status: fc.constantFrom(200, 404),
    endpoint: fc.constantFrom(users.id, 'other'),
    matched: fc.boolean(),
    after: fc.nat(10),
    before: fc.nat(10),
    limit: fc.nat(5),
    order: fc.constantFrom('asc' as const, 'desc' as const)
  }, { requiredKeys: [] })

  fc.assert(fc.property(fc.array(arbitraryRecord, { maxLength: 12 }), filter, (records, filter) => {
    const log = createRequestLog({ max_entries: 8 })
    for (const changes of records) log.append(record(changes))
    const expected = reference(log.find(), filter)
    assert.deepEqual(log.find(filter).map(({ seq }) => seq), expected.slice(0, filter.limit).map(({ seq }) => seq))
    assert.equal(log.count(filter), expected.length)
  }))
})

function reference (entries: LogEntry[], { method, path, url, status, endpoint, matched, after, before, order }: LogQuery): LogEntry[] {
  const escape = (text: string) => text.replace(/[.?+^$()[\]{}|\\]/g, '\\$&')
  const pattern = path === undefined ? /^/ : new RegExp(`^${path.split('*').map(escape).join('.*')}$`, 's')
  const found = entries.filter(entry =>
    (method === undefined || entry.request.method === method.toUpperCase()) &&
    pattern.test(entry.request.path) &&
    (url === undefined || entry.request.url.includes(url)) &&
    (status === undefined || entry.response?.status === status) &&
    (endpoint === undefined || entry.endpoint?.id === endpoint) &&
    (matched === undefined || entry.matched === matched) &&
    (after === undefined || entry.seq > after) &&
    (before === undefined || entry.seq < before))
  return order === 'desc' ? found.reverse() : found
}

t.test('waitFor takes what is logged already, the oldest first', async t => {
  const log = createRequestLog()
  log.append(record({ url: '/a' }))
  log.append(record({ url: '/b' }))
  t.equal((await log.waitFor()).request.path, '/a')
  t.equal((await log.waitFor({ after: 1 })).request.path, '/b')
})

t.test('waitFor waits for what is to come', async t => {
  const log = createRequestLog()
  log.append(record({ url: '/a' }))
  const waiting = [log.waitFor({ path: '/b' }), log.waitFor({ method: 'POST' }), log.waitFor({ after: 2 })]
  log.append(record({ url: '/b' }))
  log.append(record({ url: '/c', method: 'POST' }))
  t.strictSame(paths(await Promise.all(waiting)), ['/b', '/c', '/c'])
})

t.test('waitFor says what came instead', async t => {
  const log = createRequestLog()
  await t.rejects(log.waitFor({ path: '/orders' }, { timeout_ms: 1 }), {
    code: 'MOCK_ERR_WAIT_TIMEOUT',
    message: 'No request fitting path /orders came within 1 ms. The log holds no request'
  })
  log.append(record({ url: '/orders' }))
  log.append(record({ url: '/b', status: undefined }))
  log.append(record({ url: '/c' }))
  log.append(record({ url: '/order', method: 'POST', status: 404 }))
  await t.rejects(log.waitFor({ method: 'POST', path: '/orders' }, { timeout_ms: 1 }), {
    message: 'No request fitting method POST, path /orders came within 1 ms. ' +
      'Nearest of 4 logged: #4 POST /order (404) differs in path; #1 GET /orders (200) differs in method; #3 GET /c (200) differs in method, path'
  })
  await t.rejects(log.waitFor({ path: '/b', after: 2 }, { timeout_ms: 1 }), { message: /#2 GET \/b \(no answer\) outside of after\/before/ })
  await t.rejects(log.waitFor({ after: 9 }, { timeout_ms: 1 }), { message: /fitting after 9 came/ })
})

t.test('waitFor ends with its signal', async t => {
  const log = createRequestLog()
  const controller = new AbortController()
  const waiting = log.waitFor({}, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  await t.rejects(log.waitFor({}, { signal: controller.signal }), { message: 'enough' })
})

t.test('listeners hear of each entry until they leave', async t => {
  const log = createRequestLog()
  const heard: string[] = []
  const listener = ({ request }: LogEntry) => { heard.push(request.path) }
  const leave = log.subscribe(listener)
  const leaveToo = log.subscribe(listener)
  log.append(record({ url: '/a' }))
  leave()
  log.append(record({ url: '/b' }))
  leaveToo()
  log.append(record({ url: '/c' }))
  t.strictSame(heard, ['/a', '/a', '/b'])
})

t.test('a listener that throws fails neither the request nor the others', async t => {
  const log = createRequestLog()
  const heard: number[] = []
  log.subscribe(() => { throw new Error('mine') })
  log.subscribe(({ seq }) => { heard.push(seq) })
  const uncaught = new Promise<() => never>(resolve => t.intercept(process, 'nextTick', { value: resolve }))
  log.append(record())
  t.strictSame(heard, [1])
  t.throws(await uncaught, { message: 'mine' })
})

t.test('requests with the same headers share them, others do not', async t => {
  const recent = createRecentHeaders()
  const read = (raw: readonly string[]) => recent(raw, () => Object.fromEntries(raw.flatMap((name, i) => i % 2 === 0 ? [[name, raw[i + 1]]] : [])))
  const first = read(['host', 'a', 'accept', '*/*'])
  t.equal(read(['host', 'a', 'accept', '*/*']), first)
  t.same(read(['host', 'a', 'accept', 'text/html']), { host: 'a', accept: 'text/html' })
  t.same(read(['host', 'a']), { host: 'a' })
  t.equal(read(['host', 'a', 'accept', '*/*']), first)

  const last = createLastHeaders()
  const sent = last({ 'content-type': 'text/plain', 'content-length': 2 })
  t.equal(last({ 'content-type': 'text/plain', 'content-length': 2 }), sent)
  t.same(last({ 'content-type': 'text/plain', 'content-length': 3 }), { 'content-type': 'text/plain', 'content-length': 3 })
  t.same(last({ 'content-type': 'text/plain' }), { 'content-type': 'text/plain' })
  t.same(last({ 'set-cookie': ['a=1'] }), { 'set-cookie': ['a=1'] })
})
