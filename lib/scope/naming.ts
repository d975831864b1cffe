import type { IncomingMessage } from 'node:http'
import type { ScopesOptions } from '../config.ts'
import { baggageMember } from './baggage.ts'

/** How requests name their scope: by which header, baggage member and path. */
export interface Naming {
  /** In lower case. */
  readonly header: string | undefined
  readonly baggage: string | undefined
  /** With the plugin's prefix, and a slash at the end. */
  readonly path: string | undefined
  /** Whether a request may name one; quick, for it is asked of each. */
  mayName (raw: IncomingMessage): boolean
  /** What it names: its path counts before its header, and that before its baggage. */
  read (raw: IncomingMessage): NamedScope | undefined
}

export interface NamedScope {
  readonly id: string
  /** What is left of the URL, where the path names it. */
  readonly url?: string
}

const DEFAULTS = { header: 'x-mock-scope', baggage: 'mock-scope', path: '/__scope' } as const

/**
 * @example
 * createNaming({}, '/v1').read(request) // GET /v1/__scope/a/users: { id: 'a', url: '/v1/users' }
 */
export function createNaming (options: Pick<ScopesOptions, 'header' | 'baggage' | 'path'>, prefix: string): Naming {
  const header = orNone(options.header, DEFAULTS.header)?.toLowerCase()
  const baggage = orNone(options.baggage, DEFAULTS.baggage)
  const base = orNone(options.path, DEFAULTS.path)
  const path = base === undefined ? undefined : `${prefix}${base}/`

  return {
    header,
    baggage,
    path,
    mayName: ({ url = '', headers }) =>
      (header !== undefined && headers[header] !== undefined) ||
      (baggage !== undefined && headers.baggage !== undefined) ||
      (path !== undefined && url.startsWith(path)),
    read ({ url = '', headers }) {
      const byPath = path === undefined ? undefined : readPath(url, path, prefix)
      if (byPath !== undefined) return byPath
      const named = header === undefined ? undefined : headers[header]
      // Sent twice, it is one text with a comma, which is no scope's id.
      if (named !== undefined) return { id: String(named) }
      const carried = baggage === undefined || headers.baggage === undefined ? undefined : baggageMember(String(headers.baggage), baggage)
      return carried === undefined ? undefined : { id: carried }
    }
  }
}

const orNone = (value: string | false | undefined, usual: string): string | undefined => value === false ? undefined : value ?? usual

function readPath (url: string, path: string, prefix: string): NamedScope | undefined {
  if (!url.startsWith(path)) return undefined
  const rest = url.slice(path.length)
  const end = rest.search(/[/?]/)
  if (end === -1) return { id: rest, url: `${prefix}/` }
  const after = rest.slice(end)
  return { id: rest.slice(0, end), url: after.startsWith('/') ? prefix + after : `${prefix}/${after}` }
}
