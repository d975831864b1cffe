import type { Call, Provider } from './call.ts'
import { allowsRedirect, checkGrantType, checkScopes, findClient, type Client } from './clients.ts'
import { OAuthError } from './oauth-error.ts'
import { wordsOf, type Parameters } from './parameters.ts'
import { resourcesOf } from './resources.ts'
import type { AuthorizationRequest } from './state.ts'

/** Where the answer goes to. */
export type Destination = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state' | 'isRedirectNamed'> & { readonly client: Client }

const MODES = ['query', 'fragment', 'form_post'] as const
const PROMPTS = ['none', 'login', 'consent', 'select_account']

/**
 * Where an authorization request may be answered to. What is wrong with it is told to the person: nobody is sent to an address that is not
 * sound (RFC 6749, section 4.1.2.1).
 *
 * @throws OAuthError
 */
export function readDestination ({ parameters }: Call, provider: Provider): Destination {
  const id = parameters.need('client_id')
  const client = findClient(id, provider)
  if (client === undefined) throw new OAuthError('invalid_request', `The client '${id}' is not one of oidc.clients.`)
  const named = parameters.get('redirect_uri')
  const known = client.registered?.redirect_uris ?? []
  const redirectUri = named ?? (known.length === 1 ? known[0] : undefined)
  if (redirectUri === undefined) throw new OAuthError('invalid_request', 'redirect_uri is missing.')
  if (!allowsRedirect(redirectUri, client)) {
    throw new OAuthError('invalid_request', client.registered === undefined
      ? `redirect_uri '${redirectUri}' is no address that anybody can be sent to: an absolute one, without a fragment, is needed.`
      : `redirect_uri '${redirectUri}' is not one of oidc.clients.${id}.redirect_uris; it has to stand there as it is.`)
  }
  const mode = parameters.get('response_mode')
  const state = parameters.get('state')
  return { client, redirectUri, isRedirectNamed: named !== undefined, responseMode: MODES.find(known => known === mode) ?? 'query', state }
}

/**
 * What is asked for. What is wrong with it is told to the client.
 *
 * @throws OAuthError
 */
export function readAuthorizationRequest ({ parameters }: Call, { options }: Provider, { client, ...destination }: Destination): AuthorizationRequest {
  const mode = parameters.get('response_mode')
  if (mode !== undefined && !MODES.some(known => known === mode)) throw new OAuthError('invalid_request', `response_mode has to be one of ${MODES.join(', ')}`)
  if (parameters.get('request') !== undefined) throw new OAuthError('request_not_supported', 'request objects are not supported')
  if (parameters.get('request_uri') !== undefined) throw new OAuthError('request_uri_not_supported', 'request_uri is not supported')
  if (parameters.get('registration') !== undefined) throw new OAuthError('registration_not_supported', 'registration is not supported')
  const type = parameters.need('response_type')
  if (type !== 'code') throw new OAuthError('unsupported_response_type', `the response type ${type} is not supported, only code`)
  checkGrantType(client, 'authorization_code')
  const scopes = wordsOf(parameters.get('scope'))
  checkScopes(client, scopes)
  const prompts = wordsOf(parameters.get('prompt'))
  const strange = prompts.find(prompt => !PROMPTS.includes(prompt))
  if (strange !== undefined) throw new OAuthError('invalid_request', `prompt ${strange} is not one of ${PROMPTS.join(', ')}`)
  if (prompts.includes('none') && prompts.length > 1) throw new OAuthError('invalid_request', 'prompt none stands alone')
  return {
    ...destination,
    client: client.id,
    scopes,
    nonce: parameters.get('nonce'),
    challenge: challengeOf(parameters, options),
    prompts,
    maxAge: maxAgeOf(parameters),
    loginHint: parameters.get('login_hint'),
    acr: wordsOf(parameters.get('acr_values'))[0],
    resources: resourcesOf(parameters)
  }
}

/** RFC 7636, section 4.3. */
function challengeOf (parameters: Parameters, { pkce, pkce_plain: isPlainTaken = false }: Provider['options']): AuthorizationRequest['challenge'] {
  const value = parameters.get('code_challenge')
  const method = parameters.get('code_challenge_method')
  if (value === undefined) {
    if (method !== undefined) throw new OAuthError('invalid_request', 'there is a code_challenge_method without a code_challenge')
    if (pkce === 'required') throw new OAuthError('invalid_request', 'code_challenge is missing')
    return undefined
  }
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(value)) throw new OAuthError('invalid_request', 'code_challenge has to be 43 to 128 letters, digits, and . _ ~ -')
  if (method === 'S256') return { value, method }
  if ((method === undefined || method === 'plain') && isPlainTaken) return { value, method: 'plain' }
  throw new OAuthError('invalid_request', isPlainTaken ? 'code_challenge_method has to be S256 or plain' : 'code_challenge_method has to be S256')
}

function maxAgeOf (parameters: Parameters): number | undefined {
  const text = parameters.get('max_age')
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw new OAuthError('invalid_request', 'max_age has to be a number of seconds')
  return Number(text)
}
