import type { RouteInfo } from '../../lib/mock.ts'
import { oncePerEndpoint } from '../once-per-endpoint.ts'

/** A request to try. */
export interface Sample {
  method: string
  url: string
}

/** So many fit above the fold. */
const MOST = 8

/** Requests that can be made as they stand, one for each of the first endpoints; those by GET first, as they can be clicked. */
export function samplesOf (url: string, routes: readonly RouteInfo[]): Sample[] {
  const { origin } = new URL(url)
  const { first } = oncePerEndpoint(routes.filter(({ enabled }) => enabled))
  const gets = first.filter(({ methods }) => methods.includes('GET'))
  const others = first.filter(({ methods }) => !methods.includes('GET'))
  return [...gets, ...others].slice(0, MOST).map(({ methods: [method = 'GET', ...more], sample }) =>
    ({ method: more.includes('GET') ? 'GET' : method, url: origin + sample }))
}
