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
    headers: Record<string, string | string[] | undefined>
    body?: LoggedBody
    ip: string
  }
  /** What answered; absent when nothing matched. */
  endpoint?: { id: string, path: string, variant?: string }
  /** Whether an endpoint was found. */
  matched: boolean
  /** Absent while the answer is not complete, or when the client hung up first. */
  response?: {
    status: number
    headers: Record<string, string | string[] | number | undefined>
    body?: LoggedBody
  }
  /** The client hung up before the answer was complete. */
  aborted: boolean
  /** What was done to the request on purpose. */
  injected?: { latency_ms?: number, failure?: number }
  /** From the request's arrival to the end of the answer, in milliseconds. */
  duration_ms: number
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
  method?: string
  /** Exact path, or a glob with `*`. */
  path?: string
  /** Text that the URL contains. */
  url?: string
  status?: number
  endpoint?: string
  matched?: boolean
  /** Only entries after this seq. */
  after?: number
  /** Only entries before this seq. */
  before?: number
}

export interface RequestLog {
  find (filter?: LogFilter): LogEntry[]
  count (filter?: LogFilter): number
  clear (): void
  /** The next (or an already logged) entry that fits; rejects with MOCK_ERR_WAIT_TIMEOUT. */
  waitFor (filter?: LogFilter, options?: { timeout_ms?: number, signal?: AbortSignal }): Promise<LogEntry>
  /** Calls the listener for each new entry, until the returned function is called. */
  subscribe (listener: (entry: LogEntry) => void): () => void
}
