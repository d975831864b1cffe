import { crc32 } from 'node:zlib'
import { parseExactJson } from '../exact-numbers.ts'
import { stringifyJson } from '../stringify-json.ts'

/** Hex digits of the checksum, and the space behind it. */
const LEAD = 9
const LINE_FEED = 0x0A

/**
 * A record as a line: checksum (CRC-32 of the JSON's bytes), space, JSON, line feed. JSON has no line feeds of its own, so a line that
 * ends, and whose checksum holds, is a record that was written whole.
 *
 * @example
 * encodeRecord({ a: 1 }) // '66abb92d {"a":1}\n'
 */
export function encodeRecord (record: object): string {
  const json = stringifyJson(record)
  return `${checksum(json)} ${json}\n`
}

/** What was read out of a file, up to the first line that is no record. */
export interface DecodedRecords {
  readonly records: unknown[]
  /** How many bytes are sound. */
  readonly length: number
}

/** Reads lines until one is torn; offers pauses. */
export function * decodeRecords (bytes: Buffer): Generator<void, DecodedRecords> {
  const records: unknown[] = []
  let from = 0
  let unseen = 0
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
    const json = bytes.toString('utf8', from + LEAD, end)
    if (end - from <= LEAD || bytes.toString('latin1', from, from + LEAD) !== `${checksum(json)} `) break
    records.push(parseExactJson(json))
    unseen += end - from
    from = end + 1
    if (unseen > 100_000) {
      unseen = 0
      yield
    }
  }
  return { records, length: from }
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0')
