import type { ImportedConfig, OpenApiSource } from '../config/import-unit.ts'

/**
 * Imports an OpenAPI document that a configuration includes; what is needed for it is loaded only now.
 *
 * @throws MOCK_ERR_OPENAPI_INVALID and its like when the document cannot be used at all
 */
export async function importFile ({ file, text, value }: OpenApiSource): Promise<ImportedConfig> {
  const [{ loadDocument }, { importDocument }] = await Promise.all([import('./load.ts'), import('./import.ts')])
  // What is parsed already is not parsed again; YAML is left to this side, which knows its dialect.
  const { document, warnings, files } = await loadDocument(value === undefined ? { file, text } : { file, document: value })
  const { config, report, pointers } = importDocument(document, { file })
  return { config, warnings: [...warnings, ...report.warnings], files, pointers }
}
