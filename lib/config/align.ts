import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../schema/subschemas.ts'

/** One step from an old list to a new one: an item that is kept (perhaps changed), removed or added. Indices into both. */
export interface Alignment {
  from?: number
  to?: number
}

interface Pair {
  from: number
  to: number
}

/** Stretches whose table of likeness would be larger are paired in order. */
const MAX_CELLS = 10_000

/**
 * Which items of a new list stand for which of the old: so that one item that was removed does not look as if all after it had
 * changed. Items that stayed the same are anchors, as in a patience diff; between two of them, items that are alike are paired.
 */
export function align (before: readonly unknown[], after: readonly unknown[]): Alignment[] {
  const steps: Alignment[] = []
  let from = 0
  let to = 0
  for (const anchor of [...anchors(before, after), { from: before.length, to: after.length }]) {
    for (const step of alignStretch(before.slice(from, anchor.from), after.slice(to, anchor.to))) {
      steps.push({ ...step.from !== undefined && { from: from + step.from }, ...step.to !== undefined && { to: to + step.to } })
    }
    if (anchor.from < before.length) steps.push(anchor)
    from = anchor.from + 1
    to = anchor.to + 1
  }
  return steps
}

/** Items that are in both lists once: the longest row of them that is in the same order in both. */
function anchors (before: readonly unknown[], after: readonly unknown[]): Pair[] {
  const places = uniquePlaces(after)
  const pairs: Pair[] = []
  for (const [text, from] of uniquePlaces(before)) {
    const to = places.get(text)
    if (to !== undefined) pairs.push({ from, to })
  }
  return longestRow(pairs)
}

/** In the order of the list. */
function uniquePlaces (items: readonly unknown[]): Map<string, number> {
  const places = new Map<string, number>()
  const twice = new Set<string>()
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(item)
    if (places.has(text)) twice.add(text)
    else places.set(text, index)
  }
  for (const text of twice) places.delete(text)
  return places
}

/** The longest row of pairs in which `to` grows as `from` does, by patience sorting. */
function longestRow (pairs: readonly Pair[]): Pair[] {
  interface Card { pair: Pair, before: Card | undefined }
  const piles: Card[] = []
  for (const pair of pairs) {
    let low = 0
    let high = piles.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (piles[middle]!.pair.to < pair.to) low = middle + 1
      else high = middle
    }
    piles[low] = { pair, before: piles[low - 1] }
  }
  const row: Pair[] = []
  for (let card = piles.at(-1); card !== undefined; card = card.before) row.push(card.pair)
  return row.reverse()
}

/** Pairs items so that their likeness, all together, is highest: a longest common subsequence with weights. */
function alignStretch (before: readonly unknown[], after: readonly unknown[]): Alignment[] {
  if (before.length * after.length > MAX_CELLS) return pairInOrder(before.length, after.length)
  const likeness = before.map(a => after.map(b => like(a, b)))
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      best[i]![j] = Math.max(at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + likeness[i]![j]!)
    }
  }
  const steps: Alignment[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const pair = likeness[i]?.[j] ?? 0
    if (pair > 0 && at(i, j) === at(i + 1, j + 1) + pair) steps.push({ from: i++, to: j++ })
    else if (i < before.length && (j === after.length || at(i, j) === at(i + 1, j))) steps.push({ from: i++ })
    else steps.push({ to: j++ })
  }
  return steps
}

function pairInOrder (before: number, after: number): Alignment[] {
  return Array.from({ length: Math.max(before, after) }, (_, index) => ({
    ...index < before && { from: index },
    ...index < after && { to: index }
  }))
}

/** From 0, nothing in common, to 1, the same. */
function like (a: unknown, b: unknown): number {
  if (isDeepStrictEqual(a, b)) return 1
  if (Array.isArray(a) && Array.isArray(b)) return 0.1
  if (!isObject(a) || !isObject(b)) return typeof a === typeof b && !isObject(a) ? 0.05 : 0
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  let shared = 0
  for (const key of keys) if (isDeepStrictEqual(a[key], b[key])) shared++
  return 0.05 + 0.9 * shared / Math.max(keys.size, 1)
}
