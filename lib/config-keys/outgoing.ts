import { Type, type Static } from 'typebox'
import { HeaderValue, Latency } from './behaviour.ts'
import { JsonSchema, strict } from './json-schema.ts'

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

export const Callbacks = Type.Array(Callback, {
  description: 'Requests that are sent once the answer is. Those of an endpoint go with its answers below 400, unless the answer has its own; those of a resource with its changes.'
})

export const Link = Type.Object({
  operation: Type.String({ minLength: 1, description: 'Id of the endpoint that can be called next.' }),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Its parameters by name, or by place and name (`path.id`): runtime expressions (`$response.body#/id`) or values.' })),
  request_body: Type.Optional(Type.Unknown({ description: 'Its body: a runtime expression or a value.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' }))
}, { ...strict, description: 'What can be done with an answer: an endpoint, and how to call it (OpenAPI\'s links). A note, which changes no answer.' })
export type Link = Static<typeof Link>

export const Links = Type.Record(Type.String(), Link, { description: 'Endpoints that can be called with what this answer holds, by the name of the link.' })

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
