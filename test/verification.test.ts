import { once } from 'node:events'
import { request } from 'node:http'
import t from 'tap'
import { Type } from 'typebox'
import type { MockSession } from '../lib/mock-session.ts'
import type { RequestPattern } from '../lib/verification/request-pattern.ts'
import { VerificationError } from '../lib/verification/verification-error.ts'
import { build, listen } from './helper.ts'
import { MISTAKES, type Mistake, type Sent } from './mistakes.ts'

type App = Awaited<ReturnType<typeof build>>

/** Injects, whatever the method is called. */
async function send (app: App, sent: Sent | string): Promise<void> {
  const { method, ...rest } = typeof sent === 'string' ? { method: sent.split(' ')[0] ?? '', url: sent.split(' ')[1] ?? '' } : sent
  await app.inject({ ...rest, method: method as 'GET' })
}

async function sendAll (app: App, ...all: Array<Sent | string>): Promise<void> {
  for (const sent of all) await send(app, sent)
}

const post = (payload: object | string, headers: Record<string, string> = {}): Sent => ({ method: 'POST', url: '/orders', headers: { 'content-type': 'application/json', ...headers }, payload })

const shop = {
  endpoints: [
    { path: '/orders', method: 'POST', status: 201, response: { ok: true } },
    { path: '/users/:id', response: { id: '{{request.params.id}}' } },
    { path: '/health', response: 'ok' }
  ]
}

/** The error of a claim that does not hold. */
async function failure (claim: Promise<unknown>): Promise<VerificationError> {
  const error: unknown = await claim.then(() => new Error('the claim holds'), (error: unknown) => error)
  if (error instanceof VerificationError) return error
  throw error
}

const headline = async (claim: Promise<unknown>): Promise<string> => (await failure(claim)).message.split('\n', 1)[0] ?? ''

function claimOf (session: Pick<MockSession, 'verify' | 'verifySequence'>, { claim, count }: Mistake): Promise<void> {
  if (typeof claim === 'string') return session.verify(claim, count)
  return isSequence(claim) ? session.verifySequence(claim) : session.verify(claim, count)
}

const isSequence = (claim: Mistake['claim']): claim is ReadonlyArray<string | RequestPattern> => Array.isArray(claim)

t.test('each of the usual mistakes is named in the first line', async t => {
  for (const mistake of MISTAKES) {
    await t.test(mistake.name, async t => {
      const app = await build(t, mistake.config)
      await sendAll(app, ...mistake.sent)
      const session = mistake.isOutsideOfScope === true ? await app.mock.scopes.create({ id: 'checkout' }) : app.mock
      const { message } = await failure(claimOf(session, mistake))
      const [first = ''] = message.split('\n', 1)
      for (const name of mistake.names) t.ok(first.includes(name), `the first line names ${name}: ${first}`)
      t.matchSnapshot(message, 'message')
    })
  }
})

