import { build as bundle } from 'esbuild'
import fc from 'fast-check'
import Fastify from 'fastify'
import { exportJWK, exportPKCS8, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT, base64url } from 'jose'
import { execFileSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { connect } from '../lib/client/index.ts'
import type { Config, HmacCheck, JwtCheck, SecurityScheme } from '../lib/config.ts'
import { MISTAKES } from '../lib/config-keys/security.ts'
import { KEY_PAIR_ALGORITHMS, SECRET_ALGORITHMS } from '../lib/jwt/algorithm.ts'
import { createKeySet } from '../lib/jwt/key-set.ts'
import { tokenVerifier } from '../lib/jwt/verify-token.ts'
import { callerOf, claimAt, withClaim } from '../lib/security/caller.ts'
import mockPlugin from '../plugins/mock.ts'
import { build, listen } from './helper.ts'

const NOW = Date.UTC(2027, 0, 1)
const SECONDS = NOW / 1000
const SECRET = 'a secret that is long enough for each of the three hashes, with 64 bytes'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** One endpoint behind one scheme. */
const behind = (scheme: SecurityScheme, scopes: string[] = []): Config => ({
  name: 'Shop',
  security_schemes: { scheme },
  endpoints: [{ path: '/', method: ['GET', 'POST', 'PUT'], security: [{ scheme: scopes }], response: { sub: '{{request.auth.sub}}' } }]
})

t.test('tokens, of each algorithm and with each mistake', async t => {
  for (const algorithm of [...KEY_PAIR_ALGORITHMS, ...SECRET_ALGORITHMS]) {
    const isSecret = algorithm.startsWith('HS')
    const check: JwtCheck = { algorithms: [algorithm], issuer: 'https://issuer.test', audience: 'shop', ...isSecret && { secret: SECRET } }
    const app = await build(t, { ...behind({ type: 'http', scheme: 'bearer', jwt: check }), personas: { ann: { scope: 'read' } } })
    const status = async (persona: string) => (await app.inject({ url: '/', headers: await app.mock.auth.headers(persona) })).statusCode
    t.equal(await status('ann'), 200, `${algorithm}: a token that counts`)
    for (const mistake of MISTAKES) {
      // Of a secret there is no public key that it could be confused with.
      if (isSecret && mistake === 'algorithm confusion') continue
      t.equal(await status(mistake), 401, `${algorithm}: ${mistake}`)
    }
  }
})

t.test('what is wrong with a token is told, in the problem and in the challenge', async t => {
  const app = await build(t, { ...behind({ type: 'oauth2', jwt: { issuer: 'https://issuer.test', audience: ['shop', 'app'] } }, ['read', 'write']), clock: { now: () => NOW } })
  const challenge = async (persona: string, more = {}) => (await app.inject({ url: '/', headers: await app.mock.auth.headers(persona, more) })).headers['www-authenticate']
  t.equal(await challenge('expired'), 'Bearer realm="Shop", scope="read write", error="invalid_token", error_description="it expired at 2026-12-31T23:00:00.000Z"')
  t.match(await challenge('not yet valid'), /error_description="it is not valid before 2027-01-01T01:00:00.000Z"/)
  t.match(await challenge('wrong audience'), /its audience \('aud'\) is not 'shop' or 'app'/)
  t.match(await challenge('wrong issuer'), /its issuer \('iss'\) is not 'https:\/\/issuer.test'/)
  t.match(await challenge('bad_signature'), /its signature does not fit/)
  t.match(await challenge('alg-none'), /its algorithm \('alg'\)/)
  t.match(await challenge('unknown key'), /its key \('kid'\) is unknown/)
  t.match(await challenge('malformed'), /it is no JSON Web Token/)
  t.equal((await app.inject('/')).headers['www-authenticate'], 'Bearer realm="Shop", scope="read write"', 'no error where there were no credentials (RFC 6750, section 3.1)')
  t.equal((await app.inject({ url: '/', headers: { authorization: 'Basic YTpi' } })).headers['www-authenticate'], 'Bearer realm="Shop", scope="read write"')

  const poor = await app.inject({ url: '/', headers: bearer(await app.mock.auth.token('user', { scope: 'read' })) })
  t.match(poor, { statusCode: 403, headers: { 'www-authenticate': 'Bearer realm="Shop", error="insufficient_scope", scope="read write"' } })
  t.match(poor.json(), { code: 'MOCK_ERR_FORBIDDEN', detail: /the scope 'write'/ })

  const explanation = await app.mock.explain({ url: '/', headers: await app.mock.auth.headers('expired') })
  t.match(explanation, { outcome: { kind: 'rejected', status: 401, stage: 'security' }, summary: /it expired at 2026-12-31T23:00:00.000Z/ })
})

t.test('claims of a token', async t => {
  const keys = createKeySet({ algorithms: ['ES256'] })
  const judge = async (check: JwtCheck, claims: object, header = {}) => tokenVerifier(check, keys)(await keys.sign({ exp: SECONDS + 60, ...claims }, header), NOW)
  const mistake = async (check: JwtCheck, claims: object, header = {}) => {
    const found = await judge(check, claims, header)
    return 'mistake' in found ? found.mistake : ''
  }
  t.match(await judge({}, { sub: 'ann' }), { claims: { sub: 'ann' } })
  t.match(await mistake({}, { exp: SECONDS }), /expired at 2027-01-01T00:00:00/)
  t.equal(await mistake({ clock_tolerance_s: 5 }, { exp: SECONDS - 3 }), '')
  t.match(await mistake({}, { nbf: SECONDS + 1 }), /not valid before/)
  t.match(await mistake({}, { iat: SECONDS + 1 }), /issued in the future/)
  t.equal(await mistake({ clock_tolerance_s: 5 }, { iat: SECONDS + 1 }), '')
  t.match(await mistake({ max_age_s: 10 }, { iat: SECONDS - 11 }), /too old/)
  t.match(await mistake({}, { exp: undefined }), /has no claim 'exp'/)
  t.equal(await mistake({ required_claims: [] }, { exp: undefined }), '')
  t.match(await mistake({ required_claims: ['tenant'] }, {}), /has no claim 'tenant'/)
  t.match(await mistake({ claims: { tenant: 'acme' } }, { tenant: 'other' }), /claim 'tenant' is not the one/)
  t.equal(await mistake({ claims: { tenant: 'acme' } }, { tenant: ['other', 'acme'] }), '')
  t.equal(await mistake({ audience: 'shop' }, { aud: ['a', 'shop'] }), '')
  t.match(await mistake({ type: 'at+jwt' }, {}), /header 'typ' is not 'at\+jwt'/)
  t.equal(await mistake({ type: 'at+jwt' }, {}, { typ: 'at+jwt' }), '')
  t.match(await mistake({}, { exp: 'soon' }), /'exp' makes no sense/)
  t.match(await mistake({}, { exp: 1e300 }), /^$/, 'as far away as a number goes')
})

t.test('scopes and roles, wherever a token has them', async t => {
  t.same(callerOf('a', { scope: 'a b' }).scopes, ['a', 'b'])
  t.same(callerOf('a', { scp: ['a'], permissions: ['b'] }).scopes, ['a', 'b'])
  t.same(callerOf('a', { 'https://x.test/r': ['admin'] }, { roles: 'https://x.test/r' }).roles, ['admin'])
  t.same(callerOf('a', { realm_access: { roles: ['admin'] } }, { roles: 'realm_access.roles' }).roles, ['admin'])
  t.same(callerOf('a', { a: { 'b/c': 'x' } }, { roles: '/a/b~1c' }).roles, ['x'])
  for (const path of ['roles', 'realm_access.roles', '/a/b~1c', 'https://x.test/r']) t.equal(claimAt(withClaim({ a: {} }, path, 7), path), 7, path)
  t.notOk(claimAt({}, 'constructor.name'), 'nothing reaches prototypes')

  const app = await build(t, {
    security_schemes: { jwt: { type: 'http', scheme: 'bearer', jwt: { roles_claim: 'realm_access.roles', scope_claim: 'scp' } } },
    defaults: { security: [{ jwt: [] }] },
    personas: { admin: { roles: ['admin'], scope: ['read', 'write'] }, editor: { like: 'admin', roles: ['editor'] } },
    endpoints: [
      { path: '/either', roles: ['admin', 'root'], response: { sub: '{{request.auth.sub}}', claims: '{{request.auth.claims}}' } },
      { path: '/named', security: [{ jwt: ['admin'] }], response: 'a role or a scope' },
      { path: '/which', responses: [{ when: { auth: { roles: 'admin' } }, response: 'admin' }, { when: { auth: { 'realm_access.roles': { exists: true } } }, response: 'other' }] }
    ]
  })
  const get = async (url: string, persona: string) => app.inject({ url, headers: await app.mock.auth.headers(persona) })
  t.match((await get('/either', 'admin')).json(), { sub: 'admin', claims: { realm_access: { roles: ['admin'] }, scp: ['read', 'write'] } })
  t.match(await get('/either', 'editor'), { statusCode: 403 })
  t.match((await get('/either', 'editor')).json(), { detail: /one of the roles 'admin', 'root'/ })
  t.equal((await get('/named', 'admin')).statusCode, 200)
  t.equal((await get('/named', 'editor')).statusCode, 403)
  t.equal((await get('/which', 'admin')).json(), 'admin', 'conditions see the caller')
  t.equal((await get('/which', 'editor')).json(), 'other')
  t.match(app.mock.requests.find({ path: '/either', status: 403 })[0]?.caller, { scheme: 'jwt', sub: 'editor', roles: ['editor'] }, 'the log tells who was refused')
  t.notMatch(JSON.stringify(app.mock.requests.find()[0]?.caller), /claims|csrf|exp/)
})

t.test('keys', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mock-auth-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const sign = async (header = {}) => new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'RS256', ...header }).setExpirationTime('1h').sign(privateKey)
  const app = async (jwt: JwtCheck) => build(t, { ...behind({ type: 'http', scheme: 'bearer', jwt }), cwd: folder })
  const status = async (jwt: JwtCheck, token: string) => (await (await app(jwt)).inject({ url: '/', headers: bearer(token) })).statusCode

  await writeFile(join(folder, 'issuer.pem'), await exportPKCS8(privateKey))
  await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [await exportJWK((await generateKeyPair('RS256')).publicKey), await exportJWK(publicKey)] }))
  await writeFile(join(folder, 'bad.pem'), 'no key')

  t.test('in files and in the configuration', async t => {
    t.equal(await status({ key_file: 'issuer.pem' }, await sign()), 200, 'PEM')
    t.equal(await status({ key_file: 'jwks.json' }, await sign()), 200, 'a JWK Set, for a token that names none of its keys')
    t.equal(await status({ key: await exportJWK(publicKey) as { kty: string } }, await sign()), 200, 'a JWK')
    t.equal(await status({ key: await exportPKCS8(privateKey) }, await sign({ alg: 'RS256' })), 200)
    t.equal(await status({ key_file: 'issuer.pem', algorithms: ['PS256'] }, await sign()), 401, 'another algorithm than the one that counts')
    const own = await app({ key_file: 'issuer.pem' })
    t.equal((await own.inject({ url: '/', headers: await own.mock.auth.headers('user') })).statusCode, 200, 'personas sign with a private key')
    const verifying = await app({ key: await exportJWK(publicKey) as { kty: string } })
    await t.rejects(verifying.mock.auth.token('expired'), { code: 'MOCK_ERR_KEYS' })
  })
  t.test('that are wrong are told with their place', async t => {
    const wrong = async (scheme: Partial<SecurityScheme>) => {
      const error = await build(t, { ...behind({ type: 'http', scheme: 'bearer', ...scheme }), cwd: folder }).then(() => ({}), (error: unknown) => error)
      return error instanceof Error && 'diagnostics' in error ? error.diagnostics : []
    }
    t.match(await wrong({ jwt: { key_file: 'bad.pem' } }), [{ code: 'bad-key', pointer: '/security_schemes/scheme/jwt/key_file', message: /neither JSON nor PEM/ }])
    t.match(await wrong({ jwt: { key_file: 'none.pem' } }), [{ code: 'no-file' }])
    t.match(await wrong({ jwt: { key_file: '../issuer.pem' } }), [{ code: 'file-outside' }])
    t.match(await wrong({ jwt: { key: 'nonsense' } }), [{ code: 'bad-key' }])
    t.match(await wrong({ jwt: { jwks_url: 'https://issuer.example/jwks' } }), [{ code: 'host-not-allowed', hint: /allowed_hosts: \[issuer.example\]/ }])
    t.match(await wrong({ jwt: { algorithms: ['HS256'] } }), [{ code: 'bad-algorithm', hint: /secret/ }])
    t.match(await wrong({ jwt: { secret: 'a', key_file: 'issuer.pem' } }), [{ code: 'conflicting-keys' }])
    t.match(await wrong({ keys: ['a'] }), [{ code: 'misplaced-key', message: /'keys' means nothing/ }])
    t.match(await wrong({ type: 'hmac', hmac: {} }), [{ code: 'missing-key' }])
  })
  t.test('elsewhere are read once, and again for a key that is unknown', async t => {
    const issuer = await listen(t, { endpoints: [{ path: '/jwks', response: { keys: [{ ...await exportJWK(publicKey), kid: 'one', alg: 'RS256' }] } }] })
    const api = await app({ jwks_url: `${issuer.url}/jwks` })
    const call = async (token: string) => (await api.inject({ url: '/', headers: bearer(token) }))
    t.equal((await call(await sign({ kid: 'one' }))).statusCode, 200)
    t.equal((await call(await sign({ kid: 'one' }))).statusCode, 200)
    t.equal(issuer.app.mock.requests.count({ path: '/jwks' }), 1)
    t.match((await call(await sign({ kid: 'two' }))).json(), { detail: /its key \('kid'\) is unknown/ })
    await issuer.app.close()
    const lost = await app({ jwks_url: `${issuer.url}/jwks` })
    t.match((await lost.inject({ url: '/', headers: bearer(await sign({ kid: 'one' })) })).json(), { status: 401, detail: /the keys at http.* cannot be had/ })
  })
  t.test('nobody here has: signatures are not looked at where the configuration says so', async t => {
    const check = { verify_signature: false, issuer: 'https://a.test' }
    const claims = (iss: string) => new SignJWT({ iss }).setProtectedHeader({ alg: 'RS256', kid: 'elsewhere' }).setExpirationTime('1h').sign(privateKey)
    t.equal(await status(check, await claims('https://a.test')), 200)
    t.equal(await status(check, await claims('https://b.test')), 401, 'claims are')
    t.equal(await status({ verify_signature: false }, new UnsecuredJWT({}).setExpirationTime('1h').encode()), 401, 'alg none never counts')
  })
  t.test('of the mock server are made once, published and rotated', async t => {
    const config: Config = { ...behind({ type: 'http', scheme: 'bearer', jwt: true }), signing_keys: { algorithms: ['ES256'] } }
    const api = await build(t, config)
    const { auth } = api.mock
    const status = async (token: string) => (await api.inject({ url: '/', headers: bearer(token) })).statusCode
    const [first, again] = await Promise.all([auth.jwks(), auth.jwks()])
    t.same(first, again)
    t.match(first, { keys: [{ kty: 'EC', alg: 'ES256', use: 'sig' }] })
    t.notMatch(JSON.stringify(first), /"d"|"p"|"q"/, 'nothing private')
    const old = await auth.token('user')
    const [kid] = await auth.rotateKeys()
    t.equal((await auth.jwks()).keys[0]?.kid, kid)
    t.equal((await auth.jwks()).keys.length, 2)
    t.equal(await status(old), 200, 'tokens of before stay good')
    await api.mock.reload(config)
    t.equal(await status(old), 200, 'after a reload, too')
    await auth.rotateKeys({ keep: false })
    t.equal(await status(old), 401)
    for (let turn = 0; turn < 6; turn++) await auth.rotateKeys()
    t.equal((await auth.jwks()).keys.length, 4, 'bounded')
  })
  t.test('in a file outlive the server', async t => {
    const config: Config = { ...behind({ type: 'http', scheme: 'bearer', jwt: true }), signing_keys: { algorithms: ['ES256', 'EdDSA'], file: 'own.json' } }
    const [one, two] = [await build(t, { ...config, cwd: folder }), await build(t, { ...config, cwd: folder })]
    const tokens = await Promise.all([one.mock.auth.token('user'), two.mock.auth.token('user')])
    for (const app of [one, two, await build(t, { ...config, cwd: folder })]) {
      for (const token of tokens) t.equal((await app.inject({ url: '/', headers: bearer(token) })).statusCode, 200)
    }
    t.equal((await stat(join(folder, 'own.json'))).mode & 0o777, 0o600, 'that nobody else reads')
    t.match(await build(t, { ...config, signing_keys: { file: '../own.json' }, cwd: folder }).catch((error: unknown) => error), { diagnostics: [{ code: 'file-outside' }] })
  })
  t.end()
})

