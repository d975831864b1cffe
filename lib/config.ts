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

export const Generate = Type.Object({
  list: Type.Optional(Type.String({ pattern: '^(/.*)?$', patternErrorMessage: "a JSON pointer: '' or one that starts with /", description: 'JSON pointer to the list in the body; "" is the whole. Default: found by its name.' })),
  total: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How many items the list has, on all its pages together. Default: a few pages; 2 or 3 where there are no pages.' })),
  id: Type.Optional(Type.String({ minLength: 1, description: 'Property of an item that its id is. Default: the one that the path of the item says, else `id`.' })),
  reflect: Type.Optional(Type.Boolean({ description: 'Whether what is sent (body, query) is found again in fields of the same name, and `Link` is made for the page. Default: true.' }))
}, { ...strict, description: 'How a body is generated from `response_schema` (docs/generated-data.md).' })
export type Generate = Static<typeof Generate>

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
  generate: Type.Optional(Generate),
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

/** How often, and how fast, a delivery that failed is tried again. */
export const Retry = Type.Object({
  attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How often it is tried altogether. Default: 3.' })),
  backoff_ms: Type.Optional(Type.Number({ minimum: 0, description: 'How long to wait before the second attempt. Default: 1000.' })),
  factor: Type.Optional(Type.Number({ minimum: 1, maximum: 100, description: 'How many times longer each further wait is. Default: 2.' })),
  max_backoff_ms: Type.Optional(Type.Number({ minimum: 0, description: 'The longest wait; a receiver\'s `Retry-After` is kept up to it. Default: 60000.' }))
}, { ...strict, description: 'A delivery is tried again when there is no answer in time, or one with status 408, 425, 429 or 5xx.' })
export type Retry = Static<typeof Retry>

export const Sign = Type.Object({
  secret: Type.String({ minLength: 1, description: 'The shared secret; for `standard` in base64, with or without `whsec_`.' }),
  scheme: Type.Optional(Type.Union([Type.Literal('github'), Type.Literal('stripe'), Type.Literal('standard'), Type.Literal('plain')], {
    description: 'What is signed and how it is written: as GitHub does, as Stripe does (with the time), by the Standard Webhooks ' +
      'specification (with id and time), or the bare signature of the body. Default: github.'
  })),
  header: Type.Optional(Type.String({ minLength: 1, description: 'Header that carries the signature. Default: `x-hub-signature-256`, `stripe-signature`, `webhook-signature`, `x-signature`, by the scheme.' })),
  algorithm: Type.Optional(Type.Union([Type.Literal('sha256'), Type.Literal('sha1'), Type.Literal('sha512')], { description: 'Hash of the HMAC. Default: sha256.' })),
  encoding: Type.Optional(Type.Union([Type.Literal('hex'), Type.Literal('base64')], { description: 'How `plain` writes the signature. Default: hex.' })),
  prefix: Type.Optional(Type.String({ description: 'Text before the signature of `plain`. Default: none.' }))
}, { ...strict, description: 'Signs what is sent (HMAC), so that receivers can check it.' })
export type Sign = Static<typeof Sign>

/** What is sent to others, and how. */
const outgoing = {
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  method: Type.Optional(Type.String({ pattern: '^[A-Za-z][A-Za-z-]*$', patternErrorMessage: 'an HTTP method', description: 'HTTP method. Default: POST.' })),
  headers: Type.Optional(Type.Record(Type.String(), HeaderValue, { description: 'Request headers; values may be templates.' })),
  content_type: Type.Optional(Type.String({ description: 'Content type of the body. Default: by the kind of body (`body`: application/json; `text`: text/plain).' })),
  body: Type.Optional(Type.Unknown({ description: 'JSON body; its texts may be templates.' })),
  text: Type.Optional(Type.String({ description: 'Text body; may be a template.' })),
  base64: Type.Optional(Type.String({ description: 'Binary body, in base64.' })),
  body_schema: Type.Optional(JsonSchema('JSON Schema of the body. Without `body`, `text` or `base64`, the body is generated from it.')),
  template: Type.Optional(Type.Boolean({ description: 'Whether body and headers are templates. The address always is. Default: true.' })),
  delay_ms: Type.Optional(Type.Unsafe<Latency>({ ...Latency, description: 'How long to wait before it is sent, in milliseconds, written like `latency_ms`. Default: 0.' })),
  timeout_ms: Type.Optional(Type.Integer({ minimum: 1, description: 'How long an attempt may take. Default: 10000.' })),
  retry: Type.Optional(Retry),
  sign: Type.Optional(Sign)
}

