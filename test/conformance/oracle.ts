import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Verdict {
  summary: {
    operations: number
    exercised: number
    skipped: Record<string, number>
    score: Record<string, unknown>
    checks: Record<string, { pass: number, fail: number }>
  }
  failures: Array<{ check: string, op: string, status?: number, detail?: string }>
}

/** Makes the checker runnable: it lives in a folder that is not ours to write, so it is copied and its dependencies installed. */
export async function prepareOracle (source: string, folder: string): Promise<string> {
  const script = join(folder, 'check-openapi.mjs')
  await mkdir(folder, { recursive: true })
  await cp(source, folder, { recursive: true, force: true })
  const installed = await stat(join(folder, 'node_modules', 'ajv')).then(() => true, () => false)
  if (!installed) await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, shell: process.platform === 'win32' })
  return script
}

/** Puts every operation of a document to a running server. */
export async function judge (oracle: string, document: string, base: string, report: string): Promise<Verdict> {
  await run(process.execPath, [oracle, '--doc', document, '--base', base, '--json', report, '--sample', '0'], { maxBuffer: 64 * 1024 * 1024, timeout: 600_000 })
  return JSON.parse(await readFile(report, 'utf8'))
}
