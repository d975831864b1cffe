import { chromium } from '@playwright/test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as openid from 'openid-client'
import { AuthorizationCode, ClientCredentials } from 'simple-oauth2'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { MockPluginOptions } from '../plugins/mock.ts'
import { findChromium } from './guides/browser.ts'
import { build, listen } from './helper.ts'

const PEOPLE = {
  ann: { email: 'ann@acme.test', roles: ['admin'], description: 'An administrator', password: 'secret' },
  bob: { scope: 'read', name: 'Bob <b>Builder</b>' },
  late: { mistake: 'expired' as const }
}

const CALLBACK = 'http://127.0.0.1:1/callback'

const APP = { secret: 'app-secret', redirect_uris: [CALLBACK], post_logout_redirect_uris: ['http://127.0.0.1:1/bye'] }

// On a machine that is busy with other things.
t.setTimeout(180_000)

/** A provider, and openid-client set up for it by its metadata. */
async function provider (t: Test, oidc: MockPluginOptions['oidc'] = {}, others: MockPluginOptions = {}) {
  const { app, url } = await listen(t, { personas: PEOPLE, signing_keys: { algorithms: ['ES256'] }, oidc, ...others })
  const client = await openid.discovery(new URL(url), 'app', 'app-secret', undefined, { execute: [openid.allowInsecureRequests] })
  return { app, url, client }
}

/** An authorization request as openid-client makes it. */
async function begin (client: openid.Configuration, parameters: Record<string, string> = {}) {
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const nonce = openid.randomNonce()
  const address = openid.buildAuthorizationUrl(client, {
    redirect_uri: CALLBACK, scope: 'openid profile email', state, nonce, code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters
  })
  return { address, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
}

/** Where a request is sent on to, without going there. */
async function sentTo (address: URL | string, init: RequestInit = {}): Promise<URL> {
  const response = await fetch(address, { redirect: 'manual', ...init })
  return new URL(response.headers.get('location') ?? `none:${response.status}:${await response.text()}`)
}

async function signIn (client: openid.Configuration, parameters: Record<string, string> = {}) {
  const { address, checks } = await begin(client, parameters)
  return await openid.authorizationCodeGrant(client, await sentTo(address), checks)
}

/** What the client was told, or the status; undefined where it got what it asked for. */
const errorOf = async (asked: Promise<unknown>): Promise<unknown> => await asked.then(() => undefined, ({ error, status }) => error ?? status)

const json = async (response: Response) => JSON.parse(await response.text())

const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) })

t.test('openid-client finds the provider, signs in with PKCE, and gets an ID token that it believes', async t => {
  const { client } = await provider(t, { login: 'auto' }, { signing_keys: { algorithms: ['RS256'] } })
  const tokens = await signIn(client, { login_hint: 'ann' })
  t.match(tokens.claims(), { sub: 'ann', email: 'ann@acme.test', name: 'Ann', roles: ['admin'], aud: 'app' })
  t.match(await openid.fetchUserInfo(client, tokens.access_token, 'ann'), { sub: 'ann', email_verified: true })
})

