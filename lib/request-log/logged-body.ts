import { isUtf8 } from 'node:buffer'
import type { HeaderBag, LoggedBody, RawBody } from '../request-log.ts'

/** A body for people: text where it is text, base64 where it is not, whatever its content type claims. */
export function loggedBody (body: RawBody, headers: HeaderBag): LoggedBody {
  if (typeof body === 'string') return { text: body, size: Buffer.byteLength(body), truncated: false }
  if (Buffer.isBuffer(body)) return ofBytes(body, body.length, headers)
  if (body.encoding === 'latin1') return ofBytes(Buffer.from(body.data, 'latin1'), body.size, headers)
  return { text: body.data, size: body.size, truncated: Buffer.byteLength(body.data) < body.size }
}

function ofBytes (bytes: Buffer, size: number, headers: HeaderBag): LoggedBody {
  const truncated = bytes.length < size
  const whole = truncated ? bytes.subarray(0, lastBoundary(bytes)) : bytes
  const isText = headers['content-encoding'] === undefined && isUtf8(whole) && !hasControls(whole)
  return isText
    ? { text: whole.toString('utf8'), size, truncated }
    : { base64: bytes.toString('base64'), size, truncated }
}

/** Where the last whole UTF-8 character ends: a cut may have fallen inside one. */
function lastBoundary (bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte < 0xC0) continue
    const width = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    return back < width ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Text has no control characters but tab, line feed, form feed and carriage return. */
function hasControls (bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0A && byte !== 0x0C && byte !== 0x0D) return true
  }
  return false
}
