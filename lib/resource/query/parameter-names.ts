import type { ResourceOptions } from '../../config.ts'

export type Dialect = NonNullable<ResourceOptions['dialect']>

/** What query parameters are called that are no filters. */
export interface ParameterNames {
  readonly page?: string
  readonly size?: string
  readonly limit?: string
  readonly start?: string
  readonly end?: string
  readonly offset?: string
  readonly cursor?: string
  readonly sort: string
  readonly order: string
  readonly search: string
  readonly where: string
  readonly embed: string
  readonly expand: string
  readonly deleted: string
  readonly dependent: string
}

const UNDERSCORED: ParameterNames = {
  page: '_page',
  size: '_per_page',
  limit: '_limit',
  start: '_start',
  end: '_end',
  sort: '_sort',
  order: '_order',
  search: 'q',
  where: '_where',
  embed: '_embed',
  expand: '_expand',
  deleted: '_deleted',
  dependent: '_dependent'
}

const PLAIN: ParameterNames = { sort: 'sort', order: 'order', search: 'q', where: 'where', embed: 'embed', expand: 'expand', deleted: '_deleted', dependent: '_dependent' }

const NAMES: Readonly<Record<Dialect, ParameterNames>> = {
  'json-server': UNDERSCORED,
  'json-server-v0': UNDERSCORED,
  'json-server-v1': UNDERSCORED,
  'limit-offset': { ...PLAIN, limit: 'limit', offset: 'offset' },
  page: { ...PLAIN, page: 'page', size: 'per_page' },
  cursor: { ...PLAIN, cursor: 'cursor', limit: 'limit' }
}

export const parameterNames = (dialect: Dialect): ParameterNames => NAMES[dialect]

/** jQuery adds the one against caches, and the other for JSONP: neither is about the rows. */
const OVERLOOKED: readonly string[] = ['_', 'callback']

/** All names that are no filters. */
export const reservedNames = (names: ParameterNames): ReadonlySet<string> => new Set([...Object.values<string>({ ...names }), ...OVERLOOKED])

/** Those that only say which part of a list is wanted, and what goes with it. */
export const pagingNames = ({ page, size, limit, start, end, offset, cursor, embed, expand }: ParameterNames): ReadonlySet<string> =>
  new Set([page, size, limit, start, end, offset, cursor, embed, expand, ...OVERLOOKED].filter(name => name !== undefined))
