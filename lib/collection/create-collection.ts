import { createRandom, seedOf, type Random } from '../random.ts'
import type { Row, RowId } from './collection.ts'
import type { CollectionDefinition, IdHints } from './definition.ts'
import type { CollectionChange, OwnedCollection } from './owned-collection.ts'
import { rowConflict, rowInvalid } from './row-errors.ts'
import { jointKey, keyOf, valueKey } from './row-key.ts'
import { memberNamed, memberOf, rowOf } from './row-of.ts'
import { createSeedRows, wholeNumber, type SeedRows } from './seed-rows.ts'
import { createTable, type Table } from './table.ts'

export interface CollectionSurroundings {
  readonly now: () => Date
  /** What random ids come from. */
  readonly seed: () => number | string
  readonly onChange: (change: CollectionChange) => void
}

const NONE: Row = Object.freeze({})

/** How often an id that is taken is made anew. */
const ATTEMPTS = 10_000

export function createCollection (first: CollectionDefinition, { now, seed, onChange }: CollectionSurroundings): OwnedCollection {
  let definition = first
  let version = 0
  let table: Table = createTable(definition.seed, version)
  let isWritten = false
  /** The greatest id that is a whole number and was given here: one that was given is not given again. */
  let highest = 0
  /** How many ids were made. */
  let issued = 0
  /** How many rows are softly deleted; counted when first asked for. */
  let hidden: number | undefined
  let visible: { of: readonly Row[], rows: readonly Row[] } | undefined

  let stream: Random | undefined
  const hints: IdHints = {
    get following () { return following() },
    get ordinal () { return table.seed.rows.length + issued },
    get random () { return (stream ??= createRandom(seedOf(seed(), 'collection', definition.name, hints.ordinal))) }
  }

  const idKey = () => definition.seed.idKey
  const idOf = (row: Row) => valueKey(row, idKey())

  function isHidden (row: Row): boolean {
    const { softDelete } = definition
    return softDelete !== undefined && Object.hasOwn(row, softDelete) && row[softDelete] !== null && row[softDelete] !== undefined
  }

  const shown = (rows: readonly Row[]): readonly Row[] => definition.softDelete === undefined ? rows : rows.filter(row => !isHidden(row))

  function find (id: RowId): Row | undefined {
    const row = table.row(String(id))
    return row === undefined || isHidden(row) ? undefined : row
  }

  function hiddenRows (): number {
    if (definition.softDelete === undefined) return 0
    hidden ??= table.rows().filter(isHidden).length
    return hidden
  }

  const following = (): number => Math.max(highest, table.seed.highest) + 1

  function start (rows: SeedRows): void {
    table = createTable(rows, ++version)
    highest = 0
    issued = 0
    hidden = undefined
  }

  function put (row: Row): Row {
    const before = table.row(idOf(row))
    if (definition.softDelete !== undefined) hidden = hiddenRows() + Number(isHidden(row)) - Number(before !== undefined && isHidden(before))
    highest = Math.max(highest, wholeNumber(row[idKey()]))
    table.put(row, ++version)
    isWritten = true
    return row
  }

  function drop (id: string): void {
    const row = table.row(id)
    if (row === undefined) return
    if (definition.softDelete !== undefined && isHidden(row)) hidden = hiddenRows() - 1
    table.remove(id)
    version++
    isWritten = true
  }

  function load (rows: readonly Row[]): void {
    const isSeed = rows === definition.seed.rows
    start(isSeed ? definition.seed : createSeedRows(rows, idKey()))
    isWritten = !isSeed
  }

  function empty (): void {
    const last = following() - 1
    start(createSeedRows([], idKey()))
    highest = last
    isWritten = true
  }

  function save (row: Row): Row {
    check(row)
    put(row)
    onChange({ op: 'put', name: definition.name, row })
    return row
  }

  function check (row: Row): void {
    const { name, unique, judge } = definition
    const violations = judge?.(row) ?? []
    if (violations.length > 0) throw rowInvalid(name, violations)
    if (isHidden(row)) return
    const id = idOf(row)
    for (const properties of unique) {
      const key = jointKey(row, properties)
      const twin = key === undefined ? undefined : table.where(properties, key).find(other => idOf(other) !== id && !isHidden(other))
      if (twin !== undefined) throw rowConflict(`the row '${idOf(twin)}' of '${name}' has the same ${properties.join(' and ')}`, properties)
    }
  }

  /** The id that a row brings, as the part of it that it is. */
  function ownId (row: Row): Row | undefined {
    const id = Object.hasOwn(row, idKey()) ? row[idKey()] : undefined
    if (id === undefined || id === null || id === '') return undefined
    if (typeof id !== 'string' && typeof id !== 'bigint' && !Number.isFinite(id)) {
      throw rowInvalid(definition.name, [], `its ${idKey()} has to be a text or a number, as it is the id`)
    }
    if (table.row(idOf(row)) !== undefined) throw rowConflict(`a row of '${definition.name}' with the ${idKey()} '${idOf(row)}' is there already`, [idKey()])
    return memberOf(row, idKey())
  }

  function madeId (): Row {
    const { makeId, name } = definition
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      issued++
      stream = undefined
      const id = makeId(hints)
      if (id !== '' && table.row(String(id)) === undefined) return memberNamed(idKey(), id)
    }
    throw rowConflict(`the ids that are made for '${name}' are all taken`, [idKey()])
  }

  function times (row: Row, before?: Row): Row {
    const { created, updated } = definition.timestamps ?? {}
    if (created === undefined && updated === undefined) return NONE
    const time = now().toISOString()
    const isGiven = (key: string) => Object.hasOwn(row, key) && row[key] !== null && row[key] !== undefined
    const found: Array<[string, unknown]> = []
    if (created !== undefined && !isGiven(created)) found.push([created, before === undefined ? time : before[created]])
    if (updated !== undefined && (before !== undefined || !isGiven(updated))) found.push([updated, time])
    return Object.fromEntries(found)
  }

  const collection: OwnedCollection = {
    get definition () { return definition },
    get name () { return definition.name },
    get size () { return table.size - hiddenRows() },
    get version () { return version },
    get idKey () { return idKey() },
    get isWritten () { return isWritten },
    get highest () { return following() - 1 },
    get: find,
    versionOf: id => find(id) === undefined ? undefined : table.versionOf(String(id)),
    all: () => table.rows(),
    rows () {
      const rows = table.rows()
      if (visible?.of !== rows) visible = { of: rows, rows: shown(rows) }
      return visible.rows
    },
    where: (property, value) => shown(table.where([property], keyOf(value))),
    insert (row) {
      const id = ownId(row) ?? madeId()
      return save(rowOf(id, row, id, times(row)))
    },
    replace (id, row) {
      const before = find(id)
      if (before === undefined) return undefined
      const kept = memberOf(before, idKey())
      return save(rowOf(kept, row, kept, times(row, before)))
    },
    update (id, changes) {
      const before = find(id)
      if (before === undefined) return undefined
      const stamps = definition.timestamps === undefined ? NONE : times({ ...before, ...changes }, before)
      return save(rowOf(before, changes, memberOf(before, idKey()), stamps))
    },
    remove (id) {
      const before = find(id)
      if (before === undefined) return undefined
      const { softDelete, name } = definition
      if (softDelete === undefined) {
        drop(idOf(before))
        onChange({ op: 'remove', name, id: idOf(before) })
      } else {
        const row = put(rowOf(before, memberNamed(softDelete, now().toISOString())))
        onChange({ op: 'put', name, row })
      }
      return before
    },
    clear () {
      empty()
      onChange({ op: 'load', name: definition.name, rows: [], highest })
    },
    deleted: () => definition.softDelete === undefined ? [] : table.rows().filter(isHidden),
    undelete (id) {
      const row = table.row(String(id))
      const { softDelete } = definition
      if (row === undefined || softDelete === undefined || !isHidden(row)) return undefined
      return save(rowOf(row, memberNamed(softDelete, undefined)))
    },
    load (rows) {
      load(rows)
      onChange(isWritten ? { op: 'load', name: definition.name, rows } : { op: 'reset', name: definition.name })
    },
    reset () {
      load(definition.seed.rows)
      onChange({ op: 'reset', name: definition.name })
    },
    redefine (next, keepsRows) {
      definition = next
      hidden = undefined
      visible = undefined
      if (!keepsRows) collection.reset()
    },
    replay (change) {
      if (change.op === 'put') {
        put(rowOf(NONE, change.row))
        issued++
      } else if (change.op === 'remove') drop(change.id)
      else if (change.op === 'reset') load(definition.seed.rows)
      else {
        load(change.rows.map(row => rowOf(NONE, row)))
        highest = change.highest ?? 0
        isWritten = true
      }
    }
  }
  return collection
}
