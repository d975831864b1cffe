import { Type, type Static } from 'typebox'
import type { When } from './condition.ts'
import { strict } from './json-schema.ts'
import { Per } from './state.ts'

/** When something is done to a request on purpose: what failures and faults have in common. */

const Share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const Count = (description: string) => Type.Integer({ minimum: 1, description })
const Milliseconds = (description: string) => Type.Number({ minimum: 0, description })

const MOMENT = '^\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d))?$'
const Moment = (description: string) => Type.String({ pattern: MOMENT, patternErrorMessage: 'a date, or a time with its offset: 2027-01-31T08:00:00Z', description })

export const Burst = Type.Union([
  Type.Object({
    of: Count('How many requests in a row are struck.'),
    every: Count('Out of how many; the first `of` of them are struck.')
  }, strict),
  Type.Object({
    start: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'How likely a request is to begin a burst.' }),
    end: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'How likely a burst is to be over with the next request: bursts have `1 / end` requests on average.' })
  }, strict)
], {
  description: 'Requests are struck in bursts: a fixed pattern, `{of: 5, every: 100}`, or bursts of random length at random intervals (a Gilbert model), ' +
    '`{start: 0.02, end: 0.25}`. Default: none.'
})
export type Burst = Static<typeof Burst>

export const TimeWindow = Type.Object({
  from: Type.Optional(Moment('When it begins, as a date and time. Default: when the configuration was taken, or state was reset.')),
  until: Type.Optional(Moment('When it ends for good. Default: never.')),
  after_ms: Type.Optional(Milliseconds('How long after its beginning it opens for the first time. Default: 0.')),
  for_ms: Type.Optional(Milliseconds('How long it stays open. Default: without end.')),
  every_ms: Type.Optional(Type.Number({ minimum: 1, description: 'How long after it opened it opens again. Default: never.' }))
}, { ...strict, minProperties: 1, description: 'A stretch of time, by the clock of the server or scope: `{"after_ms": 10000, "for_ms": 5000, "every_ms": 60000}`.' })
export type TimeWindow = Static<typeof TimeWindow>

/** Keys that all have to allow it, where several are set. */
export const occurrence = {
  rate: Type.Optional(Share('The share of requests that are struck, from 0 to 1; repeatable when `seed` is set. Default: all that the other keys allow.')),
  every: Type.Optional(Count('Every nth request is struck: the nth, the 2nth and so on.')),
  first: Type.Optional(Count('The first n requests are struck, the others are not.')),
  skip: Type.Optional(Count('So many requests are let pass before any is counted.')),
  times: Type.Optional(Count('At most so many requests are struck.')),
  burst: Type.Optional(Burst),
  schedule: Type.Optional(Type.Union([TimeWindow, Type.Array(TimeWindow, { minItems: 1 })], { description: 'When requests are struck: a time window, or several. Default: at any time.' })),
  when: Type.Optional(Type.Unsafe<When>({ $ref: '#/$defs/When', description: 'Which requests are struck, and counted: by request and state (docs/conditions.md). Default: all.' })),
  per: Type.Optional(Per)
}

export const Occurrence = Type.Object(occurrence, strict)
export type Occurrence = Static<typeof Occurrence>
