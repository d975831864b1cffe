import { Type, type Static } from 'typebox'
import { JsonSchema, strict } from './json-schema.ts'

/** How one field of a form is written, in the words of OpenAPI's encoding object. */
const PartEncoding = Type.Object({
  contentType: Type.Optional(Type.String({ description: 'Content type of the field, or several and ranges with commas between. JSON is parsed; of a multipart body, parts of other types are rejected.' })),
  style: Type.Optional(Type.String({ description: 'How a list or an object is written: `form`, `spaceDelimited`, `pipeDelimited`, `deepObject`. Default: form.' })),
  explode: Type.Optional(Type.Boolean({ description: 'Whether each item has a field of its own. Default: true for `form`.' }))
}, strict)

/** Bodies of several content types, in the words of OpenAPI's request body. */
export const BodyContent = Type.Object({
  required: Type.Optional(Type.Boolean({ description: 'Whether there must be a body. Default: true.' })),
  content: Type.Record(Type.String(), Type.Object({
    schema: Type.Optional(JsonSchema('Schema of a body of this type.')),
    encoding: Type.Optional(Type.Record(Type.String(), PartEncoding, { description: 'How the fields of a form are written, by name.' }))
  }, strict), {
    description: 'By content type or range of them, such as `text/*`.'
  })
}, strict)

export const RequestSchemas = Type.Object({
  body: Type.Optional(Type.Union([JsonSchema('Schema of a JSON body.'), BodyContent], {
    description: 'Schema of a JSON body; or `{required, content: {"application/json": {schema}, ...}}`, one schema for each content type. ' +
      'Other types are answered with 415. Forms, multipart and XML are read by their schema (docs/request-bodies.md).'
  })),
  querystring: Type.Optional(JsonSchema('Schema of the query parameters, an object schema. `style` and `explode` beside a property say how it is written (OpenAPI).')),
  params: Type.Optional(JsonSchema('Schema of the path parameters, an object schema.')),
  headers: Type.Optional(JsonSchema('Schema of the request headers, an object schema with lower-case names.')),
  cookies: Type.Optional(JsonSchema('Schema of the cookies, an object schema.'))
}, {
  ...strict,
  description: 'What a request must look like, in Fastify\'s own words: JSON Schema in files, TypeBox in code. Others are rejected.'
})
export type RequestSchemas = Static<typeof RequestSchemas>

const Demands = (what: string) => Type.Record(Type.String(), Type.Union([Type.String(), Type.Literal(true)]), {
  minProperties: 1,
  description: `${what} that a request must have: the value, or \`true\` for any.`
})

export const Match = Type.Object({
  query: Type.Optional(Demands('Query parameters')),
  headers: Type.Optional(Demands('Headers'))
}, {
  ...strict,
  minProperties: 1,
  description: 'What belongs to the address besides method and path: only requests that have it come here. `{"query": {"beta": "true"}}` is what `/messages?beta=true` ' +
    'means, `{"headers": {"x-amz-target": "Books.Create"}}` is how some APIs put many operations under one path. An endpoint of the path without `match` takes the rest.'
})
