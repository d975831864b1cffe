import type { ServerResponse } from 'node:http'

/** Server-sent events (HTML Living Standard, section 9.2) on a raw response. */
export interface EventStream {
  /** Whether the client keeps up; when not, wait until it has drained. Data must be one line. */
  send (data: string, fields?: { id?: number, event?: string }): boolean
  onceDrained (listener: () => void): void
  end (): void
}

/** How long a client waits before it connects again. */
const RETRY_MS = 2000

/** Opens the stream, and keeps it open through proxies by a comment every `heartbeatMs`. */
export function openEventStream (raw: ServerResponse, heartbeatMs: number): EventStream {
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no'
  })
  raw.write(`retry: ${RETRY_MS}\n\n`)
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs)
  raw.once('close', () => clearInterval(heartbeat))
  return {
    send (data, { id, event } = {}) {
      if (raw.writableEnded || raw.destroyed) return true
      return raw.write(`${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`)
    },
    onceDrained: listener => { raw.once('drain', listener) },
    end: () => { raw.end() }
  }
}
