import type { Config, Documents, References } from '../config.ts'
import { MAX_LOCATED, type ImportedConfig, type ImportOpenApi, type OpenApiSource } from '../config/import-unit.ts'
import type { JsonObject } from './json-object.ts'
import type { LoadOptions } from './load.ts'

export interface ImportWith {
  /** Told each document once it has been read: in one piece, as its pointers refer to it. */
  onDocument?: (file: string, document: JsonObject) => void
}

/**
 * Imports an OpenAPI document that a configuration includes; what is needed for it is loaded only now.
 *
 * @throws MOCK_ERR_OPENAPI_INVALID and its like when the document cannot be used at all
 */
export const importFile: ImportOpenApi = importWith()

/** The same, for those who want to know more of the documents. */
export function importWith ({ onDocument }: ImportWith = {}): ImportOpenApi {
  return async ({ file, text, value, references, documents = {} }: OpenApiSource): Promise<ImportedConfig> => {
    const [{ loadDocument }, { importDocument }, { rulePointer }] = await Promise.all([import('./load.ts'), import('./import.ts'), import('./rule-pointer.ts')])
    const place = URL.canParse(file) && /^https?:/.test(file) ? { url: file } : { file }
    // What is parsed already is not parsed again; YAML is left to this side, which knows its dialect.
    const source = value === undefined ? { ...place, text } : { ...place, text, document: value }
    const overlays = documents.overlays === undefined ? [] : await (await import('./read-overlays.ts')).readOverlays(documents.overlays)
    const { document, warnings, files } = await loadDocument(source, { ...references !== undefined && loadOptions(references), overlays })
    onDocument?.(file, document)
    const { base_path: basePath, examples } = documents
    const { config, report, pointers } = importDocument(document, { file, ...basePath !== undefined && { base_path: basePath } })
    return { config: await withExamples(config, examples), warnings: [...warnings, ...report.warnings], files, pointers, ...text.length <= MAX_LOCATED && { ruleAt: rulePointer(document) } }
  }
}

/** Judging all examples takes its time, so it is done only where that was asked for. */
async function withExamples (config: Config, mode: Documents['examples']): Promise<Config> {
  if (mode !== 'generate-broken') return config
  const [{ dropBrokenExamples }, { verifyAnswers }, { runInSlices }] = await Promise.all([
    import('../verify/drop-broken-examples.ts'), import('../verify/verify-answers.ts'), import('../config/slices.ts')
  ])
  const { broken } = await runInSlices(verifyAnswers(config, { examplesOnly: true }))
  return dropBrokenExamples(config, broken.filter(({ kind }) => kind === 'example'))
}

const loadOptions = ({ folder, origins, private_networks: privateNetworks, ...rest }: References): LoadOptions =>
  ({ ...rest, allow: { folder, origins, private_networks: privateNetworks } })
