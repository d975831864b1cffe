import type { SchemaView } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { stringifyJson } from '../stringify-json.ts'

/** What separates the parts of bodies that are written here. */
const BOUNDARY = 'fastify-mock-server'

/** A content type with the boundary that a multipart body needs (RFC 2046, section 5.1.1); others as they are. */
export function withBoundary (contentType: string, text?: string): string {
  if (!/^\s*multipart\//i.test(contentType) || /;\s*boundary=/i.test(contentType)) return contentType
  // A text that is written already has one.
  const own = /^(?:\r?\n)*--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])\s*$/m.exec(text ?? '')?.[1]
  const boundary = own ?? BOUNDARY
  return `${contentType}; boundary=${/^[\w'+.-]+$/.test(boundary) ? boundary : `"${boundary}"`}`
}

/** A form (RFC 7578) of an object's properties, lists as several parts of a name; of a list, one part for each item. */
export function writeMultipart (value: unknown, contentType: string, schema: SchemaView): string {
  const boundary = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType)?.slice(1).find(found => found !== undefined) ?? BOUNDARY
  const parts = isObject(value)
    ? Object.entries(value).flatMap(([name, member]) => [member].flat().map(item => part(item, schema.property(name).isBinary || schema.property(name).items.isBinary, name, contentType)))
    : [value].flat().map(item => part(item, schema.items.isBinary, undefined, contentType))
  return `${parts.map(text => `--${boundary}\r\n${text}\r\n`).join('')}--${boundary}--\r\n`
}

function part (value: unknown, isFile: boolean, name: string | undefined, contentType: string): string {
  const isPlain = typeof value !== 'object' || value === null
  const quoted = name?.replace(/["\r\n]/g, encodeURIComponent)
  const disposition = quoted === undefined
    ? []
    : [`content-disposition: ${/form-data/i.test(contentType) ? 'form-data' : 'attachment'}; name="${quoted}"${isFile ? `; filename="${quoted}"` : ''}`]
  const type = isFile ? 'application/octet-stream' : isPlain ? 'text/plain; charset=utf-8' : 'application/json'
  const text = value === undefined || value === null ? '' : isPlain ? String(value) : stringifyJson(value) ?? ''
  return [...disposition, `content-type: ${type}`, '', text].join('\r\n')
}
