import { isObject } from '../lib/schema/subschemas.ts'
import { subjectOf } from '../lib/violation/violation.ts'
import { shortPath, type DiagnosticsView } from './diagnostics.ts'
import { printable, type Paint } from './paint.ts'
import { plural } from './plural.ts'
import type { PlacedAnswer, Verdict } from './verify-files.ts'

/** How many broken answers are told in full, and how much of a value. */
const TOLD = 50
const TOLD_OPERATIONS = 3
const TOLD_UNUSABLE = 10
const WIDTH = 80

/**
 * The verdict for people: each broken answer with its place, what its schema asks for and what is there; then the counts.
 *
 * @example
 * // openapi.yaml:41:23 example: GET /boats, 200 'two': /0/length must be number
 * //     expected  number
 * //     found     "long"
 * //     schema    #/schemas/Boat/properties/length/type; also in GET /boats/{id}
 * // 1 broken of 212 answers: 40 examples, 172 generated; 12 not checked
 */
export function formatVerdict (verdict: Verdict, { paint, cwd }: DiagnosticsView): string {
  const { broken, examples, generated, unchecked, unusable, tolerated, ok } = verdict
  const lines = broken.slice(0, TOLD).flatMap(answer => linesOf(answer, paint, cwd))
  if (broken.length > TOLD) lines.push(`and ${broken.length - TOLD} more`)
  for (const { operation, reason } of unusable.slice(0, TOLD_UNUSABLE)) lines.push(`${paint('yellow', 'warning:')} ${printable(`${operation}: a schema cannot be enforced in full: ${reason}`)}`)
  if (unusable.length > TOLD_UNUSABLE) lines.push(`and ${plural(unusable.length - TOLD_UNUSABLE, 'such schema')} more`)
  const all = `${plural(examples + generated, 'answer')}: ${plural(examples, 'example')}, ${generated} generated${unchecked === 0 ? '' : `; ${unchecked} not checked, as they have no schema or are not JSON`}`
  const state = broken.length === 0 ? paint('green', 'verified:') : ok ? paint('green', `verified, ${broken.length} tolerated:`) : paint('red', `${broken.length} broken of`)
  lines.push(`${state} ${all}${tolerated > 0 && !ok ? `; ${tolerated} of the broken are tolerated` : ''}`)
  return lines.map(line => `${line}\n`).join('')
}

function linesOf (answer: PlacedAnswer, paint: Paint, cwd: string): string[] {
  const { kind, operation, status, name, violations, reason, place: { file, line, column, pointer }, others } = answer
  const [first] = violations
  const place = file === undefined ? '' : `${printable(shortPath(file, cwd))}${line === undefined ? '' : `:${line}:${column ?? 1}`} `
  const what = kind === 'failed' || first === undefined ? reason ?? '' : `${subjectOf(first) || 'the body'} ${first.message}`
  const lines = [`${paint('bold', place)}${paint(kind === 'example' ? 'yellow' : 'red', `${kind}:`)} ${printable(`${operation}, ${status}${name === undefined ? '' : ` '${name}'`}: ${what}`)}${violations.length > 1 ? paint('dim', ` and ${violations.length - 1} more`) : ''}`]
  if (first !== undefined) lines.push(`    expected  ${shown(first.expected)}`, ...'actual' in first ? [`    found     ${printable(JSON.stringify(first.actual))}`] : [], paint('dim', `    schema    ${printable(first.schema_pointer)}`))
  if (pointer !== '') lines.push(paint('dim', `    at        ${printable(pointer)}`))
  if (others.length > 0) lines.push(paint('dim', `    also in   ${printable(others.slice(0, TOLD_OPERATIONS).join(', '))}${others.length > TOLD_OPERATIONS ? ` and ${others.length - TOLD_OPERATIONS} more` : ''}`))
  return lines
}

function shown (value: unknown): string {
  const text = Array.isArray(value) && value.every(item => typeof item === 'string')
    ? value.join(' or ')
    : isObject(value) && typeof value.$ref === 'string' ? value.$ref : typeof value === 'string' ? value : JSON.stringify(value) ?? ''
  return printable(text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text)
}
