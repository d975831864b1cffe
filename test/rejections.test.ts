import fc from 'fast-check'
import t from 'tap'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { importDocument } from '../lib/openapi/import.ts'
import type { Config, JsonSchema } from '../lib/config.ts'
import { createSchemaCompiler } from '../lib/schema/compiler.ts'
import { createFinder } from '../lib/violation/find.ts'
import { tellInBody } from '../lib/violation/tell-in-body.ts'
import { invalidRequest, problemOf } from '../lib/violation/rejection.ts'
import { build } from './helper.ts'

type Test = Parameters<typeof build>[0]

/** A document of one path with operations, served. */
async function served (t: Test, paths: object, rest: object = {}, keys: Config = {}): Promise<FastifyInstance> {
  const { config } = importDocument({ openapi: '3.1.0', info: { title: 'Test', version: '1' }, paths, ...rest })
  return build(t, { ...config, ...keys })
}

const ok = { 200: { description: 'ok', content: { 'application/json': { example: { ok: true } } } } }

/** An operation with parameters: those of one location, by name. */
const withParameters = (...parameters: object[]) => ({ parameters, responses: ok })

/** What is told about a rejected request: `query/page type`. */
async function told (app: FastifyInstance, request: InjectOptions | string): Promise<string[]> {
  const answer = await app.inject(request)
  if (answer.statusCode < 400) return []
  return answer.json<{ violations?: Array<{ in: string, pointer: string, rule: string }> }>().violations?.map(({ in: part, pointer, rule }) => `${part}${pointer} ${rule}`) ?? [answer.body]
}

t.test('case 54: what is readOnly need not be sent, and what is writeOnly need not be answered', async t => {
  const user = {
    type: 'object',
    required: ['id', 'name', 'password'],
    properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' }, password: { type: 'string', writeOnly: true } }
  }
  const body = { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } }
  const inherited = { allOf: [{ $ref: '#/components/schemas/User' }, { required: ['id', 'role'], properties: { role: { type: 'string' } } }] }
  const app = await served(t, {
    '/users': { post: { requestBody: body, responses: { 201: { description: 'made', content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } } } } },
    '/admins': { post: { requestBody: { required: true, content: { 'application/json': { schema: inherited } } }, responses: ok } }
  }, { components: { schemas: { User: user } } })
  const post = (url: string, payload: object) => ({ method: 'POST' as const, url, payload })
  t.same(await told(app, post('/users', { name: 'A', password: 'x' })), [], 'readOnly and required')
  t.same(await told(app, post('/users', { id: 7, name: 'A', password: 'x' })), [], 'sent all the same')
  t.same(await told(app, post('/users', { name: 'A' })), ['body/password required'])
  t.same(await told(app, post('/admins', { name: 'A', password: 'x', role: 'b' })), [], 'required beside the schema that says readOnly')
  const made = (await app.inject(post('/users', { name: 'A', password: 'x' }))).json()
  t.match(made, { id: Number, name: String })
  t.notOk('password' in made)
})

t.test('case 59: parameters in every style', async t => {
  const list = { type: 'array', items: { type: 'integer' }, minItems: 1 }
  const object = { type: 'object', properties: { r: { type: 'integer' }, g: { type: 'integer' } }, required: ['r'], additionalProperties: false }
  const path = (style: string, explode: boolean, schema: object) => ({ in: 'path', name: 'v', required: true, style, explode, schema })
  const query = (style: string, explode: boolean, schema: object) => ({ in: 'query', name: 'v', required: true, style, explode, schema })
  const cases: Array<[parameter: object, good: string[], bad: string[]]> = [
    [path('simple', false, list), ['/1,2', '/1'], ['/a,2', '/1,b']],
    [path('simple', true, list), ['/1,2'], ['/1,b']],
    [path('simple', false, object), ['/r,1,g,2'], ['/r,x', '/g,2', '/r,1,z,1']],
    [path('simple', true, object), ['/r=1,g=2'], ['/r=x', '/g=2']],
    [path('simple', false, { type: 'integer' }), ['/7'], ['/x', '/7.5']],
    [path('label', false, list), ['/.1,2', '/.1'], ['/.a']],
    [path('label', true, list), ['/.1.2'], ['/.1.b']],
    [path('label', false, object), ['/.r,1,g,2'], ['/.r,x']],
    [path('label', true, object), ['/.r=1.g=2'], ['/.r=x']],
    [path('label', false, { type: 'integer' }), ['/.7'], ['/.x']],
    [path('matrix', false, list), ['/;v=1,2'], ['/;v=a']],
    [path('matrix', true, list), ['/;v=1;v=2'], ['/;v=1;v=b']],
    [path('matrix', false, object), ['/;v=r,1,g,2'], ['/;v=r,x']],
    [path('matrix', true, object), ['/;r=1;g=2'], ['/;r=x']],
    [path('matrix', false, { type: 'integer' }), ['/;v=7'], ['/;v=x']],
    [query('form', true, list), ['?v=1&v=2', '?v=1'], ['?v=a', '?v=1&v=b', '']],
    [query('form', false, list), ['?v=1,2', '?v=1', '?v=1%2C2'], ['?v=1,b', '']],
    [query('form', true, object), ['?r=1&g=2'], ['?r=x', '?g=2']],
    [query('form', false, object), ['?v=r,1,g,2'], ['?v=r,x', '?v=g,1']],
    [query('form', true, { type: 'boolean' }), ['?v=true', '?v=false'], ['?v=maybe', '?v=yes']],
    [query('form', true, { type: 'integer' }), ['?v=7'], ['?v=x', '?v=7.5', '?v=', '?v=1&v=2']],
    [query('spaceDelimited', false, list), ['?v=1%202', '?v=1+2', '?v=1'], ['?v=1%20b']],
    [query('spaceDelimited', true, list), ['?v=1&v=2'], ['?v=1&v=b']],
    [query('pipeDelimited', false, list), ['?v=1|2', '?v=1%7C2', '?v=1'], ['?v=1|b']],
    [query('pipeDelimited', true, list), ['?v=1&v=2'], ['?v=a']],
    [query('spaceDelimited', false, object), ['?v=r%201%20g%202'], ['?v=r%20x']],
    [query('pipeDelimited', false, object), ['?v=r|1|g|2'], ['?v=r|x']],
    [query('deepObject', true, object), ['?v[r]=1&v[g]=2', '?v%5Br%5D=1'], ['?v[r]=x', '?v[g]=1', '?v[r]=1&v[z]=1', '']]
  ]
  for (const [parameter, good, bad] of cases) {
    const { in: location, style, explode, schema: { type } } = parameter as { in: string, style: string, explode: boolean, schema: { type: string } }
    const app = await served(t, { [location === 'path' ? '/x/{v}' : '/x']: { get: withParameters(parameter) } })
    for (const url of good) t.equal((await app.inject(`/x${url}`)).statusCode, 200, `${type} as ${style}${explode ? '*' : ''}: ${url}`)
    for (const url of bad) t.equal((await app.inject(`/x${url}`)).statusCode, 400, `${type} as ${style}${explode ? '*' : ''}, not ${url}`)
  }
})

