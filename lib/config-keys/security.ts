import { Type, type Static, type TSchema } from 'typebox'
import { KEY_PAIR_ALGORITHMS, SECRET_ALGORITHMS, type Algorithm } from '../jwt/algorithm.ts'
import { strict } from './json-schema.ts'
import { Sign } from './outgoing.ts'

const Texts = Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })])

const oneOrMany = (description: string) => Type.Unsafe<Static<typeof Texts>>({ ...Texts, description })

const Seconds = (description: string) => Type.Number({ minimum: 0, description })

/** What is known of somebody: claims as in a token (RFC 7519, OpenID Connect Core 1.0, section 5.1). */
const claims = {
  sub: Type.Optional(Type.String({ minLength: 1, description: 'Who it is. Default: the name that it goes by here.' })),
  scope: Type.Optional(oneOrMany('What may be done: scopes, in a list or with spaces between.')),
  roles: Type.Optional(Type.Array(Type.String(), { description: 'Roles.' }))
}

/** Further members are further claims. */
const open = { additionalProperties: true }

/** The seam where a schema that is open says so in its type. */
const withClaims = <Shape extends TSchema>(schema: Shape) => Type.Unsafe<Static<Shape> & { readonly [claim: string]: unknown }>(schema)

const ApiKey = Type.Union([
  Type.String({ minLength: 1 }),
  withClaims(Type.Object({ key: Type.String({ minLength: 1, description: 'The key itself.' }), ...claims }, { ...open, description: 'A key, and who has it; further members are further claims.' }))
])

const User = Type.Union([
  Type.String({ minLength: 1 }),
  withClaims(Type.Object({ password: Type.String({ minLength: 1, description: 'The password.' }), ...claims }, { ...open, description: 'A password, and who has it; further members are further claims.' }))
])

const OpaqueToken = Type.Union([
  Type.String({ minLength: 1 }),
  withClaims(Type.Object({ token: Type.String({ minLength: 1, description: 'The token itself.' }), ...claims }, { ...open, description: 'A token, and who has it; further members are further claims.' }))
])

/** One of a list of names, which TypeBox cannot tell from any text where the list is not spelled out. */
const OneOf = <Name extends string>(names: readonly Name[], options: { description?: string } = {}) => Type.Unsafe<Name>(Type.Union(names.map(name => Type.Literal(name)), options))

const AnyAlgorithm = (description?: string) => OneOf<Algorithm>([...KEY_PAIR_ALGORITHMS, ...SECRET_ALGORITHMS], description === undefined ? {} : { description })

export const JwtCheck = Type.Object({
  algorithms: Type.Optional(Type.Array(AnyAlgorithm(), { minItems: 1, description: 'Algorithms that tokens may be signed with; personas use the first. Default: those that the key can be used with. `none` never counts.' })),
  secret: Type.Optional(Type.String({ minLength: 1, description: 'Shared secret, for HS256, HS384 and HS512.' })),
  key: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Object({ kty: Type.String() }, open)], { description: 'Key of the issuer: PEM text, or a JWK. A private one can sign personas as well.' })),
  key_file: Type.Optional(Type.String({ minLength: 1, description: 'The same in a file, inside the folder of the configuration: PEM, JWK or JWK Set.' })),
  jwks_url: Type.Optional(Type.String({ pattern: '^https?://', patternErrorMessage: 'an address that starts with http:// or https://', description: 'Address of the JWK Set of the issuer, on a loopback address or one of `allowed_hosts`. It is cached, and read anew for an unknown key.' })),
  allowed_hosts: Type.Optional(Type.Array(Type.String(), { description: 'Host names that `jwks_url` may name besides loopback ones.' })),
  verify_signature: Type.Optional(Type.Boolean({ description: 'Whether signatures are checked. `false` takes the tokens of an issuer whose keys nobody here has; `none` is refused all the same. Default: true.' })),
  issuer: Type.Optional(oneOrMany('What `iss` has to be; one of a list.')),
  audience: Type.Optional(oneOrMany('What `aud` has to name; one of a list.')),
  type: Type.Optional(Type.String({ minLength: 1, description: 'What the header `typ` has to be, such as `at+jwt` (RFC 9068).' })),
  required_claims: Type.Optional(Type.Array(Type.String(), { description: 'Claims that there must be. Default: `exp`.' })),
  claims: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Claims that must have these very values: the value itself, or one of a list in the token.' })),
  max_age_s: Type.Optional(Seconds('How long ago `iat` may be, in seconds. Default: any time.')),
  clock_tolerance_s: Type.Optional(Seconds('By how much clocks may differ, in seconds. Default: 0.')),
  scope_claim: Type.Optional(Type.String({ minLength: 1, description: 'Claim that holds the scopes: a name, `a.b`, or a JSON pointer. Default: `scope`, `scp`, `scopes`, `permissions`, whichever there are.' })),
  roles_claim: Type.Optional(Type.String({ minLength: 1, description: 'Claim that holds the roles: a name, `realm_access.roles`, or a JSON pointer. Default: roles.' }))
}, { ...strict, description: 'What is looked at in a JSON Web Token. Without `secret`, `key`, `key_file` and `jwks_url`, the keys are the mock server\'s own.' })
export type JwtCheck = Static<typeof JwtCheck>

