import { Type, type Static } from 'typebox'

/**
 * The configuration's schema: the one source of the TypeScript types, the validation, the published JSON Schema
 * (`config.schema.json`), the reference in `docs/config.md` and the forms of the web UI.
 */

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const

const schemaRef = { $ref: '#/$defs/JsonSchema' }
const schemaMap = { type: 'object', additionalProperties: schemaRef }
const schemaList = { type: 'array', items: schemaRef, minItems: 1 }
const count = { type: 'integer', minimum: 0 }
const names = { type: 'array', items: { type: 'string' } }

/**
 * The shape of a JSON Schema (draft 2020-12), checked without compiling it: a wrong keyword is told when the
 * configuration is read, while the schema itself is compiled only when a request needs it.
 */
export const jsonSchemaShape = {
  title: 'JSON Schema',
  type: ['object', 'boolean'],
  properties: {
    $ref: { type: 'string' },
    type: { anyOf: [{ enum: JSON_TYPES }, { type: 'array', items: { enum: JSON_TYPES }, minItems: 1 }] },
    properties: schemaMap,
    patternProperties: schemaMap,
    additionalProperties: schemaRef,
    propertyNames: schemaRef,
    items: schemaRef,
    prefixItems: schemaList,
    contains: schemaRef,
    allOf: schemaList,
    anyOf: schemaList,
    oneOf: schemaList,
    not: schemaRef,
    if: schemaRef,
    then: schemaRef,
    else: schemaRef,
    $defs: schemaMap,
    required: names,
    enum: { type: 'array' },
    pattern: { type: 'string' },
    format: { type: 'string' },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    exclusiveMinimum: { type: 'number' },
    exclusiveMaximum: { type: 'number' },
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    minProperties: count,
    maxProperties: count,
    uniqueItems: { type: 'boolean' },
    description: { type: 'string' }
  }
} as const

/** A JSON Schema of draft 2020-12; in code, any TypeBox schema. `#/schemas/Name` refers to the configuration's `schemas`. */
export type JsonSchema = boolean | object

const JsonSchema = (description: string) =>
  Type.Unsafe<JsonSchema>({ ...schemaRef, description })

const strict = { additionalProperties: false } as const

const Status = Type.Integer({ minimum: 100, maximum: 599 })

const HeaderValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())])

export const Headers = Type.Record(Type.String(), HeaderValue, {
  description: 'Response headers; values may be templates. A list sends the header several times.'
})
export type Headers = Static<typeof Headers>

const Milliseconds = Type.Number({ minimum: 0 })

export const Latency = Type.Union([
  Milliseconds,
  Type.Object({ min: Milliseconds, max: Milliseconds }, strict),
  Type.Object({ distribution: Type.Literal('fixed'), value: Milliseconds }, strict),
  Type.Object({ distribution: Type.Literal('uniform'), min: Milliseconds, max: Milliseconds }, strict),
  Type.Object({
    distribution: Type.Literal('normal'),
    mean: Milliseconds,
    stddev: Milliseconds,
    min: Type.Optional(Milliseconds),
    max: Type.Optional(Milliseconds)
  }, strict),
  Type.Object({
    distribution: Type.Literal('lognormal'),
    median: Milliseconds,
    sigma: Type.Number({ minimum: 0 }),
    max: Type.Optional(Milliseconds)
  }, strict)
], {
  description: 'How long to wait before answering, in milliseconds: a number, `{min, max}`, or a distribution ' +
    '(`fixed`, `uniform`, `normal`, `lognormal`). The wait ends when the client hangs up. Default: 0.'
})
export type Latency = Static<typeof Latency>

const FailureRate = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'The share of requests that fail, from 0 (none) to 1 (all); repeatable when `seed` is set. Default: 0.'
})

export const Failure = Type.Object({
  status: Type.Optional(Type.Union([Status, Type.Array(Status, { minItems: 1 })], {
    description: 'Status of an injected failure, or a list to pick from. Default: 500.'
  })),
  headers: Type.Optional(Headers),
  body: Type.Optional(Type.Unknown({ description: 'Body of an injected failure. Default: a problem document (RFC 9457).' }))
}, { ...strict, description: 'What an injected failure looks like.' })
export type Failure = Static<typeof Failure>

