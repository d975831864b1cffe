import { randomUUID } from 'node:crypto'

/** Nobody else's text has this in it. */
const MARK = `integer ${randomUUID()} `
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g')

/**
 * `JSON.stringify`, which also writes a bigint: as the number that it is. What holds none, as nearly all values do, pays
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
    return JSON.stringify(value, null, indent)
  } catch (error) {
    // Thrown for a bigint and for a value that contains itself; the latter throws again.
    if (!(error instanceof TypeError)) throw error
    const marked: string | undefined = JSON.stringify(value, (_key, member: unknown) => typeof member === 'bigint' ? MARK + member : member, indent)
    return marked?.replace(MARKED, '$1')
  }
}
