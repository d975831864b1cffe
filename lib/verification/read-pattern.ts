import { parse } from 'node:querystring'
import { conditionShapes, type When } from '../config-keys/condition.ts'
import { explain } from '../config/explain.ts'
import { nearest } from '../config/nearest.ts'
import { shapeErrors } from '../config/shape.ts'
import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import { isObject } from '../schema/subschemas.ts'
import { plainBody } from './plain-body.ts'
import type { RequestPattern } from './request-pattern.ts'

/** A pattern as it is compiled: bodies are tests. */
export interface CheckedPattern extends Omit<RequestPattern, 'body' | 'response' | 'all' | 'any' | 'not'> {
  body?: When['body']
  response?: Pick<When, 'headers' | 'body'>
  all?: readonly CheckedPattern[]
  any?: readonly CheckedPattern[]
  not?: CheckedPattern
}

const OWN_KEYS = ['endpoint', 'variant', 'matched', 'status', 'response', 'all', 'any', 'not']
/** What a request was answered by is past: none of it can be asked for in the log. */
const OF_STATE = ['scenarios', 'variables', 'collections', 'request_number']
const KEYS = [...Object.keys(conditionShapes.When.properties).filter(key => !OF_STATE.includes(key)), ...OWN_KEYS.filter(key => !(key in conditionShapes.When.properties))]

/**
 * A pattern in full, whatever way it is written. Throws MOCK_ERR_REQUEST_PATTERN where it makes no sense.
 *
 * @param isEndpoint whether there is an endpoint of that id
 * @example
 * readPattern('GET /users/:id?page=2', () => false) // { method: 'GET', path: '/users/:id', query: { page: '2' } }
 */
export function readPattern (like: unknown, isEndpoint: (id: string) => boolean): CheckedPattern {
  if (typeof like === 'string') return readShorthand(like, isEndpoint)
  if (!isObject(like)) throw wrong(`write a text such as 'POST /orders', or an object such as { method, path, body }, not ${JSON.stringify(like) ?? String(like)}`)
  if ('schema' in like) return readEndpoint(like)
  const pattern = checked(like, '')
  if (pattern.endpoint !== undefined && !isEndpoint(pattern.endpoint)) throw unknownEndpoint(pattern.endpoint)
  return pattern
}

