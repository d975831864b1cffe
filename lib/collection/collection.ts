/** A JSON object. Rows are never changed in place: what was handed out stays as it was. */
export type Row = Readonly<Record<string, unknown>>
export type RowId = string | number

/** A collection of rows with ids, in the order in which they were added. Every operation is synchronous and whole. */
export interface Collection {
  readonly name: string
  readonly size: number
  /** Grows with each change of any row: what caches and ETags of lists go by. */
  readonly version: number
  /** Name of the property that the id is in. */
  readonly idKey: string
  /** By id, through an index; `7` and `'7'` are the same id. */
  get (id: RowId): Row | undefined
  /** Grows with each change of that row: what its ETag goes by. */
  versionOf (id: RowId): number | undefined
  rows (): Iterable<Row>
  /** Rows whose property has that value, through an index that is made when first asked for. */
  where (property: string, value: unknown): Iterable<Row>
  /** Makes an id where the row has none. Throws MOCK_ERR_ROW_CONFLICT where id or a unique key is taken. */
  insert (row: Row): Row
  /** The row in the place of the one of that id; undefined when there is none. */
  replace (id: RowId, row: Row): Row | undefined
  remove (id: RowId): Row | undefined
  clear (): void
}

/** All collections of a scope. */
export interface Collections {
  get (name: string): Collection | undefined
  names (): string[]
  /** A copy of all rows of all collections; cheap, as rows are shared. */
  snapshot (): CollectionsSnapshot
  restore (snapshot: CollectionsSnapshot): void
  /** Back to the seeds: one, or all. */
  reset (name?: string): void
}

export type CollectionsSnapshot = Readonly<Record<string, readonly Row[]>>
