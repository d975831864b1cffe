import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

const TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

export const ScopesOptions = Type.Object({
  header: Type.Optional(Type.Union([Type.Literal(false), Type.String({ pattern: TOKEN, patternErrorMessage: 'the name of a header' })], {
    description: 'Header by which a request names its scope, or `false` for none. Default: x-mock-scope.'
  })),
  baggage: Type.Optional(Type.Union([Type.Literal(false), Type.String({ pattern: TOKEN, patternErrorMessage: 'the name of a member of W3C Baggage' })], {
    description: 'Member of the header `baggage` (W3C) that does the same, or `false` for none. Default: mock-scope.'
  })),
  path: Type.Optional(Type.Union([Type.Literal(false), Type.String({ pattern: '^(/[^/:*?#]+)+$', patternErrorMessage: 'a path that starts with /, does not end with one, and has neither parameters nor wildcards' })], {
    description: 'Path below which a request does the same, `/__scope/<id>/users`, or `false` for none. Default: /__scope.'
  })),
  max: Type.Optional(Type.Integer({ minimum: 0, description: 'How many there may be at a time. Default: 1000.' })),
  ttl_ms: Type.Optional(Type.Integer({ minimum: 0, description: 'A scope is disposed when nobody has used it for so long, in milliseconds; 0: never. Default: 1800000 (half an hour).' }))
}, { ...strict, description: 'Scopes: mock servers of one\'s own in the one that runs, for tests side by side (docs/isolation.md).' })
export type ScopesOptions = Static<typeof ScopesOptions>
