import { isDeepStrictEqual } from 'node:util'

/** A value that may not be there: null is a value, undefined is none. */
export type Slot = { readonly value: unknown } | undefined

/** The same place in the three versions of a configuration. */
export interface Three {
  /** What the document gave when it was last imported. */
  readonly base: Slot
  /** What the file says. */
  readonly mine: Slot
  /** What the document gives now. */
  readonly document: Slot
}

/** A key or an index; or an item of a list whose items are told apart by what they are, since its index is not known before the list is. */
export type Step = string | ItemStep

export interface ItemStep {
  /** What people call it: `GET /users`, `404`. */
  readonly label: string
  /** The item in the result, and in the file as it was. */
  readonly item: Slot
  readonly own: Slot
}

/** Which side counts where both changed the same. */
export type Side = 'mine' | 'document'

/** A change of the document that was taken over; without `after` something was removed, without `before` added. */
export interface Taken {
  readonly kind: 'taken'
  readonly path: readonly Step[]
  readonly before: Slot
  readonly after: Slot
}

/** Both sides changed the same. */
export interface Clash extends Three {
  readonly kind: 'conflict'
  /** They differ, and it is not known what was there before. */
  readonly isUnknown?: boolean
  readonly path: readonly Step[]
}

export type Note = Taken | Clash

export interface Merged {
  readonly slot: Slot
  readonly notes: readonly Note[]
}

export const same = (one: Slot, other: Slot): boolean =>
  one === undefined || other === undefined ? one === other : isDeepStrictEqual(one.value, other.value)

/** The note as its parent tells it. */
export const below = (step: Step, note: Note): Note => ({ ...note, path: [step, ...note.path] })

/**
 * Puts what `source` has besides into `target`, each behind what it follows in `source`; what comes first there goes before what
 * follows it.
 *
 * @example
 * interleave(['a', 'mine', 'c'], ['a', 'b', 'c']) // ['a', 'b', 'mine', 'c']
 */
export function interleave<Item> (target: readonly Item[], source: readonly Item[]): Item[] {
  const result = [...target]
  const known = new Set(target)
  for (const [index, item] of source.entries()) {
    if (known.has(item)) continue
    known.add(item)
    if (index > 0) {
      result.splice(result.indexOf(source[index - 1]!) + 1, 0, item)
    } else {
      const next = source.find(other => other !== item && known.has(other))
      result.splice(next === undefined ? result.length : result.indexOf(next), 0, item)
    }
  }
  return result
}