t.test('what came fits', async t => {
  const app = await build(t, shop)
  await sendAll(app,
    'GET /users/7?page=2&tag=a&tag=b',
    { ...post({ items: [{ sku: 'A1', quantity: 2 }] }, { 'x-tenant': 'acme', cookie: 'session=s1' }), url: '/orders?dry_run=true' },
    { method: 'POST', url: '/orders', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'name=Ada&name=Bob&city=Ulm' },
    { method: 'POST', url: '/orders', headers: { 'content-type': 'text/plain' }, payload: 'plain' },
    'GET /nowhere'
  )
  const { mock } = app
  const fitting: Array<[string | RequestPattern, number]> = [
    ['POST /orders', 3],
    ['post /orders', 3],
    ['/orders', 3],
    ['* /orders', 3],
    ['GET /users/:id', 1],
    ['GET /users/{id}', 1],
    ['GET /users/7', 1],
    ['GET /users/:id?page=2', 1],
    ['GET /users/7?tag=b&page=2', 1],
    ['GET /users/7?tag=a&tag=b', 1],
    ['GET /users/7?tag=c', 0],
    ['/users/*', 1],
    ['/*/7', 1],
    ['GET /users/:id?', 1],
    [{ method: 'GET', path: '/users/:user', params: { user: '7' } }, 1],
    [{ endpoint: 'GET /users/:id', params: { id: '7' } }, 1],
    [{ endpoint: 'GET /users/:id', params: { id: '8' } }, 0],
    [{ path: { starts_with: '/ord' } }, 3],
    [{ path: { matches: '^/users/\\d+$' } }, 1],
    [{ method: { in: ['PUT', 'POST'] } }, 3],
    [{ headers: { 'X-Tenant': 'acme' } }, 1],
    [{ cookies: { session: 's1' } }, 1],
    [{ body: { '/items/0/sku': 'A1' } }, 1],
    [{ body: { equals: { items: [{ quantity: 2, sku: 'A1' }] } } }, 1],
    [{ body: { '/name': 'Ada' } }, 0],
    [{ body: { '/city': 'Ulm' } }, 1],
    [{ body: 'plain' }, 1],
    [{ body: { items: [{ sku: 'A1', quantity: 2 }] } }, 1],
    [{ body: { name: ['Ada', 'Bob'] } }, 1],
    [{ body: { name: ['Ada', 'Bob'], type: 'x' } }, 0],
    [{ method: 'POST', status: 201 }, 3],
    [{ status: [404, 410] }, 1],
    [{ matched: false }, 1],
    [{ matched: true }, 4],
    [{ response: { body: { '/id': '7' } } }, 1],
    [{ response: { headers: { 'content-type': { starts_with: 'application/json' } }, body: { '/ok': true } } }, 3],
    [{ any: [{ path: '/nowhere' }, { endpoint: 'GET /users/:id' }] }, 2],
    [{ all: [{ method: 'POST' }, { body: 'plain' }] }, 1],
    [{ not: { method: 'POST' } }, 2],
    [{}, 5]
  ]
  for (const [pattern, count] of fitting) await t.resolves(mock.verify(pattern, count), `${JSON.stringify(pattern)} came ${count} times`)
  await t.resolves(mock.verify({ path: '/orders', method: 'POST', schema: {} }, 3), 'an endpoint stands for its requests')
  await t.resolves(mock.verify({ path: '/users/:id', schema: {} }, 1), 'one without a method is for GET')
})

t.test('a count', async t => {
  const app = await build(t, shop)
  await sendAll(app, 'GET /health', 'GET /health')
  const holding = [undefined, 2, 'twice', { times: 2 }, { at_least: 1 }, { at_least: 2, at_most: 2 }, { at_most: 5 }] as const
  for (const count of holding) await t.resolves(app.mock.verify('GET /health', count), JSON.stringify(count))
  const wrong: Array<[Parameters<App['mock']['verify']>[1], string]> = [
    [0, 'expected GET /health never, but it came twice (#1 and #2)'],
    ['never', 'expected GET /health never, but it came twice (#1 and #2)'],
    ['once', 'expected GET /health once, but it came twice (#1 and #2)'],
    [3, 'expected GET /health 3 times, but it came only twice (#1 and #2)'],
    [{ at_least: 3 }, 'expected GET /health at least 3 times, but it came only twice (#1 and #2)'],
    [{ at_most: 1 }, 'expected GET /health at most once, but it came twice (#1 and #2)'],
    [{ at_least: 3, at_most: 5 }, 'expected GET /health 3 to 5 times, but it came only twice (#1 and #2)']
  ]
  for (const [count, message] of wrong) t.equal(await headline(app.mock.verify('GET /health', count)), message)
  t.match((await failure(app.mock.verify('GET /health', 'never'))).report.times, { expected: 'never', actual: 2 })
})

t.test('the error is one that test runners know to show', async t => {
  const app = await build(t, shop)
  await send(app, post({ items: [{ sku: 'A2' }] }))
  const error = await failure(app.mock.verify({ method: 'POST', path: '/orders', body: { '/items/0/sku': 'A1' } }))
  t.match(error, { name: 'VerificationError', code: 'MOCK_ERR_VERIFICATION', statusCode: 409, operator: 'verify', generatedMessage: false })
  t.strictSame(error.expected, { method: "'POST'", path: "'/orders'", 'body /items/0/sku': "'A1'" })
  t.strictSame(error.actual, { method: "'POST'", path: "'/orders'", 'body /items/0/sku': "'A2'" })
  t.equal(error.diff, '--- expected\n+++ actual\n@@ -1,3 +1,3 @@\n method: \'POST\'\n path: \'/orders\'\n-body /items/0/sku: \'A1\'\n+body /items/0/sku: \'A2\'\n')
  t.match(error.stack, /^VerificationError: expected POST \/orders/)
  const [frame = ''] = error.stack?.split('\n').filter(line => line.startsWith('    at ')) ?? []
  t.match(frame, /verification\.test\.ts/, 'the stack begins where the test makes its claim')
})

