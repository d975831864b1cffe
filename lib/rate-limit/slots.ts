import type { Clock } from '../clock.ts'
import type { Policy } from './policy.ts'

/** One who wants a slot. Of the two, one is called, once: at once, or when its turn has come. */
export interface Contender {
  enter: () => void
  refuse: () => void
}

/** The slots of one partition of a `concurrency` policy: requests that are not answered yet, and those that wait for their turn. */
export interface Slots {
  readonly busy: number
  readonly waiting: number
  /** Whether somebody who came now would be refused. */
  readonly isFull: boolean
  /**
   * Takes a slot, or waits for one.
   *
   * @returns gives it back, or ends the wait; to be called at any time, and only once does it matter
   */
  contend (contender: Contender): () => void
}

export function createSlots ({ limit, queue: { size, timeout } = { size: 0, timeout: undefined } }: Policy, clock: Clock): Slots {
  let busy = 0
  const queue = new Set<{ next: () => void }>()
  const isFull = (): boolean => busy >= limit && queue.size >= size

  function release (): void {
    busy--
    const [first] = queue
    first?.next()
  }

  return {
    get busy () { return busy },
    get waiting () { return queue.size },
    get isFull () { return isFull() },
    contend ({ enter, refuse }) {
      let leave: () => void = () => {}
      const take = (): void => {
        busy++
        leave = release
        enter()
      }
      if (busy < limit) take()
      else if (isFull()) refuse()
      else {
        const waiting = { next: () => { stop(); take() } }
        const cancel = timeout === undefined ? () => {} : clock.after(timeout, () => { stop(); refuse() })
        const stop = (): void => {
          queue.delete(waiting)
          cancel()
          leave = () => {}
        }
        queue.add(waiting)
        leave = stop
      }
      return () => {
        const last = leave
        leave = () => {}
        last()
      }
    }
  }
}
