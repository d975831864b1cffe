import { isConnectionHeader } from '../connection-headers.ts'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Defaults, Endpoint, Headers, Latency, Response } from '../config.ts'
import { quote } from './describe.ts'
import { ALL_METHODS, isKnownMethod } from './methods.ts'
import { nearest } from './nearest.ts'
import { child } from '../json-pointer.ts'
import { pathRules } from './path-rules.ts'
import type { Finding } from './report.ts'
import { callbacksRules } from './webhook-rules.ts'

/** The kinds of body, of which an answer has one. */
const BODY_KINDS = ['response', 'text', 'file', 'base64'] as const

/** What stands flat on an endpoint with one answer, and in `responses` where there are several. */
const ANSWER_KEYS = ['status', 'headers', 'content_type', ...BODY_KINDS, 'response_schema', 'template', 'links'] as const

/** What a schema cannot say about one endpoint that has the right shape. */
export function * endpointRules (endpoint: Endpoint, pointer: string): Generator<Finding> {
  yield * pathRules(endpoint, child(pointer, 'path'))
  yield * methodRules(endpoint, pointer)
  if (endpoint.responses !== undefined) {
    for (const key of ANSWER_KEYS) {
      if (endpoint[key] === undefined) continue
      yield {
        code: 'flat-and-responses',
        message: `'${key}' stands beside 'responses', which holds the answers`,
        hint: 'move it into the responses that it is meant for',
        pointer: child(pointer, key),
        target: 'key'
      }
    }
    for (const [index, response] of endpoint.responses.entries()) yield * answerRules(response, `${pointer}/responses/${index}`)
  }
  yield * answerRules(endpoint, pointer)
}

/** What a schema cannot say about `defaults`. */
export function * defaultsRules (defaults: Defaults, pointer: string): Generator<Finding> {
  yield * answerRules(defaults, pointer)
}

function * methodRules ({ method = [] }: Endpoint, pointer: string): Generator<Finding> {
  for (const [index, name] of [method].flat().entries()) {
    if (isKnownMethod(name)) continue
    const near = nearest(name.toUpperCase(), [...ALL_METHODS, '*'])
    const at = child(pointer, 'method')
    yield {
      code: 'unknown-method',
      message: `${quote(name)} is not an HTTP method that this server can receive`,
      hint: near === undefined ? 'write * for all methods' : `did you mean '${near}'?`,
      pointer: Array.isArray(method) ? child(at, index) : at
    }
  }
}

function * answerRules (answer: Response, pointer: string): Generator<Finding> {
  const [kind, ...others] = BODY_KINDS.filter(key => answer[key] !== undefined)
  for (const other of others) {
    yield {
      code: 'several-bodies',
      message: `'${other}' stands beside '${kind}': an answer has one body`,
      hint: `keep one of ${BODY_KINDS.join(', ')}`,
      pointer: child(pointer, other),
      target: 'key'
    }
  }
  if (answer.base64 !== undefined) yield * base64Rules(answer.base64, child(pointer, 'base64'))
  if (answer.content_type !== undefined && !isTemplate(answer.content_type) && !validValue(answer.content_type)) {
    yield badHeaderValue('content-type', child(pointer, 'content_type'))
  }
  if (answer.headers !== undefined) yield * headerRules(answer.headers, child(pointer, 'headers'))
  if (answer.failure?.headers !== undefined) yield * headerRules(answer.failure.headers, `${pointer}/failure/headers`)
  if (answer.latency_ms !== undefined) yield * latencyRules(answer.latency_ms, child(pointer, 'latency_ms'))
  if (answer.callbacks !== undefined) yield * callbacksRules(answer.callbacks, child(pointer, 'callbacks'))
}

export function * base64Rules (text: string, pointer: string): Generator<Finding> {
  const compact = /\s/.test(text) ? text.replaceAll(/\s/g, '') : text
  const body = compact.replace(/={1,2}$/, '')
  if (/^[A-Za-z0-9+/]*$/.test(body) && body.length % 4 !== 1 && (body === compact || compact.length % 4 === 0)) return
  const url = /[-_]/.test(compact) && !/[+/]/.test(compact)
  yield {
    code: 'bad-base64',
    message: 'this is not base64',
    hint: url ? 'it may be the URL-safe alphabet: write + for - and / for _' : 'four characters of A-Z a-z 0-9 + / stand for three bytes, = fills up the end',
    pointer
  }
}

export function * headerRules (headers: Headers, pointer: string): Generator<Finding> {
  const seen = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    const at = child(pointer, name)
    const twin = seen.get(name.toLowerCase())
    if (twin !== undefined) {
      yield { code: 'duplicate-header', message: `header ${quote(name)} is given twice: also as ${quote(twin)}`, hint: 'to send a header several times, give it a list', pointer: at, target: 'key' }
    }
    seen.set(name.toLowerCase(), name)
    if (isConnectionHeader(name)) {
      yield { severity: 'warning', code: 'connection-header', message: `header ${quote(name)} is for the server to set and is left out`, pointer: at, target: 'key' }
    }
    if (!validName(name)) {
      yield { code: 'bad-header', message: `${quote(name)} is not a header name that HTTP allows`, hint: 'letters, digits and - are safe', pointer: at, target: 'key' }
    }
    for (const item of [value].flat()) {
      if (!isTemplate(item) && !validValue(String(item))) yield badHeaderValue(name, at)
    }
  }
}

const badHeaderValue = (name: string, pointer: string): Finding => ({
  code: 'bad-header',
  message: `the value of header ${quote(name)} holds a character that HTTP does not allow there`,
  hint: 'no line breaks, and nothing outside Latin-1: percent-encode it',
  pointer
})

/** What a template gives is known only when it is rendered. */
const isTemplate = (value: unknown): boolean => typeof value === 'string' && value.includes('{{')

function validName (name: string): boolean {
  return passes(() => validateHeaderName(name))
}

function validValue (value: string): boolean {
  return passes(() => validateHeaderValue('x', value))
}

function passes (check: () => void): boolean {
  try {
    check()
    return true
  } catch {
    return false
  }
}

export function * latencyRules (latency: Latency, pointer: string): Generator<Finding> {
  if (typeof latency === 'number' || !('max' in latency) || latency.max === undefined) return
  const min = 'min' in latency ? latency.min : undefined
  if (min === undefined || min <= latency.max) return
  yield { code: 'bad-range', message: `'min' (${min}) is more than 'max' (${latency.max})`, pointer: child(pointer, 'min') }
}
