import { nearest } from './config/nearest.ts'

/**
 * Options that there are not do nothing, and a test that misspells one waits, or lets pass, without a word. Undefined where there is none.
 *
 * @example
 * unknownOption({ timeout: 50 }, ['count', 'timeout_ms']) // "there is no option 'timeout', did you mean 'timeout_ms'?"
 */
export function unknownOption (options: object, known: readonly string[]): string | undefined {
  const name = Object.keys(options).find(key => !known.includes(key))
  if (name === undefined) return undefined
  const near = nearest(name, known)
  return `there is no option '${name}', ${near === undefined ? `there are ${known.join(', ')}` : `did you mean '${near}'?`}`
}
