import { isObject, objectAt, textAt, type JsonObject } from './json-object.ts'
import type { Refs } from './refs.ts'

/**
 * A value as XML, written as the `xml` keywords of its schema ask for (OpenAPI 3.1, section 4.8.26): `name`, `attribute`,
 * `wrapped`, `prefix` and `namespace`. Always one root element, well-formed.
 *
 * @param fallback name of the root where the schema tells none: that of the schema
 * @example
 * renderXml(refs, { id: 7, tag: ['a'] }, schema, 'Pet') // '<?xml …?>\n<Pet id="7"><tag>a</tag></Pet>'
 */
export function renderXml (refs: Refs, value: unknown, schema: unknown, fallback: string): string {
  const own = resolve(refs, schema)
  const name = nameOf(own, fallback)
  // Of a list, the root wraps the items: a document has one root.
  const body = Array.isArray(value)
    ? wrap(name, own, '', items(refs, value, own, textAt(objectAt(own, 'items') ?? {}, '$ref') === undefined ? 'item' : refName(objectAt(own, 'items')!.$ref)))
    : element(refs, name, value, own)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
}

function element (refs: Refs, name: string, value: unknown, schema: JsonObject): string {
  if (!isObject(value)) return wrap(name, schema, '', escape(value))
  let attributes = ''
  let content = ''
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    const property = resolve(refs, propertyOf(refs, schema, key))
    const xml = objectAt(property, 'xml') ?? {}
    if (xml.attribute === true && !isObject(member)) attributes += ` ${nameOf(property, key)}="${escape(member)}"`
    else if (!Array.isArray(member)) content += element(refs, nameOf(property, key), member, property)
    // The name of a list is that of its wrapper; inside it counts too, unless the items have one of their own.
    else if (xml.wrapped === true) content += wrap(nameOf(property, key), property, '', items(refs, member, property, nameOf(property, key)))
    else content += items(refs, member, property, elementName(key))
  }
  return wrap(name, schema, attributes, content)
}

function items (refs: Refs, list: readonly unknown[], schema: JsonObject, fallback: string): string {
  const item = resolve(refs, schema.items)
  const name = nameOf(item, fallback)
  return list.map(member => Array.isArray(member) ? wrap(name, item, '', items(refs, member, item, name)) : element(refs, name, member, item)).join('')
}

function wrap (name: string, schema: JsonObject, attributes: string, content: string): string {
  const xml = objectAt(schema, 'xml') ?? {}
  const namespace = textAt(xml, 'namespace')
  const prefix = textAt(xml, 'prefix')
  const declaration = namespace === undefined ? '' : ` xmlns${prefix === undefined ? '' : `:${prefix}`}="${escape(namespace)}"`
  return content === '' ? `<${name}${declaration}${attributes}/>` : `<${name}${declaration}${attributes}>${content}</${name}>`
}

/** A prefix counts only where its namespace is declared too, else the document would not be well-formed. */
function nameOf (schema: JsonObject, fallback: string): string {
  const xml = objectAt(schema, 'xml') ?? {}
  const local = elementName(textAt(xml, 'name') ?? fallback)
  const prefix = textAt(xml, 'prefix')
  return prefix === undefined || xml.namespace === undefined ? local : `${prefix}:${local}`
}

const elementName = (text: string): string => {
  const name = text.replace(/[^\p{L}\p{N}_.-]/gu, '_')
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`
}

export const refName = (ref: unknown): string => typeof ref === 'string' ? decodeURIComponent(/[^/]*$/.exec(ref)?.[0].replace(/%(?![0-9a-f]{2})/gi, '%25') ?? '') : ''

function propertyOf (refs: Refs, schema: JsonObject, key: string, depth = 0): unknown {
  const own = objectAt(schema, 'properties')
  if (own !== undefined && Object.hasOwn(own, key)) return own[key]
  if (depth > 4 || !Array.isArray(schema.allOf)) return undefined
  return schema.allOf.map(part => propertyOf(refs, resolve(refs, part), key, depth + 1)).find(found => found !== undefined)
}

function resolve (refs: Refs, schema: unknown): JsonObject {
  const found = refs.follow(schema, '')
  return 'value' in found && isObject(found.value) ? found.value : {}
}

/** Text for content and attribute values (XML 1.0, section 2.4); characters that XML has no way to write are dropped. */
function escape (value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
