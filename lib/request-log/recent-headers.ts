import type { HeaderBag } from '../request-log.ts'

/** Clients whose headers are remembered at a time; whoever else comes takes the place of the one seen first. */
const REMEMBERED = 4

/**
 * Gives requests that carry the same headers the same object, so that the records of one client share theirs: what a record keeps
 * survives its request, and V8 copies survivors. Headers are compared as received, a list of names and values in turn
 * (`rawHeaders`); the object is read only of a list that is new.
 *
 * @example
 * const recent = createRecentHeaders()
 * recent(['host', 'a'], () => ({ host: 'a' })) === recent(['host', 'a'], () => ({ host: 'a' })) // true
 */
export function createRecentHeaders (): (raw: readonly string[], read: () => HeaderBag) => HeaderBag {
  const recent: Array<{ raw: readonly string[], headers: HeaderBag }> = []
  let next = 0

  return (raw, read) => {
    for (const known of recent) if (areEqual(known.raw, raw)) return known.headers
    const headers = read()
    recent[next] = { raw, headers }
    next = (next + 1) % REMEMBERED
    return headers
  }
}

/**
 * The same for headers that are there as an object already: those that were sent.
 *
 * @example
 * const last = createLastHeaders()
 * last({ etag: '"1"' }) === last({ etag: '"1"' }) // true
 */
export function createLastHeaders (): (headers: HeaderBag) => HeaderBag {
  let last: HeaderBag = {}
  return headers => {
    if (!haveEqual(headers, last)) last = headers
    return last
  }
}

function areEqual (list: readonly string[], other: readonly string[]): boolean {
  if (list.length !== other.length) return false
  // The last ones differ first: names and hosts come before cookies, lengths and ids.
  for (let i = list.length - 1; i >= 0; i--) if (list[i] !== other[i]) return false
  return true
}

/** Lists (`set-cookie`) are never equal: each answer keeps its own. */
function haveEqual (headers: HeaderBag, others: HeaderBag): boolean {
  for (const name in headers) if (headers[name] !== others[name]) return false
  for (const name in others) if (!(name in headers)) return false
  return true
}
