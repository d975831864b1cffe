import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MOCK_ERR_CONTROL_STREAMS } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import type { LogEntry, LogFilter } from '../../lib/request-log.ts'
import { openEventStream, type EventStream } from './event-stream.ts'
import { filterOf, StreamQuery } from './log-query.ts'
import { ProblemRef } from './schemas.ts'

export interface LogStreamOptions {
  mock: Mock
  heartbeatMs: number
  /** Those that are open, under whichever path. */
  streams: Set<EventStream>
}

const MOST_STREAMS = 100

/** How long new entries gather before they are sent: a busy server then sends them many at a time. */
const GATHER_MS = 20

/** Entries read from the log, and written to the socket, at a time. */
const BATCH = 100

/**
 * The request log as it grows: server-sent events (HTML, section 9.2), one for each entry, with its `seq` as the id. The ring
 * itself is the backlog of those who read slowly, so that no client costs more than one batch; what the ring has dropped
 * before a client could have it is told by an event `gap`. Reloads are told by events `reload`.
 */
export const logStream: FastifyPluginAsyncTypebox<LogStreamOptions> = async (fastify, { mock, heartbeatMs, streams }) => {
  fastify.addHook('preClose', async () => { for (const stream of streams) stream.end() })

  fastify.get('', {
    exposeHeadRoute: false,
    config: { takesTokenInQuery: true },
    schema: {
      tags: ['logs'],
      summary: 'Requests as they come',
      description: 'Server-sent events: one `message` for each request, its id the entry\'s `seq`; `gap` where entries were lost; `reload` after each reload. ' +
        'Resumes after `Last-Event-ID`, or after `after`; without either it tells what comes from now on.',
      querystring: StreamQuery,
      response: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
        503: ProblemRef
      }
    }
  }, async (request, reply) => {
    if (streams.size >= MOST_STREAMS) throw new MOCK_ERR_CONTROL_STREAMS(streams.size)
    const filter = filterOf(request.query)
    const resumed = lastEventId(request.headers['last-event-id']) ?? filter.after
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
    reply.hijack()
    const stream = openEventStream(reply.raw, heartbeatMs)
    streams.add(stream)
    const stopFollowing = follow(mock, stream, { ...filter, after: startAfter(mock, resumed) })
    reply.raw.once('close', () => {
      stopFollowing()
      streams.delete(stream)
    })
  })
}

function lastEventId (header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

/** A seq that the log has not reached is from before a restart: all that is there is new to the client. */
function startAfter ({ requests }: Mock, resumed: number | undefined): number {
  const newest = requests.find({ limit: 1, order: 'desc' })[0]?.seq ?? 0
  return resumed === undefined ? newest : resumed > newest ? 0 : resumed
}

/** Sends what the filter lets through, as fast as the client takes it, until the returned function is called. */
function follow ({ requests, onReload }: Mock, stream: EventStream, { after = 0, ...filter }: LogFilter): () => void {
  let cursor = after
  let newest = after
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

  const unsubscribe = requests.subscribe(({ seq }) => {
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
