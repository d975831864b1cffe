import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MOCK_ERR_LOG_ENTRY_UNKNOWN } from '../../lib/errors.ts'
import type { LogEntry, RequestLog } from '../../lib/request-log.ts'
import { ClearQuery, filterOf, ListQuery } from './log-query.ts'
import { linkWith } from './page.ts'
import { Empty, EntryRef, next, ProblemRef, total } from './schemas.ts'

export interface LogRoutesOptions {
  log: RequestLog
}

/** A page ends early when the bodies in it come to this: writing JSON holds everybody up. */
const PAGE_BYTES = 4 * 1024 * 1024

const tags = ['logs']

/** The request log: to be read, page by page, and to be emptied. */
export const logRoutes: FastifyPluginAsyncTypebox<LogRoutesOptions> = async (fastify, { log }) => {
  fastify.get('', {
    schema: {
      tags,
      summary: 'Requests, the newest first',
      querystring: ListQuery,
      response: { 200: Type.Object({ entries: Type.Array(EntryRef), total, next }), 400: ProblemRef }
    }
  }, async ({ query, url }) => {
    const { limit = 100, order = 'desc' } = query
    const filter = filterOf(query)
    const found = log.find({ ...filter, limit: limit + 1, order })
    const entries = fitting(found.slice(0, limit))
    const last = entries.at(-1)
    const hasMore = last !== undefined && found.length > entries.length
    return {
      entries,
      total: log.count({ ...filter, after: undefined, before: undefined }),
      ...(hasMore ? { next: linkWith(url, { [order === 'asc' ? 'after' : 'before']: String(last.seq) }) } : {})
    }
  })

  fastify.delete('', {
    schema: { tags, summary: 'Empty the log', querystring: ClearQuery, response: { 204: Empty } }
  }, async ({ query: { scope } }, reply) => {
    log.clear(scope === undefined ? undefined : { scope: scope === '' ? null : scope })
    return reply.code(204).send(null)
  })
}

/** One request by its number. */
export const logEntryRoute: FastifyPluginAsyncTypebox<LogRoutesOptions> = async (fastify, { log }) => {
  fastify.get('/:seq', {
    schema: {
      tags,
      summary: 'One request',
      params: Type.Object({ seq: Type.Integer({ minimum: 0 }) }),
      response: { 200: EntryRef, 404: ProblemRef }
    }
  }, async ({ params: { seq } }) => {
    const [entry] = log.find({ after: seq - 1, before: seq + 1 })
    if (entry === undefined) throw new MOCK_ERR_LOG_ENTRY_UNKNOWN(seq, describeRange(log))
    return entry
  })
}

function describeRange (log: RequestLog): string {
  const [first] = log.find({ limit: 1 })
  const [last] = log.find({ limit: 1, order: 'desc' })
  return first === undefined || last === undefined ? 'it is empty' : `it holds ${first.seq} to ${last.seq}`
}

/** As many as stay below PAGE_BYTES, one at least. */
function fitting (entries: LogEntry[]): LogEntry[] {
  let bytes = 0
  const end = entries.findIndex(({ request, response }) => {
    for (const body of [request.body, response?.body]) bytes += (body?.text ?? body?.base64 ?? '').length
    return bytes > PAGE_BYTES
  })
  return end === -1 ? entries : entries.slice(0, Math.max(1, end))
}
