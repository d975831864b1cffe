import { createLineIndex, type Position } from '../config/place.ts'
import { findExcess, MAX_DEPTH } from '../config/bounds.ts'
import { mayLoseDigits, parseExactJson, unmark } from '../exact-numbers.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { MOCK_ERR_OPENAPI_SYNTAX, MOCK_ERR_OPENAPI_TOO_LARGE } from '../errors.ts'
import { jsonDuplicates, MAX_SEARCHED, yamlDuplicates, type Duplicate } from '../config/duplicate-keys.ts'
import { messageOf } from '../message-of.ts'

/** How many values the aliases of a YAML text may stand for, all expanded. */
const MAX_EXPANDED = 5_000_000

/** An alias (`*name`) where a value may stand. */
const ALIAS = /[:\-,[{]\s+\*[^\s*]/

/**
 * Reads a document: JSON, or YAML 1.2 with merge keys. A byte order mark is skipped; of duplicate keys the last counts, and
 * each is told with its line.
 *
 * @param name what the text is called in messages: a path or a URL
 * @param known what the text says, where it is parsed already
 * @throws MOCK_ERR_OPENAPI_SYNTAX with line and column
 * @throws MOCK_ERR_OPENAPI_TOO_LARGE when YAML aliases stand for millions of values
 */
export async function parseText (original: string, name: string, known?: unknown): Promise<{ value: unknown, warnings: Diagnostic[] }> {
  const text = original.charCodeAt(0) === 0xFEFF ? original.slice(1) : original
  const place = /^[a-z][a-z0-9+.-]+:\/\//i.test(name) ? {} : { file: name }
  const told = ({ key, line, column }: Duplicate): Diagnostic =>
    ({ severity: 'warning', code: 'duplicate-key', message: `key '${key}' stands twice in one object: the last counts`, pointer: '', ...place, line, column })

  if (/^\s*[{[]/.test(text)) {
    const parsed = known === undefined ? parseJson(text) : { value: known }
    if (parsed !== undefined) return { value: parsed.value, warnings: isSearchable(text, parsed.value) ? jsonDuplicates(text, parsed.value).map(told) : [] }
  }
  return known === undefined ? await parseYaml(text, name, told) : { value: known, warnings: [] }
}

/** What is nested too deeply will be refused; searching it would recurse as deeply first. */
const isSearchable = (text: string, value: unknown): boolean => text.length <= MAX_SEARCHED && findExcess(value)?.reason !== 'depth'

/** Undefined for what is no JSON: it may be YAML in its flow style. */
function parseJson (text: string): { value: unknown } | undefined {
  try {
    return { value: parseExactJson(text) }
  } catch {
    return undefined
  }
}

async function parseYaml (text: string, name: string, told: (duplicate: Duplicate) => Diagnostic): Promise<{ value: unknown, warnings: Diagnostic[] }> {
  const [{ load, mergeTag }, { exactSchema }] = await Promise.all([import('js-yaml'), import('../config/exact-yaml.ts')])
  const options = { schema: exactSchema(text).withTags(mergeTag), maxDepth: MAX_DEPTH, maxAliases: 100_000, maxTotalMergeKeys: 100_000 }
  let value: unknown
  let warnings: Diagnostic[] = []
  try {
    value = mayLoseDigits(text) ? unmark(load(text, options)) : load(text, options)
  } catch (error) {
    const problem = problemOf(error, text)
    // Many real documents are not quite YAML. A second, more lenient look is several times slower.
    const lenient = reindented(text, error, attempt => load(attempt, options)) ?? await parseLeniently(text)
    if (lenient === undefined) throw new MOCK_ERR_OPENAPI_SYNTAX(name, `${problem.reason} (line ${problem.line}, column ${problem.column})`, { cause: error })
    value = lenient.value
    warnings = yamlDuplicates(lenient.duplicates, text).map(told)
    if (warnings.length === 0) warnings = [{ ...told({ key: '', ...problem }), code: 'untidy-yaml', message: `not quite YAML: ${problem.reason}` }]
  }
  const excess = ALIAS.test(text) ? findExcess(value, MAX_EXPANDED) : undefined
  if (excess?.reason === 'size') throw new MOCK_ERR_OPENAPI_TOO_LARGE(name, `its aliases stand for more than ${MAX_EXPANDED} values`)
  if (excess?.reason === 'depth') throw new MOCK_ERR_OPENAPI_SYNTAX(name, `nested more than ${MAX_DEPTH} levels deep, or containing itself, at ${excess.pointer}`)
  return { value, warnings }
}

function problemOf (error: unknown, text: string): Position & { reason: string } {
  if (!isYamlError(error)) return { reason: messageOf(error), line: 1, column: 1 }
  return { reason: error.reason, ...createLineIndex(text)(error.mark?.position ?? 0) }
}

interface YamlError {
  reason: string
  mark?: { position: number } | null
}

const isYamlError = (error: unknown): error is YamlError => error instanceof Error && error.name === 'YAMLException' && 'reason' in error

interface Lenient {
  value: unknown
  /** Where keys stand for the second time. */
  duplicates: readonly number[]
}

const MAX_REPAIRS = 100

/**
 * Reads a text in which lines that close a bracket stand too far left. Inside brackets indentation means nothing, so these
 * lines can be moved. Undefined when something else is wrong.
 */
function reindented (original: string, first: unknown, load: (text: string) => unknown): Lenient | undefined {
  let text = original
  let error = first
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    if (!isYamlError(error) || error.reason !== 'deficient indentation' || !error.mark) return undefined
    const start = text.lastIndexOf('\n', error.mark.position) + 1
    if (!/^[ \t]*[}\]]/.test(text.slice(start, start + 1_000))) return undefined
    text = `${text.slice(0, start)}${' '.repeat(MAX_DEPTH)}${text.slice(start)}`
    try {
      return { value: load(text), duplicates: [] }
    } catch (next) {
      error = next
    }
  }
  return undefined
}

/** Mistakes that leave no doubt of what is meant. */
const TOLERATED = new Set(['DUPLICATE_KEY', 'TAB_AS_INDENT'])

/** Undefined when the lenient parser cannot make sense of the text either. */
async function parseLeniently (text: string): Promise<Lenient | undefined> {
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
