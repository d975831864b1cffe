import type { LogEntry, LogQuery, RequestLog } from '../request-log.ts'

/** Which part of the log: that of a scope (`null`: of requests that name none), and in it of an overlay. */
export interface LogPart {
  readonly scope: string | null
  readonly overlay?: string
}

/** A part of the log as a log of its own. What empties it leaves the rest alone. */
export function viewLog (log: RequestLog, part: LogPart): RequestLog {
  const narrowed = (query: LogQuery = {}): LogQuery => ({ ...query, ...part })
  const holds = ({ scope, endpoint }: LogEntry): boolean => (scope ?? null) === part.scope && (part.overlay === undefined || endpoint?.overlay === part.overlay)

  return {
    find: query => log.find(narrowed(query)),
    count: filter => log.count(narrowed(filter)),
    clear: () => log.clear(part),
    evicted: () => log.evicted(part),
    waitFor: (filter, options) => log.waitFor(narrowed(filter), options),
    subscribe: listener => log.subscribe(entry => { if (holds(entry)) listener(entry) })
  }
}
