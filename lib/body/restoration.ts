/**
 * A schema speaks of JSON, where a file is a string and an integer a number that may lose digits. So those are what is
 * validated; what came instead takes their place afterwards.
 */
export interface Restoration {
  readonly holder: object
  readonly key: string | number
  readonly value: unknown
}

/**
 * Puts everything in its place. Validation may have made a list of a single value meanwhile, and a number of a text: digits
 * are given back to numbers only.
 */
export function restore (restorations: readonly Restoration[]): void {
  for (const { holder, key, value } of restorations) {
    const now: unknown = Reflect.get(holder, key)
    const isWrapped = Array.isArray(now) && now.length === 1
    if (typeof value === 'bigint' && typeof (isWrapped ? now[0] : now) !== 'number') continue
    Reflect.set(holder, key, isWrapped ? [value] : value)
  }
}