t.test("jose's remote JWKS checks access tokens, also after the keys were rotated", async t => {
  const { app, url, client } = await provider(t, { login: 'auto', audience: 'https://api.test' })
  const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`), { cooldownDuration: 0 })
  const verify = async () => {
    const { access_token: token } = await signIn(client)
    return (await jwtVerify(token, keys, { issuer: url, audience: 'https://api.test', typ: 'at+jwt' })).protectedHeader.kid
  }
  const before = await verify()
  await app.mock.auth.rotateKeys()
  const after = await verify()
  t.not(before, after)
})

t.test('refresh tokens are rotated, and using one twice ends the login', async t => {
  const { client } = await provider(t, { login: 'auto' })
  const first = await signIn(client)
  const second = await openid.refreshTokenGrant(client, first.refresh_token ?? '')
  t.not(second.refresh_token, first.refresh_token)
  t.ok(second.claims())
  t.equal(await errorOf(openid.refreshTokenGrant(client, first.refresh_token ?? '')), 'invalid_grant')
  t.equal(await errorOf(openid.refreshTokenGrant(client, second.refresh_token ?? '')), 'invalid_grant')
  t.equal((await openid.tokenIntrospection(client, second.access_token)).active, false)
})

t.test('client credentials, introspection and revocation', async t => {
  const { client } = await provider(t, { clients: { app: { secret: 'app-secret', scopes: ['read'] } } })
  const { access_token: token } = await openid.clientCredentialsGrant(client, { scope: 'read' })
  t.match(await openid.tokenIntrospection(client, token), { active: true, client_id: 'app', scope: 'read', sub: 'app' })
  await openid.tokenRevocation(client, token)
  t.same(await openid.tokenIntrospection(client, token), { active: false })
  t.equal(await errorOf(openid.clientCredentialsGrant(client, { scope: 'write' })), 'invalid_scope')
})

t.test('simple-oauth2 runs the code flow, a refresh and client credentials', async t => {
  const { url } = await provider(t, { login: 'auto' })
  const config = { client: { id: 'simple', secret: 'x' }, auth: { tokenHost: url, tokenPath: '/token', revokePath: '/revoke' } }
  const flow = new AuthorizationCode({ ...config, auth: { ...config.auth, authorizePath: '/authorize' } })
  const back = await sentTo(flow.authorizeURL({ redirect_uri: CALLBACK, scope: 'read', state: 'x' }))
  t.equal(back.searchParams.get('state'), 'x')
  const token = await flow.getToken({ code: back.searchParams.get('code') ?? '', redirect_uri: CALLBACK })
  const next = await token.refresh()
  t.not(next.token.access_token, token.token.access_token)
  await next.revokeAll()
  await t.rejects(next.refresh())
  t.type((await new ClientCredentials(config).getToken({ scope: 'read' })).token.access_token, 'string')
})

t.test('people sign in at a page, by a click, by name and password, or not at all', async t => {
  const { app, url, client } = await provider(t, { clients: { app: { ...APP, name: 'The <App>' } } })
  const { address, checks } = await begin(client, { login_hint: 'bob' })
  const response = await fetch(address)
  const html = await response.text()
  t.equal(response.status, 200)
  t.match(html, 'The &lt;App&gt;')
  t.match(html, 'value="ann"')
  t.notMatch(html, 'value="late"', 'nobody whose tokens are deliberately bad')
  t.notMatch(html, '<App>')
  const interaction = /name="interaction" value="([^"]+)"/.exec(html)?.[1] ?? ''

  const wrong = await fetch(`${url}/authorize`, form({ interaction, username: 'ann', password: 'no' }))
  t.equal(wrong.status, 400)
  t.match(await wrong.text(), 'The name or the password is wrong.')
  const back = await sentTo(`${url}/authorize`, form({ interaction, username: 'ann@acme.test', password: 'secret' }))
  t.equal((await openid.authorizationCodeGrant(client, back, checks)).claims()?.sub, 'ann')
  t.match(String(await sentTo(`${url}/authorize`, form({ interaction, persona: 'bob' }))), 'none:400', 'once')

  const other = await begin(client)
  const page = await (await fetch(other.address)).text()
  const refused = await sentTo(`${url}/authorize`, form({ interaction: /name="interaction" value="([^"]+)"/.exec(page)?.[1] ?? '', refuse: 'yes' }))
  t.equal(refused.searchParams.get('error'), 'access_denied')
  t.equal(refused.searchParams.get('state'), other.checks.expectedState)
  await app.mock.verify({ path: '/authorize' }, 6)
})

t.test('a session saves the page, as far as prompt and max_age allow', async t => {
  const { app, url, client } = await provider(t)
  const first = await (await fetch((await begin(client)).address)).text()
  const clicked = await fetch(`${url}/authorize`, { ...form({ interaction: /name="interaction" value="([^"]+)"/.exec(first)?.[1] ?? '', persona: 'ann' }), redirect: 'manual' })
  const cookie = clicked.headers.getSetCookie().join().split(';')[0] ?? ''
  t.match(clicked.headers.getSetCookie().join(), /HttpOnly; SameSite=Lax/)
  const again = async (parameters: Record<string, string>, sent = cookie) => await sentTo((await begin(client, parameters)).address, { headers: { cookie: sent } })
  t.ok((await again({})).searchParams.has('code'))
  t.ok((await again({ prompt: 'none' })).searchParams.has('code'))
  t.equal((await again({ prompt: 'none' }, '')).searchParams.get('error'), 'login_required')
  t.match(String(await again({ prompt: 'login' })), 'none:200')
  t.ok((await again({ max_age: '60' })).searchParams.has('code'))
  app.mock.clock.advance(61_000)
  t.match(String(await again({ max_age: '60' })), 'none:200')
  t.equal((await again({ prompt: 'none login' })).searchParams.get('error'), 'invalid_request')
})

t.test('nobody is sent to an address that is not registered, and no mistake about one is told there', async t => {
  const { url, client } = await provider(t, { login: 'auto', clients: { app: APP } })
  for (const redirect of ['http://127.0.0.1:1/other', 'https://evil.test/callback', 'http://user@127.0.0.1:1/callback', `${CALLBACK}#x`, 'javascript:alert(1)', `${CALLBACK}/../x`]) {
    t.match(String(await sentTo((await begin(client, { redirect_uri: redirect })).address)), 'none:400', redirect)
  }
  t.match(String(await sentTo(`${url}/authorize?client_id=nobody&redirect_uri=${CALLBACK}&response_type=code`)), 'none:400')
  t.ok((await sentTo((await begin(client, { redirect_uri: 'http://127.0.0.1:50123/callback' })).address)).searchParams.has('code'), 'any port of a loopback address')
  const open = await provider(t, { login: 'auto' })
  t.match(String(await sentTo((await begin(open.client, { redirect_uri: 'javascript:alert(1)' })).address)), 'none:400')
})

