import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import { once } from 'node:events'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect } from 'node:net'
import t from 'tap'
import { Type } from 'typebox'
import mockPlugin from '../plugins/mock.ts'
import { build, listen } from './helper.ts'

t.test('an endpoint', async t => {
  t.test('answers JSON with status 200', async t => {
    const app = await build(t, { endpoints: [{ path: '/hello', response: { hello: 'world' } }] })
    const answer = await app.inject('/hello')
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    t.same(answer.json(), { hello: 'world' })
  })

  t.test('answers what its keys say', async t => {
    const app = await build(t, {
      endpoints: [{ path: '/made', method: 'post', status: 201, headers: { Location: '/made/7', 'X-Many': ['a', 'b'] }, response: { id: 7 } }]
    })
    const answer = await app.inject({ method: 'POST', url: '/made' })
    t.equal(answer.statusCode, 201)
    t.equal(answer.headers.location, '/made/7')
    t.same(answer.headers['x-many'], ['a', 'b'])
  })

  t.test('fills in templates in headers, one or several', async t => {
    const app = await build(t, { endpoints: [{ path: '/h/:a', headers: { 'x-one': 'a {{request.params.a}}', 'set-cookie': ['a={{request.params.a}}', 'b=2'] }, response: 1 }] })
    const answer = await app.inject('/h/7%0D%0Ax-evil:1')
    t.equal(answer.headers['x-one'], 'a 7 x-evil:1')
    t.same(answer.headers['set-cookie'], ['a=7 x-evil:1', 'b=2'])
    t.equal(answer.headers['x-evil'], undefined)
  })

  t.test('sends what a header cannot carry percent-encoded', async t => {
    const { url } = await listen(t, { endpoints: [{ path: '/h', headers: { 'x-a': '{{request.query.x}}' }, response: 1 }] })
    const response = await fetch(`${url}/h?x=%E4%B8%AD%00%7F%C3%A9`)
    t.equal(response.status, 200)
    t.equal(response.headers.get('x-a'), '%E4%B8%AD%00%7F%C3%A9')
  })

  t.test('leaves headers of the connection to the server, and says so', async t => {
    const { app, url } = await listen(t, { endpoints: [{ path: '/h', headers: { 'Transfer-Encoding': 'chunked', 'keep-alive': 'x', trailer: 'x' }, response: { a: 1 } }] })
    t.same(await (await fetch(`${url}/h`)).json(), { a: 1 })
    t.same(app.mock.warnings.map(({ code }) => code), ['connection-header', 'connection-header', 'connection-header'])
  })

  t.test('says that an informational status is no answer', async t => {
    const { url } = await listen(t, { endpoints: [{ path: '/h', status: 101, response: 1 }] })
    const response = await fetch(`${url}/h`)
    t.match(await response.json(), { code: 'MOCK_ERR_STATUS_INFORMATIONAL' })
  })

  t.test('refuses a helper that gives a promise', async t => {
    const app = await build(t, { helpers: { late: () => Promise.reject(new Error('x')) }, endpoints: [{ path: '/h', response: '{{late}}' }] })
    t.match((await app.inject('/h')).json(), { statusCode: 500, code: 'MOCK_ERR_TEMPLATE_RENDER', message: /'late' gives a promise/ })
  })

  t.test('sends null, false, zero and the empty string as JSON', async t => {
    const values = [null, false, 0, '']
    const app = await build(t, { endpoints: values.map((response, i) => ({ path: `/${i}`, response })) })
    for (const [i, value] of values.entries()) t.same((await app.inject(`/${i}`)).json(), value)
  })

  t.test('sends text and bytes with their types', async t => {
    const app = await build(t, {
      endpoints: [
        { path: '/text', text: 'plain' },
        { path: '/csv', text: 'a,b\n1,2\n', content_type: 'text/csv' },
        { path: '/bytes', base64: 'AAEC', content_type: 'image/x-own' },
        { path: '/xml', response: '<a/>', content_type: 'application/xml' }
      ]
    })
    const text = await app.inject('/text')
    t.match(text, { body: 'plain', headers: { 'content-type': 'text/plain; charset=utf-8' } })
    t.match(await app.inject('/csv'), { headers: { 'content-type': 'text/csv; charset=utf-8' } })
    const bytes = await app.inject('/bytes')
    t.same([...bytes.rawPayload], [0, 1, 2])
    t.equal(bytes.headers['content-type'], 'image/x-own')
    t.match(await app.inject('/xml'), { body: '<a/>', headers: { 'content-type': 'application/xml' } })
  })

  t.test('sends no body and no type with 204 and 304', async t => {
    const app = await build(t, { endpoints: [{ path: '/none', status: 204, response: { not: 'sent' } }, { path: '/same', status: 304 }, { path: '/empty' }] })
    for (const path of ['/none', '/same', '/empty']) {
      const answer = await app.inject(path)
      t.equal(answer.body, '')
      t.equal(answer.headers['content-type'], undefined, path)
    }
  })

  t.test('sends a file from the folder of its configuration, and nothing from outside', async t => {
    const cwd = t.testdir({ mocks: { 'a.txt': 'the file', 'ü #1.txt': 'odd name', dir: {}, link: t.fixture('symlink', '../secret.txt') }, 'secret.txt': 'secret' })
    const app = await build(t, {
      cwd: `${cwd}/mocks`,
      endpoints: [{ path: '/a', file: 'a.txt' }, { path: '/any/:name', file: '{{request.params.name}}' }]
    })
    t.match(await app.inject('/a'), { statusCode: 200, body: 'the file', headers: { 'content-type': /text\/plain/ } })
    t.match(await app.inject({ url: '/a', headers: { range: 'bytes=4-7' } }), { statusCode: 206, body: 'file' })
    t.equal((await app.inject('/any/%C3%BC%20%231.txt')).body, 'odd name')
    t.match(await app.inject({ url: '/a', headers: { range: 'bytes=50-' } }), { statusCode: 416, body: '', headers: { 'content-range': 'bytes */8' } })
    for (const name of ['..%2Fsecret.txt', 'link', 'missing.txt', 'dir', '%00']) {
      const answer = await app.inject(`/any/${name}`)
      t.equal(answer.statusCode, 500, name)
      t.notMatch(answer.body, /^secret/)
    }
  })

  t.test('takes several methods, all methods, and ones that Fastify does not know', async t => {
    const app = await build(t, {
      endpoints: [
        { path: '/two', method: ['GET', 'POST'], response: 2 },
        { path: '/all', method: '*', response: 'all' },
        { path: '/dav', method: 'PROPFIND', status: 207, response: 'dav' },
        { path: '/query', method: 'QUERY', response: 'query' }
      ]
    })
    t.equal((await app.inject({ method: 'POST', url: '/two' })).json(), 2)
    for (const method of ['GET', 'DELETE', 'TRACE', 'MKCOL'] as const) {
      t.equal((await app.inject({ method: method as 'GET', url: '/all' })).json(), 'all', method)
    }
    t.equal((await app.inject({ method: 'PROPFIND' as 'GET', url: '/dav' })).statusCode, 207)
    t.equal((await app.inject({ method: 'QUERY' as 'GET', url: '/query', payload: { a: 1 } })).json(), 'query')
  })

  t.test('that answers GET answers HEAD, unless another does', async t => {
    const app = await build(t, {
      endpoints: [{ path: '/a', response: { a: 1 } }, { path: '/b', response: 'get' }, { path: '/b', method: 'HEAD', status: 404 }]
    })
    const head = await app.inject({ method: 'HEAD', url: '/a' })
    t.match(head, { statusCode: 200, body: '', headers: { 'content-length': '7' } })
    t.equal((await app.inject({ method: 'HEAD', url: '/b' })).statusCode, 404)
  })

  t.test('that is disabled is not served', async t => {
    const app = await build(t, { endpoints: [{ path: '/off', enabled: false, response: 1 }] })
    t.equal((await app.inject('/off')).statusCode, 404)
  })

  t.test('is found by either notation of parameters', async t => {
    const params = '{{json request.params}}'
    const app = await build(t, {
      endpoints: [
        '/u/:id', '/t/{thing-id}', '/r/{a}-{b}', '/p/{a},{b}', '/jobs/{id}:cancel', '/jobs/{id}', '/f/{id}.json', '/w/*',
        '/o/:a/:b?', '/at/:hour(^\\d+$)', '/sp%20ace/é', '/u/me', '/lit::eral'
      ].map(path => ({ path, text: `${path} ${params}` }))
    })
    const cases = [
      ['/u/7', '/u/:id {"id":"7"}'],
      ['/u/me', '/u/me {}'],
      ['/t/7', '/t/{thing-id} {"thing-id":"7"}'],
      ['/r/1-2', '/r/{a}-{b} {"a":"1","b":"2"}'],
      ['/p/1,2', '/p/{a},{b} {"a":"1","b":"2"}'],
      ['/jobs/7:cancel', '/jobs/{id}:cancel {"id":"7"}'],
      ['/jobs/7', '/jobs/{id} {"id":"7"}'],
      ['/f/7.json', '/f/{id}.json {"id":"7"}'],
      ['/w/a/b', '/w/* {"*":"a/b"}'],
      ['/o/1', '/o/:a/:b? {"a":"1"}'],
      ['/o/1/2', '/o/:a/:b? {"a":"1","b":"2"}'],
      ['/at/12', '/at/:hour(^\\d+$) {"hour":"12"}'],
      ['/sp%20ace/%C3%A9', '/sp%20ace/é {}'],
      ['/lit:eral', '/lit::eral {}']
    ] as const
    for (const [url, expected] of cases) t.equal((await app.inject(url)).body, expected, url)
    for (const url of ['/u/', '/t/', '/at/noon']) t.equal((await app.inject(url)).statusCode, 404, url)
  })
})

