import type { Defaults, Endpoint, Headers, Response } from '../config.ts'
import { filledLimits, namedLimits } from '../rate-limit/inherit.ts'

/** What stands on an answer; the rest of the defaults stands on the endpoint, whether it has one answer or several. */
const ANSWER_KEYS = ['status', 'content_type', 'template'] as const

/** The defaults of a file over those of the file that includes it. */
export function mergeDefaults (own: Defaults | undefined, outer: Defaults | undefined): Defaults | undefined {
  if (own === undefined || outer === undefined) return own ?? outer
  const merged = { ...outer, ...own }
  const headers = mergeHeaders(own.headers, outer.headers)
  return headers === undefined ? merged : { ...merged, headers }
}

/** Headers over others, whatever the case of their names. */
function mergeHeaders (own: Headers | undefined, outer: Headers | undefined): Headers | undefined {
  if (own === undefined || outer === undefined) return own ?? outer
  const names = new Set(Object.keys(own).map(name => name.toLowerCase()))
  const kept = Object.entries(outer).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...own }
}

/**
 * An endpoint with its defaults filled in, so that nothing else needs to know of them: those of an answer go to each of its
 * answers, the others to the endpoint itself.
 *
 * @example
 * applyDefaults({ path: '/a', responses: [{ response: 1 }] }, { status: 201, latency_ms: 50 })
 * // { path: '/a', responses: [{ response: 1, status: 201 }], latency_ms: 50 }
 */
export function applyDefaults (endpoint: Endpoint, defaults: Defaults | undefined): Endpoint {
  if (defaults === undefined) return endpoint
  const { headers, ...others } = defaults
  const answer: Response = {}
  const behaviour = { ...others }
  if (others.rate_limit !== undefined) behaviour.rate_limit = namedLimits(others.rate_limit, 'default')
  for (const key of ANSWER_KEYS) {
    Object.assign(answer, others[key] !== undefined && { [key]: others[key] })
    delete behaviour[key]
  }
  const fill = <T extends Response>(part: T): T => {
    const merged = mergeHeaders(part.headers, headers)
    const own = defined(part)
    // Twice, so that what is written comes first when it is shown.
    return { ...own, ...answer, ...own, ...merged !== undefined && { headers: merged } }
  }
  const own = defined(endpoint)
  if (own.rate_limit !== undefined) own.rate_limit = filledLimits(own.rate_limit, behaviour.rate_limit)
  const filled: Endpoint = { ...own, ...behaviour, ...own }
  return filled.responses === undefined ? fill(filled) : { ...filled, responses: filled.responses.map(fill) }
}

/** In code, a key may be there and undefined, which means that it is not set. */
function defined<T extends object> (part: T): T {
  if (!Object.values(part).includes(undefined)) return part
  const copy = { ...part }
  for (const [key, value] of Object.entries(part)) if (value === undefined) Reflect.deleteProperty(copy, key)
  return copy
}
