import { MOCK_ERR_IMPORT_BASE } from '../errors.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'

/** How the document was imported, so that it is imported in the same way again; in the words of the flags. */
export interface ImportSettings {
  base_path?: 'keep' | 'strip' | 'both'
  examples?: 'keep' | 'generate-broken'
  allow_refs_from?: string[]
  overlays?: string[]
}

/** What a document gave when it was last imported: what an update compares with. */
export interface ImportBase {
  /** Relative to the folder of the file, with slashes, or a URL; absent for a document from stdin. */
  document?: string
  settings: ImportSettings
  /** The configuration, as it was written. */
  config: ObjectSchema
}

const VERSION = 1

const ABOUT = 'What the OpenAPI document said when it was last imported: `import-openapi --update` compares with it. Keep it beside the configuration; nothing else reads it.'

/** Its name ends so that a folder of configurations can be served without it being taken for one. */
export const baseFileOf = (file: string): string => `${file}.base`

/** One line for each endpoint and schema: a review shows what the document changed, a line for each. */
export function formatBase ({ document, settings, config }: ImportBase): string {
  const { endpoints, schemas, ...rest } = config
  const head = { about: ABOUT, version: VERSION, document, settings, config: rest }
  const lines = Object.entries(head).flatMap(([key, value]) => value === undefined ? [] : [`  ${JSON.stringify(key)}: ${JSON.stringify(value)}`])
  if (Array.isArray(endpoints)) lines.push(block('endpoints', '[]', endpoints.map(endpoint => JSON.stringify(endpoint))))
  if (isObject(schemas)) lines.push(block('schemas', '{}', Object.entries(schemas).map(([name, schema]) => `${JSON.stringify(name)}: ${JSON.stringify(schema)}`)))
  return `{\n${lines.join(',\n')}\n}\n`
}

function block (key: string, [open = '', close = '']: Iterable<string> & string, items: readonly string[]): string {
  return items.length === 0 ? `  "${key}": ${open}${close}` : `  "${key}": ${open}\n${items.map(item => `    ${item}`).join(',\n')}\n  ${close}`
}

/** @throws MOCK_ERR_IMPORT_BASE */
export function parseBase (text: string, file: string): ImportBase {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new MOCK_ERR_IMPORT_BASE(file, 'it is not JSON', { cause })
  }
  if (!isObject(value) || !isObject(value.config)) throw new MOCK_ERR_IMPORT_BASE(file, 'it has no `config`')
  if (value.version !== VERSION) throw new MOCK_ERR_IMPORT_BASE(file, `it is of version ${String(value.version)}, and ${VERSION} is read`)
  const { document, settings, config, endpoints, schemas } = value
  return {
    ...typeof document === 'string' && { document },
    settings: settingsOf(settings),
    config: { ...config, ...endpoints !== undefined && { endpoints }, ...schemas !== undefined && { schemas } }
  }
}

function settingsOf (value: unknown): ImportSettings {
  const { base_path: basePath, examples, allow_refs_from: allowed, overlays } = isObject(value) ? value : {}
  return {
    ...(basePath === 'keep' || basePath === 'strip' || basePath === 'both') && { base_path: basePath },
    ...(examples === 'keep' || examples === 'generate-broken') && { examples },
    ...Array.isArray(allowed) && { allow_refs_from: allowed.filter(item => typeof item === 'string') },
    ...Array.isArray(overlays) && { overlays: overlays.filter(item => typeof item === 'string') }
  }
}
