import type { Moves } from './choose.ts'
import type { LogOptions } from './config.ts'
import type { Explanation } from './explain.ts'
import type { Injected } from './injection/injected.ts'
import type { Caller } from './security/caller.ts'
import type { LogPart } from './scope/log-view.ts'
import type { Violation } from './violation/violation.ts'

export { createRequestLog, LOG_DEFAULTS } from './request-log/create-request-log.ts'

/** One request as the log keeps it. Bodies are text where they are text, base64 otherwise, and cut at `log.max_body_bytes`. */
export interface LogEntry {
  /** Grows by one with each request; the cursor for paging. */
  seq: number
  /** Request id (Fastify's). */
  id: string
  /** ISO 8601, when the request came in. */
  time: string
  /** Which generation answered. */
  generation: number
  request: {
    method: string
    url: string
    path: string
    query: Record<string, unknown>
    headers: HeaderBag
    body?: LoggedBody
    ip: string
  }
  /** What answered; absent when nothing matched. */
  endpoint?: {
    id: string
    path: string
    variant?: string
    /** The overlay that the endpoint belongs to; absent for those of the configuration. */
    overlay?: string
  }
  /** The scope that the request named; absent for those that named none. */
  scope?: string
  /** The profile that it was answered with; absent for none. */
  profile?: string
  /** Who called, where the endpoint's `security` told. */
  caller?: LoggedCaller
  /** Whether an endpoint was found. */
  matched: boolean
  /** Absent while the answer is not complete, or when the client hung up first. */
  response?: {
    status: number
    headers: HeaderBag
    body?: LoggedBody
  }
  /** The client hung up before the answer was complete. */
  aborted: boolean
  /** What was done to the request on purpose. */
  injected?: Injected
  /** The scenarios that its answer moved: the states before and after, by name. */
  scenarios?: Record<string, [from: string, to: string]>
  /** What was wrong with the request, whether it was rejected or served all the same (`validate: warn`). */
  violations?: Violation[]
  /** From the request's arrival to the end of the answer, in milliseconds. */
  duration_ms: number
  /**
   * Why nothing matched, by what is configured now: made when you look, of a request that nothing matched. It is not enumerable, so
   * that entries are listed, copied and compared without it.
   */
  readonly explanation?: Explanation
}

/** Who called, without what only the caller should know. */
export interface LoggedCaller {
  /** The security scheme that told. */
  scheme: string
  sub?: string
  scopes: string[]
  roles: string[]
}

export interface LoggedBody {
  text?: string
  base64?: string
  /** Whole size in bytes, also when cut. */
  size: number
  truncated: boolean
}

/** Which entries: each key narrows. */
export interface LogFilter {
  /** Upper or lower case. */
  method?: string
  /** Exact path, or a glob: `*` stands for any text, slashes included, as in a configured path. */
  path?: string
  /** Text that the URL contains. */
  url?: string
  status?: number
  endpoint?: string
  matched?: boolean
  /** Id of a scope; `null` for requests that named none. */
  scope?: string | null
  /** Name of a profile; `null` for requests that were answered with none. */
  profile?: string | null
  /** Id of the overlay that answered. Each scope has its own: together with `scope`. */
  overlay?: string
  /** Only entries after this seq. */
  after?: number
  /** Only entries before this seq. */
  before?: number
}

/** Which entries, how many, and from which end. */
export interface LogQuery extends LogFilter {
  /** At most so many; the others are reached with `after` (or `before`) the last one's `seq`. */
  limit?: number
  /** `asc`, oldest first, or `desc`, newest first. Default: asc. */
  order?: 'asc' | 'desc'
}

/**
 * The log of requests, kept in memory within `log.max_entries` and `log.max_bytes`; the oldest entries make room.
 *
 * @example
 * await fastify.mock.requests.waitFor({ method: 'POST', path: '/orders' })
 * fastify.mock.requests.count({ path: '/users/*', status: 404 })
 */
export interface RequestLog {
  find (query?: LogQuery): LogEntry[]
  count (filter?: LogFilter): number
  /** Forgets all entries, or those of a part; `seq` goes on from where it was. */
  clear (part?: LogPart): void
  /** How many entries had to make room for later ones since they were last cleared: all, or those of the part's scope. */
  evicted (part?: LogPart): number
  /**
   * The oldest logged entry that fits, or else the next one to come. Rejects with MOCK_ERR_WAIT_TIMEOUT after
   * `timeout_ms` (default: 5000), saying what came instead.
   */
  waitFor (filter?: LogFilter, options?: { timeout_ms?: number, signal?: AbortSignal }): Promise<LogEntry>
  /** Calls the listener for each new entry, until the returned function is called. */
  subscribe (listener: (entry: LogEntry) => void): () => void
}

/** The log as the server sees it, which writes it. */
export interface WritableRequestLog extends RequestLog {
  /** Cheap: nothing is parsed or formatted, and of bodies only what must be is copied. */
  append (record: RawRecord): void
  /** Other bounds from now on; entries beyond them are dropped, the oldest first. */
  configure (options: LogOptions): void
  /** What is kept now. `first` and `last` are the seqs of the ends; `first` is greater than `last` when nothing is. */
  stats (): { entries: number, bytes: number, first: number, last: number }
}

/**
 * One request as the server hands it over: references only. What people read, the LogEntry, is made of it when somebody
 * looks. Write it as one literal with all its keys, so that all records share a shape.
 */
export interface RawRecord {
  /** Request id. */
  id: string
  generation: number
  /** When the request came in, in milliseconds since the epoch. */
  time: number
  /** In milliseconds. */
  duration: number
  /** Upper case. */
  method: string
  /** As received, prefix and query included. */
  url: string
  headers: HeaderBag
  ip: string
  /** As received. */
  body: RawBody | undefined
  /** What answered. It is kept as it is: names alone, not an endpoint with all that is compiled for it. */
  endpoint: { readonly id: string, readonly path: string, readonly overlay?: string } | undefined
  variant: string | undefined
  /** Undefined when no answer was sent. */
  status: number | undefined
  responseHeaders: HeaderBag | undefined
  payload: RawBody | undefined
  injected: LogEntry['injected']
  violations: readonly Violation[] | undefined
  /** Scenarios that were moved. */
  moves: Moves | undefined
  caller: Pick<Caller, 'scheme' | 'sub' | 'scopes' | 'roles'> | undefined
  aborted: boolean
  scope: string | undefined
  profile: string | undefined
}

export type HeaderBag = Readonly<Record<string, string | string[] | number | undefined>>

/** A body as it came, or the part of it that is kept. */
export type RawBody = string | Buffer | KeptBody

/** Part of a body, or bytes; `size` is the size of the whole. */
export interface KeptBody {
  readonly data: string
  /** `latin1`: each character is one byte of what was a Buffer. */
  readonly encoding: 'utf8' | 'latin1'
  /** In bytes. */
  readonly size: number
}
