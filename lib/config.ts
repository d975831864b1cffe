import { Type, type Static } from 'typebox'
import { answer, Negotiate, Response } from './config-keys/answer.ts'
import { behaviour } from './config-keys/behaviour.ts'
import { SharedCacheOptions } from './config-keys/caching.ts'
import { Collection, Persist } from './config-keys/collection.ts'
import { conditionShapes } from './config-keys/condition.ts'
import { demands, Rejection, ValidateMode } from './config-keys/demands.ts'
import { Documents, References } from './config-keys/documents.ts'
import { JsonSchema, jsonSchemaShape, schemaMap, strict } from './config-keys/json-schema.ts'
import { Oidc, OidcOperation } from './config-keys/oidc.ts'
import { Callbacks, DeliveryOptions, Links, Webhook } from './config-keys/outgoing.ts'
import { Behaviour, groups } from './config-keys/profile.ts'
import { limits } from './config-keys/rate-limit.ts'
import { Match, RequestSchemas } from './config-keys/request.ts'
import { Resource } from './config-keys/resource.ts'
import { ScopesOptions } from './config-keys/scopes.ts'
import { EndpointSession, Persona, SecurityScheme, SigningKeys } from './config-keys/security.ts'
import { ControlOptions, LogOptions } from './config-keys/server.ts'
import { Choose, state } from './config-keys/state.ts'

/**
 * The configuration's schema: the one source of the TypeScript types, the validation, the published JSON Schema
 * (`config.schema.json`), the reference in `docs/config.md` and the forms of the web UI.
 */
export { ExampleRequest, Generate, Response, type Negotiate } from './config-keys/answer.ts'
export { Failure, Headers, Latency } from './config-keys/behaviour.ts'
export { FaultOptions, type Fault } from './config-keys/fault.ts'
export { Cache, CacheControl, SharedCache, SharedCacheOptions, type SharedCachePolicy } from './config-keys/caching.ts'
export { Collection, CollectionOptions, Persist } from './config-keys/collection.ts'
export { Rejection, ValidateMode } from './config-keys/demands.ts'
export { When, type Operators, type Test } from './config-keys/condition.ts'
export { Documents, References } from './config-keys/documents.ts'
export { jsonSchemaShape, type JsonSchema } from './config-keys/json-schema.ts'
export { OidcClient, OidcOperation, OidcOptions, type GrantType } from './config-keys/oidc.ts'
export { Callback, DeliveryOptions, Link, Retry, Sign, Webhook } from './config-keys/outgoing.ts'
export { Profile, Tag, type Behaviour } from './config-keys/profile.ts'
export { RateLimit, RateLimits } from './config-keys/rate-limit.ts'
export { BodyContent, RequestSchemas } from './config-keys/request.ts'
export { Resource, ResourceOptions } from './config-keys/resource.ts'
export { ScopesOptions } from './config-keys/scopes.ts'
export { HmacCheck, JwtCheck, Persona, SecurityScheme, SessionOptions, SigningKeys, type EndpointSession, type Security } from './config-keys/security.ts'
export { ControlOptions, LogOptions } from './config-keys/server.ts'
export { AnswerScenario, Choose, Scenario, Situation, type Per } from './config-keys/state.ts'

const BasePaths = Type.Array(Type.String({ pattern: '^(/.*[^/])?$', patternErrorMessage: "'' or a path that starts with / and does not end with one" }), {
  minItems: 1,
  description: 'Prefixes under which the endpoint is served; "" is none. Default: [""].'
})

const Method = Type.String({ pattern: '^(\\*|[A-Za-z][A-Za-z-]*)$', patternErrorMessage: 'an HTTP method, or * for all' })

export const Endpoint = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1, description: 'Stable name of the endpoint. Default: made of method and path, `GET /users/:id`.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  tags: Type.Optional(Type.Array(Type.String(), { description: 'Groups that the endpoint belongs to, told in the route table.' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Whether the endpoint is served. Default: true.' })),
  path: Type.Optional(Type.String({
    pattern: '^(/|\\*)',
    patternErrorMessage: 'a path that starts with /, or *',
    description: 'Path: `/users/:id` or `/users/{id}`, wildcard `/files/*`, optional last segment `/a/:b?`, regular expression `/at/:hour(^\\d+$)`. ' +
      'Required, but for a `resource`, which has its name for one.'
  })),
  method: Type.Optional(Type.Union([Method, Type.Array(Method, { minItems: 1 })], {
    description: 'HTTP method, a list of them, or `*` for all. Default: GET.'
  })),
  match: Type.Optional(Match),
  resource: Type.Optional(Resource),
  oidc: Type.Optional(OidcOperation),
  base_paths: Type.Optional(BasePaths),
  negotiate: Type.Optional(Negotiate),
  schema: Type.Optional(RequestSchemas),
  ...demands,
  ...limits,
  session: Type.Optional(EndpointSession),
  ...answer,
  ...behaviour,
  callbacks: Type.Optional(Callbacks),
  links: Type.Optional(Links),
  choose: Type.Optional(Choose),
  responses: Type.Optional(Type.Array(Response, { minItems: 1, description: 'Several answers, instead of the flat keys.' }))
}, {
  ...strict,
  if: { not: { required: ['resource'] } },
  then: { required: ['path'] },
  description: 'One method and path (or several methods), and how it is answered; or a `resource`.'
})
/** As it is written: the path of a resource may be left out. */
export type WrittenEndpoint = Static<typeof Endpoint>
/** With its path. */
export type Endpoint = WrittenEndpoint & { path: string }

