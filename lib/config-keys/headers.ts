import { Type, type Static } from 'typebox'

export const HeaderValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())])

export const Headers = Type.Record(Type.String(), HeaderValue, {
  description: 'Response headers; values may be templates. A list sends the header several times.'
})
export type Headers = Static<typeof Headers>
