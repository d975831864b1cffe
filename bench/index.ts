import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * `npm run bench [-- --only throughput,reload] [--quick] [--no-build]`
 *
 * Everything measured is compiled first and run by node alone: a loader that translates TypeScript on the way in costs
 * start-up time, and wraps functions in ways that cost requests.
 */
const { values: { only, quick, build } } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    build: { type: 'boolean', default: true }
  },
  allowNegative: true
})

const here = import.meta.dirname

if (!existsSync(join(here, 'node_modules'))) {
  console.error('bench: installing the large API descriptions that are measured (npm ci in bench/, 800 MB unpacked)')
  execFileSync('npm', ['ci'], { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] })
}
if (build) {
  console.error('bench: compiling')
  // The program as it is published, which start-up is measured with, and the benchmarks with what they import of it.
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: join(here, '..'), stdio: ['ignore', 2, 2] })
  execFileSync(process.execPath, [join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here], { stdio: ['ignore', 2, 2] })
  copyFileSync(join(here, '..', 'lib', 'config.schema.json'), join(here, 'dist', 'lib', 'config.schema.json'))
}

const args = [join(here, 'dist', 'bench', 'run.js'), ...(only === undefined ? [] : ['--only', only]), ...(quick ? ['--quick'] : [])]
const run = spawn(process.execPath, ['--expose-gc', ...args], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => run.kill(signal))
run.once('exit', code => { process.exitCode = code ?? 1 })
