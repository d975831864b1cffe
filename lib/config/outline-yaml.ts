import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, parseDocument, Scalar, type Document, type Node, type Pair } from 'yaml'
import { isObject } from '../schema/subschemas.ts'
import { beginOf, type Collection, type Item, type Outline, type Splice } from './outline.ts'
import { DOCUMENT_OPTIONS } from './yaml-text.ts'
import { writeYaml } from './write-yaml.ts'

interface Context {
  text: string
  eol: string
  /** Spaces for each level, and whether lists are indented below their key. */
  style: { indent: number, indentSeq: boolean, lineWidth: 0 }
}

/** What surrounds a value: where it may be replaced from (behind the colon or the dash), and how deep the block is. */
type Around = { from: number, column: number, dash: boolean } | 'flow' | 'root'

/**
 * Outlines a YAML text. Undefined for one without a value.
 *
 * @param value what the text was read as; aliases and merge keys are resolved in it
 */
export function outlineYaml (text: string, value: unknown): Outline | undefined {
  const { contents } = parseDocument(text, { ...DOCUMENT_OPTIONS, keepSourceTokens: true })
  if (contents === null) return undefined
  const context: Context = { text, eol: text.includes('\r\n') ? '\r\n' : '\n', style: yamlStyle(text) }
  return outlineNode(contents, value, 'root', context)
}

