import assert from 'node:assert/strict'
import fc from 'fast-check'
import findMyWay from 'find-my-way'
import t from 'tap'
import { buildIndex, explain, formatProblem, NO_MATCH_TYPE, type ExplainableEndpoint } from '../lib/explain.ts'
import { questionOf } from '../lib/explain/question.ts'
import { build } from './helper.ts'

function endpoint (id: string, changes: Partial<ExplainableEndpoint> = {}): ExplainableEndpoint {
  const [methods = '', path = ''] = id.split(' ')
  return { id, methods: methods.split(','), path, ...changes }
}

function ask (endpoints: Array<string | ExplainableEndpoint>, asked: string) {
  const [method = '', path = ''] = asked.split(' ')
  const index = buildIndex(endpoints.map(each => typeof each === 'string' ? endpoint(each) : each))
  const { candidates, hint, allow } = explain(index, { method, path })
  return { candidates, hint, allow, ids: candidates.map(({ endpoint }) => endpoint.id), messages: candidates[0]?.failed.map(({ message }) => message) }
}

t.test('each mistake in a path is named', async t => {
  const cases: Array<[served: string, asked: string, message: string]> = [
    ['GET /users/:id', 'GET /user/7', "segment 1 is 'user', expected 'users'"],
    ['GET /users/:id', 'GET /usres/7', "segment 1 is 'usres', expected 'users'"],
    ['GET /users/:id', 'GET /Users/7', "segment 1 is 'Users', expected 'users' (upper and lower case differ)"],
    ['GET /users/:id', 'GET /users/7/', "the path has a '/' at its end, which is not configured"],
    ['GET /users/', 'GET /users', "the path lacks the '/' at its end"],
    ['GET /users/:id', 'GET /users', "segment 2 is missing, expected a value for ':id'"],
    ['GET /users/{user-id}', 'GET /users', "segment 2 is missing, expected a value for '{user-id}'"],
    ['GET /users/:id/orders', 'GET /users/7', "segment 3 is missing, expected 'orders'"],
    ['GET /api/users/:id', 'GET /api/openapi.json', "'users' is missing before segment 2, 'openapi.json'"],
    ['GET /users/:id', 'GET /users/7/8', "segment 3, '8', is one too many"],
    ['GET /api/v1/users', 'GET /users', "the path lacks '/api/v1' in front"],
    ['GET /users', 'GET /api/users', "the path has '/api' in front, which is not configured"],
    ['GET /users', 'GET //users', 'segment 1 is empty: two slashes stand in a row'],
    ['GET /users/:id/orders', 'GET /users//orders', "segment 2 is empty, expected a value for ':id'"],
    ['GET /at/:hour(^\\d+$)', 'GET /at/noon', "segment 2 is 'noon', which does not fit ':hour(^\\d+$)'"],
    ['POST /jobs/{id}:cancel', 'POST /jobs/1:cansel', "segment 2 is '1:cansel', which does not fit '{id}:cancel'"],
    ['GET /look/:x(^(?!a)b$)', 'GET /look/c', "segment 2 is 'c', which does not fit ':x(^(?!a)b$)'"],
    ['GET /files/*', 'GET /files', "segment 2 is missing, expected a value for '*'"],
    ['GET /caf%C3%A9/menu', 'GET /caf%C3%A8/menu', "segment 1 is 'cafè', expected 'café'"],
    ['GET /a/:b?', 'GET /a/b/c', "segment 3, 'c', is one too many"]
  ]
  for (const [served, asked, message] of cases) t.strictSame(ask([served], asked).messages, [message], `${served}, asked for ${asked}`)
})

t.test('a long text is cut where it is told', async t => {
  const { messages } = ask(['GET /users'], `GET /users/${'x'.repeat(500)}`)
  t.ok((messages?.[0]?.length ?? 0) < 150)
})

