import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nearestFile, resolveInclude } from '../lib/config/include.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { demoFile } from './package-info.ts'
import { fileFailure, systemCode } from './system-error.ts'

/** What is looked for when no file is named. */
const USUAL_NAMES = ['mock.json', 'mock.jsonc', 'mock.yaml', 'mock.yml']

export const COMMANDS = ['start', 'import-openapi', 'validate', 'verify', 'routes', 'help']

/**
 * What a command works on: the files named, or the configuration of this folder, or else the demo.
 *
 * @throws Failure for a file that is missing or cannot be read, a folder without any, and a pattern that nothing matches
 */
export async function chooseFiles (args: readonly string[], cwd: string): Promise<{ files: readonly string[], isDemo: boolean }> {
  if (args.length > 0) {
    await checkInputs(args, cwd)
    return { files: args, isDemo: false }
  }
  const own = await usualFile(cwd)
  return own === undefined ? { files: [demoFile], isDemo: true } : { files: [own], isDemo: false }
}

async function usualFile (folder: string): Promise<string | undefined> {
  for (const name of USUAL_NAMES) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() === true) return name
  }
  return undefined
}

/** Makes sure that files are there and can be read, so that a slip is told as what it is. What they hold is not looked at. */
export async function checkInputs (inputs: readonly string[], cwd: string): Promise<void> {
  for (const input of inputs) {
    if (/^https?:\/\//i.test(input)) {
      throw new Failure(EXIT.usage, `'${input}' is an address, and only files are served`, `import it first: mock-server import-openapi ${input} --out mock.json`)
    }
    const { files, searched } = await resolveInclude(input, cwd)
    if (searched && files.length === 0) throw new Failure(EXIT.io, `'${input}' holds no JSON or YAML file`, 'name a configuration or an OpenAPI document')
    for (const file of files) {
      try {
        await access(file, constants.R_OK)
      } catch (error) {
        throw systemCode(error) === 'ENOENT' ? await missing(input, file) : fileFailure(error, `'${input}' cannot be read`) ?? error
      }
    }
  }
}

async function missing (input: string, file: string): Promise<Failure> {
  if (COMMANDS.includes(input)) return new Failure(EXIT.usage, `'${input}' is a command, and stands before the flags`, `mock-server ${input} ...`)
  const near = await nearestFile(file)
  if (near !== undefined) return new Failure(EXIT.io, `there is no file '${input}'`, `did you mean '${near}'?`)
  const { nearest } = await import('../lib/config/nearest.ts')
  const command = /[./\\]/.test(input) ? undefined : nearest(input, COMMANDS)
  if (command !== undefined) return new Failure(EXIT.usage, `there is no command and no file '${input}'`, `did you mean 'mock-server ${command}'?`)
  return new Failure(EXIT.io, `there is no file '${input}'`, `it is looked for at ${file}`)
}