export const Callback = Type.Object({
  name: Type.String({ minLength: 1, description: 'Name, for the list of deliveries.' }),
  url: Type.String({ minLength: 1, description: 'Where it is sent; a template, with runtime expressions: `{$request.body#/callbackUrl}`. Nothing is sent when it turns out empty.' }),
  ...outgoing
}, { ...strict, description: 'A request that is sent after an answer. Besides templates, its texts may have OpenAPI\'s runtime expressions in them: `{$request.body#/id}`.' })
export type Callback = Static<typeof Callback>

export const Webhook = Type.Object({
  url: Type.Optional(Type.String({ minLength: 1, description: 'Where it is sent. Default: `deliveries.url`, or what whoever triggers it says.' })),
  ...outgoing
}, { ...strict, description: 'A request that is sent when somebody asks for it: `POST /__mock/api/webhooks/<name>/trigger`.' })
export type Webhook = Static<typeof Webhook>

const Callbacks = Type.Array(Callback, {
  description: 'Requests that are sent once the answer is. Those of an endpoint go with its answers below 400, unless the answer has its own.'
})

export const Link = Type.Object({
  operation: Type.String({ minLength: 1, description: 'Id of the endpoint that can be called next.' }),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Its parameters by name, or by place and name (`path.id`): runtime expressions (`$response.body#/id`) or values.' })),
  request_body: Type.Optional(Type.Unknown({ description: 'Its body: a runtime expression or a value.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' }))
}, { ...strict, description: 'What can be done with an answer: an endpoint, and how to call it (OpenAPI\'s links). A note, which changes no answer.' })
export type Link = Static<typeof Link>

const Links = Type.Record(Type.String(), Link, { description: 'Endpoints that can be called with what this answer holds, by the name of the link.' })

export const DeliveryOptions = Type.Object({
  enabled: Type.Optional(Type.Boolean({ description: 'Whether anything is sent. Default: true.' })),
  url: Type.Optional(Type.String({ minLength: 1, description: 'Where webhooks without an address of their own are sent.' })),
  allow: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    description: 'Where a request may have something sent, besides this machine: `private` (private networks), `any`, addresses or ranges (`10.1.0.0/16`), ' +
      'host names (`hooks.example.com`, `*.example.com`, `host:8080`). Hosts that the configuration itself names need not be allowed. Default: none.'
  })),
  concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'How many are being sent at the same time. Default: 16.' })),
  max_entries: Type.Optional(Type.Integer({ minimum: 1, description: 'How many deliveries are kept in the log. Default: 1000.' })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'How many bytes their bodies may take. Default: 16777216 (16 MiB).' })),
  max_body_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Longer bodies are cut in the log, never when sent. Default: 65536 (64 KiB).' }))
}, { ...strict, description: 'Where webhooks and callbacks may be sent, and what is kept of them.' })
export type DeliveryOptions = Static<typeof DeliveryOptions>

const StandsFor = Type.Union([
  Type.Literal('1XX'), Type.Literal('2XX'), Type.Literal('3XX'), Type.Literal('4XX'), Type.Literal('5XX'), Type.Literal('default')
], {
  description: 'A range of statuses that the answer stands for besides its own, or `default` for all that have none. A rejected request ' +
    'is answered with it where there is no answer for the very status, and `Prefer: code=418` finds it; it is then sent with the status asked for.'
})

const Values = (what: string) => Type.Record(Type.String(), Type.Unknown(), { description: `${what} by name; others are not looked at.` })

/** The request that an answer is an example for. */
export const ExampleRequest = Type.Object({
  params: Type.Optional(Values('Path parameters')),
  query: Type.Optional(Values('Query parameters')),
  headers: Type.Optional(Values('Headers')),
  cookies: Type.Optional(Values('Cookies')),
  body: Type.Optional(Type.Unknown({ description: 'The whole body.' })),
  body_has: Type.Optional(Values('Members of a body that is an object'))
}, {
  ...strict,
  minProperties: 1,
  description: 'A request that has these values is given this answer instead of the first. Everything that stands here has to be equal; `7` equals `"7"` outside of bodies. ' +
    'Answers are tried in their order. What a request prefers (`Prefer: code`, `example`) comes before it.'
})
export type ExampleRequest = Static<typeof ExampleRequest>