t.test('case 59: optional lists and objects may be left out, headers and cookies have styles too', async t => {
  const list = { type: 'array', items: { type: 'integer' } }
  const object = { type: 'object', properties: { r: { type: 'integer' } } }
  const app = await served(t, {
    '/x': {
      get: withParameters(
        { in: 'header', name: 'X-List', schema: list },
        { in: 'header', name: 'X-Object', explode: true, schema: object },
        { in: 'cookie', name: 'list', explode: false, schema: list },
        { in: 'query', name: 'deep', style: 'deepObject', explode: true, schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'integer' } }, b: { type: 'object', properties: { c: { type: 'integer' } } } } } }
      )
    }
  })
  t.same(await told(app, '/x'), [])
  t.same(await told(app, { url: '/x', headers: { 'x-list': '1,2', 'x-object': 'r=1', cookie: 'list=1,2' } }), [])
  t.same(await told(app, { url: '/x', headers: { 'x-list': '1, 2' } }), [], 'with space after the comma, as lists in headers have (RFC 9110, section 5.6.1)')
  t.same(await told(app, { url: '/x', headers: { 'x-list': '1,b', 'x-object': 'r=x', cookie: 'list=1,c' } }), ['header/x-list/1 type', 'header/x-object/r type', 'cookie/list/1 type'])
  t.same(await told(app, '/x?deep[a]=1&deep[a]=2&deep[b][c]=3'), [])
  t.same(await told(app, '/x?deep[a][]=1&deep[a][]=2'), [], 'lists inside, as many clients write them')
  t.same(await told(app, '/x?deep[a]=x&deep[b][c]=y'), ['query/deep/a/0 type', 'query/deep/b/c type'])
})

t.test('case 60: parameters whose text is JSON', async t => {
  const app = await served(t, {
    '/x': {
      get: withParameters(
        { in: 'query', name: 'filter', content: { 'application/json': { schema: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } } } } },
        { in: 'header', name: 'X-Filter', content: { 'application/json': { schema: { type: 'array', items: { type: 'integer' } } } } }
      )
    }
  })
  t.same(await told(app, `/x?filter=${encodeURIComponent('{"a":1}')}`), [])
  t.same(await told(app, `/x?filter=${encodeURIComponent('{"a":"x"}')}`), ['query/filter/a type'])
  t.same(await told(app, '/x?filter=%7B'), ['query/filter type'], 'not JSON')
  t.same(await told(app, { url: '/x', headers: { 'x-filter': '[1,2]' } }), [])
  t.same(await told(app, { url: '/x', headers: { 'x-filter': '["x"]' } }), ['header/x-filter/0 type'])
})

t.test('case 61: reserved characters, empty values, brackets in names, names that differ in case', async t => {
  const app = await served(t, {
    '/x': {
      get: withParameters(
        { in: 'query', name: 'url', allowReserved: true, schema: { type: 'string', format: 'uri' } },
        { in: 'query', name: 'flag', allowEmptyValue: true, schema: { type: 'boolean' } },
        { in: 'query', name: 'ids[]', schema: { type: 'array', items: { type: 'integer' } } },
        { in: 'query', name: 'filter[name]', schema: { type: 'string', minLength: 2 } },
        { in: 'query', name: 'Page', schema: { type: 'integer' } },
        { in: 'query', name: 'page', schema: { type: 'string' } }
      )
    }
  })
  t.same(await told(app, '/x?url=https://example.com/a;b,c:@!$(x)'), [])
  t.same(await told(app, '/x?flag='), [], 'no value')
  t.same(await told(app, '/x?flag'), [], 'no equals sign either')
  t.same(await told(app, '/x?flag=maybe'), ['query/flag type'])
  t.same(await told(app, '/x?ids[]=1&ids[]=2'), [])
  t.same(await told(app, '/x?ids%5B%5D=1'), [])
  t.same(await told(app, '/x?ids[]=1&ids[]=b'), ['query/ids[]/1 type'])
  t.same(await told(app, '/x?filter[name]=ab'), [])
  t.same(await told(app, '/x?filter[name]=a'), ['query/filter[name] minLength'])
  t.same(await told(app, '/x?Page=1&page=two'), [])
  t.same(await told(app, '/x?Page=one&page=2'), ['query/Page type'])
})

t.test('case 62: headers are found in any case; Accept, Content-Type and Authorization are no parameters', async t => {
  const app = await served(t, {
    '/x': {
      get: withParameters(
        { in: 'header', name: 'X-Api-Version', required: true, schema: { type: 'integer' } },
        { in: 'header', name: 'Accept', required: true, schema: { type: 'string', enum: ['never'] } },
        { in: 'header', name: 'Content-Type', required: true, schema: { type: 'string', enum: ['never'] } },
        { in: 'header', name: 'AUTHORIZATION', required: true, schema: { type: 'string', enum: ['never'] } }
      )
    }
  })
  t.same(await told(app, { url: '/x', headers: { 'X-API-VERSION': '2' } }), [])
  t.same(await told(app, { url: '/x', headers: { 'x-api-version': 'two' } }), ['header/x-api-version type'])
  t.same(await told(app, '/x'), ['header/x-api-version required'])
})

