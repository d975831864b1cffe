import type { ImportedConfig, OpenApiSource } from '../config/import-unit.ts'

/**
 * Imports an OpenAPI document that a configuration includes; what is needed for it is loaded only now.
 *
 * @throws MOCK_ERR_OPENAPI_INVALID when the text is no OpenAPI document at all
 */
export async function importFile ({ file, text }: OpenApiSource): Promise<ImportedConfig> {
  const [{ loadDocument }, { importDocument }] = await Promise.all([import('./load.ts'), import('./import.ts')])
  const { document, warnings, files } = await loadDocument({ file, text })
  const { config, report } = importDocument(document, { file })
  return { config, warnings: [...warnings, ...report.warnings], files }
}
