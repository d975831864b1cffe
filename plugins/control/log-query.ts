import { Type, type Static } from 'typebox'
import type { LogFilter } from '../../lib/request-log.ts'

/** The query parameters that narrow down the log: LogFilter's keys. */
export const FilterQuery = {
  method: Type.Optional(Type.String({ description: 'Upper or lower case.' })),
  path: Type.Optional(Type.String({ description: 'Exact path without prefix and query, or a glob: `*` is any text, slashes included.' })),
  url: Type.Optional(Type.String({ description: 'Text that the URL contains.' })),
  status: Type.Optional(Type.Integer({ description: 'Status of the answer.' })),
  endpoint: Type.Optional(Type.String({ description: 'Id of the endpoint that answered.' })),
  matched: Type.Optional(Type.Boolean({ description: 'Whether an endpoint was found.' })),
  scope: Type.Optional(Type.String({ description: 'Id of a scope; empty for requests that named none.' })),
  profile: Type.Optional(Type.String({ description: 'Name of the profile that it was answered with; empty for none.' })),
  overlay: Type.Optional(Type.String({ description: 'Id of the overlay that answered.' })),
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only entries after this `seq`.' })),
  before: Type.Optional(Type.Integer({ minimum: 0, description: 'Only entries before this `seq`.' }))
}

const strict = { additionalProperties: false }

export const ListQuery = Type.Object({
  ...FilterQuery,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many.' })),
  order: Type.Optional(Type.Enum(['desc', 'asc'], { default: 'desc', description: '`desc` tells the newest first, `asc` the oldest.' }))
}, strict)

export const ClearQuery = Type.Object({
  scope: Type.Optional(Type.String({ description: 'Forgets the requests of one scope; empty: those of none. Default: all.' }))
}, strict)

export const StreamQuery = Type.Object({
  ...FilterQuery,
  access_token: Type.Optional(Type.String({ description: 'The token, for an EventSource, which cannot send headers.' }))
}, strict)

export function filterOf ({ method, path, url, status, endpoint, matched, scope, profile, overlay, after, before }: Static<typeof StreamQuery>): LogFilter {
  return { method, path, url, status, endpoint, matched, scope: scope === '' ? null : scope, profile: profile === '' ? null : profile, overlay, after, before }
}