t.test('case 63: cookies', async t => {
  const app = await served(t, { '/x': { get: withParameters({ in: 'cookie', name: 'session', required: true, schema: { type: 'integer' } }) } })
  t.same(await told(app, { url: '/x', headers: { cookie: 'a=b; session=7' } }), [])
  t.same(await told(app, { url: '/x', headers: { cookie: 'session=x' } }), ['cookie/session type'])
  t.same(await told(app, '/x'), ['cookie/session required'])
  t.notMatch((await app.inject({ url: '/x', headers: { cookie: 'session=hush' } })).body, /hush/, 'what may be a secret is not repeated')
})

t.test('case 65: unknown query parameters are allowed, told or refused', async t => {
  const parameters = [
    { in: 'query', name: 'page', schema: { type: 'integer' } },
    { in: 'query', name: 'where', style: 'deepObject', explode: true, schema: { type: 'object', properties: { a: { type: 'string' } } } },
    { in: 'query', name: 'spread', schema: { type: 'object', properties: { size: { type: 'integer' } } } }
  ]
  const document = (security: object) => [{ '/x': { get: withParameters(...parameters) }, '/y': { get: { responses: ok } } }, security] as const
  const key = { security: [{ key: [] }], components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } } }
  const off = await served(t, ...document({}))
  t.same(await told(off, '/x?nope=1'), [])
  const enforce = await served(t, ...document(key), { defaults: { unknown_query: 'enforce', security: [{ key: [] }] } })
  t.same(await told(enforce, '/x?api_key=1&page=1&where[a]=1&size=2'), [])
  t.same(await told(enforce, '/x?api_key=1&nope=1&page=x'), ['query/page type', 'query/nope unknown'])
  t.same(await told(enforce, '/y?api_key=1&nope=1'), ['query/nope unknown'], 'where there are no parameters')
  const warn = await served(t, ...document({}), { defaults: { unknown_query: 'warn' } })
  const answer = await warn.inject('/x?nope=1')
  t.match(answer, { statusCode: 200, headers: { 'x-mock-violations': 'query/nope is not known to the endpoint' } })
  const open = await served(t, { '/x': { get: withParameters({ in: 'query', name: 'any', schema: { type: 'object', additionalProperties: { type: 'string' } } }) } }, {}, { defaults: { unknown_query: 'enforce' } })
  t.same(await told(open, '/x?whatever=1'), [], 'an object that is spread over the query and takes any name')
})

t.test('case 72: security', async t => {
  const schemes = {
    header: { type: 'apiKey', in: 'header', name: 'X-Key' },
    query: { type: 'apiKey', in: 'query', name: 'key' },
    cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
    basic: { type: 'http', scheme: 'basic' },
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    digest: { type: 'http', scheme: 'digest' },
    hoba: { type: 'http', scheme: 'HOBA' },
    oauth: { type: 'oauth2', flows: {} },
    oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://example.com/.well-known/openid-configuration' },
    tls: { type: 'mutualTLS' }
  }
  const operation = (security?: object[]) => ({ get: { ...security !== undefined && { security }, responses: ok } })
  const app = await served(t, {
    '/usual': operation(),
    '/none': operation([]),
    '/optional': operation([{ basic: [] }, {}]),
    '/or': operation([{ header: [] }, { query: [] }, { cookie: [] }]),
    '/and': operation([{ header: [], query: [] }, { bearer: [] }]),
    '/basic': operation([{ basic: [] }]),
    '/bearer': operation([{ bearer: [] }]),
    '/digest': operation([{ digest: [] }]),
    '/hoba': operation([{ hoba: [] }]),
    '/oauth': operation([{ oauth: ['read', 'write'] }]),
    '/oidc': operation([{ oidc: [] }]),
    '/tls': operation([{ tls: [] }]),
    '/undefined': operation([{ nope: [] }]),
    '/partly': operation([{ nope: [], header: [] }]),
    '/reference': operation([{ '#/components/securitySchemes/query': [] }])
  }, { security: [{ header: [] }], components: { securitySchemes: schemes } })
  const status = async (url: string, headers: Record<string, string> = {}) => (await app.inject({ url, headers })).statusCode
  const authorization = (value: string) => ({ authorization: value })

  t.test('what holds for the document, and for an operation', async t => {
    t.equal(await status('/usual'), 401)
    t.equal(await status('/usual', { 'x-key': 'a' }), 200)
    t.equal(await status('/usual', { 'X-KEY': 'a' }), 200)
    t.equal(await status('/usual', { 'x-key': '' }), 401)
    t.equal(await status('/none'), 200)
  })
  t.test('optional, also with credentials that are none', async t => {
    t.equal(await status('/optional'), 200)
    t.equal(await status('/optional', authorization('Bearer stray')), 200)
  })
  t.test('one of several, and several at once', async t => {
    t.equal(await status('/or'), 401)
    for (const [url, headers] of [['/or', { 'x-key': 'a' }], ['/or?key=a', {}], ['/or', { cookie: 'sid=a' }]] as const) t.equal(await status(url, headers), 200)
    t.equal(await status('/and', { 'x-key': 'a' }), 401)
    t.equal(await status('/and?key=a'), 401)
    t.equal(await status('/and?key=a', { 'x-key': 'a' }), 200)
    t.equal(await status('/and', authorization('Bearer a')), 200)
  })
  t.test('schemes of the Authorization header, by their form', async t => {
    const basic = Buffer.from('user:pass').toString('base64')
    for (const [url, value, expected] of [
      ['/basic', `Basic ${basic}`, 200], ['/basic', `basic ${basic}`, 200], ['/basic', 'Basic abc123', 401], ['/basic', 'Basic ?', 401], ['/basic', 'Basic', 401], ['/basic', 'Bearer a', 401],
      ['/bearer', 'Bearer a.b.c', 200], ['/bearer', 'BEARER 1|abc', 200], ['/bearer', 'Bearer', 401], ['/bearer', 'Bearer a b', 401], ['/bearer', `Basic ${basic}`, 401],
      ['/oauth', 'Bearer a', 200], ['/oauth', 'Digest a', 401], ['/oidc', 'Bearer a', 200], ['/oidc', 'a', 401],
      ['/digest', 'Digest username="", realm="", nonce="", uri="", response=""', 200], ['/digest', 'Digest username="a"', 401],
      ['/hoba', 'HOBA result="a"', 200], ['/hoba', 'HOBA', 401]
    ] as const) t.equal(await status(url, authorization(value)), expected, `${url} ${value}`)
  })
  t.test('what cannot be looked at is not asked for', async t => {
    t.equal(await status('/tls'), 200)
    t.equal(await status('/undefined'), 200)
    t.equal(await status('/partly'), 401)
    t.equal(await status('/partly', { 'x-key': 'a' }), 200)
    t.equal(await status('/reference'), 401, 'named by a reference, as 3.2 allows')
    t.equal(await status('/reference?key=a'), 200)
  })
  t.test('a 401 names every way in', async t => {
    const challenges = async (url: string, headers = {}) => (await app.inject({ url, headers })).headers['www-authenticate']
    t.same(await challenges('/and'), ['ApiKey realm="Test", in="header", name="X-Key"', 'ApiKey realm="Test", in="query", name="key"', 'Bearer realm="Test"'])
    t.equal(await challenges('/oauth'), 'Bearer realm="Test", scope="read write"')
    t.match(await challenges('/oauth', authorization('Bearer a b')), /error="invalid_token"/)
    t.equal(await challenges('/basic'), 'Basic realm="Test", charset="UTF-8"')
    t.match(await challenges('/digest'), /^Digest realm="Test", .*nonce=/)
    t.equal(await challenges('/hoba'), 'hoba realm="Test"')
  })
  t.test('told as a problem that says what is missing', async t => {
    const answer = await app.inject('/usual')
    t.match(answer.headers, { 'content-type': /^application\/problem\+json/, 'x-mock-rejected': 'security' })
    t.match(answer.json(), { status: 401, code: 'MOCK_ERR_CREDENTIALS', violations: [{ in: 'header', pointer: '/x-key', rule: 'security' }] })
    t.notMatch((await app.inject({ url: '/basic', headers: authorization('Basic c2VjcmV0') })).body, /c2VjcmV0/, 'credentials are not repeated')
  })
  t.test('lifted with the other rules', async t => {
    t.equal(await status('/usual', { prefer: 'validate=off' }), 200)
    t.match(await app.inject({ url: '/usual', headers: { prefer: 'validate=warn' } }), { statusCode: 200, headers: { 'x-mock-violations': /x-key/ } })
  })
  t.test('of OpenAPI 2.0', async t => {
    const { config } = importDocument({
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      securityDefinitions: { basic: { type: 'basic' }, key: { type: 'apiKey', in: 'query', name: 'k' } },
      security: [{ basic: [] }],
      paths: { '/a': operation(), '/b': operation([{ key: [] }]) }
    })
    const app = await build(t, config)
    t.match(config.security_schemes, { basic: { type: 'http', scheme: 'basic' }, key: { type: 'apiKey', in: 'query', name: 'k' } })
    t.equal((await app.inject('/a')).statusCode, 401)
    t.equal((await app.inject({ url: '/a', headers: authorization(`Basic ${Buffer.from('a:b').toString('base64')}`) })).statusCode, 200)
    t.equal((await app.inject('/b?k=1')).statusCode, 200)
  })
})

