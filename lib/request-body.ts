import type { FormEncoding } from './body/form.ts'
import type { JsonSchema } from './config.ts'
import { essence, isJsonType, isXmlType } from './media/media-type.ts'
import type { Source } from './schema/compiler.ts'
import { isObject } from './schema/subschemas.ts'

/** Which bodies an endpoint takes: a schema for each content type. */
export interface RequestBody {
  required: boolean
  content: readonly BodyEntry[]
}

/** Bodies of one content type, or of a range of them. */
export interface BodyEntry {
  /** Without parameters, in lower case. */
  type: string
  schema: JsonSchema | undefined
  /** How the fields of a form are written. */
  encoding?: FormEncoding
}

const JSON_BODY = 'application/json'

/**
 * Reads `schema.body`, which is either the schema of a JSON body or `{ required, content }`.
 *
 * @param methods of the requests: of those that usually have no body, none is required
 */
export function requestBody (body: JsonSchema | undefined, methods: string | readonly string[] = []): RequestBody | undefined {
  if (body === undefined) return undefined
  const isOptional = methods.length > 0 && isBodiless(methods)
  if (!isObject(body) || !isObject(body.content)) return { required: !isOptional, content: [{ type: JSON_BODY, schema: body }] }
  const content = Object.entries(body.content).map(([type, media]): BodyEntry => {
    const { schema, encoding } = isObject(media) ? media : {}
    const entry: BodyEntry = { type: essence(type), schema: isObject(schema) || typeof schema === 'boolean' ? schema : undefined }
    // The configuration's schema has seen to it that it is one.
    if (isObject(encoding)) entry.encoding = encoding as FormEncoding
    return entry
  })
  return { required: body.required !== false && !isOptional, content }
}

/**
 * Which entry fits a `Content-Type`: the very type, else a range such as `text/*`; any JSON type (`+json`) fits an endpoint that
 * takes JSON, and any XML type one that takes XML.
 */
export function entryFor ({ content }: RequestBody, contentType: string): BodyEntry | undefined {
  const exact = content.find(entry => entry.type === contentType)
  if (exact !== undefined) return exact
  const type = essence(contentType)
  return content.find(entry => entry.type === type) ??
    content.find(entry => entry.type === JSON_BODY && isJsonType(type)) ??
    content.find(entry => isXmlType(entry.type) && isXmlType(type)) ??
    content.find(entry => entry.type.endsWith('/*') && entry.type !== '*/*' && type.startsWith(entry.type.slice(0, -1))) ??
    content.find(entry => entry.type === '*/*')
}

export const FORM_TYPE = 'application/x-www-form-urlencoded'
import { mediaKind } from './media/kind.ts'

/** Types whose bodies are made of lines, each a JSON value of its own. */
export const isLinesType = (type: string): boolean => ['lines', 'sequence'].includes(mediaKind(type))

/**
 * What a body of this type is read as, so that a schema can speak of it: JSON, or text that is given types by its schema.
 * Undefined for bytes, which nothing is asked of.
 */
export function sourceOf ({ schema }: BodyEntry, contentType: string): Source | undefined {
  if (schema === undefined || isBytes(schema)) return undefined
  const type = essence(contentType)
  if (isJsonType(type) || isLinesType(type)) return 'json'
  if (type === FORM_TYPE || type.startsWith('multipart/') || isXmlType(type) || type === 'text/plain') return 'text'
  // Tables, event streams and the like are read by nobody here: only as a whole text can they be judged.
  return type.startsWith('text/') && isText(schema) ? 'text' : undefined
}

/** `type: string, format: binary`: the body as it is, whatever its content type. */
const isBytes = (schema: JsonSchema): boolean => isObject(schema) && schema.format === 'binary'

const isText = (schema: JsonSchema): boolean => isObject(schema) && [schema.type].flat().includes('string')

const BODILESS = new Set(['GET', 'HEAD', 'TRACE'])

/** Methods whose requests have no body that means anything (RFC 9110, section 9.3), and that many clients send none with. */
export const isBodiless = (methods: string | readonly string[]): boolean => [methods].flat().every(method => BODILESS.has(method))