export const HmacCheck = Type.Object({
  secret: Type.Optional(Type.String({ minLength: 1, description: 'The shared secret; for `standard` in base64, with or without `whsec_`.' })),
  secrets: Type.Optional(Type.Record(Type.String(), Type.String({ minLength: 1 }), { description: 'Secrets by the id that requests name in `key_id_header`.' })),
  key_id_header: Type.Optional(Type.String({ minLength: 1, description: 'Header that names the secret. Default: x-key-id.' })),
  scheme: Type.Optional(Type.Union([Sign.properties.scheme, Type.Literal('slack'), Type.Literal('canonical')], {
    description: 'What is signed and how it is written: as `github`, `stripe`, `slack` and the Standard Webhooks specification (`standard`) have it, the bare signature of the body (`plain`), ' +
      'or what `signed` says (`canonical`). Default: github.'
  })),
  signed: Type.Optional(Type.String({ minLength: 1, description: 'What `canonical` signs: text with `{method}`, `{url}`, `{path}`, `{query}`, `{timestamp}`, `{body}`, `{body_sha256}` and `{header:name}`; `\\n` is a line break. Default: `{timestamp}\\n{method}\\n{url}\\n{body}`.' })),
  header: Type.Optional(Type.String({ minLength: 1, description: 'Header that carries the signature. Default: by the scheme; x-signature.' })),
  timestamp_header: Type.Optional(Type.String({ minLength: 1, description: 'Header that carries the time, in seconds or milliseconds since the epoch or as a date. Default: by the scheme; x-timestamp.' })),
  tolerance_s: Type.Optional(Seconds('How far the time may be off, in seconds, where a time is signed. Default: 300.')),
  algorithm: Type.Optional(Sign.properties.algorithm),
  encoding: Type.Optional(Type.Union([Type.Literal('hex'), Type.Literal('base64')], { description: 'How `plain` and `canonical` write the signature. Default: hex.' })),
  prefix: Type.Optional(Type.String({ description: 'Text before the signature of `plain` and `canonical`. Default: none.' }))
}, { ...strict, description: 'How requests are signed (HMAC).' })
export type HmacCheck = Static<typeof HmacCheck>

const TlsClient = withClaims(Type.Object({
  subject: Type.Optional(Type.String({ minLength: 1, description: 'Common name of the certificate, or its whole subject: `CN=app, O=Acme`.' })),
  san: Type.Optional(Type.String({ minLength: 1, description: 'One of its subject alternative names: `DNS:app.test`, `URI:spiffe://acme/app`.' })),
  fingerprint: Type.Optional(Type.String({ minLength: 1, description: 'Its SHA-256 fingerprint, in hexadecimal digits with or without colons.' })),
  ...claims
}, { ...open, description: 'A client by its certificate: what stands here has to be equal. Further members are further claims.' }))

