import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { isAddress } from '../lib/config/read-address.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { printable, type Paint } from './paint.ts'
import { plural } from './plural.ts'

/** How much of a line is shown; of a longer one (minified JSON, say) the part around the column. */
const WIDTH = 100

export interface DiagnosticsView {
  paint: Paint
  /** Paths are shown relative to it. */
  cwd: string
}

/**
 * Diagnostics as people read them: the place, which terminals make clickable, the message, the line itself with a mark under
 * the column, and the remedy.
 *
 * @example
 * // mock.yaml:3:5 error: unknown key 'stauts' (/endpoints/0/stauts)
 * //     3 |     stauts: 200
 * //       |     ^ did you mean 'status'?
 */
export async function formatDiagnostics (diagnostics: readonly Diagnostic[], { paint, cwd }: DiagnosticsView): Promise<string> {
  const linesOf = createLineReader()
  const blocks = diagnostics.map(async diagnostic => {
    const { file, line, column = 1, severity, message, hint, pointer } = diagnostic
    const place = file === undefined ? '' : paint('bold', `${printable(shortPath(file, cwd))}${line === undefined ? '' : `:${line}:${column}`} `)
    // For what was given on the command line, a pointer means nothing to anyone.
    const where = file === undefined || pointer === '' ? '' : paint('dim', ` (${printable(pointer)})`)
    const head = `${place}${paint(severity === 'error' ? 'red' : 'yellow', `${severity}:`)} ${printable(message)}${where}`
    const text = file === undefined || line === undefined ? undefined : (await linesOf(file))?.[line - 1]
    const remedy = hint === undefined ? '' : paint('cyan', printable(hint))
    if (text === undefined || line === undefined) return remedy === '' ? head : `${head}\n    ${remedy}`
    return `${head}\n${frame(text, line, column, remedy, paint)}`
  })
  return (await Promise.all(blocks)).join('\n')
}

/** `2 errors and 1 warning`. */
export function countDiagnostics (diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  return [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''].filter(text => text !== '').join(' and ')
}

/** Relative where that is shorter, so that the demo's own folder is not told as a row of `../`. */
export function shortPath (file: string, cwd: string): string {
  if (isAddress(file)) return file
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

function frame (text: string, line: number, column: number, remedy: string, paint: Paint): string {
  const start = column - 1 > WIDTH * 0.8 ? column - 1 - Math.floor(WIDTH / 2) : 0
  // A tab counts as one column, and has to take one for the mark to stand under it.
  const shown = printable(text.slice(start, start + WIDTH).replaceAll('\t', ' ')).trimEnd()
  const number = String(line)
  const gutter = (label: string) => paint('dim', `    ${label.padStart(number.length)} |`)
  const mark = paint('red', '^')
  return `${gutter(number)} ${shown}\n${gutter('')} ${' '.repeat(column - 1 - start)}${mark}${remedy === '' ? '' : ` ${remedy}`}`
}

/** Reads each file once; one that is gone by now has no lines. */
function createLineReader () {
  const known = new Map<string, Promise<string[] | undefined>>()
  return (file: string) => {
    const lines = known.get(file) ?? readFile(file, 'utf8').then(text => text.split(/\r\n|\r|\n/), () => undefined)
    known.set(file, lines)
    return lines
  }
}
