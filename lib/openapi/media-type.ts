import { isObject } from './json-object.ts'

/** How a body of some content type is written. */
export type MediaKind = 'json' | 'lines' | 'events' | 'xml' | 'csv' | 'html' | 'text' | 'binary' | 'other'

/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
export const essence = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase()

const RANGES: Readonly<Record<string, string>> = {
  '*/*': 'application/json',
  'application/*': 'application/json',
  'text/*': 'text/plain',
  'image/*': 'image/png',
  'audio/*': 'audio/wav',
  'video/*': 'video/mp4',
  'multipart/*': 'multipart/mixed'
}

/**
 * The content type that is sent for a declared one, which may be a range (`image/*`) or a mere word (`json`).
 *
 * @param schema the schema of the body: what is binary is not JSON
 */
export function concreteType (declared: string, schema: unknown): string {
  const type = declared.trim()
  const range = essence(type)
  if (range.startsWith('*') || range === 'application/*') return isBinary(schema) ? 'application/octet-stream' : 'application/json'
  if (RANGES[range] !== undefined) return RANGES[range]
  if (range.endsWith('/*')) return `${range.slice(0, -1)}octet-stream`
  if (type.includes('/')) return type
  return /json/i.test(type) ? 'application/json' : /xml/i.test(type) ? 'application/xml' : 'text/plain'
}

/** Whether a schema is about bytes: `format: binary`, `type: file`, or an encoding of them without any type. */
export const isBinary = (schema: unknown): boolean => isObject(schema) &&
  (schema.type === 'file' || (schema.type === 'string' && schema.format === 'binary') || (schema.type === undefined && typeof schema.contentMediaType === 'string' && !/json|xml|^text/.test(schema.contentMediaType)))

const TEXTUAL = /^application\/(?:(?:x-)?(?:javascript|ecmascript|yaml|toml|sql|graphql|sh|pem-file|latex)|jwt|jose|x-www-form-urlencoded|openmetrics-text|pgp-\w+)$|\+yaml$/

export function mediaKind (type: string): MediaKind {
  const name = essence(type)
  if (/^(?:application|text)\/json$|\+json$/.test(name)) return 'json'
  if (/^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq|stream\+json)$/.test(name)) return 'lines'
  if (name === 'text/event-stream') return 'events'
  if (/^(?:application|text)\/xml$|\+xml$/.test(name) && !/^image\//.test(name) && name !== 'application/xhtml+xml') return 'xml'
  if (name === 'text/csv' || name === 'application/csv') return 'csv'
  if (name === 'text/html' || name === 'application/xhtml+xml') return 'html'
  if (name.startsWith('text/') || TEXTUAL.test(name)) return 'text'
  return /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip|x-gzip|x-tar|x-protobuf|vnd\.ms-|vnd\.openxmlformats|wasm)/.test(name) ? 'binary' : 'other'
}
