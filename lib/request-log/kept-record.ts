import type { HeaderBag, RawBody, RawRecord } from '../request-log.ts'

/**
 * What a record costs in memory, estimated upwards: V8 rounds objects and strings up to 8 bytes. Held against the real
 * heap in `bench/`; the constants are for 64-bit V8 without pointer compression.
 */
const RECORD_BYTES = 280 // the record, its boxed numbers, two ring slots with room to double
const OBJECT_BYTES = 88
const PROPERTY_BYTES = 24
const STRING_BYTES = 24
const VIOLATION_BYTES = 400 // its members, strings of the schema's included
const BUFFER_BYTES = 256 // the view, its ArrayBuffer and the allocator's share

/**
 * A record as the log keeps it: long bodies cut, memory that belongs to others copied.
 *
 * It is a class, and not the literal that came in, for V8's sake: of literals V8 learns which ones survive, and since records do, it
 * would allocate them as old objects, whose dead hold on to all that is younger (docs/decisions/performance.md).
 */
export class KeptRecord implements RawRecord {
  readonly id: string
  readonly generation: number
  readonly time: number
  readonly duration: number
  readonly method: string
  readonly url: string
  readonly headers: HeaderBag
  readonly ip: string
  readonly body: RawBody | undefined
  readonly endpoint: RawRecord['endpoint']
  readonly variant: string | undefined
  readonly status: number | undefined
  readonly responseHeaders: HeaderBag | undefined
  readonly payload: RawBody | undefined
  readonly injected: RawRecord['injected']
  readonly violations: RawRecord['violations']
  readonly moves: RawRecord['moves']
  readonly aborted: boolean
  readonly scope: string | undefined
  readonly caller: RawRecord['caller']
  readonly profile: string | undefined

  constructor (record: RawRecord, maxBodyBytes: number) {
    this.id = record.id
    this.generation = record.generation
    this.time = record.time
    this.duration = record.duration
    this.method = record.method
    this.url = record.url
    this.headers = record.headers
    this.ip = record.ip
    this.body = record.body === undefined ? undefined : keep(record.body, maxBodyBytes)
    this.endpoint = record.endpoint
    this.variant = record.variant
    this.status = record.status
    this.responseHeaders = record.responseHeaders
    this.payload = record.payload === undefined ? undefined : keep(record.payload, maxBodyBytes)
    this.injected = record.injected
    this.violations = record.violations
    this.moves = record.moves
    this.aborted = record.aborted
    this.scope = record.scope
    this.caller = record.caller === undefined ? undefined : keptCaller(record.caller)
    this.profile = record.profile
  }
}

/** Without claims, which may be many, and the token of the session. */
const keptCaller = ({ scheme, sub, scopes, roles }: NonNullable<RawRecord['caller']>): RawRecord['caller'] => ({ scheme, ...sub !== undefined && { sub }, scopes, roles })

/** Tells what records weigh, in bytes; headers that several share are weighed with each, but not counted anew each time. */
export function createScales (): (record: RawRecord) => number {
  const request = rememberLast(weighHeaders)
  const response = rememberLast(weighHeaders)
  return record => {
    let bytes = RECORD_BYTES + 3 * STRING_BYTES + record.url.length + record.id.length + record.ip.length
    bytes += request(record.headers)
    if (record.responseHeaders !== undefined) bytes += response(record.responseHeaders)
    if (record.injected !== undefined) bytes += OBJECT_BYTES
    // The names and states themselves are the configuration's.
    if (record.caller !== undefined) bytes += 3 * OBJECT_BYTES + (record.caller.sub?.length ?? 0) + weighTexts(record.caller.scopes) + weighTexts(record.caller.roles)
    if (record.moves !== undefined) bytes += OBJECT_BYTES + record.moves.size * 2 * OBJECT_BYTES
    if (record.violations !== undefined) for (const { pointer, message } of record.violations) bytes += VIOLATION_BYTES + pointer.length + message.length
    if (record.body !== undefined) bytes += weighBody(record.body)
    if (record.payload !== undefined) bytes += weighBody(record.payload)
    return bytes
  }
}

const weighTexts = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + STRING_BYTES + text.length, 0)

function rememberLast (weigh: (headers: HeaderBag) => number): (headers: HeaderBag) => number {
  let last: HeaderBag | undefined
  let bytes = 0
  return headers => {
    if (headers !== last) {
      last = headers
      bytes = weigh(headers)
    }
    return bytes
  }
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
