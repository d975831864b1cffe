import { capitalise } from '../capitalise.ts'
import type { DryRun, Visit } from '../dry-run.ts'
import { explainEndpoint } from '../explain.ts'
import { isObject } from '../schema/subschemas.ts'
import { violationText, type Violation } from '../violation/violation.ts'
import type { Failure } from './stage.ts'
import type { AnsweredOutcome, Candidate, Explanation, Outcome, ToldEndpoint } from './explanation.ts'
import { namedEndpoint } from './told-endpoint.ts'

/** What came back of a dry run. */
export interface DryAnswer {
  status: number
  headers: Readonly<Record<string, unknown>>
  /** The body, as text. */
  payload?: string
}

/** What was asked about. */
export interface AskedOutcome {
  method: string
  url: string
  headers?: Readonly<Record<string, string | string[]>>
  payload?: string | Buffer | undefined
}

/**
 * What becomes of a request that went through everything without counting: answered, rejected on the way, or matched by nothing.
 */
export function explainRun (run: DryRun, { status, headers, payload }: DryAnswer, request: AskedOutcome): Explanation {
  const posing = formNotes(request)
  const last = run.visits.at(-1)
  if (run.explanation !== undefined || last === undefined) {
    const explanation = run.explanation ?? { summary: `${request.method} ${request.url} does not reach the mock server.`, candidates: [], hint: '', allow: [] }
    return { ...explanation, outcome: { kind: 'unmatched', status }, ...posing.length > 0 && { notes: [...explanation.notes ?? [], ...posing] } }
  }
  const candidates = run.visits.flatMap(candidateOf).reverse()
  const [reached] = candidates
  const endpoint = reached?.endpoint ?? { id: last.exchange.endpoint.id, methods: last.exchange.endpoint.methods, path: last.exchange.endpoint.path }
  const stage = headers['x-mock-rejected']
  const outcome = typeof stage === 'string' ? rejected(last, endpoint, status, stage) : answered(last, endpoint, status)
  const notes = [...outcome.kind === 'answered' ? [...notesOn(last), ...rowNotes(status, payload)] : [], ...posing]
  return { summary: summaryOf(outcome, request, reached), outcome, candidates, hint: hintOf(outcome), ...notes.length > 0 && { notes }, allow: [] }
}

function candidateOf ({ exchange, index }: Visit): Candidate[] {
  const candidate = explainEndpoint(index(), exchange)
  if (candidate === undefined) return []
  // An overlay that holds, and lets the request pass all the same, has answered as often as it may.
  return exchange.isUnmatched && candidate.failed.length === 0 ? [{ ...candidate, passed: candidate.passed.filter(stage => stage !== 'when'), failed: [USED_UP] }] : [candidate]
}

const USED_UP: Failure = { stage: 'when', at: 'times', expected: 'a turn that is left', actual: 'none', message: 'the overlay has answered as often as it may (times)' }

function answered ({ exchange, chosen }: Visit, endpoint: ToldEndpoint, status: number): AnsweredOutcome {
  const { place, name } = chosen()
  const { store, injected, endpoint: { id } } = exchange
  const situation = name !== undefined && store.switches.of(id) === name
    ? store.switches.variants.list().find(({ endpoint }) => endpoint === id)?.situation ?? null
    : undefined
  return {
    kind: 'answered',
    status,
    endpoint,
    response: { number: place + 1, ...name !== undefined && { name } },
    ...situation !== undefined && { switched: { by: situation === null ? 'use' : 'situation', ...situation !== null && { situation } } },
    ...injected !== undefined && { injected }
  }
}

/** What is wrong with a request that is served all the same. */
function notesOn ({ exchange: { violations = [] } }: Visit): string[] {
  return violations.length === 0 ? [] : [`It does not fit, and is served all the same (validate: warn): ${violationsText(violations)}.`]
}

/** Why a resource answers as it does, which is nothing that an answer of the configuration says. */
function rowNotes (status: number, payload = ''): string[] {
  if (status < 400 || !payload.startsWith('{"type":"urn:fastify-mock-server:error:MOCK_ERR_ROW_')) return []
  const problem: unknown = JSON.parse(payload)
  return isObject(problem) && typeof problem.detail === 'string' ? [`${problem.detail}.`] : []
}

/** A form that is JSON, as `curl -d` sends it: the mistake that all conditions on the body fail because of. */
function formNotes ({ headers = {}, payload }: AskedOutcome): string[] {
  const isForm = String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return isForm && /^\s*[{[]/.test(String(payload ?? '')) ? ["The body looks like JSON, but was sent as a form, as curl -d does unless told: -H 'content-type: application/json'."] : []
}

const rejected = ({ exchange }: Visit, endpoint: ToldEndpoint, status: number, stage: string): Outcome & { kind: 'rejected' } =>
  ({ kind: 'rejected', status, endpoint, stage, violations: exchange.violations ?? [] })

/** So many violations are told in one line. */
const TOLD = 3

function summaryOf (outcome: Outcome, { method }: { method: string }, reached: Candidate | undefined): string {
  if (outcome.kind === 'unmatched') return ''
  const { origin } = outcome.endpoint
  const where = namedEndpoint(outcome.endpoint) + (origin === undefined ? '' : ` (${origin})`)
  if (outcome.kind === 'answered') return `${where} answers with ${outcome.status}${answerText(outcome, reached)}.`
  const told = violationsText(outcome.violations)
  return `${told === '' ? `The ${method} is rejected` : capitalise(told)}; ${where} rejects it with ${outcome.status}, ${STAGES[outcome.stage] ?? 'before it is answered'}.`
}

const violationsText = (violations: readonly Violation[]): string =>
  violations.slice(0, TOLD).map(violation => violationText(violation)).join('; ') + (violations.length > TOLD ? ` and ${violations.length - TOLD} more` : '')

/** At what point of a request's life it ends, by the kind of the rejection. */
const STAGES: Readonly<Record<string, string>> = {
  security: 'before its body is read, for want of credentials',
  'rate-limit': 'before its body is read, for its rate limit',
  'content-type': 'before its body is read, for its content type',
  'too-large': 'while its body is read',
  request: 'when it is validated',
  'not-acceptable': 'when the answer is chosen'
}

function answerText ({ response: { number, name }, switched, injected }: AnsweredOutcome, reached: Candidate | undefined): string {
  if (injected?.failure !== undefined) return ', a failure that the request prefers'
  if (injected?.fault !== undefined) return `, on a connection that breaks as the request prefers (${injected.fault})`
  if (switched !== undefined) return `, its answer '${name}', which ${switched.situation === undefined ? 'was switched on' : `the situation '${switched.situation}' has switched on`}`
  if (name !== undefined) return `, its answer '${name}'`
  return (reached?.responses?.length ?? 0) > 1 ? `, its answer number ${number}` : ''
}

function hintOf (outcome: Outcome): string {
  if (outcome.kind !== 'rejected') return ''
  switch (outcome.stage) {
    case 'rate-limit': return 'Wait until there is more to spend (`Retry-After`), move the clock on (mock.clock.advance), or have nothing be spent (mock.rateLimits.reset)'
    case 'security': return 'Send the credentials that the endpoint asks for in `security`'
    case 'request': return 'Send what fits the `schema` of the endpoint, or have it served all the same with the header `Prefer: validate=off`'
    case 'content-type': return 'Send a content type that the endpoint has in `schema.body`'
    default: return ''
  }
}
