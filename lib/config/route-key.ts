import { routePath } from '../path.ts'
import { matchKey, type Match } from '../match.ts'

/**
 * The routes that a path stands for, with parameter names taken out, so that equal routes have equal keys: `/users/:id` and
 * `/users/{name}` both give `/users/:`. An optional last segment gives two, `/a/:b?` is `/a` and `/a/:`. Regular expressions
 * are part of the key, because a router tells routes apart by them.
 *
 * @param match what else sets endpoints of one path apart
 * @example
 * routeKeys('/users/{id}', ['', '/v1']) // ['/users/:', '/v1/users/:']
 * routeKeys('/users', [''], { query: { beta: 'true' } }) // ['/users?beta=true']
 */
export function routeKeys (path: string, basePaths: readonly string[] = [''], match?: Match): string[] {
  return basePaths.flatMap(base => optionalVariants(routePath(base + path).url).map(url => withoutNames(url) + matchKey(match)))
}

function optionalVariants (path: string): string[] {
  const optional = /^(.*)\/(:[^/]+)\?$/.exec(path)
  if (optional === null) return [path]
  const [, before = '', segment = ''] = optional
  return [before === '' ? '/' : before, `${before}/${segment}`]
}

function withoutNames (path: string): string {
  let key = ''
  let at = 0
  while (at < path.length) {
    const char = path[at]!
    if (char === ':' && path[at + 1] === ':') {
      key += '::'
      at += 2
    } else if (char === ':') {
      at = skip(path, at + 1, /[^/\-.(]/)
      key += ':'
      if (path[at] !== '(') continue
      const end = closing(path, at)
      key += path.slice(at, end)
      at = end
    } else {
      key += char
      at++
    }
  }
  return key
}

function skip (text: string, from: number, while_: RegExp): number {
  let at = from
  while (at < text.length && while_.test(text[at]!)) at++
  return at
}

/** Behind the bracket that closes the one at `from`. */
function closing (text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return text.length
}
