import { SchemaView } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { setOwn } from '../template/own.ts'
import type { Violation } from '../violation/violation.ts'
import type { XmlElement } from './xml.ts'

/**
 * An XML document as the value that its schema describes, by the `xml` keywords: `name`, `attribute`, `wrapped`, `prefix`, and
 * `nodeType` of OpenAPI 3.2. Prefixes are the writer's to choose, so elements are told apart by their local names where that
 * is enough. Values stay text; validation converts them.
 *
 * @see OpenAPI 3.1.1, section 4.8.26 "XML Object"
 * @example
 * xmlValue(read('<Pet id="7"><tag>a</tag></Pet>'), view) // { id: '7', tag: ['a'] }
 */
export function xmlValue (root: XmlElement, view: SchemaView): unknown {
  return valueOf(root, view)
}

/** A root element of another name than the schema's own `xml.name` is another document. */
export function rootFault (root: XmlElement, view: SchemaView): Violation | undefined {
  const own = view.branches.find(schema => schema.$ref === undefined)
  const name = own === undefined ? undefined : xmlOf([own]).name
  if (name === undefined || localName(name) === localName(root.name)) return undefined
  return { in: 'body', pointer: '', rule: 'xml', expected: name, actual: root.name, message: `must be the element <${name}>` }
}

interface Xml {
  name: string | undefined
  prefix: string | undefined
  isAttribute: boolean
  isWrapped: boolean
  isText: boolean
}

function xmlOf (schemas: SchemaView['branches']): Xml {
  const found = schemas.map(({ xml }) => xml).filter(isObject)
  const text = (key: string): string | undefined => found.map(xml => xml[key]).find(value => typeof value === 'string')
  const nodeType = text('nodeType')
  return {
    name: text('name'),
    prefix: text('prefix'),
    isAttribute: nodeType === 'attribute' || found.some(({ attribute }) => attribute === true),
    isWrapped: nodeType === 'element' || found.some(({ wrapped }) => wrapped === true),
    isText: nodeType === 'text' || nodeType === 'cdata'
  }
}

/** A property, and how the document holds it. */
interface Member {
  key: string
  view: SchemaView
  isWrapped: boolean
}

interface Layout {
  /** By name, with prefix and without. */
  elements: ReadonlyMap<string, Member>
  attributes: ReadonlyMap<string, Member>
  /** The property that is the element's own text. */
  text: Member | undefined
}

const layouts = new WeakMap<SchemaView, Layout>()

function layoutOf (view: SchemaView): Layout {
  let layout = layouts.get(view)
  if (layout === undefined) {
    layout = makeLayout(view)
    layouts.set(view, layout)
  }
  return layout
}

function makeLayout (view: SchemaView): Layout {
  const elements = new Map<string, Member>()
  const attributes = new Map<string, Member>()
  let text: Member | undefined
  for (const [key, property] of view.properties) {
    const xml = xmlOf(property.branches)
    const member = { key, view: property, isWrapped: xml.isWrapped }
    if (xml.isText) text = member
    // An item's name wins over that of its list, which is the wrapper's; both are met without one.
    const names = property.isList && !xml.isWrapped ? [xmlOf(property.items.branches).name, xml.name, key] : [xml.name ?? key]
    const target = xml.isAttribute ? attributes : elements
    for (const name of names) {
      if (name === undefined) continue
      if (xml.prefix !== undefined) setFirst(target, `${xml.prefix}:${name}`, member)
      setFirst(target, localName(name), member)
    }
  }
  return { elements, attributes, text }
}

function setFirst (members: Map<string, Member>, name: string, member: Member): void {
  if (!members.has(name)) members.set(name, member)
}

function valueOf (element: XmlElement, view: SchemaView): unknown {
  const { attributes, children, text } = element
  if (attributes.some(([name, value]) => localName(name) === 'nil' && value === 'true')) return null
  if (view.isList) return children.map(child => valueOf(child, view.items))
  const isNested = children.length > 0 || attributes.some(([name]) => !isMeta(name))
  if (!isNested && (!view.isObject || text.trim() !== '') && (view.isOpen || layoutOf(view).text === undefined)) {
    return view.isOpen || view.types.has('string') ? text : text.trim()
  }
  return objectOf(element, view)
}

function objectOf ({ attributes, children, text }: XmlElement, view: SchemaView): Record<string, unknown> {
  const layout = layoutOf(view)
  const object: Record<string, unknown> = {}
  for (const [name, value] of attributes) {
    if (!isMeta(name)) setOwn(object, find(layout.attributes, name)?.key ?? localName(name), value)
  }
  for (const child of children) {
    const member = find(layout.elements, child.name)
    const key = member?.key ?? localName(child.name)
    const inner = member?.view ?? view.property(key)
    if (inner.isList && member?.isWrapped !== true) add(object, key, valueOf(child, inner.items), true)
    else add(object, key, valueOf(child, inner), false)
  }
  if (layout.text !== undefined) setOwn(object, layout.text.key, text)
  else if (text.trim() !== '' && !view.isObject) setOwn(object, '#text', text)
  return object
}

/** What comes several times is a list, also where the schema wants one value: then validation tells. */
function add (object: Record<string, unknown>, key: string, value: unknown, isList: boolean): void {
  if (!Object.hasOwn(object, key)) return setOwn(object, key, isList ? [value] : value)
  const now = object[key]
  if (Array.isArray(now)) now.push(value)
  else object[key] = [now, value]
}

const find = (members: ReadonlyMap<string, Member>, name: string): Member | undefined => members.get(name) ?? members.get(localName(name))

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Namespaces and hints to the parser are no data (`xmlns`, `xml:lang`, `xsi:type`). */
const isMeta = (name: string): boolean => /^(?:xmlns$|xmlns:|xml:|xsi:)/.test(name)
