import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_SCOPE_UNKNOWN } from '../lib/errors.ts'
import type { WritableRequestLog } from '../lib/request-log.ts'
import type { ExplainableEndpoint } from '../lib/explain.ts'
import { setFront } from '../lib/explain/front.ts'
import { createNaming, type NamedScope, type Naming } from '../lib/scope/naming.ts'
import { setScope } from '../lib/scope/request-scope.ts'
import { unknownScope } from '../lib/scope/unknown-scope.ts'
import type { Store } from '../lib/store.ts'
import { takeOver } from './dispatch.ts'
import { begin } from './journey.ts'
import type { Generation } from './live.ts'
import { createOverlays, type OverlaysContext } from './overlays.ts'
import type { Layer } from './layer.ts'
import type { LiveScope, ScopeContext } from './scope.ts'
import { createScopes, type ScopeTable } from './scopes.ts'

export interface IsolationOptions extends OverlaysContext, Pick<ScopeContext, 'dispatcher' | 'live' | 'generation'> {
  log: WritableRequestLog
  /** The generation that answers a request beginning now. */
  enter: (response: FastifyReply['raw']) => Generation
  /** The root's. */
  store: Store
}

/**
 * Overlays and scopes: what stands between a request and the live generation. A request that names no scope, where no overlay is in
 * front, has nothing to do with it.
 */
export function createIsolation (options: IsolationOptions) {
  const { prefix, log, enter, config } = options
  const running = new AsyncLocalStorage<string>()
  let naming: Naming = createNaming({}, prefix)
  const root = createOverlays(null, options.store, options, { onUse: endpoints => table.learn(endpoints) })
  const table: ScopeTable = createScopes({ ...options, root, running, naming: () => naming, clock: options.store.clock })

  /** Who injects is in the scope that it runs in; what comes over a socket runs wherever the server was made to listen. */
  const runningFor = (raw: IncomingMessage): NamedScope | undefined => {
    const id = running.getStore()
    return id === undefined || raw.socket instanceof Socket ? undefined : { id }
  }

  function refuse ({ id }: NamedScope, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const start = performance.now()
    const { problem, record } = unknownScope(new MOCK_ERR_SCOPE_UNKNOWN(id), id)
    const payload = JSON.stringify(problem)
    const run = dryRunOf(request.raw)
    if (run !== undefined) run.explanation = { summary: problem.detail, candidates: [], hint: 'Create the scope first, or name another', allow: [] }
    else {
      reply.raw.on('close', () => log.append({
        ...record,
        id: request.id,
        generation: options.generation().id,
        time: Date.now() - (performance.now() - start),
        duration: performance.now() - start,
        method: request.method,
        url: request.url,
        headers: { ...request.headers },
        // A socket that is closed does not know its peer any more.
        ip: request.ip ?? '',
        responseHeaders: reply.getHeaders(),
        payload
      }))
    }
    return reply.code(problem.status).headers({ 'x-mock-unmatched': '1', 'content-type': 'application/problem+json' }).send(payload)
  }

  const layersOf = (scope: LiveScope | undefined): readonly Layer[] => [...scope?.layers ?? [], ...root.layers]
  const explainable = (layers: readonly Layer[], scope: LiveScope | undefined): ExplainableEndpoint[] =>
    layers.flatMap(layer => layer.explainable(scope?.store ?? options.store))

  return {
    root,
    scopes: table.scopes,
    /** What a request of a scope meets with: its state, and what stands in front of the configuration. Of one that is gone, the root's. */
    surroundings (id: string | undefined): { store: Store, front: ExplainableEndpoint[] } {
      const scope = id === undefined ? undefined : table.find(id)
      return { store: scope?.store ?? options.store, front: explainable(layersOf(scope), scope) }
    },
    /** Whether a request is led otherwise than to the live generation; asked of each. */
    concerns: (raw: IncomingMessage): boolean => root.layers.length > 0 || naming.mayName(raw) || runningFor(raw) !== undefined,
    serve (request: FastifyRequest, reply: FastifyReply): void {
      const { raw } = request
      const named = naming.read(raw) ?? runningFor(raw)
      const scope = named === undefined ? undefined : table.find(named.id)
      if (named !== undefined && scope === undefined) {
        refuse(named, request, reply)
        return
      }
      if (named?.url !== undefined) raw.url = named.url
      if (scope !== undefined) {
        setScope(raw, scope)
        scope.inFlight.enter(reply.raw)
      }
      const { app } = enter(reply.raw)
      const all = layersOf(scope)
      if (all.length > 0) setFront(raw, () => explainable(all, scope))
      const layers = all.filter(layer => layer.hasRoute(raw)).values()
      takeOver(request, reply)
      begin({
        goOn (raw, response) {
          const { value: layer } = layers.next()
          if (layer === undefined) app.routing(raw, response)
          else layer.answer(raw, response)
        }
      }, raw, reply.raw)
    },
    /** Takes the configuration of another generation. */
    configure (generation: Generation): void {
      naming = createNaming(config().scopes ?? {}, prefix)
      table.configure(generation)
    },
    async close (): Promise<void> {
      await Promise.all([table.close(), root.close()])
    }
  }
}

export type Isolation = ReturnType<typeof createIsolation>
