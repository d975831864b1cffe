import { isObject } from '../../lib/schema/subschemas.ts'
import type { LogEntry } from '../../lib/request-log.ts'

/** What the answer to a request that matched nothing says to do about it: the `hint` of its problem document. */
export function hintOf ({ response }: LogEntry): string | undefined {
  const text = response?.body?.text
  if (text === undefined || response?.body?.truncated === true) return undefined
  try {
    const problem: unknown = JSON.parse(text)
    return isObject(problem) && typeof problem.hint === 'string' ? problem.hint : undefined
  } catch {
    // Not our answer, then: the problem document is always JSON.
    return undefined
  }
}