t.test('an endpoint with several responses', async t => {
  const app = await build(t, {
    endpoints: [{
      path: '/r',
      responses: [
        { response: 'usual' },
        { status: 404, name: 'gone', response: 'gone' },
        { status: 404, name: 'never', headers: { 'x-a': 'b' }, response: 'never' },
        { status: 503, name: 'over, loaded', response: 'busy' }
      ]
    }]
  })
  const prefer = (prefer: string) => app.inject({ url: '/r', headers: { prefer } })

  t.test('answers the first', async t => t.equal((await app.inject('/r')).json(), 'usual'))

  t.test('answers what is preferred, and says so', async t => {
    t.match(await prefer('code=404'), { statusCode: 404, body: '"gone"', headers: { 'preference-applied': 'code=404', vary: 'Prefer' } })
    t.match(await prefer('example=never'), { statusCode: 404, body: '"never"', headers: { 'x-a': 'b' } })
    t.match(await prefer('wait=10, code=404; x=y, example=never'), { body: '"never"' })
    t.match(await prefer('example="over, loaded"'), { statusCode: 503, headers: { 'preference-applied': 'example="over, loaded"' } })
    t.match(await prefer('respond-async'), { statusCode: 200 })
  })

  t.test('says which ones there are when asked for another', async t => {
    const answer = await prefer('code=418')
    t.equal(answer.statusCode, 404)
    t.match(answer.json(), { code: 'MOCK_ERR_NO_SUCH_VARIANT', message: /status 418.*It has: 200, 404 'gone'/ })
  })
})

