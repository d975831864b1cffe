import { parse } from 'node:querystring'
import type { LogEntry, RawRecord } from '../request-log.ts'
import { loggedBody } from './logged-body.ts'

/** What people read of a record; made anew each time somebody looks, theirs to change: records share headers. `prefix` is the plugin's, which `path` leaves out. */
export function viewEntry (record: RawRecord, seq: number, prefix: string): LogEntry {
  const { method, url, headers, ip, body, endpoint, variant, scope, profile, status, responseHeaders = {}, payload, injected, violations, moves, caller } = record
  const entry: LogEntry = {
    seq,
    id: record.id,
    time: new Date(record.time).toISOString(),
    generation: record.generation,
    request: { method, url, path: pathOf(url, prefix), query: queryOf(url), headers: { ...headers }, ip },
    matched: endpoint !== undefined,
    aborted: record.aborted,
    duration_ms: Math.round(record.duration * 1000) / 1000
  }
  if (body !== undefined) entry.request.body = loggedBody(body, INFLATED)
  if (endpoint !== undefined) entry.endpoint = { ...endpoint, ...variant !== undefined && { variant } }
  if (scope !== undefined) entry.scope = scope
  // Named one by one: of the caller it is told who it is, and not by what that was shown.
  if (caller !== undefined) entry.caller = { scheme: caller.scheme, ...caller.sub !== undefined && { sub: caller.sub }, scopes: [...caller.scopes], roles: [...caller.roles] }
  if (profile !== undefined) entry.profile = profile
  if (status !== undefined) {
    entry.response = { status, headers: { ...responseHeaders } }
    if (payload !== undefined) entry.response.body = loggedBody(payload, responseHeaders)
  }
  if (injected !== undefined) entry.injected = injected
  if (moves !== undefined) entry.scenarios = Object.fromEntries([...moves].map(([name, [from, to]]) => [name, [from, to]]))
  if (violations !== undefined) entry.violations = [...violations]
  return entry
}

/**
 * @example
 * pathOf('/v1/users/7?page=2', '/v1') // '/users/7'
 */
export function pathOf (url: string, prefix: string): string {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  if (prefix === '' || !path.startsWith(prefix)) return path
  if (path.length === prefix.length) return '/'
  return path.charAt(prefix.length) === '/' ? path.slice(prefix.length) : path
}

/** What came compressed has been inflated by now, whatever its headers say. */
const INFLATED = {}

function queryOf (url: string): Record<string, unknown> {
  const mark = url.indexOf('?')
  return mark === -1 ? {} : { ...parse(url.slice(mark + 1)) }
}