t.test('case 73: security, then the content type, then parameters and body', async t => {
  const body = { required: true, content: { 'application/json': { schema: { type: 'object', required: ['a'] } } } }
  const app = await served(t, {
    '/x/{id}': { post: { security: [{ key: [] }], parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'integer' } }], requestBody: body, responses: ok } }
  }, { components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } } })
  const post = async (headers: Record<string, string>, payload: string) => (await app.inject({ method: 'POST', url: '/x/y', headers, payload }))
  const json = { 'content-type': 'application/json' }
  t.equal((await post({ 'content-type': 'text/csv' }, '{')).statusCode, 401)
  t.match(await post({ 'x-key': 'a', 'content-type': 'text/csv' }, '{'), { statusCode: 415, headers: { accept: 'application/json' } })
  t.match((await post({ 'x-key': 'a', 'content-type': 'application/xml' }, '<')).statusCode, 415, 'before the body is read')
  t.equal((await post({ 'x-key': 'a' }, 'a=b')).statusCode, 415, 'a body of no type')
  t.match((await post({ 'x-key': 'a', ...json }, '{"a": ')).json(), { status: 400, title: 'The body cannot be read', violations: [{ in: 'body', pointer: '' }] })
  t.same(await told(app, { method: 'POST', url: '/x/y', headers: { 'x-key': 'a', ...json }, payload: '{}' }), ['path/id type', 'body/a required'], 'parameters and body at once')
  t.same(await told(app, { method: 'POST', url: '/x/1', headers: { 'x-key': 'a', ...json } }), ['body required'])
})

