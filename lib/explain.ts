import type { StateView } from './condition/subject.ts'
import { askedPath } from './explain/asked-path.ts'
import type { Candidate, Explanation } from './explain/explanation.ts'
import { hintFor } from './explain/hint.ts'
import { acceptsMethod, enabledStage, methodStage, servedMethods } from './explain/method-stage.ts'
import { nearestTargets } from './explain/nearest-targets.ts'
import { buildPathIndex, type PathIndex, type Target } from './explain/path-index.ts'
import { hasCommonWord, pathStage, untested } from './explain/path-stage.ts'
import { headerStage, queryStage } from './explain/match-stages.ts'
import { judgeResponses, responseStage, type ExplainableResponse } from './explain/response-stage.ts'
import { COST } from './explain/segment-cost.ts'
import type { Asked, AskedRequest, Failure, Finding, Stage, StageName } from './explain/stage.ts'
import { mistakeIn } from './explain/summary.ts'
import { toldEndpoint } from './explain/told-endpoint.ts'
import type { Exchange } from './exchange.ts'
import { fitsMatch, type Match } from './match.ts'

export { formatProblem, NO_MATCH_TYPE, type NoMatchProblem } from './explain/problem.ts'
export type { Candidate, Explanation, Outcome, ResponseReport, ToldEndpoint } from './explain/explanation.ts'
export type { AskedRequest, ExplainableResponse, Failure, StageName }
export type { PathIndex as ExplainIndex }

/** What is to be known of an endpoint to say why it did not answer; a RouteInfo will do. */
export interface ExplainableEndpoint {
  readonly id: string
  /** Upper case; `*` is any. */
  readonly methods: readonly string[]
  /** As configured, base path included. */
  readonly path: string
  readonly enabled?: boolean
  /** What belongs to its address besides. */
  readonly match?: Match
  /** Its answers; absent where one of them asks for nothing. */
  readonly responses?: readonly ExplainableResponse[]
  readonly origin?: string
  /** Id of the overlay that put it in front of the configuration; its own id begins with it. */
  readonly overlay?: string
}

export interface ExplainOptions {
  /** What conditions and answers that depend on more than the request are asked with: the store of its scope. */
  state?: StateView | undefined
  /** Id of the endpoint that it has come to, and that had no answer for it. */
  ledTo?: string | undefined
  /** What stands in front of the others; the nearest of all are told. */
  front?: PathIndex | undefined
}

/** Every stage, in the order in which failures are told. */
const STAGES: readonly Stage[] = [pathStage, methodStage, queryStage, headerStage, enabledStage, responseStage]

/** So many are looked at closely, and so many told. */
const SHORTLIST = 12
const TOLD = 3
const TOLD_RESPONSES = 5

/** So many answers of all endpoints together are asked what they want. */
const JUDGED = 2_000

interface Verdict {
  target: Target
  findings: Finding[]
  cost: number
}

/** Endpoints, prepared for `explain`; once for each configuration. */
export function buildIndex (endpoints: Iterable<ExplainableEndpoint>): PathIndex {
  return buildPathIndex(endpoints)
}

/**
 * Why no endpoint answered a request: the nearest ones, and for each the stages at which it failed.
 *
 * @example
 * explain(buildIndex(mock.routes()), { method: 'GET', path: '/user/7' }).candidates[0].failed[0].message
 * // "segment 1 is 'user', expected 'users'"
 */
export function explain (index: PathIndex, request: AskedRequest, { state, ledTo, front }: ExplainOptions = {}): Explanation {
  const asked = ask(request, state, ledTo)
  const surcharge = ({ methods, enabled, match }: ExplainableEndpoint): number =>
    (acceptsMethod(methods, asked.method) ? 0 : COST.method) + (enabled === false ? COST.disabled : 0) +
    (match === undefined || fitsMatch({ query: request.query ?? {}, headers: request.headers ?? {} }, match) ? 0 : COST.match)
  const indexes = front === undefined ? [index] : [front, index]
  const verdicts = indexes.flatMap(index => nearestTargets(index, asked.path, SHORTLIST, surcharge)).map(target => judge(target, asked))
  const near = uniqueEndpoints(verdicts.filter(verdict => isNear(verdict, asked)).sort((a, b) => a.cost - b.cost)).slice(0, TOLD)
  const fitting = verdicts.filter(({ findings }) => findings.every(({ stage }) => stage !== 'path'))
  const candidates = near.map(verdict => toCandidate(verdict, asked))
  return {
    summary: mistakeIn(request, candidates[0]),
    candidates,
    hint: hintFor(request, index.size, near[0]),
    // Where the method is served, it is something else that keeps the request from being answered.
    allow: fitting.some(({ target: { endpoint } }) => endpoint.enabled !== false && acceptsMethod(endpoint.methods, asked.method))
      ? []
      : [...new Set(fitting.flatMap(({ target }) => servedMethods(target)))]
  }
}

/** How one endpoint fits a request that was led to it. */
export function explainEndpoint (index: PathIndex, { endpoint: { id }, request, store }: Pick<Exchange, 'endpoint' | 'request' | 'store'>): Candidate | undefined {
  const asked = ask(request, store, id)
  const verdicts = (index.byId.get(id) ?? []).map(target => judge(target, asked)).sort((a, b) => a.cost - b.cost)
  return verdicts[0] && toCandidate(verdicts[0], asked)
}

const ask = (request: AskedRequest, state: StateView | undefined, ledTo: string | undefined): Asked =>
  ({ method: request.method.toUpperCase(), path: askedPath(request.path), request, state, ledTo, reports: new Map(), budget: JUDGED })

function judge (target: Target, asked: Asked): Verdict {
  let findings = STAGES.flatMap(stage => stage.check(target, asked))
  if (findings.length === 0) findings = untested(target, asked)
  return { target, findings, cost: findings.reduce((sum, { cost }) => sum + cost, 0) }
}

const isNear = ({ target, findings }: Verdict, asked: Asked): boolean =>
  findings.every(({ stage }) => stage !== 'path') || hasCommonWord(target, asked)

/** An endpoint with an optional parameter has two patterns; the nearer one tells. */
function uniqueEndpoints (verdicts: readonly Verdict[]): Verdict[] {
  const seen = new Set<string>()
  return verdicts.filter(({ target: { endpoint: { id } } }) => !seen.has(id) && seen.add(id))
}

function toCandidate ({ target, findings, cost }: Verdict, asked: Asked): Candidate {
  const { endpoint } = target
  const responses = judgeResponses(target, asked)
  return {
    endpoint: toldEndpoint(endpoint),
    score: Math.round(100 / (1 + cost)) / 100,
    passed: STAGES.map(({ name }) => name).filter(name => isAsked(name, endpoint) && findings.every(({ stage }) => stage !== name)),
    failed: findings.map(({ cost: _cost, isSlip: _isSlip, ...failure }) => failure),
    ...responses.length > 0 && { responses: responses.slice(0, TOLD_RESPONSES) }
  }
}

/** Most endpoints ask for no more than path and method. */
function isAsked (stage: StageName, { match, responses }: ExplainableEndpoint): boolean {
  switch (stage) {
    case 'query': case 'headers': return match?.[stage] !== undefined
    case 'when': return responses !== undefined
    default: return true
  }
}
