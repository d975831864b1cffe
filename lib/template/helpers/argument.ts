import { isRecord } from '../own.ts'
import { toText } from '../to-text.ts'

/** How helpers read their arguments: leniently, since many come from requests. */

export { toText as text }

/** A number, also one written as text; undefined when it is none. */
export function number (value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const parsed = Number(value)
  return Number.isNaN(parsed) ? undefined : parsed
}

/** A whole number, or the default. */
export function integer (value: unknown, byDefault: number): number {
  const parsed = number(value)
  return parsed === undefined || !Number.isFinite(parsed) ? byDefault : Math.trunc(parsed)
}

/** A list as it is, nothing as an empty list, anything else as a list of one. */
export function list (value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

/** An object, or one without properties. */
export function record (value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

/** `true` and `'true'`. */
export function flag (value: unknown, byDefault = false): boolean {
  return value === undefined ? byDefault : value === true || value === 'true'
}

/** A number where both are numbers or look so, else text; for comparing. */
export function compare (a: unknown, b: unknown): number {
  const [left, right] = [number(a), number(b)]
  if (left !== undefined && right !== undefined) return left - right
  const [first, second] = [toText(a), toText(b)]
  return first === second ? 0 : first < second ? -1 : 1
}
