import type { LogEntry } from '../../lib/request-log.ts'
import { violationText } from '../../lib/violation/violation.ts'
import { printable, type Paint, type Style } from '../paint.ts'
import { hintOf } from './hint-of.ts'

const LONGEST_URL = 120

/**
 * One request on one line: method, URL, status, time, and what is worth knowing besides.
 *
 * @example
 * // GET    /users/7 200 104 ms, 100 ms of latency
 * // GET    /usres 404 2 ms, no match: Did you mean GET /users?
 */
export function requestLine (entry: LogEntry, paint: Paint): string {
  const { request: { method, url }, response, duration_ms: duration, aborted } = entry
  const shown = url.length > LONGEST_URL ? `${url.slice(0, LONGEST_URL)}…` : url
  const status = response === undefined ? '---' : paint(styleOf(response.status), String(response.status))
  const remarks = [...remarksOn(entry), ...aborted ? ['the client hung up'] : []]
  const rest = remarks.length === 0 ? '' : paint('yellow', `, ${printable(remarks.join(', '))}`)
  return `${paint('bold', method.padEnd(6))} ${printable(shown)} ${status} ${paint('dim', `${Math.round(duration)} ms`)}${rest}`
}

function * remarksOn (entry: LogEntry): Generator<string> {
  const { matched, injected, endpoint, violations } = entry
  if (injected?.latency_ms !== undefined && injected.latency_ms > 0) yield `${Math.round(injected.latency_ms)} ms of latency`
  if (injected?.failure !== undefined) yield 'failure injected'
  if (injected?.fault !== undefined) yield `fault injected: ${injected.fault}`
  if (endpoint?.variant !== undefined) yield `variant ${endpoint.variant}`
  const [violation, ...others] = violations ?? []
  if (violation !== undefined) yield `${violationText(violation)}${others.length === 0 ? '' : ` and ${others.length} more`}`
  if (!matched) {
    const hint = hintOf(entry)
    yield hint === undefined ? 'no match' : `no match: ${hint}`
  }
}

function styleOf (status: number): Style {
  if (status >= 500) return 'red'
  if (status >= 400) return 'yellow'
  return status >= 300 ? 'cyan' : 'green'
}
