import { alternatives, opposite } from '../condition/combine.ts'
import { compileCondition } from '../condition/compile-condition.ts'
import { ConditionError } from '../condition/condition-error.ts'
import type { Subject } from '../condition/subject.ts'
import type { ConditionTools } from '../condition/value-test.ts'
import type { Condition, Verdict } from '../condition/verdict.ts'
import type { When } from '../config-keys/condition.ts'
import { MOCK_ERR_REQUEST_PATTERN } from '../errors.ts'
import { quote } from '../explain/stage.ts'
import type { LogEntry } from '../request-log.ts'
import { LoggedRequest } from './logged-request.ts'
import { readPattern, type CheckedPattern } from './read-pattern.ts'
import { compileRequestPath, type RequestPath } from './request-path.ts'
import type { RequestLike } from './request-pattern.ts'
import { demandText } from '../explain/verdict-lines.ts'

/** A claim's pattern, ready to be asked. */
export interface CompiledPattern {
  /** In a few words, for the first line: `POST /orders`. */
  readonly title: string
  /** All that is demanded, one line each. */
  readonly wanted: readonly string[]
  /** Id of the endpoint that it asks for, where it does. */
  readonly endpoint: string | undefined
  fits (logged: LoggedRequest): boolean
  judge (logged: LoggedRequest): Verdict[]
  /** Parameters of the pattern's own path. */
  params (logged: LoggedRequest): Readonly<Record<string, string>> | undefined
}

/** One demand. */
interface Demand {
  holds (logged: LoggedRequest, params: Params): boolean
  judge (logged: LoggedRequest, params: Params): Verdict[]
}

type Params = Readonly<Record<string, string>> | undefined

/**
 * Compiles what a claim is about. Throws MOCK_ERR_REQUEST_PATTERN, naming place and remedy, where it makes no sense.
 *
 * @param isEndpoint whether there is an endpoint of that id
 */
export function compilePattern (like: RequestLike, tools: ConditionTools, isEndpoint: (id: string) => boolean): CompiledPattern {
  return compileChecked(readPattern(like, isEndpoint), tools)
}

function compileChecked (pattern: CheckedPattern, tools: ConditionTools): CompiledPattern {
  const path = typeof pattern.path === 'string' ? compileRequestPath(pattern.path) : undefined
  const demands = demandsOf(pattern, path, tools)
  const params = (logged: LoggedRequest): Params => path?.match(logged.entry.request.path)
  return {
    title: titleOf(pattern),
    wanted: demands.flatMap(one => one.judge(NOBODY, undefined)).map(demandText),
    endpoint: pattern.endpoint,
    fits (logged) {
      const found = params(logged)
      return (path === undefined || found !== undefined) && demands.every(one => one.holds(logged, found))
    },
    judge (logged) {
      const found = params(logged)
      return demands.flatMap(one => one.judge(logged, found))
    },
    params
  }
}

/** In the order in which people read them: the request line, what else came, what was answered. */
function demandsOf (pattern: CheckedPattern, path: RequestPath | undefined, tools: ConditionTools): Demand[] {
  const { method, endpoint, variant, matched, status, response, all, any, not, path: asked, ...rest } = pattern
  const when: When = { ...typeof asked !== 'string' && asked !== undefined && { path: asked }, ...rest }
  return [
    ...method === undefined ? [] : [ofRequest(compile({ method }, tools))],
    ...path === undefined ? [] : [ofPath(path)],
    ...Object.keys(when).length === 0 ? [] : [ofRequest(compile(when, tools))],
    ...endpoint === undefined ? [] : [ofEntry('endpoint', quote(endpoint), ({ endpoint: found }) => [found?.id === endpoint, found === undefined ? 'none' : quote(found.id)])],
    ...variant === undefined ? [] : [ofEntry('variant', quote(variant), ({ endpoint: found }) => [found?.variant === variant, found?.variant === undefined ? 'none' : quote(found.variant)])],
    ...matched === undefined ? [] : [ofEntry('matched', String(matched), entry => [entry.matched === matched, String(entry.matched)])],
    ...status === undefined ? [] : [ofStatus([status].flat())],
    ...response === undefined ? [] : [ofResponse(compile(response, tools))],
    ...(all ?? []).flatMap(one => joined('all', [one], tools)),
    ...any === undefined ? [] : joined('any', any, tools),
    ...not === undefined ? [] : joined('not', [not], tools)
  ]
}

