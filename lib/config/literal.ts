import { carryDigits } from '../exact-numbers.ts'
import { isObject } from '../schema/subschemas.ts'

/**
 * A file fills in variables: what came literally is written so that it stays literal.
 *
 * @example
 * literal({ note: '${HOME}' }) // { note: '$${HOME}' }
 */
export function literal (value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\{/g, () => '$${')
  if (Array.isArray(value)) return carryDigits(value, value.map(literal))
  return isObject(value) ? carryDigits(value, Object.fromEntries(Object.entries(value).map(([key, member]) => [key, literal(member)]))) : value
}
