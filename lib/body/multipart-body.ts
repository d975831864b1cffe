import { child } from '../json-pointer.ts'
import { essence } from '../media/media-type.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { Violation } from '../violation/violation.ts'
import type { DecodedBody } from './decoded-body.ts'
import { fieldPath } from './form-tree.ts'
import { decodeForm, type FormEncoding } from './form.ts'
import { splitMultipart, type Part } from './multipart.ts'
import { readPart } from './part-value.ts'

/**
 * Reads a multipart body by its schema: fields, files and JSON parts. Parts without names (multipart/mixed, related) make a list,
 * or, where the schema is of an object, are its properties in their order. Throws a MultipartError.
 *
 * @see OpenAPI 3.1.1, section 4.8.15.1.4 and following, on multipart
 */
export function decodeMultipart (bytes: Buffer, contentType: string, view: SchemaView, encoding: FormEncoding = {}): DecodedBody {
  const parts = splitMultipart(bytes, contentType)
  const violations: Violation[] = []
  const isForm = essence(contentType) === 'multipart/form-data' || parts.some(({ name }) => name !== undefined)
  if (!isForm && !view.isObject) {
    return { value: parts.map((part, index) => readPart(part, view.items, {}, violations, `/${index}`)), violations }
  }
  const names = isForm ? [] : [...view.properties.keys()]
  const counts = new Map<string, number>()
  const fields = parts.map((part, index) => {
    const name = nameOf(part, index, names, violations)
    const base = view.properties.has(name) ? name : fieldPath(name)?.base ?? name
    const property = view.property(base)
    const count = counts.get(base) ?? 0
    counts.set(base, count + 1)
    const pointer = property.isList ? child(child('', base), count) : child('', base)
    return [name, readPart(part, property.isList ? property.items : property, encoding[base] ?? {}, violations, pointer)] as const
  })
  return { value: decodeForm(fields, view, stylesOf(encoding)), violations }
}

/** Content types have been seen to, part by part. */
const stylesOf = (encoding: FormEncoding): FormEncoding =>
  Object.fromEntries(Object.entries(encoding).map(([name, { contentType: _type, ...style }]) => [name, style]))

function nameOf (part: Part, index: number, names: readonly string[], violations: Violation[]): string {
  const name = part.name ?? names[index]
  if (name !== undefined) return name
  violations.push({ in: 'body', pointer: '', rule: 'multipart', expected: 'a name for each part', message: `has no name for part ${index + 1} in its Content-Disposition` })
  return ''
}