t.test('no malformed token throws, and none passes', async t => {
  const keys = createKeySet({ algorithms: ['ES256'] })
  const verify = tokenVerifier({}, keys)
  const lenient = tokenVerifier({ verify_signature: false }, keys)
  const good = await keys.sign({ exp: SECONDS + 60 })
  const part = fc.oneof(fc.string(), fc.base64String(), fc.json().map(text => base64url.encode(text)), fc.constantFrom(...good.split('.')))
  const header = fc.record({ alg: fc.oneof(fc.constantFrom('none', 'ES256', 'HS256', 'RS256', '', '__proto__'), fc.anything()), kid: fc.anything(), crit: fc.anything(), typ: fc.anything(), b64: fc.anything() }, { requiredKeys: [] })
    .map(value => base64url.encode(JSON.stringify(value) ?? ''))
  const token = fc.oneof(fc.string(), fc.array(part, { minLength: 1, maxLength: 6 }).map(parts => parts.join('.')), fc.tuple(header, part, part).map(parts => parts.join('.')))
  await fc.assert(fc.asyncProperty(token, async text => {
    fc.pre(text !== good)
    const found = await verify(text, NOW)
    return 'mistake' in found && found.mistake !== ''
  }), { numRuns: 500 })
  await fc.assert(fc.asyncProperty(token, async text => { await lenient(text, NOW) }), { numRuns: 200 })
  await fc.assert(fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.constantFrom('A', 'B', '-', '.', ' '), async (at, character) => {
    const changed = good.slice(0, at) + character + good.slice(at + 1)
    const [, , signature = ''] = changed.split('.')
    // Some bits of the last character mean nothing.
    fc.pre(changed !== good && !(at === good.length - 1 && Buffer.from(signature, 'base64url').equals(Buffer.from(good.split('.')[2] ?? '', 'base64url'))))
    return 'mistake' in await verify(changed, NOW)
  }), { numRuns: 200 })
  const app = await build(t, behind({ type: 'http', scheme: 'bearer', jwt: true }))
  await fc.assert(fc.asyncProperty(token, async text => (await app.inject({ url: '/', headers: bearer(text.replace(/[^\u0020-\u007E]/g, '')) })).statusCode === 401), { numRuns: 100 })
  t.match(await verify('a'.repeat(70_000), NOW), { mistake: /longer than/ })
})

