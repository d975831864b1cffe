import type { LogEntry } from '../request-log.ts'
import { countOf } from './count.ts'
import { lineOf, notesOf, otherLines, type Evidence } from './evidence.ts'
import { requestLine } from './headline.ts'
import type { VerificationReport } from './report.ts'

/** An endpoint that no request reached. */
export interface UnusedEndpoint {
  id: string
  methods: string[]
  path: string
  /** `mocks/users.yaml:12`, when it comes from a file. */
  origin?: string
}

const MOST = 20

/** Why there are other requests than those that were verified; undefined when there are none. */
export function reportOthers (evidence: Evidence, covered: ReadonlySet<number>): VerificationReport | undefined {
  const others = evidence.requests.filter(({ entry }) => !covered.has(entry.seq))
  const [first] = others
  const claim = { operator: 'verifyNothingElse' as const, wanted: [], notes: notesOf(evidence) }
  if (first === undefined) {
    const why = unprovable(evidence)
    return why === undefined ? undefined : { ...claim, headline: `expected no other requests, but ${why}`, expected: {}, actual: {}, requests: [], total: 0 }
  }
  const more = others.length === 1 ? '' : `, and ${others.length - 1} more`
  return {
    ...claim,
    headline: `expected no other requests, but ${requestLine(first.entry)} came (#${first.entry.seq})${more}`,
    expected: { 'other requests': 'none' },
    actual: { 'other requests': others.slice(0, MOST).map(({ entry }) => requestLine(entry)).join(', ') },
    ...otherLines(others)
  }
}

/** Why an absence cannot be proven. */
function unprovable ({ maxEntries, dropped }: Evidence): string | undefined {
  if (maxEntries === 0) return 'the request log is off: log.max_entries is 0'
  return dropped > 0 ? `that cannot be told: the log has dropped ${countOf(dropped, 'older request')}` : undefined
}

/** Why there are requests that no endpoint answered; undefined when there are none. `why` says it of one of them. */
export function reportUnmatched (evidence: Evidence, why: (entry: LogEntry) => string | undefined): VerificationReport | undefined {
  const unmatched = evidence.requests.filter(({ entry }) => !entry.matched)
  const [first] = unmatched
  const claim = { operator: 'verifyNoUnmatched' as const, wanted: [], notes: notesOf(evidence) }
  if (first === undefined) {
    const reason = unprovable(evidence)
    return reason === undefined ? undefined : { ...claim, headline: `expected an endpoint to answer every request, but ${reason}`, expected: {}, actual: {}, requests: [], total: 0 }
  }
  const more = unmatched.length === 1 ? '' : ` (and ${unmatched.length - 1} more)`
  const reason = why(first.entry)
  return {
    ...claim,
    headline: `expected an endpoint to answer every request, but none answered ${requestLine(first.entry)}${more}${reason === undefined ? '' : `: ${reason}`}`,
    expected: { 'unmatched requests': 'none' },
    actual: { 'unmatched requests': unmatched.slice(0, MOST).map(({ entry }) => requestLine(entry)).join(', ') },
    requests: unmatched.slice(-MOST).reverse().map(({ entry }) => lineOf(entry, why(entry))),
    total: unmatched.length
  }
}

/** Why there are endpoints that nobody called; undefined when there are none. */
export function reportUnused (unused: readonly UnusedEndpoint[], all: number, evidence: Evidence): VerificationReport | undefined {
  const [first] = unused
  if (first === undefined) return undefined
  const more = unused.length === 1 ? 'was not' : `and ${unused.length - 1} more were not`
  return {
    operator: 'verifyAllUsed',
    headline: `expected every endpoint to be called, but ${first.id} ${more}`,
    expected: { 'unused endpoints': 'none' },
    actual: { 'unused endpoints': unused.slice(0, MOST).map(({ id }) => id).join(', ') },
    wanted: unused.slice(0, MOST).map(({ id, origin }) => `${id}${origin === undefined ? '' : ` (${origin})`}`).concat(unused.length > MOST ? [`… and ${unused.length - MOST} more`] : [], [`${all - unused.length} of ${all} were called`]),
    ...otherLines(evidence.requests),
    notes: []
  }
}
