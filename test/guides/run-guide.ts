import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, delimiter, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { readGuide } from './read-guide.ts'
import { missingFrom } from './shown-output.ts'

/** Does what a guide says, in a folder of its own beside the installation, and holds what comes out against what it shows. */
export async function runGuide (t: Test, guide: string, installation: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = join(installation, basename(guide, '.md'))
  await mkdir(folder)
  await symlink(join(installation, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')

  const port = String(await freePort())
  const environment = { ...cleanEnvironment(installation), ...env }
  const background: ChildProcess[] = []
  t.teardown(() => Promise.all(background.map(stop)))
  let runs = 0
  for (const step of readGuide((await readFile(guide, 'utf8')).replaceAll(PORT, port))) {
    const at = `${basename(guide)}:${step.line}`
    if (step.kind === 'file') {
      await mkdir(dirname(join(folder, step.name)), { recursive: true })
      await writeFile(join(folder, step.name), step.text)
    } else if (step.command.endsWith('&')) {
      background.push(await startServer(step.command.slice(0, -1), folder, environment))
    } else {
      runs++
      const { code, output } = await run(step.command, folder, environment)
      t.equal(code, step.exit, `${at} ends as it is said to: ${step.command}`, { output })
      t.equal(missingFrom(output, step.shown), undefined, `${at} prints what is shown`, { output })
    }
  }
  t.not(runs, 0, `${basename(guide)} runs something`)
}

/** The port that guides use for a server of its own process; a free one stands in for it. */
const PORT = '4010'

function freePort (): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Without what our own runner, or a build server, would have the other runners do. */
function cleanEnvironment (installation: string): Record<string, string> {
  const { HOME = installation } = process.env
  return { HOME, PATH: [join(installation, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter), NO_COLOR: '1' }
}

/** `npx` of a command that is installed looks it up, and takes half a second for it. */
const start = (command: string, cwd: string, env: Readonly<Record<string, string>>, detached = false) =>
  spawn(`${command.replace(/\bnpx /g, '')} 2>&1`, { cwd, env, shell: true, detached, stdio: ['ignore', 'pipe', 'inherit'] })

function run (command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null, output: string }> {
  return new Promise((resolve, reject) => {
    const child = start(command, cwd, env)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', chunk => { output += chunk })
    child.once('error', reject)
    child.once('close', code => resolve({ code, output }))
  })
}

/** Starts what the guide leaves running, and waits until it says that it listens; in a group of its own, so that the shell's children end with it. */
function startServer (command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = start(command, cwd, env, true)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', chunk => {
      output += chunk
      if (output.includes('http://')) resolve(child)
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${command} ended: ${output}`)))
  })
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, 'SIGTERM')
  while (child.exitCode === null && child.signalCode === null) await setTimeout(10)
}
