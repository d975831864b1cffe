import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Headers, Latency } from '../config.ts'
import { isConnectionHeader } from '../connection-headers.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import type { Finding } from './report.ts'

/** What answers and webhooks have in common, and what a schema cannot say about it. */

/** @param what the message as people call it: `an answer` */
export function * singleBodyRules<Key extends string> (message: { [key in Key]?: unknown }, kinds: readonly Key[], what: string, pointer: string): Generator<Finding> {
  const [kind, ...others] = kinds.filter(key => message[key] !== undefined)
  for (const other of others) {
    yield {
      code: 'several-bodies',
      message: `'${other}' stands beside '${kind}': ${what} has one body`,
      hint: `keep one of ${kinds.join(', ')}`,
      pointer: child(pointer, other),
      target: 'key'
    }
  }
}

export function * headerValueRules (name: string, value: unknown, pointer: string): Generator<Finding> {
  if (!isTemplate(value) && !validValue(String(value))) {
    yield {
      code: 'bad-header',
      message: `the value of header ${quote(name)} holds a character that HTTP does not allow there`,
      hint: 'no line breaks, and nothing outside Latin-1: percent-encode it',
      pointer
    }
  }
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
    for (const item of [value].flat()) yield * headerValueRules(name, item, at)
  }
}

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
