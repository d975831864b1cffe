import { readFile } from 'node:fs/promises'
import { isConfigInvalid } from '../lib/config/invalid.ts'
import { parseSource } from '../lib/config/source.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import type { ValidateFlags } from './commands/validate.ts'
import { countDiagnostics, formatDiagnostics } from './diagnostics.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { oncePerEndpoint } from './once-per-endpoint.ts'
import { createPaint } from './paint.ts'
import { plural } from './plural.ts'
import { buildOffline } from './print-routes.ts'

interface Verdict {
  valid: boolean
  endpoints: number
  /** Absolute paths of what was read; none when it is not valid. */
  files: readonly string[]
  diagnostics: readonly Diagnostic[]
}

/** The command `validate`: builds everything that `start` would, templates included, and tells what stands in the way. */
export async function validateFiles (args: readonly string[], flags: ValidateFlags): Promise<ExitCode> {
  const cwd = process.cwd()
  const verdict = await judge(args, flags, cwd)
  const { valid, endpoints, files, diagnostics } = verdict
  const say = (text: string) => process.stdout.write(`${text}\n`)
  if (flags.json === true) {
    say(JSON.stringify(verdict, null, 2))
  } else {
    const paint = createPaint(process.stdout, process.env)
    if (diagnostics.length > 0) say(await formatDiagnostics(diagnostics, { paint, cwd }))
    const count = countDiagnostics(diagnostics)
    if (!valid) say(paint('red', count))
    else say(`${paint('green', 'valid:')} ${plural(endpoints, 'endpoint')} in ${plural(files.length, 'file')}${count === '' ? '' : `, ${count}`}`)
  }
  return valid ? EXIT.ok : EXIT.config
}

async function judge (args: readonly string[], flags: ValidateFlags, cwd: string): Promise<Verdict> {
  try {
    const app = await buildOffline(args, flags, cwd)
    const { files } = app.mock
    const diagnostics = [...await app.mock.validate(), ...(await Promise.all(files.map(specificationWarnings))).flat()]
    // A resource is many, as it is for the route table; one below several base paths is the same.
    const endpoints = oncePerEndpoint(app.mock.routes()).first.length
    await app.close()
    return { valid: true, endpoints, files, diagnostics }
  } catch (error) {
    if (isConfigInvalid(error)) return { valid: false, endpoints: 0, files: [], diagnostics: error.diagnostics }
    throw error
  }
}

/** What an OpenAPI document says against the specification. Many that serve well do, so these are warnings. */
async function specificationWarnings (file: string): Promise<Diagnostic[]> {
  // One that a document refers to may be missing, which has been told.
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const source = text === undefined ? undefined : parseSource(text, { file })
  if (source?.kind !== 'openapi') return []
  const [{ loadDocument }, { validateDocument }] = await Promise.all([import('../lib/openapi/load.ts'), import('../lib/openapi/validate-document.ts')])
  const { document } = await loadDocument({ file })
  // Where a reference leads nowhere has been told when the document was read, and with its place.
  const told = (await validateDocument(document, file)).filter(({ message }) => !message.startsWith('Missing $ref pointer'))
  return told.map(diagnostic => ({ ...diagnostic, severity: 'warning', ...source.locate(diagnostic.pointer) }))
}