t.test('mistakes of authorization requests are told to the client', async t => {
  const { client } = await provider(t, { login: 'auto', pkce: 'required', clients: { app: { ...APP, scopes: ['openid', 'profile', 'email'] } } })
  const told = async (parameters: Record<string, string>) => (await sentTo((await begin(client, parameters)).address)).searchParams.get('error')
  t.equal(await told({ response_type: 'token' }), 'unsupported_response_type')
  t.equal(await told({ scope: 'openid admin' }), 'invalid_scope')
  t.equal(await told({ code_challenge_method: 'plain' }), 'invalid_request')
  t.equal(await told({ code_challenge: '' }), 'invalid_request')
  t.equal(await told({ request: 'x' }), 'request_not_supported')
  t.equal(await told({ response_mode: 'pigeon' }), 'invalid_request')
})

t.test('codes are good once, for their client, their address, their verifier, and a minute', async t => {
  const { app, client } = await provider(t, { login: 'auto' })
  const { address, checks } = await begin(client)
  const back = await sentTo(address)
  t.equal(await errorOf(openid.authorizationCodeGrant(client, back, { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() })), 'invalid_grant')
  const tokens = await openid.authorizationCodeGrant(client, back, checks)
  t.equal(await errorOf(openid.authorizationCodeGrant(client, back, checks)), 'invalid_grant')
  t.equal(await errorOf(openid.fetchUserInfo(client, tokens.access_token, 'ann')), 401, 'what came of it is revoked')
  const late = await begin(client)
  const sent = await sentTo(late.address)
  app.mock.clock.advance(61_000)
  t.equal(await errorOf(openid.authorizationCodeGrant(client, sent, late.checks)), 'invalid_grant')
})

