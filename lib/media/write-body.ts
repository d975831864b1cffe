import { SchemaView, type SharedSchemas } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { writeCsv } from './csv.ts'
import { writeEvents } from './events.ts'
import { mediaKind } from './kind.ts'
import { writeMultipart } from './multipart.ts'
import { writeXml } from './xml.ts'
import { stringifyJson } from '../stringify-json.ts'

/** What is known of a body besides its value. */
export interface Written {
  /** As it is sent, parameters and all. */
  contentType: string
  schema?: unknown
  shared?: SharedSchemas
}

/** Record separator (RFC 7464, section 2.2). */
const RS = '\u001e'

/**
 * A value as a body of its content type: XML as the schema's `xml` keywords ask for, a table, events, lines of JSON, a form. A text
 * is the body itself, but where its type has something around it.
 *
 * @example
 * writeBody([{ id: 1 }, { id: 2 }], { contentType: 'application/jsonl' }) // '{"id":1}\n{"id":2}\n'
 */
export function writeBody (value: unknown, { contentType, schema, shared = {} }: Written): string {
  const kind = mediaKind(contentType)
  if (kind === 'json') return json(value)
  if (typeof value === 'string' && kind !== 'events' && (kind !== 'xml' || value.trimStart().startsWith('<'))) return value
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  switch (kind) {
    case 'lines': return list.map(item => `${json(item)}\n`).join('')
    case 'sequence': return list.map(item => `${RS}${json(item)}\n`).join('')
    case 'events': return writeEvents(list)
    case 'csv': return writeCsv(list)
    case 'form': return isObject(value) ? form(value) : json(value)
    case 'multipart': return writeMultipart(value, contentType, new SchemaView([schema], shared))
    case 'xml': return writeXml(value, schema, shared)
    default: return json(value)
  }
}

const json = (value: unknown): string => stringifyJson(value) ?? 'null'

/** Lists repeat their name, what is deeper is JSON (WHATWG URL, section 5.2; OpenAPI 3.1, section 4.8.15). */
function form (fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().filter(item => item !== undefined && item !== null).map((item): [string, string] => [name, typeof item === 'object' ? json(item) : String(item)]))
  return new URLSearchParams(pairs).toString()
}
