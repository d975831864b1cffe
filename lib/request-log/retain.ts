import type { HeaderBag, RawBody, RawRecord } from '../request-log.ts'

/**
 * What a record costs in memory, estimated upwards: V8 rounds objects and strings up to 8 bytes. Held against the real
 * heap in `bench/`; the constants are for 64-bit V8 without pointer compression.
 */
const RECORD_BYTES = 280 // the record, its boxed numbers, two ring slots with room to double
const OBJECT_BYTES = 88
const PROPERTY_BYTES = 24
const STRING_BYTES = 24
const ENDPOINT_BYTES = 40
const VIOLATION_BYTES = 400 // its members, strings of the schema's included
const BUFFER_BYTES = 256 // the view, its ArrayBuffer and the allocator's share

/** Makes a record fit to be kept: long bodies are cut, borrowed memory is copied. Returns its weight in bytes. */
export function retain (record: RawRecord, maxBodyBytes: number): number {
  let bytes = RECORD_BYTES + 3 * STRING_BYTES + record.url.length + record.id.length + record.ip.length
  bytes += weighHeaders(record.headers)
  if (record.responseHeaders !== undefined) bytes += weighHeaders(record.responseHeaders)
  if (record.injected !== undefined) bytes += OBJECT_BYTES
  for (const { pointer, message } of record.violations ?? []) bytes += VIOLATION_BYTES + pointer.length + message.length
  if (record.endpoint !== undefined) {
    // Only its names: an endpoint with all that is compiled for it must not outlive its generation by being in the log.
    record.endpoint = { id: record.endpoint.id, path: record.endpoint.path }
    bytes += ENDPOINT_BYTES
  }
  if (record.body !== undefined) {
    record.body = keep(record.body, maxBodyBytes)
    bytes += weighBody(record.body)
  }
  if (record.payload !== undefined) {
    record.payload = keep(record.payload, maxBodyBytes)
    bytes += weighBody(record.payload)
  }
  return bytes
}

function weighHeaders (headers: HeaderBag): number {
  let bytes = OBJECT_BYTES
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') bytes += PROPERTY_BYTES + STRING_BYTES + value.length
    else if (Array.isArray(value)) for (const item of value) bytes += PROPERTY_BYTES + STRING_BYTES + item.length
    else bytes += PROPERTY_BYTES
  }
  return bytes
}

/**
 * The part of a body that is kept. A cut string is written out and read back, because a slice would keep the whole string
 * alive; a Buffer that lives in memory shared with others (a socket's chunk, Node's pool) becomes a string of its own.
 */
function keep (body: RawBody, max: number): RawBody {
  if (typeof body === 'string') {
    // A character takes one byte at least, so only the others need measuring.
    if (body.length > max) return cut(body, max)
    return body.length * 3 > max && Buffer.byteLength(body) > max ? cut(body, max) : body
  }
  if (Buffer.isBuffer(body)) {
    const ownsMemory = body.buffer.byteLength - body.length < BUFFER_BYTES
    if (ownsMemory && body.length <= max) return body
    return { data: body.toString('latin1', 0, Math.min(body.length, max)), encoding: 'latin1', size: body.length }
  }
  return body
}

let scratch = Buffer.alloc(0)

function cut (body: string, max: number): RawBody {
  if (scratch.length < max) scratch = Buffer.allocUnsafeSlow(max)
  // Never splits a character: the last one is left out when it does not fit.
  const written = scratch.write(body, 0, max, 'utf8')
  return { data: scratch.toString('utf8', 0, written), encoding: 'utf8', size: Buffer.byteLength(body) }
}

function weighBody (body: RawBody): number {
  if (typeof body === 'string') return STRING_BYTES + weighText(body)
  if (Buffer.isBuffer(body)) return BUFFER_BYTES + body.length
  return OBJECT_BYTES + STRING_BYTES + (body.encoding === 'latin1' ? body.data.length : weighText(body.data))
}

/** V8 keeps a string in one byte a character or in two, and does not tell which: two, unless it is surely ASCII. */
const weighText = (text: string): number => Buffer.byteLength(text) === text.length ? text.length : text.length * 2
