import { countOf, describeBounds, times, type Bounds } from './count.ts'
import type { CompiledPattern } from './compile-pattern.ts'
import { lineOf, notesOf, otherLines, type Evidence } from './evidence.ts'
import { missOf, seqList } from './headline.ts'
import type { LoggedRequest } from './logged-request.ts'
import { nearestRequest } from './nearest.ts'
import { demandText } from '../explain/verdict-lines.ts'
import type { VerificationReport } from './report.ts'

/** What became of a claim: the requests that bear it out, or why it does not hold. */
export interface Judgement {
  covered: readonly LoggedRequest[]
  report?: VerificationReport
}

/**
 * That requests like this came so often.
 *
 * @param outside what came in other scopes, to tell those who ask in the wrong one
 * @param when what the first line says of the time: ` within 50 ms`
 */
export function judgeCount (pattern: CompiledPattern, bounds: Bounds, evidence: Evidence, outside: () => readonly LoggedRequest[], when = ''): Judgement {
  const fitting = evidence.requests.filter(logged => pattern.fits(logged))
  const seen = fitting.length
  // A count that is bounded above is proven only by a log that has everything.
  const isComplete = evidence.dropped === 0 || bounds.max === Infinity
  const undecided = bounds.max === Infinity ? [] : evidence.requests.filter(logged => isUndecided(pattern, logged))
  if (evidence.maxEntries > 0 && seen >= bounds.min && seen <= bounds.max && isComplete && undecided.length === 0) return { covered: fitting }

  const others = evidence.requests.filter(logged => !fitting.includes(logged))
  const expectation = `expected ${pattern.title} ${describeBounds(bounds)}${when}`
  const claim = { operator: 'verify' as const, wanted: [...pattern.wanted], times: { expected: describeBounds(bounds), actual: seen }, notes: notesOf(evidence) }
  const counts = { expected: { times: describeBounds(bounds) }, actual: { times: times(seen) } }
  const report = (headline: string, rest: Partial<VerificationReport> = {}): Judgement =>
    ({ covered: [], report: { ...claim, headline, ...counts, ...otherLines(others), ...rest } })

  if (evidence.maxEntries === 0) return report(`${expectation}, but the request log is off: log.max_entries is 0`)
  if (seen > bounds.max) {
    return report(`${expectation}, but it came ${times(seen)} (${seqList(fitting.map(({ entry }) => entry))})`, otherLines(fitting))
  }
  if (seen >= bounds.min) {
    const why = isComplete ? `the log has kept only the beginning of the body of ${seqList(undecided.map(({ entry }) => entry))}` : `the log has dropped ${countOf(evidence.dropped, 'older request')}`
    return report(`${expectation}, but that cannot be told: ${why}`)
  }

  const near = nearestRequest(pattern, others)
  if (near !== undefined) {
    const nearest = { ...lineOf(near.logged.entry), verdicts: near.verdicts }
    const came = seen === 0 ? '' : `it came ${times(seen)} (${seqList(fitting.map(({ entry }) => entry))}), and `
    const sides = seen === 0 ? comparedSides(near.verdicts) : counts
    return report(`${expectation}, but ${came}${missOf(near)}`, { nearest, ...sides, ...otherLines(others.filter(logged => logged !== near.logged)) })
  }
  if (seen > 0) return report(`${expectation}, but it came only ${times(seen)} (${seqList(fitting.map(({ entry }) => entry))})`)
  const strays = outside().filter(logged => pattern.fits(logged))
  const [stray] = strays
  if (stray !== undefined) {
    const where = stray.entry.scope === undefined ? 'outside of any scope' : `in the scope '${stray.entry.scope}'`
    return report(`${expectation}, but it came ${where} (${seqList(strays.map(({ entry }) => entry))})`)
  }
  if (evidence.requests.length === 0) return report(`${expectation}, but no request came at all`)
  return report(`${expectation}, but nothing like it came`)
}

/** Whether all that is demanded of anything but the body holds, and the body is not there to be asked. */
function isUndecided (pattern: CompiledPattern, logged: LoggedRequest): boolean {
  if (logged.entry.request.body?.truncated !== true) return false
  const failed = pattern.judge(logged).filter(({ holds }) => !holds)
  return failed.length > 0 && failed.every(({ part }) => part === 'body')
}

/** Every demand by name, as it is and as it should be: what differs stands out. */
function comparedSides (verdicts: NonNullable<VerificationReport['nearest']>['verdicts']): Pick<VerificationReport, 'expected' | 'actual'> {
  const expected: Record<string, string> = {}
  const actual: Record<string, string> = {}
  for (const verdict of verdicts) {
    const name = [verdict.part, verdict.at].filter(word => word !== undefined).join(' ')
    const isEquality = verdict.operator === 'equals' || verdict.operator === 'is'
    const wanted = isEquality ? verdict.expected : demandText({ ...verdict, part: '', at: '' })
    define(expected, name, wanted)
    define(actual, name, verdict.holds ? wanted : verdict.actual === '' ? verdict.message : verdict.actual)
  }
  return { expected, actual }
}

/** Names are whatever a test writes. */
function define (object: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(object, name, { value: Object.hasOwn(object, name) ? `${object[name]}, ${value}` : value, enumerable: true, configurable: true, writable: true })
}
