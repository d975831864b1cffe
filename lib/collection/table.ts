import type { Row } from './collection.ts'
import { valueKey } from './row-key.ts'
import { indexKey, indexName, type SeedRows } from './seed-rows.ts'

/** A row that is not as the seed has it. */
interface Entry {
  readonly id: string
  readonly row: Row
  readonly version: number
  /** Among all rows: those of the seed come first, what is added follows. */
  readonly position: number
}

/**
 * The rows of one collection in one scope: those of the seed, which all scopes share, and over them what was changed here. So a scope
 * costs nothing before its first write, and after it what was written.
 */
export interface Table {
  readonly seed: SeedRows
  readonly size: number
  row (id: string): Row | undefined
  versionOf (id: string): number | undefined
  /** All rows in order; the same list until something is written. */
  rows (): readonly Row[]
  where (properties: readonly string[], key: string): Row[]
  /** Adds the row, or puts it in the place of the one of that id. */
  put (row: Row, version: number): void
  remove (id: string): void
}

/** What became of a row since all of them were last listed; `before` or `after` is undefined where there is none. */
interface Step {
  readonly before: Row | undefined
  readonly after: Row | undefined
}

/** After so many steps the list is made anew: each of them looks for its row. */
const MOST_STEPS = 32

/** @param seedVersion the version of all rows that were not changed */
export function createTable (seed: SeedRows, seedVersion: number): Table {
  /** Rows of the seed that were replaced, or removed (null), by their position. */
  const changed = new Map<number, Entry | null>()
  const added = new Map<string, Entry>()
  const indexes = new Map<string, { properties: readonly string[], entries: Map<string, Set<Entry>> }>()
  let next = seed.rows.length
  let removed = 0
  let list: readonly Row[] | undefined = seed.rows
  let steps: Step[] = []

  function entryOf (id: string): Entry | undefined {
    const own = added.get(id)
    if (own !== undefined || changed.size === 0) return own
    const position = seed.positionOf(id)
    return position === undefined ? undefined : changed.get(position) ?? undefined
  }

  /** Where the row of that id stands in the seed, when it is still as the seed has it. */
  function untouched (id: string): number | undefined {
    const position = seed.positionOf(id)
    return position !== undefined && changed.has(position) ? undefined : position
  }

  function file (entry: Entry): void {
    for (const { properties, entries } of indexes.values()) fileIn(entries, properties, entry)
  }

  function unfile (entry: Entry): void {
    for (const { properties, entries } of indexes.values()) {
      const key = indexKey(entry.row, properties)
      const found = key === undefined ? undefined : entries.get(key)
      if (key === undefined || found === undefined) continue
      found.delete(entry)
      if (found.size === 0) entries.delete(key)
    }
  }

  function indexOf (properties: readonly string[]): Map<string, Set<Entry>> {
    const name = indexName(properties)
    let index = indexes.get(name)
    if (index === undefined) {
      indexes.set(name, index = { properties, entries: new Map() })
      for (const entry of changed.values()) if (entry !== null) fileIn(index.entries, properties, entry)
      for (const entry of added.values()) fileIn(index.entries, properties, entry)
    }
    return index.entries
  }

  function note (before: Row | undefined, after: Row | undefined): void {
    if (list === undefined) return
    if (steps.length < MOST_STEPS) {
      steps.push({ before, after })
      return
    }
    list = undefined
    steps = []
  }

  function listed (): readonly Row[] {
    const all: Row[] = []
    for (let i = 0; i < seed.rows.length; i++) {
      const entry = changed.size === 0 ? undefined : changed.get(i)
      if (entry === undefined) all.push(seed.rows[i]!)
      else if (entry !== null) all.push(entry.row)
    }
    for (const { row } of added.values()) all.push(row)
    return all
  }

  return {
    seed,
    get size () {
      return seed.rows.length - removed + added.size
    },
    row (id) {
      const entry = entryOf(id)
      if (entry !== undefined) return entry.row
      const position = untouched(id)
      return position === undefined ? undefined : seed.rows[position]
    },
    versionOf (id) {
      return entryOf(id)?.version ?? (untouched(id) === undefined ? undefined : seedVersion)
    },
    rows () {
      if (list === undefined) list = listed()
      else if (steps.length > 0) list = stepped(list, steps)
      steps = []
      return list
    },
    where (properties, key) {
      const positions = seed.positions(properties, key)
      if (changed.size === 0 && added.size === 0) return positions.map(position => seed.rows[position]!)
      const old = positions.filter(position => !changed.has(position)).map(position => ({ position, row: seed.rows[position]! }))
      const own = indexOf(properties).get(key)
      if (own === undefined) return old.map(({ row }) => row)
      return [...old, ...own].sort((a, b) => a.position - b.position).map(({ row }) => row)
    },
    put (row, version) {
      const id = valueKey(row, seed.idKey)
      const before = entryOf(id)
      const place = before === undefined ? untouched(id) : before.position
      const entry = { id, row, version, position: place ?? next }
      note(place === undefined ? undefined : before?.row ?? seed.rows[place], row)
      if (before !== undefined) unfile(before)
      if (place === undefined || place >= seed.rows.length) added.set(id, entry)
      else changed.set(place, entry)
      if (place === undefined) next++
      file(entry)
    },
    remove (id) {
      const before = entryOf(id)
      const place = before === undefined ? untouched(id) : before.position
      if (place === undefined) return
      note(before?.row ?? seed.rows[place], undefined)
      if (before !== undefined) unfile(before)
      if (place >= seed.rows.length) added.delete(id)
      else {
        changed.set(place, null)
        removed++
      }
    }
  }
}

/** A copy of a list in which some rows are others: those who have the list see nothing of it. */
function stepped (list: readonly Row[], steps: readonly Step[]): readonly Row[] {
  const all = list.slice()
  for (const { before, after } of steps) {
    const index = before === undefined ? -1 : all.indexOf(before)
    if (after === undefined) all.splice(index, 1)
    else if (index === -1) all.push(after)
    else all[index] = after
  }
  return all
}

function fileIn (entries: Map<string, Set<Entry>>, properties: readonly string[], entry: Entry): void {
  const key = indexKey(entry.row, properties)
  if (key === undefined) return
  const found = entries.get(key)
  if (found === undefined) entries.set(key, new Set([entry]))
  else found.add(entry)
}
