import type { Endpoint, ResourceOptions, WrittenEndpoint } from '../config.ts'

/** A resource's options; a name alone is that of its collection. */
export const resourceOptions = ({ resource }: WrittenEndpoint): ResourceOptions | undefined =>
  typeof resource === 'string' ? { collection: resource } : resource

/**
 * An endpoint with its path: that of a resource is its collection's name, where none is written. The very same object where there is
 * nothing to do.
 *
 * @example
 * addressed({ resource: 'users' }) // { path: '/users', resource: 'users' }
 */
export function addressed (endpoint: WrittenEndpoint): Endpoint {
  if (hasPath(endpoint)) return endpoint
  return { path: `/${resourceOptions(endpoint)?.collection ?? ''}`, ...endpoint }
}

function hasPath (endpoint: WrittenEndpoint): endpoint is Endpoint {
  return endpoint.path !== undefined
}

/** The last word of a path: what a resource's collection is called that has no other name. */
export function collectionOf (endpoint: Endpoint): string {
  const named = resourceOptions(endpoint)?.collection
  if (named !== undefined) return named
  const words = endpoint.path.split('/').filter(segment => segment !== '' && !/[:{*]/.test(segment))
  return words.at(-1) ?? 'items'
}

/** A path with something behind it: parameters are written as the path itself writes them. */
export function below (path: string, ...segments: ReadonlyArray<string | { parameter: string }>): string {
  const start = path.endsWith('/') ? path.slice(0, -1) : path
  return segments.reduce<string>((whole, segment) => `${whole}/${typeof segment === 'string' ? segment : path.includes('{') ? `{${segment.parameter}}` : `:${segment.parameter}`}`, start)
}
