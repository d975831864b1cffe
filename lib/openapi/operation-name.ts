import { capitalise } from '../capitalise.ts'

/**
 * A name for an operation that has none, or not one of its own: method and path, as a function would be called.
 *
 * @example
 * operationName('get', '/users/{user-id}/files') // 'getUsersByUserIdFiles'
 */
export function operationName (method: string, path: string): string {
  const words = path
    .replace(/\{\+?([^{}]*)\}/g, ' by $1 ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
  return method.toLowerCase() + (words.length === 0 ? 'Root' : words.map(capitalise).join(''))
}
