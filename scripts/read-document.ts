import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import type { Config } from '../lib/config.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { MOCK_ERR_OPENAPI_INVALID, MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE, MOCK_ERR_OPENAPI_UNREADABLE } from '../lib/errors.ts'
import type { ImportSettings } from '../lib/import-merge/base-file.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument, type DocumentSource } from '../lib/openapi/load.ts'
import type { ImportReport } from '../lib/openapi/report.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { checkInputs } from './inputs.ts'
import { createProgress } from './progress.ts'
import { fileFailure, systemCode } from './system-error.ts'

export interface ReadDocument {
  config: Config
  report: ImportReport
  /** What was doubtful when it was read. */
  warnings: readonly Diagnostic[]
}

/**
 * Reads a document from a path, a URL or stdin (`-`), and imports it.
 *
 * @throws Failure when it cannot be read, or is no OpenAPI document
 */
export async function readDocument (document: string, settings: ImportSettings): Promise<ReadDocument> {
  const progress = createProgress(process.stderr)
  const { base_path: basePath, allow_refs_from: allowed = [] } = settings
  try {
    const loaded = await loadDocument(await sourceOf(document), { allow: allowedPlaces(allowed, process.cwd()), onProgress: files => progress.show(`read ${files} files`) })
    const imported = importDocument(loaded.document, {
      ...loaded.files[0] !== undefined && { file: loaded.files[0] },
      ...basePath !== undefined && { base_path: basePath },
      onProgress: (done, total) => progress.show(`${done}/${total} operations`)
    })
    return { config: imported.config, report: imported.report, warnings: loaded.warnings }
  } catch (error) {
    throw documentFailure(error, document) ?? error
  } finally {
    progress.clear()
  }
}

export const isAddress = (input: string): boolean => /^https?:\/\//i.test(input)

/** The values of `--allow-refs-from`: an address allows its origin, anything else is a folder. */
export function allowedPlaces (values: readonly string[], cwd: string): { folder?: string, origins?: string[] } {
  const origins = values.filter(isAddress).map(value => new URL(value).origin)
  const folder = values.find(value => !isAddress(value))
  return { ...folder !== undefined && { folder: isAbsolute(folder) ? folder : resolve(cwd, folder) }, ...origins.length > 0 && { origins } }
}

const FETCH_MS = 30_000

/** An address that the user names may well be on this machine or its network; only what the document refers to may not. */
async function sourceOf (document: string): Promise<DocumentSource> {
  if (document === '-') return { text: await readStdin(), name: 'stdin' }
  if (!isAddress(document)) {
    await checkInputs([document], process.cwd())
    return { file: document, text: await readFile(document, 'utf8') }
  }
  const response = await fetch(document, { signal: AbortSignal.timeout(FETCH_MS), headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' } })
  if (!response.ok) throw new Failure(EXIT.io, `'${document}' is answered with ${response.status} ${response.statusText}`, 'check the address')
  return { url: response.url, text: await response.text() }
}

/** All of stdin; a person who waits for it is told how to end it. */
export async function readStdin (): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('reading the document from the terminal; end it with Ctrl-D\n')
  return await readText(process.stdin)
}

function documentFailure (error: unknown, document: string): Failure | undefined {
  if (error instanceof MOCK_ERR_OPENAPI_SYNTAX || error instanceof MOCK_ERR_OPENAPI_INVALID || error instanceof MOCK_ERR_OPENAPI_TOO_LARGE) {
    return new Failure(EXIT.config, error.message, 'name an OpenAPI document of version 2.0, 3.0, 3.1 or 3.2', { cause: error })
  }
  if (error instanceof MOCK_ERR_OPENAPI_UNREADABLE) return new Failure(EXIT.io, error.message, 'check the path', { cause: error })
  const reason = networkReason(error)
  if (reason !== undefined) return new Failure(EXIT.io, `'${document}' cannot be reached: ${reason}`, 'check the address, or download the document first', { cause: error })
  return fileFailure(error, `'${document}' cannot be read`)
}

/** Why `fetch` had no answer; undefined for other errors. */
function networkReason (error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'TimeoutError') return `no answer within ${FETCH_MS / 1000} seconds`
  if (error.message !== 'fetch failed') return undefined
  return error.cause instanceof Error ? systemCode(error.cause) ?? error.cause.message : error.message
}
