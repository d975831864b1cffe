import { runAtOnce } from '../config/slices.ts'
import type { Row } from './collection.ts'
import { jointKey, NOTHING, valueKey } from './row-key.ts'

/**
 * Rows that never change, with their indexes: what a collection starts from, shared by all scopes. An index is made when first
 * asked for, once for all of them.
 */
export interface SeedRows {
  readonly rows: readonly Row[]
  /** The property that the id is in. */
  readonly idKey: string
  /** Where the row of that id is. */
  positionOf (id: string): number | undefined
  /** Where the rows are whose properties have that value, in order. */
  positions (properties: readonly string[], key: string): readonly number[]
  /** The greatest whole number among the ids, 0 where there is none. */
  readonly highest: number
  /** Makes the indexes of these properties before they are asked for; offers pauses. */
  prepare (unique: ReadonlyArray<readonly string[]>): Generator<void, void>
}

type Index = ReadonlyMap<string, number | readonly number[]>

const NONE: readonly number[] = []

/** How many rows are indexed between two pauses. */
const PAUSE = 1_000

/** @param rows frozen, each with an id of its own: `checkSeed` has seen to it */
export function createSeedRows (rows: readonly Row[], idKey: string): SeedRows {
  const indexes = new Map<string, Index>()
  let ids: Map<string, number> | undefined
  let highest: number | undefined

  function * indexIds (): Generator<void, Map<string, number>> {
    const index = new Map<string, number>()
    for (let i = 0; i < rows.length; i++) {
      index.set(valueKey(rows[i]!, idKey), i)
      if (i % PAUSE === PAUSE - 1) yield
    }
    return index
  }

  function * indexBy (properties: readonly string[]): Generator<void, Index> {
    const index = new Map<string, number | number[]>()
    for (let i = 0; i < rows.length; i++) {
      const key = indexKey(rows[i]!, properties)
      const found = key === undefined ? undefined : index.get(key)
      // Most keys are of one row alone, for which a list each would cost more than all the rest.
      if (typeof found === 'number') index.set(key!, [found, i])
      else if (found !== undefined) found.push(i)
      else if (key !== undefined) index.set(key, i)
      if (i % PAUSE === PAUSE - 1) yield
    }
    return index
  }

  return {
    rows,
    idKey,
    positionOf (id) {
      ids ??= runAtOnce(indexIds())
      return ids.get(id)
    },
    positions (properties, key) {
      const name = indexName(properties)
      let index = indexes.get(name)
      if (index === undefined) indexes.set(name, index = runAtOnce(indexBy(properties)))
      const found = index.get(key)
      if (found === undefined) return NONE
      return typeof found === 'number' ? [found] : found
    },
    get highest () {
      highest ??= rows.reduce((most, row) => Math.max(most, wholeNumber(row[idKey])), 0)
      return highest
    },
    * prepare (unique) {
      ids ??= yield * indexIds()
      for (const properties of unique) {
        if (!indexes.has(indexName(properties))) indexes.set(indexName(properties), yield * indexBy(properties))
      }
    }
  }
}

/** A single property is also asked for where it is null or missing; several together only where all are there. */
export const indexKey = (row: Row, properties: readonly string[]): string | undefined =>
  jointKey(row, properties) ?? (properties.length === 1 ? NOTHING : undefined)

export const indexName = (properties: readonly string[]): string => properties.length === 1 ? properties[0]! : JSON.stringify(properties)

/** The id as a number that the next can be counted from; 0 where it is none. */
export const wholeNumber = (id: unknown): number => typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : 0
