import { isObject } from '../schema/subschemas.ts'
import { stringifyJson } from '../stringify-json.ts'

const FIELDS = ['event', 'id', 'retry'] as const
const KNOWN = new Set<string>(['data', 'comment', ...FIELDS])

/**
 * Server-sent events (HTML, section 9.2.5): each an object of its fields, or any value as the data. A text that is written as an
 * event already is left as it is.
 *
 * @example
 * writeEvents([{ event: 'add', data: { n: 1 } }, 'hello']) // 'event: add\ndata: {"n":1}\n\ndata: hello\n\n'
 */
export function writeEvents (events: readonly unknown[]): string {
  return events.map(event).join('')
}

function event (value: unknown): string {
  if (typeof value === 'string' && /^(?:data|event|id|retry)?:/m.test(value)) return `${value.replace(/(?:\r\n|\r|\n)+$/, '')}\n\n`
  const own = isObject(value) && ('data' in value || 'event' in value) && Object.keys(value).every(key => KNOWN.has(key)) ? value : { data: value }
  const { data, comment }: Readonly<Record<string, unknown>> = own
  const fields = FIELDS.map(field => own[field] === undefined ? '' : `${field}: ${oneLine(own[field])}\n`).join('')
  const text = typeof data === 'string' ? data : stringifyJson(data) ?? ''
  return `${typeof comment === 'string' ? lines('', comment) : ''}${fields}${text === undefined ? '' : lines('data', text)}\n`
}

/** A field of several lines is written as several fields. */
const lines = (name: string, text: string): string => text.split(/\r\n|\r|\n/).map(line => `${name}: ${line}\n`).join('')

const oneLine = (value: unknown): string => String(value).replace(/[\r\n\0]+/g, ' ')
