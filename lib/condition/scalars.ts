import { isUploadedFile } from '../body/uploaded-file.ts'

const NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i
/** No number is written longer, and no text that long need be looked at. */
const LONGEST_NUMBER = 400

export const isScalar = (value: unknown): value is string | number | boolean | bigint =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'

/**
 * The text that a value is, bytes and files read as UTF-8; undefined where it is none.
 *
 * @param isText whether numbers and booleans are texts where the value comes from
 */
export function textOf (value: unknown, isText: boolean): string | undefined {
  if (typeof value === 'string') return value
  if (isText && isScalar(value)) return String(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (Buffer.isBuffer(value)) return value.toString('utf8')
  return isUploadedFile(value) ? value.text : undefined
}

/** The number that a value is. */
export function numberOf (value: unknown, isText: boolean): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return isText && typeof value === 'string' && value.length <= LONGEST_NUMBER && NUMERIC.test(value) ? Number(value) : undefined
}

/** Numbers that JSON has as long integers are equal to the shorter kind. */
export function sameScalar (actual: unknown, expected: unknown, isText: boolean): boolean {
  if (actual === expected) return true
  if (typeof actual === 'bigint' || typeof expected === 'bigint') {
    // eslint-disable-next-line eqeqeq -- 7n == 7
    if (typeof actual !== 'string' && typeof expected !== 'string' && isScalar(actual) && isScalar(expected)) return actual == expected
  }
  if (Buffer.isBuffer(actual)) return typeof expected === 'string' && actual.toString('utf8') === expected
  return isText && isScalar(actual) && isScalar(expected) && String(actual) === String(expected)
}