t.test('request validation', async t => {
  const app = await build(t, {
    body_limit: 1000,
    schemas: { Name: { type: 'string', minLength: 2 } },
    endpoints: [
      {
        path: '/users/:id',
        method: 'POST',
        schema: {
          params: Type.Object({ id: Type.Integer() }),
          querystring: Type.Object({ page: Type.Integer({ default: 1 }), tag: Type.Optional(Type.Array(Type.String())) }),
          headers: { type: 'object', required: ['X-Tenant'], properties: { 'X-Tenant': { type: 'string' } } },
          body: Type.Object({ name: Type.Unsafe({ $ref: '#/schemas/Name' }), age: Type.Optional(Type.Integer()) })
        },
        response: { id: '{{request.params.id}}', page: '{{request.query.page}}', tag: '{{request.query.tag}}', body: '{{request.body}}' }
      },
      { path: '/cookie', schema: { cookies: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } }, response: 1 },
      { path: '/optional', method: 'POST', schema: { body: { required: false, content: { 'application/json': { schema: { type: 'object' } }, 'text/*': {} } } }, response: '{{request.body}}' },
      { path: '/any', method: '*', schema: { body: { type: 'object' } }, response: 'ok' }
    ]
  })
  const post = (url: string, payload?: object | string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, headers: { 'x-tenant': 'a', ...headers }, ...(payload === undefined ? {} : { payload }) })

  t.test('converts parameters and fills in defaults', async t => {
    const answer = await post('/users/7?tag=a', { name: 'Ann' })
    t.same(answer.json(), { id: 7, page: 1, tag: ['a'], body: { name: 'Ann' } })
  })

  t.test('answers with Fastify\'s own 400', async t => {
    t.match((await post('/users/7', { name: 'A' })).json(), { statusCode: 400, code: 'FST_ERR_VALIDATION', message: 'body/name must NOT have fewer than 2 characters' })
    t.match((await post('/users/7', {})).json(), { message: "body must have required property 'name'" })
    t.match((await post('/users/7', { name: 'Ann', age: '4' })).json(), { message: 'body/age must be integer' }, 'a body is not converted')
    t.match((await post('/users/x', { name: 'Ann' })).json(), { message: 'params/id must be integer' })
    t.match((await post('/users/7?page=x', { name: 'Ann' })).json(), { message: 'querystring/page must be integer' })
    t.match((await app.inject({ method: 'POST', url: '/users/7', payload: { name: 'Ann' } })).json(), { message: "headers must have required property 'x-tenant'" })
    t.match((await app.inject({ url: '/cookie', headers: { cookie: 'n=x' } })).json(), { statusCode: 400, code: 'FST_ERR_VALIDATION', message: 'cookies/n must be integer' })
    t.equal((await app.inject({ url: '/cookie', headers: { cookie: 'n=1' } })).statusCode, 200)
  })

  t.test('tells malformed JSON, a wrong content type, and too large a body', async t => {
    const json = { 'content-type': 'application/json' }
    t.equal((await post('/users/7', '{"name": ', json)).statusCode, 400)
    t.match((await post('/users/7', '<a/>', { 'content-type': 'text/xml' })).json(), { statusCode: 415, code: 'MOCK_ERR_CONTENT_TYPE', message: /application\/json/ })
    t.equal((await post('/users/7', { name: 'x'.repeat(2000) })).statusCode, 413)
    t.equal((await post('/users/7', '{"name": "Ann", "__proto__": {"x": 1}}', json)).statusCode, 400)
  })

  t.test('takes any JSON type where JSON is taken', async t => {
    t.equal((await post('/users/7', '{"name": "Ann"}', { 'content-type': 'application/merge-patch+json' })).statusCode, 200)
  })

  t.test('of an optional body with several types', async t => {
    t.equal((await post('/optional')).statusCode, 200)
    t.equal((await post('/optional', 'text', { 'content-type': 'text/markdown' })).json(), 'text')
    t.equal((await post('/optional', '[]', { 'content-type': 'application/json' })).statusCode, 400)
    t.equal((await post('/optional', 'a', { 'content-type': 'image/png' })).statusCode, 415)
  })

  t.test('leaves methods without a body alone', async t => {
    t.equal((await app.inject('/any')).statusCode, 200)
    t.equal((await app.inject({ method: 'PUT', url: '/any', payload: '[]', headers: { 'content-type': 'application/json' } })).statusCode, 400)
  })
})

