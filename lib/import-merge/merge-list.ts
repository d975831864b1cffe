import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../schema/subschemas.ts'
import { identityAt, pairUp, type Identity } from './identity.ts'
import { below, interleave, type Merged, type Note, type Slot, type Three } from './slot.ts'

/** Merges what is below. */
export type MergeBelow = (three: Three, path: readonly string[]) => Merged

/** The same item in the three versions of its list, and what became of it. */
export interface Row extends Three {
  readonly result: Slot
}

export interface MergedList {
  readonly notes: readonly Note[]
  /** Those that are in the result, in its order. */
  readonly rows: readonly Row[]
}

type Lists = Record<keyof Three, readonly unknown[]>

/** Merges three versions of a list; undefined where it cannot be told which item is which. */
export function mergeLists (lists: Lists, path: readonly string[], merge: MergeBelow): MergedList | undefined {
  const identity = identityAt(path, lists.base, lists.mine, lists.document)
  return identity === undefined ? mergeByPosition(lists, path, merge) : mergeByIdentity(lists, path, merge, identity)
}

function mergeByIdentity (lists: Lists, path: readonly string[], merge: MergeBelow, identity: Identity): MergedList {
  const notes: Note[] = []
  const { rows: found, order } = rowsOf(lists, identity)
  const rows = found.map((three): Row => {
    const { slot: result, notes: inside } = merge(three, [...path, '*'])
    const label = identity.label((result ?? three.mine ?? three.document ?? three.base)?.value)
    notes.push(...inside.map(note => below({ label, item: result, own: three.mine }, note)))
    return { ...three, result }
  })
  const present = (indices: readonly number[]): number[] => indices.filter(index => rows[index]?.result !== undefined)
  const mine = present(order.mine)
  const document = present(order.document)
  const sequence = identity.orderFree || isReordered(found, order.mine) ? interleave(mine, document) : interleave(document, mine)
  return { notes, rows: sequence.flatMap(index => rows[index] ?? []) }
}

/** Brings the items of three lists together, and tells where each list has which. */
function rowsOf ({ base, mine, document }: Lists, identity: Identity): { rows: Three[], order: { mine: number[], document: number[] } } {
  const toMine = pairUp(base, mine, identity)
  const toDocument = pairUp(base, document, identity)
  const rows: Three[] = base.map((value, index) => ({ base: { value }, mine: at(mine, toMine.get(index)), document: at(document, toDocument.get(index)) }))
  const rowOfMine = inverted(toMine)
  const rowOfDocument = inverted(toDocument)
  // What both have and the base has not, both have added.
  const newMine = indicesOf(mine).filter(index => !rowOfMine.has(index))
  const newDocument = indicesOf(document).filter(index => !rowOfDocument.has(index))
  const both = pairUp(newMine.map(index => mine[index]), newDocument.map(index => document[index]), identity)
  for (const [position, index] of newMine.entries()) {
    const other = both.get(position)
    const twin = other === undefined ? undefined : newDocument[other]
    if (twin !== undefined) rowOfDocument.set(twin, rows.length)
    rowOfMine.set(index, rows.push({ base: undefined, mine: at(mine, index), document: at(document, twin) }) - 1)
  }
  for (const index of newDocument) {
    if (!rowOfDocument.has(index)) rowOfDocument.set(index, rows.push({ base: undefined, mine: undefined, document: at(document, index) }) - 1)
  }
  const inOrder = (list: readonly unknown[], places: ReadonlyMap<number, number>) => indicesOf(list).flatMap(index => places.get(index) ?? [])
  return { rows, order: { mine: inOrder(mine, rowOfMine), document: inOrder(document, rowOfDocument) } }
}

/** Whether the file has the items of the base in another order; rows begin with the base's, in its order. */
function isReordered (rows: readonly Three[], order: readonly number[]): boolean {
  const known = order.filter(index => rows[index]?.base !== undefined)
  return known.some((index, position) => position > 0 && index < known[position - 1]!)
}

/** Lists of one length whose items stayed where they are. */
function mergeByPosition ({ base, mine, document }: Lists, path: readonly string[], merge: MergeBelow): MergedList | undefined {
  if (mine.length !== base.length || document.length !== base.length || hasMoved(base, mine) || hasMoved(base, document)) return undefined
  const notes: Note[] = []
  const rows = base.map((value, index): Row => {
    const three = { base: { value }, mine: at(mine, index), document: at(document, index) }
    const { slot: result, notes: inside } = merge(three, [...path, '*'])
    notes.push(...inside.map(note => below(String(index), note)))
    return { ...three, result }
  })
  return { notes, rows }
}

function hasMoved (base: readonly unknown[], list: readonly unknown[]): boolean {
  return list.some((item, index) => !isDeepStrictEqual(item, base[index]) &&
    (isObject(item) || Array.isArray(item)) && base.some(other => isDeepStrictEqual(item, other)))
}

const at = (list: readonly unknown[], index: number | undefined): Slot => index === undefined ? undefined : { value: list[index] }

const indicesOf = (list: readonly unknown[]): number[] => [...list.keys()]

const inverted = (pairs: ReadonlyMap<number, number>): Map<number, number> => new Map([...pairs].map(([from, to]) => [to, from]))
