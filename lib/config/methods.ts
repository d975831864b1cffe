import { METHODS } from 'node:http'
import type { Endpoint } from '../config.ts'

/** Every method that Node can receive; CONNECT never arrives as a request. */
export const ALL_METHODS: readonly string[] = METHODS.filter(method => method !== 'CONNECT')

const KNOWN = new Set(ALL_METHODS)

export const isKnownMethod = (method: string): boolean => method === '*' || KNOWN.has(method.toUpperCase())

/** The methods of an endpoint as it writes them, in upper case, each once: `['GET']`, `['*']`. */
export function writtenMethods ({ method = 'GET' }: Endpoint): string[] {
  return [...new Set([method].flat().map(name => name.toUpperCase()))]
}

/** The same with `*` spelled out. */
export function methodsOf (endpoint: Endpoint): readonly string[] {
  const written = writtenMethods(endpoint)
  return written.includes('*') ? ALL_METHODS : written
}
