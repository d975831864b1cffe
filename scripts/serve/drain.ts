import type { FastifyInstance } from 'fastify'
import { constants } from 'node:os'

/** What a container runtime waits before it kills is 10 s, as a rule: we want to be through before. */
const DRAIN_MS = 8_000

const IDLE_CHECK_MS = 50

export type StopSignal = 'SIGTERM' | 'SIGINT'

/** Resolves with the first signal to stop; the second ends the process at once, as the shell would have it told (128 + n). */
export function untilStopped (): Promise<StopSignal> {
  return new Promise(resolve => {
    let asked = false
    const stop = (signal: StopSignal) => {
      if (asked) process.exit(128 + constants.signals[signal])
      asked = true
      resolve(signal)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

/**
 * Closes the server: it takes no new connections, and the requests in flight are answered first. Those that take longer than
 * `bound` are cut off.
 *
 * @returns whether all of them were answered
 */
export async function drain (app: FastifyInstance, bound = DRAIN_MS): Promise<boolean> {
  // A connection that becomes idle while the server closes would be kept alive, and the server open, for as long as clients like.
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => { timer = setTimeout(() => resolve(false), bound) })
  try {
    const closed = app.close().then(() => true)
    const drained = await Promise.race([closed, late])
    if (!drained) {
      app.server.closeAllConnections()
      // What does not end now, never will.
      await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 500).unref())])
    }
    return drained
  } finally {
    clearInterval(idle)
    clearTimeout(timer)
  }
}
