import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import { markDryRun, type DryRun } from '../lib/dry-run.ts'
import { MOCK_ERR_LOG_ENTRY_UNKNOWN, MOCK_ERR_SCOPE_UNKNOWN } from '../lib/errors.ts'
import { buildIndex, explain, type ExplainableEndpoint, type ExplainIndex, type Explanation } from '../lib/explain.ts'
import { explainRun } from '../lib/explain/outcome.ts'
import { shownPath } from '../lib/explain/summary.ts'
import { questionOf, readQuestion, type LoggedQuestion, type PreparedQuestion, type Question } from '../lib/explain/question.ts'
import type { LogEntry, RequestLog } from '../lib/request-log.ts'
import { scopeOf as namedScope } from '../lib/scope/request-scope.ts'
import type { Scope } from '../lib/scope/scope.ts'
import type { Store } from '../lib/store.ts'
import { LoggedRequest } from '../lib/verification/logged-request.ts'
import { routeAll, supportAllMethods } from './dispatch.ts'

export interface ExplainerOptions {
  /** The plugin's, '' for none. */
  prefix: string
  /** Serves a request of a host, the way that all others are served. */
  serve: (request: FastifyRequest, reply: FastifyReply) => unknown
  log: RequestLog
  /** What is injected by what a scope runs belongs to it. */
  scopeOf: (id: string) => Pick<Scope, 'run'> | undefined
  /** What a request of a scope meets with: its state, and what stands in front of the configuration. */
  surroundings: (scope: string | undefined) => { store: Store, front: readonly ExplainableEndpoint[] }
  /** The endpoints of the live generation. */
  index: () => ExplainIndex
  /** Number of the live generation. */
  generation: () => number
}

/** Explains what becomes of a request, by sending it through everything, marked as one that is only asked about. */
export function createExplainer ({ prefix, serve, log, scopeOf, surroundings, index, generation }: ExplainerOptions) {
  const runs = new AsyncLocalStorage<{ run: DryRun, raw?: IncomingMessage }>()
  let host: Promise<FastifyInstance> | undefined

  /** A host of its own, so that neither the real one's plugins nor its log see what nobody sent. */
  async function createHost (): Promise<FastifyInstance> {
    const app: FastifyInstance = Fastify({ logger: false, exposeHeadRoutes: false, routerOptions: { maxParamLength: 16_384 } })
    supportAllMethods(app)
    app.register(async scope => routeAll(scope, ['/*'], (request, reply) => {
      const asked = runs.getStore()
      if (asked !== undefined) {
        asked.raw = request.raw
        markDryRun(request.raw, asked.run)
      }
      return serve(request, reply)
    }))
    await app.ready()
    return app
  }

  async function ask ({ method, url, headers, payload }: PreparedQuestion, scope: Pick<Scope, 'run'> | undefined): Promise<Explanation> {
    if (!isBelow(url, prefix)) return outside(method, url, prefix)
    host ??= createHost()
    const app = await host
    const run: DryRun = { visits: [] }
    const asked: { run: DryRun, raw?: IncomingMessage } = { run }
    // What `inject` returns begins when it is awaited.
    const send = async () => await app.inject({
      // The type knows fewer methods than Node does.
      method: method as 'GET',
      url,
      headers,
      ...payload !== undefined && { payload }
    })
    const answer = await runs.run(asked, () => scope === undefined ? send() : scope.run(send))
    const explanation = explainRun(run, { status: answer.statusCode, headers: answer.headers, payload: answer.payload }, { method, url, headers, payload })
    const named = asked.raw && namedScope(asked.raw)?.id
    return { ...explanation, ...named !== undefined && { scope: named } }
  }

  function scopeFor ({ scope: id }: PreparedQuestion): Pick<Scope, 'run'> | undefined {
    const scope = id === undefined ? undefined : scopeOf(id)
    if (id !== undefined && scope === undefined) throw new MOCK_ERR_SCOPE_UNKNOWN(id)
    return scope
  }

  function entryOf (seq: number): LogEntry {
    const [entry] = log.find({ after: seq - 1, before: seq + 1 })
    if (entry !== undefined) return entry
    const [first] = log.find({ limit: 1 })
    const [last] = log.find({ limit: 1, order: 'desc' })
    throw new MOCK_ERR_LOG_ENTRY_UNKNOWN(seq, first === undefined || last === undefined ? 'it is empty' : `it holds ${first.seq} to ${last.seq}`)
  }

  return {
    async explain (question: Question | LoggedQuestion): Promise<Explanation> {
      const asked = readQuestion(question)
      if (!('seq' in asked)) return ask(asked, scopeFor(asked))
      const entry = entryOf(asked.seq)
      const notes = notesOn(entry, generation())
      // One that named a scope that there is not names it again.
      const explanation = await ask(questionOf(entry), entry.scope === undefined ? undefined : scopeOf(entry.scope))
      return notes.length === 0 ? explanation : { ...explanation, notes: [...notes, ...explanation.notes ?? []] }
    },
    /** Why nothing matched an entry of the log; at once, as far as that can be told without sending it. */
    explainEntry (entry: LogEntry): Explanation {
      const { request } = new LoggedRequest(entry, () => ({})).subject()
      const { store, front } = surroundings(entry.scope)
      return explain(index(), request, { state: store, ...front.length > 0 && { front: buildIndex(front) } })
    },
    async close (): Promise<void> {
      const app = await host
      await app?.close()
    }
  }
}

const isBelow = (url: string, prefix: string): boolean => prefix === '' || (url.startsWith(prefix) && /^(?:$|[/?])/.test(url.slice(prefix.length)))

/** Nothing of the mock server sees such a request. */
const outside = (method: string, url: string, prefix: string): Explanation => ({
  summary: `${method} ${shownPath({ path: url })} lies outside of ${prefix}, where the mock server is mounted.`,
  outcome: { kind: 'unmatched', status: 404 },
  candidates: [],
  hint: `Ask for ${prefix}${shownPath({ path: url })}`,
  allow: []
})

/** In what an explanation may differ from what was. */
function notesOn ({ generation, request: { body } }: LogEntry, now: number): string[] {
  return [
    generation === now ? [] : `It came to generation ${generation} of the configuration, and is explained by generation ${now}.`,
    body?.truncated === true ? `Its body was cut at ${Buffer.byteLength(body.text ?? body.base64 ?? '')} of ${body.size} bytes when it was logged (log.max_body_bytes); what was cut off is missing here.` : []
  ].flat()
}
