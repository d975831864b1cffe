/**
 * A configured path, translated into the router's own syntax (find-my-way).
 *
 * Two notations are read. `/users/:id` is the router's: `:name`, `:name(^regex$)`, an optional last `:name?`, a final `*`,
 * and `::` for a literal colon. `/users/{id}` is OpenAPI's (and RFC 6570's): any name, several in one segment, `{+name}` for
 * the rest of the path; a colon beside braces is literal, as in `/jobs/{id}:cancel`.
 */
export interface RoutePath {
  /** What is given to `fastify.route({ url })`. */
  url: string
  /** The router's parameter name -> the configured one, where these differ; undefined where none does. */
  aliases?: ReadonlyMap<string, string>
  /** The parameters' configured names, in order. */
  names: readonly string[]
  /** The parameters that a segment ends with, by the router's names: the router would let them be empty. */
  lone: readonly string[]
}

const BRACES = /\{(\+?)([^{}/]+)\}/g
const COLON = /::|:(\w+)/g

/**
 * @example
 * routePath('/users/{user-id}') // { url: '/users/:p1', aliases: Map { 'p1' => 'user-id' }, names: ['user-id'], lone: ['p1'] }
 */
export function routePath (path: string): RoutePath {
  let route = known.get(path)
  if (route === undefined) {
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(path, route = path.includes('{') ? bracedPath(path) : colonPath(path))
  }
  return route
}

/** Each path is asked for several times while a configuration is loaded, and again with every reload. */
const known = new Map<string, RoutePath>()
const MOST_KNOWN = 20_000

function colonPath (path: string): RoutePath {
  const names = []
  const plain = withoutPatterns(path)
  for (const match of plain.matchAll(COLON)) if (match[1] !== undefined) names.push(match[1])
  if (path.endsWith('*')) names.push('*')
  const lone = [...path.matchAll(/(?<!:):(\w+)(?=\/|$)/g)].flatMap(([, name]) => name ?? [])
  return { url: literal(path), names, lone }
}

/** The path without the regular expressions of its parameters, in which colons and question marks mean something else. */
export function withoutPatterns (path: string): string {
  if (!path.includes('(')) return path
  let plain = ''
  let depth = 0
  for (let at = 0; at < path.length; at++) {
    const char = path[at]!
    if (char === '\\' && depth > 0) at++
    else if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) plain += char
  }
  return plain
}

function bracedPath (path: string): RoutePath {
  const names: string[] = []
  const aliases = new Map<string, string>()
  const lone: string[] = []
  const segments = path.split('/').map(segment => {
    const parameters = [...segment.matchAll(BRACES)]
    if (parameters.length === 0) return literal(escapeColons(segment))
    let url = ''
    let at = 0
    for (const [index, match] of parameters.entries()) {
      const [whole, plus, name = ''] = match
      names.push(name)
      url += literal(escapeColons(segment.slice(at, match.index)))
      at = match.index + whole.length
      if (plus === '+') {
        aliases.set('*', name)
        url += '*'
        continue
      }
      const alias = /^\w+$/.test(name) ? name : `p${names.length}`
      if (alias !== name) aliases.set(alias, name)
      const isLastOfSegment = index === parameters.length - 1
      // A lone parameter stops at the router's own delimiters; several in one segment need to be told where each ends.
      if (parameters.length === 1 && isPlainSuffix(segment.slice(at))) url += `:${alias}`
      else url += isLastOfSegment && at === segment.length ? `:${alias}(^[^/]+)` : `:${alias}(^[^/]+?)`
      if (whole === segment) lone.push(alias)
    }
    return url + literal(escapeColons(segment.slice(at)))
  })
  const url = segments.join('/')
  return aliases.size > 0 ? { url, names, lone, aliases } : { url, names, lone }
}

/** The router ends a parameter at these by itself; before anything else a regular expression has to. */
function isPlainSuffix (suffix: string): boolean {
  return suffix === '' || suffix.startsWith('-') || suffix.startsWith('.')
}

const escapeColons = (text: string): string => text.replace(/::?/g, '::')

/** The router matches decoded paths, so a literal has to be registered decoded; an encoded slash stays as it is. */
function literal (text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, escaped => {
    if (/%2f/i.test(escaped)) return escaped
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}

/** The URLs that a route has below a prefix: the root of one is reached with and without a slash behind it. */
export function mountedUrls (prefix: string, url: string): string[] {
  if (url.startsWith('*')) return [`${prefix}/${url}`]
  return url === '/' && prefix !== '' ? [prefix, `${prefix}/`] : [prefix + url]
}

/**
 * A path that can be requested: each parameter replaced by a value.
 *
 * @example
 * samplePath('/users/:id/files/*', name => name === 'id' ? '7' : 'a.txt') // '/users/7/files/a.txt'
 */
export function samplePath (path: string, valueOf: (name: string) => string): string {
  const encoded = (name: string) => encodeURIComponent(valueOf(name))
  if (path.includes('{')) return path.replace(BRACES, (_, __, name: string) => encoded(name))
  return path
    .replace(/::|:(\w+)(\((?:[^()]|\([^()]*\))*\))?\??/g, (whole, name?: string) => name === undefined ? ':' : encoded(name))
    .replace(/\*$/, () => encoded('*'))
}
