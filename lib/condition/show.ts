import { isUploadedFile } from '../body/uploaded-file.ts'
import { isSecretName } from './secret.ts'

const LONGEST_TEXT = 60
const LONGEST_VALUE = 120
const MOST_MEMBERS = 8
const DEEPEST = 4

export const HIDDEN = '(hidden)'

/**
 * A value as it stands in a sentence: texts in single quotes, cut where they are long, secret members hidden.
 *
 * @example
 * show({ sku: 'A1', token: 'x' }) // "{ sku: 'A1', token: (hidden) }"
 */
export function show (value: unknown): string {
  const text = write(value, 0)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

function write (value: unknown, depth: number): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return value === undefined ? 'nothing' : String(value)
  if (Buffer.isBuffer(value)) return `${value.length} bytes`
  if (isUploadedFile(value)) return `the file ${quoted(value.filename)} (${value.content_type}, ${value.size} bytes)`
  if (depth >= DEEPEST) return Array.isArray(value) ? '[…]' : '{…}'
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const items = value.slice(0, MOST_MEMBERS).map(item => write(item, depth + 1))
    return `[${[...items, ...value.length > MOST_MEMBERS ? ['…'] : []].join(', ')}]`
  }
  const keys = Object.keys(value)
  if (keys.length === 0) return '{}'
  const members = keys.slice(0, MOST_MEMBERS).map(key => {
    const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
    return `${nameOf(key)}: ${isSecretName(key) ? HIDDEN : write(member, depth + 1)}`
  })
  return `{ ${[...members, ...keys.length > MOST_MEMBERS ? ['…'] : []].join(', ')} }`
}

const nameOf = (key: string): string => /^[\w$-]{1,60}$/.test(key) ? key : quoted(key)

function quoted (text: string): string {
  const line = text.slice(0, LONGEST_TEXT + 1).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return `'${text.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line}'`
}

/** `'a', 'b' or 'c'`, of many the first few. */
export function oneOf (values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_MEMBERS).map(value => show(value))
  if (values.length > MOST_MEMBERS) return `one of ${shown.join(', ')} …`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}
