import { spawn } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Test } from 'tap'
import { readGuide } from './read-guide.ts'
import { missingFrom } from './shown-output.ts'

/** Does what a guide says, in a folder of its own beside the installation, and holds what comes out against what it shows. */
export async function runGuide (t: Test, guide: string, installation: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = join(installation, basename(guide, '.md'))
  await mkdir(folder)
  await symlink(join(installation, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')

  let runs = 0
  for (const step of readGuide(await readFile(guide, 'utf8'))) {
    const at = `${basename(guide)}:${step.line}`
    if (step.kind === 'file') {
      await mkdir(dirname(join(folder, step.name)), { recursive: true })
      await writeFile(join(folder, step.name), step.text)
      continue
    }
    runs++
    const { code, output } = await run(step.command, folder, { ...cleanEnvironment(installation), ...env })
    t.equal(code, step.exit, `${at} ends as it is said to: ${step.command}`, { output })
    t.equal(missingFrom(output, step.shown), undefined, `${at} prints what is shown`, { output })
  }
  t.not(runs, 0, `${basename(guide)} runs something`)
}

/** Without what our own runner, or a build server, would have the other runners do. */
function cleanEnvironment (installation: string): Record<string, string> {
  const { HOME = installation } = process.env
  return { HOME, PATH: [join(installation, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter), NO_COLOR: '1' }
}

/** `npx` of a command that is installed looks it up, and takes half a second for it. */
function run (command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null, output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(`${command.replace(/\bnpx /g, '')} 2>&1`, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', chunk => { output += chunk })
    child.once('error', reject)
    child.once('close', code => resolve({ code, output }))
  })
}
