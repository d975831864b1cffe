/**
 * A queue of numbered items, bounded in number and in bytes: the oldest make room for the new. The nth item pushed has
 * the number n, from 1, whatever was dropped or cleared since.
 */
export interface Ring<T> {
  push (item: T, bytes: number): number
  at (seq: number): T | undefined
  clear (): void
  /** Drops one item out of its turn; the others keep their numbers. */
  remove (seq: number): void
  resize (bounds: RingBounds): void
  readonly bytes: number
  /** How many items are kept. */
  readonly length: number
  /** Number of the oldest item kept; greater than `last` when there is none. */
  readonly first: number
  readonly last: number
}

export interface RingBounds {
  maxEntries: number
  maxBytes: number
}

const INITIAL_CAPACITY = 256

/**
 * Storage grows by doubling up to `maxEntries`, so that a generous bound costs nothing until it is used.
 *
 * @param onEvict told of each item that had to make room
 */
export function createRing<T> (bounds: RingBounds, onEvict: (item: T) => void = () => {}): Ring<T> {
  let { maxEntries, maxBytes } = bounds
  let capacity = 0
  let items: Array<T | undefined> = []
  let sizes: number[] = []
  let bytes = 0
  /** From the oldest to the newest, those included that were removed in between. */
  let length = 0
  let removed = 0
  let last = 0
  reallocate(Math.min(maxEntries, INITIAL_CAPACITY))

  function reallocate (to: number): void {
    const movedItems = new Array<T | undefined>(to).fill(undefined)
    const movedSizes = new Array<number>(to).fill(0)
    for (let seq = last - length + 1; seq <= last; seq++) {
      movedItems[seq % to] = items[seq % capacity]
      movedSizes[seq % to] = sizes[seq % capacity] ?? 0
    }
    items = movedItems
    sizes = movedSizes
    capacity = to
  }

  function dropOldest (): void {
    const slot = (last - length + 1) % capacity
    const item = items[slot]
    bytes -= sizes[slot] ?? 0
    items[slot] = undefined
    length--
    if (item === undefined) removed--
    else onEvict(item)
  }

  return {
    push (item, size) {
      if (capacity === 0) return ++last
      if (length === capacity) {
        if (capacity < maxEntries) reallocate(Math.min(capacity * 2, maxEntries))
        else dropOldest()
      }
      last++
      const slot = last % capacity
      items[slot] = item
      sizes[slot] = size
      bytes += size
      length++
      while (bytes > maxBytes) dropOldest()
      return last
    },
    at: seq => seq > last - length && seq <= last ? items[seq % capacity] : undefined,
    remove (seq) {
      if (seq <= last - length || seq > last) return
      const slot = seq % capacity
      if (items[slot] === undefined) return
      bytes -= sizes[slot] ?? 0
      items[slot] = undefined
      sizes[slot] = 0
      removed++
    },
    clear () {
      length = 0
      removed = 0
      bytes = 0
      reallocate(Math.min(maxEntries, INITIAL_CAPACITY))
    },
    resize (to) {
      maxEntries = to.maxEntries
      maxBytes = to.maxBytes
      while (length > maxEntries || bytes > maxBytes) dropOldest()
      reallocate(Math.min(maxEntries, Math.max(length, INITIAL_CAPACITY)))
    },
    get bytes () { return bytes },
    get length () { return length - removed },
    get first () { return last - length + 1 },
    get last () { return last }
  }
}
