import { stringifyJson } from '../stringify-json.ts'

/**
 * A value as it stands inside a longer text: nothing for null and undefined, JSON for objects and lists, ISO 8601 for
 * dates, base64 for bytes.
 */
export function toText (value: unknown): string {
  switch (typeof value) {
    case 'string': return value
    case 'number':
    case 'boolean':
    case 'bigint': return String(value)
    case 'object': return value === null ? '' : objectText(value)
    default: return ''
  }
}

function objectText (value: object): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (ArrayBuffer.isView(value)) return base64(value)
  return stringifyJson(value) ?? ''
}

/** A value as it stands alone in a JSON document: bytes become base64, what JSON cannot hold becomes undefined. */
export function toValue (value: unknown): unknown {
  switch (typeof value) {
    case 'object': return ArrayBuffer.isView(value) ? base64(value) : value
    case 'function':
    case 'symbol': return undefined
    default: return value
  }
}

// Characters that JSON must escape, and the halves of surrogate pairs, which may stand alone.
// eslint-disable-next-line no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001F\uD800-\uDFFF]/

/** A text as JSON; faster than JSON.stringify for the common one that needs no escapes. */
export function quote (text: string): string {
  return text.length < 64 && !NEEDS_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** The JSON of a value that `toValue` gave; undefined where JSON has nothing to say. */
export function toJson (value: unknown): string | undefined {
  switch (typeof value) {
    case 'string': return quote(value)
    case 'number': return Number.isFinite(value) ? String(value) : 'null'
    case 'boolean': return value ? 'true' : 'false'
    case 'bigint': return String(value)
    default: return stringifyJson(value)
  }
}

function base64 (view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64')
}
