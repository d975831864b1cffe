import type { Key } from './keys.ts'
import type { Subject } from './subject.ts'
import type { Condition } from './verdict.ts'

/** Finds, among many conditions, those that hold, without asking all of them. */
export interface Conditions {
  readonly readsBody: boolean
  /**
   * The index of the first condition that holds, -1 for none.
   *
   * @param accepts asked of those that hold, in their order; the first that it accepts is the one
   */
  find (subject: Subject, accepts?: (index: number) => boolean): number
}

/** Of fewer conditions, all are asked: that is as fast. */
const WORTH_AN_INDEX = 4

/**
 * Compiles a choice among conditions; `undefined` is one that always holds. Where many of them ask for a scalar at the same place
 * (`body: { '/type': card }`), that value is looked up and only those are asked that it leads to: a hundred cost what one costs.
 * The result is that of asking all of them in their order.
 *
 * @example
 * const conditions = compileConditions(variants.map(variant => variant.when))
 * variants[conditions.find({ request })]
 */
export function compileConditions (list: ReadonlyArray<Condition | undefined>): Conditions {
  const readsBody = list.some(condition => condition?.readsBody === true)
  const all = list.map((_, index) => index)
  const holds = (index: number, subject: Subject): boolean => list[index]?.holds(subject) !== false
  const linear: Conditions['find'] = (subject, accepts = always) => {
    for (let index = 0; index < list.length; index++) if (holds(index, subject) && accepts(index)) return index
    return -1
  }
  const place = list.length < WORTH_AN_INDEX ? undefined : commonPlace(list)
  if (place === undefined) return { readsBody, find: linear }

  const { read } = place
  const byValue = new Map<string, number[]>()
  const others = all.filter(index => !place.values.has(index))
  for (const [index, value] of place.values) {
    const indexes = byValue.get(value)
    if (indexes === undefined) byValue.set(value, [index])
    else indexes.push(index)
  }

  return {
    readsBody,
    find (subject, accepts = always) {
      const value = read(subject)
      // Lists of values, bytes and long integers are for the conditions themselves to compare.
      if (typeof value === 'bigint' || (typeof value === 'object' && value !== null)) return linear(subject, accepts)
      const known = (value === undefined ? undefined : byValue.get(typeof value === 'string' ? value : String(value))) ?? NONE
      // Two ascending lists, gone through as one.
      let next = 0
      let other = 0
      while (next < known.length || other < others.length) {
        const isKnown = other >= others.length || (next < known.length && known[next]! < others[other]!)
        const index = isKnown ? known[next++]! : others[other++]!
        if (holds(index, subject) && accepts(index)) return index
      }
      return -1
    }
  }
}

const NONE: readonly number[] = []
const always = (): boolean => true

interface Place {
  readonly read: Key['read']
  /** The value that is needed there, by the condition's index, ascending. */
  readonly values: Map<number, string>
}

/** The place at which conditions are best told apart: where most of them ask for a scalar, of as many values as may be. */
function commonPlace (list: ReadonlyArray<Condition | undefined>): Place | undefined {
  const places = new Map<string, Place>()
  for (const [index, condition] of list.entries()) {
    for (const { place, value, read } of condition?.keys ?? []) {
      let known = places.get(place)
      if (known === undefined) places.set(place, known = { read, values: new Map() })
      if (!known.values.has(index)) known.values.set(index, value)
    }
  }
  let best: Place | undefined
  let most = list.length * LEAST_SHARE
  for (const place of places.values()) {
    const saved = savings(place)
    if (saved <= most) continue
    best = place
    most = saved
  }
  return best
}

/** An index that spares less is not worth its look-up. */
const LEAST_SHARE = 0.25

/** How many conditions need not be asked, on average, once the value is known to be one of those. */
function savings ({ values }: Place): number {
  return values.size - values.size / new Set(values.values()).size
}
