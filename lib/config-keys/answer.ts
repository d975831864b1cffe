import { Type, type Static } from 'typebox'
import { behaviour, Headers } from './behaviour.ts'
import { When } from './condition.ts'
import { JsonSchema, strict } from './json-schema.ts'
import { Callbacks, Links } from './outgoing.ts'
import { given } from './state.ts'

export const Generate = Type.Object({
  list: Type.Optional(Type.String({ pattern: '^(/.*)?$', patternErrorMessage: "a JSON pointer: '' or one that starts with /", description: 'JSON pointer to the list in the body; "" is the whole. Default: found by its name.' })),
  total: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How many items the list has, on all its pages together. Default: a few pages; 2 or 3 where there are no pages.' })),
  id: Type.Optional(Type.String({ minLength: 1, description: 'Property of an item that its id is. Default: the one that the path of the item says, else `id`.' })),
  reflect: Type.Optional(Type.Boolean({ description: 'Whether what is sent (body, query) is found again in fields of the same name, and `Link` is made for the page. Default: true.' }))
}, { ...strict, description: 'How a body is generated from `response_schema` (docs/generated-data.md).' })
export type Generate = Static<typeof Generate>

/** What one answer is made of; the same keys stand directly on an endpoint that has only one. */
export const answer = {
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'Status code. Default: 200.' })),
  headers: Type.Optional(Headers),
  content_type: Type.Optional(Type.String({
    description: 'Content type of the body. Default: by the kind of body (`response`: application/json; `text`: text/plain; `file`: by extension).'
  })),
  response: Type.Optional(Type.Unknown({ description: 'JSON body, sent as it stands once its templates are filled in.' })),
  text: Type.Optional(Type.String({ description: 'Text body; may be a template.' })),
  file: Type.Optional(Type.String({ description: 'Path of a file to send as the body, inside the folder of the configuration; may be a template.' })),
  base64: Type.Optional(Type.String({ description: 'Binary body, in base64.' })),
  response_schema: Type.Optional(JsonSchema('JSON Schema of the body. Without `response`, `text`, `file` or `base64`, the body is generated from it.')),
  generate: Type.Optional(Generate),
  template: Type.Optional(Type.Boolean({ description: 'Whether `{{...}}` in body and headers are templates. Default: true.' })),
  when: Type.Optional(When),
  ...given
}

const StandsFor = Type.Union([
  Type.Literal('1XX'), Type.Literal('2XX'), Type.Literal('3XX'), Type.Literal('4XX'), Type.Literal('5XX'), Type.Literal('default')
], {
  description: 'A range of statuses that the answer stands for besides its own, or `default` for all that have none. A rejected request ' +
    'is answered with it where there is no answer for the very status, and `Prefer: code=418` finds it; it is then sent with the status asked for.'
})

const Values = (what: string) => Type.Record(Type.String(), Type.Unknown(), { description: `${what} by name; others are not looked at.` })

/** The request that an answer is an example for. */
export const ExampleRequest = Type.Object({
  params: Type.Optional(Values('Path parameters')),
  query: Type.Optional(Values('Query parameters')),
  headers: Type.Optional(Values('Headers')),
  cookies: Type.Optional(Values('Cookies')),
  body: Type.Optional(Type.Unknown({ description: 'The whole body.' })),
  body_has: Type.Optional(Values('Members of a body that is an object'))
}, {
  ...strict,
  minProperties: 1,
  description: 'A request that has these values is given this answer instead of the first. Everything that stands here has to be equal; `7` equals `"7"` outside of bodies. ' +
    'Answers are tried in their order. What a request prefers (`Prefer: code`, `example`) comes before it.'
})
export type ExampleRequest = Static<typeof ExampleRequest>

export const Negotiate = Type.Union([Type.Literal('off'), Type.Literal('prefer'), Type.Literal('enforce')], {
  description: 'What the header `Accept` does. `prefer`: of the answers that have the status of the first, it chooses the content type; where none fits, the first ' +
    'is sent all the same. `enforce`: where none fits, the answer is 406. `off`: nothing. Default: prefer; documents of OpenAPI are imported with `enforce`.'
})
export type Negotiate = Static<typeof Negotiate>

export const Response = Type.Object({
  name: Type.Optional(Type.String({ description: 'Name of the variant, by which a request can ask for it: `Prefer: example=name`.' })),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  stands_for: Type.Optional(StandsFor),
  for_request: Type.Optional(ExampleRequest),
  ...answer,
  ...behaviour,
  callbacks: Type.Optional(Callbacks),
  links: Type.Optional(Links)
}, { ...strict, description: 'One of the answers of an endpoint. The first is the default; `Prefer: code=404` or `Prefer: example=name` asks for another.' })
export type Response = Static<typeof Response>