export const Defaults = Type.Object({
  status: answer.status,
  headers: answer.headers,
  content_type: answer.content_type,
  template: answer.template,
  base_paths: Type.Optional(BasePaths),
  negotiate: Type.Optional(Negotiate),
  ...demands,
  ...limits,
  ...behaviour
}, { ...strict, description: 'Values for every endpoint that does not set its own. Headers are merged.' })
export type Defaults = Static<typeof Defaults>

export const Config = Type.Object({
  $schema: Type.Optional(Type.String({ description: 'Address of this schema, for completion in editors.' })),
  name: Type.Optional(Type.String({ description: 'Name of the mocked API.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  include: Type.Optional(Type.Array(Type.String(), {
    description: 'Further files, relative to this one: configurations or OpenAPI documents; globs are allowed.'
  })),
  references: Type.Optional(References),
  documents: Type.Optional(Documents),
  seed: Type.Optional(Type.Union([Type.Integer(), Type.String()], {
    description: 'Makes everything random repeatable: generated data, templates, latency and failures.'
  })),
  locale: Type.Optional(Type.String({ pattern: '^\\w+$', patternErrorMessage: 'a locale of Faker, such as de or pt_BR', description: 'Language of names, addresses and the like in generated data, as Faker calls it: `de`, `pt_BR`. Default: en.' })),
  defaults: Type.Optional(Defaults),
  schemas: Type.Optional(Type.Unsafe<Record<string, JsonSchema>>({
    ...schemaMap,
    description: 'Schemas shared by the endpoints, referred to as `{"$ref": "#/schemas/Name"}`.'
  })),
  signing_keys: Type.Optional(SigningKeys),
  oidc: Type.Optional(Oidc),
  personas: Type.Optional(Type.Record(Type.String(), Persona, { description: 'Who tests call as, by name: `mock.auth.token(name)`, `mock-server token <name>` (docs/auth.md).' })),
  security_schemes: Type.Optional(Type.Record(Type.String(), SecurityScheme, { description: 'Ways to send credentials, by the names that `security` uses.' })),
  endpoints: Type.Optional(Type.Array(Endpoint, { description: 'What is served.' })),
  collections: Type.Optional(Type.Record(Type.String(), Collection, { description: 'Rows that requests read and write, by name (docs/collections.md).' })),
  persist: Type.Optional(Persist),
  ...state,
  ...groups,
  webhooks: Type.Optional(Type.Record(Type.String(), Webhook, { description: 'Requests that can be sent on demand, by name.' })),
  deliveries: Type.Optional(DeliveryOptions),
  unknown_method: Type.Optional(Type.Union([Type.Literal(404), Type.Literal(405)], {
    description: 'Status for a path that is known under other methods only. 405 carries `Allow`. Default: 404.'
  })),
  validate: Type.Optional(ValidateMode),
  rejection: Type.Optional(Rejection),
  trailing_slash: Type.Optional(Type.Union([Type.Literal('strict'), Type.Literal('ignore')], {
    description: 'Whether `/users/` is another path than `/users` (`strict`) or the same (`ignore`). Default: strict.'
  })),
  body_limit: Type.Optional(Type.Integer({ minimum: 1, description: 'Largest request body in bytes, inflated where it comes compressed. Default: 10485760 (10 MiB).' })),
  injected_header: Type.Optional(Type.Boolean({ description: 'Whether answers say in `x-mock-injected` what was done to them on purpose. Default: true.' })),
  shared_cache: Type.Optional(Type.Union([Type.Boolean(), SharedCacheOptions], { description: 'A simulated shared cache in front of all endpoints but those that say `shared_cache: false`. Default: none, or one with the usual bounds where an endpoint asks for it.' })),
  log: Type.Optional(LogOptions),
  scopes: Type.Optional(ScopesOptions),
  control: Type.Optional(Type.Union([Type.Literal(false), ControlOptions], {
    description: 'Options of mock control, or `false` to turn it off.'
  }))
}, {
  ...strict,
  title: 'fastify-mock-server configuration',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { JsonSchema: jsonSchemaShape, ...conditionShapes, Behaviour }
})
export type Config = Static<typeof Config>
