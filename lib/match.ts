import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { Endpoint } from './config.ts'

/** What belongs to an endpoint's address besides method and path: the value that each must have, or `true` for any. */
export type Match = NonNullable<Endpoint['match']>

/** What of a request is looked at; names of headers in lower case. */
export interface Matchable {
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
}

const sorted = (values: Match['query']): Array<[string, string | true]> => Object.entries(values ?? {}).sort(([a], [b]) => a < b ? -1 : 1)

/**
 * The same text for the same demands, in whatever order: what sets two endpoints of one path apart. Empty for none.
 *
 * @example
 * matchKey({ query: { tagging: true, 'list-type': '2' }, headers: { 'X-Target': 'Create' } }) // '?list-type=2&tagging {x-target: Create}'
 */
export function matchKey (match: Match | undefined): string {
  const query = queryText(match)
  const headers = sorted(match?.headers).map(([name, value]) => value === true ? name.toLowerCase() : `${name.toLowerCase()}: ${value}`)
  return `${query}${headers.length === 0 ? '' : ` {${headers.join(', ')}}`}`
}

/** The query that a request needs, with its question mark; empty for none. */
export function queryText (match: Match | undefined): string {
  const parts = sorted(match?.query).map(([name, value]) => value === true ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** Whether a request has everything that is asked for; of a parameter that comes several times, one has to fit. */
export function fitsMatch ({ query, headers }: Matchable, match: Match): boolean {
  return sorted(match.query).every(([name, wanted]) => has(query, name, wanted)) && sorted(match.headers).every(([name, wanted]) => has(headers, name.toLowerCase(), wanted))
}

const has = (values: Readonly<Record<string, unknown>>, name: string, wanted: string | true): boolean =>
  Object.hasOwn(values, name) && values[name] !== undefined && (wanted === true || [values[name]].flat().some(value => String(value) === wanted))

/** A route, and which requests to it are meant. */
export interface MatchRoute {
  methods: readonly string[]
  /** In the router's syntax. */
  url: string
  /** The same for routes that the router takes for one. */
  place: string
  /** Absent for a route that takes whatever the others leave. */
  match: Match | undefined
  /** Where requests that fit are routed. */
  hidden: string
}

export interface FinderOptions {
  ignoreTrailingSlash: boolean
  maxParamLength: number
}

/** Where a request is routed among endpoints of one path; undefined where that is its own URL. */
export type FindMatching = (method: string, url: string, request: () => Matchable) => string | undefined

/**
 * Tells endpoints of one path apart by query and headers, which no router does for any number of them. The routes have to be all
 * those that are served, since a path that asks for nothing may be the more specific one.
 *
 * @param options those of the router that serves, so that both read paths alike
 */
export function createMatchFinder (routes: readonly MatchRoute[], options: FinderOptions): FindMatching {
  const find = createRouteFinder(routes, options)
  return (method, url, request) => {
    const route = find(method, url, request)
    return route?.match === undefined ? undefined : route.hidden
  }
}

/** The route that a request is for; undefined where there is none. Its headers and query are looked at where routes ask for them. */
export type FindRoute = (method: string, url: string, request: () => Matchable) => MatchRoute | undefined

/** Finds routes as the router that serves them does. */
export function createRouteFinder (routes: readonly MatchRoute[], options: FinderOptions): FindRoute {
  const router = findMyWay(options)
  const groups = new Map<string, MatchRoute[]>()
  for (const route of routes) {
    for (const method of route.methods) {
      const key = `${method} ${route.place}`
      const group = groups.get(key)
      if (group !== undefined) group.push(route)
      else {
        const first = [route]
        groups.set(key, first)
        tryOn(() => router.on(method as HTTPMethod, route.url, () => {}, first))
      }
    }
  }
  // The more is asked for, the more exactly is that endpoint meant.
  const count = ({ match }: MatchRoute): number => Object.keys(match?.query ?? {}).length + Object.keys(match?.headers ?? {}).length
  for (const group of groups.values()) group.sort((a, b) => count(b) - count(a))

  return (method, url, request) => {
    const group: readonly MatchRoute[] | undefined = router.find(method as HTTPMethod, url)?.store
    if (group === undefined) return undefined
    const [first] = group
    if (first === undefined || count(first) === 0) return first
    const asked = request()
    return group.find(({ match }) => match === undefined || fitsMatch(asked, match))
  }
}

/** A path that the router cannot read is told where it is served. */
function tryOn (register: () => void): void {
  try {
    register()
  } catch {}
}