t.test('API keys, passwords and opaque tokens', async t => {
  const app = await build(t, {
    security_schemes: {
      header: { type: 'apiKey', in: 'header', name: 'X-Key', keys: ['one', { key: 'two', sub: 'ann', roles: ['admin'], tenant: 'acme' }] },
      cookie: { type: 'apiKey', in: 'cookie', name: 'token', jwt: true },
      query: { type: 'apiKey', in: 'query', name: 'key', keys: ['one'] },
      basic: { type: 'http', scheme: 'basic', realm: 'Staff "only"', users: { ann: 's:e', bob: { password: 'x', roles: ['admin'] } } },
      opaque: { type: 'oauth2', tokens: ['abc', { token: 'def', sub: 'ann', scope: 'read' }] }
    },
    personas: { ann: {}, bob: {} },
    endpoints: [
      ...['header', 'cookie', 'query', 'basic'].map(name => ({ path: `/${name}`, security: [{ [name]: [] }], response: { auth: '{{request.auth.claims}}' } })),
      { path: '/opaque', security: [{ opaque: ['read'] }], response: {} },
      { path: '/admin', security: [{ header: [] }, { basic: [] }], roles: ['admin'], response: {} },
      { path: '/both', security: [{ header: [], basic: [] }], response: { sub: '{{request.auth.sub}}', roles: '{{request.auth.roles}}' } },
      { path: '/optional', security: [{}, { basic: [] }], response: { sub: "{{default request.auth.sub 'nobody'}}" } }
    ]
  })
  const status = async (url: string, headers = {}) => (await app.inject({ url, headers })).statusCode
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  t.same([await status('/header', { 'x-key': 'one' }), await status('/header', { 'x-key': 'three' }), await status('/header')], [200, 401, 401])
  t.same((await app.inject({ url: '/header', headers: { 'x-key': 'two' } })).json(), { auth: { sub: 'ann', roles: ['admin'], tenant: 'acme' } })
  t.equal(await status('/query?key=one'), 200)
  t.equal(await status('/query?key=two'), 401)
  t.equal(await status('/cookie', await app.mock.auth.headers('ann', { scheme: 'cookie' })), 200)
  t.equal(await status('/cookie', { cookie: 'token=abc' }), 401)
  t.equal(await status('/basic', basic('ann:s:e')), 200, 'a password with a colon in it')
  t.equal(await status('/basic', basic('ann:wrong')), 401)
  t.equal((await app.inject('/basic')).headers['www-authenticate'], 'Basic realm="Staff \\"only\\"", charset="UTF-8"')
  t.same([await status('/opaque', bearer('def')), await status('/opaque', bearer('abc')), await status('/opaque', bearer('xyz'))], [200, 403, 401])
  t.same([await status('/admin', { 'x-key': 'two' }), await status('/admin', basic('bob:x')), await status('/admin', basic('ann:s:e')), await status('/admin', { 'x-key': 'one' }), await status('/admin')], [200, 200, 403, 403, 401])
  t.match((await app.inject('/admin')).headers['www-authenticate'], [/^ApiKey/, /^Basic/], 'every way in')
  t.same((await app.inject({ url: '/both', headers: { 'x-key': 'two', ...basic('bob:x') } })).json(), { sub: 'ann', roles: ['admin', 'admin'] })
  t.equal(await status('/both', { 'x-key': 'two' }), 401)
  t.equal((await app.inject('/optional')).json().sub, 'nobody')
  t.equal((await app.inject({ url: '/optional', headers: basic('bob:x') })).json().sub, 'bob', 'known, though nobody had to be')
  t.equal(await status('/header', await app.mock.auth.headers('ann', { scheme: 'header' })), 200)
  t.equal(await status('/basic', await app.mock.auth.headers('ann', { scheme: 'basic' })), 200)
  t.equal(await status('/basic', await app.mock.auth.headers('ann', { scheme: 'basic', mistake: 'expired' })), 401)
  await t.rejects(app.mock.auth.headers('ann', { scheme: 'bsic' }), { code: 'MOCK_ERR_PERSONA_SCHEME', message: /did you mean 'basic'/ })
  await t.rejects(app.mock.auth.headers('anna'), { code: 'MOCK_ERR_PERSONA_UNKNOWN', message: /did you mean 'ann'/ })
})