t.test('case 73: the answer that the document declares for it', async t => {
  const content = (example: unknown) => ({ description: 'declared', content: { 'application/json': { example } } })
  const operation = (responses: object) => ({ post: { parameters: [{ in: 'query', name: 'n', schema: { type: 'integer' } }], security: [{ key: [] }], requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: { ...ok, ...responses } } })
  const app = await served(t, {
    '/both': operation({ 400: content('400'), 422: content('422') }),
    '/400': operation({ 400: content('400'), '4XX': content('4XX'), default: content('default') }),
    '/4xx': operation({ '4XX': content('4XX'), default: content('default') }),
    '/default': operation({ default: content('default') }),
    '/own': operation({ 401: content('401'), 403: content('403'), 415: content('415') }),
    '/403': operation({ 403: content('403'), 404: content('404') }),
    '/none': operation({ 404: content('404'), '5XX': content('5XX') }),
    '/types': operation({ 400: { description: 'declared', content: { 'application/json': { example: 'json' }, 'text/plain': { example: 'text' } } } })
  }, { components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } } })
  const post = async (url: string, headers: Record<string, string> = { 'x-key': 'a' }, payload?: string) => {
    const answer = await app.inject({ method: 'POST', url, headers, ...payload !== undefined && { payload } })
    return [answer.statusCode, answer.headers['content-type']?.toString().startsWith('application/problem') === true ? 'problem' : answer.body]
  }
  const csv = [{ 'x-key': 'a', 'content-type': 'text/csv' }, 'a'] as const
  t.same(await post('/both?n=x'), [422, '"422"'])
  t.same(await post('/400?n=x'), [400, '"400"'])
  t.same(await post('/4xx?n=x'), [400, '"4XX"'])
  t.same(await post('/default?n=x'), [400, '"default"'])
  t.same(await post('/none?n=x'), [400, 'problem'])
  t.same(await post('/own', {}), [401, '"401"'])
  t.same(await post('/403', {}), [403, '"403"'])
  t.same(await post('/4xx', {}), [401, '"4XX"'])
  t.same(await post('/default', {}), [401, '"default"'])
  t.same(await post('/none', {}), [401, 'problem'])
  t.same(await post('/own', ...csv), [415, '"415"'])
  t.same(await post('/400', ...csv), [415, '"4XX"'], 'a 400 is about something else')
  t.same(await post('/none', ...csv), [415, 'problem'])
  t.same(await post('/types?n=x', { 'x-key': 'a', accept: 'text/plain' }), [400, 'text'], 'of the content type that is accepted')
  const bodiless = await served(t, { '/x': { post: { responses: { ...ok, 415: content('no body') } } } })
  t.match(await bodiless.inject({ method: 'POST', url: '/x', payload: { a: 1 } }), { statusCode: 415, body: '"no body"' }, 'of an operation that takes no body and says what becomes of one')
  t.equal((await bodiless.inject({ method: 'POST', url: '/x' })).statusCode, 200)
  t.match((await app.inject({ method: 'POST', url: '/own' })).headers, { 'www-authenticate': /^ApiKey/, 'x-mock-rejected': 'security', 'x-mock-violations': /x-key/ }, 'why is told all the same')
})

t.test('a generated answer tells what is wrong, as far as its schema allows', async t => {
  const problem = (properties: object, required: string[] = Object.keys(properties)) => ({ 422: { description: 'no', content: { 'application/json': { schema: { type: 'object', required, properties, additionalProperties: false } } } } })
  const text = { type: 'string' }
  const operation = (responses: object) => ({ get: { parameters: [{ in: 'query', name: 'n', schema: { type: 'integer' } }, { in: 'query', name: 'm', required: true, schema: text }], responses: { ...ok, ...responses } } })
  const app = await served(t, {
    '/flat': operation(problem({ message: text, code: { type: 'integer' }, status: text })),
    '/list': operation(problem({ errors: { type: 'array', items: { type: 'object', required: ['field', 'message', 'location'], properties: { field: text, message: text, location: { type: 'string', enum: ['request'] } } } } })),
    '/texts': operation(problem({ errors: { type: 'array', items: text } })),
    '/nested': operation(problem({ error: { type: 'object', required: ['message', 'type'], properties: { message: text, type: { type: 'string', enum: ['invalid_request_error'] } } } })),
    '/closed': operation(problem({ message: { type: 'string', enum: ['Validation Failed'] }, detail: text })),
    '/short': operation(problem({ message: { type: 'string', maxLength: 12 } })),
    '/example': operation({ 422: { description: 'no', content: { 'application/json': { example: { message: 'As written' }, schema: { type: 'object', properties: { message: text } } } } } })
  })
  const answer = async (path: string) => (await app.inject(`${path}?n=x`)).json()
  const both = "query must have required property 'm'; query/n must be integer"
  t.same(await answer('/flat'), { message: both, code: 422, status: '422' })
  t.match(await answer('/texts'), { errors: both.split('; ') })
  t.match(await answer('/list'), { errors: [{ location: 'request' }] }, 'what is not free stays valid')
  t.match(await answer('/nested'), { error: { message: both, type: 'invalid_request_error' } })
  t.same(await answer('/closed'), { message: 'Validation Failed', detail: both })
  t.match((await answer('/short')).message.length <= 12, true)
  t.same(await answer('/example'), { message: 'As written' }, 'an example is sent as it was written')
})

