import type { Candidate, Explanation, ResponseReport } from './explanation.ts'
import type { AskedRequest, Failure } from './stage.ts'
import { shownPath } from './summary.ts'
import { failing } from './verdict-lines.ts'

/** The problem type of a request that no endpoint answers. */
export const NO_MATCH_TYPE = 'urn:fastify-mock-server:problem:no-match'

/** A problem document (RFC 9457, section 3) with the explanation as its extension members. */
export interface NoMatchProblem {
  type: string
  title: string
  status: number
  detail: string
  instance?: string
  method: string
  path: string
  nearest: Array<Candidate['endpoint'] & { score: number, failed: Failure[], responses?: ToldResponse[] }>
  hint: string
}

/** One of an endpoint's answers, and what it asks for that the request lacks. */
interface ToldResponse {
  number: number
  name?: string
  status: number
  failed: string[]
}

/**
 * The answer to a request that matched nothing. Neither bodies nor queries are repeated in it.
 *
 * @example
 * reply.code(404).type('application/problem+json').send(formatProblem(request, explain(index, request)))
 */
export function formatProblem (request: AskedRequest, explanation: Explanation, { status = 404, instance }: { status?: number, instance?: string } = {}): NoMatchProblem {
  const { summary, candidates, hint } = explanation
  return {
    type: NO_MATCH_TYPE,
    title: 'No mock matched',
    status,
    detail: summary,
    ...(instance === undefined ? {} : { instance }),
    method: request.method,
    path: shownPath(request),
    nearest: candidates.map(({ endpoint, score, failed, responses }) => ({ ...endpoint, score, failed, ...responses !== undefined && { responses: responses.map(toldResponse) } })),
    hint
  }
}

function toldResponse ({ number, name, status, verdicts }: ResponseReport): ToldResponse {
  return { number, ...name !== undefined && { name }, status, failed: failing(verdicts).map(({ message }) => message) }
}
