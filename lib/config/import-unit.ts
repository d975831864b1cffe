import type { Config, Documents, References } from '../config.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { messageOf } from '../message-of.ts'
import { checkConfig, type Checked } from './check.ts'
import { isConfigInvalid } from './invalid.ts'
import { placeAt, type Place } from './place.ts'
import { createReport, type Report } from './report.ts'
import { runInSlices } from './slices.ts'
import type { Source } from './source.ts'

/** An OpenAPI document that is included. */
export interface OpenApiSource {
  /** Absolute path. */
  file: string
  text: string
  /** The parsed document when it is JSON; YAML is left to the importer. */
  value?: unknown
  /** What it may refer to, with absolute paths. */
  references?: References | undefined
  /** How it is read. */
  documents?: Documents | undefined
}

export interface ImportedConfig {
  config: Config
  warnings: Diagnostic[]
  /** Absolute paths of the files that it refers to, for watching. */
  files: string[]
  /** For each endpoint, the JSON pointer to its operation in the document, for diagnostics. */
  pointers?: readonly string[]
  /** The pointer to the keyword that a violation names: `#/schemas/Pet/required` of an operation. */
  ruleAt?: (operation: string, rule: string) => string
}

/** Turns an OpenAPI document into a configuration. Rejects, best with MOCK_ERR_CONFIG_INVALID, when it cannot. */
export type ImportOpenApi = (source: OpenApiSource) => Promise<ImportedConfig>

const IN_CODE: Place = { pointer: pointer => pointer, position: () => undefined }

/** A text of this many characters may still be parsed once more, with positions, which takes many times as long as reading it. */
export const MAX_LOCATED = 200_000

function withLine (warning: Diagnostic, file: string, { locate }: Source): Diagnostic {
  if (warning.file !== file || warning.line !== undefined || warning.pointer === '') return warning
  const place = locate(warning.pointer)
  return place === undefined ? warning : { ...warning, line: place.line, column: place.column }
}

/** A document as a unit. One bad operation is told and left out; the others are served. */
export async function importUnit (source: Source, file: string, importOpenApi: ImportOpenApi | undefined, how: Pick<OpenApiSource, 'references' | 'documents'>, report: Report, signal: AbortSignal | undefined):
Promise<{ checked: Checked, config: Config, place: Place, files: string[] } | undefined> {
  if (importOpenApi === undefined) {
    report.take([{ severity: 'error', code: 'openapi-not-supported', message: 'this is an OpenAPI document, and no importer was given', pointer: '', file }])
    return undefined
  }
  const imported = await attempt(importOpenApi, { file, text: source.text, value: source.value, ...how }, report, signal)
  if (imported === undefined) return undefined
  const { config, warnings, files, pointers = [], ruleAt } = imported
  report.take(source.text.length > MAX_LOCATED ? warnings : warnings.map(warning => withLine(warning, file, source)))
  const operation = (pointer: string) => pointers[Number(/^\/endpoints\/(\d+)/.exec(pointer)?.[1])] ?? ''
  const place: Place = {
    file,
    pointer: operation,
    position: pointer => source.locate(operation(pointer), 'key'),
    // In a large document it would take seconds to find a line, while a request waits.
    rule: (endpoint, rule) => ruleAt === undefined ? undefined : source.locate(ruleAt(operation(endpoint), rule), 'key')
  }
  const own = createReport()
  const checked = await runInSlices(checkConfig(config, IN_CODE, own), signal)
  for (const diagnostic of own.diagnostics()) {
    report.take([{ ...diagnostic, severity: 'warning', message: `${diagnostic.message} (${diagnostic.pointer} after import)`, ...placeAt(place, diagnostic.pointer) }])
  }
  const entries = checked.entries.filter(({ sound }) => sound).map(entry => ({ ...entry, place, imported: true }))
  return { checked: { ...checked, entries }, config: checked.config ?? {}, place, files }
}

async function attempt (importOpenApi: ImportOpenApi, source: OpenApiSource, report: Report, signal: AbortSignal | undefined): Promise<ImportedConfig | undefined> {
  try {
    return await importOpenApi(source)
  } catch (error) {
    signal?.throwIfAborted()
    if (isConfigInvalid(error)) report.take(error.diagnostics)
    else report.take([{ severity: 'error', code: 'bad-openapi', message: `the OpenAPI document cannot be imported: ${firstLine(error)}`, pointer: '', file: source.file }])
    return undefined
  }
}

const firstLine = (error: unknown): string => messageOf(error).split('\n', 1)[0] ?? ''
