import type { Response } from '../config.ts'
import type { Example } from './examples.ts'
import { isObject, type JsonObject } from './json-object.ts'
import { essence, isBinary, mediaKind, type MediaKind } from './media-type.ts'
import type { Refs } from './refs.ts'
import { sampleValue, typeOf } from './sample.ts'
import { tinyFile } from './tiny-file.ts'
import { refName, renderXml } from './xml.ts'

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
 * The body for one example, or for none.
 *
 * JSON without an example is generated from its schema when served. What is not JSON has to be a text: it is written down
 * here, once, from the example or from a sample value of the schema.
 *
 * @param convert the schema in the configuration's dialect, for `response_schema`
 */
export function bodyOf (refs: Refs, declared: DeclaredBody, example: Example | undefined, convert: () => Body['response_schema']): Body {
  const kind = kindOf(refs, declared)
  if (example?.base64 !== undefined) return { base64: example.base64 }
  if (kind === 'json') return jsonBody(refs, declared, example, convert)
  if (example?.text !== undefined) return { text: example.text }
  if (kind === 'binary') return { base64: bytesOf(example?.value) ?? tinyFile(essence(declared.type)) }
  if (example !== undefined) return { text: textOf(refs, kind, example.value, declared) }
  if (kind === 'html') return { text: '<!doctype html>\n<title>Mock</title>\n<p>Mock</p>\n' }
  if (kind === 'text') return declared.schema === undefined ? { text: 'text' } : { response_schema: convert() }
  return { text: sampleText(refs, kind, declared) }
}

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

/** Bytes that an example spells out in base64, by itself or as a `data:` URL. */
function bytesOf (value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/^data:[^,]*;base64,/, '').replace(/\s/g, '')
  return text.length >= 16 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : undefined
}

function textOf (refs: Refs, kind: MediaKind, value: unknown, { schema }: DeclaredBody): string {
  if (typeof value === 'string') return value
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  switch (kind) {
    case 'xml': return renderXml(refs, value, schema, rootName(schema))
    case 'lines': return list.map(line => `${JSON.stringify(line)}\n`).join('')
    case 'events': return list.map(eventOf).join('')
    case 'csv': return csvOf(list)
    default: return JSON.stringify(value, null, 2) ?? ''
  }
}

function sampleText (refs: Refs, kind: MediaKind, declared: DeclaredBody): string {
  const { schema, itemSchema } = declared
  if (itemSchema !== undefined) return textOf(refs, kind, [sampleValue(refs, itemSchema)], declared)
  if (schema === undefined) return textOf(refs, kind, kind === 'xml' ? {} : { message: 'mock' }, declared)
  return textOf(refs, kind, sampleValue(refs, schema) ?? {}, declared)
}

function rootName (schema: unknown): string {
  if (!isObject(schema)) return 'root'
  return typeof schema.$ref === 'string' ? refName(schema.$ref) : typeof schema.title === 'string' ? schema.title : 'root'
}

const EVENT_FIELDS = ['event', 'id', 'retry'] as const

/** One server-sent event (HTML, section 9.2): an object of its fields, or any value as the data. */
function eventOf (value: unknown): string {
  if (typeof value === 'string' && /^(?:data|event|id|retry)?:/m.test(value)) return value.endsWith('\n\n') ? value : `${value.replace(/\n*$/, '')}\n\n`
  const isEvent = isObject(value) && 'data' in value && Object.keys(value).every(key => key === 'data' || key === 'event' || key === 'id' || key === 'retry')
  const fields = isEvent ? EVENT_FIELDS.flatMap(field => value[field] === undefined ? [] : `${field}: ${String(value[field])}\n`).join('') : ''
  const data = isEvent ? value.data : value
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return `${fields}${text.split('\n').map(line => `data: ${line}\n`).join('')}\n`
}

/** A table (RFC 4180) of objects, with their keys as the header. */
function csvOf (rows: readonly unknown[]): string {
  const objects = rows.filter(isObject)
  if (objects.length === 0) return rows.map(row => `${[row].flat().map(csvCell).join(',')}\r\n`).join('')
  const columns = [...new Set(objects.flatMap(row => Object.keys(row)))]
  const line = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`
  return line(columns) + objects.map((row: JsonObject) => line(columns.map(column => row[column]))).join('')
}

function csvCell (value: unknown): string {
  const text = value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
