/** Bodies that were made, within a bound in bytes; the one that was not asked for longest goes first. */
export interface BodyCache<T extends { readonly payload: string }> {
  get (key: string): T | undefined
  set (key: string, body: T): void
  clear (): void
}

/** What an entry costs besides its texts. */
const OVERHEAD = 200

/** @param maxBytes bound of all keys and payloads together, as they take room in memory */
export function createBodyCache<T extends { readonly payload: string }> (maxBytes: number): BodyCache<T> {
  // A map remembers the order in which keys came: those that are asked for are put behind the others again.
  const bodies = new Map<string, T>()
  let bytes = 0
  const sizeOf = (key: string, { payload }: T): number => 2 * (key.length + payload.length) + OVERHEAD

  function drop (key: string): void {
    const body = bodies.get(key)
    if (body === undefined) return
    bodies.delete(key)
    bytes -= sizeOf(key, body)
  }

  return {
    get (key) {
      const body = bodies.get(key)
      if (body === undefined) return undefined
      bodies.delete(key)
      bodies.set(key, body)
      return body
    },
    set (key, body) {
      drop(key)
      const size = sizeOf(key, body)
      // What takes a good part of all the room would drive out too much.
      if (size > maxBytes / 8) return
      bodies.set(key, body)
      bytes += size
      for (const oldest of bodies.keys()) {
        if (bytes <= maxBytes) break
        drop(oldest)
      }
    },
    clear () {
      bodies.clear()
      bytes = 0
    }
  }
}
