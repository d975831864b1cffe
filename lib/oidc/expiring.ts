/** What is remembered for a while: bounded, the oldest makes room. */
export interface Expiring<T> {
  /** @param expires milliseconds since the epoch */
  put (key: string, value: T, expires: number): void
  /** Undefined where there is none, or where its time is over. */
  find (key: string, now: number): T | undefined
  delete (key: string): void
}

export function createExpiring<T> (most = 10_000): Expiring<T> {
  const entries = new Map<string, { value: T, expires: number }>()
  return {
    put (key, value, expires) {
      entries.set(key, { value, expires })
      for (const oldest of entries.keys()) {
        if (entries.size <= most) break
        entries.delete(oldest)
      }
    },
    find (key, now) {
      const entry = entries.get(key)
      return entry !== undefined && entry.expires > now ? entry.value : undefined
    },
    delete (key) {
      entries.delete(key)
    }
  }
}
