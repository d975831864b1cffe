import type { XMLParser as Parser, XMLValidator as Validator } from 'fast-xml-parser'
import { createRequire } from 'node:module'
import { messageOf } from '../message-of.ts'

/** One element of an XML document. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string
  readonly attributes: ReadonlyArray<readonly [name: string, value: string]>
  readonly children: readonly XmlElement[]
  /** Texts and elements in their order. */
  readonly content: ReadonlyArray<string | XmlElement>
  /** Text and CDATA directly inside, joined. */
  readonly text: string
}

/** What is wrong with an XML document; the message is for people. */
class XmlError extends Error {}

/** Messages quote what they are about. */
const LONGEST_MESSAGE = 200

const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

export type XmlReader = (text: string) => XmlElement

let reader: Promise<XmlReader> | undefined
let readerNow: XmlReader | undefined

/** Loads what reads XML: only servers that are sent any need it. */
export async function loadXmlReader (): Promise<XmlReader> {
  reader ??= import('fast-xml-parser').then(({ XMLParser, XMLValidator }) => createReader(XMLParser, XMLValidator))
  return await reader
}

/** The same at once, for conditions, which cannot wait. */
export function xmlReader (): XmlReader {
  if (readerNow === undefined) {
    // The seam: loaded when it is first needed.
    const { XMLParser, XMLValidator } = createRequire(import.meta.url)('fast-xml-parser') as typeof import('fast-xml-parser')
    readerNow = createReader(XMLParser, XMLValidator)
  }
  return readerNow
}

/** Entities that a document declares are not expanded, and external ones are refused. */
function createReader (XMLParser: typeof Parser, validator: typeof Validator): XmlReader {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: TEXT,
    cdataPropName: CDATA
  })
  return text => {
    const valid = validator.validate(text)
    if (valid !== true) {
      const { msg, line, col } = valid.err
      throw new XmlError(`line ${line}${col === undefined ? '' : `, column ${col}`}: ${msg.slice(0, LONGEST_MESSAGE)}`)
    }
    const roots = elementsIn(contentOf(parsed(parser, text)))
    const [root] = roots
    if (root === undefined) throw new XmlError('it has no root element')
    if (roots.length > 1) throw new XmlError(`it has ${roots.length} root elements: ${roots.map(({ name }) => `<${name}>`).join(', ')}`)
    return root
  }
}

function parsed (parser: Parser, text: string): unknown {
  try {
    return parser.parse(text)
  } catch (error) {
    throw new XmlError(messageOf(error), { cause: error })
  }
}

/** The parser's nodes are objects of one key, the name, and perhaps one of attributes. */
function contentOf (nodes: unknown): Array<string | XmlElement> {
  return listOf(nodes).flatMap(node => Object.entries(node).flatMap(([name, inner]): Array<string | XmlElement> => {
    if (name === TEXT) return [decodeEntities(String(inner))]
    if (name === CDATA) return [listOf(inner).map(part => String(part[TEXT] ?? '')).join('')]
    if (name === ATTRIBUTES) return []
    const attributes = Object.entries(recordOf(node[ATTRIBUTES])).map(([key, value]) => [key, decodeEntities(String(value))] as const)
    const content = contentOf(inner)
    return [{ name, attributes, children: elementsIn(content), content, text: content.filter(part => typeof part === 'string').join('') }]
  }))
}

const elementsIn = (content: ReadonlyArray<string | XmlElement>): XmlElement[] => content.filter(part => typeof part !== 'string')

function listOf (nodes: unknown): Array<Readonly<Record<string, unknown>>> {
  return Array.isArray(nodes) ? nodes.map(recordOf) : []
}

function recordOf (node: unknown): Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null ? { ...node } : {}
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five entities that XML has by itself, and characters by number (XML 1.0, sections 4.1 and 4.6); others stay as they are. */
const decodeEntities = (text: string): string => text.includes('&')
  ? text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0x10FFFF ? whole : String.fromCodePoint(code)
  })
  : text