t.test('answers come in the fragment or as a form as well', async t => {
  const { client } = await provider(t, { login: 'auto' })
  const fragment = await sentTo((await begin(client, { response_mode: 'fragment' })).address)
  t.equal(fragment.search, '')
  t.ok(new URLSearchParams(fragment.hash.slice(1)).has('code'))
  const page = await (await fetch((await begin(client, { response_mode: 'form_post', state: '"><script>' })).address)).text()
  t.match(page, `<form method="post" action="${CALLBACK}">`)
  t.match(page, 'value="&quot;&gt;&lt;script&gt;"')
})

t.test('clients authenticate as they are registered', async t => {
  const jose = await import('jose')
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
  const key = { ...await jose.exportJWK(publicKey), kty: 'EC', alg: 'ES256' }
  const { url } = await provider(t, { clients: { app: APP, signer: { jwks: { keys: [key] } }, post: { secret: 's', token_endpoint_auth_method: 'client_secret_post' }, spa: {} } })
  const ask = async (client: openid.Configuration) => await errorOf(openid.clientCredentialsGrant(client)) ?? 'yes'
  const configure = async (id: string, authentication: openid.ClientAuth) => await openid.discovery(new URL(url), id, undefined, authentication, { execute: [openid.allowInsecureRequests] })
  t.equal(await ask(await configure('app', openid.ClientSecretBasic('app-secret'))), 'yes')
  t.equal(await ask(await configure('app', openid.ClientSecretPost('app-secret'))), 'yes')
  t.equal(await ask(await configure('app', openid.ClientSecretPost('wrong'))), 'invalid_client')
  t.equal(await ask(await configure('app', openid.None())), 'invalid_client')
  t.equal(await ask(await configure('app', openid.ClientSecretJwt('app-secret'))), 'yes')
  t.equal(await ask(await configure('signer', openid.PrivateKeyJwt(privateKey))), 'yes')
  t.equal(await ask(await configure('signer', openid.PrivateKeyJwt((await jose.generateKeyPair('ES256')).privateKey))), 'invalid_client')
  t.equal(await ask(await configure('post', openid.ClientSecretBasic('s'))), 401)
  t.equal(await ask(await configure('spa', openid.None())), 'unauthorized_client')
  const basic = await fetch(`${url}/token`, { ...form({ grant_type: 'client_credentials' }), headers: { authorization: `Basic ${btoa('app:no')}` } })
  t.equal(basic.status, 401)
  t.match(basic.headers.get('www-authenticate'), 'Basic')
})

t.test('devices are signed in elsewhere, and told to wait', async t => {
  const { app, url, client } = await provider(t)
  const begun = await openid.initiateDeviceAuthorization(client, { scope: 'openid' })
  const ask = async (code: string) => await json(await fetch(`${url}/token`, form({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code, client_id: 'app', client_secret: 'x' })))
  const poll = async () => await ask(begun.device_code)
  t.equal((await poll()).error, 'authorization_pending')
  t.equal((await poll()).error, 'slow_down')
  t.match(await (await fetch(begun.verification_uri_complete ?? '')).text(), begun.user_code)
  t.match(await (await fetch(begun.verification_uri, form({ user_code: 'XXXX-XXXX' }))).text(), 'The code is unknown')
  t.match(await (await fetch(begun.verification_uri, form({ user_code: begun.user_code.toLowerCase().replace('-', ' '), persona: 'ann' }))).text(), 'The device is signed in')
  const tokens = await poll()
  t.type(tokens.id_token, 'string')
  t.equal((await poll()).error, 'invalid_grant', 'once')
  const other = await openid.initiateDeviceAuthorization(client, {})
  app.mock.clock.advance(601_000)
  t.equal((await ask(other.device_code)).error, 'expired_token')
})

t.test('tokens are exchanged, for others and by others', async t => {
  const { client } = await provider(t, { login: 'auto' })
  const subject = await signIn(client, { scope: 'openid read' })
  const actor = await openid.clientCredentialsGrant(client)
  const type = 'urn:ietf:params:oauth:token-type:access_token'
  const exchange = async (fields: Record<string, string>) => await openid.genericGrantRequest(client, 'urn:ietf:params:oauth:grant-type:token-exchange', { subject_token: subject.access_token, subject_token_type: type, ...fields })
  const { access_token: token } = await exchange({ scope: 'read', audience: 'orders', actor_token: actor.access_token, actor_token_type: type })
  t.match(await openid.tokenIntrospection(client, token), { active: true, sub: 'ann', aud: 'orders', scope: 'read', act: { sub: 'app' } })
  t.equal(await errorOf(exchange({ scope: 'write' })), 'invalid_scope')
  t.equal(await errorOf(exchange({ subject_token: 'nonsense' })), 'invalid_request')
})

