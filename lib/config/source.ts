import type { Diagnostic } from '../diagnostic.ts'
import { findExcess, MAX_DEPTH } from './bounds.ts'
import { jsonDuplicates, MAX_SEARCHED } from './duplicate-keys.ts'
import { createJsonLocator, parseJson } from './json-text.ts'
import type { Locate } from './place.ts'
import { createYamlLocator, parseYaml } from './yaml-text.ts'

export type Format = 'json' | 'yaml'

/** One text that was read. */
export interface Source {
  /** Absolute path, when it comes from a file. */
  file?: string
  text: string
  format: Format
  /** Told by the content: an `openapi` or `swagger` key makes an OpenAPI document, whatever the file is called. */
  kind: 'config' | 'openapi'
  /** Undefined for a text that cannot be read, and for OpenAPI documents in YAML: their importer reads them itself. */
  value: unknown
  /** What is wrong with the text; empty when it could be read. */
  errors: Diagnostic[]
  /** What is doubtful about it. */
  warnings: Diagnostic[]
  locate: Locate
}

/** An OpenAPI document in YAML is told by its first lines, so that ten megabytes are not parsed twice. */
const OPENAPI_KEY = /^(?:"(?:openapi|swagger)"|'(?:openapi|swagger)'|openapi|swagger)[ \t]*:/m

/**
 * Reads a text: JSON, JSON with comments and trailing commas, or YAML. Never throws: what is wrong is in `errors`, with line
 * and column. Positions are computed when `locate` is first asked; plain JSON costs one `JSON.parse`.
 *
 * @example
 * const { value, errors, locate } = parseSource('endpoints: [{ path: / }]', { file: '/mocks/a.yaml' })
 * locate('/endpoints/0/path') // { line: 1, column: 22, file: '/mocks/a.yaml' }
 */
export function parseSource (original: string, { file, format }: { file?: string, format?: Format } = {}): Source {
  const text = original.charCodeAt(0) === 0xFEFF ? original.slice(1) : original
  const kind = format ?? formatOf(file, text)
  const at = file === undefined ? {} : { file }
  const find = kind === 'json' ? createJsonLocator(text) : createYamlLocator(text)
  const locate: Locate = (pointer, target) => {
    try {
      const position = find(pointer, target)
      return position === undefined ? undefined : { ...at, ...position }
    } catch {
      // A text may be too deep for a parser with positions; then there is no place to tell.
      return undefined
    }
  }
  const source = { ...at, text, format: kind, locate }
  if (kind === 'yaml' && OPENAPI_KEY.test(text.slice(0, 10_000))) return { ...source, kind: 'openapi', value: undefined, errors: [], warnings: [] }

  const parsed = read(text, kind)
  if ('problem' in parsed) {
    const { message, ...position } = parsed.problem
    const error: Diagnostic = { severity: 'error', code: 'bad-syntax', message, pointer: '', ...at, ...position }
    if (kind === 'json' && /^[\w-]+[ \t]*:/m.test(text) && !/^\s*[[{]/.test(text)) error.hint = 'this looks like YAML: call the file .yaml'
    return { ...source, kind: 'config', value: undefined, errors: [error], warnings: [] }
  }
  const { value, isBounded } = parsed
  if (isOpenApi(value)) return { ...source, kind: 'openapi', value, errors: [], warnings: [] }
  const excess = isBounded() ? undefined : findExcess(value)
  if (excess === undefined) return { ...source, kind: 'config', value, errors: [], warnings: kind === 'json' ? duplicates(text, value, at) : [] }
  return { ...source, kind: 'config', value: undefined, errors: [tooDeep(excess.pointer, at)], warnings: [] }
}

/** In YAML a key that stands twice is a mistake of syntax; in JSON it is none (RFC 8259, section 4), but hardly ever meant. */
function duplicates (text: string, value: unknown, at: { file?: string }): Diagnostic[] {
  if (text.length > MAX_SEARCHED) return []
  return jsonDuplicates(text, value).map(({ key, ...position }) =>
    ({ severity: 'warning', code: 'duplicate-key', message: `key '${key}' stands twice in one object: the last counts`, pointer: '', ...at, ...position }))
}

/** The diagnostic for a value nested beyond MAX_DEPTH. */
export function tooDeep (pointer: string, at: { file?: string } = {}): Diagnostic {
  return { severity: 'error', code: 'too-deep', message: `nested more than ${MAX_DEPTH} levels deep`, pointer, ...at }
}

function read (text: string, format: Format) {
  try {
    return format === 'json' ? parseJson(text) : parseYaml(text)
  } catch (error) {
    // The parsers recurse: this is how they end on hundred thousand brackets.
    if (error instanceof RangeError) return { problem: { message: 'nested too deeply to be read', line: 1, column: 1 } }
    throw error
  }
}

/** By the file's name; of other names, by the first character. */
function formatOf (file: string | undefined, text: string): Format {
  if (file !== undefined && /\.(?:json|jsonc|json5)$/i.test(file)) return 'json'
  if (file !== undefined && /\.ya?ml$/i.test(file)) return 'yaml'
  return /^\s*(?:[[{]|\/[/*])/.test(text) ? 'json' : 'yaml'
}

function isOpenApi (value: unknown): boolean {
  return typeof value === 'object' && value !== null && !('endpoints' in value) && ('openapi' in value || 'swagger' in value)
}
