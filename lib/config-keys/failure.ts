import { Type, type Static } from 'typebox'
import { Headers } from './headers.ts'
import { occurrence } from './injection.ts'
import { strict } from './json-schema.ts'

const Status = Type.Integer({ minimum: 100, maximum: 599 })

export const FailureRate = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'The share of requests that fail, from 0 (none, whatever `failure` says) to 1 (all); repeatable when `seed` is set. Default: 0.'
})

const RetryAfter = Type.Union([
  Type.Integer({ minimum: 0 }),
  Type.Object({
    seconds: Type.Integer({ minimum: 0, description: 'How many seconds.' }),
    as: Type.Optional(Type.Union([Type.Literal('seconds'), Type.Literal('date')], { description: 'As a number of seconds, or as a date. Default: seconds.' }))
  }, strict)
], { description: 'Seconds after which the client is told to try again (`Retry-After`); `{"seconds": 30, "as": "date"}` tells them as a date. Default: not told.' })

export const Failure = Type.Object({
  status: Type.Optional(Type.Union([
    Status,
    Type.Array(Status, { minItems: 1 }),
    Type.Record(Type.String({ pattern: '^[1-5][0-9][0-9]$' }), Type.Number({ minimum: 0 }), { minProperties: 1 })
  ], {
    description: 'Status of an injected failure, a list to pick from, or weights by status: `{"503": 3, "429": 1}`. Default: 500.'
  })),
  headers: Type.Optional(Headers),
  body: Type.Optional(Type.Unknown({ description: 'Body of an injected failure. Default: that of the answer that the endpoint has for this status; else a problem document (RFC 9457).' })),
  retry_after: Type.Optional(RetryAfter),
  ...occurrence
}, { ...strict, description: 'What an injected failure looks like, and which requests fail. Nothing fails unless `failure_rate` or one of `rate`, `every`, `first`, `skip`, `times`, `burst`, `schedule`, `when` says so.' })
export type Failure = Static<typeof Failure>

export const FailureOrNone = Type.Union([Type.Literal(false), Failure], { description: 'Which requests fail, and how (docs/failures.md); `false` for none, whatever the defaults say.' })
