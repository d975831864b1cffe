import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { configInvalid } from '../lib/config/invalid.ts'
import { isAddress } from '../lib/config/read-address.ts'
import { parseSource } from '../lib/config/source.ts'
import { MOCK_ERR_IMPORT_BASE } from '../lib/errors.ts'
import { baseFileOf, formatBase, parseBase, type ImportBase, type ImportSettings } from '../lib/import-merge/base-file.ts'
import { updateText } from '../lib/import-merge/update-text.ts'
import type { ImportFlags } from './commands/import-openapi.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { asBase, finish, importDocumentTo, settingsOf, tell, writeImport } from './import-document.ts'
import { createPaint } from './paint.ts'
import { readDocument, type ReadDocument } from './read-document.ts'
import { fileFailure, systemCode } from './system-error.ts'
import { formatUpdate, type UpdateView } from './update-report.ts'

type UpdateFlags = ImportFlags & { out: string }

/**
 * `import-openapi --update` and `--check`: brings what changed in a document into a configuration that has been edited, or tells what
 * would be brought. Both are told on stdout, in lines or as JSON.
 *
 * A file that is not there yet is written as by a first import.
 *
 * @throws Failure when one of the files cannot be read, MOCK_ERR_CONFIG_INVALID when the configuration is none
 */
export async function updateImport (named: string | undefined, flags: UpdateFlags): Promise<ExitCode> {
  const { out, prefer, check = false, json = false } = flags
  if (named !== undefined && !check && !existsSync(out)) {
    await importDocumentTo(named, flags)
    return EXIT.ok
  }
  const current = await readCurrent(out)
  const base = await baseOf(flags)
  const settings = { ...base?.settings, ...settingsOf(flags) }
  const document = named ?? base?.document
  if (document === undefined) throw new Failure(EXIT.usage, `it is not known which document '${out}' was imported from`, `name it: import-openapi openapi.yaml --out ${out} --update`)
  const read = await readDocument(document, settings)
  const { config, lines } = await finish(read, settings)

  const { text, merge } = updateText({ ...current, file: out, base: base?.config, document: config }, prefer)
  const isDrift = merge.changes.length > 0 || merge.conflicts.length > 0
  const written = !check && flags.dryRun !== true
  if (written) await writeImport(out, text, formatBase(asBase(document, out, settings, config)))

  const view: UpdateView = { document, out, merge, written, told: written ? text : current.text, hasBase: base !== undefined, report: read.report, prefer }
  if (json) process.stdout.write(`${JSON.stringify(asJson(view, read), null, 2)}\n`)
  else {
    if (written && isDrift) tell(read, lines)
    process.stdout.write(formatUpdate(view, createPaint(process.stdout, process.env)))
  }
  if (check) return isDrift ? EXIT.config : EXIT.ok
  return merge.conflicts.length > 0 && prefer === undefined ? EXIT.conflict : EXIT.ok
}

interface Current {
  text: string
  format: 'json' | 'yaml'
  value: unknown
}

async function readCurrent (out: string): Promise<Current> {
  const file = resolve(out)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT'
      ? new Failure(EXIT.io, `there is no file '${out}'`, 'import the document first, without --update and --check', { cause: error })
      : fileFailure(error, `'${out}' cannot be read`) ?? error
  })
  const { value, errors, kind, format } = parseSource(text, { file })
  if (errors.length > 0) throw configInvalid(errors)
  if (kind === 'openapi') throw new Failure(EXIT.usage, `'${out}' is an OpenAPI document itself`, 'name the configuration that was imported from it')
  return { text, format, value: value ?? {} }
}

/** What the document said when it was imported last: as the file beside the configuration tells, or the document as it was then. */
async function baseOf ({ out, base, ...flags }: UpdateFlags): Promise<ImportBase | undefined> {
  const file = baseFileOf(out)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw fileFailure(error, `'${file}' cannot be read`) ?? error
  })
  if (base === undefined) return text === undefined ? undefined : located(parsed(text, file), out)
  const settings: ImportSettings = settingsOf(flags)
  return { settings, config: (await finish(await readDocument(base, settings), settings)).config }
}

function parsed (text: string, file: string): ImportBase {
  try {
    return parseBase(text, file)
  } catch (error) {
    if (!(error instanceof MOCK_ERR_IMPORT_BASE)) throw error
    throw new Failure(EXIT.config, error.message, 'restore it from version control, or name the document as it was then with --base', { cause: error })
  }
}

/** With paths as they are from here. */
function located ({ document, settings, config }: ImportBase, out: string): ImportBase {
  const fromHere = (path: string): string => isAddress(path) ? path : relative('', resolve(dirname(resolve(out)), path)) || '.'
  const { allow_refs_from: allowed, overlays, ...rest } = settings
  return {
    ...document !== undefined && { document: fromHere(document) },
    settings: {
      ...rest,
      ...allowed !== undefined && { allow_refs_from: allowed.map(fromHere) },
      ...overlays !== undefined && { overlays: overlays.map(fromHere) }
    },
    config
  }
}

function asJson ({ document, out, merge, written, hasBase }: UpdateView, { report, warnings }: ReadDocument): object {
  const { changes, conflicts } = merge
  return { document, out, written, drift: changes.length > 0 || conflicts.length > 0, base: hasBase, changes, conflicts, report, warnings }
}
