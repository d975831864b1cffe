import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import { fileURLToPath } from 'node:url'

/** What the figures were measured with and on, as rows of a table. */
export function machine (): string[][] {
  const [cpu] = os.cpus()
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
    ['commit', commit()],
    ['machine', `${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release().split('-', 1)[0]} ${os.arch()}`],
    ['load average at start', os.loadavg().map(load => load.toFixed(2)).join(' ')],
    ['node', `${process.version} (V8 ${process.versions.v8})`],
    ['fastify', versionOf('fastify')],
    ['ajv', versionOf('ajv')]
  ]
}

function versionOf (name: string): string {
  const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8')) as { version: string }
  return version
}

function commit (): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', '../../../lib', '../../../plugins', '../../../scripts') === '' ? '' : ', with changes')
  } catch {
    return 'unknown'
  }
}
