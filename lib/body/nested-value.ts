import { delimited, SEPARATORS } from '../delimited.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isObject } from '../schema/subschemas.ts'
import { setOwn } from '../template/own.ts'
import { isNumbered, itemsOf, type FormNode } from './form-tree.ts'
import { parseInnerJson } from './json.ts'

/** How one field is written (OpenAPI's encoding object). */
export interface FieldEncoding {
  contentType?: string
  style?: string
  explode?: boolean
}

/**
 * What fields of nested names make together: a list or an object where the schema speaks of one. Values stay text.
 *
 * @param encoding how the field is written; of nested ones nothing is said
 */
export function nestedValue (node: FormNode, view: SchemaView, encoding?: FieldEncoding): unknown {
  const { leaves, children } = node
  if (children === undefined) return leafValue(leaves, view, encoding)
  if (isNumbered(children) && (view.isList || !view.isObject)) {
    return [...leaves, ...itemsOf(children).map(item => nestedValue(item, view.items))]
  }
  const object: Record<string, unknown> = {}
  for (const [key, child] of children) setOwn(object, key, nestedValue(child, view.property(key)))
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
    return parseInnerJson(text)
  } catch {
    return text
  }
}
