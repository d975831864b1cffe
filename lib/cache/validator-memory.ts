/** What was last sent as one representation of a resource. */
interface Known {
  /** What its content is told by. */
  fingerprint: string
  etag: string | undefined
  /** When the content last changed, in milliseconds since the epoch. */
  modified: number
}

/** So many resources are remembered; the one not asked for for longest begins anew. */
const MOST_RESOURCES = 10_000

export interface ValidatorMemory {
  /**
   * Takes note of what is sent.
   *
   * @param place which of the resource's representations it is
   * @returns when its content last changed: now, where it is new or another than it was
   */
  note (url: string, place: string, sent: { fingerprint: string, etag: string | undefined }, now: number): number
  /** All representations of a resource that are known to have been sent. */
  of (url: string): ReadonlyArray<Readonly<Known>>
  /** The resource was written to. */
  touch (url: string, now: number): void
  clear (): void
}

/** Remembers what was sent under each address: when a content changed nobody else can tell. */
export function createValidatorMemory (): ValidatorMemory {
  const resources = new Map<string, Map<string, Known>>()
  return {
    note (url, place, { fingerprint, etag }, now) {
      let known = resources.get(url)
      // To the end of the line, where it is not forgotten so soon.
      resources.delete(url)
      known ??= new Map()
      resources.set(url, known)
      const [oldest] = resources.keys()
      if (resources.size > MOST_RESOURCES && oldest !== undefined) resources.delete(oldest)
      const last = known.get(place)
      const modified = last?.fingerprint === fingerprint ? last.modified : now
      known.set(place, { fingerprint, etag, modified })
      return modified
    },
    of: url => [...resources.get(url)?.values() ?? []],
    touch (url, now) {
      for (const known of resources.get(url)?.values() ?? []) known.modified = now
    },
    clear: () => resources.clear()
  }
}
