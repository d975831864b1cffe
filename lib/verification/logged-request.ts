import { parse as parseCookies } from 'cookie'
import { decodeBody } from '../body/decode.ts'
import { parseInnerJson } from '../body/json.ts'
import type { Subject } from '../condition/subject.ts'
import { essence, isJsonType } from '../media/media-type.ts'
import type { HeaderBag, LogEntry, LoggedBody } from '../request-log.ts'
import { kRawBody, type RequestView } from '../request-view.ts'
import { SchemaView } from '../schema/schema-view.ts'
import type { EndpointCall } from './call.ts'

/** Parameters of a logged path; those that the log does not keep. */
export type ParamsOf = (entry: LogEntry) => Readonly<Record<string, string>>

/**
 * One entry of the log as claims see it. What costs something (a body parsed, parameters read from the path) is made when it is first
 * asked for.
 */
export class LoggedRequest {
  readonly entry: LogEntry
  private readonly paramsOf: ParamsOf
  private asked: Subject | undefined = undefined
  private answered: Subject | undefined = undefined
  private parsed: { value: unknown } | undefined = undefined

  constructor (entry: LogEntry, paramsOf: ParamsOf) {
    this.entry = entry
    this.paramsOf = paramsOf
  }

  get body (): unknown {
    const { body, headers } = this.entry.request
    this.parsed ??= { value: parseBody(body, headers) }
    return this.parsed.value
  }

  /** The request, for conditions; `params` are those of the claim's own path, where it has one. */
  subject (params?: Readonly<Record<string, string>>): Subject {
    if (params !== undefined) return { request: new LoggedView(this, params) }
    this.asked ??= { request: new LoggedView(this, undefined) }
    return this.asked
  }

  get params (): Readonly<Record<string, string>> {
    return this.paramsOf(this.entry)
  }

  /** The answer, told as if it were a request: its headers and its body. */
  get response (): Subject {
    const { headers = {}, body } = this.entry.response ?? {}
    this.answered ??= { request: { ...NO_REQUEST, headers: textHeaders(headers), body: parseBody(body, headers), [kRawBody]: rawBody(body) } }
    return this.answered
  }

  /** For tests: everything read. */
  call (params: Readonly<Record<string, string>> = this.params): EndpointCall {
    const { seq, time, request, endpoint, response, aborted, duration_ms: duration, scope } = this.entry
    return {
      seq,
      time,
      method: request.method,
      path: request.path,
      url: request.url,
      params: { ...params },
      query: { ...request.query },
      headers: request.headers,
      cookies: cookiesOf(request.headers),
      body: forJson(this.body),
      truncated: request.body?.truncated ?? false,
      ...endpoint !== undefined && { endpoint: endpoint.id },
      ...endpoint?.variant !== undefined && { variant: endpoint.variant },
      ...response !== undefined && { response: { status: response.status, headers: response.headers, body: forJson(parseBody(response.body, response.headers)) } },
      aborted,
      duration_ms: duration,
      ...scope !== undefined && { scope }
    }
  }
}

/**
 * A logged request as conditions see it. A class, and not a literal with getters: each of those would have a hidden class of its own in V8,
 * and a claim looks at the whole log.
 */
class LoggedView implements RequestView {
  readonly protocol = 'http'
  private readonly logged: LoggedRequest
  private readonly ownParams: Readonly<Record<string, string>> | undefined
  private texts: RequestView['headers'] | undefined = undefined

  constructor (logged: LoggedRequest, params: Readonly<Record<string, string>> | undefined) {
    this.logged = logged
    this.ownParams = params
  }

  get id (): string { return this.logged.entry.id }
  get method (): string { return this.logged.entry.request.method }
  get url (): string { return this.logged.entry.request.url }
  get path (): string { return this.logged.entry.request.path }
  get params (): RequestView['params'] { return this.ownParams ?? this.logged.params }
  get query (): RequestView['query'] { return this.logged.entry.request.query }
  get cookies (): RequestView['cookies'] { return cookiesOf(this.logged.entry.request.headers) }
  get body (): unknown { return this.logged.body }
  get [kRawBody] (): string | Buffer | undefined { return rawBody(this.logged.entry.request.body) }
  get ip (): string { return this.logged.entry.request.ip }

  get headers (): RequestView['headers'] {
    this.texts ??= textHeaders(this.logged.entry.request.headers)
    return this.texts
  }

  get host (): string {
    const { host, ':authority': authority } = this.logged.entry.request.headers
    const asked = host ?? authority
    return typeof asked === 'string' ? asked : ''
  }
}

const NO_REQUEST: RequestView = { method: '', url: '', path: '', params: {}, query: {}, headers: {}, cookies: {}, body: undefined, ip: '', host: '', protocol: '', id: '' }

function textHeaders (headers: HeaderBag): RequestView['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'number' ? String(value) : value]))
}

function cookiesOf ({ cookie }: HeaderBag): Record<string, string> {
  if (typeof cookie !== 'string') return {}
  return Object.fromEntries(Object.entries(parseCookies(cookie)).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
}

function rawBody (body: LoggedBody | undefined): string | Buffer | undefined {
  return body?.text ?? (body?.base64 === undefined ? undefined : Buffer.from(body.base64, 'base64'))
}

const anything = new SchemaView([undefined], {})

/** Read by its content type alone; what is not what that says is text. Of one that was cut nothing can be said. */
function parseBody (body: LoggedBody | undefined, headers: HeaderBag): unknown {
  if (body === undefined || body.truncated) return undefined
  const raw = rawBody(body)
  const type = headers['content-type']
  if (raw === undefined || typeof type !== 'string') return raw
  try {
    if (isJsonType(essence(type))) return raw.length === 0 ? undefined : parseInnerJson(String(raw))
    const decoded = decodeBody(raw, type, undefined, () => anything)
    return decoded === undefined || decoded instanceof Promise ? raw : decoded.value
  } catch {
    return raw
  }
}

/** Bytes are told in base64, those of uploaded files as well. */
function forJson (value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}
