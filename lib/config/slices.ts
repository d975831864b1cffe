import { setImmediate } from 'node:timers/promises'

/** How long one turn of the event loop may be held, in milliseconds: well below what a client notices. */
const SLICE_MS = 4

/**
 * Runs long work that offers pauses (a generator that yields) without holding the event loop: between two slices, other
 * work has its turn.
 */
export async function runInSlices<T> (work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  let start = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() - start > SLICE_MS) {
      await setImmediate()
      signal?.throwIfAborted()
      start = performance.now()
    }
  }
}

/** The same work in one go. */
export function runAtOnce<T> (work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}
