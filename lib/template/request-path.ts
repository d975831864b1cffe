import type { TemplateContext } from './context.ts'
import { dig, own } from './own.ts'
import { kRawBody, type RequestView } from '../request-view.ts'
import type { Evaluate } from './scope.ts'
import { stringifyJson } from '../stringify-json.ts'

/** Parts of the request by the names that templates know them by; Mockoon's and WireMock's words included. */
const FIELDS: ReadonlyMap<string, (request: RequestView) => unknown> = new Map<string, (request: RequestView) => unknown>([
  ['method', request => request.method],
  ['url', request => request.url],
  ['path', request => request.path],
  ['urlPath', request => request.url.replace(/[?#].*/s, '')],
  ['params', request => request.params],
  ['query', request => request.query],
  ['headers', request => request.headers],
  ['cookies', request => request.cookies],
  ['body', request => request.body],
  ['bodyAsBase64', request => bodyBytes(request).toString('base64')],
  ['ip', request => request.ip],
  ['clientIp', request => request.ip],
  ['host', request => request.host],
  ['hostname', request => hostAndPort(request.host).hostname],
  ['port', request => hostAndPort(request.host).port],
  ['protocol', request => request.protocol],
  ['scheme', request => request.protocol],
  ['baseUrl', request => baseUrl(request)],
  ['id', request => request.id],
  ['auth', request => request.auth],
  ['pathSegments', request => pathSegments(request.path)]
])

/** What `request` has. */
export const REQUEST_FIELDS: readonly string[] = [...FIELDS.keys()]

/** `request.a.b`, compiled; `path` is what comes after `request`. */
export function requestPath (path: readonly string[]): Evaluate {
  const [name, key, ...rest] = path
  if (name === undefined) return scope => scope.run.context.request
  const field = FIELDS.get(name)
  if (field === undefined) return () => undefined
  if (key === undefined) return scope => field(scope.run.context.request)
  switch (name) {
    case 'headers': return multiValue(request => request.headers, key.toLowerCase(), rest)
    case 'query': return multiValue(request => request.query, key, rest)
    // WireMock: request.path.[0] is a segment, request.path.name a parameter.
    case 'path': return /^\d+$/.test(key)
      ? scope => pathSegments(scope.run.context.request.path)[Number(key)]
      : scope => dig(own(scope.run.context.request.params, key), rest)
  }
  if (rest.length > 0) return scope => dig(own(field(scope.run.context.request), key), rest)
  if (name === 'params') return scope => own(scope.run.context.request.params, key)
  return scope => own(field(scope.run.context.request), key)
}

/** What may come once or several times: `.[0]` of the only value is that value. */
function multiValue (record: (request: RequestView) => unknown, key: string, rest: readonly string[]): Evaluate {
  if (rest.length === 0) return scope => own(record(scope.run.context.request), key)
  return scope => {
    const value = own(record(scope.run.context.request), key)
    if (typeof value === 'string' && rest[0] !== 'length') return rest[0] === '0' ? dig(value, rest.slice(1)) : undefined
    return dig(value, rest)
  }
}

function pathSegments (path: string): string[] {
  return path.split('/').filter(segment => segment !== '')
}

export function baseUrl (request: RequestView): string {
  return `${request.protocol}://${request.host}`
}

/** `localhost:3000`, `[::1]:3000`; the port is a number, undefined when not told. */
export function hostAndPort (host: string): { hostname: string, port: number | undefined } {
  const match = /^(.*?)(?::(\d+))?$/.exec(host)
  return { hostname: match?.[1] ?? host, port: match?.[2] === undefined ? undefined : Number(match[2]) }
}

/** The bytes of the body as far as they are known: a parsed one is written as JSON again. */
export function bodyText (body: unknown): string {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  return Buffer.isBuffer(body) ? body.toString('utf8') : stringifyJson(body) ?? ''
}

/** As they came, where that is known. */
const bodyBytes = (request: RequestView): Buffer => {
  const known = request[kRawBody] ?? request.body
  return Buffer.isBuffer(known) ? known : Buffer.from(bodyText(known))
}

/** `{{@root}}` and `{{this}}` at the top: all names there, in one object without a prototype. */
export function rootObject (context: TemplateContext): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = Object.create(null)
  for (const [name, value] of context.vars ?? []) root[name] = value
  return Object.assign(root, context.variables, { request: context.request })
}