t.test('a pattern that has no linear form is not enforced, the rest of its schema is', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { type: 'string', pattern: '(?=look)ahead', minLength: 2 } }, response: 1 }] })
  const post = (payload: string) => app.inject({ method: 'POST', url: '/a', payload, headers: { 'content-type': 'application/json' } })
  t.equal((await post('"xy"')).statusCode, 200)
  t.equal((await post('"x"')).statusCode, 400)
})

t.test('a schema that cannot be compiled is not enforced, and the server goes on', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { dependentRequired: 5 } }, response: 1 }] })
  t.equal((await app.inject({ method: 'POST', url: '/a', payload: '"x"', headers: { 'content-type': 'application/json' } })).statusCode, 200)
})

t.test('a body that must be there is missed, whatever its schema says', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { properties: { a: {} } } }, response: 1 }] })
  t.match((await app.inject({ method: 'POST', url: '/a' })).json(), { statusCode: 400, message: 'body is required' })
})

t.test('patterns are told apart', async t => {
  const app = await build(t, {
    endpoints: [{ path: '/:a/:b', schema: { params: { type: 'object', properties: { a: { type: 'string', pattern: '^a+$' }, b: { type: 'string', pattern: '^b+$' } } } }, response: 1 }]
  })
  t.equal((await app.inject('/aa/bb')).statusCode, 200)
  t.equal((await app.inject('/bb/aa')).statusCode, 400)
})

