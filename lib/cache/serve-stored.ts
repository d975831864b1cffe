import { bytesBody } from './body.ts'
import { textOf, type ResponseHeaders } from './freshness.ts'
import { partial } from './partial.ts'
import { evaluate, isSameForRange, type RequestHeaders } from './preconditions.ts'
import { contentRange, parseRanges } from './ranges.ts'
import { ageOf, validatorsOf, type StoredResponse } from './stored-response.ts'

/** What a cache answers with. */
export interface ServedResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: Buffer | undefined
}

/**
 * A stored answer as one request gets it: with its age; with 304 where the client has it already, and parts where it asks for some
 * (RFC 9111, sections 4 and 4.3.2).
 *
 * @param now in milliseconds since the epoch
 */
export function serveStored (stored: StoredResponse, method: string, asked: RequestHeaders, now: number): ServedResponse {
  const { status, body } = stored
  const headers: ResponseHeaders = { ...stored.headers, age: String(Math.floor(ageOf(stored, now))) }
  if (status === 204) return { status, headers, body: undefined }
  const whole = { status, headers: { ...headers, 'content-length': String(body.length) }, body }
  if (status !== 200) return whole
  const validators = validatorsOf(stored)
  const precondition = evaluate(method, { 'if-none-match': asked['if-none-match'], 'if-modified-since': asked['if-modified-since'] }, validators)
  if (!precondition.holds) return { status: 304, headers: withoutBody(headers), body: undefined }
  const range = textOf(asked.range)
  if (range === undefined || method !== 'GET' || headers['content-encoding'] !== undefined || !isSameForRange(asked, validators, now)) return whole
  const ranges = parseRanges(range, body.length)
  if (ranges === undefined) return whole
  if (ranges === 'unsatisfiable') return { status: 416, headers: { ...withoutBody(headers), 'content-range': contentRange(undefined, body.length), 'content-length': '0' }, body: undefined }
  const part = partial(bytesBody(body), ranges, textOf(headers['content-type']))
  return { status: 206, headers: { ...headers, ...part.headers }, body: Buffer.isBuffer(part.payload) ? part.payload : body }
}

function withoutBody (headers: ResponseHeaders): ResponseHeaders {
  const { 'content-type': _type, 'content-length': _length, 'content-encoding': _encoding, 'content-language': _language, ...others } = headers
  return others
}
