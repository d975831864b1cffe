import type { JsonSchema } from '../config.ts'
import type { Generator } from '../generate/generator.ts'
import type { SchemaNode } from '../generate/node.ts'
import { isObject } from '../schema/subschemas.ts'
import { fieldsOf, isObjectNode, mayBe, spelled } from './object-fields.ts'

const ROLES = {
  size: ['per_page', 'perpage', 'page_size', 'pagesize', 'limit', 'size', 'max_results', 'maxresults', 'take', 'top', 'first', 'page_limit', 'items_per_page', 'num', 'count', 'rows', 'results_per_page', 'max_items', 'maxitems'],
  page: ['page', 'page_number', 'pagenumber', 'page_no', 'page_num', 'p', 'current_page', 'page_index'],
  offset: ['offset', 'skip', 'start', 'start_index', 'page_offset', 'start_at', 'first_result', 'from'],
  cursor: ['cursor', 'after', 'starting_after', 'page_token', 'pagetoken', 'next_token', 'nexttoken', 'marker', 'continuation_token', 'start_cursor', 'next_cursor', 'next_page_token', 'page_after', 'page_cursor', 'exclusive_start_key', 'start_after', 'bookmark', 'since', 'since_id', 'after_id'],
  before: ['before', 'ending_before', 'page_before', 'end_before']
} as const
type Role = keyof typeof ROLES

/** Inside of `page[size]=10` the names are shorter. */
const NESTED: Readonly<Record<string, Role>> = { size: 'size', limit: 'size', number: 'page', offset: 'offset', cursor: 'cursor', after: 'cursor', before: 'before' }

const ROLE_OF = new Map<string, Role>(Object.entries(ROLES).flatMap(([role, names]) => names.map(name => [name, isRole(role) ? role : 'size'] as const)))

function isRole (name: string): name is Role {
  return Object.hasOwn(ROLES, name)
}

/** A parameter of the query by which a list is asked for in parts. */
export interface PagingParameter {
  /** As in the query: one name, or two for `page[size]`. */
  readonly path: readonly string[]
  readonly isNumber: boolean
  /** What the schema says counts when it is not sent. */
  readonly fallback: number | undefined
  /** Whether the first page is called 0. */
  readonly fromZero: boolean
}

export type PagingParameters = Readonly<Partial<Record<Role, PagingParameter>>>

/**
 * Which of an endpoint's query parameters ask for a part of a list. Where no parameters are declared at all, `limit`, `offset`
 * and `page` do.
 */
export function pagingParameters (querystring: JsonSchema | undefined, generator: Generator): PagingParameters {
  if (querystring === undefined) return UNDECLARED
  const found: Partial<Record<Role, PagingParameter>> = {}
  const take = (role: Role | undefined, path: readonly string[], node: SchemaNode) => {
    if (role === undefined || found[role] !== undefined || !fitsRole(role, node)) return
    // Most often a time.
    if (path[0] === 'since' && mayBe(node, 'string')) return
    const fallback = node.constraints.fallback?.value
    found[role] = {
      path,
      isNumber: node.constraints.types?.every(type => type === 'integer' || type === 'number') ?? false,
      fallback: typeof fallback === 'number' ? fallback : undefined,
      fromZero: role === 'page' && (fallback === 0 || node.constraints.minimum === 0)
    }
  }
  for (const [name, node] of fieldsOf(generator.node(querystring))) {
    if (spelled(name) === 'page' && isObjectNode(node)) for (const [inner, its] of fieldsOf(node)) take(NESTED[spelled(inner)], [name, inner], its)
    else take(ROLE_OF.get(spelled(name)), [name], node)
  }
  return found
}

/** Whether one of the parameters is called as those are that ask for a further part: a first look, which resolves nothing. */
export function mayPage (querystring: JsonSchema | undefined): boolean {
  const properties = isObject(querystring) ? querystring.properties : undefined
  return isObject(properties) && Object.keys(properties).some(name => FURTHER.has(ROLE_OF.get(spelled(name)) ?? 'size'))
}

const FURTHER: ReadonlySet<Role> = new Set(['page', 'offset', 'cursor'])

/** `from` may be a date, and `after` a time: only what can count is taken to count. */
function fitsRole (role: Role, node: SchemaNode): boolean {
  if (role === 'cursor' || role === 'before') {
    return mayBe(node, 'string', 'integer') && !node.constraints.formats.some(format => format.startsWith('date'))
  }
  return mayBe(node, 'integer', 'number') || (role !== 'offset' && mayBe(node, 'string') && node.constraints.formats.length === 0 && node.constraints.values === undefined)
}

const plain = (name: string): PagingParameter => ({ path: [name], isNumber: true, fallback: undefined, fromZero: false })
const UNDECLARED: PagingParameters = { size: plain('limit'), page: plain('page'), offset: plain('offset') }

/** What was sent for a parameter: validation has filled in what the document says counts otherwise. */
export function askedFor (sent: URLSearchParams, parameter: PagingParameter | undefined): string | undefined {
  return parameter === undefined ? undefined : sent.get(writtenName(parameter)) || undefined
}

/** The same as a count; undefined for what is none. */
export function countAsked (sent: URLSearchParams, parameter: PagingParameter | undefined): number | undefined {
  const value = askedFor(sent, parameter)
  if (value === undefined) return undefined
  const count = Number(value)
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/** How a parameter is written in a query: `page[size]`. */
export const writtenName = ({ path: [first = '', ...inner] }: PagingParameter): string => first + inner.map(name => `[${name}]`).join('')