t.test('signed requests', async t => {
  const body = '{"a":"ü"}'
  const time = String(SECONDS)
  const hex = (text: string, algorithm = 'sha256', key: string | Buffer = SECRET) => createHmac(algorithm, key).update(text).digest('hex')
  const app = async (hmac: HmacCheck) => build(t, { ...behind({ type: 'hmac', hmac }), clock: { now: () => NOW } })
  const send = async (hmac: HmacCheck, headers: Record<string, string>, url = '/?b=2') =>
    (await (await app(hmac)).inject({ method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, payload: body }))
  const cases: Array<[name: string, hmac: HmacCheck, headers: Record<string, string>]> = [
    ['GitHub', {}, { 'x-hub-signature-256': `sha256=${hex(body)}` }],
    ['GitHub, SHA-1', { algorithm: 'sha1', header: 'X-Hub-Signature' }, { 'x-hub-signature': `sha1=${hex(body, 'sha1')}` }],
    ['Stripe', { scheme: 'stripe' }, { 'stripe-signature': `t=${time},v1=${hex('other')},v1=${hex(`${time}.${body}`)},v0=x` }],
    ['Slack', { scheme: 'slack' }, { 'x-slack-signature': `v0=${hex(`v0:${time}:${body}`)}`, 'x-slack-request-timestamp': time }],
    ['plain', { scheme: 'plain', encoding: 'base64', prefix: 'HMAC ' }, { 'x-signature': `HMAC ${createHmac('sha256', SECRET).update(body).digest('base64')}` }],
    ['canonical', { scheme: 'canonical' }, { 'x-signature': hex(`${time}\nPOST\n/?b=2\n${body}`), 'x-timestamp': time }],
    ['canonical, of parts', { scheme: 'canonical', signed: '{method}|{path}|{query}|{header:X-A}|{body_sha256}|{other}', header: 'sig' },
      { sig: hex(`POST|/|b=2|1|${createHash('sha256').update(body).digest('hex')}|{other}`), 'x-a': '1' }]
  ]
  for (const [name, hmac, headers] of cases) {
    t.equal((await send({ secret: SECRET, ...hmac }, headers)).statusCode, 200, name)
    t.equal((await send({ secret: 'another', ...hmac }, headers)).statusCode, 401, `${name}, by another secret`)
    t.equal((await send({ secret: SECRET, ...hmac }, {})).statusCode, 401, `${name}, not signed`)
  }
  const standard = { 'webhook-id': 'm1', 'webhook-timestamp': time, 'webhook-signature': `v1,${createHmac('sha256', Buffer.from('c2VjcmV0', 'base64')).update(`m1.${time}.${body}`).digest('base64')}` }
  t.equal((await send({ scheme: 'standard', secret: 'whsec_c2VjcmV0' }, standard)).statusCode, 200, 'Standard Webhooks')
  const old = String(SECONDS - 301)
  t.match((await send({ scheme: 'stripe', secret: SECRET }, { 'stripe-signature': `t=${old},v1=${hex(`${old}.${body}`)}` })).json(), { detail: /not be more than 300 s off: it is 301 s/ })
  t.match((await send({ scheme: 'stripe', secret: SECRET }, { 'stripe-signature': 'nonsense' })).json(), { detail: /t=<seconds>,v1=<hex>/ })
  t.match((await send({ scheme: 'slack', secret: SECRET }, { 'x-slack-signature': `v0=${hex(body)}` })).json(), { detail: /the time of the signature/ })
  const signed = { 'x-hub-signature-256': `sha256=${hex(body)}` }
  t.match((await send({ secrets: { app: SECRET } }, { ...signed, 'x-key-id': 'app' })).json(), { sub: 'app' }, 'secrets by their id')
  t.equal((await send({ secrets: { app: SECRET } }, { ...signed, 'x-key-id': 'constructor' })).statusCode, 401)
})

