import type { ServerResponse } from 'node:http'

/** Counts the requests that something answers at the moment, so that it can go once it is idle. */
export interface InFlight {
  readonly count: number
  /** Counts a request until its response is closed, answered or hung up on. */
  enter (response: ServerResponse): void
  /** Resolves when no request is in flight, after `timeoutMs` at the latest. Does not keep the process alive. */
  drained (timeoutMs: number): Promise<void>
}

export function createInFlight (): InFlight {
  let count = 0
  let onIdle: (() => void) | undefined
  const leave = (): void => { if (--count === 0) onIdle?.() }

  return {
    get count () { return count },
    enter (response) {
      // A client that hung up while its request waited for what is being built: 'close' has been and gone.
      if (response.closed) return
      count++
      response.on('close', leave)
    },
    async drained (timeoutMs) {
      if (count === 0) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, timeoutMs)
        timer.unref()
        onIdle = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
