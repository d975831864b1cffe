import type { Mock } from '../../lib/mock.ts'
import type { LogEntry, LogFilter } from '../../lib/request-log.ts'
import type { EventStream } from './event-stream.ts'

/** How long new entries gather before they are sent: a busy server then sends them many at a time. */
const GATHER_MS = 20

/** Entries read from the log at a time. */
const BATCH = 100

/**
 * Sends what the filter lets through, as fast as the client takes it, until the returned function is called. The ring itself is
 * the backlog of those who read slowly, so that no client costs more than one batch; what the ring has dropped before a client
 * could have it is told by an event `gap`. Reloads are told by events `reload`.
 */
export function followLog ({ requests, onReload }: Mock, stream: EventStream, { after, ...filter }: LogFilter): () => void {
  let cursor = after ?? 0
  let newest = cursor
  let batch: LogEntry[] = []
  let timer: NodeJS.Timeout | undefined
  let isWaiting = false
  let hasMore = false

  function schedule (delay: number): void {
    if (isWaiting || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      pump()
    }, delay)
  }

  function pump (): void {
    if (batch.length === 0) read()
    for (let entry = batch.shift(); entry !== undefined; entry = batch.shift()) {
      if (!stream.send(JSON.stringify(entry), { id: entry.seq })) return waitForDrain()
    }
    if (hasMore || cursor < newest) schedule(0)
  }

  function read (): void {
    tellGap()
    batch = requests.find({ ...filter, after: cursor, limit: BATCH })
    hasMore = batch.length === BATCH
    const last = batch.at(-1)?.seq ?? cursor
    // Whatever else has come by now does not pass the filter.
    cursor = hasMore ? last : Math.max(last, newest)
  }

  function waitForDrain (): void {
    isWaiting = true
    stream.onceDrained(() => {
      isWaiting = false
      pump()
    })
  }

  function tellGap (): void {
    const oldest = requests.find({ limit: 1 })[0]?.seq
    if (oldest === undefined || oldest <= cursor + 1) return
    stream.send(JSON.stringify({ after: cursor, before: oldest }), { event: 'gap' })
    cursor = oldest - 1
  }

  let isFresh = after === undefined
  const unsubscribe = requests.subscribe(({ seq }) => {
    // The first of all, or numbers that began anew with a restart.
    if (isFresh || seq <= cursor) cursor = seq - 1
    isFresh = false
    newest = seq
    schedule(GATHER_MS)
  })
  const stopReloads = onReload(event => {
    stream.send(JSON.stringify(event.ok ? event : { ok: false, error: event.error.message }), { event: 'reload' })
  })
  pump()
  return () => {
    unsubscribe()
    stopReloads()
    clearTimeout(timer)
  }
}