t.test('sessions', async t => {
  const config = (session: SecurityScheme['session'], more: Partial<SecurityScheme> = {}): Config => ({
    security_schemes: { web: { type: 'session', session: session ?? {}, ...more } },
    personas: { admin: { roles: ['admin'], password: 'p' } },
    endpoints: [
      { path: '/login', method: 'POST', session: { create: { name: '{{request.body.name}}' } }, responses: [{ response: { csrf: '{{request.auth.csrf}}', name: '{{request.auth.claims.name}}' } }, { status: 500 }] },
      { path: '/logout', method: 'POST', session: 'destroy', status: 204 },
      { path: '/me', method: ['GET', 'POST'], session: 'require', response: { sub: '{{request.auth.sub}}' } }
    ]
  })
  const login = (payload: object, headers = {}) => ({ method: 'POST' as const, url: '/login', payload, headers })
  const cookiesOf = (header: unknown): string => [header].flat().map(line => String(line).split(';')[0]).join('; ')

  t.test('begin, last and end', async t => {
    const app = await build(t, config({ ttl_s: 60 }))
    const answer = await app.inject(login({ username: 'ann', name: 'Ann' }))
    t.match(answer.headers['set-cookie'], /^session=[\w-]{24}; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/)
    t.match(answer.json(), { name: 'Ann' })
    const cookie = cookiesOf(answer.headers['set-cookie'])
    const me = async () => (await app.inject({ url: '/me', headers: { cookie } })).statusCode
    t.same((await app.inject({ url: '/me', headers: { cookie } })).json(), { sub: 'ann' })
    app.mock.clock.freeze()
    await app.mock.clock.advance(40_000)
    t.equal(await me(), 200)
    await app.mock.clock.advance(40_000)
    t.equal(await me(), 200, 'each request makes it last anew')
    await app.mock.clock.advance(61_000)
    t.equal(await me(), 401)
    t.match((await app.inject('/me')).headers['www-authenticate'], 'Cookie realm="mock", cookie-name="session"')
    const next = cookiesOf((await app.inject(login({ username: 'ann' }))).headers['set-cookie'])
    t.match((await app.inject({ method: 'POST', url: '/logout', headers: { cookie: next } })).headers['set-cookie'], /^session=; Max-Age=0/)
    t.equal((await app.inject({ url: '/me', headers: { cookie: next } })).statusCode, 401)
    t.equal((await app.inject(login({ username: 'admin', password: 'no' }))).statusCode, 401, 'a persona that has a password')
    t.equal((await app.inject(login({ username: 'admin', password: 'p' }))).statusCode, 200)
    t.notOk((await app.inject(login({ username: 'ann' }, { prefer: 'code=500' }))).headers['set-cookie'], 'none begins with an error')
    t.equal((await app.inject({ url: '/me', headers: await app.mock.auth.headers('admin') })).statusCode, 200)
    t.equal((await app.inject({ url: '/me', headers: await app.mock.auth.headers('expired') })).statusCode, 401)
    const before = await app.mock.auth.headers('admin')
    const after = cookiesOf((await app.inject(login({ username: 'ann' }, before))).headers['set-cookie'])
    t.equal((await app.inject({ url: '/me', headers: before })).statusCode, 401, 'a login takes the session of before away')
    app.mock.reset()
    t.equal((await app.inject({ url: '/me', headers: { cookie: after } })).statusCode, 401, 'gone with a reset')
  })
  t.test('against forged requests', async t => {
    for (const style of ['double_submit', 'token'] as const) {
      const app = await build(t, config({ csrf: { style } }, { users: { ann: 'p' } }))
      t.equal((await app.inject(login({ username: 'ann', password: 'x' }))).statusCode, 401)
      const answer = await app.inject(login({ username: 'ann', password: 'p' }))
      const cookie = cookiesOf(answer.headers['set-cookie'])
      const { csrf } = answer.json()
      const post = async (headers = {}, payload = {}) => (await app.inject({ method: 'POST', url: '/me', headers: { cookie, ...headers }, payload })).statusCode
      t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200, 'of a GET nothing is asked')
      t.equal(await post(), 403)
      t.equal(await post({ 'x-csrf-token': 'forged' }), 403)
      t.equal(await post({ 'x-csrf-token': csrf }), 200)
      t.equal(await post({}, { _csrf: csrf }), 200, 'in a field')
      if (style === 'double_submit') t.equal(await post({ 'x-csrf-token': 'forged', cookie: `${cookie.split(';')[0]}; csrf_token=forged` }), 403, 'a cookie that a neighbour has set')
      t.equal(await post(await app.mock.auth.headers('admin')), 200)
    }
  })
  t.test('that cannot be are told', async t => {
    const diagnostics = async (config: Config) => build(t, config).then(() => [], (error: unknown) => error instanceof Error && 'diagnostics' in error ? error.diagnostics : error)
    t.match(await diagnostics({ endpoints: [{ path: '/', session: 'create' }] }), [{ code: 'unknown-security-scheme', pointer: '/endpoints/0/session', hint: /type: session/ }])
    t.match(await diagnostics({ security_schemes: { web: { type: 'session' } }, endpoints: [{ path: '/', session: { destroy: true, scheme: 'wep' } }] }), [{ hint: "did you mean 'web'?" }])
    t.match(await diagnostics({ endpoints: [{ path: '/', roles: ['admin'] }] }), [{ code: 'missing-key', pointer: '/endpoints/0/roles' }])
    t.match(await diagnostics({ personas: { a: { like: 'b' } } }), [{ code: 'unknown-persona' }])
  })
  t.end()
})

