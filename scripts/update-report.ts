import { parseSource } from '../lib/config/source.ts'
import type { ImportMerge } from '../lib/import-merge/merge-import.ts'
import type { Side } from '../lib/import-merge/slot.ts'
import type { Change, Conflict } from '../lib/import-merge/summary.ts'
import type { ImportReport } from '../lib/openapi/report.ts'
import { printable, type Paint, type Style } from './paint.ts'
import { plural } from './plural.ts'

export interface UpdateView {
  document: string
  out: string
  merge: ImportMerge
  /** Whether the configuration was written, and not only looked at. */
  written: boolean
  /** The text that the places in conflicts lead into. */
  told: string
  /** Whether it is known what the document said before. */
  hasBase: boolean
  report: ImportReport
  /** Undefined where nobody said. */
  prefer: Side | undefined
}

/** How many changes of one kind are named, and how much of a value is shown. */
const TOLD_CHANGES = 15
const TOLD_PARTS = 4
const WIDTH = 100

const STYLES: Readonly<Record<Change['what'], Style>> = { added: 'green', updated: 'yellow', removed: 'red' }

/**
 * What an update did, or would do, for people: what was taken over, by kind, then each conflict with its place and both values.
 *
 * @example
 * // Harbour 1.5.0, mock.json: 1 added, 2 updated, 1 conflict
 * //   added    GET /moorings
 * //   updated  GET /boats: schema/querystring, responses/200
 * //   updated  schema Boat: properties
 * // mock.json:41:17 conflict in GET /boats/{id}: responses/404/latency_ms, which both changed
 * //   yours     400
 * //   document  (removed), was 100
 * //   yours is kept
 */
export function formatUpdate (view: UpdateView, paint: Paint): string {
  const { merge: { changes, conflicts }, out, written, hasBase, report, prefer } = view
  const lines: string[] = []
  const name = [report.title, report.version].filter(part => part !== '').join(' ')
  const counts = [
    ...(['added', 'updated', 'removed'] as const).flatMap(what => {
      const count = changes.filter(change => change.what === what).length
      return count === 0 ? [] : `${count} ${what}`
    }),
    ...conflicts.length > 0 ? [plural(conflicts.length, 'conflict')] : []
  ]
  lines.push(`${paint('bold', printable(`${name}, ${out}:`))} ${counts.length === 0 ? paint('green', 'up to date') : counts.join(', ')}${written || counts.length === 0 ? '' : ' (nothing is written)'}`)
  if (!hasBase) lines.push(paint('yellow', 'warning: it is not known what the document said before, so what differs counts as changed by both; --base names the document as it was'))
  for (const what of ['added', 'updated', 'removed'] as const) {
    const group = changes.filter(change => change.what === what)
    for (const change of group.slice(0, TOLD_CHANGES)) lines.push(`  ${paint(STYLES[what], what.padEnd(7))}  ${nameOf(change)}${partsOf(change)}`)
    if (group.length > TOLD_CHANGES) lines.push(`  ${' '.repeat(7)}  and ${group.length - TOLD_CHANGES} more`)
  }
  const locate = conflicts.length === 0 ? () => undefined : parseSource(view.told, { file: out }).locate
  for (const conflict of conflicts) lines.push(...linesOf(conflict, locate(written ? conflict.pointer : conflict.pointer_before), { out, prefer, written }, paint))
  return lines.map(line => `${line}\n`).join('')
}

const nameOf = ({ kind, name }: Pick<Change, 'kind' | 'name'>): string => printable(kind === 'endpoint' ? name : `${kind === 'schema' ? 'schema' : 'key'} ${name}`)

function partsOf ({ parts }: Change): string {
  if (parts.length === 0) return ''
  const more = parts.length > TOLD_PARTS ? `, and ${parts.length - TOLD_PARTS} more` : ''
  return `: ${printable(parts.slice(0, TOLD_PARTS).join(', '))}${more}`
}

const REASONS: Readonly<Record<Conflict['reason'], string>> = {
  'both-changed': 'both changed it',
  'removed-by-you': 'you removed it, and the document changed it',
  'removed-in-document': 'you changed it, and the document removed it',
  'both-added': 'both have it, and it was not there before',
  unknown: 'the two differ, and it is not known who changed it'
}

function linesOf (conflict: Conflict, place: { line: number, column: number } | undefined, { out, prefer = 'mine', written }: Pick<UpdateView, 'out' | 'prefer' | 'written'>, paint: Paint): string[] {
  const { reason, part } = conflict
  const at = printable(place === undefined ? out : `${out}:${place.line}:${place.column}`)
  const kept = prefer === 'mine' ? 'yours' : "the document's"
  return [
    `${paint('bold', at)} ${paint('yellow', 'conflict:')} ${nameOf(conflict)}${part === '' ? '' : `, ${printable(part)}`}: ${REASONS[reason]}`,
    `  yours     ${shown(conflict, 'mine')}`,
    `  document  ${shown(conflict, 'document')}${'before' in conflict ? paint('dim', `, was ${shown(conflict, 'before')}`) : ''}`,
    paint('cyan', `  ${kept} ${written ? 'is kept' : 'would be kept'}`)
  ]
}

function shown (conflict: Conflict, side: 'mine' | 'document' | 'before'): string {
  if (!(side in conflict)) return '(none)'
  const text = JSON.stringify(conflict[side]) ?? ''
  return printable(text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text)
}
