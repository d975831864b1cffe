import type { CompiledEndpoint } from './endpoint.ts'

/** What a client may mistake one for another of. */
const MISTAKEN = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Which methods lenient endpoints answer besides their own: all the common ones, where a path has one endpoint and so no other can be
 * meant. There are clients of real APIs that post what the API's own document gets.
 */
export function strayMethods (endpoints: readonly CompiledEndpoint[], isLenient: (endpoint: CompiledEndpoint) => boolean): ReadonlyMap<CompiledEndpoint, readonly string[]> {
  const strays = new Map<CompiledEndpoint, readonly string[]>()
  if (!endpoints.some(isLenient)) return strays
  const holders = new Map<string, Set<CompiledEndpoint>>()
  for (const endpoint of endpoints) {
    for (const place of placesOf(endpoint)) holders.set(place, (holders.get(place) ?? new Set()).add(endpoint))
  }
  for (const endpoint of endpoints) {
    if (!isLenient(endpoint) || placesOf(endpoint).some(place => holders.get(place)?.size !== 1)) continue
    strays.set(endpoint, MISTAKEN.filter(method => !endpoint.methods.includes(method)))
  }
  return strays
}

const placesOf = ({ routes }: CompiledEndpoint): string[] => routes.flatMap(({ places }) => places)

/** Whether a slash at the end can be overlooked: not where two paths differ in nothing else. */
export function mayOverlookSlash (endpoints: readonly CompiledEndpoint[]): boolean {
  const urls = new Set(endpoints.flatMap(({ routes }) => routes.map(({ url }) => url)))
  return ![...urls].some(url => url !== '/' && url.endsWith('/') && urls.has(url.slice(0, -1)))
}
