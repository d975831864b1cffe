import type { SchemaView } from '../schema/schema-view.ts'
import { setOwn } from '../template/own.ts'
import { fieldPath, formNode, putField, type FormNode } from './form-tree.ts'
import { nestedValue, type FieldEncoding } from './nested-value.ts'

/** How the fields of a form are written, by name (OpenAPI's encoding object). */
export type FormEncoding = Readonly<Record<string, FieldEncoding>>

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
  for (const [name, node] of nodes) setOwn(form, name, nestedValue(node, view.property(name), encoding[name]))
  return form
}

/** Where a field goes whose name is not that of a property. */
function placeOf (name: string, view: SchemaView, encoding: FormEncoding): { base: string, path: readonly string[] } {
  const place = fieldPath(name)
  if (place !== undefined && takesParts(view, place.base)) return place
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
