import type { Config, SharedCacheOptions, SharedCachePolicy } from '../config.ts'
import type { CompiledEndpoint } from '../endpoint.ts'

/** How a shared cache stands in front of the endpoints of a configuration. */
export interface CacheFront {
  /** What it is called in `Cache-Status`. */
  readonly name: string
  /** The header that tells what it did. */
  readonly header: string | undefined
  /** Of an endpoint that it stands in front of. */
  policyOf (endpoint: CompiledEndpoint): SharedCachePolicy | undefined
  /** Whether writes to an endpoint make it forget what it has of the same address. */
  watches (endpoint: CompiledEndpoint): boolean
}

/** @returns undefined where no endpoint has a shared cache in front of it */
export function cacheFront (configured: Config['shared_cache'], endpoints: readonly CompiledEndpoint[]): CacheFront | undefined {
  const isOn = configured !== undefined && configured !== false
  const { name = 'mock', header = 'x-cache', max_bytes: _bytes, max_entries: _entries, max_entry_bytes: _body, ...policy }: SharedCacheOptions = typeof configured === 'object' ? configured : {}
  const policyOf = ({ config: { shared_cache: own = isOn } }: CompiledEndpoint): SharedCachePolicy | undefined =>
    own === false ? undefined : typeof own === 'object' ? { ...policy, ...own } : policy
  const places = new Set(endpoints.filter(endpoint => policyOf(endpoint) !== undefined).flatMap(placesOf))
  if (places.size === 0) return undefined
  return {
    name,
    header: header === false ? undefined : header,
    policyOf,
    watches: endpoint => endpoint.config.shared_cache !== false && placesOf(endpoint).some(place => places.has(place))
  }
}

const placesOf = ({ routes }: CompiledEndpoint): string[] => routes.flatMap(({ places }) => [...places])
