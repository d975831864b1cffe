import { isUploadedFile } from '../body/uploaded-file.ts'
import { verdictOf } from './leaf.ts'
import { phrase } from './phrase.ts'
import type { ValueTest } from './value-test.ts'

/** A test of how long or how many something is. */
export function measureTest (operator: 'length' | 'count', measure: (value: unknown) => number | undefined, inner: ValueTest): ValueTest {
  return {
    cost: inner.cost + 1,
    holds: (value, subject) => inner.holds(measure(value), subject),
    judge (value, subject, where) {
      const measured = measure(value)
      const verdicts = inner.judge(measured, subject, where)
      const holds = inner.holds(measured, subject)
      const expected = verdicts.map(verdict => phrase(verdict.operator, verdict.expected)).join(' and ')
      return [verdictOf({ ...where, isSecret: false }, {
        operator,
        holds,
        expected,
        actual: measured === undefined ? 'none' : String(measured),
        isMissing: measured === undefined && value === undefined,
        sentence: measured === undefined
          ? value === undefined ? `is missing, expected a ${operator} of ${expected}` : `has no ${operator}, expected one of ${expected}`
          : `has a ${operator} of ${measured}, expected ${expected}`,
        distance: holds ? 0 : Math.max(...verdicts.map(({ distance }) => distance))
      })]
    }
  }
}

/** Characters of a text, members of a list or an object, bytes of a file. */
export function lengthOf (value: unknown): number | undefined {
  if (typeof value === 'string') return charactersIn(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) || Buffer.isBuffer(value)) return value.length
  return isUploadedFile(value) ? value.size : Object.keys(value).length
}

/** As JSON Schema counts them (draft 2020-12, section 6.3.1): what takes two places in a text is one character. */
function charactersIn (text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xFC00) === 0xD800 && (text.charCodeAt(i + 1) & 0xFC00) === 0xDC00) {
      count--
      i++
    }
  }
  return count
}
