import type { Diagnostic } from '../diagnostic.ts'

/** More than these are not read by anybody, and are kept as long as the document is served. */
const MAX_WARNINGS = 1_000

/** The first warnings, and how many more there are. */
export function limitWarnings (warnings: readonly Diagnostic[]): Diagnostic[] {
  const more = warnings.length - MAX_WARNINGS
  if (more <= 0) return [...warnings]
  return [...warnings.slice(0, MAX_WARNINGS), { severity: 'warning', code: 'more-warnings', message: `and ${more} more warnings`, pointer: '' }]
}
