import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { dryRunOf } from '../lib/dry-run.ts'
import { buildIndex, explain, formatProblem, type ExplainIndex } from '../lib/explain.ts'
import { frontOf } from '../lib/explain/front.ts'
import { scopeOf } from '../lib/scope/request-scope.ts'
import type { Store } from '../lib/store.ts'
import { liveRequestView } from './request-view.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Answers a request that matches nothing. */
    sendUnmatched (): FastifyReply
  }
}

export interface UnmatchedOptions {
  /** Made when the first request matches nothing. */
  index: () => ExplainIndex
  prefix: string
  store: Store
  /** Status for a path that is known under other methods only. */
  unknownMethod: 404 | 405
}

/** Tells a request that no endpoint answers which ones came near, and why they did not: a problem document (RFC 9457). */
export default fp<UnmatchedOptions>(async (fastify, { index, prefix, store, unknownMethod }) => {
  const tell = (request: FastifyRequest, reply: FastifyReply) => {
    const asked = liveRequestView(request, prefix)
    const explanation = explain(index(), asked, {
      state: scopeOf(request.raw)?.store ?? store,
      ledTo: request.exchange?.endpoint.id,
      front: frontIn(request)
    })
    const run = dryRunOf(request.raw)
    if (run !== undefined) run.explanation = explanation
    const isMethodOnly = explanation.allow.length > 0
    reply.header('x-mock-unmatched', '1')
    if (isMethodOnly) reply.header('allow', allowed(explanation.allow).join(', '))
    // What can be done with a path is worth an answer of its own (RFC 9110, section 9.3.7).
    if (isMethodOnly && request.method === 'OPTIONS') return reply.code(204).send()
    const status = isMethodOnly ? unknownMethod : 404
    reply.code(status)
    return reply.type('application/problem+json').send(formatProblem(asked, explanation, { status }))
  }
  fastify.setNotFoundHandler(tell)
  fastify.decorateReply('sendUnmatched', function (this: FastifyReply) { return tell(this.request, this) })
}, { name: 'mock-unmatched', fastify: '5.x' })

function frontIn ({ raw }: FastifyRequest): ExplainIndex | undefined {
  const endpoints = frontOf(raw)?.() ?? []
  return endpoints.length === 0 ? undefined : buildIndex(endpoints)
}

/** HEAD is answered wherever GET is, and OPTIONS everywhere. */
function allowed (methods: readonly string[]): string[] {
  const all = new Set(methods.flatMap(method => method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return [...all.add('OPTIONS')]
}
