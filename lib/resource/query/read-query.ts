import type { Violation } from '../../violation/violation.ts'
import { readFilter, type Filter } from './filter.ts'
import { readPage, type PageAsked, type PagingRules } from './page.ts'
import { pagingNames, reservedNames, type ParameterNames } from './parameter-names.ts'
import { readSort, type SortKey } from './sort.ts'
import { readWhere } from './where.ts'

/** What a request asks of a list. */
export interface ListQuery {
  readonly filters: readonly Filter[]
  /** In lower case. */
  readonly search: string | undefined
  readonly sort: readonly SortKey[]
  /** Which rows, in which order: the same text asks for the same. Empty where all are asked for as they are. */
  readonly key: string
  readonly page: PageAsked
  readonly embed: readonly string[]
  readonly expand: readonly string[]
  readonly isDeleted: boolean
  /** What is wrong with it; that is overlooked in the rest. */
  readonly violations: readonly Violation[]
}

type Query = Readonly<Record<string, unknown>>
type IsProperty = (name: string) => boolean

const MOST_FILTERS = 50
const MOST_RELATED = 10

/** Prepares to read the queries of one resource. */
export function createQueryReader (rules: PagingRules): (query: Query, isProperty: IsProperty) => ListQuery {
  const { names } = rules
  const reserved = reservedNames(names)
  const paging = pagingNames(names)
  const nothing: ListQuery = { filters: [], search: undefined, sort: [], key: '', embed: [], expand: [], isDeleted: false, violations: [], page: readPage(rules, () => undefined, () => {}) }

  return (query, isProperty) => {
    const asked = Object.keys(query)
    if (asked.length === 0) return nothing
    const violations: Violation[] = []
    const object = (name: string, message: string, expected: unknown, actual?: string) =>
      violations.push({ in: 'query', pointer: `/${name}`, rule: 'query', expected, message, ...actual !== undefined && { actual } })
    const values = (name: string): string[] => Object.hasOwn(query, name) ? [query[name]].flat().map(String) : []
    const page = readPage(rules, name => values(name)[0], ({ name, expected, actual }) => object(name, `must be ${expected}`, expected, actual))
    const filters: Filter[] = []
    const selecting: string[] = []
    for (const name of asked) {
      if (!paging.has(name)) selecting.push(name)
      if (reserved.has(name)) continue
      const filter = filters.length >= MOST_FILTERS ? `is one of more than ${MOST_FILTERS} filters` : readFilter(name, values(name), isProperty)
      if (typeof filter === 'string') object(name, filter, 'a filter')
      else filters.push(filter)
    }
    for (const text of values(names.where)) {
      const filter = readWhere(text)
      if (typeof filter === 'string') object(names.where, filter, 'a filter as JSON')
      else filters.push(filter)
    }
    const sort = readSort(values(names.sort), values(names.order))
    if (typeof sort === 'string') object(names.sort, sort, 'names of properties')
    const search = values(names.search)[0]?.toLowerCase()
    return {
      filters,
      search: search === '' ? undefined : search,
      sort: typeof sort === 'string' ? [] : sort,
      key: selecting.length === 0 ? '' : JSON.stringify(selecting.map(name => [name, query[name]])),
      page,
      embed: related(values(names.embed)),
      expand: related(values(names.expand)),
      isDeleted: values(names.deleted)[0] === 'true',
      violations
    }
  }
}

export const related = (values: readonly string[]): string[] =>
  values.length === 0 ? [] : [...new Set(values.flatMap(value => value.split(',')))].filter(name => name !== '').slice(0, MOST_RELATED)

export const namesOfRelated = ({ embed, expand }: ParameterNames, query: Query): { embed: string[], expand: string[] } => {
  const values = (name: string): string[] => Object.hasOwn(query, name) ? [query[name]].flat().map(String) : []
  return { embed: related(values(embed)), expand: related(values(expand)) }
}
