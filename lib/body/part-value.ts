import { isJsonType, essence, isWithin } from '../media/media-type.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { Violation } from '../violation/violation.ts'
import type { FieldEncoding } from './nested-value.ts'
import { parseParameters } from './header-parameters.ts'
import { parseInnerJson } from './json.ts'
import type { Part } from './multipart.ts'
import { uploadedFile } from './uploaded-file.ts'

const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * What one part of a multipart body stands for: a value where it is JSON, a file where the schema speaks of bytes or the client
 * names one, else text. A browser's JSON part has a file name too (`blob`), so the schema is asked first.
 *
 * @param faults where a type that is not allowed, and JSON that cannot be read, are told
 */
export function readPart (part: Part, view: SchemaView, encoding: FieldEncoding, faults: Violation[], pointer: string): unknown {
  const { contentType, filename, data } = part
  const type = contentType === undefined ? undefined : essence(contentType)
  const allowed = encoding.contentType?.split(',').map(range => range.trim()) ?? []
  if (type !== undefined && allowed.length > 0 && !allowed.some(range => isWithin(type, range))) {
    faults.push({ in: 'body', pointer, rule: 'content-type', expected: allowed, actual: type, message: `must be of the content type ${allowed.join(', ')}` })
  }
  if (isJson(type ?? (allowed.length === 1 ? allowed[0] : undefined), part, view)) return readJson(part, faults, pointer)
  const isBytes = view.isBinary || (type !== undefined && !/^text\/|\+xml$|[/]xml$|^application\/x-www-form-urlencoded$/.test(type))
  if (filename !== undefined || isBytes) return uploadedFile(part, type ?? UNKNOWN_TYPE)
  return decodeText(data, contentType)
}

/** Whether the part is to be read as JSON: it says so, and neither is it a file nor does the schema want its bytes or its text. */
function isJson (type: string | undefined, { filename }: Part, view: SchemaView): boolean {
  if (type === undefined || !isJsonType(type) || view.isBinary) return false
  return view.isOpen ? filename === undefined : [...view.types].some(name => name !== 'string')
}

function readJson ({ data }: Part, faults: Violation[], pointer: string): unknown {
  const text = data.toString('utf8')
  try {
    return parseInnerJson(text)
  } catch {
    faults.push({ in: 'body', pointer, rule: 'json', expected: 'JSON', message: 'must be valid JSON' })
    return text
  }
}

/** Text in the charset of its content type; UTF-8 by default, and for one that nobody knows (RFC 7578, section 5.1.2). */
function decodeText (data: Buffer, contentType: string | undefined): string {
  const charset = contentType === undefined ? undefined : parseParameters(contentType).charset
  if (charset === undefined || /^utf-?8$/i.test(charset)) return data.toString('utf8')
  try {
    return new TextDecoder(charset).decode(data)
  } catch {
    return data.toString('utf8')
  }
}
