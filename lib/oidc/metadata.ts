import { KEY_PAIR_ALGORITHMS, SECRET_ALGORITHMS } from '../jwt/algorithm.ts'
import type { Call, Operate } from './call.ts'
import type { OidcOperation } from '../config-keys/oidc.ts'
import { STANDARD_CLAIMS, STANDARD_SCOPES } from './people.ts'
import { GRANT_TYPES } from './token.ts'

const ENDPOINTS: ReadonlyArray<readonly [member: string, operation: OidcOperation]> = [
  ['authorization_endpoint', 'authorize'],
  ['token_endpoint', 'token'],
  ['jwks_uri', 'jwks'],
  ['userinfo_endpoint', 'userinfo'],
  ['introspection_endpoint', 'introspect'],
  ['revocation_endpoint', 'revoke'],
  ['end_session_endpoint', 'logout'],
  ['device_authorization_endpoint', 'device_authorization']
]

const AUTHENTICATION = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none']

/** OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2. */
export const metadata: Operate = async (call, { options, keys, paths }) => {
  const { alg } = await keys.signingKey()
  const served = ENDPOINTS.filter(([, operation]) => paths[operation] !== undefined)
  const assertions = [...KEY_PAIR_ALGORITHMS, ...SECRET_ALGORITHMS]
  return {
    status: 200,
    body: {
      issuer: call.issuer,
      ...Object.fromEntries(served.map(([member, operation]) => [member, call.urlOf(operation)])),
      scopes_supported: [...new Set([...STANDARD_SCOPES, ...options.scopes ?? []])],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: GRANT_TYPES,
      acr_values_supported: ['0'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set([alg, 'RS256'])],
      token_endpoint_auth_methods_supported: AUTHENTICATION,
      token_endpoint_auth_signing_alg_values_supported: assertions,
      introspection_endpoint_auth_methods_supported: AUTHENTICATION,
      introspection_endpoint_auth_signing_alg_values_supported: assertions,
      revocation_endpoint_auth_methods_supported: AUTHENTICATION,
      revocation_endpoint_auth_signing_alg_values_supported: assertions,
      claims_supported: [...STANDARD_CLAIMS, 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'azp', 'at_hash', 'sid'],
      claim_types_supported: ['normal'],
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      code_challenge_methods_supported: options.pkce_plain === true ? ['S256', 'plain'] : ['S256'],
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false
    }
  }
}

export const jwks: Operate = async (_call: Call, { keys }) => {
  // Made here, where it has not been needed yet: a set of keys that is fetched before the first token has to have its key.
  await keys.signingKey()
  return { status: 200, body: await keys.jwks() }
}
