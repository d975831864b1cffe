import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import { isAlias, isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { mayLoseDigits, unmark } from '../exact-numbers.ts'
import { tokens } from '../json-pointer.ts'
import { exactSchema } from './exact-yaml.ts'
import { findExcess, MAX_DEPTH, MAX_EXPANDED } from './bounds.ts'
import type { ParsedText } from './json-text.ts'
import { createLineIndex, type Locate } from './place.ts'

/** YAML 1.2, and the merge keys (`<<`) of YAML 1.1, which people know from Docker Compose. */
const OPTIONS = { schema: CORE_SCHEMA.withTags(mergeTag), maxDepth: MAX_DEPTH, maxAliases: 10_000 }

/** The same language for the parser that keeps positions and comments. */
export const DOCUMENT_OPTIONS = { version: '1.2', merge: true, prettyErrors: false, logLevel: 'silent' } as const

/** Clearer words for what people meet most; others are told in the parser's own. */
const MEANING: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation: YAML takes spaces only',
  DUPLICATE_KEY: 'a key stands twice in one mapping',
  MULTIPLE_DOCS: 'the file holds several documents (---): write one per file',
  BLOCK_AS_IMPLICIT_KEY: 'a second `key: value` on one line, or a wrong indentation: put text that holds a colon in quotes',
  BAD_SCALAR_START: 'a text starts with a reserved character: put it in quotes'
}

/**
 * Reads YAML. js-yaml gives the value, several times faster than the parser with positions (`yaml`), which is only asked
 * when something is wrong.
 */
export function parseYaml (text: string): ParsedText {
  try {
    const value: unknown = mayLoseDigits(text) ? unmark(load(text, { ...OPTIONS, schema: exactSchema(text).withTags(mergeTag) })) : load(text, OPTIONS)
    const excess = findExcess(value, MAX_EXPANDED)
    if (excess?.reason !== 'size') return { value, isBounded: () => excess === undefined }
    return { problem: { message: `aliases expand to more than ${MAX_EXPANDED} values`, line: 1, column: 1 } }
  } catch (error) {
    return explain(text, error)
  }
}

function explain (text: string, error: unknown): ParsedText {
  const mark = error instanceof YAMLException ? error.mark : undefined
  const reason = error instanceof YAMLException ? error.reason : 'the text could not be read'
  const positionAt = createLineIndex(text)
  const document = readDocument(text)
  const [first] = document?.errors ?? []
  if (first !== undefined) {
    const message = MEANING[first.code] ?? first.message.charAt(0).toLowerCase() + first.message.slice(1)
    return { problem: { message, ...positionAt(first.pos[0]) } }
  }
  // An empty text, or comments alone, is a document without content, which js-yaml takes for an error.
  if (document !== undefined && document.contents === null) return { value: null, isBounded: () => true }
  return { problem: { message: reason, ...positionAt(mark?.position ?? 0) } }
}

/** Undefined for what the parser cannot take, say ten thousand brackets. */
function readDocument (text: string, lineCounter?: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, lineCounter === undefined ? DOCUMENT_OPTIONS : { ...DOCUMENT_OPTIONS, lineCounter })
  } catch {
    return undefined
  }
}

/** Finds things in a YAML text; it is parsed with positions at the first question only. */
export function createYamlLocator (text: string): Locate {
  const lines = new LineCounter()
  let document: Document.Parsed | undefined
  const position = (node: Node) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  return (pointer, target = 'value') => {
    document ??= readDocument(text, lines)
    if (document === undefined || document.contents === null) return undefined
    let node: Node = document.contents
    let key: Node | undefined
    for (const token of tokens(pointer)) {
      const next = step(node, token, document)
      if (next === undefined) return position(node)
      node = next.value
      key = next.key
    }
    return position(target === 'key' && key !== undefined ? key : node)
  }
}

function step (node: Node, token: string, document: Document.Parsed): { key?: Node, value: Node } | undefined {
  const collection = isAlias(node) ? node.resolve(document) : node
  if (isSeq(collection)) {
    const value = collection.items[Number(token)]
    return isNode(value) ? { value } : undefined
  }
  if (!isMap(collection)) return undefined
  const pair = collection.items.find(item => isPair(item) && String(item.key) === token)
  if (pair === undefined || !isNode(pair.key)) return undefined
  return { key: pair.key, value: isNode(pair.value) ? pair.value : pair.key }
}
