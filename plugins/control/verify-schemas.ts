import { Type } from 'typebox'

/** What claims take and are answered, for the OpenAPI document. */

export const Pattern = Type.Union([
  Type.String({ description: '`POST /orders`, `GET /users/:id?page=2`, `/users/*`, or the id of an endpoint.' }),
  Type.Record(Type.String(), Type.Unknown(), { description: 'Conditions as in `when`, and `endpoint`, `variant`, `matched`, `status`, `response`.' })
], { description: 'Which requests are meant (docs/verification.md).' })

export const CountBody = Type.Union([
  Type.Integer({ minimum: 0 }),
  Type.Literal('never'),
  Type.Literal('once'),
  Type.Literal('twice'),
  Type.Object({ times: Type.Integer({ minimum: 0 }) }),
  Type.Object({ at_least: Type.Optional(Type.Integer({ minimum: 0 })), at_most: Type.Optional(Type.Integer({ minimum: 0 })) })
], { description: 'How often. Default: at least once.' })

const Headers = Type.Record(Type.String(), Type.Unknown())

export const Call = Type.Object({
  seq: Type.Integer(),
  time: Type.String({ description: 'ISO 8601.' }),
  method: Type.String(),
  path: Type.String(),
  url: Type.String(),
  params: Type.Record(Type.String(), Type.String()),
  query: Type.Record(Type.String(), Type.Unknown()),
  headers: Headers,
  cookies: Type.Record(Type.String(), Type.String()),
  body: Type.Optional(Type.Unknown({ description: 'JSON, fields of a form by name, or text; bytes in base64.' })),
  truncated: Type.Boolean({ description: 'Whether the log has cut the body, which is then left out.' }),
  endpoint: Type.Optional(Type.String({ description: 'Id.' })),
  variant: Type.Optional(Type.String()),
  response: Type.Optional(Type.Object({ status: Type.Integer(), headers: Headers, body: Type.Optional(Type.Unknown()) })),
  aborted: Type.Boolean(),
  duration_ms: Type.Number(),
  scope: Type.Optional(Type.String())
})

export const UnusedEndpoint = Type.Object({
  id: Type.String(),
  methods: Type.Array(Type.String()),
  path: Type.String(),
  origin: Type.Optional(Type.String())
})

const Line = {
  seq: Type.Integer(),
  method: Type.String(),
  path: Type.String(),
  status: Type.Optional(Type.Integer()),
  endpoint: Type.Optional(Type.String()),
  note: Type.Optional(Type.String())
}

const Texts = Type.Record(Type.String(), Type.String())

/** A problem document with the parts of the message beside it. */
export const VerificationProblem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'The whole message; its first line names the mistake.' }),
  code: Type.String(),
  verification: Type.Object({
    operator: Type.String(),
    headline: Type.String(),
    expected: Texts,
    actual: Texts,
    wanted: Type.Array(Type.String(), { description: 'What was claimed, one demand each.' }),
    times: Type.Optional(Type.Object({ expected: Type.String(), actual: Type.Integer() })),
    nearest: Type.Optional(Type.Object({
      ...Line,
      verdicts: Type.Array(Type.Object({
        holds: Type.Boolean(),
        part: Type.String(),
        at: Type.Optional(Type.String()),
        operator: Type.String(),
        expected: Type.String(),
        actual: Type.String(),
        message: Type.String(),
        distance: Type.Number({ description: 'From 0 (holds) to 1 (nothing like it).' }),
        parts: Type.Optional(Type.Array(Type.Unknown()))
      }))
    })),
    requests: Type.Array(Type.Object(Line), { description: 'What came otherwise, the newest first: a few of them.' }),
    total: Type.Integer(),
    notes: Type.Array(Type.String())
  })
}, { description: 'A claim that does not hold.' })
