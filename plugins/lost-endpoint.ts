import type { FastifyReply } from 'fastify'
import type { FaultKind } from '../lib/config-keys/fault.ts'
import { MOCK_ERR_ENDPOINT_LOST } from '../lib/errors.ts'
import { problemOf, rejectionOf } from '../lib/violation/rejection.ts'

/** Whether a shared cache waits for the answer: then a connection that breaks is the cache's, and not the client's. */
export const isBehindCache = ({ request }: FastifyReply): boolean => request.cacheVisit?.isLookedUp === true

/**
 * What a cache finds in the place of an answer that never came whole (RFC 9110, sections 15.6.3 and 15.6.5): it sends that, or what it
 * still has.
 *
 * @returns the body
 */
export function loseEndpoint (reply: FastifyReply, fault: FaultKind): string {
  for (const name of Object.keys(reply.getHeaders())) if (name !== 'x-mock-injected') reply.removeHeader(name)
  const rejection = rejectionOf(new MOCK_ERR_ENDPOINT_LOST(fault))
  const status = fault === 'hang' ? 504 : rejection.status
  reply.code(status).header('content-type', 'application/problem+json')
  return JSON.stringify(problemOf({ ...rejection, status }))
}
