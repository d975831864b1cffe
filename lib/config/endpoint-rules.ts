import type { Behaviour, Defaults, Endpoint, Response } from '../config.ts'
import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { choiceRules } from './choice-rules.ts'
import { listOf, quote } from './describe.ts'
import { injectionRules } from './injection-rules.ts'
import { base64Rules, headerRules, headerValueRules, latencyRules, singleBodyRules } from './message-rules.ts'
import { ALL_METHODS, isKnownMethod } from './methods.ts'
import { nearest } from './nearest.ts'
import { pathRules } from './path-rules.ts'
import { rateLimitRules } from './rate-limit-rules.ts'
import type { Finding } from './report.ts'
import { resourceRules } from './resource-rules.ts'
import { callbacksRules } from './webhook-rules.ts'

/** The kinds of body, of which an answer has one. */
const BODY_KINDS = ['response', 'text', 'file', 'base64'] as const

/** What stands flat on an endpoint with one answer, and in `responses` where there are several. */
const ANSWER_KEYS = ['status', 'headers', 'content_type', ...BODY_KINDS, 'response_schema', 'template', 'links', 'when', 'times', 'weight', 'scenario', 'set'] as const

/** What a schema cannot say about one endpoint that has the right shape. */
export function * endpointRules (endpoint: Endpoint, pointer: string): Generator<Finding> {
  yield * pathRules(endpoint, child(pointer, 'path'))
  yield * methodRules(endpoint, pointer)
  yield * resourceRules(endpoint, pointer)
  if (endpoint.responses !== undefined) {
    for (const key of ANSWER_KEYS) {
      // Beside a resource, they are about the answers that it makes itself.
      if (endpoint[key] === undefined || endpoint.resource !== undefined) continue
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
  if (endpoint.rate_limit !== undefined) yield * rateLimitRules(endpoint.rate_limit, child(pointer, 'rate_limit'))
  yield * choiceRules(endpoint, pointer)
}

/** What a schema cannot say about `defaults`. */
export function * defaultsRules (defaults: Defaults, pointer: string): Generator<Finding> {
  yield * answerRules(defaults, pointer)
  if (defaults.rate_limit !== undefined) yield * rateLimitRules(defaults.rate_limit, child(pointer, 'rate_limit'))
}

/** The same about behaviour that stands by itself: of a tag, of a profile. */
export function * behaviourRules (behaviour: Behaviour, pointer: string): Generator<Finding> {
  yield * answerRules(behaviour, pointer)
  if (behaviour.rate_limit !== undefined) yield * rateLimitRules(behaviour.rate_limit, child(pointer, 'rate_limit'))
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

/** How other tools write a whole answer. */
const ANSWER_WORDS = ['status', 'statusCode', 'headers', 'body', 'jsonBody']

/** `response: { status: 404, body: … }` is sent as it stands, which hardly anybody means. */
function * wholeAnswerRules ({ response }: Response, pointer: string): Generator<Finding> {
  if (!isObject(response)) return
  const keys = Object.keys(response)
  const isAnswer = keys.every(key => ANSWER_WORDS.includes(key)) && keys.some(key => /^status/.test(key) && isStatus(response[key])) && keys.some(key => /body$/i.test(key))
  if (isAnswer) {
    yield {
      severity: 'warning',
      code: 'answer-in-body',
      message: `'response' is the body, and would be sent with ${listOf(keys.map(quote), 'and')} in it`,
      hint: "put 'status' and 'headers' beside it, and the body into it",
      pointer: child(pointer, 'response'),
      target: 'key'
    }
  }
}

const isStatus = (value: unknown): boolean => typeof value === 'number' && value >= 100 && value <= 599

function * answerRules (answer: Response, pointer: string): Generator<Finding> {
  yield * wholeAnswerRules(answer, pointer)
  yield * singleBodyRules(answer, BODY_KINDS, 'an answer', pointer)
  if (answer.base64 !== undefined) yield * base64Rules(answer.base64, child(pointer, 'base64'))
  if (answer.content_type !== undefined) yield * headerValueRules('content-type', answer.content_type, child(pointer, 'content_type'))
  if (answer.headers !== undefined) yield * headerRules(answer.headers, child(pointer, 'headers'))
  yield * injectionRules(answer, pointer)
  if (answer.latency_ms !== undefined) yield * latencyRules(answer.latency_ms, child(pointer, 'latency_ms'))
  if (answer.callbacks !== undefined) yield * callbacksRules(answer.callbacks, child(pointer, 'callbacks'))
}
