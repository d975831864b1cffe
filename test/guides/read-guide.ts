/** What a guide has its reader do, in the order of the page. */
export type Step =
  | { kind: 'file', line: number, name: string, text: string }
  | { kind: 'run', line: number, command: string, exit: number, shown: string[] }

const FENCE = /^```(\w*) ?(.*)$/

/**
 * The steps of a guide: a block with a `title` is a file of that name; one of `console` is commands behind a `$`, each with what it
 * prints (`…` alone on a line stands for lines that are left out) and, behind `exit=`, how it ends.
 *
 * @throws when a block is neither: what is not run would go stale
 */
export function readGuide (markdown: string): Step[] {
  const lines = markdown.split('\n')
  const steps: Step[] = []
  for (let i = 0; i < lines.length; i++) {
    const [, language, info = ''] = FENCE.exec(lines[i] ?? '') ?? []
    if (language === undefined) continue
    const line = i + 1
    const end = lines.indexOf('```', line)
    if (end === -1) throw new Error(`line ${line}: the block has no end`)
    const block = lines.slice(line, end)
    const title = /^title="([^"]+)"$/.exec(info)?.[1]
    if (title !== undefined) steps.push({ kind: 'file', line, name: title, text: `${block.join('\n')}\n` })
    else if (language === 'console') steps.push(...readConsole(block, line, Number(/^exit=(\d+)$/.exec(info)?.[1] ?? 0)))
    else throw new Error(`line ${line}: a block that is neither a file (title="name") nor a console`)
    i = end
  }
  return steps
}

function readConsole (block: readonly string[], line: number, exit: number): Step[] {
  const starts = block.flatMap((text, i) => text.startsWith('$ ') ? [i] : [])
  if (starts[0] !== 0) throw new Error(`line ${line}: a console begins with a command`)
  return starts.map((start, i): Step => ({
    kind: 'run',
    line: line + start + 1,
    command: (block[start] ?? '').slice(2),
    exit,
    shown: block.slice(start + 1, starts[i + 1])
  }))
}
