import { randomInt } from 'node:crypto'
import { authenticateClient } from './authenticate-client.ts'
import { NO_STORE, type Call, type OidcAnswer, type Operate, type Provider } from './call.ts'
import { checkGrantType, checkScopes, displayName } from './clients.ts'
import { alert, escapeHtml, notice, page } from './html.ts'
import { opaque } from './issue-tokens.ts'
import { beginLogin } from './login-cookie.ts'
import { loginPage } from './login-page.ts'
import { wordsOf } from './parameters.ts'
import { findPerson } from './people.ts'
import { personShown } from './person-shown.ts'
import { resourcesOf } from './resources.ts'
import type { Device } from './state.ts'

const LIFETIME = 600
const INTERVAL = 5

/** Consonants: no words, and none that is taken for another one (RFC 8628, section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** Gives a device two codes: one for itself, one for people to type in elsewhere (RFC 8628, section 3.2). */
export const deviceAuthorization: Operate = async (call, provider) => {
  const client = await authenticateClient(call, provider)
  checkGrantType(client, 'urn:ietf:params:oauth:grant-type:device_code')
  const { parameters, state, now } = call
  const scopes = wordsOf(parameters.get('scope'))
  checkScopes(client, scopes)
  const { device_code_ttl_s: lifetime = LIFETIME, device_interval_s: interval = INTERVAL, login } = provider.options
  const code = opaque()
  const userCode = Array.from({ length: 8 }, (_, i) => `${i === 4 ? '-' : ''}${LETTERS[randomInt(LETTERS.length)]}`).join('')
  const expires = now + lifetime * 1000
  const device: Device = { client: client.id, scopes, resources: resourcesOf(parameters), userCode, expires, status: 'pending', interval: interval * 1000, askedAt: undefined }
  const [first] = provider.people
  if (login === 'auto') device.status = first === undefined ? 'denied' : { sid: opaque(), person: hinted(call, provider) ?? first, at: now }
  state.devices.put(code, device, expires + LIFETIME * 1000)
  state.userCodes.put(plain(userCode), device, expires)
  const address = call.urlOf('device')
  return {
    status: 200,
    headers: NO_STORE,
    body: { device_code: code, user_code: userCode, verification_uri: address, verification_uri_complete: `${address}?user_code=${userCode}`, expires_in: Math.floor(lifetime), interval }
  }
}

function hinted ({ parameters }: Call, { people }: Provider) {
  const hint = parameters.get('login_hint')
  return hint === undefined ? undefined : findPerson(people, hint)
}

/** Where people type in the code of a device, and sign in (RFC 8628, section 3.3). */
export const device: Operate = (call, provider) => {
  const typed = call.parameters.get('user_code')
  if (typed === undefined) return codePage(call)
  const found = call.state.userCodes.find(plain(typed), call.now)
  if (found === undefined) return codePage(call, 'The code is unknown, was used, or has expired.')
  if (found.status !== 'pending') return codePage(call, 'The code was used before.')
  const ask = (mistake?: string): OidcAnswer => loginPage({ action: call.urlOf('device'), fields: { user_code: found.userCode }, client: displayName(found.client, provider), code: found.userCode, mistake }, provider)
  const { parameters } = call
  if (call.method !== 'POST' || !['persona', 'username', 'refuse'].some(name => parameters.get(name) !== undefined)) return ask()
  if (parameters.get('refuse') !== undefined) {
    found.status = 'denied'
    return notice('Cancelled', 'The device is not signed in. You can close this page.')
  }
  const person = personShown(call, provider)
  if (typeof person === 'string') return ask(person)
  const { login, cookie } = beginLogin(call, provider, person)
  found.status = login
  return notice('Signed in', 'The device is signed in. You can close this page.', { headers: { 'set-cookie': cookie } })
}

/** However people write it. */
const plain = (code: string): string => code.toUpperCase().replace(/[^A-Z]/g, '')

function codePage (call: Call, mistake?: string): OidcAnswer {
  return page('Sign in a device', `
<p>Type in the code that the device shows.</p>
${alert(mistake)}
<form method="post" action="${escapeHtml(call.urlOf('device'))}"><label for="user_code">Code</label><input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
<button class="main">Continue</button></form>`, { status: mistake === undefined ? 200 : 400 })
}
