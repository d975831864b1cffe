import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { Endpoint } from './config.ts'

/** Query parameters that belong to an endpoint's address: the value that each must have, or `true` for any. */
export type PinnedQuery = NonNullable<Endpoint['query']>

/**
 * The same text for the same parameters, in whatever order: what sets two endpoints of one path apart. Empty for none.
 *
 * @example
 * queryKey({ tagging: true, 'list-type': '2' }) // '?list-type=2&tagging'
 */
export function queryKey (query: PinnedQuery | undefined): string {
  const parts = Object.entries(query ?? {}).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) => value === true ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** Whether a request's query has everything that is asked for; of a parameter that comes several times, one has to fit. */
export function hasPinned (query: Readonly<Record<string, unknown>>, pinned: PinnedQuery): boolean {
  return Object.entries(pinned).every(([name, wanted]) =>
    Object.hasOwn(query, name) && (wanted === true || [query[name]].flat().some(value => String(value) === wanted)))
}

/** A route, and which requests to it are meant. */
export interface QueryRoute {
  methods: readonly string[]
  /** In the router's syntax. */
  url: string
  /** The same for routes that the router takes for one. */
  place: string
  /** Absent for a route that takes whatever the others leave. */
  query: PinnedQuery | undefined
  /** Where requests that have these parameters are routed. */
  hidden: string
}

export interface FinderOptions {
  ignoreTrailingSlash: boolean
  maxParamLength: number
}

/** Where a request is routed among endpoints that differ by their query; undefined where that is its own URL. */
export type FindPinned = (method: string, url: string, query: () => Readonly<Record<string, unknown>>) => string | undefined

/**
 * Tells endpoints of one path apart by their query, which no router does: its routes have to be all those that are served, since a
 * path without a query may be the more specific one.
 *
 * @param options those of the router that serves, so that both read paths alike
 */
export function createPinnedFinder (routes: readonly QueryRoute[], options: FinderOptions): FindPinned {
  const router = findMyWay(options)
  const groups = new Map<string, QueryRoute[]>()
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
  const count = ({ query }: QueryRoute): number => Object.keys(query ?? {}).length
  for (const group of groups.values()) group.sort((a, b) => count(b) - count(a))

  return (method, url, query) => {
    const group: readonly QueryRoute[] | undefined = router.find(method as HTTPMethod, url)?.store
    if (group === undefined || count(group[0]!) === 0) return undefined
    const asked = query()
    const route = group.find(({ query }) => query === undefined || hasPinned(asked, query))
    return route?.query === undefined ? undefined : route.hidden
  }
}

/** A path that the router cannot read is told where it is served. */
function tryOn (register: () => void): void {
  try {
    register()
  } catch {}
}
