/** A JSON object. Rows are never changed in place: what was handed out stays as it was. */
export type Row = Readonly<Record<string, unknown>>
export type RowId = string | number

/** A collection of rows with ids, in the order in which they were added. Every operation is synchronous and whole. */
export interface Collection {
  readonly name: string
  /** How many rows there are; those that were softly deleted do not count. */
  readonly size: number
  /** Grows with each change of any row: what caches and ETags of lists go by. */
  readonly version: number
  /** Name of the property that the id is in. */
  readonly idKey: string
  /** By id, through an index; `7` and `'7'` are the same id. */
  get (id: RowId): Row | undefined
  /** Grows with each change of that row: what its ETag goes by. */
  versionOf (id: RowId): number | undefined
  /** The same list until something is written; never changed afterwards. */
  rows (): readonly Row[]
  /**
   * Rows whose property has that value, in order, through an index that is made when first asked for. Numbers and texts alike are the
   * same, as those of addresses have no types; `null` finds what is missing as well.
   */
  where (property: string, value: unknown): readonly Row[]
  /**
   * Makes an id where the row has none. The row is copied, and completed with timestamps where the collection has them.
   * Throws MOCK_ERR_ROW_CONFLICT where id or a unique key is taken, MOCK_ERR_ROW_INVALID where it does not fit the schema.
   */
  insert (row: Row): Row
  /** The row in the place of the one of that id, which it keeps; undefined when there is none. Throws as `insert` does. */
  replace (id: RowId, row: Row): Row | undefined
  /** Sets some properties and leaves the others; one that is undefined goes. Throws as `insert` does. */
  update (id: RowId, changes: Row): Row | undefined
  /** The row that is gone; where deletion is soft, it can still be brought back. */
  remove (id: RowId): Row | undefined
  clear (): void
  /** Rows that were softly deleted, with the time of it. */
  deleted (): readonly Row[]
  /** Brings back a row that was softly deleted; undefined when there is none. Throws MOCK_ERR_ROW_CONFLICT as `insert` does. */
  undelete (id: RowId): Row | undefined
}

/** All collections of a scope. */
export interface Collections {
  get (name: string): Collection | undefined
  names (): string[]
  /** A copy of all rows of all collections; cheap, as rows are shared. */
  snapshot (): CollectionsSnapshot
  /** Collections that the snapshot does not name are left alone. Throws MOCK_ERR_COLLECTION_UNKNOWN for those that there are not. */
  restore (snapshot: CollectionsSnapshot): void
  /** Back to the seeds: one, or all. */
  reset (name?: string): void
  /** Snapshots that are kept here, by name, for those who cannot hold one. */
  readonly snapshots: Snapshots
}

/** Named snapshots of all collections. They live as long as the server, or the scope, and are left alone by `reset`. */
export interface Snapshots {
  list (): SnapshotInfo[]
  /** Takes one; it takes the place of one of the same name. Throws MOCK_ERR_SNAPSHOT_LIMIT where there are a hundred. */
  save (name: string): SnapshotInfo
  /** Throws MOCK_ERR_SNAPSHOT_UNKNOWN. */
  restore (name: string): void
  delete (name: string): boolean
}

export interface SnapshotInfo {
  readonly name: string
  /** When it was taken: ISO 8601. */
  readonly time: string
  /** How many rows it holds, by collection. */
  readonly rows: Readonly<Record<string, number>>
}

export type CollectionsSnapshot = Readonly<Record<string, readonly Row[]>>