/** How a text is indented, so that what is added looks the same. */
export function yamlStyle (text: string): Context['style'] {
  const depths = [...text.matchAll(/^( +)[^\s#]/gm)].map(match => match[1]?.length ?? 0)
  const indent = depths.reduce((least, depth) => Math.min(least, depth), 8)
  const list = /^( *)[^\s#][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)- /m.exec(text)
  const indentSeq = list === null || (list[2]?.length ?? 0) > (list[1]?.replace(/- /g, '  ').length ?? 0)
  return { indent: depths.length === 0 ? 2 : Math.max(indent, 2), indentSeq, lineWidth: 0 }
}

function outlineNode (node: Node, value: unknown, around: Around, context: Context): Outline {
  return {
    value,
    replace: wanted => replacement(node, wanted, around, context),
    collection () {
      if (isMap(node)) return outlineCollection(node, node.items.map((pair, index) => pairItem(node, pair, index, value, around, context)), context)
      if (isSeq(node)) return outlineCollection(node, node.items.map((item, index) => seqItem(node, item, index, value, around, context)), context)
      return undefined
    }
  }
}

/** What an item is before its surroundings are known. */
type Part = Pick<Item, 'key' | 'outline' | 'start' | 'end'>

function pairItem (map: Node, pair: unknown, index: number, value: unknown, around: Around, context: Context): Part {
  if (!isPair(pair)) throw new TypeError('a mapping holds something that is no pair')
  const key = pair.key
  const start = keyStart(map, pair, index)
  const end = pairEnd(pair, context.text)
  const name = isScalar(key) && key.source !== '<<' ? String(key.value) : undefined
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset
  const { value: member } = pair
  if (name === undefined || colon === undefined || !isNodeValue(member)) return { key: name, outline: () => undefined, start, end }
  const own: Around = isFlow(map) || around === 'flow' ? 'flow' : { from: colon + 1, column: columnOf(context.text, start), dash: false }
  return { key: name, outline: () => outlineNode(member, isObject(value) ? value[name] : undefined, own, context), start, end }
}

function seqItem (seq: Node, item: unknown, index: number, value: unknown, around: Around, context: Context): Part {
  const node = isNodeValue(item) ? item : new Scalar(null)
  const member: unknown = Array.isArray(value) ? value[index] : undefined
  const dash = isFlow(seq) ? undefined : dashOffset(seq, index)
  const start = dash ?? node.range?.[0] ?? 0
  const own: Around = dash === undefined || around === 'flow' ? 'flow' : { from: dash + 1, column: columnOf(context.text, dash), dash: true }
  return { key: undefined, outline: () => outlineNode(node, member, own, context), start, end: Math.max(contentEnd(node, context.text), start + (dash === undefined ? 0 : 1)) }
}

function outlineCollection (node: Node, parts: readonly Part[], context: Context): Collection {
  const { text, eol, style } = context
  const flow = isFlow(node)
  const items: Item[] = []
  let cut = flow ? (node.range?.[0] ?? 0) + 1 : 0
  for (const part of parts) {
    const after = flow ? behindFlow(text, part.end) : { comma: undefined, cut: lineEnd(text, part.end) }
    items.push({ ...part, begin: beginOf(text, part.start, cut, line => line.startsWith('#')), ...after })
    cut = after.cut
  }
  const [first] = items
  const column = first === undefined ? 0 : columnOf(text, first.start)
  const block = !flow || (first !== undefined && first.begin !== first.start)
  return {
    items,
    separator: flow ? ',' : '',
    trailing: flow && items.at(-1)?.comma !== undefined,
    lead: block ? eol + ' '.repeat(column) : ' ',
    render (wanted, key) {
      if (flow) return key === undefined ? flowText(wanted) : flowText({ [key]: wanted }).slice(1, -1).trim()
      const rendered = writeYaml(key === undefined ? [wanted] : { [key]: wanted }, style)
      return indented(rendered, column, eol)
    }
  }
}

function replacement (node: Node, wanted: unknown, around: Around, { text, eol, style }: Context): Splice {
  const [start, valueEnd] = node.range ?? [0, 0]
  const written = text.slice(start, valueEnd)
  if (isScalar(node) && written !== '' && !written.includes('\n') && !isCollectionValue(wanted)) {
    const scalar = new Scalar(wanted)
    if (typeof wanted === 'string' && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) scalar.type = node.type
    const rendered = around === 'flow' ? flowText(scalar) : writeYaml(scalar, style).trimEnd()
    if (!rendered.includes('\n')) return { start, end: valueEnd, text: rendered }
  }
  if (around === 'flow') return { start, end: valueEnd, text: flowText(wanted) }
  if (around === 'root') return { start, end: contentEnd(node, text), text: writeYaml(wanted, style).trimEnd() }
  const { from, column, dash } = around
  const rendered = indented(writeYaml(dash ? [wanted] : { k: wanted }, style), column, eol)
  return { start: from, end: Math.max(contentEnd(node, text), from), text: rendered.slice(dash ? 1 : 2) }
}

const isCollectionValue = (value: unknown): boolean => typeof value === 'object' && value !== null
const isFlow = (node: Node): boolean => isCollection(node) && node.flow === true
const isNodeValue = (value: unknown): value is Node => isScalar(value) || isCollection(value) || isAlias(value)

const flowText = (value: unknown): string => writeYaml(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()

/** Lines behind the first are moved to the right; empty ones stay empty. */
function indented (text: string, column: number, eol: string): string {
  return text.replace(/\n$/, '').replaceAll(/\n(?!\n|$)/g, `\n${' '.repeat(column)}`).replaceAll('\n', eol)
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)

/** Of a pair's key, its anchor or tag included. */
function keyStart (map: Node, pair: Pair, index: number): number {
  const token = isMap(map) && map.srcToken?.type === 'block-map' ? map.srcToken.items[index] : undefined
  const props = token?.start.find(({ type }) => type === 'anchor' || type === 'tag' || type === 'explicit-key-ind')
  return props?.offset ?? (isNodeValue(pair.key) ? pair.key.range?.[0] ?? 0 : 0)
}

function dashOffset (seq: Node, index: number): number | undefined {
  const token = isSeq(seq) && seq.srcToken?.type === 'block-seq' ? seq.srcToken.items[index] : undefined
  return token?.start.find(({ type }) => type === 'seq-item-ind')?.offset
}

function pairEnd (pair: Pair, text: string): number {
  const key = isNodeValue(pair.key) ? pair.key.range?.[1] ?? 0 : 0
  return isNodeValue(pair.value) ? Math.max(key, contentEnd(pair.value, text)) : key
}

/** Behind the last character of a value, line breaks and comments after it not included. */
function contentEnd (node: Node, text: string): number {
  const [start, valueEnd] = node.range ?? [0, 0]
  if (isCollection(node) && !isFlow(node)) {
    const last: unknown = node.items.at(-1)
    if (isPair(last)) return pairEnd(last, text)
    if (isNodeValue(last)) return contentEnd(last, text)
  }
  return start + text.slice(start, valueEnd).trimEnd().length
}

function lineEnd (text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end === -1) return text.length
  return text[end - 1] === '\r' ? end - 1 : end
}

/** The comma behind an item of a flow collection, and the place behind the comment on its line. */
function behindFlow (text: string, end: number): { comma: number | undefined, cut: number } {
  const found = /^(?:\s|#[^\n]*\n)*,/.exec(text.slice(end, end + 2000))
  if (found === null) return { comma: undefined, cut: end }
  const comma = end + found[0].length - 1
  const comment = /^[ \t]*#[^\n]*/.exec(text.slice(comma + 1, comma + 2000))
  return { comma, cut: comma + 1 + (comment?.[0].length ?? 0) }
}

/** The document as the `yaml` package edits it: all comments are kept, but spacing may change anywhere. */
export function editDocument (text: string, edit: (document: Document) => void): string {
  const document = parseDocument(text, DOCUMENT_OPTIONS)
  edit(document)
  return document.toString(yamlStyle(text))
}