const Csrf = Type.Object({
  style: Type.Optional(Type.Union([Type.Literal('double_submit'), Type.Literal('token')], {
    description: '`double_submit`: a cookie that scripts can read, whose value has to be sent again; `token`: the token of the session, which answers tell (`{{request.auth.csrf}}`). Default: double_submit.'
  })),
  cookie: Type.Optional(Type.String({ minLength: 1, description: 'Name of the cookie of `double_submit`. Default: csrf_token.' })),
  header: Type.Optional(Type.String({ minLength: 1, description: 'Header that the token is sent in. Default: x-csrf-token.' })),
  field: Type.Optional(Type.String({ minLength: 1, description: 'Field of a form or JSON body that it may be sent in instead. Default: _csrf.' }))
}, { ...strict, description: 'Protection against forged requests (CSRF), of all methods but GET, HEAD, OPTIONS and TRACE.' })

export const SessionOptions = Type.Object({
  cookie: Type.Optional(Type.String({ minLength: 1, description: 'Name of the cookie. Default: session.' })),
  ttl_s: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'How long a session lasts, in seconds. Default: 3600.' })),
  sliding: Type.Optional(Type.Boolean({ description: 'Whether each request makes it last anew. Default: true.' })),
  secure: Type.Optional(Type.Boolean({ description: 'Whether the cookie is `Secure`. Default: where the request came by HTTPS.' })),
  same_site: Type.Optional(Type.Union([Type.Literal('strict'), Type.Literal('lax'), Type.Literal('none')], { description: 'Its `SameSite`. Default: lax.' })),
  path: Type.Optional(Type.String({ pattern: '^/', patternErrorMessage: 'a path that starts with /', description: 'Its `Path`. Default: /.' })),
  csrf: Type.Optional(Type.Union([Type.Literal(true), Csrf], { description: 'Protection against forged requests; `true` for all defaults. Default: none.' }))
}, { ...strict, description: 'Sessions that a cookie tells; endpoints begin and end them with their `session`.' })
export type SessionOptions = Static<typeof SessionOptions>

export const SecurityScheme = Type.Object({
  type: Type.Union([Type.Literal('apiKey'), Type.Literal('http'), Type.Literal('oauth2'), Type.Literal('openIdConnect'), Type.Literal('mutualTLS'), Type.Literal('hmac'), Type.Literal('session')], {
    description: 'What credentials are, in the words of OpenAPI, and `hmac` and `session`. `oauth2` and `openIdConnect` are bearer tokens.'
  }),
  in: Type.Optional(Type.Union([Type.Literal('header'), Type.Literal('query'), Type.Literal('cookie')], { description: 'Where an `apiKey` is sent.' })),
  name: Type.Optional(Type.String({ minLength: 1, description: 'Name of the header, query parameter or cookie that an `apiKey` is sent in.' })),
  scheme: Type.Optional(Type.String({ minLength: 1, description: 'Scheme of the header `Authorization` for `http`: `basic`, `bearer`, `digest` or another.' })),
  keys: Type.Optional(Type.Array(ApiKey, { description: 'The keys that an `apiKey` may be. Default: any.' })),
  users: Type.Optional(Type.Record(Type.String(), User, { description: 'Names and passwords of `http` with `basic`, and of those who can begin a `session`. Default: any.' })),
  tokens: Type.Optional(Type.Array(OpaqueToken, { description: 'Bearer tokens that count, as they stand. Default: any, where there is no `jwt`.' })),
  jwt: Type.Optional(Type.Union([Type.Literal(true), JwtCheck], { description: 'Bearer tokens, or what an `apiKey` holds, are JSON Web Tokens that are checked; `true` for those of the mock server\'s own keys. Default: not looked into.' })),
  clients: Type.Optional(Type.Array(TlsClient, { description: 'The clients of `mutualTLS`; `[]` for all whose certificate the server trusts. Default: not looked at.' })),
  hmac: Type.Optional(HmacCheck),
  session: Type.Optional(SessionOptions),
  realm: Type.Optional(Type.String({ minLength: 1, description: 'What challenges (`WWW-Authenticate`) say is protected. Default: the name of the mocked API.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' }))
}, { ...strict, description: 'A way to send credentials; looked at for their form only, unless a key says what counts (docs/auth.md).' })
export type SecurityScheme = Static<typeof SecurityScheme>

