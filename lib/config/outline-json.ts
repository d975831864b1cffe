import { createScanner, parseTree, type Node } from 'jsonc-parser'
import { isObject } from '../schema/subschemas.ts'
import { beginOf, type Collection, type Item, type Outline } from './outline.ts'

// jsonc-parser's SyntaxKind is a const enum, which cannot be imported under verbatimModuleSyntax.
const COMMA = 5
const LINE_COMMENT = 12
const BLOCK_COMMENT = 13
const LINE_BREAK = 14
const TRIVIA = 15

interface Style {
  indent: string
  eol: string
  /** No space anywhere. */
  minified: boolean
}

/**
 * Outlines a JSON text, with comments and trailing commas. Undefined for one without a value.
 *
 * @param value what the text was read as
 */
export function outlineJson (text: string, value: unknown): Outline | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true, disallowComments: false })
  return root === undefined ? undefined : outlineNode(text, root, value, styleOf(text))
}

function styleOf (text: string): Style {
  return {
    indent: /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    minified: !/[:,[{]\s/.test(text)
  }
}

function outlineNode (text: string, node: Node, value: unknown, style: Style): Outline {
  const { offset: start, length, children = [] } = node
  return {
    value,
    replace (wanted) {
      const inline = children.length > 0 && !text.slice(start, start + length).includes('\n')
      return { start, end: start + length, text: render(wanted, inline ? 'inline' : indentAt(text, start), style) }
    },
    collection: () => node.children === undefined ? undefined : outlineCollection(text, node, value, style)
  }
}

function outlineCollection (text: string, node: Node, value: unknown, style: Style): Collection {
  const items: Item[] = []
  let cut = node.offset + 1
  for (const [index, child] of (node.children ?? []).entries()) {
    const end = child.offset + child.length
    const [key, own] = child.type === 'property' ? child.children ?? [] : [undefined, child]
    const member: unknown = Array.isArray(value) ? value[index] : isObject(value) ? value[String(key?.value)] : undefined
    const after = scanBehind(text, end)
    items.push({
      key: key === undefined ? undefined : String(key.value),
      outline: () => own === undefined ? undefined : outlineNode(text, own, member, style),
      start: child.offset,
      end,
      begin: beginOf(text, child.offset, cut, isComment),
      ...after
    })
    cut = after.cut
  }
  const first = items[0]
  const block = first !== undefined && first.begin !== first.start
  const indent = block ? indentAt(text, first.start) : 'inline'
  return {
    items,
    separator: ',',
    trailing: items.at(-1)?.comma !== undefined,
    lead: block ? style.eol + indent : style.minified ? '' : ' ',
    render (wanted, key) {
      const rendered = render(wanted, indent, style)
      return key === undefined ? rendered : `${JSON.stringify(key)}:${style.minified ? '' : ' '}${rendered}`
    }
  }
}

/** The comma behind an item, and the place behind the comment on its line. */
function scanBehind (text: string, end: number): { comma: number | undefined, cut: number } {
  const scanner = createScanner(text, false)
  scanner.setPosition(end)
  let comma: number | undefined
  let cut = end
  let sameLine = true
  for (;;) {
    const token: number = scanner.scan()
    if (token === LINE_BREAK) {
      if (comma !== undefined) return { comma, cut }
      sameLine = false
    } else if (token === COMMA && comma === undefined) {
      comma = scanner.getTokenOffset()
      if (sameLine || cut === end) cut = comma + 1
    } else if (token === LINE_COMMENT || token === BLOCK_COMMENT) {
      if (sameLine) cut = scanner.getTokenOffset() + scanner.getTokenLength()
    } else if (token !== TRIVIA) {
      // A comment before the next item of the same line belongs to that one, and to this one if it is the last thing on the line.
      return { comma, cut }
    }
  }
}

const isComment = (line: string): boolean => /^(?:\/\/|\/\*|\*)/.test(line) || line.endsWith('*/')

function indentAt (text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? ''
}

function render (value: unknown, indent: string, { indent: unit, eol, minified }: Style): string {
  if (minified) return JSON.stringify(value)
  // Line breaks within strings are escaped: those in the text are all between tokens.
  if (indent === 'inline') return JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
  return JSON.stringify(value, null, unit).replaceAll('\n', eol + indent)
}
