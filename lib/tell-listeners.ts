/**
 * Calls listeners one after the other. One that throws must not fail what it is told of, nor keep the others from hearing of it; like an
 * EventTarget's, its error is uncaught.
 */
export function tellListeners<Event> (listeners: Iterable<(event: Event) => void>, event: Event): void {
  for (const listener of listeners) {
    try {
      listener(event)
    } catch (error) {
      process.nextTick(() => { throw error })
    }
  }
}
