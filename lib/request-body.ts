import type { JsonSchema } from './config.ts'
import { isObject } from './schema/subschemas.ts'

/** Which bodies an endpoint takes: a schema for each content type. */
export interface RequestBody {
  required: boolean
  content: ReadonlyArray<{ type: string, schema: JsonSchema | undefined }>
}

const JSON_BODY = 'application/json'

/** Reads `schema.body`, which is either the schema of a JSON body or `{ required, content }`. */
export function requestBody (body: JsonSchema | undefined): RequestBody | undefined {
  if (body === undefined) return undefined
  if (!isObject(body) || !isObject(body.content)) return { required: true, content: [{ type: JSON_BODY, schema: body }] }
  const content = Object.entries(body.content).map(([type, media]) => {
    const schema = isObject(media) ? media.schema : undefined
    return { type: essence(type), schema: isObject(schema) || typeof schema === 'boolean' ? schema : undefined }
  })
  return { required: body.required !== false, content }
}

/**
 * Which entry fits a `Content-Type`: the very type, else a range such as `text/*`; any JSON type (`+json`) fits an endpoint that
 * takes JSON.
 */
export function entryFor (body: RequestBody, contentType: string): RequestBody['content'][number] | undefined {
  const type = essence(contentType)
  const { content } = body
  return content.find(entry => entry.type === type) ??
    content.find(entry => entry.type === JSON_BODY && /^application\/[\w.+-]+\+json$/.test(type)) ??
    content.find(entry => entry.type.endsWith('/*') && entry.type !== '*/*' && type.startsWith(entry.type.slice(0, -1))) ??
    content.find(entry => entry.type === '*/*')
}

/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
const essence = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase()
