import { createLineIndex } from '../config/place.ts'
import { findExcess, MAX_DEPTH } from '../config/bounds.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE } from '../errors.ts'
import { jsonDuplicates, yamlDuplicates, type Duplicate } from './duplicate-keys.ts'

/** A text of this many characters may still be searched for duplicate keys, which costs more than reading it. */
const MAX_SEARCHED = 2_000_000

/** How many values the aliases of a YAML text may stand for, all expanded. */
const MAX_EXPANDED = 5_000_000

/** An alias (`*name`) where a value may stand. */
const ALIAS = /[:\-,[{]\s+\*[^\s*]/

/**
 * Reads a document: JSON, or YAML 1.2 with merge keys. A byte order mark is skipped; of duplicate keys the last counts, and
 * each is told with its line.
 *
 * @param name what the text is called in messages: a path or a URL
 * @throws MOCK_ERR_OPENAPI_SYNTAX with line and column
 * @throws MOCK_ERR_OPENAPI_TOO_LARGE when YAML aliases stand for millions of values
 */
export async function parseText (original: string, name: string): Promise<{ value: unknown, warnings: Diagnostic[] }> {
  const text = original.charCodeAt(0) === 0xFEFF ? original.slice(1) : original
  const place = /^[a-z][a-z0-9+.-]+:\/\//i.test(name) ? {} : { file: name }
  const told = ({ key, line, column }: Duplicate): Diagnostic =>
    ({ severity: 'warning', code: 'duplicate-key', message: `key '${key}' stands twice in one object: the last counts`, pointer: '', ...place, line, column })

  if (/^\s*[{[]/.test(text)) {
    const parsed = parseJson(text)
    if (parsed !== undefined) return { value: parsed.value, warnings: text.length > MAX_SEARCHED ? [] : jsonDuplicates(text, parsed.value).map(told) }
  }
  return await parseYaml(text, name, told)
}

/** Undefined for what is no JSON: it may be YAML in its flow style. */
function parseJson (text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

async function parseYaml (text: string, name: string, told: (duplicate: Duplicate) => Diagnostic): Promise<{ value: unknown, warnings: Diagnostic[] }> {
  const { CORE_SCHEMA, load, mergeTag, YAMLException } = await import('js-yaml')
  const options = { schema: CORE_SCHEMA.withTags(mergeTag), maxDepth: MAX_DEPTH, maxAliases: 100_000, maxTotalMergeKeys: 100_000 }
  let value: unknown
  let warnings: Diagnostic[] = []
  try {
    value = load(text, options)
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : String(error)
    const position = createLineIndex(text)(error instanceof YAMLException ? error.mark?.position ?? 0 : 0)
    // Many real documents are not quite YAML; a more lenient parser, several times slower, has the second word.
    const lenient = await parseLeniently(text)
    if (lenient === undefined) throw new MOCK_ERR_OPENAPI_SYNTAX(name, `${reason} (line ${position.line}, column ${position.column})`, { cause: error })
    value = lenient.value
    warnings = text.length > MAX_SEARCHED ? [] : yamlDuplicates(lenient.duplicates, text).map(told)
    if (warnings.length === 0) warnings = [{ ...told({ key: '', ...position }), code: 'untidy-yaml', message: `not quite YAML: ${reason}` }]
  }
  const excess = ALIAS.test(text) ? findExcess(value, MAX_EXPANDED) : undefined
  if (excess?.reason === 'size') throw new MOCK_ERR_OPENAPI_TOO_LARGE(name, `its aliases stand for more than ${MAX_EXPANDED} values`)
  if (excess?.reason === 'depth') throw new MOCK_ERR_OPENAPI_SYNTAX(name, `nested more than ${MAX_DEPTH} levels deep, or containing itself, at ${excess.pointer}`)
  return { value, warnings }
}

/** Mistakes that leave no doubt of what is meant. */
const TOLERATED = new Set(['DUPLICATE_KEY', 'BAD_INDENT', 'TAB_AS_INDENT'])

/** Undefined when the lenient parser cannot make sense of the text either. */
async function parseLeniently (text: string): Promise<{ value: unknown, duplicates: number[] } | undefined> {
  const { parseDocument } = await import('yaml')
  try {
    const document = parseDocument(text, { version: '1.2', merge: true, strict: false, uniqueKeys: true, prettyErrors: false, logLevel: 'silent' })
    if (document.errors.some(({ code }) => !TOLERATED.has(code))) return undefined
    const duplicates = document.errors.flatMap(({ code, pos }) => code === 'DUPLICATE_KEY' ? pos[0] : [])
    document.errors = []
    return { value: document.toJS({ maxAliasCount: 10_000 }), duplicates }
  } catch {
    return undefined
  }
}