t.test('a method is told with all methods of the path', async t => {
  const { candidates, hint, allow } = ask(['GET,HEAD /users/:id', 'PUT /users/{id}', 'POST /users'], 'PATCH /users/7')
  t.strictSame(candidates[0], {
    endpoint: { id: 'GET,HEAD /users/:id', methods: ['GET', 'HEAD'], path: '/users/:id' },
    score: 0.8,
    passed: ['path', 'enabled'],
    failed: [{
      stage: 'method',
      expected: 'GET, HEAD, PUT',
      actual: 'PATCH',
      message: '/users/:id is served for GET, HEAD and PUT, not for PATCH',
      remedy: 'use GET, HEAD or PUT'
    }]
  })
  t.equal(hint, 'Use GET, HEAD or PUT, or add PATCH to the methods of GET,HEAD /users/:id')
  t.strictSame(allow, ['GET', 'HEAD', 'PUT'])
})

t.test('a disabled endpoint is told, and its method is not allowed', async t => {
  const users = endpoint('DELETE /users/:id', { enabled: false, origin: 'mocks/users.yaml:12' })
  const { messages, hint, allow, candidates } = ask([users, 'GET /users/:id'], 'DELETE /users/7')
  t.strictSame(messages, ['DELETE /users/:id is disabled'])
  t.equal(hint, 'Enable it: take "enabled": false away from DELETE /users/:id (mocks/users.yaml:12)')
  t.strictSame(allow, ['GET'])
  t.equal(candidates[0]?.endpoint.origin, 'mocks/users.yaml:12')
  t.match(ask([users], 'GET /users/7').messages, ['/users/:id is configured for DELETE, not for GET', 'DELETE /users/:id is disabled'])
})

t.test('every stage is told at once, the path first', async t => {
  const { candidates } = ask([endpoint('GET /users/:id', { enabled: false })], 'POST /user/7')
  t.strictSame(candidates[0]?.failed.map(({ stage }) => stage), ['path', 'method', 'enabled'])
  t.strictSame(candidates[0]?.passed, [])
})

t.test('the nearest comes first, three at most', async t => {
  const served = ['GET /orders', 'GET /users', 'POST /users/:id', 'GET /users/:id/orders', 'GET /users/:id', 'GET /health']
  t.strictSame(ask(served, 'GET /user/7').ids, ['GET /users/:id', 'POST /users/:id', 'GET /users'])
  t.strictSame(ask(served, 'GET /users/7/order').ids[0], 'GET /users/:id/orders')
  t.strictSame(ask(served, 'DELETE /users/7').ids[0], 'POST /users/:id', 'the same path beats a similar one')
})

t.test('an endpoint with an optional parameter is told once', async t => {
  t.strictSame(ask(['GET /a/:b?'], 'POST /a').ids, ['GET /a/:b?'])
  t.equal(ask(['GET /a/:b?'], 'GET /A').hint, 'Did you mean GET /a/:b?')
})

t.test('a slip is asked about, else an endpoint is offered', async t => {
  t.equal(ask(['GET /users/:id'], 'GET /user/7').hint, 'Did you mean GET /users/:id?')
  t.equal(ask(['GET /api/v2/users'], 'GET /api/v1/user').hint, 'Did you mean GET /api/v2/users?')
  t.equal(ask(['GET /api/v1/pets/:id'], 'GET /api/v1/zzz').hint, 'Nothing like it is configured. To serve it, add {"method":"GET","path":"/api/v1/zzz","response":{}}')
  t.equal(ask(['GET /users'], 'post /orders/42').hint, 'Nothing like it is configured. To serve it, add {"method":"POST","path":"/orders/:id","response":{}}')
  t.equal(ask([], 'GET /a/1/2/b:c').hint, 'No endpoint is configured yet. To serve it, add {"method":"GET","path":"/a/:id/:id2/b::c","response":{}}')
})

t.test('what has no word in common is not told', async t => {
  t.strictSame(ask(['GET /:collection/:id', 'GET /orders'], 'GET /').ids, [])
  t.strictSame(ask(['GET /orders', 'GET /health'], 'GET /zzz').ids, [])
  t.strictSame(ask(['GET /:collection/:id'], 'POST /users/7').ids, ['GET /:collection/:id'], 'but a path that fits is')
})

