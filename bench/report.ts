import type { Section, Table } from './part.ts'

/** The page `docs/benchmarks.md`. */
export function report (sections: readonly Section[], machine: readonly string[][], minutes: number): string {
  const targets = sections.flatMap(({ targets }) => targets)
  return [
    '# Benchmarks',
    'Written by `npm run bench`; run it again to measure your own machine ' +
    `(this run took ${Math.ceil(minutes)} minutes; \`npm run bench -- --only ${PARTS_HINT}\` measures a part and prints it). Everything is compared ` +
    'with a baseline of the same run, in turn, because absolute figures say more about the machine than about the program. ' +
    'Figures are medians; in brackets the quartiles.',
    table({ head: ['', ''], rows: machine.map(row => [...row]) }),
    '## What we hold ourselves to',
    table({
      head: ['what', 'target', 'measured', 'met'],
      rows: targets.map(({ what, target, measured, isMet }) => [what, target, measured, isMet ? 'yes' : '**no**'])
    }),
    ...sections.map(section)
  ].join('\n\n') + '\n'
}

const PARTS_HINT = 'reload,startup'

export function section ({ title, text, tables }: Section): string {
  return [`## ${title}`, ...text, ...tables.map(table)].join('\n\n')
}

function table ({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
