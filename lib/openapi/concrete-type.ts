import { essence } from '../media/media-type.ts'
import { isObject } from './json-object.ts'

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
