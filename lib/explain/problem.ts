import type { Candidate, Explanation } from '../explain.ts'
import type { AskedRequest, Failure } from './stage.ts'

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
  nearest: Array<Candidate['endpoint'] & { score: number, failed: Failure[] }>
  hint: string
}

const LONGEST_PATH = 500

/**
 * The answer to a request that matched nothing. Neither bodies nor queries are repeated in it.
 *
 * @example
 * reply.code(404).type('application/problem+json').send(formatProblem(request, explain(index, request)))
 */
export function formatProblem (request: AskedRequest, explanation: Explanation, { status = 404, instance }: { status?: number, instance?: string } = {}): NoMatchProblem {
  const { candidates, hint } = explanation
  const path = request.path.length > LONGEST_PATH ? `${request.path.slice(0, LONGEST_PATH - 1)}…` : request.path
  return {
    type: NO_MATCH_TYPE,
    title: 'No mock matched',
    status,
    detail: detailOf(request.method, path, candidates[0]),
    ...(instance === undefined ? {} : { instance }),
    method: request.method,
    path,
    nearest: candidates.map(({ endpoint, score, failed }) => ({ ...endpoint, score, failed })),
    hint
  }
}

/** The mistake first, then what it was measured against. */
function detailOf (method: string, path: string, nearest: Candidate | undefined): string {
  const [mistake, ...more] = nearest?.failed ?? []
  if (nearest === undefined || mistake === undefined) return `Nothing like ${method} ${path} is configured.`
  const message = mistake.message.charAt(0).toUpperCase() + mistake.message.slice(1)
  const rest = more.length === 0 ? '' : `, and ${more.map(({ message }) => message).join(', and ')}`
  const measure = mistake.stage === 'path' ? `; the nearest endpoint is ${nearest.endpoint.id}` : ''
  return `${message}${rest}${measure}.`
}
