import { Type, type Static } from 'typebox'
import { Cache } from './caching.ts'
import { FailureOrNone, FailureRate } from './failure.ts'
import { Fault } from './fault.ts'
import { strict } from './json-schema.ts'

export { HeaderValue, Headers } from './headers.ts'
export { Failure } from './failure.ts'

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

export const behaviour = {
  latency_ms: Type.Optional(Latency),
  failure_rate: Type.Optional(FailureRate),
  failure: Type.Optional(FailureOrNone),
  fault: Type.Optional(Fault),
  cache: Type.Optional(Cache)
}