/** What its shape does not show: a regular expression, a path or a date that cannot be read. */
function compile (when: When, tools: ConditionTools): Condition {
  try {
    return compileCondition(when, tools)
  } catch (cause) {
    if (!(cause instanceof ConditionError)) throw cause
    throw new MOCK_ERR_REQUEST_PATTERN(`${cause.pointer}: ${cause.message}${cause.hint === undefined ? '' : `; ${cause.hint}`}`, { cause })
  }
}

function ofRequest (condition: Condition): Demand {
  const subject = (logged: LoggedRequest, params: Params): Subject => logged.subject(params)
  return {
    holds: (logged, params) => condition.holds(subject(logged, params)),
    judge: (logged, params) => condition.judge(subject(logged, params))
  }
}

function ofPath (path: RequestPath): Demand {
  return { holds: (_, params) => params !== undefined, judge: ({ entry }) => [path.judge(entry.request.path)] }
}

function ofResponse (condition: Condition): Demand {
  const asResponse = (verdict: Verdict): Verdict => ({
    ...verdict,
    part: `response ${verdict.part}`,
    message: verdict.message === '' ? '' : `response ${verdict.message}`,
    ...verdict.parts !== undefined && { parts: verdict.parts.map(asResponse) }
  })
  return {
    holds: logged => logged.entry.response !== undefined && condition.holds(logged.response),
    judge: logged => condition.judge(logged.response).map(asResponse)
  }
}

function ofStatus (statuses: readonly number[]): Demand {
  return ofEntry('status', statuses.join(' or '), ({ response }) => [response !== undefined && statuses.includes(response.status), response === undefined ? 'none: the client hung up' : String(response.status)])
}

/** A demand on what the log says of a request. */
function ofEntry (part: string, expected: string, test: (entry: LogEntry) => readonly [holds: boolean, actual: string]): Demand {
  return {
    holds: ({ entry }) => test(entry)[0],
    judge ({ entry }) {
      const [holds, actual] = test(entry)
      return [{ holds, part, operator: 'is', expected, actual, message: holds ? '' : `${part} is ${actual}, expected ${expected}`, distance: holds ? 0 : 0.5 }]
    }
  }
}

/** Patterns within patterns. Those of `all` are told as if they stood outside of it. */
function joined (kind: 'all' | 'any' | 'not', patterns: readonly CheckedPattern[], tools: ConditionTools): Demand[] {
  const compiled = patterns.map(one => compileChecked(one, tools))
  if (kind === 'all') return compiled.map(one => ({ holds: one.fits, judge: one.judge }))
  const whole = { part: 'request', label: 'request', at: '', isSecret: false }
  return [{
    holds: logged => compiled.some(one => one.fits(logged)) === (kind === 'any'),
    judge (logged) {
      const ways = compiled.map(one => one.judge(logged))
      return [kind === 'any' ? alternatives(whole, ways) : opposite(whole, ways.flat())]
    }
  }]
}

/** `POST /orders`, or else the endpoint, or else that it is about requests at all. */
function titleOf ({ method, path, endpoint, variant, matched }: CheckedPattern): string {
  const line = [typeof method === 'string' ? method.toUpperCase() : undefined, typeof path === 'string' ? path : undefined].flatMap(word => word ?? []).join(' ')
  if (line !== '') return line.startsWith('/') || line.startsWith('*') ? `a request to ${line}` : typeof path === 'string' ? line : `a ${line} request`
  if (endpoint !== undefined) return variant === undefined ? `endpoint '${endpoint}'` : `variant '${variant}' of endpoint '${endpoint}'`
  return matched === false ? 'an unmatched request' : 'such a request'
}

/** Asked what it thinks of nobody, a condition tells its demands. */
const NOBODY = new LoggedRequest({
  seq: 0,
  id: '',
  time: '',
  generation: 0,
  request: { method: '', url: '', path: '', query: {}, headers: {}, ip: '' },
  matched: false,
  aborted: false,
  duration_ms: 0
}, () => ({}))
