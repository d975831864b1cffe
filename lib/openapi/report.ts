import type { Diagnostic } from '../diagnostic.ts'

/** Something that an operation of the document says and the mock does not do. */
export interface Degradation {
  /** `GET /users/{id}` */
  operation: string
  /** Where in the document it is said. */
  pointer: string
  reason: string
}

/** What became of a document. */
export interface ImportReport {
  title: string
  /** The version of the API, '' when the document tells none. */
  version: string
  /** The version of OpenAPI, as written. */
  openapi: string
  operations: number
  /** How many of them are served with everything they say. */
  complete: number
  degraded: Degradation[]
  warnings: Diagnostic[]
}

/** How many operations are named for one reason, and how many reasons are told. */
const TOLD_OPERATIONS = 3
const TOLD_REASONS = 20

/**
 * The report for people: one line of figures, then each reason once, with how many operations it concerns.
 *
 * @example
 * // Petstore 1.0.0 (OpenAPI 3.0.4): 19 operations, 18 complete, 1 degraded
 * //   1 operation   $ref '#/components/schemas/Nope' leads nowhere
 * //                 GET /pets
 */
export function formatReport (report: ImportReport): string {
  const { title, version, openapi, operations, complete, degraded, warnings } = report
  const name = [title, version].filter(part => part !== '').join(' ')
  const lines = [`${name} (OpenAPI ${openapi}): ${count(operations, 'operation')}, ${complete} complete, ${operations - complete} degraded`]

  const byReason = new Map<string, { operations: Set<string>, pointers: Set<string> }>()
  for (const { operation, pointer, reason } of degraded) {
    let group = byReason.get(reason)
    if (group === undefined) byReason.set(reason, group = { operations: new Set(), pointers: new Set() })
    group.operations.add(operation)
    group.pointers.add(pointer)
  }
  const groups = [...byReason].sort(([, a], [, b]) => b.operations.size - a.operations.size)
  const counts = groups.map(([, group]) => count(group.operations.size, 'operation'))
  const width = Math.max(0, ...counts.map(text => text.length))
  for (const [index, [reason, group]] of groups.slice(0, TOLD_REASONS).entries()) {
    const [pointer = ''] = group.pointers
    lines.push(`  ${counts[index]!.padEnd(width)}  ${reason}`, `  ${''.padEnd(width)}  ${some([...group.operations])}; at ${pointer}${more(group.pointers.size - 1)}`)
  }
  if (groups.length > TOLD_REASONS) lines.push(`  and ${count(groups.length - TOLD_REASONS, 'further reason')}`)
  // What degrades an operation has been told above.
  for (const { code, message, hint } of warnings) {
    if (code !== DEGRADED) lines.push(`  warning: ${message}${hint === undefined ? '' : `; ${hint}`}`)
  }
  return lines.join('\n')
}

/** Code of the warnings that repeat, for tools, what `degraded` tells by operation. */
export const DEGRADED = 'openapi-degraded'

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
const more = (number: number): string => number > 0 ? ` and ${number} more` : ''
const some = (names: readonly string[]): string => `${names.slice(0, TOLD_OPERATIONS).join(', ')}${more(names.length - TOLD_OPERATIONS)}`