/** Method and path, a path for any method, or the id of an endpoint. */
function readShorthand (text: string, isEndpoint: (id: string) => boolean): CheckedPattern {
  const trimmed = text.trim()
  const [, method, target] = /^(?:([A-Za-z][A-Za-z-]*|\*)\s+)?([/*]\S*)$/.exec(trimmed) ?? []
  if (target === undefined) {
    if (isEndpoint(trimmed)) return { endpoint: trimmed }
    throw /\s/.test(trimmed) || trimmed === '' ? wrong(`'${text}' is neither a method and a path, as in 'POST /orders', nor the id of an endpoint`) : unknownEndpoint(trimmed)
  }
  const mark = queryMark(target)
  const query = mark === -1 ? {} : Object.fromEntries(Object.entries(parse(target.slice(mark + 1))).map(([name, value]) => [name, Array.isArray(value) ? { all: value.map(one => ({ equals: one })) } : value ?? '']))
  return {
    ...method !== undefined && method !== '*' && { method: method.toUpperCase() },
    path: mark === -1 ? target : target.slice(0, mark),
    ...Object.keys(query).length > 0 && { query }
  }
}

/** Where the query begins: a question mark behind a last parameter makes it optional, and those in regular expressions mean something else. */
function queryMark (target: string): number {
  let depth = 0
  for (let at = 0; at < target.length; at++) {
    if (target[at] === '(') depth++
    else if (target[at] === ')') depth--
    else if (target[at] === '?' && depth === 0 && at < target.length - 1) return at
  }
  return -1
}

/** An endpoint's own method and path. */
function readEndpoint ({ method = 'GET', path }: Record<string, unknown>): CheckedPattern {
  if (typeof path !== 'string') throw wrong("an endpoint that stands for its requests needs a 'path'")
  const methods = [method].flat().map(String)
  return methods.includes('*') ? { path } : methods.length === 1 && methods[0] !== undefined ? { method: methods[0], path } : { method: { in: methods.map(one => one.toUpperCase()) }, path }
}

function checked (written: Record<string, unknown>, at: string): CheckedPattern {
  for (const key of Object.keys(written)) {
    if (KEYS.includes(key)) continue
    if (OF_STATE.includes(key)) throw wrong(`'${at}${key}' cannot be asked of requests that are past: the log does not keep it`)
    const meant = key === 'url' ? 'path' : key === 'body_json' || key === 'json' || key === 'payload' ? 'body' : nearest(key, KEYS)
    throw wrong(`unknown key '${at}${key}'${meant === undefined ? `; there are ${KEYS.join(', ')}` : `, did you mean '${meant}'?`}`)
  }
  const pattern = withPlainBodies(written, at)
  const { endpoint, variant, matched, status, response, all, any, not, ...when } = pattern
  if (endpoint !== undefined && typeof endpoint !== 'string') throw wrong(`'${at}endpoint' is the id of an endpoint`)
  if (variant !== undefined && typeof variant !== 'string') throw wrong(`'${at}variant' is the name of a response`)
  if (matched !== undefined && typeof matched !== 'boolean') throw wrong(`'${at}matched' is true or false`)
  if (status !== undefined && ![status].flat().every(one => Number.isInteger(one))) throw wrong(`'${at}status' is the status of the answer, or a list of them`)
  if (response !== undefined) {
    if (!isObject(response)) throw wrong(`'${at}response' has conditions on 'headers' and 'body' of the answer`)
    const unknown = Object.keys(response).find(key => key !== 'headers' && key !== 'body')
    if (unknown !== undefined) throw wrong(`unknown key '${at}response.${unknown}'; of an answer, there are conditions on 'headers' and 'body'`)
    checkShape(response, `${at}response`)
  }
  checkShape(when, at)
  for (const [key, list] of [['all', all], ['any', any]] as const) {
    if (list !== undefined && (!Array.isArray(list) || list.length === 0)) throw wrong(`'${at}${key}' is a list of patterns`)
  }
  const inner = (key: string, one: unknown): CheckedPattern => {
    if (!isObject(one)) throw wrong(`'${at}${key}' takes objects such as { method, path, body }`)
    return checked(one, `${at}${key}.`)
  }
  return asPattern({
    ...pattern,
    ...Array.isArray(all) && { all: all.map(one => inner('all', one)) },
    ...Array.isArray(any) && { any: any.map(one => inner('any', one)) },
    ...not !== undefined && { not: inner('not', not) }
  })
}

function withPlainBodies (pattern: Record<string, unknown>, at: string): Record<string, unknown> {
  const { body, response } = pattern
  return {
    ...pattern,
    ...body !== undefined && { body: plainBody(body, `${at}body`) },
    ...isObject(response) && response.body !== undefined && { response: { ...response, body: plainBody(response.body, `${at}response.body`) } }
  }
}

/** The same check, and the same words, as for `when` in a configuration. */
function checkShape (when: Record<string, unknown>, at: string): void {
  if (Object.keys(when).length === 0) return
  const [finding] = [...explain(shapeErrors.branch(conditionShapes.When, when), '')]
  if (finding === undefined) return
  throw wrong(`${at}${finding.pointer}: ${finding.message}${finding.hint === undefined ? '' : `; ${finding.hint}`}`)
}

const wrong = (message: string): Error => new MOCK_ERR_REQUEST_PATTERN(message)

const unknownEndpoint = (id: string): Error => wrong(`there is no endpoint with the id '${id}', and no request was answered by one`)

/** The seam where a value that was checked gets its type. */
const asPattern = (value: Record<string, unknown>): CheckedPattern => value as CheckedPattern
