import { MOCK_ERR_BODY_MALFORMED } from '../errors.ts'
import { essence, isXmlType } from '../media/media-type.ts'
import { messageOf } from '../message-of.ts'
import { FORM_TYPE, isLinesType, type BodyEntry } from '../request-body.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { DecodedBody } from './decoded-body.ts'
import { decodeForm } from './form.ts'
import { formFields, plainForm } from './form-fields.ts'
import { parseInnerJson } from './json.ts'
import { decodeMultipart } from './multipart-body.ts'
import { rootFault, xmlValue } from './xml-value.ts'
import { loadXmlReader } from './xml.ts'

/**
 * Reads a body that is not JSON by its content type and what the schema says; undefined where it stays as it is. Throws
 * MOCK_ERR_BODY_MALFORMED where it is not what its content type says.
 *
 * @param entry undefined where the configuration tells nothing of such bodies
 * @param view the entry's schema, made when it is needed
 */
export function decodeBody (body: string | Buffer, contentType: string, entry: BodyEntry | undefined, view: () => SchemaView): DecodedBody | Promise<DecodedBody> | undefined {
  const type = essence(contentType)
  if (type === FORM_TYPE) return decodeUrlencoded(String(body), entry, view)
  if (type.startsWith('multipart/')) return attempt('a multipart body', () => decodeMultipart(Buffer.from(body), contentType, view(), entry?.encoding))
  if (entry?.schema === undefined) return undefined
  if (isXmlType(type)) return view().isScalar ? undefined : decodeXml(String(body), view())
  if (isLinesType(type)) return view().isList ? attempt('JSON lines', () => plain(jsonLines(String(body)))) : undefined
  return type !== 'text/plain' || view().isScalar ? undefined : plain(jsonOrText(String(body)))
}

const plain = (value: unknown): DecodedBody => ({ value, violations: [] })

/** What cannot be read is the client's mistake. */
function attempt<T> (what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new MOCK_ERR_BODY_MALFORMED(what, messageOf(error), { cause: error })
  }
}

function decodeUrlencoded (text: string, entry: BodyEntry | undefined, view: () => SchemaView): DecodedBody {
  const fields = attempt('a form', () => formFields(text))
  return plain(entry?.schema === undefined ? plainForm(fields) : decodeForm(fields, view(), entry.encoding))
}

async function decodeXml (text: string, view: SchemaView): Promise<DecodedBody> {
  const read = await loadXmlReader()
  const root = attempt('XML', () => read(text))
  const fault = rootFault(root, view)
  return { value: xmlValue(root, view), violations: fault === undefined ? [] : [fault] }
}

/** What RFC 7464 puts before each text. */
const RECORD_SEPARATOR = '\u001E'

/** Each line is a value. */
const jsonLines = (text: string): unknown[] => text.replaceAll(RECORD_SEPARATOR, '\n').split('\n').filter(line => line.trim() !== '').map((line, index) => {
  try {
    return parseInnerJson(line)
  } catch (error) {
    throw new Error(`line ${index + 1} is not JSON: ${messageOf(error)}`, { cause: error })
  }
})

function jsonOrText (text: string): unknown {
  try {
    return parseInnerJson(text)
  } catch {
    return text
  }
}
