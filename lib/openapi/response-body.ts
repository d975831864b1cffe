import type { JsonSchema, Response } from '../config.ts'
import { isStream, mediaKind, type MediaKind } from '../media/kind.ts'
import { essence } from '../media/media-type.ts'
import { isBinary } from './concrete-type.ts'
import type { Example } from './examples.ts'
import { isObject } from './json-object.ts'
import type { Refs } from './refs.ts'
import { typeOf } from './sample.ts'
import { tinyFile } from './tiny-file.ts'

/** The keys of a variant that make its body. */
export type Body = Pick<Response, 'response' | 'text' | 'base64' | 'response_schema'>

/** A body as the document declares it, schema and all as they stand there. */
export interface DeclaredBody {
  /** The content type that is sent. */
  type: string
  schema: unknown
  /** One element of a stream (OpenAPI 3.2). */
  itemSchema?: unknown
}

/**
 * The body for one example, or for none: the example as it is, or the schema that the server makes the body from. What is not JSON
 * is written as its type then, by the same schema.
 *
 * @param convert the schema in the configuration's dialect, for `response_schema`
 */
export function bodyOf (refs: Refs, declared: DeclaredBody, example: Example | undefined, convert: () => Body['response_schema']): Body {
  const kind = kindOf(refs, declared)
  if (example?.base64 !== undefined) return { base64: example.base64 }
  if (kind === 'json') return jsonBody(refs, declared, example, convert)
  if (kind === 'binary') return example?.text === undefined ? binaryBody(essence(declared.type), example?.value) : { text: example.text }
  const written = example?.text ?? (typeof example?.value === 'string' ? example.value : undefined)
  if (kind === 'html') return { text: written ?? '<!doctype html>\n<html lang="en">\n<title>Mock</title>\n<p>Mock</p>\n</html>\n' }
  const isDeclared = declared.schema !== undefined || declared.itemSchema !== undefined
  const schema = isDeclared ? { response_schema: convert() } : {}
  if (written !== undefined) return { text: written, ...schema }
  if (example !== undefined) return { response: example.value, ...schema }
  if (isDeclared) return schema
  return kind === 'text' ? { text: 'text' } : { response: kind === 'xml' ? {} : { message: 'mock' } }
}

/**
 * The schema of a body, with the pointer to where it stands. Of what is one thing after the other (events, lines of JSON), documents
 * declare the list, or one of the things: as `itemSchema` since 3.2, as `schema` ever since.
 */
export function schemaOf (refs: Refs, { type, schema, itemSchema }: DeclaredBody, convert: (schema: unknown, key: 'schema' | 'itemSchema') => JsonSchema): JsonSchema {
  const isList = isStream(mediaKind(type))
  if (schema === undefined) return { type: 'array', items: convert(itemSchema, 'itemSchema'), ...isList && { minItems: SHOWN } }
  if (!isList) return convert(schema, 'schema')
  const target = refs.follow(schema, '')
  if ('value' in target && isObject(target.value) && typeOf(target.value) === 'array') return convert(schema, 'schema')
  return { type: 'array', items: convert(schema, 'schema'), minItems: SHOWN }
}

/** So many things make a stream: enough to see that there are several. */
const SHOWN = 3

/** What a type that says nothing holds is told by the schema. */
function kindOf (refs: Refs, { type, schema }: DeclaredBody): Exclude<MediaKind, 'other'> {
  const kind = mediaKind(type)
  if (kind !== 'other') return kind
  const target = refs.follow(schema, '')
  if (!('value' in target) || !isObject(target.value) || isBinary(target.value)) return 'binary'
  return 'text'
}

function jsonBody (refs: Refs, { schema, itemSchema }: DeclaredBody, example: Example | undefined, convert: () => Body['response_schema']): Body {
  const body: Body = {}
  if (example !== undefined && 'value' in example) body.response = parsedIfMeant(refs, example.value, schema)
  else if (example?.text !== undefined) body.response = parseOr(example.text)
  else if (schema === undefined && itemSchema === undefined) body.response = {}
  if (schema !== undefined || itemSchema !== undefined) body.response_schema = convert()
  return body
}

/** An example of an object that is written as text: `'{"id": 7}'`. */
function parsedIfMeant (refs: Refs, value: unknown, schema: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  const target = refs.follow(schema, '')
  const type = 'value' in target && isObject(target.value) ? typeOf(target.value) : undefined
  return type === 'object' || type === 'array' || (type === undefined && isObject(schema)) ? parseOr(value) : value
}

function parseOr (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Any text may be the bytes of a type that says nothing about them; it is no picture. */
function binaryBody (type: string, example: unknown): Body {
  if (example === '') return { base64: '' }
  const bytes = bytesOf(example)
  if (bytes !== undefined) return { base64: bytes }
  return typeof example === 'string' && type === 'application/octet-stream' ? { text: example } : { base64: tinyFile(type) }
}

/** Bytes that an example spells out in base64, by itself or as a `data:` URL. */
function bytesOf (value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/^data:[^,]*;base64,/, '').replace(/\s/g, '')
  return text.length >= 16 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : undefined
}
