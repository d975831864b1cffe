import type { JsonType } from '../schema/keywords.ts'
import { typeOf } from '../schema/keywords.ts'

/**
 * What the validator makes of a value that came as text, where its type is not one that is asked for: `"7"` for an integer is 7, and
 * a single value for a list is a list. The value itself, where it cannot be converted.
 */
export function convertText (value: unknown, types: readonly JsonType[]): unknown {
  const single = Array.isArray(value) && value.length === 1 && !types.includes('array') ? value[0] : value
  for (const type of types) {
    const converted = CONVERSIONS[type]?.(single)
    if (converted !== undefined) return converted
  }
  return types.includes('array') && isScalar(value) ? [value] : value
}

const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value)

const CONVERSIONS: Partial<Record<JsonType, (value: unknown) => unknown>> = {
  string: value => typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : undefined,
  number: numberOf,
  integer (value) {
    const number = numberOf(value)
    return typeOf(number) === 'integer' ? number : undefined
  },
  boolean: value => value === 'true' || value === 1 ? true : value === 'false' || value === 0 ? false : undefined,
  null: value => value === '' || value === 0 || value === false ? null : undefined
}

function numberOf (value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