t.test('problem documents', async t => {
  const app = await build(t, {
    schemas: { Tag: { type: 'string', maxLength: 3 } },
    endpoints: [{
      path: '/pets/:id',
      method: 'POST',
      schema: {
        params: { type: 'object', properties: { id: { type: 'integer' } } },
        body: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, tags: { type: 'array', items: { $ref: '#/schemas/Tag' } }, 'a/b~c': { type: 'null' } }, additionalProperties: false }
      },
      response: 'ok'
    }]
  })
  const post = (payload: object | string, url = '/pets/1', headers: Record<string, string> = {}) => app.inject({ method: 'POST', url, payload, headers })

  t.test('name every violation, with its place and what was expected', async t => {
    const answer = await post({ tags: ['ok', 'long'], 'a/b~c': 1, more: true }, '/pets/x')
    t.match(answer, { statusCode: 400, headers: { 'content-type': 'application/problem+json; charset=utf-8', 'x-mock-rejected': 'request' } })
    t.same(answer.json(), {
      type: 'urn:fastify-mock-server:problem:request',
      title: 'The request does not fit',
      status: 400,
      detail: "path/id must be integer; body must have required property 'name'; body/tags/1 must NOT have more than 3 characters and 2 more",
      violations: [
        { in: 'path', pointer: '/id', rule: 'type', expected: 'integer', message: 'must be integer', actual: 'x', schema_pointer: 'schema/params/properties/id/type' },
        { in: 'body', pointer: '/name', rule: 'required', expected: 'name', message: "must have required property 'name'", schema_pointer: 'schema/body/required' },
        { in: 'body', pointer: '/tags/1', rule: 'maxLength', expected: 3, message: 'must NOT have more than 3 characters', actual: 'long', schema_pointer: '#/schemas/Tag/maxLength' },
        { in: 'body', pointer: '/a~1b~0c', rule: 'type', expected: 'null', message: 'must be null', actual: 1, schema_pointer: 'schema/body/properties/a~1b~0c/type' },
        { in: 'body', pointer: '/more', rule: 'additionalProperties', expected: false, message: "must NOT have additional properties: 'more'", schema_pointer: 'schema/body/additionalProperties' }
      ],
      code: 'FST_ERR_VALIDATION',
      statusCode: 400,
      error: 'Bad Request',
      message: "params/id must be integer, body must have required property 'name', body/tags/1 must NOT have more than 3 characters"
    })
  })
  t.test('are what Fastify says of an error, too', async t => {
    t.match((await post({})).json(), { code: 'FST_ERR_VALIDATION', statusCode: 400, error: 'Bad Request', message: "body must have required property 'name'" })
    t.match((await post('{', undefined, { 'content-type': 'application/json' })).json(), { status: 400, code: /^(FST_ERR_CTP|MOCK_ERR)_/, statusCode: 400, error: 'Bad Request' })
    t.match((await post('<a/>', undefined, { 'content-type': 'text/xml' })).json(), { status: 415, code: 'MOCK_ERR_CONTENT_TYPE', statusCode: 415, error: 'Unsupported Media Type' })
  })
  t.test('are bounded, however much is wrong', async t => {
    const answer = await post({ name: 'A', tags: Array.from({ length: 100_000 }, () => 'long') })
    t.equal(answer.json().violations.length, 50)
    t.ok(String(answer.headers['x-mock-violations']).length < 1001)
    t.match(answer.json().detail, /and 47 more$/)
  })
  t.test('hold no line breaks and no long values in their header', async t => {
    const answer = await post({ name: 'A', 'x\r\nset-cookie: a=b': 1, ü: 1 })
    t.match(answer.headers['x-mock-violations'], /'x%0D%0Aset-cookie: a=b'.*'%C3%BC'/)
    t.notOk('set-cookie' in answer.headers)
    const long = await post({ name: 'A', tags: ['y'.repeat(5000)] })
    t.equal(long.json().violations[0].actual.length, 200)
  })
  t.test('for a body that is too large', async t => {
    const app = await build(t, { body_limit: 10, endpoints: [{ path: '/', method: 'POST', response: 1 }] })
    t.match((await app.inject({ method: 'POST', url: '/', payload: { a: 'long enough' } })).json(), { status: 413, statusCode: 413, violations: [{ in: 'body' }] })
  })
})

t.test('validate: off, warn and enforce', async t => {
  const endpoints = (validate?: 'off' | 'warn' | 'enforce'): Config['endpoints'] => [{
    path: '/x',
    method: 'POST',
    ...validate !== undefined && { validate },
    security: [{ key: [] }],
    schema: { querystring: { type: 'object', properties: { n: { type: 'integer' }, m: { type: 'integer' } } }, body: { type: 'object', required: ['a'] } },
    response: { n: '{{request.query.n}}', m: '{{request.query.m}}' }
  }]
  const schemes: Config = { security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } }
  const request = (headers: Record<string, string> = {}) => ({ method: 'POST' as const, url: '/x?n=x&m=7', payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } })

  t.test('for the server, a default and an endpoint, the nearest counts', async t => {
    for (const [config, status] of [
      [{}, 401],
      [{ validate: 'off' }, 200],
      [{ validate: 'enforce', defaults: { validate: 'off' } }, 200],
      [{ validate: 'off', defaults: { validate: 'enforce' } }, 401],
      [{ validate: 'enforce', defaults: { validate: 'enforce' }, endpoints: endpoints('warn') }, 200],
      [{ validate: 'off', endpoints: endpoints('enforce') }, 401]
    ] satisfies Array<[Config, number]>) {
      const app = await build(t, { endpoints: endpoints(), ...schemes, ...config })
      t.equal((await app.inject(request())).statusCode, status, JSON.stringify({ ...config, endpoints: config.endpoints?.[0]?.validate }))
    }
  })
  t.test('one request says so itself', async t => {
    const app = await build(t, { endpoints: endpoints(), ...schemes })
    t.match(await app.inject(request({ prefer: 'validate=off' })), { statusCode: 200, headers: { 'preference-applied': 'validate=off', vary: /prefer/i } })
    t.match(await app.inject(request({ prefer: 'validate=enforce' })), { statusCode: 401, headers: { 'preference-applied': 'validate=enforce' } })
    t.equal((await app.inject(request({ prefer: 'validate=maybe' }))).statusCode, 401, 'what makes no sense changes nothing')
    const lenient = await build(t, { validate: 'off', endpoints: endpoints(), ...schemes })
    t.equal((await lenient.inject(request({ prefer: 'validate=enforce' }))).statusCode, 401)
  })
  t.test('warn tells everything, in a header, the log and the logger', async t => {
    const lines: string[] = []
    const app = await build(t, { validate: 'warn', endpoints: endpoints(), ...schemes }, { logger: { level: 'warn', stream: { write: line => { lines.push(line) } } } })
    const answer = await app.inject(request())
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['x-mock-violations'], /^header\/x-key .*; header\/content-type .*; query\/n must be integer/)
    t.match(app.mock.requests.find()[0]?.violations, [{ rule: 'security' }, { rule: 'content-type' }, { in: 'query', pointer: '/n' }])
    t.match(lines.join(''), /a request does not fit, and is served/)
  })
  t.test('off is silent, and converts what can be converted', async t => {
    const app = await build(t, { validate: 'off', endpoints: endpoints(), ...schemes })
    const answer = await app.inject(request())
    t.same(answer.json(), { n: 'x', m: 7 })
    t.notOk('x-mock-violations' in answer.headers)
    t.equal(app.mock.requests.find()[0]?.violations, undefined)
    const malformed = await app.inject({ method: 'POST', url: '/x', headers: { 'content-type': 'application/json' }, payload: '{"a' })
    t.equal(malformed.statusCode, 200, 'also a body that cannot be read')
  })
  t.test('a rejected request is in the log with what was wrong', async t => {
    const app = await build(t, { endpoints: endpoints(), ...schemes })
    await app.inject(request())
    t.match(app.mock.requests.find(), [{ response: { status: 401 }, violations: [{ rule: 'security' }] }])
  })
})

