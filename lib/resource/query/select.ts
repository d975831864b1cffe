import type { Collection, Row } from '../../collection/collection.ts'
import { equals } from './operators.ts'
import type { ListQuery } from './read-query.ts'
import { hasText } from './search.ts'
import { sortRows } from './sort.ts'

/** Rows whose property has a value: those below a parent, or of a tenant in the path. */
export interface Belonging {
  readonly property: string
  readonly value: string | number
}

/** So many different selections of one collection are remembered. */
const MOST_KNOWN = 16

/** Patterns without end over rows without end would hold up everybody else, in milliseconds. */
const LONGEST_MS = 2_000

/** Some rows are looked at between two looks at the time. */
const ROWS_BETWEEN = 64

const known = new WeakMap<Collection, { version: number, selections: Map<string, readonly Row[]> }>()

/**
 * The rows that a query asks for, on all pages together, in its order. The same list as long as nothing is written, so that going
 * through a hundred thousand rows page by page sorts them once.
 *
 * @returns what is wrong, in words, where it would take too long
 */
export function selectRows (collection: Collection, query: ListQuery, belonging: readonly Belonging[]): readonly Row[] | string {
  if (query.key === '' && belonging.length === 0) return collection.rows()
  const key = belonging.length === 0 ? query.key : `${JSON.stringify(belonging)}${query.key}`
  let memory = known.get(collection)
  if (memory === undefined || memory.version !== collection.version) known.set(collection, memory = { version: collection.version, selections: new Map() })
  const before = memory.selections.get(key)
  if (before !== undefined) return before
  const rows = select(collection, query, belonging)
  if (rows === undefined) return `takes more than ${LONGEST_MS} ms over ${collection.size} rows`
  if (memory.selections.size >= MOST_KNOWN) memory.selections.clear()
  memory.selections.set(key, rows)
  return rows
}

function select (collection: Collection, query: ListQuery, belonging: readonly Belonging[]): readonly Row[] | undefined {
  const { filters, search, sort, isDeleted } = query
  const all = isDeleted ? collection.deleted() : candidates(collection, query, belonging)
  const end = performance.now() + LONGEST_MS
  const rows: Row[] = []
  for (const [index, row] of all.entries()) {
    if (index % ROWS_BETWEEN === ROWS_BETWEEN - 1 && performance.now() > end) return undefined
    if (belonging.every(({ property, value }) => Object.hasOwn(row, property) && equals(row[property], value)) &&
      filters.every(filter => filter.test(row)) &&
      (search === undefined || hasText(row, search))) rows.push(row)
  }
  return sort.length === 0 ? rows : sortRows(rows, sort)
}

/** Looked up by one of the properties asked for, if rows have it: nobody shall have indexes made of whatever comes to mind. */
function candidates (collection: Collection, { filters }: ListQuery, belonging: readonly Belonging[]): readonly Row[] {
  const [first] = collection.rows()
  if (first === undefined) return []
  for (const { property, value } of [...belonging, ...filters.flatMap(({ index }) => index ?? [])]) {
    if (property === collection.idKey) {
      const row = collection.get(value)
      return row === undefined ? [] : [row]
    }
    if (Object.hasOwn(first, property)) return collection.where(property, value)
  }
  return collection.rows()
}
