import { Type, type Static } from 'typebox'
import { strict } from './json-schema.ts'

export const ValidateMode = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about requests that do not fit (`schema`, `security`, content types): `enforce` rejects them; `warn` serves them, and tells ' +
    'what is wrong in the header `x-mock-violations` and in the request log; `off` does not look. One request may say `Prefer: validate=off`. Default: enforce.'
})
export type ValidateMode = Static<typeof ValidateMode>

const UnknownQuery = Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('enforce')], {
  description: 'What is done about query parameters that `schema.querystring` does not name; never more than `validate` says. Default: off.'
})

export const SecurityScheme = Type.Object({
  type: Type.Union([Type.Literal('apiKey'), Type.Literal('http'), Type.Literal('oauth2'), Type.Literal('openIdConnect'), Type.Literal('mutualTLS')], {
    description: 'What credentials are, in the words of OpenAPI. `oauth2` and `openIdConnect` are bearer tokens; `mutualTLS` is not checked.'
  }),
  in: Type.Optional(Type.Union([Type.Literal('header'), Type.Literal('query'), Type.Literal('cookie')], { description: 'Where an `apiKey` is sent.' })),
  name: Type.Optional(Type.String({ minLength: 1, description: 'Name of the header, query parameter or cookie that an `apiKey` is sent in.' })),
  scheme: Type.Optional(Type.String({ minLength: 1, description: 'Scheme of the header `Authorization` for `http`: `basic`, `bearer`, `digest` or another.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' }))
}, { ...strict, description: 'A way to send credentials.' })
export type SecurityScheme = Static<typeof SecurityScheme>

const Security = Type.Array(Type.Record(Type.String(), Type.Array(Type.String())), {
  description: 'Which credentials a request must carry: one of the entries suffices, and of an entry all `security_schemes` that it names, each with its ' +
    'scopes. `{}` is none at all, `[]` asks for nothing. Credentials are looked at for their form only. Others are answered with 401.'
})
export type Security = Static<typeof Security>

/** What is asked of requests; stands on an endpoint, or in `defaults`. */
export const demands = {
  validate: Type.Optional(ValidateMode),
  unknown_query: Type.Optional(UnknownQuery),
  security: Type.Optional(Security)
}

export const Rejection = Type.Object({
  answer: Type.Optional(Type.Union([Type.Literal('own'), Type.Literal('problem')], {
    description: '`own`: the answer that the endpoint has for it, where it has one (422, 400, 4XX, default; 401, 403; 415); `problem`: always a problem document (RFC 9457). Default: own.'
  })),
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 499, description: 'Status for parameters and bodies that do not fit, where no answer of the endpoint says another. Default: 400.' }))
}, { ...strict, description: 'How requests are rejected that do not fit.' })
export type Rejection = Static<typeof Rejection>
