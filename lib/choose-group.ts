import { createHash } from 'node:crypto'
import type { Per } from './config.ts'
import type { RequestView } from './request-view.ts'

/** Longer values are told apart by a digest: tokens are long, and many of them are kept. */
const MAX_LENGTH = 64

/** What requests are told apart by. */
export type Grouped = Pick<RequestView, 'ip' | 'headers' | 'cookies' | 'query' | 'params'>

/**
 * Compiles which requests are counted together. Those that lack what they are told apart by are one group.
 *
 * @example
 * compileGroup({ header: 'X-Client' })(request) // 'acme'
 */
export function compileGroup (per: Per): (request: Grouped) => string {
  if (per === 'client') return ({ ip }) => ip
  if ('header' in per) {
    const name = per.header.toLowerCase()
    return ({ headers }) => keyOf(headers, name)
  }
  if ('cookie' in per) return ({ cookies }) => keyOf(cookies, per.cookie)
  if ('query' in per) return ({ query }) => keyOf(query, per.query)
  return ({ params }) => keyOf(params, per.param)
}

function keyOf (values: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value) ?? ''
  return text.length <= MAX_LENGTH ? text : createHash('sha256').update(text).digest('base64')
}
