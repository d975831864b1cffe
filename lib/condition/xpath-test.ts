import { createRequire } from 'node:module'
import { xmlReader } from '../body/xml.ts'
import { messageOf } from '../message-of.ts'
import { kRawBody, type RequestView } from '../request-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { ConditionError } from './condition-error.ts'
import { textOf } from './scalars.ts'
import { show } from './show.ts'
import type { Subject } from './subject.ts'
import { always, type Setting, type ValueTest } from './value-test.ts'
import { textIn, walkXml, xmlDocument, type XmlNode } from './xml-document.ts'

// The seam: loaded when the first path is compiled. It reaches neither files nor the network, and has regular expressions of linear time.
const load = createRequire(import.meta.url)
let engine: XPathEngine | undefined
const xpath = (): XPathEngine => (engine ??= load('fontoxpath') as XPathEngine)

/** What is used of fontoxpath. Its own types would bring a browser's into the whole program. */
interface XPathEngine {
  evaluateXPath: {
    (path: string, context: XmlNode, facade: typeof walkXml, variables: null, returnType: number, options: { namespaceResolver: () => string }): unknown
    ALL_RESULTS_TYPE: number
  }
}

/**
 * A test of what an XPath finds in XML: the texts of nodes, or the value of an expression such as `count(//item)`. One of them has to
 * fit. Throws a ConditionError for what is no path.
 */
export function xpathTest (path: string, setting: Setting, compileInner: (setting: Setting) => ValueTest): ValueTest {
  check(path, setting.pointer)
  const inner = compileInner({ ...setting, values: 'several', isText: always, isWholeBody: false })
  const find = (value: unknown, subject: Subject): readonly unknown[] => {
    const document = documentOf(value, subject, setting.isWholeBody === true)
    return document === undefined ? [] : valuesAt(path, document)
  }
  return {
    cost: inner.cost + 200,
    holds: (value, subject) => inner.holds(find(value, subject), subject),
    judge: (value, subject, where) => inner.judge(find(value, subject), subject, { ...where, at: where.at === '' ? path : `${where.at} ${path}`, label: `${where.label} ${path}` })
  }
}

function evaluate (path: string, document: XmlNode): unknown[] {
  const { evaluateXPath } = xpath()
  // Each prefix stands for any.
  const found: unknown = evaluateXPath(path, document, walkXml, null, evaluateXPath.ALL_RESULTS_TYPE, { namespaceResolver: () => '' })
  return Array.isArray(found) ? found : [found]
}

function valuesAt (path: string, document: XmlNode): unknown[] {
  try {
    return evaluate(path, document).map(value => isNode(value) ? textIn(value) : value)
  } catch {
    // A type that an operator does not suit: with these values, it finds nothing.
    return []
  }
}

const isNode = (value: unknown): value is XmlNode => isObject(value) && typeof value.nodeType === 'number' && Array.isArray(value.childNodes)

/** What is wrong with a path itself shows on any document; what is wrong with its values may not be wrong with others. */
function check (path: string, pointer: string): void {
  try {
    evaluate(path, EMPTY)
  } catch (error) {
    const message = messageOf(error)
    if (/^(?:XPTY|FO|XPDY)/.test(message)) return
    const [, detail = message] = /((?:XP|XQ)ST\d+: [^\n]*|Expected [^\n]*)/.exec(message) ?? []
    throw new ConditionError(pointer, `${show(path)} is no XPath: ${detail.split('\n')[0] ?? ''}`)
  }
}

const EMPTY = xmlDocument({ name: 'empty', attributes: [], children: [], content: [], text: '' })

const documents = new WeakMap<RequestView, XmlNode | null>()

/** The XML that a value is; of a body that was read by its schema, what it was read from. Undefined where it is none. */
function documentOf (value: unknown, { request }: Subject, isWholeBody: boolean): XmlNode | undefined {
  if (!isWholeBody) return parse(textOf(value, false))
  let document = documents.get(request)
  if (document === undefined) documents.set(request, document = parse(textOf(request[kRawBody] ?? value, false)) ?? null)
  return document ?? undefined
}

function parse (text: string | undefined): XmlNode | undefined {
  if (text === undefined || !/^\s*</.test(text.slice(0, 1000))) return undefined
  try {
    return xmlDocument(xmlReader()(text))
  } catch {
    // What is no XML has no nodes.
    return undefined
  }
}
