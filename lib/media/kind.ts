import { essence, isJsonType, isXmlType } from './media-type.ts'

/** How a body of some content type is written. */
export type MediaKind = 'json' | 'lines' | 'sequence' | 'events' | 'xml' | 'csv' | 'form' | 'multipart' | 'html' | 'text' | 'binary' | 'other'

const TEXTUAL = /^application\/(?:(?:x-)?(?:javascript|ecmascript|yaml|toml|sql|graphql|sh|pem-file|latex)|jwt|jose|openmetrics-text|pgp-\w+)$|\+yaml$/

/**
 * @example
 * mediaKind('application/problem+json; charset=utf-8') // 'json'
 */
export function mediaKind (type: string): MediaKind {
  const name = essence(type)
  if (/^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|stream\+json)$/.test(name)) return 'lines'
  if (isJsonType(name)) return 'json'
  if (/^application\/(?:x-)?json-seq$|\+json-seq$/.test(name)) return 'sequence'
  if (name === 'text/event-stream') return 'events'
  if (isXmlType(name)) return 'xml'
  if (name === 'text/csv' || name === 'application/csv') return 'csv'
  if (name === 'application/x-www-form-urlencoded') return 'form'
  if (name.startsWith('multipart/')) return 'multipart'
  if (name === 'text/html' || name === 'application/xhtml+xml') return 'html'
  if (name.startsWith('text/') || TEXTUAL.test(name)) return 'text'
  return /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip|x-gzip|x-tar|x-protobuf|vnd\.ms-|vnd\.openxmlformats|wasm)/.test(name) ? 'binary' : 'other'
}

/** Kinds whose body is one thing after the other: their schema is that of the list. */
export const isStream = (kind: MediaKind): boolean => kind === 'lines' || kind === 'sequence' || kind === 'events'