/** What one answer is made of; the same keys stand directly on an endpoint that has only one. */
const answer = {
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'Status code. Default: 200.' })),
  headers: Type.Optional(Headers),
  content_type: Type.Optional(Type.String({
    description: 'Content type of the body. Default: by the kind of body (`response`: application/json; `text`: text/plain; `file`: by extension).'
  })),
  response: Type.Optional(Type.Unknown({ description: 'JSON body, sent as it stands once its templates are filled in.' })),
  text: Type.Optional(Type.String({ description: 'Text body; may be a template.' })),
  file: Type.Optional(Type.String({ description: 'Path of a file to send as the body, inside the folder of the configuration; may be a template.' })),
  base64: Type.Optional(Type.String({ description: 'Binary body, in base64.' })),
  response_schema: Type.Optional(JsonSchema('JSON Schema of the body. Without `response`, `text`, `file` or `base64`, the body is generated from it.')),
  template: Type.Optional(Type.Boolean({ description: 'Whether `{{...}}` in body and headers are templates. Default: true.' }))
}

const BasePaths = Type.Array(Type.String({ pattern: '^(/.*[^/])?$', patternErrorMessage: "'' or a path that starts with / and does not end with one" }), {
  minItems: 1,
  description: 'Prefixes under which the endpoint is served; "" is none. Default: [""].'
})

const behaviour = {
  latency_ms: Type.Optional(Latency),
  failure_rate: Type.Optional(FailureRate),
  failure: Type.Optional(Failure)
}

const StandsFor = Type.Union([
  Type.Literal('1XX'), Type.Literal('2XX'), Type.Literal('3XX'), Type.Literal('4XX'), Type.Literal('5XX'), Type.Literal('default')
], {
  description: 'A range of statuses that the answer stands for besides its own, or `default` for all that have none. A rejected request ' +
    'is answered with it where there is no answer for the very status, and `Prefer: code=418` finds it; it is then sent with the status asked for.'
})

