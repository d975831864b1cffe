import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nearestFile, resolveInclude } from '../lib/config/include.ts'
import { isAddress } from '../lib/config/read-address.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { demoFile } from './package-info.ts'
import { readStdin } from './read-stdin.ts'
import { fileFailure, systemCode } from './system-error.ts'

/** What is looked for when no file is named. */
const USUAL_NAMES = ['mock.json', 'mock.jsonc', 'mock.yaml', 'mock.yml']

export const COMMANDS = ['start', 'import-openapi', 'validate', 'verify', 'routes', 'explain', 'token', 'help']

/** What other tools call it. */
const OTHER_WORDS: Readonly<Record<string, string>> = { serve: 'start', run: 'start', mock: 'start', import: 'import-openapi', lint: 'validate', check: 'validate' }

/** What a configuration includes: files, addresses, and names of texts. */
export interface ChosenFiles {
  files: readonly string[]
  texts: Readonly<Record<string, string>>
  isDemo: boolean
}

/**
 * What a command works on: the files named (`-` is stdin), or the configuration of this folder. Where there is none, `start` has a demo to show;
 * to judge that one instead of the file that is missing would pass for success.
 *
 * @throws Failure for a file that is missing or cannot be read, a folder without any, and a pattern that nothing matches
 */
export async function chooseFiles (args: readonly string[], cwd: string, { demo = false }: { demo?: boolean } = {}): Promise<ChosenFiles> {
  if (args.length > 0) {
    const files = args.map(arg => arg === '-' ? STDIN : arg)
    const texts: Record<string, string> = args.includes('-') ? { [STDIN]: await readStdin() } : {}
    await checkInputs(args.filter(arg => arg !== '-'), cwd)
    return { files, texts, isDemo: false }
  }
  const own = await usualFile(cwd)
  if (own !== undefined) return { files: [own], texts: {}, isDemo: false }
  if (demo) return { files: [demoFile], texts: {}, isDemo: true }
  throw new Failure(EXIT.io, `there is no ${USUAL_NAMES.slice(0, -1).join(', ')} or ${USUAL_NAMES.at(-1)} in ${cwd}`, 'name the file')
}

/** What is read from stdin is called so in messages. */
const STDIN = 'stdin'

async function usualFile (folder: string): Promise<string | undefined> {
  for (const name of USUAL_NAMES) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() === true) return name
  }
  return undefined
}

/** Makes sure that files are there and can be read, so that a slip is told as what it is. What they hold is not looked at; addresses are not asked. */
export async function checkInputs (inputs: readonly string[], cwd: string): Promise<void> {
  for (const input of inputs) {
    if (isAddress(input)) continue
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
  const command = /[./\\]/.test(input) ? undefined : OTHER_WORDS[input] ?? nearest(input, COMMANDS)
  if (command !== undefined) return new Failure(EXIT.usage, `there is no command and no file '${input}'`, `did you mean 'mock-server ${command}'?`)
  return new Failure(EXIT.io, `there is no file '${input}'`, `it is looked for at ${file}`)
}
