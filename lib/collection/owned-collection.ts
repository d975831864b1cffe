import type { Collection, Row } from './collection.ts'
import type { CollectionDefinition } from './definition.ts'

/** What was done to a collection, for those who keep a record of it. */
export type CollectionChange =
  | { readonly op: 'put', readonly name: string, readonly row: Row }
  | { readonly op: 'remove', readonly name: string, readonly id: string }
  | { readonly op: 'load', readonly name: string, readonly rows: readonly Row[], readonly highest?: number | undefined }
  | { readonly op: 'reset', readonly name: string }

/** A collection as its owner sees it. */
export interface OwnedCollection extends Collection {
  readonly definition: CollectionDefinition
  /** Whether anything was written since it had the rows of its seed. */
  readonly isWritten: boolean
  /** All rows, those that were softly deleted included; the same list until something is written. */
  all (): readonly Row[]
  /** The greatest id that is a whole number and was ever given. */
  readonly highest: number
  /** Takes these rows for all that there are. */
  load (rows: readonly Row[]): void
  reset (): void
  /** Goes on with another definition: with the rows that there are, or with those of the new seed. */
  redefine (definition: CollectionDefinition, keepsRows: boolean): void
  /** Takes a row as it stands, or does away with one, without looking at it or telling of it: for what was told before. */
  replay (change: CollectionChange): void
}
