import type { Diagnostic } from '../diagnostic.ts'
import { placeAt, type Place } from './place.ts'

/** More than these help nobody; the rest is counted in one last line. */
const MOST = 100

/** A diagnostic before its place is known. */
export interface Finding {
  severity?: 'error' | 'warning'
  code: string
  message: string
  hint?: string | undefined
  /** Into the value that was checked. */
  pointer: string
  /** What to point at: the key, for one that should not be there, or the value. */
  target?: 'key' | 'value'
}

/** Collects what is found, up to a bound, and looks the places up. */
export interface Report {
  add (finding: Finding, place: Place): void
  /** Takes diagnostics that are complete already. */
  take (diagnostics: readonly Diagnostic[]): void
  readonly errors: number
  /** File by file, in the order in which they were read, and from top to bottom in each. */
  diagnostics (): Diagnostic[]
}

export function createReport (): Report {
  const list: Diagnostic[] = []
  let errors = 0
  let dropped = 0
  const push = (severity: Diagnostic['severity'], build: () => Diagnostic) => {
    if (severity === 'error') errors++
    if (list.length < MOST) list.push(build())
    else dropped++
  }
  return {
    add ({ severity = 'error', code, message, hint, pointer, target }, place) {
      push(severity, () => ({ severity, code, message, ...(hint === undefined ? {} : { hint }), ...placeAt(place, pointer, target) }))
    },
    take (diagnostics) {
      for (const diagnostic of diagnostics) push(diagnostic.severity, () => diagnostic)
    },
    get errors () {
      return errors
    },
    diagnostics () {
      inReadingOrder(list)
      if (dropped === 0) return list
      const severity = errors > 0 ? 'error' : 'warning'
      return [...list, { severity, code: 'too-many', message: `and ${dropped} more`, pointer: '' }]
    }
  }
}

function inReadingOrder (list: Diagnostic[]): void {
  const files = [...new Set(list.map(({ file }) => file))]
  list.sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
