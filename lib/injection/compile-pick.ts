import type { Random } from '../random.ts'

/**
 * Compiles a choice: one value, a list whose values are equally likely, or weights by value.
 *
 * @example
 * compilePick({ 503: 3, 429: 1 })(random) // '503', three times out of four
 */
export function compilePick<T extends string | number> (choice: T | readonly T[] | Readonly<Record<string, number>>): (random: Random) => T | string {
  if (typeof choice !== 'object') return () => choice
  if (isList(choice)) return random => random.pick(choice)
  const entries = Object.entries(choice)
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
  const last = entries.findLast(([, weight]) => weight > 0)?.[0] ?? ''
  return random => {
    let left = random.next() * total
    return entries.find(([, weight]) => (left -= weight) < 0)?.[0] ?? last
  }
}

const isList = <T>(choice: readonly T[] | object): choice is readonly T[] => Array.isArray(choice)
