import type { Store } from '../store.ts'

/** How often an overlay has answered, by the state of the scope that asked, and whether it may once more. */
export interface Turns {
  /** Bound of each scope; undefined for none. */
  readonly times: number | undefined
  /** Takes a turn, if there is one left. */
  take (store: Store): boolean
  /** Gives one back: the request was not answered after all. */
  giveBack (store: Store): void
  /** Whether there is a turn left. */
  has (store: Store): boolean
  /** How many were taken: by one scope, or by all. */
  taken (store?: Store): number
  /** Begins anew for one scope. */
  reset (store: Store): void
}

export function createTurns (times?: number): Turns {
  const counts = new Map<Store, number>()
  const taken = (store: Store): number => counts.get(store) ?? 0
  const has = (store: Store): boolean => times === undefined || taken(store) < times

  return {
    times,
    has,
    take (store) {
      if (!has(store)) return false
      counts.set(store, taken(store) + 1)
      return true
    },
    giveBack (store) {
      const count = taken(store)
      // After a reset in between there is none to give back.
      if (count > 0) counts.set(store, count - 1)
    },
    taken: store => store === undefined ? [...counts.values()].reduce((sum, count) => sum + count, 0) : taken(store),
    reset (store) {
      counts.delete(store)
    }
  }
}