t.test('the problem document names the mistake first', async t => {
  const index = buildIndex([endpoint('GET /users/:id', { origin: 'a.yaml:3' })])
  const request = { method: 'POST', path: '/user/7', query: { token: 'secret' }, headers: { authorization: 'secret' } }
  const problem = formatProblem(request, explain(index, request), { instance: '/__mock/api/logs/1' })
  t.strictSame(problem, {
    type: NO_MATCH_TYPE,
    title: 'No mock matched',
    status: 404,
    detail: "Segment 1 is 'user', expected 'users', and /users/:id is served for GET, not for POST; the nearest endpoint is GET /users/:id.",
    instance: '/__mock/api/logs/1',
    method: 'POST',
    path: '/user/7',
    nearest: [{
      id: 'GET /users/:id',
      methods: ['GET'],
      path: '/users/:id',
      origin: 'a.yaml:3',
      score: 0.62,
      failed: [
        { stage: 'path', at: 'segment 1', expected: 'users', actual: 'user', message: "segment 1 is 'user', expected 'users'", remedy: "change 'user' to 'users'" },
        { stage: 'method', expected: 'GET', actual: 'POST', message: '/users/:id is served for GET, not for POST', remedy: 'use GET' }
      ]
    }],
    hint: 'Did you mean GET /users/:id?'
  })
  t.notMatch(JSON.stringify(problem), 'secret')
})

t.test('the problem document of what is like nothing', async t => {
  const request = { method: 'GET', path: `/${'x'.repeat(10_000)}` }
  const problem = formatProblem(request, explain(buildIndex([]), request), { status: 405 })
  t.match(problem, { status: 405, detail: /^Nothing like GET \/x+… is configured\.$/, nearest: [] })
  t.notOk('instance' in problem)
  t.ok(JSON.stringify(problem).length < 3000)
})

