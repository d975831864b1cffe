import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const Seconds = (description: string) => Type.Number({ exclusiveMinimum: 0, description })
const Addresses = (description: string) => Type.Array(Type.String({ minLength: 1 }), { description })

const ClientAuthentication = Type.Union([
  Type.Literal('none'), Type.Literal('client_secret_basic'), Type.Literal('client_secret_post'), Type.Literal('client_secret_jwt'), Type.Literal('private_key_jwt')
], { description: 'The only way in which it may say who it is. Default: any that fits its secret or keys.' })

const GrantType = Type.Union([
  Type.Literal('authorization_code'), Type.Literal('refresh_token'), Type.Literal('client_credentials'), Type.Literal('password'),
  Type.Literal('urn:ietf:params:oauth:grant-type:device_code'), Type.Literal('urn:ietf:params:oauth:grant-type:token-exchange')
])
export type GrantType = Static<typeof GrantType>

export const OidcClient = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, description: 'What the login page calls it. Default: its id.' })),
  secret: Type.Optional(Type.String({ minLength: 1, description: 'Its secret. A client with neither secret nor `jwks` is a public one.' })),
  jwks: Type.Optional(Type.Object({ keys: Type.Array(Type.Object({ kty: Type.String() }, { additionalProperties: true }), { minItems: 1 }) }, { ...strict, description: 'Its public keys (JWK Set), for `private_key_jwt`.' })),
  token_endpoint_auth_method: Type.Optional(ClientAuthentication),
  redirect_uris: Type.Optional(Addresses('Where it may have people sent back to, compared as they stand; of addresses with 127.0.0.1 or [::1], any port (RFC 8252). Default: none.')),
  post_logout_redirect_uris: Type.Optional(Addresses('The same after a logout. Default: none.')),
  grant_types: Type.Optional(Type.Array(GrantType, { minItems: 1, description: 'What it may ask tokens with. Default: all that the provider takes.' })),
  scopes: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: 'The scopes that it may ask for. Default: any.' }))
}, { ...strict, description: 'A client, as it is registered.' })
export type OidcClient = Static<typeof OidcClient>

export const OidcOptions = Type.Object({
  issuer: Type.Optional(Type.String({ pattern: '^https?://[^?#]+$', patternErrorMessage: 'an address that starts with http:// or https://, without a query', description: 'What the provider calls itself, in tokens as well. Default: the origin of each request, with `path`.' })),
  path: Type.Optional(Type.String({ pattern: '^(/.*[^/])?$', patternErrorMessage: "'' or a path that starts with / and does not end with one", description: 'Path that its endpoints are below. Default: none.' })),
  login: Type.Optional(Type.Union([Type.Literal('page'), Type.Literal('auto')], {
    description: '`page`: people see a page to sign in at; `auto`: they are signed in without one, as the persona that `login_hint` names, else as the first. Default: page.'
  })),
  clients: Type.Optional(Type.Record(Type.String(), OidcClient, { description: 'The clients, by id. Default: any, with any secret and any address to be sent back to.' })),
  audience: Type.Optional(Type.String({ minLength: 1, description: 'What access tokens are for, where a request names no `resource` or `audience`. Default: the issuer.' })),
  access_token_format: Type.Optional(Type.Union([Type.Literal('jwt'), Type.Literal('opaque')], { description: 'Whether access tokens are JSON Web Tokens (RFC 9068), or tell nothing to those who do not ask the provider. Default: jwt.' })),
  refresh_tokens: Type.Optional(Type.Union([Type.Literal('always'), Type.Literal('offline_access'), Type.Literal('never')], { description: 'When there are refresh tokens: for all that people sign in to, only with the scope `offline_access`, or never. Default: always.' })),
  refresh_token_rotation: Type.Optional(Type.Boolean({ description: 'Whether each refresh token is good once, and its second use ends all that came of the same login. Default: true.' })),
  pkce: Type.Optional(Type.Union([Type.Literal('optional'), Type.Literal('required')], { description: 'Whether the authorization code needs a `code_challenge` (RFC 7636). Default: optional.' })),
  pkce_plain: Type.Optional(Type.Boolean({ description: 'Whether the challenge method `plain` counts besides `S256`. Default: false.' })),
  scopes: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: 'Scopes that are told in its metadata, besides those of OpenID Connect. Others count as well.' })),
  access_token_ttl_s: Type.Optional(Seconds('How long access tokens last, in seconds. Default: 3600, or `expires_in_s` of the persona.')),
  id_token_ttl_s: Type.Optional(Seconds('How long ID tokens last, in seconds. Default: 3600.')),
  refresh_token_ttl_s: Type.Optional(Seconds('How long refresh tokens last, in seconds. Default: 1209600 (14 days).')),
  code_ttl_s: Type.Optional(Seconds('How long authorization codes last, in seconds. Default: 60.')),
  device_code_ttl_s: Type.Optional(Seconds('How long device codes last, in seconds. Default: 600.')),
  device_interval_s: Type.Optional(Seconds('How long devices have to wait between two questions, in seconds. Default: 5.')),
  session_ttl_s: Type.Optional(Seconds('How long people stay signed in, in seconds. Default: 86400.'))
}, { ...strict, description: 'A little OpenID provider beside the endpoints (docs/oidc.md).' })
export type OidcOptions = Static<typeof OidcOptions>

export const Oidc = Type.Union([Type.Boolean(), OidcOptions], { description: 'A little OpenID provider beside the endpoints, which signs in the `personas` (docs/oidc.md); `true` for all defaults. Default: none.' })

export const OidcOperation = Type.Union([
  Type.Literal('metadata'), Type.Literal('jwks'), Type.Literal('authorize'), Type.Literal('token'), Type.Literal('userinfo'),
  Type.Literal('introspect'), Type.Literal('revoke'), Type.Literal('logout'), Type.Literal('device_authorization'), Type.Literal('device')
], { description: 'The part of the OpenID provider that the endpoint is, instead of where the provider has it by itself. Needs the top-level `oidc`.' })
export type OidcOperation = Static<typeof OidcOperation>