t.test('client certificates', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mock-tls-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  for (const name of ['server', 'app', 'stranger']) {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-out', `${name}.crt`,
      '-subj', `/O=Acme/CN=${name}`, '-addext', `subjectAltName=DNS:${name === 'server' ? 'localhost' : `${name}.test`}`)
  }
  const file = (name: string) => readFileSync(join(folder, name))
  const server = async (clients: NonNullable<SecurityScheme['clients']>) => {
    const app = Fastify({ https: { key: file('server.key'), cert: file('server.crt'), ca: [file('app.crt')], requestCert: true, rejectUnauthorized: false } })
    t.teardown(() => app.close())
    await app.register(mockPlugin, behind({ type: 'mutualTLS', clients }))
    await app.listen({ host: '127.0.0.1', port: 0 })
    return app.server.address() as AddressInfo
  }
  const get = async ({ port }: AddressInfo, client?: string) => new Promise<{ status: number | undefined, body: string }>((resolve, reject) => {
    const cert = client === undefined ? {} : { key: file(`${client}.key`), cert: file(`${client}.crt`) }
    httpsRequest({ port, host: '127.0.0.1', servername: 'localhost', ca: file('server.crt'), agent: false, ...cert }, response => {
      let body = ''
      response.on('data', chunk => { body += chunk }).on('end', () => resolve({ status: response.statusCode, body }))
    }).on('error', reject).end()
  })
  const fingerprint = createHash('sha256').update(Buffer.from(file('app.crt').toString().replace(/-----.*-----|\s/g, ''), 'base64')).digest('hex')
  const anybody = await server([])
  t.match(await get(anybody, 'app'), { status: 200, body: '{"sub":"app"}' })
  t.match(await get(anybody), { status: 401, body: /must come by TLS with a client certificate/ })
  t.match(await get(anybody, 'stranger'), { status: 401, body: /that the server trusts/ })
  for (const client of [{ subject: 'app' }, { subject: 'CN=app, O=Acme' }, { san: 'DNS:app.test' }, { fingerprint }]) {
    t.match(await get(await server([{ sub: 'me', ...client }]), 'app'), { status: 200, body: '{"sub":"me"}' }, Object.keys(client).join())
  }
  t.match(await get(await server([{ subject: 'other' }, { subject: 'CN=app' }]), 'app'), { status: 401, body: /one of `clients`/ })
})

