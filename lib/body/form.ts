import { delimited, SEPARATORS } from '../parameters.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { setOwn } from '../template/own.ts'
import { fieldPath, formNode, isNumbered, itemsOf, MAX_DEPTH, putField, type FormNode } from './form-tree.ts'

/** How the fields of a form are written, by name (OpenAPI's encoding object). */
export type FormEncoding = Readonly<Record<string, FieldEncoding>>

export interface FieldEncoding {
  contentType?: string
  style?: string
  explode?: boolean
}

/** A field as it came: its text, or what a part of a multipart body holds. */
export type Field = readonly [name: string, value: unknown]

/**
 * Reads the fields of a form as its schema means them: `metadata[k]=v` as an object and `tags[]=a`, `tags[0]=a` or a repeated
 * `tags=a` as a list where the schema speaks of one, and else as they stand. Values stay text; validation converts them.
 *
 * @see OpenAPI 3.1.1, section 4.8.15 "Encoding Object", and appendix E on how forms are percent-encoded
 * @example
 * decodeForm([['metadata[order]', '7'], ['expand[]', 'x']], view) // { metadata: { order: '7' }, expand: ['x'] }
 */
export function decodeForm (fields: Iterable<Field>, view: SchemaView, encoding: FormEncoding = {}): Record<string, unknown> {
  const nodes = new Map<string, FormNode>()
  const nodeOf = (name: string): FormNode => {
    let node = nodes.get(name)
    if (node === undefined) {
      node = formNode()
      nodes.set(name, node)
    }
    return node
  }
  for (const [name, value] of fields) {
    const { base, path } = view.properties.has(name) ? { base: name, path: [] } : placeOf(name, view, encoding)
    putField(nodeOf(base), path, value)
  }
  const form: Record<string, unknown> = {}
  for (const [name, node] of nodes) setOwn(form, name, valueOf(node, view.property(name), encoding[name]))
  return form
}

/** Where a field goes whose name is not that of a property. */
function placeOf (name: string, view: SchemaView, encoding: FormEncoding): { base: string, path: readonly string[] } {
  const place = fieldPath(name)
  if (place !== undefined && place.path.length <= MAX_DEPTH && takesParts(view, place.base)) return place
  // The properties of an exploded form object stand in the form under their own names.
  const owner = [...view.properties].find(([property, { isObject, properties }]) =>
    isObject && properties.has(name) && (encoding[property]?.style ?? 'form') === 'form' && encoding[property]?.explode !== false)
  return owner === undefined ? { base: name, path: [] } : { base: owner[0], path: [name] }
}

/** Whether it is a list or an object, or a property of which nothing is known. */
function takesParts (view: SchemaView, name: string): boolean {
  const property = view.property(name)
  return !property.isScalar || (property.isOpen && view.properties.has(name))
}

function valueOf (node: FormNode, view: SchemaView, encoding?: FieldEncoding): unknown {
  const { leaves, children } = node
  if (children === undefined) return leafValue(leaves, view, encoding)
  if (isNumbered(children) && (view.isList || !view.isObject)) {
    return [...leaves, ...itemsOf(children).map(item => valueOf(item, view.items))]
  }
  const object: Record<string, unknown> = {}
  for (const [key, child] of children) setOwn(object, key, valueOf(child, view.property(key)))
  return object
}

function leafValue (leaves: readonly unknown[], view: SchemaView, encoding: FieldEncoding | undefined): unknown {
  if (leaves.length > 1) return leaves.map(leaf => readText(leaf, view.isList ? view.items : view, encoding))
  const value = readText(leaves[0], view, encoding)
  if (typeof value === 'string') {
    const { style = 'form' } = encoding ?? {}
    const separator = SEPARATORS[style]
    if (separator !== undefined && !(encoding?.explode ?? style === 'form')) {
      if (view.isList) return delimited(value, separator, 'array', false)
      if (view.isObject) return delimited(value, separator, 'object', false)
    }
  }
  // Where it may as well be something else than a list, validation finds out.
  return view.isList && view.types.size === 1 && !Array.isArray(value) ? [value] : value
}

/** Lists and objects may be written as JSON, which is what OpenAPI has them be by default; other text stays text. */
function readText (leaf: unknown, view: SchemaView, encoding: FieldEncoding | undefined): unknown {
  if (typeof leaf !== 'string') return leaf
  const isJson = encoding?.contentType !== undefined && /\bjson\b/i.test(encoding.contentType)
  if (!isJson && (view.isScalar || !/^\s*[[{]/.test(leaf))) return leaf
  const value = parsed(leaf)
  return isJson || (Array.isArray(value) ? view.isList : isObject(value) && view.isObject) ? value : leaf
}

/** Text that is not JSON stays text, for the validation to reject. */
function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
