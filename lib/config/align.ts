import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../schema/subschemas.ts'

/** One step from an old list to a new one: indices into both. */
export type Alignment = { from: number, to: number } | { from: number } | { to: number }

/** Lists whose changed parts are longer than this are paired in order: the table would be too large. */
const MAX_CELLS = 250_000

/**
 * Which items of a new list stand for which of the old: so that one item that was removed does not look as if all after it had
 * changed. Items that are alike are paired; pairs keep their order.
 */
export function align (before: readonly unknown[], after: readonly unknown[]): Alignment[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && isDeepStrictEqual(before[head], after[head])) head++
  let tail = 0
  while (tail < shorter - head && isDeepStrictEqual(before.at(-1 - tail), after.at(-1 - tail))) tail++
  const steps: Alignment[] = []
  for (let index = 0; index < head; index++) steps.push({ from: index, to: index })
  steps.push(...alignMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail), head))
  for (let index = tail; index > 0; index--) steps.push({ from: before.length - index, to: after.length - index })
  return steps
}

function alignMiddle (before: readonly unknown[], after: readonly unknown[], offset: number): Alignment[] {
  if (before.length * after.length > MAX_CELLS) return pairInOrder(before.length, after.length, offset)
  // best[i][j]: the highest likeness of before[i…] and after[j…], as in the longest common subsequence.
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
    const pair = i < before.length && j < after.length ? likeness[i]![j]! : 0
    if (pair > 0 && at(i, j) === at(i + 1, j + 1) + pair) steps.push({ from: offset + i++, to: offset + j++ })
    else if (i < before.length && (j === after.length || at(i, j) === at(i + 1, j))) steps.push({ from: offset + i++ })
    else steps.push({ to: offset + j++ })
  }
  return steps
}

function pairInOrder (before: number, after: number, offset: number): Alignment[] {
  return Array.from({ length: Math.max(before, after) }, (_, index) => {
    const at = offset + index
    if (index >= after) return { from: at }
    return index >= before ? { to: at } : { from: at, to: at }
  })
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
