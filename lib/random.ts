/** A stream of random numbers; the same seed gives the same stream. */
export interface Random {
  /** A float in [0, 1). */
  next (): number
  /** An integer in [min, max], both included. */
  int (min: number, max: number): number
  /** One item of a list that is not empty. */
  pick<T> (items: readonly T[]): T
}

/** A stream that starts anew from a number: mulberry32, 32 bits of state. */
export function createRandom (seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (min: number, max: number) => Math.floor(next() * (max - min + 1)) + min
  return { next, int, pick: items => items[int(0, items.length - 1)]! }
}

/**
 * A 32-bit seed made of several parts: FNV-1a over their text, with a final mix so that near inputs give far seeds.
 *
 * @example
 * createRandom(seedOf(config.seed, endpoint.id, requestNumber))
 */
export function seedOf (...parts: ReadonlyArray<string | number>): number {
  let hash = 0x811C9DC5
  for (const part of parts) {
    const text = String(part)
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x1F, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85EBCA6B)
  hash = Math.imul(hash ^ (hash >>> 13), 0xC2B2AE35)
  return (hash ^ (hash >>> 16)) >>> 0
}
