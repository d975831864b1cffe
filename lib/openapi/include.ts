import type { References } from '../config.ts'
import type { ImportedConfig, OpenApiSource } from '../config/import-unit.ts'
import type { LoadOptions } from './load.ts'

/**
 * Imports an OpenAPI document that a configuration includes; what is needed for it is loaded only now.
 *
 * @throws MOCK_ERR_OPENAPI_INVALID and its like when the document cannot be used at all
 */
export async function importFile ({ file, text, value, references }: OpenApiSource): Promise<ImportedConfig> {
  const [{ loadDocument }, { importDocument }] = await Promise.all([import('./load.ts'), import('./import.ts')])
  // What is parsed already is not parsed again; YAML is left to this side, which knows its dialect.
  const source = value === undefined ? { file, text } : { file, text, document: value }
  const { document, warnings, files } = await loadDocument(source, references === undefined ? {} : loadOptions(references))
  const { config, report, pointers } = importDocument(document, { file })
  return { config, warnings: [...warnings, ...report.warnings], files, pointers }
}

const loadOptions = ({ folder, origins, private_networks, ...rest }: References): LoadOptions =>
  ({ ...rest, allow: { folder, origins, private_networks } })