const word = fc.constantFrom('users', 'user', 'orders', 'a', 'b', 'Users', 'v1')
const served = fc.array(fc.oneof(word, fc.constantFrom(':id', '{name}', ':n(^\\d+$)', '{a}-{b}')), { maxLength: 4 })
  .chain(segments => fc.constantFrom('', '/*', '/:last?', '/').map(end => `/${segments.join('/')}${end}`.replace(/^\/\//, '/')))
  .filter(path => !(path.includes('{') && path.includes(':')) && !/:id.*:id|name.*name|:n\(.*:n\(|\{a.*\{a/.test(path))
const wanted = fc.array(fc.oneof(word, fc.constantFrom('7', 'x-y', '', '%20', '%zz', 'ä')), { maxLength: 5 }).map(segments => `/${segments.join('/')}`)

t.test('whatever is asked, each candidate has a reason, and the tree finds what a full search finds', async t => {
  fc.assert(fc.property(fc.uniqueArray(served, { maxLength: 8 }), wanted, fc.constantFrom('GET', 'POST'), (paths, path, method) => {
    const endpoints = paths.map((path, i) => endpoint(`${i % 2 === 0 ? 'GET' : 'POST'} ${path}`))
    const { candidates } = explain(buildIndex(endpoints), { method, path })
    assert.ok(candidates.length <= 3)
    assert.deepEqual(candidates.map(({ score }) => score), candidates.map(({ score }) => score).sort((a, b) => b - a))
    // Alone, an endpoint cannot be pushed aside by others: the best of them all must lead the list.
    const alone = endpoints.flatMap(endpoint => explain(buildIndex([endpoint]), { method, path }).candidates)
    assert.equal(candidates[0]?.score, alone.length === 0 ? undefined : Math.max(...alone.map(({ score }) => score)))
  }), { numRuns: 300 })
})

t.test('a path that the router matches has no failure in it, and one that it does not has', async t => {
  fc.assert(fc.property(served.filter(path => !path.includes('{')), wanted, (pattern, path) => {
    const router = findMyWay()
    router.on('GET', pattern, () => {})
    const [asked = ''] = path.split('?', 1)
    const isMatch = router.find('GET', asked) !== null
    // Asked with another method, for the sake of those that do match.
    const [candidate] = explain(buildIndex([endpoint(`GET ${pattern}`)]), { method: 'POST', path: asked }).candidates
    const hasPathFailure = candidate === undefined || candidate.failed.some(({ stage }) => stage === 'path')
    if (isMatch && !/\/$|\/\/|%/.test(path)) assert.equal(hasPathFailure, false, `${pattern} matches ${path}`)
    if (!isMatch && !/%/.test(path)) assert.equal(hasPathFailure, true, `${pattern} does not match ${path}`)
  }), { numRuns: 500 })
})

t.test('ten thousand endpoints and hostile paths are explained all the same', async t => {
  const index = buildIndex(Array.from({ length: 10_000 }, (_, i) => endpoint(`GET /api/v1/resource-${i}/:id`)))
  t.equal(explain(index, { method: 'GET', path: '/api/v1/resourse-77/1' }).candidates[0]?.endpoint.id, 'GET /api/v1/resource-77/:id')
  for (const path of ['/x'.repeat(10_000), `/${'x'.repeat(100_000)}`, '/'.repeat(10_000), '', '*', 'a', '/%', '/\0']) {
    t.doesNotThrow(() => explain(index, { method: 'GET', path }))
  }
})

t.test('what the answers of an endpoint ask for', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/orders',
      method: 'POST',
      responses: [
        { name: 'gold', when: { headers: { 'x-tenant': 'acme' }, body: { '/tier': 'gold', '/card/number': '4111' } }, response: 1 },
        { name: 'other', when: { headers: { 'x-tenant': 'globex' } }, response: 2 }
      ]
    }]
  })
  const send = (payload: object, headers: Record<string, string> = {}) => app.inject({ method: 'POST', url: '/orders', payload, headers })

  const near = (await send({ tier: 'golf', card: { number: '4111' }, secret: 'hush-hush' }, { 'x-tenant': 'acme' })).json()
  t.equal(near.detail, "Body /tier is 'golf', expected 'gold'; the nearest answer is 'gold' of POST /orders.")
  t.equal(near.hint, "Set /tier of the body to 'gold'")
  t.strictSame(near.nearest[0].responses.map(({ name }: { name: string }) => name), ['gold', 'other'], 'the nearest first')
  t.strictSame(near.nearest[0].responses[0].failed, ["body /tier is 'golf', expected 'gold'"])
  t.notMatch(JSON.stringify(near), 'hush-hush', 'bodies are not repeated')

  const none = (await app.inject({ method: 'POST', url: '/orders', headers: { 'x-tenant': 'acme' } })).json()
  t.match(none.detail, /^The request has no body, and body \/tier is missing/)
  t.match((await send({}, { 'x-tenant': 'globes' })).json().detail, "Header x-tenant is 'globes', expected 'globex'")
  t.equal((await send({}, { 'x-tenant': 'globex' })).statusCode, 200)
})

t.test('state of scenarios, answers that are used up, sequences that are over', async t => {
  const app = await build(t, {
    scenarios: { cart: { initial: 'empty', states: ['empty', 'filled'] } },
    endpoints: [
      { path: '/pay', scenario: { name: 'cart', state: 'filled' } },
      { path: '/once', responses: [{ name: 'only', times: 1 }] },
      { path: '/steps', choose: { mode: 'sequence', end: 'once' }, responses: [{ response: 1 }, { response: 2 }] }
    ]
  })
  const detail = async (url: string) => (await app.inject(url)).json().detail
  t.equal(await detail('/pay'), "The scenario 'cart' is in the state 'empty', expected 'filled'; the nearest endpoint is GET /pay.")
  t.match((await app.mock.explain({ url: '/pay' })).hint, /^Put the scenario 'cart' into the state 'filled'/)
  await app.inject('/once')
  t.equal(await detail('/once'), "Answer 'only' is used up: it was given 1 of 1 times; the nearest endpoint is GET /once.")
  await app.inject('/steps')
  await app.inject('/steps')
  t.match(await detail('/steps'), /^The sequence is over: 2 of 2 answers have been given/)
})

t.test('to ask what becomes of a request moves nothing', async t => {
  const app = await build(t, {
    collections: { users: [{ id: 1 }] },
    variables: { last: 'none' },
    endpoints: [
      { path: '/slow', latency_ms: 60_000, failure_rate: 1, response: '{{counter "c"}}' },
      { path: '/cart', responses: [{ name: 'first', scenario: { name: 'cart', to: 'filled' }, set: { last: 'moved' }, times: 1 }, { name: 'second' }] },
      { path: '/steps', choose: 'sequence', responses: [{ name: 'a' }, { name: 'b' }] },
      { resource: 'users', path: '/users' }
    ]
  })
  const become = async (url: string, method = 'GET', body?: unknown) => (await app.mock.explain({ url, method, body })).outcome
  for (let i = 0; i < 3; i++) {
    t.match(await become('/slow'), { kind: 'answered', status: 200 })
    t.match(await become('/cart'), { response: { name: 'first' } })
    t.match(await become('/steps'), { response: { name: 'a' } })
    t.match(await become('/users/1', 'DELETE'), { kind: 'answered', status: 204 })
    t.match(await become('/users', 'POST', { name: 'x' }), { status: 201 })
  }
  t.match(await become('/users/2'), { status: 404 })
  t.equal(app.mock.requests.count(), 0)
  t.strictSame(app.mock.routes().map(({ hits }) => hits), app.mock.routes().map(() => 0))
  t.equal(app.mock.variables.get('last'), 'none')
  t.strictSame((await app.inject('/users')).json(), [{ id: 1 }])
  t.match(await become('/cart'), { response: { name: 'first' } })
})

t.test('where in its life a request ends, and who answers it', async t => {
  const app = await build(t, {
    security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } },
    situations: { down: { 'POST /users': 'broken' } },
    endpoints: [
      { path: '/users', method: 'POST', security: [{ key: [] }], schema: { body: { type: 'object', required: ['name'] } }, responses: [{ name: 'made', status: 201 }, { name: 'broken', status: 503 }] },
      { path: '/users', match: { query: { beta: 'true' } }, response: 'beta' }
    ]
  })
  const ask = (headers: Record<string, string>, body: unknown) => app.mock.explain({ method: 'POST', url: '/users', headers, body })
  const key = { 'x-key': 'k' }

  const unknown = await ask({}, {})
  t.match(unknown, { outcome: { kind: 'rejected', status: 401, stage: 'security', endpoint: { id: 'POST /users' } }, hint: /credentials/ })
  t.match(unknown.summary, /^Header\/x-key must be there.*rejects it with 401, before its body is read/)
  t.match(await ask(key, {}), { outcome: { kind: 'rejected', status: 400, stage: 'request', violations: [{ pointer: '/name' }] }, summary: /^Body must have required property 'name'/ })
  t.match(await ask({ ...key, 'content-type': 'text/plain' }, 'x'), { outcome: { kind: 'rejected', status: 415, stage: 'content-type' } })
  t.match(await ask(key, { name: 'x' }), { outcome: { kind: 'answered', status: 201, response: { number: 1, name: 'made' } }, summary: "POST /users answers with 201, its answer 'made'." })
  t.match(await ask({ ...key, prefer: 'code=503' }, { name: 'x' }), { outcome: { status: 503, response: { number: 2 } } })
  t.match(await ask({ ...key, prefer: 'fault=502, delay=50000' }, { name: 'x' }), { outcome: { status: 502, injected: { failure: 502 } } })
  app.mock.situations.use('down')
  t.match(await ask(key, { name: 'x' }), { outcome: { status: 503, switched: { by: 'situation', situation: 'down' } }, summary: /which the situation 'down' has switched on/ })
  t.match(await app.mock.explain({ url: '/users?beta=no' }), { outcome: { kind: 'unmatched', status: 404 }, summary: "The query has 'beta=no', expected 'beta=true'." })
  t.match(await app.mock.explain({ url: 'http://shop.test/users?beta=true' }), { outcome: { kind: 'answered' } })
})

