import type { Random } from '../random.ts'
import type { Violation } from '../violation/violation.ts'
import type { Row, RowId } from './collection.ts'
import type { SeedRows } from './seed-rows.ts'

/** What a collection is, compiled from the configuration. */
export interface CollectionDefinition {
  readonly name: string
  /** What it starts from. */
  readonly seed: SeedRows
  /** Text that is another when the configured rows, or the property of the id, are others. */
  readonly fingerprint: string
  readonly makeId: MakeId
  /** Properties of which no two rows have the same values, together. */
  readonly unique: ReadonlyArray<readonly string[]>
  /** What is wrong with a row; absent where there is no schema. */
  readonly judge?: ((row: Row) => readonly Violation[]) | undefined
  /** Properties that the times of creation and last change are in. */
  readonly timestamps?: { readonly created?: string | undefined, readonly updated?: string | undefined } | undefined
  /** The property that the time of deletion is in, where rows are kept when they are deleted. */
  readonly softDelete?: string | undefined
}

/** Makes an id; asked again where it is taken. */
export type MakeId = (hints: IdHints) => RowId

export interface IdHints {
  /** One more than the greatest id that is a whole number. */
  readonly following: number
  /** One more than there ever were, and one more with each time that is asked. */
  readonly ordinal: number
  /** The same stream for the same collection, seed and ordinal. */
  readonly random: Random
}
