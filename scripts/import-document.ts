import { readFile, stat } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { writeFileAtomically } from '../lib/config/edit.ts'
import { isAddress } from '../lib/config/read-address.ts'
import { formatDiagnostic } from '../lib/diagnostic.ts'
import { baseFileOf, formatBase, type ImportBase, type ImportSettings } from '../lib/import-merge/base-file.ts'
import { renderConfig, toFileForm } from '../lib/import-merge/file-form.ts'
import { formatReport } from '../lib/openapi/report.ts'
import type { ImportFlags } from './commands/import-openapi.ts'
import { EXIT } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { generateBroken } from './generate-broken.ts'
import { printable } from './paint.ts'
import { readDocument, type ReadDocument } from './read-document.ts'
import { fileFailure } from './system-error.ts'

/**
 * The command `import-openapi`: the configuration goes to stdout or a file, everything that is said about it to stderr.
 *
 * @throws Failure when the document cannot be read at all, or the file not be written
 */
export async function importDocumentTo (document: string, flags: ImportFlags): Promise<void> {
  const { out, force = false, dryRun = false, json = false } = flags
  if (out !== undefined && !force && !dryRun) await refuseExisting(out)
  const settings = settingsOf(flags)
  const read = await readDocument(document, settings)
  const { config, lines } = await finish(read, settings)
  const text = renderConfig(config, out)
  if (out === undefined) process.stdout.write(text)
  else if (!dryRun) await writeImport(out, text, formatBase(asBase(document, out, settings, config)))

  if (json) {
    process.stdout.write(`${JSON.stringify({ document, out, written: out !== undefined && !dryRun, report: read.report, warnings: read.warnings }, null, 2)}\n`)
    return
  }
  tell(read, [...lines, ...out === undefined ? [] : [dryRun ? `not written: ${out}` : `written to ${out}; serve it: mock-server ${out}`]])
}

export const settingsOf = ({ basePath, examples, allowRefsFrom, overlay }: ImportFlags): ImportSettings => ({
  ...basePath !== undefined && { base_path: basePath },
  ...examples !== undefined && { examples },
  ...allowRefsFrom !== undefined && { allow_refs_from: allowRefsFrom },
  ...overlay !== undefined && { overlays: overlay }
})

/** What is written: as a file has it, with examples replaced where that was asked for; and what is to be said of it. */
export async function finish ({ config }: ReadDocument, { examples }: ImportSettings): Promise<{ config: Record<string, unknown>, lines: string[] }> {
  const { config: finished, line } = await generateBroken(config, examples ?? 'keep')
  return { config: toFileForm(finished), lines: line === undefined ? [] : [line] }
}

export function tell ({ report, warnings }: ReadDocument, lines: readonly string[]): void {
  const all = [...formatReport(report).split('\n'), ...warnings.map(warning => `  ${formatDiagnostic(warning)}`), ...lines]
  process.stderr.write(all.map(line => `${printable(line)}\n`).join(''))
}

/** What is kept of an import beside its result: the document and the folders are told from the folder of the file, wherever that goes. */
export function asBase (document: string, out: string, settings: ImportSettings, config: ImportBase['config']): ImportBase {
  const fromHere = (path: string): string => isAddress(path) ? path : relative(dirname(resolve(out)), resolve(path)).split(sep).join('/')
  const { allow_refs_from: allowed, overlays, ...rest } = settings
  return {
    // Stdin cannot be read twice.
    ...document !== '-' && { document: fromHere(document) },
    settings: {
      ...rest,
      ...allowed !== undefined && { allow_refs_from: allowed.map(place => fromHere(place) || '.') },
      ...overlays !== undefined && { overlays: overlays.map(fromHere) }
    },
    config
  }
}

/** Both files, each only where it changes. @throws Failure that names the one that cannot be written */
export async function writeImport (out: string, text: string, base: string): Promise<void> {
  for (const [file, content] of [[out, text], [baseFileOf(out), base]] as const) {
    if (content === await readFile(file, 'utf8').catch(() => undefined)) continue
    try {
      await writeFileAtomically(file, content)
    } catch (error) {
      throw fileFailure(error, `'${file}' cannot be written`) ?? error
    }
  }
}

/** Told before the work is done, not after. */
async function refuseExisting (out: string): Promise<void> {
  if (await stat(out).then(() => true, () => false)) throw new Failure(EXIT.io, `'${out}' exists already`, 'use --update to bring the changes of the document into it, or --force to replace it')
}