t.test('what is served all the same, and what lies outside', async t => {
  const app = await build(t, { prefix: '/api', endpoints: [{ path: '/users', validate: 'warn', schema: { querystring: { type: 'object', required: ['page'] } }, response: [] }] })
  t.match(await app.mock.explain({ url: '/api/users' }), { outcome: { kind: 'answered', status: 200 }, notes: [/served all the same \(validate: warn\): query must have required property 'page'/] })
  t.match(await app.mock.explain({ url: '/users' }), { outcome: { kind: 'unmatched' }, summary: 'GET /users lies outside of /api, where the mock server is mounted.', hint: 'Ask for /api/users' })
  t.match(await app.mock.explain({ url: '/api/user?page=1' }), { summary: /^Segment 1 is 'user'/ })
  t.match(await app.mock.explain({ url: '/apis' }), { summary: /lies outside/ })
})

t.test('overlays and scopes', async t => {
  const app = await build(t, { endpoints: [{ path: '/users', response: 'base' }] })
  await app.mock.use({ path: '/orders', when: { headers: { a: '1' } } }, { times: 1 })
  const scope = await app.mock.scopes.create({ id: 'mine', endpoints: { path: '/users', when: { query: { q: '1' } }, response: 'own' } })
  t.match(await app.mock.explain({ url: '/orders' }), { summary: "Header a is missing, expected '1'; the nearest endpoint is GET /orders of overlay-1." })
  t.match(await app.mock.explain({ url: '/order', headers: { a: '1' } }), { summary: /^Segment 1 is 'order'/, candidates: [{ endpoint: { id: 'GET /orders', overlay: 'overlay-1' } }] })
  await app.inject({ url: '/orders', headers: { a: '1' } })
  t.match(await app.mock.explain({ url: '/orders', headers: { a: '1' } }), { summary: /^The overlay is used up: it has answered 1 of 1 requests/ })

  t.match(await app.mock.explain({ url: '/users?q=1', headers: scope.headers }), { scope: 'mine', outcome: { endpoint: { overlay: 'overlay-1' } } })
  t.match(await app.mock.explain({ url: '/users', scope: 'mine' }), {
    scope: 'mine',
    outcome: { kind: 'answered', endpoint: { id: 'GET /users' } },
    candidates: [{ endpoint: { id: 'GET /users' }, failed: [] }, { endpoint: { overlay: 'overlay-1' }, failed: [{ message: "query q is missing, expected '1'" }] }]
  })
  t.notOk('scope' in await app.mock.explain({ url: '/users' }))
  t.match(await app.mock.explain({ url: '/users', headers: { 'x-mock-scope': 'nobody' } }), { outcome: { kind: 'unmatched' }, summary: /no scope 'nobody'/ })
  await t.rejects(app.mock.explain({ url: '/users', scope: 'nobody' }), { code: 'MOCK_ERR_SCOPE_UNKNOWN' })
  t.equal(app.mock.requests.count(), 1)
})

