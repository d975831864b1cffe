import { ALL_METHODS } from '../config/methods.ts'
import { MOCK_ERR_EXPLAIN_REQUEST } from '../errors.ts'
import type { LogEntry } from '../request-log.ts'
import { isObject } from '../schema/subschemas.ts'

/** A request that is only asked about. */
export interface Question {
  /** Default: GET. */
  method?: string
  /** Path and query as a client sends them, the plugin's prefix included; or a whole URL. */
  url: string
  headers?: Readonly<Record<string, string | readonly string[]>>
  /** A text or bytes are sent as they are; anything else as JSON. */
  body?: unknown
  /** Id of the scope that it belongs to, for those that do not name it themselves. */
  scope?: string
}

/** One that came, by its number in the request log. */
export interface LoggedQuestion {
  seq: number
}

/** A question as it is put: everything is there. */
export interface PreparedQuestion {
  method: string
  url: string
  headers: Record<string, string | string[]>
  payload: string | Buffer | undefined
  scope: string | undefined
}

const KEYS = ['method', 'url', 'headers', 'body', 'scope']

/**
 * Reads a question that may come from anywhere.
 *
 * @throws MOCK_ERR_EXPLAIN_REQUEST for one that makes no sense
 * @example
 * readQuestion({ method: 'POST', url: '/orders', body: { sku: 'A1' } })
 */
export function readQuestion (question: unknown): PreparedQuestion | LoggedQuestion {
  if (!isObject(question)) throw new MOCK_ERR_EXPLAIN_REQUEST('it is an object with `url`, or with `seq` for a request of the log')
  const { seq, ...request } = question
  if (seq === undefined) return prepareQuestion(request)
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) throw new MOCK_ERR_EXPLAIN_REQUEST('`seq` is the number of a request in the log')
  if (Object.keys(request).length > 0) throw new MOCK_ERR_EXPLAIN_REQUEST('`seq` stands for the request; nothing else goes with it')
  return { seq }
}

/** @throws MOCK_ERR_EXPLAIN_REQUEST */
export function prepareQuestion ({ method = 'GET', url, headers = {}, body, scope, ...rest }: Readonly<Record<string, unknown>>): PreparedQuestion {
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined) throw new MOCK_ERR_EXPLAIN_REQUEST(`there is no key '${unknown}'; there are ${KEYS.join(', ')}, or seq`)
  if (typeof url !== 'string' || url === '') throw new MOCK_ERR_EXPLAIN_REQUEST('`url` is missing: the path of the request, with its query')
  if (typeof method !== 'string' || !ALL_METHODS.includes(method.toUpperCase())) throw new MOCK_ERR_EXPLAIN_REQUEST('`method` is no HTTP method')
  if (scope !== undefined && typeof scope !== 'string') throw new MOCK_ERR_EXPLAIN_REQUEST('`scope` is the id of a scope')
  const sent = headersOf(headers)
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  if (body !== undefined && !isText) sent['content-type'] ??= 'application/json'
  return { method: method.toUpperCase(), url: pathOf(url, sent), headers: sent, payload: body === undefined || isText ? body : JSON.stringify(body), scope }
}

/** A whole URL names the host as well. */
function pathOf (url: string, headers: PreparedQuestion['headers']): string {
  if (!/^https?:\/\//i.test(url)) {
    // Whoever parses it as a URL would take a backslash for a slash, and two of them for a host.
    const path = (url.startsWith('/') || url === '*' ? url : `/${url}`).replaceAll('\\', '%5C')
    if (!URL.canParse(path.replace(/^\/+/, '/'), 'http://localhost')) throw new MOCK_ERR_EXPLAIN_REQUEST('`url` is no path')
    return path
  }
  if (!URL.canParse(url)) throw new MOCK_ERR_EXPLAIN_REQUEST('`url` is no URL')
  const { host, pathname, search } = new URL(url)
  headers.host ??= host
  return pathname + search
}

function headersOf (headers: unknown): PreparedQuestion['headers'] {
  if (!isObject(headers)) throw new MOCK_ERR_EXPLAIN_REQUEST('`headers` is an object of texts')
  const read: PreparedQuestion['headers'] = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    const values = [value].flat()
    const texts = values.filter(value => typeof value === 'string' || typeof value === 'number').map(String)
    if (texts.length < values.length) throw new MOCK_ERR_EXPLAIN_REQUEST(`the header '${name}' is no text`)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || texts.some(text => /[^\t\u0020-\u007E\u0080-\u00FF]/.test(text))) throw new MOCK_ERR_EXPLAIN_REQUEST(`the header '${name}' cannot be sent`)
    const key = name.toLowerCase()
    if (!OF_THE_WAY.has(key)) read[key] = texts.length === 1 ? texts.join('') : texts
  }
  return read
}

/** What says how a body came, which the body that is asked about did not. */
const OF_THE_WAY = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade', 'keep-alive', 'te', 'trailer'])

/** The request that an entry of the log tells of; its body was inflated when it was logged. */
export function questionOf ({ request: { method, url, headers, body } }: LogEntry): PreparedQuestion {
  const sent = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || name === 'content-encoding') return []
    // HTTP/2 has a pseudo-header for the host, and others for what is told elsewhere.
    if (name.startsWith(':')) return name === ':authority' ? [['host', value] as const] : []
    return [[name, value] as const]
  })
  const content = body?.text ?? (body?.base64 === undefined ? undefined : Buffer.from(body.base64, 'base64'))
  return prepareQuestion({ method, url, headers: Object.fromEntries(sent), body: content })
}