t.test('a parameter that may be a number or a text may look like both', async t => {
  const oneOf = [{ type: 'integer' }, { type: 'string' }]
  const app = await build(t, { endpoints: [{ path: '/:id', schema: { params: { type: 'object', properties: { id: { oneOf } } } }, response: 1 }] })
  t.equal((await app.inject('/7')).statusCode, 200)
  t.equal((await app.inject('/seven')).statusCode, 200)
})

t.test('a pattern that would backtrack for ever costs nothing', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { type: 'string', pattern: '^(a+)+$' } }, response: 1 }] })
  const answer = await app.inject({ method: 'POST', url: '/a', payload: JSON.stringify('a'.repeat(5000) + '!'), headers: { 'content-type': 'application/json' } })
  t.equal(answer.statusCode, 400)
})

t.test('bodies of any type reach the templates', async t => {
  const app = await build(t, { endpoints: [{ path: '/echo', method: 'POST', response: { body: '{{request.body}}' } }] })
  const post = async (payload: string, type: string) => (await app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } })).json().body
  t.same(await post('{"a": [1]}', 'application/vnd.own+json'), { a: [1] })
  t.same(await post('a=1&a=2&b=x+y', 'application/x-www-form-urlencoded'), { a: ['1', '2'], b: 'x y' })
  t.equal(await post('<a/>', 'application/xml'), '<a/>')
})

t.test('an unmatched request', async t => {
  const app = await build(t, { endpoints: [{ path: '/users/:id', response: 1 }, { path: '/users', method: 'POST', response: 1 }] })

  t.test('is answered with a problem document that names the nearest endpoint', async t => {
    const answer = await app.inject('/user/7')
    t.equal(answer.statusCode, 404)
    t.match(answer.headers['content-type'], 'application/problem+json')
    t.equal(answer.headers['x-mock-unmatched'], '1')
    t.match(answer.json(), { status: 404, title: 'No mock matched', nearest: [{ id: 'GET /users/:id', failed: [{ stage: 'path' }] }] })
  })

  t.test('is told which methods there are', async t => {
    const answer = await app.inject({ method: 'DELETE', url: '/users/7' })
    t.match(answer.json(), { status: 404, nearest: [{ id: 'GET /users/:id', failed: [{ stage: 'method' }] }] })
  })

  t.test('gets 405 where the configuration says so', async t => {
    const app = await build(t, { unknown_method: 405, endpoints: [{ path: '/users', method: ['POST', 'PUT'], response: 1 }] })
    t.match(await app.inject('/users'), { statusCode: 405, headers: { allow: 'POST, PUT' } })
    t.equal((await app.inject('/usersss')).statusCode, 404)
  })

  t.test('stays unmatched when its body cannot be read', async t => {
    const answer = await app.inject({ method: 'POST', url: '/nothing', payload: '{', headers: { 'content-type': 'application/json' } })
    t.equal(answer.statusCode, 404)
  })
})

