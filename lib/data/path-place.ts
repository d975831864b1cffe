import { routePath } from '../path.ts'

/** What a path says of the things that it leads to. */
export interface PathPlace {
  /** The path without the names of its parameters, and without the id at its end: `/users/{}/orders`. */
  readonly collection: string
  /** Last literal segment of that: `orders`. */
  readonly name: string
  /** Parameters before the id, in order, each with the segment that stands before it. */
  readonly scope: ReadonlyArray<{ readonly name: string, readonly after: string }>
  /** The parameter that the path ends with: the path leads to one thing of the collection. */
  readonly id: string | undefined
}

const PARAMETER = /\{\+?[^{}/]+\}|(?<!:):\w+(?:\([^)]*\))?\??|\*/g

/**
 * Reads a path in either notation.
 *
 * @example
 * pathPlace('/users/{userId}/orders/{orderId}')
 * // { collection: '/users/{}/orders', name: 'orders', scope: [{ name: 'userId', after: 'users' }], id: 'orderId' }
 */
export function pathPlace (path: string): PathPlace {
  const { names } = routePath(path)
  const segments = path.split('/').filter(segment => segment !== '').map(segment => segment.replace(PARAMETER, '{}'))
  const isItem = segments.at(-1) === '{}'
  const parts = isItem ? segments.slice(0, -1) : segments
  const scope: Array<{ name: string, after: string }> = []
  let after = ''
  for (const part of parts) {
    for (let i = 0; i < part.split('{}').length - 1; i++) scope.push({ name: names[scope.length] ?? '', after })
    if (!part.includes('{}')) after = part
  }
  return {
    collection: `/${parts.join('/')}`,
    name: parts.findLast(part => !part.includes('{}')) ?? '',
    scope,
    id: isItem ? names.at(-1) : undefined
  }
}