t.test('where mistakes pass, so do another method of a path and a slash at its end', async t => {
  const endpoints: Config['endpoints'] = [{ path: '/api.test', response: 'ok' }, { path: '/version/', response: 'v' }, { path: '/users', response: 'list' }, { path: '/users', method: 'DELETE', response: 'gone' }]
  const strict = await build(t, { endpoints, unknown_method: 405 })
  t.equal((await strict.inject({ method: 'POST', url: '/api.test' })).statusCode, 405)
  t.equal((await strict.inject('/version')).statusCode, 404)
  const app = await build(t, { validate: 'warn', endpoints, unknown_method: 405 })
  t.match(await app.inject({ method: 'POST', url: '/api.test', payload: { a: 1 } }), { statusCode: 200, headers: { 'x-mock-violations': 'path must be asked with GET, and not with POST' } })
  t.match(await app.inject({ method: 'POST', url: '/api.test', headers: { prefer: 'validate=enforce' } }), { statusCode: 405, headers: { allow: 'GET' } })
  t.equal((await app.inject('/version')).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/users' })).statusCode, 405, 'not where the path has several endpoints')
  const twins = await build(t, { validate: 'off', endpoints: [{ path: '/a', response: 1 }, { path: '/a/', response: 2 }] })
  t.same([(await twins.inject('/a')).body, (await twins.inject('/a/')).body], ['1', '2'], 'nor where the slash makes a difference')
})

t.test('an own answer that fails is an error, and no more', async t => {
  const endpoints: Config['endpoints'] = ['/a', '/b'].map(path => ({
    path,
    security: [{ key: [] }],
    schema: { querystring: { type: 'object', required: ['q'] } },
    responses: [{ response: 'ok' }, path === '/a' ? { status: 401, file: 'gone-{{request.path}}.txt' } : { status: 401, response: { x: '{{repeat}}' }, template: false }]
  }))
  const app = await build(t, { cwd: t.testdir({}), security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } }, endpoints })
  t.match((await app.inject('/a')).json(), { status: 500, code: 'MOCK_ERR_FILE_MISSING' })
  t.match(await app.inject('/b'), { statusCode: 401, body: '{"x":"{{repeat}}"}' })
})

t.test('how requests are rejected can be chosen', async t => {
  const endpoints: Config['endpoints'] = [{ path: '/', schema: { querystring: { type: 'object', required: ['q'] } }, responses: [{ response: 'ok' }, { status: 422, response: 'own' }] }, { path: '/none', schema: { querystring: { type: 'object', required: ['q'] } }, response: 'ok' }]
  const own = await build(t, { endpoints, rejection: { status: 422 } })
  t.same([(await own.inject('/')).body, (await own.inject('/none')).json().status], ['"own"', 422])
  const problem = await build(t, { endpoints, rejection: { answer: 'problem' } })
  t.match((await problem.inject('/')).json(), { status: 400, violations: [{ rule: 'required' }] })
})

t.test('security schemes of several files keep apart, and have to be there', async t => {
  const endpoint = (path: string) => ({ path, security: [{ key: [] }], response: 'ok' })
  await t.rejects(build(t, { security_schemes: { key: { type: 'http', scheme: 'basic' } }, endpoints: [{ ...endpoint('/a'), security: [{ kye: [] }] }] }), /there is no security scheme 'kye'[^]*did you mean 'key'/)
  await t.rejects(build(t, { security_schemes: { key: { type: 'apiKey' } } }), /'in' is missing: where an API key is sent/)
  const folder = t.testdir({
    'a.json': JSON.stringify({ security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-a' } }, endpoints: [endpoint('/a')] }),
    'b.json': JSON.stringify({ security_schemes: { key: { type: 'apiKey', in: 'header', name: 'x-b' } }, endpoints: [endpoint('/b')] })
  })
  const app = await build(t, { cwd: folder, include: ['a.json', 'b.json'] })
  for (const name of ['a', 'b']) {
    t.equal((await app.inject({ url: `/${name}`, headers: { [`x-${name}`]: '1' } })).statusCode, 200)
    t.equal((await app.inject({ url: `/${name}`, headers: { [`x-${name === 'a' ? 'b' : 'a'}`]: '1' } })).statusCode, 401)
  }
})

t.test('what is told agrees with what was refused', async t => {
  const keys = ['a', 'b', 'c']
  const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 7, 2.5, -1, '', 'a', 'abc', '2020-01-01')
  const { value } = fc.letrec(tie => ({
    value: fc.oneof({ depthSize: 'small', maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3, noNullPrototype: true }))
  }))
  const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object')
  const { schema } = fc.letrec<{ schema: JsonSchema, list: JsonSchema[] }>(tie => ({
    list: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    schema: fc.oneof({ depthSize: 'small', maxDepth: 3 },
      fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 2 })), minLength: fc.nat(2), maximum: fc.nat(5), minItems: fc.nat(2), maxProperties: fc.nat(2), format: fc.constant('date') }, { requiredKeys: [] }),
      fc.record({ enum: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
      fc.record({ pattern: fc.constantFrom('^a', 'c$'), exclusiveMinimum: fc.nat(3), multipleOf: fc.constantFrom(2, 0.5), uniqueItems: fc.boolean() }, { requiredKeys: [] }),
      fc.record({ properties: fc.dictionary(fc.constantFrom(...keys), tie('schema'), { maxKeys: 2, noNullPrototype: true }), required: fc.subarray(keys), additionalProperties: fc.oneof(fc.boolean(), tie('schema')), unevaluatedProperties: fc.boolean(), dependentRequired: fc.constant({ a: ['b'] }), propertyNames: fc.constant({ enum: ['a', 'b'] }) }, { requiredKeys: [] }),
      fc.record({ items: tie('schema'), prefixItems: tie('list'), unevaluatedItems: fc.boolean() }, { requiredKeys: [] }),
      // By itself: with `prefixItems` beside it, Ajv lets an empty list pass.
      fc.record({ contains: fc.record({ type }) }),
      fc.record({ allOf: tie('list'), anyOf: tie('list'), oneOf: tie('list'), not: tie('schema') }, { requiredKeys: [] }),
      fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }, { requiredKeys: ['if'] }),
      fc.record({ $ref: fc.constantFrom('#/schemas/Tree', '#/schemas/Word') }),
      fc.boolean())
  }))
  const shared: Record<string, JsonSchema> = { Word: { type: 'string', minLength: 1 }, Tree: { type: 'object', required: ['a'], properties: { a: { $ref: '#/schemas/Word' }, b: { type: 'array', items: { $ref: '#/schemas/Tree' } } } } }
  const compiler = createSchemaCompiler(shared)
  const find = createFinder(shared)
  fc.assert(fc.property(schema, value, (schema, value) => {
    const fits = compiler.validator(schema, 'json')(value)
    return fits === (find(schema, value, { source: 'json', at: 'schema/body' }).length === 0)
  }), { numRuns: 500 })
  t.pass('for values of JSON')

  const parameters = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.constantFrom('', '7', '2.5', 'true', 'x', '2020-01-01'), fc.array(fc.constantFrom('1', 'x'), { maxLength: 2 })), { maxKeys: 3, noNullPrototype: true })
  const flat = fc.record({ type: type.filter(each => each !== 'object'), minLength: fc.nat(2), maximum: fc.nat(5), items: fc.record({ type }), enum: fc.constant([7, 'x']) }, { requiredKeys: ['type'] })
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...keys), flat, { maxKeys: 3, noNullPrototype: true }), fc.subarray(keys), parameters, (properties, required, sent) => {
    const schema = { type: 'object', properties, required }
    const untouched = structuredClone(sent)
    const fits = compiler.validator(schema, 'text')(structuredClone(sent))
    return fits === (find(schema, untouched, { source: 'text', at: 'schema/querystring' }).length === 0)
  }), { numRuns: 500 })
  t.pass('for text that is converted')
})

