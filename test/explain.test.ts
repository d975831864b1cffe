import assert from 'node:assert/strict'
import fc from 'fast-check'
import findMyWay from 'find-my-way'
import t from 'tap'
import { buildIndex, explain, formatProblem, NO_MATCH_TYPE, type ExplainableEndpoint } from '../lib/explain.ts'

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