t.test('a name and a password give tokens', async t => {
  const { client } = await provider(t)
  const grant = async (username: string, password: string) => await openid.genericGrantRequest(client, 'password', { username, password, scope: 'openid read write' })
  t.equal((await grant('ann', 'secret')).scope, 'openid read write')
  t.equal((await grant('bob', 'any')).scope, 'openid read', 'no more than the persona has')
  t.equal(await errorOf(grant('ann', 'wrong')), 'invalid_grant')
  t.equal(await errorOf(grant('nobody', 'any')), 'invalid_grant')
})

t.test('people sign out, and are sent on to registered addresses alone', async t => {
  const { client } = await provider(t, { login: 'auto', clients: { app: APP } })
  const { id_token: hint = '' } = await signIn(client)
  const out = async (parameters: Record<string, string>) => await sentTo(openid.buildEndSessionUrl(client, { id_token_hint: hint, ...parameters }))
  t.equal((await out({ post_logout_redirect_uri: 'http://127.0.0.1:1/bye', state: 's' })).href, 'http://127.0.0.1:1/bye?state=s')
  t.match(String(await out({ post_logout_redirect_uri: 'https://evil.test/' })), 'none:400')
  t.match(String(await out({})), 'none:200')
  t.match(String(await out({ id_token_hint: 'x.y.z' })), 'none:400')
})

t.test('tokens expire by the clock, and endpoints of the mock server take them', async t => {
  const { app, url, client } = await provider(t, { login: 'auto' }, {
    security_schemes: { login: { type: 'openIdConnect', jwt: true } },
    endpoints: [{ path: '/orders', security: [{ login: [] }], response: { by: '{{request.auth.sub}}' } }]
  })
  const { access_token: token } = await signIn(client)
  const call = async () => await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } })
  t.same(await (await call()).json(), { by: 'ann' })
  app.mock.clock.advance(3_601_000)
  t.equal((await call()).status, 401)
  t.same(await openid.tokenIntrospection(client, token), { active: false })
})

t.test('tokens may say nothing by themselves', async t => {
  const { client } = await provider(t, { login: 'auto', access_token_format: 'opaque' })
  const { access_token: token } = await signIn(client)
  t.notMatch(token, /\./)
  t.equal((await openid.fetchUserInfo(client, token, 'ann')).sub, 'ann')
})

t.test('the endpoints fail and are logged like any other, by id and by tag', async t => {
  const { app, client } = await provider(t, {}, { profiles: { down: { endpoints: { 'oidc POST /token': { failure: { first: 1, status: 503 } } } } } })
  app.mock.profiles.use('down')
  await t.rejects(openid.clientCredentialsGrant(client))
  t.ok(await openid.clientCredentialsGrant(client))
  await app.mock.verify('POST /token', 2)
})

t.test('a path, a prefix, an issuer and endpoints of its own', async t => {
  const { app, url } = await listen(t, { oidc: { path: '/auth' }, endpoints: [{ path: '/oauth2/token', oidc: 'token' }] })
  const client = await openid.discovery(new URL(`${url}/auth`), 'app', 'x', undefined, { execute: [openid.allowInsecureRequests] })
  t.equal(client.serverMetadata().issuer, `${url}/auth`)
  t.ok(await openid.clientCredentialsGrant(client))
  t.equal((await app.inject('/.well-known/oauth-authorization-server/auth')).json().token_endpoint, 'http://localhost:80/oauth2/token')
  const fixed = await listen(t, { oidc: { issuer: 'https://login.test' } })
  t.match((await fixed.app.inject('/.well-known/openid-configuration')).json(), { issuer: 'https://login.test', token_endpoint: 'https://login.test/token' })
  await app.mock.reload({ endpoints: [] })
  t.equal((await app.inject('/auth/.well-known/openid-configuration')).statusCode, 404)
})

