import { isDeepStrictEqual } from 'node:util'
import type { Config, Endpoint, Security, SecurityScheme } from '../config.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { settleKeyFiles } from './key-files.ts'
import { freeName } from './merge-schemas.ts'
import { nearest } from './nearest.ts'
import type { Report } from './report.ts'
import { checkScheme } from './security-rules.ts'
import type { Member, Unit } from './unit.ts'

/** The security schemes of all files under names of their own. */
export interface SecurityPool {
  /** Undefined where there are none. */
  readonly schemes: Config['security_schemes']
  /**
   * Adds a file's schemes. One whose name is taken by a different scheme is renamed after its file; the answer gives an endpoint of the
   * file the new names.
   */
  add (schemes: Config['security_schemes'], unit: Pick<Unit, 'file' | 'folder'>): (endpoint: Endpoint) => Endpoint
}

export function createSecurityPool (): SecurityPool {
  const pool = new Map<string, SecurityScheme>()
  return {
    get schemes () {
      return pool.size === 0 ? undefined : Object.fromEntries(pool)
    },
    add (written, { file, folder }) {
      const schemes = settleKeyFiles(written, folder) ?? {}
      const names = new Map<string, string>()
      for (const [name, scheme] of Object.entries(schemes)) {
        const isOther = pool.has(name) && !isDeepStrictEqual(pool.get(name), scheme)
        const free = isOther ? freeName(name, file, key => pool.has(key) || Object.hasOwn(schemes, key)) : name
        if (isOther) names.set(name, free)
        pool.set(free, scheme)
      }
      if (names.size === 0) return endpoint => endpoint
      return endpoint => endpoint.security === undefined ? endpoint : { ...endpoint, security: renamed(endpoint.security, names) }
    }
  }
}

const renamed = (security: Security, names: ReadonlyMap<string, string>): Security =>
  security.map(entry => Object.fromEntries(Object.entries(entry).map(([name, scopes]) => [names.get(name) ?? name, scopes])))

/** What the shape of a scheme cannot say: an API key is sent somewhere, under a name. */
export function checkSchemes (unit: Unit, report: Report): void {
  const { config: { security_schemes: schemes = {} }, place, imported } = unit
  for (const [name, scheme] of Object.entries(schemes)) {
    if (!imported) checkScheme(name, scheme, unit, report)
    for (const key of scheme.type === 'apiKey' ? ['in', 'name'] as const : scheme.type === 'http' ? ['scheme'] as const : []) {
      if (scheme[key] !== undefined) continue
      report.add({ code: 'missing-key', message: `'${key}' is missing: ${NEEDED[key]}`, pointer: child('/security_schemes', name) }, place)
    }
  }
}

const NEEDED = {
  in: 'where an API key is sent: header, query or cookie',
  name: 'of the header, query parameter or cookie that an API key is sent in',
  scheme: 'of the header Authorization, such as basic or bearer'
} as const

/** Reports each scheme that an endpoint asks for and nobody defines. */
export function checkSecurity ({ endpoint: { security = [] }, pointer, place }: Member, schemes: Config['security_schemes'] = {}, report: Report): void {
  for (const [index, entry] of security.entries()) {
    for (const name of Object.keys(entry)) {
      if (Object.hasOwn(schemes, name)) continue
      const near = nearest(name, Object.keys(schemes))
      report.add({
        code: 'unknown-security-scheme',
        message: `there is no security scheme ${quote(name)}`,
        hint: near === undefined ? "security schemes stand under 'security_schemes'" : `did you mean '${near}'?`,
        pointer: child(child(`${pointer}/security`, index), name),
        target: 'key'
      }, place)
    }
  }
}
