import type { RouteInfo } from '../lib/mock.ts'

/**
 * The routes without those that only repeat an endpoint below another base path, which doubles a list and tells nothing.
 *
 * @returns the first route of each endpoint, and the base paths below which all of them are served as well; undefined where some are not
 */
export function oncePerEndpoint (routes: readonly RouteInfo[]): { first: RouteInfo[], also: string[] | undefined } {
  const bases = new Map<string, string[]>()
  const first: RouteInfo[] = []
  for (const route of routes) {
    const others = bases.get(route.id)
    if (others !== undefined) others.push(route.base_path ?? '')
    else {
      first.push(route)
      bases.set(route.id, [])
    }
  }
  const [also = []] = bases.values()
  const isSame = [...bases.values()].every(others => others.join() === also.join())
  return { first, also: isSame ? also.map(base => base === '' ? '/' : base) : undefined }
}
