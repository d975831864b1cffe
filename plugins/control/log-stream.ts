import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MOCK_ERR_CONTROL_STREAMS } from '../../lib/errors.ts'
import type { Mock } from '../../lib/mock.ts'
import { openEventStream, type EventStream } from './event-stream.ts'
import { followLog } from './follow-log.ts'
import { filterOf, StreamQuery } from './log-query.ts'
import { ProblemRef } from './schemas.ts'

export interface LogStreamOptions {
  mock: Mock
  heartbeatMs: number
  /** Those that are open, under whichever path. */
  streams: Set<EventStream>
}

const MOST_STREAMS = 100

/**
 * The request log as it grows: server-sent events (HTML, section 9.2), one for each entry, with its `seq` as the id.
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
    // It may have hung up already: then nothing would ever tell so.
    if (reply.raw.destroyed) return
    const stream = openEventStream(reply.raw, heartbeatMs)
    streams.add(stream)
    const stopFollowing = followLog(mock, stream, { ...filter, after: startAfter(mock, resumed) })
    reply.raw.once('close', () => {
      stopFollowing()
      streams.delete(stream)
    })
  })
}

function lastEventId (header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

/** Where to begin: behind what the client has, else behind all there is; undefined when nothing is there to tell. */
function startAfter ({ requests }: Mock, resumed: number | undefined): number | undefined {
  const newest = requests.find({ limit: 1, order: 'desc' })[0]?.seq
  // A seq that the log has not reached is from before a restart: all that is there is new to the client.
  return resumed !== undefined && newest !== undefined && resumed > newest ? 0 : resumed ?? newest
}
