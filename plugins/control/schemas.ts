import type { FastifyInstance } from 'fastify'
import { Type, type Static, type TSchema } from 'typebox'
import * as config from '../../lib/config.ts'

/** What mock control takes and answers, for its OpenAPI document. */

/** As it can stand in an OpenAPI document: a reference to the configuration's own definitions means nothing there. */
function standalone (schema: object): object {
  const text = JSON.stringify(schema, (key, value) => key === '$ref' || key === '$defs' || key === '$schema' ? undefined : value)
  return JSON.parse(text)
}

const Place = {
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer())
}

const Diagnostic = Type.Object({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  code: Type.String({ description: 'Stable, in kebab-case: `unknown-key`, `wrong-type` …' }),
  message: Type.String(),
  hint: Type.Optional(Type.String({ description: 'The remedy.' })),
  pointer: Type.String({ description: 'JSON pointer (RFC 6901) into the file or the configuration sent.' }),
  ...Place
})

const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String({ description: 'The error, as in the list of errors.' }),
  diagnostics: Type.Optional(Type.Array(Type.Ref('Diagnostic#')))
}, { description: 'A problem document (RFC 9457).' })

const ReloadResult = Type.Object({
  generation: Type.Integer({ description: 'Number of the generation that is live now.' }),
  endpoints: Type.Integer({ description: 'How many endpoints it serves.' }),
  added: Type.Array(Type.String()),
  removed: Type.Array(Type.String()),
  changed: Type.Array(Type.String()),
  duration_ms: Type.Number(),
  warnings: Type.Array(Type.Ref('Diagnostic#'))
})

const Route = Type.Object({
  id: Type.String(),
  methods: Type.Array(Type.String()),
  path: Type.String(),
  base_path: Type.Optional(Type.String({ description: 'Which of its `base_paths` that one has in front.' })),
  statuses: Type.Array(Type.Integer()),
  tags: Type.Array(Type.String()),
  description: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  origin: Type.Optional(Type.String({ description: '`mocks/users.yaml:12`' })),
  sample: Type.String({ description: 'A path that can be requested as it stands.' }),
  hits: Type.Integer({ description: 'How many requests it answered since start or reset.' })
})

const HeaderBag = Type.Record(Type.String(), Type.Unknown())

const Body = Type.Object({
  text: Type.Optional(Type.String()),
  base64: Type.Optional(Type.String({ description: 'What is not text.' })),
  size: Type.Integer({ description: 'Whole size in bytes.' }),
  truncated: Type.Boolean({ description: 'Whether it was cut at `log.max_body_bytes`.' })
})

export const Violation = Type.Object({
  in: Type.String({ description: 'Which part of the request: body, query, path, header, cookie.' }),
  pointer: Type.String({ description: 'JSON pointer into that part.' }),
  rule: Type.String({ description: 'The keyword that is not met.' }),
  expected: Type.Unknown(),
  message: Type.String(),
  actual: Type.Optional(Type.Unknown()),
  schema_pointer: Type.Optional(Type.String({ description: 'Where the rule stands.' }))
})

const Entry = Type.Object({
  seq: Type.Integer({ description: 'Grows by one with each request.' }),
  id: Type.String({ description: 'Request id.' }),
  time: Type.String({ description: 'ISO 8601.' }),
  generation: Type.Integer(),
  request: Type.Object({
    method: Type.String(),
    url: Type.String(),
    path: Type.String(),
    query: Type.Record(Type.String(), Type.Unknown()),
    headers: HeaderBag,
    body: Type.Optional(Body),
    ip: Type.String()
  }),
  endpoint: Type.Optional(Type.Object({ id: Type.String(), path: Type.String(), variant: Type.Optional(Type.String()), overlay: Type.Optional(Type.String({ description: 'The overlay that it belongs to.' })) })),
  scope: Type.Optional(Type.String({ description: 'The scope that the request named.' })),
  profile: Type.Optional(Type.String({ description: 'The profile that it was answered with.' })),
  caller: Type.Optional(Type.Object({ scheme: Type.String(), sub: Type.Optional(Type.String()), scopes: Type.Array(Type.String()), roles: Type.Array(Type.String()) }, { description: 'Who called, where `security` told.' })),
  matched: Type.Boolean(),
  response: Type.Optional(Type.Object({ status: Type.Integer(), headers: HeaderBag, body: Type.Optional(Body) })),
  aborted: Type.Boolean({ description: 'The client hung up before the answer was complete.' }),
  injected: Type.Optional(Type.Object({ latency_ms: Type.Optional(Type.Number()), failure: Type.Optional(Type.Number()), fault: Type.Optional(Type.String()) })),
  scenarios: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()), { description: 'Scenarios that its answer moved: the states before and after.' })),
  violations: Type.Optional(Type.Array(Violation, { description: 'What was wrong with the request, whether it was rejected or served all the same.' })),
  duration_ms: Type.Number()
})

