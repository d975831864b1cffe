import { build } from 'esbuild'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const COMMANDS = ['tap', 'vitest', 'jest', 'playwright']

interface Package {
  exports: Readonly<Record<string, string | { default: string }>>
  bin: Readonly<Record<string, string>>
}

/**
 * A folder in which this package is installed as its users have it: what `exports` and `bin` of package.json name is built into
 * `node_modules/fastify-mock-server`; everything else is linked from our own.
 *
 * @returns its path
 */
export async function install (): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'guides-'))
  const modules = join(folder, 'node_modules')
  const bin = join(modules, '.bin')
  const own = join(modules, 'fastify-mock-server')
  await mkdir(bin, { recursive: true })
  const names = await readdir(join(ROOT, 'node_modules'))
  await Promise.all([
    ...names.filter(name => !name.startsWith('.')).map(name => symlink(join(ROOT, 'node_modules', name), join(modules, name))),
    ...COMMANDS.map(name => symlink(join(ROOT, 'node_modules', '.bin', name), join(bin, name))),
    buildOwn(own)
  ])
  const { bin: commands } = await readPackage()
  for (const [name, path] of Object.entries(commands)) {
    await chmod(join(own, path), 0o755)
    await symlink(join(own, path), join(bin, name))
  }
  return folder
}

async function buildOwn (folder: string): Promise<void> {
  const { exports } = await readPackage()
  const modules = Object.values(exports).flatMap(target => typeof target === 'string' ? [] : [target.default])
  const options = { absWorkingDir: ROOT, bundle: true, splitting: true, packages: 'external', platform: 'node', target: 'node20.19', format: 'esm', logLevel: 'warning' } as const
  await Promise.all([
    build({ ...options, entryPoints: modules.map(sourceOf), outbase: ROOT, outdir: join(folder, 'dist') }),
    build({ ...options, entryPoints: ['scripts/mock-server.ts'], outdir: join(folder, 'dist', 'cli') })
  ])
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  // Read beside the module that needs it, which a bundle may be in any of these.
  const places = new Set([...modules.map(path => join('dist', dirname(path).split('/').slice(2).join('/'))), 'dist', 'dist/lib', 'dist/cli'])
  await Promise.all([...places].map(place => cp(join(ROOT, 'lib', 'config.schema.json'), join(folder, place, 'config.schema.json'))))
}

/** `./dist/plugins/index.js` is built from `plugins/index.ts`. */
const sourceOf = (built: string): string => built.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts')

async function readPackage (): Promise<Package> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
}