t.test('in a host', async t => {
  t.test('its own routes come first', async t => {
    const app = Fastify()
    t.teardown(() => app.close())
    app.get('/real', async () => 'real')
    await app.register(mockPlugin, { endpoints: [{ path: '/real', response: 'mock' }, { path: '/mock', response: 'mock' }] })
    t.equal((await app.inject('/real')).body, 'real')
    t.equal((await app.inject('/mock')).json(), 'mock')
  })

  t.test('its plugins work on mocked endpoints: CORS, rate limit, helmet', async t => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(cors, { origin: 'https://a.example' })
    await app.register(helmet)
    await app.register(rateLimit, { max: 2, timeWindow: 60_000 })
    await app.register(mockPlugin, { endpoints: [{ path: '/a', method: '*', response: 1 }] })
    const first = await app.inject({ url: '/a', headers: { origin: 'https://a.example' } })
    t.equal(first.headers['access-control-allow-origin'], 'https://a.example')
    t.equal(first.headers['x-ratelimit-remaining'], '1')
    t.ok(first.headers['x-content-type-options'])
    const preflight = await app.inject({ method: 'OPTIONS', url: '/a', headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' } })
    t.equal(preflight.statusCode, 204)
    await app.inject('/a')
    t.equal((await app.inject('/a')).statusCode, 429)
  })

  t.test('a prefix is honoured, also at its root', async t => {
    const app = await build(t, { prefix: '/api', endpoints: [{ path: '/', response: 'root' }, { path: '/a/:id', text: '{{request.path}} {{request.params.id}}' }, { path: '*', response: 'rest' }] })
    t.equal((await app.inject('/api')).json(), 'root')
    t.equal((await app.inject('/api/')).json(), 'root')
    t.equal((await app.inject('/api/a/7?x=1')).body, '/a/7 7')
    t.equal((await app.inject('/api/else')).json(), 'rest')
    t.equal((await app.inject('/a/7')).statusCode, 404)
  })

  t.test('several serve side by side, each under its prefix', async t => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(mockPlugin, { prefix: '/one', endpoints: [{ path: '/a', response: 1 }] })
    await app.register(mockPlugin, { prefix: '/two', endpoints: [{ path: '/a', response: 2 }] })
    t.equal((await app.inject('/one/a')).json(), 1)
    t.equal((await app.inject('/two/a')).json(), 2)
    t.equal(app.mock, app.mocks.get('/one'))
    t.equal(app.mocks.get('/two')?.requests.count(), 1)
  })

  t.test('a prefix that is no path is refused', async t => {
    for (const prefix of ['api', '/:x', '/*', '//']) {
      const app = Fastify()
      t.teardown(() => app.close())
      if (prefix === '//') await app.register(mockPlugin, { prefix })
      else await t.rejects(async () => { await app.register(mockPlugin, { prefix }) }, { code: 'MOCK_ERR_PREFIX_INVALID' }, prefix)
    }
  })

  t.test('two under one prefix are refused', async t => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(mockPlugin, { prefix: '/one' })
    await t.rejects(async () => { await app.register(mockPlugin, { prefix: '/one/' }) }, { code: 'MOCK_ERR_PREFIX_TAKEN' })
  })

  t.test('endpoints are served under their base paths', async t => {
    const app = await build(t, { defaults: { base_paths: ['', '/v1'] }, endpoints: [{ path: '/a', response: 1 }] })
    t.equal((await app.inject('/a')).statusCode, 200)
    t.equal((await app.inject('/v1/a')).statusCode, 200)
  })
})

t.test('over real sockets', async t => {
  const options = { endpoints: [{ path: '/a/:n', response: { n: '{{request.params.n}}' } }, { path: '/echo', method: 'POST', response: '{{request.body}}' }] }

  t.test('keeps a connection alive and answers pipelined requests in order', async t => {
    const { url } = await listen(t, options)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const body = '{"x":1}'
    socket.end(
      'GET /a/1 HTTP/1.1\r\nhost: localhost\r\n\r\n' +
      `POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}` +
      'GET /a/2 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk
    t.same(text.match(/\{.*\}/g), ['{"n":"1"}', '{"x":1}', '{"n":"2"}'])
  })

  t.test('answers HTTP/2', async t => {
    const app = Fastify({ http2: true })
    t.teardown(() => app.close())
    await app.register(mockPlugin, options)
    const client = connectHttp2(await app.listen({ host: '127.0.0.1', port: 0 }))
    t.teardown(() => client.close())
    const request = client.request({ [constants.HTTP2_HEADER_PATH]: '/echo', [constants.HTTP2_HEADER_METHOD]: 'POST', 'content-type': 'application/json' })
    request.end('{"h":2}')
    const [headers] = await once(request, 'response')
    let text = ''
    for await (const chunk of request) text += chunk
    t.equal(headers[constants.HTTP2_HEADER_STATUS], 200)
    t.equal(text, '{"h":2}')
    const entry = await app.mock.requests.waitFor({ path: '/echo' })
    t.match(entry, { request: { method: 'POST', body: { text: '{"h":2}' } }, response: { status: 200 }, aborted: false })
  })
})
