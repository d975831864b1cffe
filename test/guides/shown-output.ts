import { stripVTControlCharacters } from 'node:util'

/** Stands for lines that a guide leaves out; at the end of a line, for the rest of it. */
const GAP = '…'

/** What differs from run to run, and from one version of Node.js to the next. */
const VARYING: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  // Some runners tell it only where it was long.
  [/\s*\(?\b\d+(\.\d+)? ?m?s\)?$/, ''],
  [/\b\d+(\.\d+)? ?m?s\b/g, '<time>'],
  [/(?<=duration_ms )[\d.]+/g, '<time>'],
  [/\d\d:\d\d:\d\d/g, '<clock>'],
  [/^Error \[(\w+)\](?=:)/, '$1'],
  [/#\d+\b/g, '#<seq>'],
  [/(?<=127\.0\.0\.1:|localhost:)\d{4,5}/g, '<port>']
]

/**
 * The first stretch of shown lines that a command did not print, or undefined when it printed all of them in this order: what stands
 * between two gaps without others between. Times and ports may differ; indentation and empty lines don't count.
 */
export function missingFrom (output: string, shown: readonly string[]): string | undefined {
  const printed = plainLines(output.split('\n'))
  let from = 0
  for (const stretch of stretches(shown)) {
    const at = indexOf(printed, stretch, from)
    if (at === -1) return stretch.join('\n')
    from = at + stretch.length
  }
  return undefined
}

function plainLines (lines: readonly string[]): string[] {
  return lines.map(line => VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), stripVTControlCharacters(line).trim())).filter(line => line !== '')
}

function stretches (shown: readonly string[]): string[][] {
  const found: string[][] = [[]]
  for (const line of plainLines(shown)) {
    if (line === GAP) found.push([])
    else found.at(-1)?.push(line)
  }
  return found.filter(({ length }) => length > 0)
}

function indexOf (lines: readonly string[], stretch: readonly string[], from: number): number {
  for (let at = from; at + stretch.length <= lines.length; at++) {
    if (stretch.every((line, i) => isLike(lines[at + i] ?? '', line))) return at
  }
  return -1
}

const isLike = (printed: string, shown: string): boolean => shown.endsWith(GAP) ? printed.startsWith(shown.slice(0, -GAP.length).trimEnd()) : printed === shown
