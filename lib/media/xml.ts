import { SchemaView, type SharedSchemas } from '../schema/schema-view.ts'
import { sharedName } from '../schema/shared-refs.ts'
import { isObject } from '../schema/subschemas.ts'
import { stringifyJson } from '../stringify-json.ts'

/**
 * A value as XML, written as the `xml` keywords of its schema ask for: `name`, `attribute`, `wrapped`, `prefix`, `namespace`, and
 * `nodeType` of OpenAPI 3.2. Always one root element, well-formed; named after the schema where it tells no name.
 *
 * @see OpenAPI 3.1.1, section 4.8.26 "XML Object"
 * @example
 * writeXml({ id: 7, tag: ['a'] }, { $ref: '#/schemas/Pet' }, schemas) // '<?xml …?>\n<Pet id="7"><tag>a</tag></Pet>'
 */
export function writeXml (value: unknown, schema: unknown, shared: SharedSchemas): string {
  const view = new SchemaView([schema], shared)
  const xml = xmlOf(view)
  const name = xml.name ?? titleOf(schema, view) ?? 'root'
  // Of a list, the root wraps the items: a document has one root.
  const body = Array.isArray(value)
    ? wrap(name, xml, '', items(value, view, xmlOf(view.items).name ?? itemTitle(view) ?? 'item'))
    : element(name, value, view)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
}

interface Xml {
  readonly name?: string
  readonly prefix?: string
  readonly namespace?: string
  readonly isAttribute: boolean
  readonly isWrapped: boolean
  readonly isText: boolean
}

const texts = ['name', 'prefix', 'namespace'] as const
const known = new WeakMap<SchemaView, Xml>()

/** The schema's own keywords win over those that it takes from others. */
function xmlOf (view: SchemaView): Xml {
  let xml = known.get(view)
  if (xml === undefined) {
    const found = view.branches.map(branch => branch.xml).filter(isObject)
    const nodeType = found.map(({ nodeType }) => nodeType).find(type => type !== undefined)
    xml = {
      ...Object.fromEntries(texts.flatMap(key => {
        const text = found.map(each => each[key]).find(value => typeof value === 'string' && value !== '')
        return text === undefined ? [] : [[key, text]]
      })),
      isAttribute: nodeType === 'attribute' || found.some(({ attribute }) => attribute === true),
      isWrapped: nodeType === 'element' || found.some(({ wrapped }) => wrapped === true),
      isText: nodeType === 'text' || nodeType === 'cdata'
    }
    known.set(view, xml)
  }
  return xml
}

function titleOf (schema: unknown, view: SchemaView): string | undefined {
  const ref = isObject(schema) && typeof schema.$ref === 'string' ? sharedName(schema.$ref)?.name : undefined
  const title = view.branches.map(branch => branch.title).find(value => typeof value === 'string')
  return ref ?? (typeof title === 'string' ? title : undefined)
}

function itemTitle (view: SchemaView): string | undefined {
  const items = view.branches.map(branch => branch.items).find(isObject)
  return items === undefined ? undefined : titleOf(items, view.items)
}

function element (name: string, value: unknown, view: SchemaView): string {
  const xml = xmlOf(view)
  if (!isObject(value)) return wrap(name, xml, '', escape(value))
  let attributes = ''
  let content = ''
  const declared = new Set<string>(xml.prefix !== undefined && xml.namespace !== undefined ? [xml.prefix] : [])
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    const property = view.property(key)
    const own = xmlOf(property)
    const tag = own.name ?? key
    if (own.isAttribute && !Array.isArray(member) && !isObject(member)) {
      // Its prefix is declared on the element, once.
      if (own.prefix !== undefined && own.namespace !== undefined && !declared.has(own.prefix)) {
        declared.add(own.prefix)
        attributes += ` xmlns:${own.prefix}="${escape(own.namespace)}"`
      }
      attributes += ` ${qualified(tag, own)}="${escape(member)}"`
    } else if (own.isText && !isObject(member)) content += escape(member)
    else if (!Array.isArray(member)) content += element(tag, member, property)
    // The name of a list is that of its wrapper; inside it counts too, unless the items have one of their own.
    else if (own.isWrapped) content += wrap(tag, own, '', items(member, property, tag))
    else content += items(member, property, key)
  }
  return wrap(name, xml, attributes, content)
}

function items (list: readonly unknown[], view: SchemaView, fallback: string): string {
  const name = xmlOf(view.items).name ?? fallback
  return list.map(member => Array.isArray(member) ? wrap(name, xmlOf(view.items), '', items(member, view.items, name)) : element(name, member, view.items)).join('')
}

function wrap (name: string, xml: Xml, attributes: string, content: string): string {
  const { namespace, prefix } = xml
  const declaration = namespace === undefined ? '' : ` xmlns${prefix === undefined ? '' : `:${elementName(prefix)}`}="${escape(namespace)}"`
  const tag = qualified(name, xml)
  return content === '' ? `<${tag}${declaration}${attributes}/>` : `<${tag}${declaration}${attributes}>${content}</${tag}>`
}

/** A prefix counts only where its namespace is declared too, else the document would not be well-formed. */
const qualified = (name: string, { prefix, namespace }: Xml): string =>
  prefix === undefined || namespace === undefined ? elementName(name) : `${elementName(prefix)}:${elementName(name)}`

/** A name that XML allows (XML 1.0, section 2.3), as near to the wanted one as can be. */
function elementName (text: string): string {
  const name = text.replace(/[^\p{L}\p{N}_.-]/gu, '_')
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`
}

/** Text for content and attribute values (XML 1.0, section 2.4); characters that XML has no way to write are dropped. */
function escape (value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? stringifyJson(value) : String(value)
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
