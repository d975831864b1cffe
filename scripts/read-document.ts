import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config } from '../lib/config.ts'
import { isAddress, readAddress } from '../lib/config/read-address.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { MOCK_ERR_OPENAPI_INVALID, MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE, MOCK_ERR_OPENAPI_UNREADABLE } from '../lib/errors.ts'
import type { ImportSettings } from '../lib/import-merge/base-file.ts'
import { messageOf } from '../lib/message-of.ts'
import { importDocument } from '../lib/openapi/import.ts'
import { loadDocument, type DocumentSource } from '../lib/openapi/load.ts'
import { readOverlays } from '../lib/openapi/read-overlays.ts'
import type { ImportReport } from '../lib/openapi/report.ts'
import { allowedPlaces } from './allowed-places.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { checkInputs } from './inputs.ts'
import { createProgress } from './progress.ts'
import { readStdin } from './read-stdin.ts'
import { fileFailure } from './system-error.ts'

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
  const { base_path: basePath, allow_refs_from: allowed = [], overlays = [] } = settings
  try {
    const loaded = await loadDocument(await sourceOf(document), {
      overlays: await readOverlays(overlays.map(path => resolve(path))),
      allow: allowedPlaces(allowed, process.cwd()),
      onProgress: files => progress.show(`read ${files} files`)
    })
    const imported = importDocument(loaded.document, {
      ...loaded.files[0] !== undefined && { file: loaded.files[0] },
      ...basePath !== undefined && { base_path: basePath },
      check_answers: true,
      onProgress: (done, total) => progress.show(`${done}/${total} operations`)
    })
    return { config: imported.config, report: imported.report, warnings: loaded.warnings }
  } catch (error) {
    throw documentFailure(error, document) ?? error
  } finally {
    progress.clear()
  }
}

async function sourceOf (document: string): Promise<DocumentSource> {
  if (document === '-') return { text: await readStdin(), name: 'stdin' }
  if (!isAddress(document)) {
    await checkInputs([document], process.cwd())
    return { file: document, text: await readFile(document, 'utf8') }
  }
  try {
    return await readAddress(document)
  } catch (error) {
    throw new Failure(EXIT.io, `'${document}' cannot be read: ${messageOf(error)}`, 'check the address, or download the document first', { cause: error })
  }
}

function documentFailure (error: unknown, document: string): Failure | undefined {
  if (error instanceof MOCK_ERR_OPENAPI_SYNTAX || error instanceof MOCK_ERR_OPENAPI_INVALID || error instanceof MOCK_ERR_OPENAPI_TOO_LARGE) {
    return new Failure(EXIT.config, error.message, 'name an OpenAPI document of version 2.0, 3.0, 3.1 or 3.2', { cause: error })
  }
  if (error instanceof MOCK_ERR_OPENAPI_UNREADABLE) return new Failure(EXIT.io, error.message, 'check the path', { cause: error })
  return fileFailure(error, `'${document}' cannot be read`)
}