t.test('secrets are not repeated', async t => {
  const app = await build(t, shop)
  await send(app, post({}, { authorization: 'Bearer very-secret', cookie: 'session=very-secret' }))
  await send(app, 'GET /users/7?api_key=very-secret')
  for (const pattern of [{ headers: { authorization: 'Bearer other' } }, { cookies: { session: 'other' } }, { path: '/users/7', query: { api_key: 'other' } }]) {
    const error = await failure(app.mock.verify(pattern))
    t.notMatch(error.message, /very-secret/)
    t.notMatch(JSON.stringify([error.report, error.expected, error.actual]), /very-secret/)
  }
})

t.test('the nearest request is the one that differs least', async t => {
  const app = await build(t, shop)
  await sendAll(app, post({ sku: 'A1', quantity: 3 }, { 'x-tenant': 'globex' }), post({ sku: 'A1', quantity: 2 }), 'GET /users/7', post({}))
  const { report, message } = await failure(app.mock.verify({ method: 'POST', path: '/orders', body: { '/sku': 'A1', '/quantity': 3 }, headers: { 'x-tenant': 'acme' } }))
  t.equal(report.nearest?.seq, 1)
  t.match(message, /\n {2}✗ header x-tenant is 'globex', expected 'acme'\n/)
  t.match(report.requests.map(({ seq }) => seq), [4, 3, 2])
})

t.test('nothing like it', async t => {
  const app = await build(t, shop)
  t.equal(await headline(app.mock.verify('POST /orders')), 'expected POST /orders at least once, but no request came at all')
  await sendAll(app, 'GET /health', 'GET /a/b/c')
  const error = await failure(app.mock.verify('POST /orders'))
  t.equal(error.message, `expected POST /orders at least once, but nothing like it came

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'

Requests, the newest first:
  #2 GET /a/b/c, answered 404: no endpoint matched
  #1 GET /health, answered 200`)
  t.equal(error.report.nearest, undefined)
  t.equal(await headline(app.mock.verify({ any: [{ path: '/x' }, { path: '/y' }] })), "expected such a request at least once, but in #2 path is '/a/b/c', expected '/x'")
})

