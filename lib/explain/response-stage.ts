import type { Subject } from '../condition/subject.ts'
import type { Verdict } from '../condition/verdict.ts'
import { kRawBody, type RequestView } from '../request-view.ts'
import type { ResponseReport } from './explanation.ts'
import { pathParameters } from './path-parameters.ts'
import type { Target } from './path-index.ts'
import { remedyOf } from './remedy.ts'
import { COST } from './segment-cost.ts'
import { quote, type Asked, type Finding, type Stage } from './stage.ts'
import { failing } from './verdict-lines.ts'

/** One of an endpoint's answers, as far as it can be asked what it wants. */
export interface ExplainableResponse {
  /** Its place among the endpoint's answers, from 1. */
  readonly number: number
  readonly name?: string
  readonly status: number
  /** Every demand, of `when` and of state, with its verdict; none for an answer that asks for nothing. */
  judge (subject: Subject): readonly Verdict[]
}

/** Tells what the nearest of an endpoint's answers asks for and the request lacks, when it may be given none of them. */
export const responseStage: Stage = {
  name: 'when',
  check (target, asked) {
    const reports = judgeResponses(target, asked)
    const [nearest] = reports
    if (nearest === undefined || reports.some(({ fits }) => fits)) return []
    const lacking = failing(nearest.verdicts)
    const cost = COST.when + COST.when * nearest.distance
    const unread = bodyFinding(lacking, asked)
    return [...unread === undefined ? [] : [unread], ...lacking.map((verdict): Finding => ({
      stage: 'when',
      at: placeOf(verdict),
      expected: verdict.expected,
      actual: verdict.actual,
      message: messageOf(verdict, nearest),
      ...withRemedy(verdict),
      cost: cost / lacking.length,
      isSlip: true
    }))]
  }
}

/** What is wrong with an answer itself needs its name in a line that stands alone. */
function messageOf ({ part, message }: Verdict, { number, name }: ResponseReport): string {
  if (part === 'choose') return message.replace(/^its turn in the sequence/, 'the sequence')
  return part === 'times' ? `answer ${name === undefined ? number : `'${name}'`} is used up: ${message}` : message
}

/** Where something in the body is missing because there is none, or because nobody read it as JSON, that is the mistake. */
function bodyFinding (lacking: readonly Verdict[], { request: { body, headers = {} } }: Asked): Finding | undefined {
  const isRead = typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
  if (isRead || !lacking.some(({ part, at }) => part === 'body' && at?.startsWith('/'))) return undefined
  const type = headers['content-type']
  const finding = (actual: string, message: string, remedy: string): Finding =>
    ({ stage: 'when', at: 'body', expected: 'a body of JSON', actual, message, remedy, cost: 0, isSlip: true })
  if (body === undefined) return finding('no body', 'the request has no body', 'send a body of JSON')
  if (type === undefined) return finding('a body without a content type', 'the body has no content type, and is not read', 'send the header content-type: application/json')
  return finding(`a body of ${String(type)}`, `the body is ${quote(String(type))}, not JSON`, 'send the header content-type: application/json')
}

/** All answers that could be looked at, the nearest first. */
export function judgeResponses (target: Target, asked: Asked): ResponseReport[] {
  const known = asked.reports.get(target)
  if (known !== undefined) return known
  const { responses = [] } = target.endpoint
  const looked = responses.slice(0, Math.max(0, asked.budget))
  asked.budget -= looked.length
  const subject = looked.length === 0 ? undefined : subjectOf(target, asked)
  const reports = subject === undefined ? [] : looked.map(response => reportOf(response, subject))
  reports.sort((a, b) => a.distance - b.distance || a.number - b.number)
  asked.reports.set(target, reports)
  return reports
}

function reportOf ({ number, name, status, judge }: ExplainableResponse, subject: Subject): ResponseReport {
  const verdicts = judge(subject)
  return { number, ...name !== undefined && { name }, status, fits: verdicts.every(({ holds }) => holds), distance: distanceOf(verdicts), verdicts }
}

/** The more of what is asked for is there, and the nearer the rest, the nearer the answer. */
function distanceOf (verdicts: readonly Verdict[]): number {
  const wrong = verdicts.filter(({ holds }) => !holds)
  if (wrong.length === 0) return 0
  // Something that does not hold is wrong, however near it is.
  const sum = wrong.reduce((sum, { distance }) => sum + 0.2 + 0.8 * distance, 0)
  return Math.round(1000 * sum / verdicts.length) / 1000
}

const placeOf = ({ part, at }: Verdict): string => at === undefined ? part : `${part} ${at}`

function withRemedy (verdict: Verdict): { remedy?: string } {
  const remedy = remedyOf(verdict)
  return remedy === undefined ? {} : { remedy }
}

function subjectOf (target: Target, { request, path, state, method, ledTo }: Asked): Subject {
  const view: RequestView = {
    method,
    url: request.url ?? request.path,
    path: request.path,
    params: ledTo === target.endpoint.id ? request.params ?? {} : pathParameters(target.pattern, path.words),
    query: request.query ?? {},
    headers: request.headers ?? {},
    cookies: request.cookies ?? {},
    body: request.body,
    [kRawBody]: request[kRawBody],
    ip: request.ip ?? '',
    host: request.host ?? '',
    protocol: request.protocol ?? 'http',
    id: request.id ?? ''
  }
  return { request: view, ...state !== undefined && { state } }
}