const Negotiate = Type.Union([Type.Literal('off'), Type.Literal('prefer'), Type.Literal('enforce')], {
  description: 'What the header `Accept` does. `prefer`: of the answers that have the status of the first, it chooses the content type; where none fits, the first ' +
    'is sent all the same. `enforce`: where none fits, the answer is 406. `off`: nothing. Default: prefer; documents of OpenAPI are imported with `enforce`.'
})
export type Negotiate = Static<typeof Negotiate>

export const Response = Type.Object({
  name: Type.Optional(Type.String({ description: 'Name of the variant, by which a request can ask for it: `Prefer: example=name`.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  stands_for: Type.Optional(StandsFor),
  for_request: Type.Optional(ExampleRequest),
  ...answer,
  ...behaviour,
  callbacks: Type.Optional(Callbacks),
  links: Type.Optional(Links)
}, { ...strict, description: 'One of the answers of an endpoint. The first is the default; `Prefer: code=404` or `Prefer: example=name` asks for another.' })
export type Response = Static<typeof Response>

/** How one field of a form is written, in the words of OpenAPI's encoding object. */
const PartEncoding = Type.Object({
  contentType: Type.Optional(Type.String({ description: 'Content type of the field, or several and ranges with commas between. JSON is parsed; of a multipart body, parts of other types are rejected.' })),
  style: Type.Optional(Type.String({ description: 'How a list or an object is written: `form`, `spaceDelimited`, `pipeDelimited`, `deepObject`. Default: form.' })),
  explode: Type.Optional(Type.Boolean({ description: 'Whether each item has a field of its own. Default: true for `form`.' }))
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
      'Other types are answered with 415. Forms, multipart and XML are read by their schema (docs/request-bodies.md).'
  })),
  querystring: Type.Optional(JsonSchema('Schema of the query parameters, an object schema. `style` and `explode` beside a property say how it is written (OpenAPI).')),
  params: Type.Optional(JsonSchema('Schema of the path parameters, an object schema.')),
  headers: Type.Optional(JsonSchema('Schema of the request headers, an object schema with lower-case names.')),
  cookies: Type.Optional(JsonSchema('Schema of the cookies, an object schema.'))
}, {
  ...strict,
  description: 'What a request must look like, in Fastify\'s own words: JSON Schema in files, TypeBox in code. Others are rejected.'
})
export type RequestSchemas = Static<typeof RequestSchemas>

export const ValidateMode = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about requests that do not fit (`schema`, `security`, content types): `enforce` rejects them; `warn` serves them, and tells ' +
    'what is wrong in the header `x-mock-violations` and in the request log; `off` does not look. One request may say `Prefer: validate=off`. Default: enforce.'
})
export type ValidateMode = Static<typeof ValidateMode>

const UnknownQuery = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about query parameters that `schema.querystring` does not name; never more than `validate` says. Default: off.'
})

export const SecurityScheme = Type.Object({
  type: Type.Union([Type.Literal('apiKey'), Type.Literal('http'), Type.Literal('oauth2'), Type.Literal('openIdConnect'), Type.Literal('mutualTLS')], {
    description: 'What credentials are, in the words of OpenAPI. `oauth2` and `openIdConnect` are bearer tokens; `mutualTLS` is not checked.'
  }),
  in: Type.Optional(Type.Union([Type.Literal('header'), Type.Literal('query'), Type.Literal('cookie')], { description: 'Where an `apiKey` is sent.' })),
  name: Type.Optional(Type.String({ minLength: 1, description: 'Name of the header, query parameter or cookie that an `apiKey` is sent in.' })),
  scheme: Type.Optional(Type.String({ minLength: 1, description: 'Scheme of the header `Authorization` for `http`: `basic`, `bearer`, `digest` or another.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' }))
}, { ...strict, description: 'A way to send credentials.' })
export type SecurityScheme = Static<typeof SecurityScheme>

const Security = Type.Array(Type.Record(Type.String(), Type.Array(Type.String())), {
  description: 'Which credentials a request must carry: one of the entries suffices, and of an entry all `security_schemes` that it names, each with its ' +
    'scopes. `{}` is none at all, `[]` asks for nothing. Credentials are looked at for their form only. Others are answered with 401.'
})
export type Security = Static<typeof Security>

/** What is asked of requests; stands on an endpoint, or in `defaults`. */
const demands = {
  validate: Type.Optional(ValidateMode),
  unknown_query: Type.Optional(UnknownQuery),
  security: Type.Optional(Security)
}

