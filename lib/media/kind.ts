/** How a body of some content type is written. */
export type MediaKind = 'json' | 'lines' | 'sequence' | 'events' | 'xml' | 'csv' | 'form' | 'multipart' | 'html' | 'text' | 'binary' | 'other'

/** A media type without its parameters, in lower case (RFC 9110, section 8.3.1). */
export const essence = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase()

const TEXTUAL = /^application\/(?:(?:x-)?(?:javascript|ecmascript|yaml|toml|sql|graphql|sh|pem-file|latex)|jwt|jose|openmetrics-text|pgp-\w+)$|\+yaml$/

/**
 * @example
 * mediaKind('application/problem+json; charset=utf-8') // 'json'
 */
export function mediaKind (type: string): MediaKind {
  const name = essence(type)
  if (/^(?:application|text)\/json$|\+json$/.test(name)) return 'json'
  if (/^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|stream\+json)$/.test(name)) return 'lines'
  if (/^application\/(?:x-)?json-seq$|\+json-seq$/.test(name)) return 'sequence'
  if (name === 'text/event-stream') return 'events'
  if (/^(?:application|text)\/xml$|\+xml$/.test(name) && !/^image\//.test(name) && name !== 'application/xhtml+xml') return 'xml'
  if (name === 'text/csv' || name === 'application/csv') return 'csv'
  if (name === 'application/x-www-form-urlencoded') return 'form'
  if (name.startsWith('multipart/')) return 'multipart'
  if (name === 'text/html' || name === 'application/xhtml+xml') return 'html'
  if (name.startsWith('text/') || TEXTUAL.test(name)) return 'text'
  return /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip|x-gzip|x-tar|x-protobuf|vnd\.ms-|vnd\.openxmlformats|wasm)/.test(name) ? 'binary' : 'other'
}

/** Kinds whose body is one thing after the other: their schema is that of the list. */
export const isStream = (kind: MediaKind): boolean => kind === 'lines' || kind === 'sequence' || kind === 'events'
