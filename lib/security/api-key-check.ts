import type { SecurityScheme } from '../config.ts'
import type { Violation } from '../violation/violation.ts'
import { callerOf, claimsOf, type Caller } from './caller.ts'
import type { SchemeCheck, SecurityTools } from './scheme-check.ts'
import { tokenCheck } from './token-check.ts'

const WORDS = { header: 'header', query: 'query parameter', cookie: 'cookie' } as const

/** An API key in a header, a query parameter or a cookie; one of those that are listed, or a token, where the scheme says so. */
export function apiKeyCheck (scheme: string, options: SecurityScheme, tools: SecurityTools): SchemeCheck {
  const { in: location = 'header', name = '', keys } = options
  const key = location === 'header' ? name.toLowerCase() : name
  const violation = (message: string): Violation =>
    ({ in: location, pointer: `/${key}`, rule: 'security', expected: `an API key in the ${WORDS[location]} '${name}'`, message })
  const missing = { violation: violation('must be there: it holds the API key'), reason: 'missing' } as const
  const unknown = { violation: violation('must hold an API key that counts: what is there is none of `keys`'), reason: 'invalid' } as const
  const callers = keys === undefined
    ? undefined
    : new Map(keys.map((entry): [string, Caller] => typeof entry === 'string'
      ? [entry, callerOf(scheme, {})]
      : [entry.key, callerOf(scheme, claimsOf(entry.sub, entry))]))
  const token = callers === undefined ? tokenCheck(scheme, options, tools, violation) : undefined
  return {
    isDeep: callers !== undefined || token !== undefined,
    needsBody: false,
    check (request) {
      const values = location === 'header' ? request.headers : location === 'query' ? request.query : request.cookies()
      const value = Object.hasOwn(values, key) ? values[key] : undefined
      if (value === undefined || value === '') return missing
      if (token !== undefined) return token(String(value), request)
      if (callers === undefined) return { caller: undefined }
      const caller = callers.get(String(value))
      return caller === undefined ? unknown : { caller }
    }
  }
}
