import type { SchemaNode } from '../generate/node.ts'
import { isObject } from '../schema/subschemas.ts'
import { fieldsOf, isListNode, isObjectNode, mayBe, spelled } from './object-fields.ts'
import { ABSENT, type PropertyPath } from './splice.ts'

const NAMES = {
  total: ['total', 'total_count', 'totalcount', 'total_items', 'total_results', 'total_elements', 'total_records', 'total_size', 'total_hits', 'num_found', 'count_total', 'result_count', 'total_rows', 'items_total'],
  count: ['count', 'number_of_elements', 'item_count', 'items_count', 'returned', 'returned_count', 'record_count', 'results_count'],
  size: ['size', 'limit', 'per_page', 'perpage', 'page_size', 'pagesize', 'items_per_page', 'page_limit', 'max_results'],
  page: ['page', 'current_page', 'page_number', 'page_index', 'page_no', 'current'],
  pages: ['total_pages', 'pages', 'page_count', 'last_page', 'num_pages', 'page_total', 'pages_count'],
  offset: ['offset', 'skip', 'start_index', 'start_at', 'skipped'],
  more: ['has_more', 'has_next', 'has_next_page', 'more', 'is_truncated', 'truncated', 'has_more_items', 'has_more_results', 'more_results', 'is_more'],
  less: ['has_previous', 'has_prev', 'has_previous_page', 'has_prev_page'],
  next: ['next', 'next_page', 'next_url', 'next_link', 'next_page_url', 'next_href', 'next_uri', 'next_cursor', 'next_page_token', 'next_token', 'next_marker', 'continuation_token', 'end_cursor', 'next_offset', 'next_start', 'next_page_uri', 'next_page_link', 'next_page_cursor', 'odata_next_link', 'cursor', 'after'],
  previous: ['previous', 'prev', 'previous_page', 'prev_page', 'previous_url', 'prev_url', 'previous_page_url', 'prev_page_url', 'previous_link', 'prev_cursor', 'previous_cursor', 'previous_page_uri', 'start_cursor', 'prev_page_token', 'previous_page_token', 'before'],
  first_id: ['first_id'],
  last_id: ['last_id'],
  self: ['self'],
  first: ['first', 'first_page_url', 'is_first', 'is_first_page'],
  last: ['last', 'last_page_url', 'is_last', 'is_last_page']
} as const
type FieldRole = keyof typeof NAMES

const ROLES = new Map<string, FieldRole>()
for (const [role, names] of Object.entries(NAMES)) for (const name of names) if (isRole(role)) ROLES.set(name, role)

function isRole (name: string): name is FieldRole {
  return Object.hasOwn(NAMES, name)
}

/** What a field beside a list says of it, by its name alone. */
export const roleOfField = (name: string): FieldRole | undefined => ROLES.get(name)

/** Objects beside a list that speak of its pages. */
const ABOUT = ['meta', 'metadata', 'pagination', 'paging', 'page', 'page_info', 'pageinfo', 'links', '_links', 'page_meta', '_meta', 'cursor', 'cursors', 'response_metadata', 'info', 'paginate']

/** A field of an answer that says something of the list in it. */
export interface PagingField {
  readonly path: PropertyPath
  readonly role: FieldRole
  readonly node: SchemaNode
  /** What a link to a page looks like: a URL, a number, a text for the next request, or an object with a URL in it. */
  readonly form: 'url' | 'number' | 'token' | 'href' | 'flag'
  readonly isRequired: boolean
}

/** The part of a list that is answered with, and what is around it. */
export interface Page {
  readonly total: number
  readonly offset: number
  readonly size: number
  /** How many items there are on it. */
  readonly count: number
  /** As the client counts. */
  readonly number: number
  readonly firstId: unknown
  readonly lastId: unknown
  /** Address of the page that begins there. */
  url (offset: number): string
  /** What the next request says to begin there. */
  token (offset: number): string
}

