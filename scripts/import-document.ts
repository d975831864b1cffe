import { readFile, stat, writeFile } from 'node:fs/promises'
import { text as readText } from 'node:stream/consumers'
import type { Config } from '../lib/config.ts'
import { formatDiagnostic } from '../lib/diagnostic.ts'
import { MOCK_ERR_OPENAPI_INVALID, MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE, MOCK_ERR_OPENAPI_UNREADABLE } from '../lib/errors.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument, type DocumentSource } from '../lib/openapi/load.ts'
import { formatReport } from '../lib/openapi/report.ts'
import type { ImportFlags } from './commands/import-openapi.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { checkInputs } from './inputs.ts'
import { printable } from './paint.ts'
import { createProgress } from './progress.ts'
import { fileFailure, systemCode } from './system-error.ts'

/**
 * The command `import-openapi`: the configuration goes to stdout or a file, everything that is said about it to stderr.
 *
 * @throws Failure when the document cannot be read at all, or the file not be written
 */
export async function importDocumentTo (document: string, { out, force = false, basePath }: ImportFlags): Promise<void> {
  if (out !== undefined && !force) await refuseExisting(out)
  const progress = createProgress(process.stderr)
  const { config, report, warnings } = await attempt(document, async () => {
    const loaded = await loadDocument(await sourceOf(document), { onProgress: files => progress.show(`read ${files} files`) })
    const imported = importDocument(loaded.document, {
      ...loaded.files[0] !== undefined && { file: loaded.files[0] },
      ...basePath !== undefined && { base_path: basePath },
      onProgress: (done, total) => progress.show(`${done}/${total} operations`)
    })
    return { ...imported, warnings: loaded.warnings }
  }).finally(progress.clear)

  await write(await render(config, out), out, force)
  const lines = [...formatReport(report).split('\n'), ...warnings.map(warning => `  ${formatDiagnostic(warning)}`)]
  if (out !== undefined) lines.push(`written to ${out}; serve it: mock-server ${out}`)
  process.stderr.write(lines.map(line => `${printable(line)}\n`).join(''))
}

const FETCH_MS = 30_000

/** An address that the user names may well be on this machine or its network; only what the document refers to may not. */
async function sourceOf (document: string): Promise<DocumentSource> {
  if (document === '-') {
    if (process.stdin.isTTY) process.stderr.write('reading the document from the terminal; end it with Ctrl-D\n')
    return { text: await readText(process.stdin), name: 'stdin' }
  }
  if (!/^https?:\/\//i.test(document)) {
    await checkInputs([document], process.cwd())
    return { file: document, text: await readFile(document, 'utf8') }
  }
  const response = await fetch(document, { signal: AbortSignal.timeout(FETCH_MS), headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' } })
  if (!response.ok) throw new Failure(EXIT.io, `'${document}' is answered with ${response.status} ${response.statusText}`, 'check the address')
  return { url: response.url, text: await response.text() }
}

async function attempt<Result> (document: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MOCK_ERR_OPENAPI_SYNTAX || error instanceof MOCK_ERR_OPENAPI_INVALID || error instanceof MOCK_ERR_OPENAPI_TOO_LARGE) {
      throw new Failure(EXIT.config, error.message, 'name an OpenAPI document of version 2.0, 3.0, 3.1 or 3.2', { cause: error })
    }
    if (error instanceof MOCK_ERR_OPENAPI_UNREADABLE) throw new Failure(EXIT.io, error.message, 'check the path', { cause: error })
    const reason = networkReason(error)
    if (reason !== undefined) throw new Failure(EXIT.io, `'${document}' cannot be reached: ${reason}`, 'check the address, or download the document first', { cause: error })
    throw fileFailure(error, `'${document}' cannot be read`) ?? error
  }
}

/** Why `fetch` had no answer; undefined for other errors. */
function networkReason (error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'TimeoutError') return `no answer within ${FETCH_MS / 1000} seconds`
  if (error.message !== 'fetch failed') return undefined
  return error.cause instanceof Error ? systemCode(error.cause) ?? error.cause.message : error.message
}

/** JSON that editors and diffs like, or YAML where the file is to be called so. */
async function render (config: Config, out: string | undefined): Promise<string> {
  if (out === undefined || !/\.ya?ml$/i.test(out)) return `${JSON.stringify(config, null, 2)}\n`
  const { stringify } = await import('yaml')
  return stringify(config, { lineWidth: 120, aliasDuplicateObjects: false })
}

/** Told before the work is done, not after. */
async function refuseExisting (out: string): Promise<void> {
  if (await stat(out).then(() => true, () => false)) throw new Failure(EXIT.io, `'${out}' exists already`, 'use --force to replace it')
}

async function write (text: string, out: string | undefined, force: boolean): Promise<void> {
  if (out === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    await writeFile(out, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    throw fileFailure(error, `'${out}' cannot be written`) ?? error
  }
}
