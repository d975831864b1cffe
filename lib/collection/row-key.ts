import { digitsOf } from '../exact-numbers.ts'
import { stringifyJson } from '../stringify-json.ts'
import type { Row } from './collection.ts'

/** Stands before what is no text, so that the text `null` is another key than null. */
const OTHER = '\u0000'

/**
 * The text by which a value of a row is found again: numbers and texts alike are the same (`7` and `'7'`), as they come from
 * addresses, which have no types; null and what is missing are the same as well. Integers of more digits than a number holds keep them.
 */
export function valueKey (row: Row, property: string): string {
  const value = Object.hasOwn(row, property) ? row[property] : undefined
  return typeof value === 'number' ? digitsOf(row, property) ?? String(value) : keyOf(value)
}

/** The same of a value that stands alone. */
export function keyOf (value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return value === undefined || value === null ? NOTHING : OTHER + stringifyJson(value)
}

/** The key of null and of what is missing. */
export const NOTHING = `${OTHER}null`

/** The key of several properties together; undefined where one of them is null or missing, as such rows are like no other. */
export function jointKey (row: Row, properties: readonly string[]): string | undefined {
  const [only] = properties
  if (properties.length === 1 && only !== undefined) {
    const key = valueKey(row, only)
    return key === NOTHING ? undefined : key
  }
  const keys = properties.map(property => valueKey(row, property))
  return keys.includes(NOTHING) ? undefined : JSON.stringify(keys)
}