t.test('requests of the log are explained', async t => {
  const app = await build(t, { endpoints: [{ path: '/orders', method: 'POST', when: { body: { '/sku': 'A1' } } }], log: { max_body_bytes: 40 } })
  const headers = { 'content-type': 'application/json' }
  await app.inject({ method: 'POST', url: '/orders', headers, payload: '{"sku": "A2"}' })
  await app.inject({ method: 'POST', url: '/orders', headers, payload: '{"sku": "A1"}' })
  await app.inject({ method: 'POST', url: '/orders', headers, payload: JSON.stringify({ sku: 'x'.repeat(100) }) })

  const [wrong, right] = app.mock.requests.find()
  t.equal(wrong?.explanation?.summary, "Body /sku is 'A2', expected 'A1'; the nearest endpoint is POST /orders.")
  t.equal(right?.explanation, undefined)
  t.notMatch(JSON.stringify(wrong), 'explanation')

  const one = (await app.inject('/__logs/1/explanation')).json()
  t.match(one, { summary: wrong?.explanation?.summary, outcome: { kind: 'unmatched' } })
  t.strictSame((await app.inject({ method: 'POST', url: '/__mock/api/explain', payload: { seq: 1 } })).json(), one)
  t.match(await app.mock.explain({ seq: 2 }), { outcome: { kind: 'answered' } })
  t.match((await app.mock.explain({ seq: 3 })).notes, [/^Its body was cut at 40 of \d+ bytes/])
  await app.mock.reload()
  t.match((await app.mock.explain({ seq: 1 })).notes, [/generation 1 .* generation 2/])
  await t.rejects(app.mock.explain({ seq: 9 }), { code: 'MOCK_ERR_LOG_ENTRY_UNKNOWN' })
  t.equal((await app.inject('/__logs/9/explanation')).statusCode, 404)
})

