import { createHash } from 'node:crypto'
import { runAtOnce } from '../config/slices.ts'
import { stringifyJson } from '../stringify-json.ts'
import type { Violation } from '../violation/violation.ts'
import type { Row } from './collection.ts'
import type { CollectionDefinition, MakeId } from './definition.ts'
import { ID_KINDS, usualIds, type IdKind } from './make-id.ts'
import { rowConflict } from './row-errors.ts'
import { settleSeed, type SeedProblem } from './settle-seed.ts'

/** What a collection is, in values and functions; all of it may be left out. */
export interface CollectionOptions {
  readonly rows?: readonly unknown[]
  /** Default: `id`. */
  readonly idKey?: string
  /** Default: as the rows have them, see `usualIds`. */
  readonly ids?: IdKind | MakeId
  readonly unique?: ReadonlyArray<readonly string[]>
  readonly judge?: ((row: Row) => readonly Violation[]) | undefined
  readonly timestamps?: CollectionDefinition['timestamps']
  readonly softDelete?: string | undefined
  /** What random ids come from. Default: 0. */
  readonly seed?: number | string
  /** Stands for the rows, to tell whether those of another configuration are others. Default: made of them. */
  readonly fingerprint?: string
  /** When it is, for timestamps of rows that have none. Default: the present. */
  readonly now?: Date
}

/**
 * A collection's definition. Throws MOCK_ERR_ROW_CONFLICT where the rows are not sound; `settleDefinition` tells of each, with pauses.
 *
 * @example
 * createCollections([defineCollection('users', { rows: [{ id: 1, email: 'ann@example.com' }], unique: [['email']] })])
 */
export function defineCollection (name: string, options: CollectionOptions = {}): CollectionDefinition {
  return runAtOnce(settleDefinition(name, options, ({ index, message }) => {
    throw rowConflict(`row ${index + 1} of '${name}': ${message}`, [])
  }))
}

export function * settleDefinition (name: string, options: CollectionOptions, tell: (problem: SeedProblem) => void): Generator<void, CollectionDefinition> {
  const { rows = [], idKey = 'id', unique = [], judge, timestamps, softDelete, seed = 0, now = new Date() } = options
  const ids = options.ids ?? usualIds(rows.filter(isRow), idKey)
  const makeId = typeof ids === 'string' ? ID_KINDS[ids] : ids
  const times = [timestamps?.created, timestamps?.updated].flatMap(key => key === undefined ? [] : [[key, now.toISOString()]])
  return {
    name,
    seed: yield * settleSeed(rows, { name, idKey, makeId, unique, judge, filled: Object.fromEntries(times), softDelete, seed }, tell),
    fingerprint: `${idKey} ${options.fingerprint ?? fingerprintOf(rows)}`,
    makeId,
    unique,
    judge,
    timestamps,
    softDelete
  }
}

/** Short text that stands for a value. */
export const fingerprintOf = (value: unknown): string => createHash('sha1').update(typeof value === 'string' ? value : stringifyJson(value) ?? '').digest('base64url')

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null
