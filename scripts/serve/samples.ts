import type { RouteInfo } from '../../lib/mock.ts'

/** A request to try. */
export interface Sample {
  method: string
  url: string
}

/** So many fit above the fold. */
const MOST = 8

/** Requests that can be made as they stand, for the first endpoints; GET where there is a choice, as it can be clicked. */
export function samplesOf (url: string, routes: readonly RouteInfo[]): Sample[] {
  const { origin } = new URL(url)
  return routes.filter(({ enabled }) => enabled).slice(0, MOST).map(({ methods, sample }) => {
    const [first = 'GET'] = methods
    return { method: methods.includes('GET') ? 'GET' : first, url: origin + sample }
  })
}
