import { Type, type Static } from 'typebox'
import { fronts } from './caching.ts'
import { strict } from './json-schema.ts'
import { Security } from './security.ts'

export const ValidateMode = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about requests that do not fit (`schema`, `security`, content types): `enforce` rejects them; `warn` serves them, and tells ' +
    'what is wrong in the header `x-mock-violations` and in the request log; `off` does not look. One request may say `Prefer: validate=off`. Default: enforce.'
})
export type ValidateMode = Static<typeof ValidateMode>

const UnknownQuery = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about query parameters that `schema.querystring` does not name; never more than `validate` says. Default: off.'
})

/** What is asked of requests; stands on an endpoint, or in `defaults`. */
export const demands = {
  validate: Type.Optional(ValidateMode),
  unknown_query: Type.Optional(UnknownQuery),
  ...fronts,
  security: Type.Optional(Security),
  roles: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'Roles of which the caller must have one, whatever the scheme; others are answered with 403. Default: none is asked for.' }))
}

export const Rejection = Type.Object({
  answer: Type.Optional(Type.Union([Type.Literal('own'), Type.Literal('problem')], {
    description: '`own`: the answer that the endpoint has for it, where it has one (422, 400, 4XX, default; 401, 403; 415); `problem`: always a problem document (RFC 9457). Default: own.'
  })),
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 499, description: 'Status for parameters and bodies that do not fit, where no answer of the endpoint says another. Default: 400.' }))
}, { ...strict, description: 'How requests are rejected that do not fit.' })
export type Rejection = Static<typeof Rejection>