const Webhook = Type.Object({
  kind: Type.Union([Type.Literal('webhook'), Type.Literal('callback')]),
  name: Type.String(),
  method: Type.String(),
  url: Type.Optional(Type.String({ description: 'As configured; absent where whoever triggers it says.' })),
  description: Type.Optional(Type.String()),
  endpoint: Type.Optional(Type.String({ description: 'Id of the endpoint, of a callback.' }))
})

const Delivery = Type.Object({
  seq: Type.Integer({ description: 'Grows by one with each delivery.' }),
  id: Type.String({ description: 'The receiver sees it in `x-mock-delivery`.' }),
  kind: Type.Union([Type.Literal('webhook'), Type.Literal('callback')]),
  name: Type.String(),
  endpoint: Type.Optional(Type.String({ description: 'Id of the endpoint whose answer it followed.' })),
  request_id: Type.Optional(Type.String({ description: 'As in the request log.' })),
  scope: Type.Optional(Type.String({ description: 'Of the request, or of whoever triggered it.' })),
  state: Type.Union([
    Type.Literal('waiting'), Type.Literal('sending'), Type.Literal('delivered'), Type.Literal('failed'), Type.Literal('refused'), Type.Literal('cancelled')
  ]),
  time: Type.String({ description: 'ISO 8601.' }),
  request: Type.Object({ method: Type.String(), url: Type.String(), headers: HeaderBag, body: Type.Optional(Body) }),
  attempts: Type.Array(Type.Object({
    number: Type.Integer({ description: 'From 1.' }),
    time: Type.String(),
    duration_ms: Type.Number(),
    response: Type.Optional(Type.Object({ status: Type.Integer(), headers: HeaderBag, body: Type.Optional(Body) })),
    error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() }))
  })),
  next_attempt: Type.Optional(Type.String({ description: 'ISO 8601.' })),
  error: Type.Optional(Type.String({ description: 'Why it was refused.' }))
})

const Health = Type.Object({
  status: Type.Literal('ok'),
  name: Type.Optional(Type.String()),
  version: Type.String(),
  control: Type.Integer({ description: 'Version of mock control: it grows when older clients cannot speak with it any more.' }),
  generation: Type.Integer(),
  endpoints: Type.Integer(),
  uptime_s: Type.Integer(),
  files: Type.Optional(Type.Array(Type.String(), { description: 'Absent when a token is set and the request does not carry it.' }))
})

/** Told once in the document, and referred to by name. */
const shared: Readonly<Record<string, object>> = {
  Config: standalone(config.Config),
  Endpoint: standalone(config.Endpoint),
  Diagnostic,
  Problem,
  ReloadResult,
  Route,
  Entry,
  Webhook,
  Delivery,
  Health
}

export function shareSchemas (fastify: FastifyInstance): void {
  for (const [name, schema] of Object.entries(shared)) fastify.addSchema({ ...schema, $id: name })
}

const to = <T>(name: string) => Type.Unsafe<T>({ $ref: `${name}#` })

export const ConfigRef = to<config.Config>('Config')
export const EndpointRef = to<config.Endpoint>('Endpoint')
export const IdentifiedRef = to<config.Endpoint & { id: string }>('Endpoint')
export const DiagnosticRef = refTo('Diagnostic', Diagnostic)
export const ProblemRef = refTo('Problem', Problem)
export const ReloadResultRef = refTo('ReloadResult', ReloadResult)
export const RouteRef = refTo('Route', Route)
export const EntryRef = refTo('Entry', Entry)
export const WebhookRef = refTo('Webhook', Webhook)
export const DeliveryRef = refTo('Delivery', Delivery)
export const HealthRef = refTo('Health', Health)

function refTo<T extends TSchema> (name: string, _schema: T) {
  return to<Static<T>>(name)
}

export const Empty = Type.Null({ description: 'Done.' })

/** A list that may have a next page. */
export const next = Type.Optional(Type.String({ description: 'Path of the next page; absent on the last.' }))
export const total = Type.Integer({ description: 'How many fit, on all pages.' })
