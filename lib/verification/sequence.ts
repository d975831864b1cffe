import type { Judgement } from './claims.ts'
import type { CompiledPattern } from './compile-pattern.ts'
import { lineOf, notesOf, otherLines, type Evidence } from './evidence.ts'
import { missOf, requestLine } from './headline.ts'
import type { LoggedRequest } from './logged-request.ts'
import { nearestRequest } from './nearest.ts'
import type { VerificationReport } from './report.ts'

/** That requests came in this order: with others in between, or, where it is `strict`, one right after the other. */
export function judgeSequence (patterns: readonly CompiledPattern[], strict: boolean, evidence: Evidence): Judgement {
  const found = strict ? longestRun(patterns, evidence.requests) : firstOfEach(patterns, evidence.requests)
  const missing = patterns[found.length]
  if (missing === undefined && evidence.maxEntries > 0) return { covered: found }
  return { covered: [], report: reportOf(patterns, found, strict, evidence) }
}

/** The earliest request for each pattern, behind the one before: if there is any such order, this is one. */
function firstOfEach (patterns: readonly CompiledPattern[], requests: readonly LoggedRequest[]): LoggedRequest[] {
  const found: LoggedRequest[] = []
  for (const logged of requests) {
    const next = patterns[found.length]
    if (next === undefined) break
    if (next.fits(logged)) found.push(logged)
  }
  return found
}

/** The first place where they follow each other, or where most of them do. */
function longestRun (patterns: readonly CompiledPattern[], requests: readonly LoggedRequest[]): LoggedRequest[] {
  let longest: LoggedRequest[] = []
  for (let from = 0; from < requests.length && longest.length < patterns.length; from++) {
    const run: LoggedRequest[] = []
    for (const pattern of patterns) {
      const logged = requests[from + run.length]
      if (logged === undefined || !pattern.fits(logged)) break
      run.push(logged)
    }
    if (run.length > longest.length) longest = run
  }
  return longest
}

function reportOf (patterns: readonly CompiledPattern[], found: readonly LoggedRequest[], strict: boolean, evidence: Evidence): VerificationReport {
  const { requests } = evidence
  const missing = patterns[found.length]
  const after = found.at(-1)
  const rest = after === undefined ? requests : requests.slice(requests.indexOf(after) + 1)
  const near = missing === undefined ? undefined : nearestRequest(missing, strict ? rest.slice(0, 1) : rest)
  const steps = (title: string, index: number): string => `${index + 1}. ${title}${index < found.length ? ` (#${found[index]?.entry.seq})` : index === found.length ? ': missing' : ''}`
  return {
    operator: 'verifySequence',
    headline: headlineOf(missing, patterns, found, strict, evidence, rest),
    expected: Object.fromEntries(patterns.map(({ title }, index) => [String(index + 1), title])),
    actual: Object.fromEntries(patterns.map((_, index) => [String(index + 1), found[index] === undefined ? 'nothing' : patterns[index]?.title ?? ''])),
    wanted: patterns.map(({ title }, index) => steps(title, index)),
    ...near !== undefined && !near.verdicts.every(({ holds }) => holds) && { nearest: { ...lineOf(near.logged.entry), verdicts: near.verdicts } },
    ...otherLines(requests),
    notes: notesOf(evidence)
  }
}

/** What is missing, and where it is instead. */
function headlineOf (missing: CompiledPattern | undefined, patterns: readonly CompiledPattern[], found: readonly LoggedRequest[], strict: boolean, evidence: Evidence, rest: readonly LoggedRequest[]): string {
  if (missing === undefined || evidence.maxEntries === 0) return 'expected a sequence of requests, but the request log is off: log.max_entries is 0'
  const before = patterns[found.length - 1]
  const last = found.at(-1)
  const place = before !== undefined ? ` ${strict ? 'right after' : 'after'} ${before.title}` : patterns.length > 1 ? ` as the first of ${patterns.length} requests` : ''
  const expectation = `expected ${missing.title}${place}`
  const [next] = rest
  if (evidence.requests.length === 0) return `${expectation}, but no request came at all`
  if (strict && last !== undefined && next !== undefined) {
    return `${expectation} (#${last.entry.seq}), but ${requestLine(next.entry)} (#${next.entry.seq}) came next`
  }
  const early = last === undefined ? undefined : evidence.requests.slice(0, evidence.requests.indexOf(last)).findLast(logged => missing.fits(logged))
  if (early !== undefined && last !== undefined && !rest.some(logged => missing.fits(logged))) {
    return `${expectation}, but it came before it (#${early.entry.seq}, and ${before?.title ?? ''} was #${last.entry.seq})`
  }
  const near = nearestRequest(missing, rest)
  if (near !== undefined) return `${expectation}, but ${missOf(near)}`
  return `${expectation}, but ${last === undefined ? 'nothing like it came' : `nothing like it came after #${last.entry.seq}`}`
}
