import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const Seconds = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))
const Flag = (description: string) => Type.Optional(Type.Boolean({ description }))
const FlagOrNames = (description: string) => Type.Optional(Type.Union([Type.Boolean(), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], { description }))

/** The directives of answers: RFC 9111, section 5.2.2, RFC 5861 and RFC 8246. */
export const CacheControl = Type.Object({
  max_age: Seconds('For how many seconds the answer is fresh.'),
  s_maxage: Seconds('The same for shared caches.'),
  no_cache: FlagOrNames('May be stored, and is asked for anew each time it is used; a list of headers: those are.'),
  no_store: Flag('May not be stored.'),
  no_transform: Flag('May not be changed on its way.'),
  must_revalidate: Flag('May not be used once it is stale.'),
  proxy_revalidate: Flag('The same for shared caches.'),
  must_understand: Flag('May only be stored by who knows its status.'),
  public: Flag('May be stored by shared caches, also for requests with credentials.'),
  private: FlagOrNames('May not be stored by shared caches; a list of headers: those may not.'),
  immutable: Flag('Does not change while it is fresh.'),
  stale_while_revalidate: Seconds('For how many seconds it may be used once it is stale, while it is asked for anew.'),
  stale_if_error: Seconds('For how many seconds it may be used once it is stale, where the server fails.')
}, { ...strict, description: 'Directives of `Cache-Control`.' })
export type CacheControl = Static<typeof CacheControl>

const DATE = '\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d))?|[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT'

const CacheOptions = Type.Object({
  etag: Type.Optional(Type.Union([
    Type.Literal('strong'), Type.Literal('weak'), Type.Literal(false),
    Type.String({ pattern: '^(W/)?"[!#-~]*"$', patternErrorMessage: 'strong, weak, false, or a tag in quotes' })
  ], { description: '`ETag`: `strong` or `weak`, made of the answer; a tag of your own, in quotes: `"\\"v1\\""`; or `false` for none. Default: strong.' })),
  last_modified: Type.Optional(Type.Union([Type.Boolean(), Type.String({ pattern: `^(now|${DATE})$`, patternErrorMessage: 'now, or a date: 2026-01-31T10:00:00Z, or as HTTP has it' })], {
    description: '`Last-Modified`: `true` for when the content last changed (of a file: its own date), `now`, a date (ISO 8601 or as HTTP has it), or `false` for none. Default: true.'
  })),
  control: Type.Optional(Type.Union([Type.String({ minLength: 1 }), CacheControl], { description: '`Cache-Control`, as it is sent or by its directives: `{"max_age": 60}`. Default: none.' })),
  vary: Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], { description: 'Request headers that the answer depends on, told in `Vary` beside those that it depends on anyway. Default: none.' })),
  age: Seconds('`Age`: how many seconds old the answer says it is, as if it came out of a cache. Default: none.'),
  expires: Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: `^(${DATE})$`, patternErrorMessage: 'a date: 2026-01-31T10:00:00Z, or as HTTP has it' })], { description: '`Expires`: in so many seconds (of a negative number: before), or a date. Default: none.' })),
  ranges: Type.Optional(Type.Boolean({ description: 'Whether parts can be asked for (`Range`, 206). Default: true.' }))
}, strict)
export type CacheOptions = Static<typeof CacheOptions>

/** What is told to caches, and what they are answered. */
export const Cache = Type.Union([Type.Boolean(), CacheOptions], {
  description: 'Has the answer carry what caches go by (`ETag`, `Last-Modified`, `Cache-Control` ...), and requests for it answered with 304, 206 and 412 (docs/caching.md). ' +
    '`true` for `ETag`, `Last-Modified` and ranges. Headers that are set in `headers` stay. Default: false.'
})
export type Cache = Static<typeof Cache>

const policy = {
  ttl: Seconds('For how many seconds answers are fresh that do not say it themselves. Default: as RFC 9111 has it, a tenth of the time since they changed.'),
  stale_while_revalidate: Seconds('For how many seconds a stale answer is used while it is asked for anew, where it does not say itself. Default: 0.'),
  stale_if_error: Seconds('For how many seconds a stale answer is used where the endpoint fails (500, 502, 503, 504, faults), where it does not say itself. Default: 0.'),
  client_directives: Flag('Whether `Cache-Control` of requests counts (`no-cache`, `no-store`, `max-age`, `only-if-cached` ...), which many CDNs overlook. Default: true.')
}

const SharedCachePolicy = Type.Object(policy, strict)
export type SharedCachePolicy = Static<typeof SharedCachePolicy>

/** Whether a simulated shared cache stands in front of an endpoint, and what it does on its own account. */
export const SharedCache = Type.Union([Type.Boolean(), SharedCachePolicy], {
  description: 'Whether a simulated shared cache (CDN, reverse proxy) stands in front of the endpoint; or how long it keeps what does not say (docs/caching.md). Default: whether the server has one.'
})
export type SharedCache = Static<typeof SharedCache>

/** Stands on an endpoint, in `defaults`, on a tag and in a profile: what stands in front of an endpoint knows nothing of single answers. */
export const fronts = {
  shared_cache: Type.Optional(SharedCache)
}

export const SharedCacheOptions = Type.Object({
  ...policy,
  max_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'How many bytes all stored answers together may take; those not asked for for longest go first. Default: 67108864 (64 MiB).' })),
  max_entries: Type.Optional(Type.Integer({ minimum: 0, description: 'How many answers are stored. Default: 10000.' })),
  max_entry_bytes: Type.Optional(Type.Integer({ minimum: 0, description: 'Larger answers are not stored. Default: 8388608 (8 MiB).' })),
  name: Type.Optional(Type.String({ pattern: "^[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*$", patternErrorMessage: 'a token that begins with a letter', description: 'What the cache is called in `Cache-Status` (RFC 9211). Default: mock.' })),
  header: Type.Optional(Type.Union([Type.Literal(false), Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", patternErrorMessage: 'the name of a header' })], {
    description: 'Header that tells HIT, MISS, STALE, REVALIDATED or BYPASS, or `false` for none. Default: x-cache.'
  }))
}, { ...strict, description: 'A simulated shared cache in front of the endpoints (docs/caching.md).' })
export type SharedCacheOptions = Static<typeof SharedCacheOptions>