export const Rejection = Type.Object({
  answer: Type.Optional(Type.Union([Type.Literal('own'), Type.Literal('problem')], {
    description: '`own`: the answer that the endpoint has for it, where it has one (422, 400, 4XX, default; 401, 403; 415); `problem`: always a problem document (RFC 9457). Default: own.'
  })),
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 499, description: 'Status for parameters and bodies that do not fit, where no answer of the endpoint says another. Default: 400.' }))
}, { ...strict, description: 'How requests are rejected that do not fit.' })
export type Rejection = Static<typeof Rejection>

const Demands = (what: string) => Type.Record(Type.String(), Type.Union([Type.String(), Type.Literal(true)]), {
  minProperties: 1,
  description: `${what} that a request must have: the value, or \`true\` for any.`
})

const Match = Type.Object({
  query: Type.Optional(Demands('Query parameters')),
  headers: Type.Optional(Demands('Headers'))
}, {
  ...strict,
  minProperties: 1,
  description: 'What belongs to the address besides method and path: only requests that have it come here. `{"query": {"beta": "true"}}` is what `/messages?beta=true` ' +
    'means, `{"headers": {"x-amz-target": "Books.Create"}}` is how some APIs put many operations under one path. An endpoint of the path without `match` takes the rest.'
})

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
  match: Type.Optional(Match),
  base_paths: Type.Optional(BasePaths),
  negotiate: Type.Optional(Negotiate),
  schema: Type.Optional(RequestSchemas),
  ...demands,
  ...answer,
  ...behaviour,
  callbacks: Type.Optional(Callbacks),
  links: Type.Optional(Links),
  responses: Type.Optional(Type.Array(Response, { minItems: 1, description: 'Several answers, instead of the flat keys.' }))
}, { ...strict, description: 'One method and path (or several methods), and how it is answered.' })
export type Endpoint = Static<typeof Endpoint>

export const Defaults = Type.Object({
  status: answer.status,
  headers: answer.headers,
  content_type: answer.content_type,
  template: answer.template,
  base_paths: Type.Optional(BasePaths),
  negotiate: Type.Optional(Negotiate),
  ...demands,
  ...behaviour
}, { ...strict, description: 'Values for every endpoint that does not set its own. Headers are merged.' })
export type Defaults = Static<typeof Defaults>

export const References = Type.Object({
  folder: Type.Optional(Type.String({ description: 'Folder whose files they may refer to besides those of their own folder, relative to this file. Default: none.' })),
  origins: Type.Optional(Type.Array(Type.String({ pattern: '^https?://[^/]+/?$', patternErrorMessage: 'an origin, as in https://schemas.example.com' }), {
    description: 'Web servers that they may refer to, `https://schemas.example.com`. Default: none.'
  })),
  private_networks: Type.Optional(Type.Boolean({ description: 'Whether those servers may be in private networks, this machine among them. Default: false.' })),
  headers: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
    // eslint-disable-next-line no-template-curly-in-string -- a variable of the environment, as configurations write it
    description: 'Request headers by origin, and sent to no other: `{"https://schemas.example.com": {"authorization": "Bearer ${TOKEN}"}}`.'
  })),
  cache: Type.Optional(Type.String({ description: 'Folder for copies of what is read from the web, relative to this file; they are used when the web cannot be reached. Default: no copies.' })),
  timeout_ms: Type.Optional(Type.Integer({ minimum: 1, description: 'How long an answer of the web may take. Default: 10000.' })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'Largest single text. Default: 67108864 (64 MiB).' }))
}, { ...strict, description: 'What the OpenAPI documents that this file includes may refer to.' })
export type References = Static<typeof References>

export const Documents = Type.Object({
  base_path: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('strip'), Type.Literal('both')], {
    description: "Whether paths are served below the servers' own path (`keep`), without it (`strip`), or in both ways. Default: both."
  })),
  examples: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('generate-broken')], {
    description: 'What becomes of examples that do not fit their schema: `generate-broken` has bodies generated in their stead, which takes longer to start. Default: keep.'
  })),
  overlays: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    description: 'OpenAPI overlays that change them before they are read, in this order; paths relative to this file. Those of an including file come after.'
  }))
}, { ...strict, description: 'How the OpenAPI documents that this file includes are read.' })
export type Documents = Static<typeof Documents>

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
  security_schemes: Type.Optional(Type.Record(Type.String(), SecurityScheme, { description: 'Ways to send credentials, by the names that `security` uses.' })),
  endpoints: Type.Optional(Type.Array(Endpoint, { description: 'What is served.' })),
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
