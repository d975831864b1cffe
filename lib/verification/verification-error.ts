import type { VerificationReport } from './report.ts'

/** What kind of claim did not hold. */
export type VerificationOperator = 'verify' | 'verifySequence' | 'verifyNothingElse' | 'verifyAllUsed' | 'verifyNoUnmatched' | 'waitFor'

/**
 * A claim about what was called that does not hold. The first line of the message names the mistake; below it stand what was expected, the
 * nearest request with a verdict for each demand, and what else came. Test runners find `expected`, `actual`, `operator` and `diff`
 * where assertion errors have them.
 *
 * It is not made by `createError`, as the other errors are: the client throws it as well, in browsers too.
 */
export class VerificationError extends Error {
  override readonly name = 'VerificationError'
  readonly code = 'MOCK_ERR_VERIFICATION'
  readonly statusCode = 409
  readonly generatedMessage = false
  readonly operator: VerificationOperator
  readonly expected: unknown
  readonly actual: unknown
  /** `expected` and `actual` side by side, as a unified diff; absent where there is nothing to compare. */
  readonly diff: string | undefined
  /** The same as the message, in parts. */
  readonly report: VerificationReport

  /** @param frames the stack below the message: where the test makes the claim */
  constructor (message = '', report: VerificationReport = NOTHING, frames?: string) {
    super(message)
    this.report = report
    this.operator = report.operator
    this.expected = report.expected
    this.actual = report.actual
    this.diff = unifiedDiff(report.expected, report.actual)
    if (frames !== undefined) this.stack = `${this.name}: ${message}\n${frames}`
  }
}

const NOTHING: VerificationReport = { operator: 'verify', headline: '', expected: {}, actual: {}, wanted: [], requests: [], total: 0, notes: [] }

/** Made of members that are texts: few, so that those that are equal can be told once and the others side by side. */
function unifiedDiff (expected: VerificationReport['expected'], actual: VerificationReport['actual']): string | undefined {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  if (keys.every(key => expected[key] === actual[key])) return undefined
  const line = (mark: string, key: string, value: string | undefined): string[] => value === undefined ? [] : [`${mark}${key}: ${value}`]
  const lines = keys.flatMap(key => expected[key] === actual[key]
    ? line(' ', key, expected[key])
    : [...line('-', key, expected[key]), ...line('+', key, actual[key])])
  const count = (mark: string): number => lines.filter(text => !text.startsWith(mark)).length
  return ['--- expected', '+++ actual', `@@ -1,${count('+')} +1,${count('-')} @@`, ...lines, ''].join('\n')
}

/**
 * The stack of whoever calls, to be given to an error that is made later, when nothing of it is left: what is awaited meanwhile is ours.
 *
 * @param below the function that the stack begins below
 */
export function callerFrames (below: (...args: never[]) => unknown): string | undefined {
  const holder: { stack?: string } = {}
  // V8's, and others' by now; where it is missing the error has a stack of its own.
  if ('captureStackTrace' in Error) Error.captureStackTrace(holder, below)
  return holder.stack?.split('\n').slice(1).join('\n')
}
