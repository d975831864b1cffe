import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const Status = Type.Integer({ minimum: 100, maximum: 599 })

export const HeaderValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())])

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

export const behaviour = {
  latency_ms: Type.Optional(Latency),
  failure_rate: Type.Optional(FailureRate),
  failure: Type.Optional(Failure)
}