t.test('personas over HTTP, of the server and of a scope', async t => {
  const { url, app } = await listen(t, {
    ...behind({ type: 'http', scheme: 'bearer', jwt: { audience: 'shop' } }),
    personas: { admin: { description: 'May everything', roles: ['admin'] } }
  })
  const mock = await connect(url)
  const call = async (headers: Record<string, string>) => (await fetch(url, { headers })).status
  t.equal(await call(await mock.auth.headers('admin')), 200)
  t.equal(await call(bearer(await mock.auth.token('admin', { expires_in_s: -1 }))), 401)
  t.match(await mock.auth.personas(), [{ name: 'admin', description: 'May everything', claims: { sub: 'admin' } }, { name: 'expired', mistake: 'expired' }])
  const { keys } = await mock.auth.jwks()
  t.equal(keys.length, 1)
  t.equal((await jwtVerify(await mock.auth.token('admin'), keys[0] ?? {}, { audience: 'shop' })).payload.sub, 'admin', 'a token that others can check')
  t.equal((await mock.auth.rotateKeys({ keep: false })).length, 1)
  await t.rejects(Promise.resolve(mock.auth.token('nobody')), { code: 'MOCK_ERR_PERSONA_UNKNOWN' })
  const post = async (path: string, body: unknown) => (await app.inject({ method: 'POST', url: `/__mock/api/auth/${path}`, payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })).statusCode
  t.same([await post('token', {}), await post('token', { persona: 'admin', mistake: 'no' }), await post('token', { persona: 'admin', roles: 'a' }), await post('headers', { persona: 'admin', scheme: 'x' }), await post('keys/rotate', { keep: 1 })], [400, 400, 400, 422, 400])

  const scope = await mock.scopes.create()
  await app.mock.scopes.get(scope.id)?.clock.advance(7200_000)
  const later = await scope.auth.headers('admin')
  t.equal(await call(later), 401, 'by the clock of the server it is of the future')
  t.equal(await call({ ...later, ...scope.headers }), 200)
  t.equal(await call({ ...await mock.auth.headers('admin'), ...scope.headers }), 401, 'and there, that of the server has expired')
})

