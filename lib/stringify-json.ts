import { randomUUID } from 'node:crypto'
import { hasAnyDigits, markedMember } from './exact-numbers.ts'

/** Nobody else's text has this in it. */
const MARK = `integer ${randomUUID()} `
const MARKED = new RegExp(`"${MARK}(-?[\\d.eE+-]+)"`, 'g')

/**
 * `JSON.stringify`, which also writes a bigint, as the number that it is, and a number whose digits were remembered. What holds none, as nearly all values do, pays
 * nothing for it.
 *
 * @param indent number of spaces; none by default
 * @example
 * stringifyJson({ id: 9007199254740993n }) // '{"id":9007199254740993}'
 */
export function stringifyJson (value: object, indent?: number): string
export function stringifyJson (value: unknown, indent?: number): string | undefined
export function stringifyJson (value: unknown, indent?: number): string | undefined {
  try {
    if (!hasAnyDigits()) return JSON.stringify(value, null, indent)
    const marked: string | undefined = JSON.stringify(value, exactly, indent)
    return marked?.replace(MARKED, '$1')
  } catch (error) {
    // Thrown for a bigint and for a value that contains itself; the latter throws again.
    if (!(error instanceof TypeError)) throw error
    const marked: string | undefined = JSON.stringify(value, exactly, indent)
    return marked?.replace(MARKED, '$1')
  }
}

function exactly (this: unknown, key: string, member: unknown): unknown {
  if (typeof member === 'bigint') return MARK + member
  const digits = typeof member === 'number' ? markedMember(this, key) : undefined
  return digits === undefined ? member : MARK + digits
}
