import { isConfigInvalid } from '../../lib/config/invalid.ts'
import type { LogEntry } from '../../lib/request-log.ts'
import { oncePerEndpoint } from '../once-per-endpoint.ts'
import { hintOf } from './hint-of.ts'
import type { Report } from './report.ts'
import { samplesOf } from './samples.ts'
import { toJson } from './to-json.ts'

/**
 * One JSON object per line (https://jsonlines.org), told apart by `event`; the keys are documented in `docs/cli.md`.
 *
 * @param write takes a line, its end included
 */
export function createJsonReport (write: (line: string) => void): Report {
  const say = (event: string, details: object) => write(`${toJson({ event, time: new Date().toISOString(), ...details })}\n`)
  return {
    listening ({ url, network, control, madeToken, host, port, routes, seed, profile, files, isDemo, watching, warnings }) {
      say('listening', { url, network, host, port, pid: process.pid, control, admin_token: madeToken, endpoints: oncePerEndpoint(routes).first.length, samples: samplesOf(url, routes), seed, profile, files, demo: isDemo, watching, warnings })
    },
    request: entry => say('request', requestDetails(entry)),
    reloaded: result => say('reloaded', result),
    reloadFailed (error) {
      const diagnostics = isConfigInvalid(error) ? error.diagnostics : []
      say('reload_failed', { message: error.message, diagnostics, serving: 'the last good configuration' })
    },
    // What the server logs has keys of its own, which must not pass for ours.
    notice: (level, message, details) => say('log', { level, message, details: JSON.parse(toJson(details)) }),
    stopping: signal => say('stopping', { signal }),
    stopped: drained => say('stopped', { drained })
  }
}

/** The time of an entry is when its request came in. */
function requestDetails (entry: LogEntry): object {
  const { seq, id, time, request: { method, url }, response, endpoint, matched, aborted, injected, violations, duration_ms: duration } = entry
  return { time, seq, id, method, url, status: response?.status, duration_ms: duration, endpoint: endpoint?.id, matched, aborted, injected, violations, hint: matched ? undefined : hintOf(entry) }
}
