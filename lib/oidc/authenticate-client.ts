import { timingSafeEqual, createHash } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { SECRET_ALGORITHMS } from '../jwt/algorithm.ts'
import { messageOf } from '../message-of.ts'
import { credentialsOf } from '../security/credentials.ts'
import type { Call, Provider } from './call.ts'
import { findClient, type Client } from './clients.ts'
import { OAuthError } from './oauth-error.ts'

type Method = 'none' | 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt'

interface Shown {
  readonly id: string
  readonly method: Method
  /** The secret, or the assertion. */
  readonly proof: string
}

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Clocks of clients may differ by so many seconds. */
const TOLERANCE = 30

/**
 * Finds out which client asks (RFC 6749, section 2.3; RFC 7523; OpenID Connect Core 1.0, section 9). Where no client is registered, any is
 * taken at its word.
 *
 * @throws OAuthError
 */
export async function authenticateClient (call: Call, provider: Provider): Promise<Client> {
  const shown = shownBy(call)
  const client = findClient(shown.id, provider)
  if (client === undefined) throw denied(call, `the client ${shown.id} is unknown`)
  const { registered } = client
  if (registered === undefined) return client
  const { secret, jwks, token_endpoint_auth_method: only } = registered
  if (only !== undefined && only !== shown.method) throw denied(call, `the client is registered for ${only}, and used ${shown.method}`)
  switch (shown.method) {
    case 'none':
      if (secret !== undefined || jwks !== undefined) throw denied(call, 'the client has to authenticate')
      break
    case 'client_secret_basic':
    case 'client_secret_post':
      // Public clients of many libraries send an empty secret.
      if (secret === undefined ? shown.proof !== '' : !isSame(secret, shown.proof)) throw denied(call, 'the secret is not that of the client')
      break
    default: await checkAssertion(shown, client, call)
  }
  return client
}

function shownBy (call: Call): Shown {
  const { headers: { authorization }, parameters } = call
  const ways: Shown[] = []
  const credentials = credentialsOf(typeof authorization === 'string' ? authorization : undefined)
  const id = parameters.get('client_id')
  if (credentials?.scheme === 'basic') ways.push(basic(credentials.value, call))
  const assertion = parameters.get('client_assertion')
  if (assertion !== undefined) ways.push(asserted(assertion, call))
  const secret = parameters.get('client_secret')
  if (secret !== undefined && id !== undefined) ways.push({ id, method: 'client_secret_post', proof: secret })
  if (ways.length > 1) throw new OAuthError('invalid_request', 'the client authenticates in more than one way')
  const [way = id === undefined ? undefined : { id, method: 'none', proof: '' } satisfies Shown] = ways
  if (way === undefined) throw denied(call, 'there is no client_id')
  if (id !== undefined && id !== way.id) throw new OAuthError('invalid_request', 'client_id is not that of the client which authenticates')
  return way
}

function basic (value: string, call: Call): Shown {
  const text = Buffer.from(value, 'base64').toString()
  const at = text.indexOf(':')
  if (at === -1) throw denied(call, 'the header Authorization does not hold an id and a secret')
  return { id: formDecoded(text.slice(0, at)), method: 'client_secret_basic', proof: formDecoded(text.slice(at + 1)) }
}

/** RFC 6749, section 2.3.1: both are encoded as in a form, which many leave out. */
function formDecoded (text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function asserted (assertion: string, call: Call): Shown {
  if (call.parameters.get('client_assertion_type') !== ASSERTION) throw new OAuthError('invalid_request', `client_assertion_type has to be ${ASSERTION}`)
  try {
    const [head = '', body = ''] = assertion.split('.')
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString())
    const { sub } = JSON.parse(Buffer.from(body, 'base64url').toString())
    if (typeof sub !== 'string') throw denied(call, 'client_assertion names no client in sub')
    return { id: sub, method: SECRET_ALGORITHMS.includes(alg) ? 'client_secret_jwt' : 'private_key_jwt', proof: assertion }
  } catch (error) {
    throw error instanceof OAuthError ? error : denied(call, 'client_assertion is no JSON Web Token')
  }
}

async function checkAssertion ({ id, method, proof }: Shown, { registered }: Client, call: Call): Promise<void> {
  const { jwtVerify, createLocalJWKSet } = await import('jose')
  const options = {
    issuer: id,
    subject: id,
    audience: [call.issuer, call.urlOf('token'), call.urlOf('introspect'), call.urlOf('revoke'), call.urlOf('device_authorization')],
    requiredClaims: ['exp', 'jti'],
    currentDate: new Date(call.now),
    clockTolerance: TOLERANCE
  }
  let payload: JWTPayload
  try {
    if (method === 'client_secret_jwt') {
      if (registered?.secret === undefined) throw new Error('the client has no secret')
      payload = (await jwtVerify(proof, new TextEncoder().encode(registered.secret), { ...options, algorithms: [...SECRET_ALGORITHMS] })).payload
    } else {
      if (registered?.jwks === undefined) throw new Error('the client has no jwks')
      payload = (await jwtVerify(proof, createLocalJWKSet(registered.jwks), options)).payload
    }
  } catch (error) {
    throw denied(call, `client_assertion does not count: ${messageOf(error)}`)
  }
  const key = `${id} ${payload.jti}`
  if (call.state.assertions.find(key, call.now) === true) throw denied(call, 'client_assertion was used before')
  call.state.assertions.put(key, true, ((payload.exp ?? 0) + TOLERANCE) * 1000)
}

/** Compared in constant time, whatever the lengths. */
function isSame (secret: string, shown: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(secret), hash(shown))
}

/** RFC 6749, section 5.2: a challenge for those who used the header. */
function denied ({ headers }: Call, description: string): OAuthError {
  return new OAuthError('invalid_client', description, { status: 401, ...headers.authorization !== undefined && { headers: { 'www-authenticate': 'Basic realm="oidc"' } } })
}