export const Security = Type.Array(Type.Record(Type.String(), Type.Array(Type.String())), {
  description: 'Which credentials a request must carry: one of the entries suffices, and of an entry all `security_schemes` that it names, each with its ' +
    'scopes; where a scheme is none of OAuth, the names are scopes or roles. `{}` is none at all, `[]` asks for nothing. Others are answered with 401, or 403 where scopes or roles are missing.'
})
export type Security = Static<typeof Security>

const BeginSession = Type.Object({
  create: Type.Union([Type.Literal(true), Type.Record(Type.String(), Type.Unknown())], { description: 'Begins a session for the user who logs in; claims of the session, whose texts may be templates.' }),
  scheme: Type.Optional(Type.String({ minLength: 1, description: 'Which of the `security_schemes`. Default: the only one of the type `session`.' })),
  username: Type.Optional(Type.String({ description: 'Who logs in, a template. Default: `{{request.body.username}}`.' })),
  password: Type.Optional(Type.String({ description: 'The password, a template. Default: `{{request.body.password}}`.' }))
}, strict)

const EndSession = Type.Object({
  destroy: Type.Literal(true),
  scheme: Type.Optional(Type.String({ minLength: 1, description: 'Which of the `security_schemes`. Default: the only one of the type `session`.' }))
}, strict)

export const EndpointSession = Type.Union([Type.Literal('create'), Type.Literal('destroy'), Type.Literal('require'), BeginSession, EndSession], {
  description: 'What becomes of the session of a cookie: `create` begins one, and checks the password where the scheme has `users`; `destroy` ends it; `require` asks for one, as `security` does.'
})
export type EndpointSession = Static<typeof EndpointSession>

/** What is deliberately wrong with the token of a persona. */
export const MISTAKES = [
  'expired', 'not yet valid', 'wrong audience', 'wrong issuer', 'bad signature', 'alg none', 'unknown key', 'algorithm confusion', 'malformed'
] as const

const Mistake = OneOf(MISTAKES, { description: 'What is deliberately wrong with tokens of it. Default: nothing.' })

/** What a persona has besides further claims. */
export const personaMembers = {
  ...claims,
  description: Type.Optional(Type.String({ description: 'A note for people, shown on the login page.' })),
  password: Type.Optional(Type.String({ minLength: 1, description: 'Password for the login of the OpenID provider. Default: any.' })),
  like: Type.Optional(Type.String({ minLength: 1, description: 'Another persona, whose claims it has besides its own.' })),
  mistake: Type.Optional(Mistake),
  algorithm: Type.Optional(AnyAlgorithm('What tokens are signed with. Default: the first of the scheme.')),
  expires_in_s: Type.Optional(Type.Number({ description: 'How long tokens last, in seconds. Default: 3600.' })),
  type: Type.Optional(Type.String({ minLength: 1, description: 'Header `typ` of tokens. Default: that of the scheme, else JWT.' }))
}

export const Persona = withClaims(Type.Object(personaMembers, { ...open, description: 'Somebody to call as: claims of their tokens. Further members are further claims.' }))
export type Persona = Static<typeof Persona>

export const SigningKeys = Type.Object({
  algorithms: Type.Optional(Type.Array(OneOf(KEY_PAIR_ALGORITHMS), { minItems: 1, description: 'What keys are made for; the first signs where nothing else is asked for. Default: [RS256].' })),
  file: Type.Optional(Type.String({ minLength: 1, description: 'File that the keys are kept in, so that tokens are good after a restart; inside the folder of the configuration. It is made where there is none. Default: in memory only.' }))
}, { ...strict, description: 'The mock server\'s own keys, which personas and the OpenID provider sign tokens with. They are made when first needed.' })
export type SigningKeys = Static<typeof SigningKeys>
