import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

/** `100/1m`, `5000/h`, `10/500ms`: how many in what time. */
export const RATE = '^[0-9]{1,9} ?/ ?(?:[0-9]{1,9}(?:\\.[0-9]{1,3})? ?)?(?:ms|s|m|h|d)$'
const Rate = (description: string) => Type.String({ pattern: RATE, patternErrorMessage: 'how many in what time, such as 100/1m, 5000/h or 10/500ms', description })

const Named = (part: string) => Type.String({ minLength: 1, description: `Name of the ${part}.` })

const Part = Type.Union([
  Type.Literal('client'),
  Type.Literal('token'),
  Type.Literal('endpoint'),
  Type.Literal('tag'),
  Type.Literal('all'),
  Type.Object({ header: Named('header') }, strict),
  Type.Object({ cookie: Named('cookie') }, strict),
  Type.Object({ query: Named('query parameter') }, strict),
  Type.Object({ param: Named('path parameter') }, strict)
])
export type RatePart = Static<typeof Part>

/** What of a limit a custom header can tell. */
const Quantity = Type.Union([
  Type.Literal('limit'),
  Type.Literal('remaining'),
  Type.Literal('used'),
  Type.Literal('name'),
  Type.Literal('window_seconds'),
  Type.Literal('reset_seconds'),
  Type.Literal('reset_ms'),
  Type.Literal('reset_epoch'),
  Type.Literal('reset_epoch_ms'),
  Type.Literal('reset_date'),
  Type.Literal('reset_iso'),
  Type.Literal('reset_duration')
])
export type RateLimitQuantity = Static<typeof Quantity>

const Style = Type.Union([
  Type.Literal('ietf'),
  Type.Literal('ietf_06'),
  Type.Literal('x_ratelimit'),
  Type.Literal('github'),
  Type.Literal('gitlab'),
  Type.Literal('stripe'),
  Type.Literal('twitter'),
  Type.Literal('openai'),
  Type.Literal('anthropic')
])
export type RateLimitStyle = Static<typeof Style>

export const RateLimit = Type.Object({
  name: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Limits of one name have one count: they have to be the same in what is counted. A name alone is the limit of that name in `defaults`. ' +
      'Default: `default` in `defaults`, else the id of the endpoint (of the resource).'
  })),
  algorithm: Type.Optional(Type.Union([
    Type.Literal('fixed_window'), Type.Literal('sliding_window'), Type.Literal('token_bucket'), Type.Literal('concurrency')
  ], {
    description: 'How it is counted: in windows one after the other, of which the first request begins the first (`fixed_window`); in the window that ends now (`sliding_window`); ' +
      'as tokens that are taken, and trickle in again all the time (`token_bucket`); or by requests that are not answered yet (`concurrency`). Default: fixed_window.'
  })),
  limit: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 1_000_000_000 }), Rate('With its window.')], {
    description: 'How much may be spent: a number, or with its window `100/1m`, `5000/h`, `10/500ms`. 0 lets nothing pass.'
  })),
  window_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_622_400_000, description: 'The window in milliseconds, where `limit` is a number.' })),
  burst: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'How many tokens a `token_bucket` holds. Default: `limit`.' })),
  aligned: Type.Optional(Type.Boolean({ description: 'Whether each `fixed_window` begins by the clock, in UTC: at the full minute, hour, day. Default: false, with the first request.' })),
  queue: Type.Optional(Type.Object({
    size: Type.Integer({ minimum: 0, maximum: 100_000, description: 'How many requests wait; more are rejected.' }),
    timeout_ms: Type.Optional(Type.Integer({ minimum: 0, description: 'How long one waits before it is rejected, in milliseconds. Default: without end.' }))
  }, { ...strict, description: 'Requests beyond a `concurrency` limit wait for their turn, instead of being rejected at once. Default: none waits.' })),
  per: Type.Optional(Type.Union([Part, Type.Array(Part, { minItems: 1 })], {
    description: 'Whose requests are counted together: those of one `client` (address), of one `token` (credentials in `Authorization`; the address where there are none), to one `endpoint`, to one `tag` ' +
      '(the endpoint\'s first), those with the same value of `{header}`, `{cookie}`, `{query}` or `{param}`, or `all`. A list: those that have all of it in common. Default: client.'
  })),
  cost: Type.Optional(Type.Union([
    Type.Integer({ minimum: 0 }),
    Type.Record(Type.String({ pattern: '^(\\*|[A-Z][A-Z-]*)$' }), Type.Integer({ minimum: 0 }), { minProperties: 1 })
  ], { description: 'How much a request spends: a number, or by method, `{"GET": 1, "POST": 5, "*": 2}`. Default: 1.' })),
  headers: Type.Optional(Type.Union([
    Type.Literal(false),
    Style,
    Type.Record(Type.String({ pattern: TOKEN }), Quantity, { minProperties: 1 })
  ], {
    description: 'Headers that tell of the limit, in the style of the standard to be (`ietf`) or of a service, own names with what they tell (`{"x-quota-left": "remaining"}`), or `false` for none ' +
      '(docs/rate-limits.md). Default: ietf.'
  })),
  retry_after: Type.Optional(Type.Union([Type.Literal(false), Type.Literal('seconds'), Type.Literal('date'), Type.Integer({ minimum: 0 })], {
    description: '`Retry-After` of a rejected request: as `seconds` or a `date`; a number of seconds that is always told, right or wrong; or `false` for none. ' +
      'Default: seconds; none in the styles of services that send none.'
  })),
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599, description: 'Status of rejected requests. Default: 429.' })),
  body: Type.Optional(Type.Unknown({
    description: 'Body of rejected requests, as `response` of an answer has it; templates see `rate_limit` (name, limit, remaining, used, reset_seconds, retry_after). ' +
      'Default: that of the answer that the endpoint has for the status; else a problem document (RFC 9457).'
  })),
  content_type: Type.Optional(Type.String({ minLength: 1, description: 'Content type of `body`. Default: application/json.' }))
}, { ...strict, description: 'How many requests are served in what time, and what becomes of those beyond.' })
export type RateLimit = Static<typeof RateLimit>

export const RateLimits = Type.Union([
  Type.Literal(false),
  Rate('The limit alone: `100/1m`.'),
  RateLimit,
  Type.Array(Type.Union([Rate('The limit alone.'), RateLimit]), { minItems: 1 })
], {
  description: 'Rate limit of the endpoint, or in `defaults` of all that have none of their own, which are counted together: `100/1m`, or an object, or a list of them that all have to allow a request; ' +
    '`false` for none (docs/rate-limits.md). Default: none.'
})
export type RateLimits = Static<typeof RateLimits>

/** Stands wherever behaviour does, but on an answer: a request is counted before its answer is chosen. */
export const limits = { rate_limit: Type.Optional(RateLimits) }
