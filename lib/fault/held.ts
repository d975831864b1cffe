/**
 * What is kept waiting on purpose, and would keep a server from closing: connections that hang, answers that never end.
 *
 * @example
 * const done = held.add(() => socket.destroy())
 * response.once('close', done)
 */
export interface Held {
  readonly size: number
  /** @returns forgets it again */
  add (release: () => void): () => void
  /** Lets go of all, and of everything that is added later. */
  close (): void
}

export function createHeld (): Held {
  const releases = new Set<() => void>()
  let isClosed = false
  return {
    get size () { return releases.size },
    add (release) {
      if (isClosed) {
        release()
        return () => {}
      }
      releases.add(release)
      return () => { releases.delete(release) }
    },
    close () {
      isClosed = true
      for (const release of releases) release()
      releases.clear()
    }
  }
}