export const Response = Type.Object({
  name: Type.Optional(Type.String({ description: 'Name of the variant, by which a request can ask for it: `Prefer: example=name`.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  stands_for: Type.Optional(StandsFor),
  ...answer,
  ...behaviour
}, { ...strict, description: 'One of the answers of an endpoint. The first is the default; `Prefer: code=404` or `Prefer: example=name` asks for another.' })
export type Response = Static<typeof Response>

/** How one field of a form is written, in the words of OpenAPI's encoding object. */
const PartEncoding = Type.Object({
  contentType: Type.Optional(Type.String()),
  style: Type.Optional(Type.String()),
  explode: Type.Optional(Type.Boolean())
}, strict)

/** Bodies of several content types, in the words of OpenAPI's request body. */
export const BodyContent = Type.Object({
  required: Type.Optional(Type.Boolean({ description: 'Whether there must be a body. Default: true.' })),
  content: Type.Record(Type.String(), Type.Object({
    schema: Type.Optional(JsonSchema('Schema of a body of this type.')),
    encoding: Type.Optional(Type.Record(Type.String(), PartEncoding, { description: 'How the fields of a form are written, by name.' }))
  }, strict), {
    description: 'By content type or range of them, such as `text/*`.'
  })
}, strict)

export const RequestSchemas = Type.Object({
  body: Type.Optional(Type.Union([JsonSchema('Schema of a JSON body.'), BodyContent], {
    description: 'Schema of a JSON body; or `{required, content: {"application/json": {schema}, ...}}`, one schema for each content type. ' +
      'Other types are answered with 415.'
  })),
  querystring: Type.Optional(JsonSchema('Schema of the query parameters, an object schema. `style` and `explode` beside a property say how it is written (OpenAPI).')),
  params: Type.Optional(JsonSchema('Schema of the path parameters, an object schema.')),
  headers: Type.Optional(JsonSchema('Schema of the request headers, an object schema with lower-case names.')),
  cookies: Type.Optional(JsonSchema('Schema of the cookies, an object schema.'))
}, {
  ...strict,
  description: 'What a request must look like, in Fastify\'s own words: JSON Schema in files, TypeBox in code. Others are answered with 400.'
})
export type RequestSchemas = Static<typeof RequestSchemas>

const Method = Type.String({ pattern: '^(\\*|[A-Za-z][A-Za-z-]*)$', patternErrorMessage: 'an HTTP method, or * for all' })

export const Endpoint = Type.Object({
  id: Type.Optional(Type.String({ minLength: 1, description: 'Stable name of the endpoint. Default: made of method and path, `GET /users/:id`.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  tags: Type.Optional(Type.Array(Type.String(), { description: 'Groups that the endpoint belongs to, told in the route table.' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Whether the endpoint is served. Default: true.' })),
  path: Type.String({
    pattern: '^(/|\\*)',
    patternErrorMessage: 'a path that starts with /, or *',
    description: 'Path: `/users/:id` or `/users/{id}`, wildcard `/files/*`, optional last segment `/a/:b?`, regular expression `/at/:hour(^\\d+$)`.'
  }),
  method: Type.Optional(Type.Union([Method, Type.Array(Method, { minItems: 1 })], {
    description: 'HTTP method, a list of them, or `*` for all. Default: GET.'
  })),
  base_paths: Type.Optional(BasePaths),
  schema: Type.Optional(RequestSchemas),
  ...answer,
  ...behaviour,
  responses: Type.Optional(Type.Array(Response, { minItems: 1, description: 'Several answers, instead of the flat keys.' }))
}, { ...strict, description: 'One method and path (or several methods), and how it is answered.' })
export type Endpoint = Static<typeof Endpoint>

export const Defaults = Type.Object({
  status: answer.status,
  headers: answer.headers,
  content_type: answer.content_type,
  template: answer.template,
  base_paths: Type.Optional(BasePaths),
  ...behaviour
}, { ...strict, description: 'Values for every endpoint that does not set its own. Headers are merged.' })
export type Defaults = Static<typeof Defaults>

export const LogOptions = Type.Object({
  max_entries: Type.Optional(Type.Integer({ minimum: 0, description: 'How many requests are kept. Default: 1000; 0 turns the log off.' })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'How many bytes all entries together may take. Default: 33554432 (32 MiB).' })),
  max_body_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Longer bodies are cut here, and marked so. Default: 65536 (64 KiB).' }))
}, { ...strict, description: 'Bounds of the request log.' })
export type LogOptions = Static<typeof LogOptions>

export const ControlOptions = Type.Object({
  path: Type.Optional(Type.String({ pattern: '^/', patternErrorMessage: 'a path that starts with /', description: 'Where mock control lives. Default: /__mock.' })),
  token: Type.Optional(Type.String({ minLength: 1, description: 'Bearer token that control requests must carry. Default: none on loopback addresses; made at start elsewhere.' })),
  allowed_hosts: Type.Optional(Type.Array(Type.String(), { description: 'Host names, besides loopback ones, by which control may be addressed (DNS rebinding).' }))
}, { ...strict, description: 'Mock control: the REST API below `/__mock/api`, `/__reload` and `/__logs`.' })
export type ControlOptions = Static<typeof ControlOptions>

export const Config = Type.Object({
  $schema: Type.Optional(Type.String({ description: 'Address of this schema, for completion in editors.' })),
  name: Type.Optional(Type.String({ description: 'Name of the mocked API.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  include: Type.Optional(Type.Array(Type.String(), {
    description: 'Further files, relative to this one: configurations or OpenAPI documents; globs are allowed.'
  })),
  seed: Type.Optional(Type.Union([Type.Integer(), Type.String()], {
    description: 'Makes everything random repeatable: generated data, templates, latency and failures.'
  })),
  defaults: Type.Optional(Defaults),
  schemas: Type.Optional(Type.Unsafe<Record<string, JsonSchema>>({
    ...schemaMap,
    description: 'Schemas shared by the endpoints, referred to as `{"$ref": "#/schemas/Name"}`.'
  })),
  endpoints: Type.Optional(Type.Array(Endpoint, { description: 'What is served.' })),
  unknown_method: Type.Optional(Type.Union([Type.Literal(404), Type.Literal(405)], {
    description: 'Status for a path that is known under other methods only. 405 carries `Allow`. Default: 404.'
  })),
  body_limit: Type.Optional(Type.Integer({ minimum: 1, description: 'Largest request body in bytes. Default: 10485760 (10 MiB).' })),
  log: Type.Optional(LogOptions),
  control: Type.Optional(Type.Union([Type.Literal(false), ControlOptions], {
    description: 'Options of mock control, or `false` to turn it off.'
  }))
}, {
  ...strict,
  title: 'fastify-mock-server configuration',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { JsonSchema: jsonSchemaShape }
})
export type Config = Static<typeof Config>
