import { askedPath } from './explain/asked-path.ts'
import { hintFor } from './explain/hint.ts'
import { acceptsMethod, enabledStage, methodStage, servedMethods } from './explain/method-stage.ts'
import { nearestTargets } from './explain/nearest-targets.ts'
import { buildPathIndex, type PathIndex, type Target } from './explain/path-index.ts'
import { hasCommonWord, pathStage, untested } from './explain/path-stage.ts'
import { headerStage, queryStage } from './explain/match-stages.ts'
import { COST } from './explain/segment-cost.ts'
import type { Asked, AskedRequest, Failure, Finding, Stage, StageName } from './explain/stage.ts'
import { fitsMatch, type Match } from './match.ts'

export { formatProblem, NO_MATCH_TYPE, type NoMatchProblem } from './explain/problem.ts'
export type { AskedRequest, Failure, StageName }
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
  readonly origin?: string
}

/** An endpoint that came near. */
export interface Candidate {
  endpoint: { id: string, methods: readonly string[], path: string, origin?: string }
  /** How near: 1 is a perfect fit. */
  score: number
  passed: StageName[]
  failed: Failure[]
}

export interface Explanation {
  /** The nearest first, three at most. */
  candidates: Candidate[]
  /** The remedy, one line. */
  hint: string
  /** Methods that are served under exactly this path: what a 405 says in `Allow`. */
  allow: string[]
}

/** Every stage, in the order in which failures are told. */
const STAGES: readonly Stage[] = [pathStage, methodStage, queryStage, headerStage, enabledStage]

/** So many are looked at closely, and so many told. */
const SHORTLIST = 12
const TOLD = 3

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
export function explain (index: PathIndex, request: AskedRequest): Explanation {
  const asked: Asked = { method: request.method.toUpperCase(), path: askedPath(request.path), request }
  const surcharge = ({ methods, enabled, match }: ExplainableEndpoint): number =>
    (acceptsMethod(methods, asked.method) ? 0 : COST.method) + (enabled === false ? COST.disabled : 0) +
    (match === undefined || fitsMatch({ query: request.query ?? {}, headers: request.headers ?? {} }, match) ? 0 : COST.match)
  const verdicts = nearestTargets(index, asked.path, SHORTLIST, surcharge).map(target => judge(target, asked))
  const near = uniqueEndpoints(verdicts.filter(verdict => isNear(verdict, asked)).sort((a, b) => a.cost - b.cost)).slice(0, TOLD)
  const fitting = verdicts.filter(({ findings }) => findings.every(({ stage }) => stage !== 'path'))
  return {
    candidates: near.map(toCandidate),
    hint: hintFor(request, index.size, near[0]),
    // Where the method is served, it is something else that keeps the request from being answered.
    allow: fitting.some(({ target: { endpoint } }) => endpoint.enabled !== false && acceptsMethod(endpoint.methods, asked.method))
      ? []
      : [...new Set(fitting.flatMap(({ target }) => servedMethods(target)))]
  }
}

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

function toCandidate ({ target: { endpoint }, findings, cost }: Verdict): Candidate {
  const { id, methods, path, origin, match } = endpoint
  // Most endpoints ask for neither.
  const asked = STAGES.filter(({ name }) => (name !== 'query' && name !== 'headers') || match?.[name] !== undefined)
  return {
    endpoint: { id, methods, path, ...(origin === undefined ? {} : { origin }) },
    score: Math.round(100 / (1 + cost)) / 100,
    passed: asked.map(({ name }) => name).filter(name => findings.every(({ stage }) => stage !== name)),
    failed: findings.map(({ cost: _cost, isSlip: _isSlip, ...failure }) => failure)
  }
}