/** The fields around a list that say how long it is and where it goes on. */
export function pagingFieldsOf (node: SchemaNode, list: PropertyPath): PagingField[] {
  const fields = pagingFields(node, [], list, 0)
  // `count` is all there are where nothing else says so, as in Django's lists.
  const hasTotal = fields.some(({ role }) => role === 'total')
  return fields.map(field => field.role === 'count' && !hasTotal ? { ...field, role: 'total' } : field)
}

function pagingFields (node: SchemaNode, path: PropertyPath, list: PropertyPath, depth: number): PagingField[] {
  if (!isObjectNode(node)) return []
  return [...fieldsOf(node)].flatMap(([name, its]): PagingField[] => {
    const word = spelled(name)
    const here = [...path, name]
    if (its.hidden || isListNode(its)) return []
    const role = roleOfField(word) ?? (word === 'number' && path.length > 0 ? 'page' : undefined)
    const isRequired = node.constraints.required.has(name)
    if (isObjectNode(its)) {
      const hrefs = [...fieldsOf(its)].filter(([inner]) => spelled(inner) === 'href')
      if (role !== undefined && hrefs.length > 0) return [{ path: here, role, node: its, form: 'href', isRequired }]
      const leadsToList = list.length > here.length && here.every((part, at) => list[at] === part)
      return depth < 2 && (ABOUT.includes(word) || leadsToList) ? pagingFields(its, here, list, depth + 1) : []
    }
    return role === undefined ? [] : [{ path: here, role, node: its, form: formOf(word, role, its), isRequired }]
  })
}

function formOf (word: string, role: FieldRole, node: SchemaNode): PagingField['form'] {
  if (role === 'more' || role === 'less') return 'flag'
  if ((role === 'first' || role === 'last') && mayBe(node, 'boolean') && !mayBe(node, 'string')) return 'flag'
  if (/cursor|token|marker|continuation|after|before/.test(word)) return 'token'
  return mayBe(node, 'integer', 'number') && !mayBe(node, 'string') ? 'number' : 'url'
}

/**
 * What a field says of a page: the values that would do, the best first. Where there is no next page, null, or nothing, or at
 * worst an empty text.
 */
export function fieldValues ({ role, form, isRequired, path }: PagingField, page: Page): readonly unknown[] {
  const { total, offset, size, count } = page
  const next = offset + count < total && count > 0 ? offset + size : undefined
  const previous = offset > 0 ? Math.max(0, offset - size) : undefined
  const pages = size === 0 ? 0 : Math.ceil(total / size)
  const last = Math.max(0, pages - 1) * size
  switch (role) {
    case 'total': return [total]
    case 'count': return [count]
    case 'size': return [size]
    case 'page': return [page.number]
    case 'pages': return [pages]
    case 'offset': return [offset]
    case 'more': return [next !== undefined]
    case 'less': return [previous !== undefined]
    case 'first_id': return nothingFor(page.firstId, isRequired)
    case 'last_id': return nothingFor(page.lastId, isRequired)
    case 'self': return [link(form, offset, page, path)]
    case 'first': return form === 'flag' ? [previous === undefined] : [link(form, 0, page, path)]
    case 'last': return form === 'flag' ? [next === undefined] : [link(form, last, page, path)]
    case 'next': return nothingFor(next === undefined ? undefined : link(form, next, page, path), isRequired)
    case 'previous': return nothingFor(previous === undefined ? undefined : link(form, previous, page, path), isRequired)
  }
}

const nothingFor = (value: unknown, isRequired: boolean): readonly unknown[] =>
  value === undefined ? [null, ...isRequired ? ['', ABSENT] : [ABSENT]] : [value]

function link (form: PagingField['form'], offset: number, page: Page, path: PropertyPath): unknown {
  switch (form) {
    case 'href': return { href: page.url(offset) }
    case 'token': return page.token(offset)
    case 'number': return /offset|start/.test(spelled(path.at(-1) ?? '')) ? offset : page.number + Math.round((offset - page.offset) / Math.max(1, page.size))
    default: return page.url(offset)
  }
}

/** Whether something that was made, or stands in an example, says that there is more. */
export function saysMore (value: unknown, role: FieldRole): boolean | undefined {
  if (role === 'more') return typeof value === 'boolean' ? value : undefined
  if (role !== 'next') return undefined
  return value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0)
}