t.test('what the log has not kept is told, and proves nothing', async t => {
  t.test('requests that it dropped', async t => {
    const app = await build(t, { ...shop, log: { max_entries: 2 } })
    await sendAll(app, 'GET /health', 'GET /health', 'GET /users/7')
    await t.resolves(app.mock.verify('GET /health'), 'what is there is there')
    const error = await failure(app.mock.verify('POST /orders', 'never'))
    t.equal(error.message.split('\n', 1)[0], 'expected POST /orders never, but that cannot be told: the log has dropped 1 older request')
    t.match(error.report.notes, [/^the log has dropped 1 older request, .*raise log\.max_entries/])
    t.match(await headline(app.mock.verifyNoUnmatched()), /cannot be told/)
    app.mock.requests.clear()
    await t.resolves(app.mock.verify('POST /orders', 'never'))
  })

  t.test('bodies that it cut', async t => {
    const app = await build(t, { ...shop, log: { max_body_bytes: 10 } })
    await send(app, post({ items: [{ sku: 'A1' }] }))
    const pattern = { method: 'POST', body: { '/items/0/sku': 'A1' } }
    t.match((await failure(app.mock.verify(pattern))).report.notes, [/^the log has cut the body of #1, .*raise log\.max_body_bytes/])
    t.equal(await headline(app.mock.verify(pattern, 'never')), 'expected a POST request never, but that cannot be told: the log has kept only the beginning of the body of #1')
    await t.resolves(app.mock.verify({ method: 'PUT', body: { '/items/0/sku': 'A1' } }, 'never'))
    t.match(await app.mock.lastCall('POST /orders'), { truncated: true, body: undefined })
  })

  t.test('anything, where it is off', async t => {
    const app = await build(t, { ...shop, log: { max_entries: 0 } })
    await send(app, 'GET /health')
    const { mock } = app
    const claims = [() => mock.verify('GET /health'), () => mock.verify('GET /health', 'never'), () => mock.verifySequence(['GET /health']), mock.verifyNothingElse, mock.verifyNoUnmatched, () => mock.waitFor('GET /health')]
    for (const claim of claims) t.match(await headline(claim()), /the request log is off: log\.max_entries is 0$/)
  })
})

t.test('a claim that makes no sense is refused, with the remedy', async t => {
  const app = await build(t, shop)
  const { mock } = app
  const refused: Array<[() => Promise<unknown>, RegExp]> = [
    [() => mock.verify('create-order'), /no endpoint with the id 'create-order'/],
    [() => mock.verify('POST orders'), /neither a method and a path, as in 'POST \/orders', nor the id of an endpoint/],
    [() => mock.verify({ endpoint: 'POST /order' }), /no endpoint with the id 'POST \/order'/],
    [() => mock.verify({ url: '/orders' } as object), /unknown key 'url', did you mean 'path'\?/],
    [() => mock.verify({ hedaers: {} } as object), /unknown key 'hedaers', did you mean 'headers'\?/],
    [() => mock.verify({ scenarios: { a: 'b' } } as object), /'scenarios' cannot be asked of requests that are past/],
    [() => mock.verify({ body: { equal: 1 } }), /body: unknown operator 'equal', did you mean 'equals'\? A member of that name is written \{ '\/equal'/],
    [() => mock.verify({ body: { '/a': { equal: 1 } } } as object), /unknown.*'equal'.*did you mean 'equals'/s],
    [() => mock.verify({ headers: { a: { matches: '(' } } }), /headers\/a\/matches/],
    [() => mock.verify({ path: 'orders' }), /does not start with a slash/],
    [() => mock.verify({ status: 'ok' } as object), /'status' is the status of the answer/],
    [() => mock.verify({ response: { status: 200 } } as object), /unknown key 'response\.status'/],
    [() => mock.verify({ any: [] }), /'any' is a list of patterns/],
    [() => mock.verify({ not: { pth: '/' } } as object), /unknown key 'not\.pth'/],
    [() => mock.verify('GET /health', -1), /whole number/],
    [() => mock.verify('GET /health', 'often' as 'once'), /a count is a number, 'never', 'once'/],
    [() => mock.verify('GET /health', { at_least: 3, at_most: 2 }), /at least 3 times and at most 2/],
    [() => mock.verify('GET /health', { tims: 2 } as object), /no key 'tims'/],
    [() => mock.waitFor('GET /health', { count: 0 }), /'count'/]
  ]
  for (const [claim, message] of refused) await t.rejects(claim(), { code: 'MOCK_ERR_REQUEST_PATTERN', message })
})

t.test('endpoints go by their ids: of the configuration, of resources, of overlays', async t => {
  const app = await build(t, { collections: { books: [{ id: 1 }] }, endpoints: [{ id: 'health', path: '/health', response: 1 }, { resource: 'books' }] })
  const { mock } = app
  await mock.use({ id: 'extra', path: '/extra', response: 1 })
  const scope = await mock.scopes.create({ endpoints: { id: 'own', path: '/own', response: 1 } })
  for (const id of ['health', 'extra']) await t.resolves(mock.verify(id, 'never'))
  for (const id of ['health', 'extra', 'own']) await t.resolves(scope.verify(id, 'never'))
  await t.rejects(mock.verify('own', 'never'), { code: 'MOCK_ERR_REQUEST_PATTERN' })
  await sendAll(app, 'GET /health', 'GET /extra', 'GET /books/1')
  await mock.verify('health', 'once')
  await mock.verify({ endpoint: 'extra' }, 'once')
  t.match(await mock.lastCall('GET /books/:id'), { params: { id: '1' }, response: { body: { id: 1 } } })
  await mock.verifyAllUsed()
})

t.test('a sequence', async t => {
  const app = await build(t, shop)
  const { mock } = app
  t.equal(await headline(mock.verifySequence(['GET /health'])), 'expected GET /health, but no request came at all')
  t.equal(await headline(mock.verifySequence(['GET /health', 'POST /orders'])), 'expected GET /health as the first of 2 requests, but no request came at all')
  await sendAll(app, 'GET /health', 'GET /users/1', post({ n: 1 }), 'GET /users/2')
  await t.resolves(mock.verifySequence(['GET /health', 'POST /orders']), 'others may come in between')
  await t.resolves(mock.verifySequence(['GET /users/:id', 'GET /users/:id']), 'each stands for one request')
  await t.resolves(mock.verifySequence(['GET /users/1', 'POST /orders', 'GET /users/2'], { strict: true }))
  await t.resolves(mock.verifySequence([]), 'of nothing')
  t.equal(await headline(mock.verifySequence(['POST /orders', 'GET /health'])), 'expected GET /health after POST /orders, but it came before it (#1, and POST /orders was #3)')
  t.equal(await headline(mock.verifySequence(['GET /health', 'POST /orders'], { strict: true })), 'expected POST /orders right after GET /health (#1), but GET /users/1 (#2) came next')
  t.equal(await headline(mock.verifySequence(['GET /health', { method: 'POST', path: '/orders', body: { '/n': 2 } }])), 'expected POST /orders after GET /health, but in #3 body /n is 1, expected 2')
  t.equal(await headline(mock.verifySequence(['POST /orders', 'DELETE /payments'])), 'expected DELETE /payments after POST /orders, but nothing like it came after #3')
  t.match(await failure(mock.verifySequence(['GET /health', 'DELETE /payments'])), { operator: 'verifySequence', report: { wanted: ['1. GET /health (#1)', '2. DELETE /payments: missing'] } })
})

t.test('nothing else', async t => {
  const app = await build(t, shop)
  const { mock } = app
  await t.resolves(mock.verifyNothingElse(), 'nothing came')
  await sendAll(app, 'GET /health', 'GET /users/1', post({}), 'GET /users/2')
  t.equal(await headline(mock.verifyNothingElse()), 'expected no other requests, but GET /health came (#1), and 3 more')
  await mock.verify('GET /health')
  await mock.verifySequence(['GET /users/1', 'POST /orders'])
  await failure(mock.verify('GET /users/2', 'twice'))
  t.equal(await headline(mock.verifyNothingElse()), 'expected no other requests, but GET /users/2 came (#4)')
  await mock.waitFor('GET /users/2')
  await t.resolves(mock.verifyNothingElse())
  await send(app, 'GET /health')
  t.equal(await headline(mock.verifyNothingElse()), 'expected no other requests, but GET /health came (#5)')
  mock.reset()
  await t.resolves(mock.verifyNothingElse())
})

t.test('endpoints that nobody called', async t => {
  const app = await build(t, { endpoints: [...shop.endpoints, { path: '/off', enabled: false }] })
  await sendAll(app, post({}), 'GET /healht')
  t.strictSame(await app.mock.unusedEndpoints(), [{ id: 'GET /users/:id', methods: ['GET'], path: '/users/:id' }, { id: 'GET /health', methods: ['GET'], path: '/health' }])
  const error = await failure(app.mock.verifyAllUsed())
  t.equal(error.message, `expected every endpoint to be called, but GET /users/:id and 1 more were not

Not called:
  GET /users/:id
  GET /health
  1 of 3 were called

Requests, the newest first:
  #2 GET /healht, answered 404: no endpoint matched
  #1 POST /orders, answered 201`)
  await sendAll(app, 'GET /users/7', 'GET /health')
  await t.resolves(app.mock.verifyAllUsed())
})

t.test('requests that nobody answered', async t => {
  const app = await build(t, shop)
  await sendAll(app, 'GET /health', 'GET /user/7', 'DELETE /orders')
  t.strictSame((await app.mock.unmatchedRequests()).map(({ seq }) => seq), [2, 3])
  const error = await failure(app.mock.verifyNoUnmatched())
  t.equal(error.message.split('\n', 1)[0], "expected an endpoint to answer every request, but none answered GET /user/7 (and 1 more): segment 1 is 'user', expected 'users' (nearest: GET /users/:id)")
  t.match(error.message, /#3 DELETE \/orders, answered 404: no endpoint matched \(.*POST.*nearest: POST \/orders\)/)
  app.mock.reset()
  await t.resolves(app.mock.verifyNoUnmatched())
})

t.test('waiting', async t => {
  const { app, url } = await listen(t, shop)
  const { mock } = app

  t.test('is over when the request is there, or comes', async t => {
    mock.reset()
    const waiting = mock.waitFor<{ n: number }>({ method: 'POST', path: '/orders', body: { '/n': 2 } })
    for (const n of [1, 2, 3]) await fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ n }) })
    const call = await waiting
    t.equal(call.body.n, 2)
    t.equal((await mock.waitFor<{ n: number }>('POST /orders')).body.n, 1, 'the oldest first')
    t.equal((await mock.waitFor<{ n: number }>('POST /orders', { after: call.seq })).body.n, 3)
    t.strictSame((await mock.waitFor<{ n: number }>('POST /orders', { count: 2 })).map(({ body }) => body.n), [1, 2])
  })

  t.test('ends with what came instead', async t => {
    mock.reset()
    const waiting = mock.waitFor('POST /orders', { timeout_ms: 50 })
    await fetch(`${url}/orders`, { method: 'PUT' })
    const error = await failure(waiting)
    t.match(error, { operator: 'waitFor', code: 'MOCK_ERR_VERIFICATION' })
    t.equal(error.message.split('\n', 1)[0], 'expected POST /orders at least once within 50 ms, but it came as PUT /orders')
    t.match(error.stack, /verification\.test\.ts/)
  })

  t.test('ends when it is aborted', async t => {
    const controller = new AbortController()
    const waiting = mock.waitFor('GET /never', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await t.rejects(waiting, { message: 'enough' })
    await t.rejects(mock.waitFor('GET /never', { signal: controller.signal }), { message: 'enough' })
  })
})

t.test('calls', async t => {
  const Order = Type.Object({ sku: Type.String(), quantity: Type.Integer() })
  const createOrder = { path: '/orders', method: 'POST', schema: { body: Order, querystring: Type.Object({ dry_run: Type.Optional(Type.Boolean()) }) } }
  const app = await build(t, { endpoints: [{ ...createOrder, base_paths: ['/v1', '/v2'], responses: [{ name: 'made', status: 201, response: { id: 7 } }] }, { path: '/users/:id/files/*', response: {} }] })
  const { mock } = app
  t.strictSame(await mock.calls(), [])
  t.equal(await mock.lastCall('POST /v1/orders'), undefined)
  await sendAll(app,
    { ...post({ sku: 'A1', quantity: 2 }, { cookie: 'a=1; b=2' }), url: '/v1/orders?dry_run=true' },
    'GET /users/7/files/a/b.txt',
    { method: 'POST', url: '/nowhere', headers: { 'content-type': 'application/octet-stream' }, payload: Buffer.from([0, 255]) }
  )
  const [first] = await mock.calls<{ sku: string }>({ endpoint: 'POST /orders' })
  t.match(first, {
    seq: 1,
    method: 'POST',
    path: '/v1/orders',
    url: '/v1/orders?dry_run=true',
    params: {},
    query: { dry_run: 'true' },
    headers: { 'content-type': 'application/json' },
    cookies: { a: '1', b: '2' },
    body: { sku: 'A1', quantity: 2 },
    truncated: false,
    endpoint: 'POST /orders',
    variant: 'made',
    response: { status: 201, body: { id: 7 } },
    aborted: false
  })
  t.equal(first?.body.sku, 'A1')
  t.strictSame((await mock.lastCall('GET /users/:id/files/*'))?.params, { id: '7', '*': 'a/b.txt' })
  t.strictSame((await mock.lastCall({ endpoint: 'GET /users/:id/files/*' }))?.params, { id: '7', '*': 'a/b.txt' })
  t.strictSame((await mock.lastCall('/users/:user/*'))?.params, { user: '7', '*': 'files/a/b.txt' }, 'those of the path that was asked for')
  const unmatched = await mock.lastCall({ matched: false })
  t.match(unmatched, { body: 'AP8=', response: { status: 404 } })
  t.notOk(unmatched !== undefined && 'endpoint' in unmatched)
  const [typed] = await mock.calls({ ...createOrder, path: '/v1/orders' })
  const quantity: number | undefined = typed?.body.quantity
  t.equal(quantity, 2)
})

t.test('a request is there as soon as its client has the answer', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/big', response: { text: 'x'.repeat(1_000_000) } }, { path: '/small', response: 1 }] })
  for (const path of ['/small', '/big', '/small', '/big']) {
    await (await fetch(url + path)).arrayBuffer()
    await app.mock.verify(`GET ${path}`)
    app.mock.requests.clear()
  }
})

t.test('clients that hung up', async t => {
  const { app, url } = await listen(t, { endpoints: [{ path: '/slow', latency_ms: 10_000, response: 1 }] })
  const outgoing = request(`${url}/slow`).on('error', () => {}).end()
  await once(outgoing, 'socket')
  setTimeout(() => outgoing.destroy(), 50)
  const call = await app.mock.waitFor('GET /slow')
  t.match(call, { aborted: true, response: undefined })
  t.match((await failure(app.mock.verify({ path: '/slow', status: 200 }))).message, /status is none: the client hung up, expected 200/)
})