t.test('violations tell the line of the file that says so', async t => {
  const folder = t.testdir({
    'mock.json': `{
  "schemas": {
    "Name": { "type": "string",
      "minLength": 2 }
  },
  "endpoints": [{
    "path": "/names/:id", "method": "POST",
    "schema": {
      "params": { "properties": {
        "id": { "type": "integer" } } },
      "body": { "type": "object", "properties": { "name": { "$ref": "#/schemas/Name" } } }
    }
  }]
}`,
    'api.yaml': `openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /pets/{id}:
    parameters:
      - name: id
        in: path
        required: true
        schema:
          type: integer
    post:
      parameters:
        - { $ref: '#/components/parameters/Page' }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                tag:
                  maxLength: 2
                pet: { $ref: '#/components/schemas/Pet' }
      responses: {}
components:
  parameters:
    Page:
      name: page
      in: query
      schema: { minimum: 1, type: integer }
  schemas:
    Pet:
      type: object
      required: [id]
`,
    'old.json': JSON.stringify({
      swagger: '2.0',
      info: { title: 'T', version: '1' },
      paths: { '/old': { post: { parameters: [{ in: 'query', name: 'n', type: 'integer' }, { in: 'body', name: 'b', schema: { $ref: '#/definitions/B' } }], responses: {} } } },
      definitions: { B: { type: 'object', required: ['a'] } }
    }, null, 1)
  })
  const places = async (include: string, url: string, payload: object) => {
    const app = await build(t, { cwd: folder, include: [include] })
    const answer = await app.inject({ method: 'POST', url, payload })
    return Object.fromEntries(answer.json().violations.map(({ in: part, pointer, place }: { in: string, pointer: string, place: string }) => [part + pointer, place.slice(folder.length + 1)]))
  }
  t.same(await places('mock.json', '/names/x', { name: 'A' }), { 'path/id': 'mock.json:10', 'body/name': 'mock.json:4' })
  t.same(await places('api.yaml', '/pets/x?page=0', { tag: 'long', pet: {} }), {
    'path/id': 'api.yaml:10', 'query/page': 'api.yaml:30', 'body/name': 'api.yaml:19', 'body/tag': 'api.yaml:22', 'body/pet/id': 'api.yaml:34'
  })
  const lines = ['query/n', 'body/a'].map(async at => (await places('old.json', '/old?n=x', {}))[at])
  t.same(await Promise.all(lines), ['old.json:14', 'old.json:31'])
})

t.test('whatever an error body holds, telling in it keeps it valid', async t => {
  const problem = problemOf(invalidRequest([{ in: 'body', pointer: '/a', rule: 'type', expected: 'string', message: 'must be string' }]))
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('message', 'errors', 'status', 'code', 'error', 'detail', 'other'), fc.jsonValue({ maxDepth: 3 })), body => {
    t.same(tellInBody(body, problem, told => told === body), body)
    t.ok(tellInBody(body, problem, () => true) !== undefined)
  }), { numRuns: 100 })
})

t.test('what a content type should have been is told in the line of the log, and whoever types it where the form came from', async t => {
  const app = await build(t, { endpoints: [{ path: '/a', method: 'POST', schema: { body: { content: { 'application/json': {}, 'text/csv': {} } } } }] })
  const told = async (type: string) => (await app.inject({ method: 'POST', url: '/a', headers: { 'content-type': type }, payload: 'x' })).headers['x-mock-violations']
  t.equal(await told('image/png; q=1'), 'header/content-type must be application/json or text/csv, not image/png')
  t.equal(await told('application/x-www-form-urlencoded'), "header/content-type must be application/json or text/csv, not application/x-www-form-urlencoded (curl -d sends a form unless told: -H 'content-type: application/json')")
})

t.test('what a nearest alternative lacks is said of the object that lacks it', async t => {
  const paid = (by: string, ...required: string[]) => ({ type: 'object', required: [by], properties: { [by]: { type: 'object', required } } })
  const app = await build(t, { endpoints: [{ path: '/pay', method: 'POST', schema: { body: { oneOf: [paid('card', 'number'), paid('account', 'iban', 'name')] } }, response: 1 }] })
  const detail = async (payload: object) => (await app.inject({ method: 'POST', url: '/pay', payload })).json().detail
  t.match(await detail({}), /; of the nearest, the value must have required property 'card'/)
  t.match(await detail({ card: {} }), /; of the nearest, \/card must have required property 'number'/)
})