t.test('where no token is checked, jose is not loaded', async t => {
  const { metafile } = await bundle({ entryPoints: ['plugins/index.ts'], bundle: true, packages: 'external', format: 'esm', platform: 'node', metafile: true, write: false, logLevel: 'silent' })
  const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ path }) => path === 'jose')
  t.ok(imports.length > 0)
  t.ok(imports.every(({ kind }) => kind === 'dynamic-import'))
})

t.test('the examples of docs/auth.md', async t => {
  const text = readFileSync(new URL('../docs/auth.md', import.meta.url), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'mock-docs-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const examples = [...text.matchAll(/```yaml\n([^`]+)```/g)].map(([, yaml = '']) => yaml)
  t.equal(examples.length, 6)
  const apps = await Promise.all(examples.map(yaml => build(t, { include: ['auth.yaml'], texts: { 'auth.yaml': yaml }, cwd: folder })))
  const [shop, me] = apps
  if (shop === undefined || me === undefined) return
  const get = async (persona: string, method: 'GET' | 'DELETE', url: string) => await shop.inject({ method, url, headers: await shop.mock.auth.headers(persona) })
  t.same((await get('viewer', 'GET', '/orders')).json(), { for: 'viewer' })
  t.same([(await get('viewer', 'DELETE', '/orders/1')).statusCode, (await get('admin', 'DELETE', '/orders/1')).statusCode, (await get('expired', 'GET', '/orders')).statusCode], [403, 204, 401])
  t.equal((await shop.inject('/orders')).headers['www-authenticate'], 'Bearer realm="Shop", scope="orders:read"')
  t.same((await me.inject({ url: '/me', headers: { 'x-api-key': 'k-456' } })).json(), { name: 'bob', limit: 1000 })
  for (const mistake of MISTAKES) t.match(text, mistake)
})
