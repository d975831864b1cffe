import { isObject, listAt, type JsonObject } from './json-object.ts'

/** Which of its prefixes an imported document is served under. */
export type BasePathMode = 'keep' | 'strip' | 'both'

/** More servers than these are taken for environments that differ in nothing that matters here. */
const MAX_BASES = 6

/**
 * The paths of the servers that an OpenAPI object declares (or of `basePath`, in 2.0), each once, without the trailing slash:
 * '' for a server without one. Undefined when it declares none.
 *
 * @example
 * basePathsOf({ servers: [{ url: 'https://api.example.com/{version}', variables: { version: { default: 'v2' } } }] }) // ['/v2']
 */
export function basePathsOf (holder: JsonObject): string[] | undefined {
  if (typeof holder.basePath === 'string') return [pathOf(holder.basePath)].flatMap(path => path ?? [])
  const paths = new Set<string>()
  for (const server of listAt(holder, 'servers')) {
    if (!isObject(server) || typeof server.url !== 'string') continue
    const path = pathOf(withDefaults(server.url, server.variables))
    if (path !== undefined) paths.add(path)
  }
  return paths.size === 0 ? undefined : [...paths].slice(0, MAX_BASES)
}

function withDefaults (url: string, variables: unknown): string {
  return url.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = isObject(variables) ? variables[name] : undefined
    return isObject(variable) && (typeof variable.default === 'string' || typeof variable.default === 'number') ? String(variable.default) : whole
  })
}

/** Undefined for what cannot be a prefix: a variable without default in it, say. */
function pathOf (url: string): string | undefined {
  const path = url
    .trim()
    // The host, or a variable that stands for it.
    .replace(/^(?:[a-z][a-z0-9+.-]*:|\{[^{}]*\}:)?\/\/[^/?#]*/i, '')
    .replace(/^\{[^{}]*\}/, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .replace(/^(?:\.{0,2}\/)+/, '/')
  if (path === '' || path === '.') return ''
  const absolute = path.startsWith('/') ? path : `/${path}`
  return /[{}\s*]/.test(absolute) ? undefined : absolute.replace(/:/g, '::')
}

/** The prefixes that the configuration serves. */
export function servedBases (declared: readonly string[] | undefined, mode: BasePathMode): string[] {
  const bases = declared === undefined || declared.length === 0 ? [''] : [...declared]
  if (mode === 'keep') return bases
  return mode === 'strip' ? [''] : [...new Set(['', ...bases])]
}
