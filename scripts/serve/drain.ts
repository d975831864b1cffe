import type { FastifyInstance } from 'fastify'
import { constants } from 'node:os'

/** What a container runtime waits before it kills is 10 s, as a rule: we want to be through before. */
const DRAIN_MS = 8_000

const IDLE_CHECK_MS = 50

export type StopSignal = 'SIGTERM' | 'SIGINT'

/**
 * Watches for signals to stop. The first one after `untilStopped` was called resolves it; any other ends the process at once, as
 * a shell would have it told (128 + n). As the first process of a container, where signals are ignored by default, too.
 */
export function watchSignals (): { untilStopped: () => Promise<StopSignal> } {
  let resolveFirst: ((signal: StopSignal) => void) | undefined
  const stop = (signal: StopSignal) => {
    if (resolveFirst === undefined) process.exit(128 + constants.signals[signal])
    resolveFirst(signal)
    resolveFirst = undefined
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return { untilStopped: () => new Promise(resolve => { resolveFirst = resolve }) }
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
