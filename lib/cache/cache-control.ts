import type { CacheControl } from '../config-keys/caching.ts'

/** Directives by their names in lower case; `true` for those without an argument. */
export type Directives = ReadonlyMap<string, string | true>

const DIRECTIVE = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g

/**
 * Reads `Cache-Control` (RFC 9111, section 5.2). Of a directive that is there twice, the first counts.
 *
 * @example
 * parseCacheControl('public, max-age=60') // Map { 'public' => true, 'max-age' => '60' }
 */
export function parseCacheControl (header: string | undefined): Directives {
  const directives = new Map<string, string | true>()
  if (header === undefined) return directives
  for (const [, name = '', quoted, token] of header.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase()
    if (!directives.has(key)) directives.set(key, quoted?.replace(/\\(.)/g, '$1') ?? token ?? true)
  }
  return directives
}

/**
 * The seconds of a directive (RFC 9111, section 1.2.2). What is no number counts as none at all: nothing is fresh by mistake.
 *
 * @returns undefined where the directive is not there
 */
export function secondsOf (directives: Directives, name: string): number | undefined {
  const value = directives.get(name)
  if (value === undefined) return undefined
  return typeof value === 'string' && /^\d+$/.test(value) ? Math.min(Number(value), 2_147_483_648) : 0
}

/**
 * Writes `Cache-Control`.
 *
 * @example
 * writeCacheControl({ public: true, max_age: 60, private: ['set-cookie'] }) // 'public, max-age=60, private="set-cookie"'
 */
export function writeCacheControl (control: string | CacheControl): string {
  if (typeof control === 'string') return control
  return Object.entries(control).flatMap(([key, value]) => {
    const name = key.replaceAll('_', '-')
    if (value === false) return []
    if (value === true) return [name]
    return [Array.isArray(value) ? `${name}="${value.join(', ')}"` : `${name}=${value}`]
  }).join(', ')
}
