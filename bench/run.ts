import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import conditions, { conditionsTable } from './conditions.ts'
import logHeap from './log-heap.ts'
import { machine } from './machine.ts'
import type { Part, Section } from './part.ts'
import reload from './reload.ts'
import reloadUnderLoad from './reload-under-load.ts'
import { report, section } from './report.ts'
import resources from './resources.ts'
import scopes from './scopes.ts'
import startup from './startup.ts'
import tableSize from './table-size.ts'
import throughput from './throughput.ts'

/** Runs the parts one after another. All of them: writes docs/benchmarks.md. Some, or quickly: prints what was measured. */
const PARTS: Readonly<Record<string, Part>> = {
  throughput,
  'table-size': tableSize,
  conditions,
  'conditions-table': conditionsTable,
  resources,
  scopes,
  reload,
  'reload-under-load': reloadUnderLoad,
  startup,
  'log-heap': logHeap
}
const PAGE = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url))

const { values: { only, quick } } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } })
const names = only?.split(',') ?? Object.keys(PARTS)

const start = performance.now()
const seconds = () => Math.round((performance.now() - start) / 1000)
const progress = (message: string) => console.error(`bench: ${String(seconds()).padStart(4)} s  ${message}`)

const about = machine()
const sections: Section[] = []
for (const name of names) {
  const part = PARTS[name]
  if (part === undefined) throw new Error(`no part '${name}'; there are: ${Object.keys(PARTS).join(', ')}`)
  const done = await part({ quick, progress })
  sections.push(done)
  for (const { what, target, measured, isMet } of done.targets) progress(`${isMet ? 'met ' : 'MISS'}  ${what}: ${measured} (${target})`)
}

if (only === undefined && !quick) {
  await writeFile(PAGE, report(sections, about, seconds() / 60))
  progress('wrote docs/benchmarks.md')
} else {
  console.log(sections.map(section).join('\n\n'))
}
