import type { Row } from '../../collection/collection.ts'
import { propertyPath, valueAt, type PropertyPath } from '../property.ts'

export interface SortKey {
  readonly path: PropertyPath
  readonly isDescending: boolean
}

const MOST_KEYS = 10

/**
 * Reads the properties that rows are sorted by: `-views,title`, `views:desc`, or names with their orders apart.
 *
 * @returns what is wrong, in words, where it cannot be read
 * @example
 * readSort(['views,title'], ['desc']) // [{ path: ['views'], isDescending: true }, { path: ['title'], isDescending: false }]
 */
export function readSort (sort: readonly string[], order: readonly string[]): SortKey[] | string {
  const orders = order.flatMap(part => part.split(',')).map(part => part.trim().toLowerCase())
  const strange = orders.find(part => !['asc', 'desc', ''].includes(part))
  if (strange !== undefined) return `order is asc or desc, not '${strange.slice(0, 40)}'`
  const names = sort.flatMap(part => part.split(',')).map(part => part.trim()).filter(part => part !== '')
  if (names.length > MOST_KEYS) return `has at most ${MOST_KEYS} properties`
  const keys: SortKey[] = []
  for (const [index, written] of names.entries()) {
    const [, sign = '', name = '', direction] = /^([-+]?)(.+?)(?::(asc|desc))?$/i.exec(written) ?? []
    const path = propertyPath(name)
    if (path === undefined) return `'${written.slice(0, 40)}' is no property`
    keys.push({ path, isDescending: (sign === '-') !== ((direction ?? orders[index])?.toLowerCase() === 'desc') })
  }
  return keys
}

/** A sorted copy; rows alike stay in their order, and those without the property come last (first, where it descends). */
export function sortRows (rows: readonly Row[], keys: readonly SortKey[]): readonly Row[] {
  // Looked up once for each row, not at each comparison.
  const decorated = rows.map(row => ({ row, values: keys.map(({ path }) => valueAt(row, path)) }))
  decorated.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const difference = order(a.values[i], b.values[i])
      if (difference !== 0) return keys[i]!.isDescending ? -difference : difference
    }
    return 0
  })
  return decorated.map(({ row }) => row)
}

/** Numbers come before texts, texts before booleans, and what cannot be compared last. */
function order (a: unknown, b: unknown): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  return typeof a === 'boolean' ? Number(a) - Number(b) : 0
}

const RANKS: Readonly<Record<string, number>> = { number: 0, string: 1, boolean: 2 }
const rankOf = (value: unknown): number => RANKS[typeof value] ?? 3
