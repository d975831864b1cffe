import { parseParameters } from './header-parameters.ts'

/** One part of a multipart body. */
export interface Part {
  /** Names in lower case; the last of several with one name counts. */
  headers: Readonly<Record<string, string>>
  /** Of a form field; some clients name the parts of other kinds as well. */
  name: string | undefined
  filename: string | undefined
  /** As sent, with its parameters. */
  contentType: string | undefined
  /** A view into the body, not a copy. */
  data: Buffer
}

/** More parts, or longer headers of one, are refused. */
const MAX_PARTS = 10_000
const MAX_HEADER_BYTES = 16 * 1024

/** What is wrong with a multipart body; the message is for people. */
export class MultipartError extends Error {}

const CRLF = Buffer.from('\r\n')
const BLANK_LINE = Buffer.from('\r\n\r\n')
const DASH = 0x2D

/**
 * Splits a multipart body into its parts (RFC 2046, section 5.1; forms: RFC 7578). Throws a MultipartError that names the fault.
 *
 * The body is at hand as a whole, so this needs no stream; and the parsers of the busboy family keep the part's headers to
 * themselves, know forms only, and are silent about most of what can be wrong.
 */
export function splitMultipart (body: Buffer, contentType: string): Part[] {
  const boundary = parseParameters(contentType).boundary
  if (boundary === undefined || boundary === '') throw new MultipartError("its content type has no 'boundary'")
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Part[] = []
  // Whatever stands before the first delimiter is a preamble, and does not count.
  let at = nextDelimiter(body, delimiter, 0)
  if (at === undefined) throw new MultipartError(`the delimiter '--${boundary}' of its content type is not in it${body.includes(`--${boundary}\n`) ? ', or its lines do not end with CRLF' : ''}`)
  while (!isLast(body, at.after)) {
    const start = lineEnd(body, at.after)
    if (start === undefined) throw new MultipartError(`it ends in the middle of the delimiter after part ${parts.length}`)
    const next = nextDelimiter(body, delimiter, start)
    if (next === undefined) throw new MultipartError(`part ${parts.length + 1} is not closed by the delimiter '--${boundary}'`)
    if (parts.length === MAX_PARTS) throw new MultipartError(`it has more than ${MAX_PARTS} parts`)
    parts.push(readPart(body.subarray(start, Math.max(start, next.before)), parts.length + 1))
    at = next
  }
  return parts
}

interface Delimiter {
  /** Where the line break before it begins, which belongs to it. */
  before: number
  after: number
}

/** A delimiter stands at the beginning of a line, and is followed by `--`, white space or the end of the line. */
function nextDelimiter (body: Buffer, delimiter: Buffer, from: number): Delimiter | undefined {
  for (let at = body.indexOf(delimiter, from); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    const after = at + delimiter.length
    const isLineStart = at === from || (body[at - 2] === 0x0D && body[at - 1] === 0x0A)
    if (isLineStart && (isLast(body, after) || lineEnd(body, after) !== undefined || after === body.length)) {
      return { before: at === from ? at : at - 2, after }
    }
  }
  return undefined
}

const isLast = (body: Buffer, after: number): boolean => body[after] === DASH && body[after + 1] === DASH

/** Where the next line begins, if only white space stands before it (RFC 2046: transport padding). */
function lineEnd (body: Buffer, from: number): number | undefined {
  let at = from
  while (body[at] === 0x20 || body[at] === 0x09) at++
  return body[at] === 0x0D && body[at + 1] === 0x0A ? at + 2 : undefined
}

function readPart (bytes: Buffer, number: number): Part {
  // A part without headers begins with the blank line; of an empty one some clients send the headers alone.
  const isHeadless = bytes.indexOf(CRLF) === 0
  const blank = bytes.indexOf(BLANK_LINE)
  const end = isHeadless ? 0 : blank === -1 && bytes.subarray(-2).equals(CRLF) ? bytes.length - 2 : blank
  if (end === -1) throw new MultipartError(`the headers of part ${number} do not end: a blank line is missing`)
  if (end > MAX_HEADER_BYTES) throw new MultipartError(`the headers of part ${number} are longer than ${MAX_HEADER_BYTES} bytes`)
  const headers = readHeaders(bytes.toString('utf8', 0, end), number)
  const disposition = parseParameters(headers['content-disposition'] ?? '')
  return {
    headers,
    name: disposition.name,
    filename: disposition.filename,
    contentType: headers['content-type'],
    data: bytes.subarray(end + (isHeadless ? CRLF.length : BLANK_LINE.length))
  }
}

function readHeaders (text: string, number: number): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  // A line that begins with white space goes on with the one before (RFC 5322, section 2.2.3).
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    if (colon <= 0) throw new MultipartError(`a header of part ${number} has no colon: ${JSON.stringify(line.slice(0, 60))}`)
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return headers
}
