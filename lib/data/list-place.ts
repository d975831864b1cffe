import type { SchemaNode } from '../generate/node.ts'
import { isObject } from '../schema/subschemas.ts'
import { fieldsOf, isListNode, isObjectNode, spelled } from './object-fields.ts'
import { ownIdentifier } from './identity.ts'
import { roleOfField } from './paging-fields.ts'
import type { PropertyPath } from './splice.ts'

/** Names that lists go by in an answer that also says how long they are, or where to find more. */
const LISTS = ['data', 'items', 'results', 'records', 'entries', 'values', 'value', 'list', 'elements', 'content', 'contents', 'rows', 'resources', 'objects', 'docs', 'hits', 'nodes', 'collection', 'members', 'entities', 'result', 'response']
/** Objects that hold such a list. */
const WRAPPERS = ['data', 'result', 'results', 'response', 'payload', '_embedded', 'embedded', 'body', 'page', 'hits']

/**
 * Where the list stands in an answer: the whole, `['data']`, `['_embedded', 'users']`. Undefined where the answer is one thing,
 * which may have lists in it.
 *
 * @param name what the list is likely to be called: `users`
 * @param isPaged whether the request can ask for a part
 */
export function listPlaceOf (node: SchemaNode, name: string, isPaged: boolean): PropertyPath | undefined {
  return isListNode(node) ? [] : listIn(node, name, isPaged ? 'paged' : 'plain', 0)
}

/** @param trust `strict` where nothing but the object itself suggests that it is about a list */
function listIn (node: SchemaNode, name: string, trust: 'paged' | 'plain' | 'strict', depth: number): PropertyPath | undefined {
  if (!isObjectNode(node)) return undefined
  const fields = [...fieldsOf(node)].filter(([, its]) => !its.hidden)
  const lists = fields.filter(([, its]) => isListNode(its))
  const tellsMore = trust === 'paged' || fields.some(([field]) => roleOfField(spelled(field)) !== undefined && !LISTS.includes(spelled(field)))
  // A thing with an id of its own has lists, it is none; unless it is asked for in parts.
  if (tellsMore || (trust === 'plain' && ownIdentifier(node) === undefined)) {
    const called = (wanted: readonly string[]) => wanted.flatMap(one => lists.filter(([field]) => spelled(field) === one))
    const [best] = [...called([spelled(name)]), ...called(LISTS), ...tellsMore && lists.length === 1 ? lists : []]
    if (best !== undefined && (tellsMore || fields.length <= 3)) return [best[0]]
  }
  if (depth > 0) return undefined
  for (const [field, its] of fields) {
    const inner = listIn(its, name, WRAPPERS.includes(spelled(field)) || spelled(field) === spelled(name) ? 'paged' : 'strict', depth + 1)
    if (inner !== undefined) return [field, ...inner]
  }
  return undefined
}

/** The same for an example whose schema is not known. */
export function listInExample (value: unknown, name: string): PropertyPath | undefined {
  if (Array.isArray(value)) return []
  if (!isObject(value)) return undefined
  const lists = Object.keys(value).filter(key => Array.isArray(value[key]))
  const found = [spelled(name), ...LISTS].flatMap(one => lists.filter(key => spelled(key) === one))[0] ?? (lists.length === 1 ? lists[0] : undefined)
  return found === undefined ? undefined : [found]
}