t.test('pages of other origins may ask for tokens', async t => {
  const { url } = await provider(t)
  const asked = await fetch(`${url}/token`, { method: 'OPTIONS', headers: { origin: 'https://app.test', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } })
  t.equal(asked.status, 204)
  t.equal(asked.headers.get('access-control-allow-origin'), '*')
  t.equal(asked.headers.get('access-control-allow-headers'), 'authorization')
})

t.test('mistakes in the configuration are told', async t => {
  const { app } = await listen(t)
  await t.rejects(app.mock.reload({ endpoints: [{ path: '/token', oidc: 'token' }] }), /there is none: 'oidc' is missing/)
  await t.rejects(app.mock.reload({ oidc: true, endpoints: [{ path: '/token', method: 'POST', oidc: 'token', response: {} }] }), /stands beside 'oidc'/)
  await t.rejects(app.mock.reload({ oidc: { clients: { a: { redirect_uris: ['/callback'] } } } }), /no address that people can be sent to/)
  await t.rejects(app.mock.reload({ oidc: { clients: { a: { token_endpoint_auth_method: 'private_key_jwt' } } } }), /has no 'jwks'/)
})

const executablePath = findChromium()

t.test('a browser clicks through the page, and posts the answer', { skip: executablePath === undefined && 'no Chromium' }, async t => {
  const received: string[] = []
  const site = createServer((request, response) => {
    request.on('data', chunk => received.push(String(chunk))).on('end', () => response.setHeader('content-type', 'text/html').end('<h1>Back at the application</h1>'))
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  t.teardown(() => site.close())
  const address = site.address()
  const callback = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/callback`
  const { client } = await provider(t, { clients: { app: { ...APP, redirect_uris: [callback] } } })
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()

  const first = await begin(client, { redirect_uri: callback })
  await page.goto(first.address.href)
  await page.getByRole('button', { name: 'ann' }).click()
  await page.getByRole('heading', { name: 'Back at the application' }).waitFor()
  const tokens = await openid.authorizationCodeGrant(client, new URL(page.url()), first.checks)
  t.equal(tokens.claims()?.sub, 'ann')

  const second = await begin(client, { redirect_uri: callback, response_mode: 'form_post', prompt: 'login' })
  await page.goto(second.address.href)
  await page.getByLabel('Name or e-mail').fill('ann')
  await page.getByLabel('Password').fill('secret')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Back at the application' }).waitFor()
  t.match(received.join(''), /^code=/)
})

t.test('the examples of docs/oidc.md', async t => {
  const page = await readFile(new URL('../docs/oidc.md', import.meta.url), 'utf8')
  const examples = [...page.matchAll(/```yaml\n(.*?)```\n\n((?: {4}curl [^\n]*\n)+)/gs)]
  t.equal(examples.length, 3)
  for (const [, config = '', requests = ''] of examples) {
    const app = await build(t, parse(config) as MockPluginOptions)
    const lines = [...requests.matchAll(/^ {4}curl localhost:3000(\S+)(?: -d '([^']+)')? +# (\d{3})$/gm)]
    t.equal(lines.length, requests.trimEnd().split('\n').length)
    for (const [line, url = '', body, status] of lines) {
      const answer = await app.inject(body === undefined ? url : { url, method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
      t.equal(String(answer.statusCode), status, line)
    }
  }
  const [, config = ''] = examples[0] ?? []
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? []
  const folder = t.testdir({ 'example.mjs': `import assert from 'node:assert/strict'\nexport default async url => {\n${code}}\n` })
  const { url } = await listen(t, parse(config) as MockPluginOptions)
  const { default: run } = await import(pathToFileURL(join(folder, 'example.mjs')).href)
  await t.resolves(run(url))
})
