import type { LogEntry } from '../request-log.ts'
import { countOf } from './count.ts'
import { LoggedRequest, type ParamsOf } from './logged-request.ts'
import type { RequestLine, VerificationReport } from './report.ts'

/** What the log of a session can say. */
export interface Evidence {
  /** The oldest first. */
  readonly requests: readonly LoggedRequest[]
  /** How many the log has dropped since the session began or was emptied. */
  readonly dropped: number
  /** `log.max_entries`; with 0 there is no log. */
  readonly maxEntries: number
}

/** So many other requests are told. */
const TOLD = 5

export function readEvidence (entries: readonly LogEntry[], paramsOf: ParamsOf, bounds: Pick<Evidence, 'dropped' | 'maxEntries'>): Evidence {
  return { ...bounds, requests: entries.map(entry => new LoggedRequest(entry, paramsOf)) }
}

export function lineOf ({ seq, request, response, endpoint }: LogEntry, note?: string): RequestLine {
  return {
    seq,
    method: request.method,
    path: request.path,
    ...response !== undefined && { status: response.status },
    ...endpoint !== undefined && { endpoint: endpoint.id },
    ...note !== undefined && { note }
  }
}

/** What else came: a few, the newest first. */
export function otherLines (requests: readonly LoggedRequest[]): Pick<VerificationReport, 'requests' | 'total'> {
  return { requests: requests.slice(-TOLD).reverse().map(({ entry }) => lineOf(entry)), total: requests.length }
}

/** What has to be known to judge. Whoever asks for bodies has to know which are not there. */
export function notesOf ({ requests, dropped, maxEntries }: Evidence): string[] {
  const cut = requests.filter(({ entry }) => entry.request.body?.truncated === true)
  return [
    ...maxEntries === 0 ? ['the request log is off (log.max_entries is 0), so that nothing can be verified'] : [],
    ...dropped > 0 ? [`the log has dropped ${countOf(dropped, 'older request')}, which may have been the ones: raise log.max_entries or log.max_bytes`] : [],
    ...cut.length > 0 ? [`the log has cut the ${cut.length === 1 ? `body of #${cut[0]?.entry.seq}` : `bodies of ${cut.length} requests`}, of which nothing can be said: raise log.max_body_bytes`] : []
  ]
}