t.test('a logged request of HTTP/2 is asked about as any other', t => {
  const request = { method: 'GET', url: '/a', path: '/a', query: {}, headers: { ':method': 'GET', ':path': '/a', ':authority': 'shop.test', 'content-encoding': 'gzip', 'x-a': ['1', '2'] }, ip: '' }
  const { headers } = questionOf({ seq: 1, id: '', time: '', generation: 1, request, matched: false, aborted: false, duration_ms: 0 })
  t.strictSame({ ...headers }, { host: 'shop.test', 'x-a': ['1', '2'] })
  t.end()
})

t.test('a question that makes no sense is answered as one', async t => {
  const app = await build(t, {})
  const ask = async (payload: unknown) => (await app.inject({ method: 'POST', url: '/__mock/api/explain', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })).json()
  for (const question of [null, [], 'x', {}, { url: '' }, { url: 7 }, { url: '/', method: 'G T' }, { url: '/', headers: 'x' }, { url: '/', headers: { 'a b': 'c' } }, { url: '/', headers: { a: 'b\nc' } }, { url: '/', headers: { a: {} } },
    { url: '/', bdy: 1 }, { seq: '1' }, { seq: 1, url: '/' }, { url: 'http://' }, { url: '/', scope: 7 }]) {
    t.match(await ask(question), { status: 400, code: 'MOCK_ERR_EXPLAIN_REQUEST' }, JSON.stringify(question))
  }
  t.match(await ask({ url: 'users' }), { outcome: { kind: 'unmatched' } })
})

t.test('whatever is asked, there is an explanation, and it is no fault of ours', async t => {
  const app = await build(t, {
    endpoints: [
      { path: '/a/:b', when: { body: { '/x': 1 } } },
      { path: '/a', method: ['POST', 'PUT'], schema: { body: { type: 'object' } }, responses: [{ when: { query: { q: '1' } } }] }
    ]
  })
  const text = fc.oneof(fc.string(), fc.constantFrom('\\\\', '/a', '/a/b', '/a?q=1', '//', '/%', '/a/%zz', '*', '/__mock/api'))
  const question = fc.record({ method: fc.constantFrom('GET', 'POST', 'put', 'HEAD', 'OPTIONS', 'X-Y'), url: text, body: fc.option(fc.oneof(fc.string(), fc.json(), fc.jsonValue()), { nil: undefined }) })
  await fc.assert(fc.asyncProperty(question, async question => {
    const explanation = await app.mock.explain(question).catch(error => ({ code: error.code }))
    if ('code' in explanation) return explanation.code === 'MOCK_ERR_EXPLAIN_REQUEST'
    assert.ok((explanation.outcome?.status ?? 500) < 500)
    assert.ok(explanation.summary.length > 0)
    return true
  }), { numRuns: 200 })
})

t.test('a thousand answers, and deep bodies', async t => {
  let deep: unknown = 'x'
  for (let i = 0; i < 200; i++) deep = { a: deep, b: i }
  const responses = Array.from({ length: 1_000 }, (_, i) => ({ name: `n${i}`, when: { body: { '/key': `value-${i}`, '/deep': { equals: { a: { b: i } } } } }, response: i }))
  const app = await build(t, { endpoints: [{ path: '/big', method: 'POST', responses }] })
  const { body, statusCode } = await app.inject({ method: 'POST', url: '/big', payload: { key: 'value-77x', deep } })
  t.equal(statusCode, 404)
  t.match(JSON.parse(body).nearest[0].responses[0].failed[0], /\/key/)
  t.ok(body.length < 20_000, 'what is told is bounded')
})
