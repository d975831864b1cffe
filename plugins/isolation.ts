import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { dryRunOf } from '../lib/dry-run.ts'
import { MOCK_ERR_SCOPE_UNKNOWN } from '../lib/errors.ts'
import type { WritableRequestLog } from '../lib/request-log.ts'
import type { ExplainableEndpoint } from '../lib/explain.ts'
import { setFront } from '../lib/explain/front.ts'
import { messageOf } from '../lib/message-of.ts'
import { setRequestProfile } from '../lib/profile/request-profile.ts'
import { refusalOf } from '../lib/refusal.ts'
import { createNaming, type NamedScope, type Naming } from '../lib/scope/naming.ts'
import { setScope } from '../lib/scope/request-scope.ts'
import type { Store } from '../lib/store.ts'
import { takeOver } from './dispatch.ts'
import { begin } from './journey.ts'
import type { Generation } from './live.ts'
import { createOverlays, type OverlaysContext } from './overlays.ts'
import type { Layer } from './layer.ts'
import { ProfileRefusal, type ProfileTable } from './profiles.ts'
import type { LiveScope, ScopeContext } from './scope.ts'
import { createScopes, type ScopeTable } from './scopes.ts'

export interface IsolationOptions extends OverlaysContext, Pick<ScopeContext, 'dispatcher' | 'keys' | 'live' | 'generation'> {
  log: WritableRequestLog
  /** Has a generation answer a request beginning now: the live one, or one that serves a profile. */
  enter: (response: FastifyReply['raw'], generation?: Generation) => Generation
  profiles: Pick<ProfileTable, 'concerns' | 'nameFor' | 'generationOf'>
  /** The root's. */
  store: Store
}

/**
 * Overlays and scopes: what stands between a request and the live generation. A request that names no scope, where no overlay is in
 * front, has nothing to do with it.
 */
export function createIsolation (options: IsolationOptions) {
  const { prefix, log, enter, config, profiles } = options
  const running = new AsyncLocalStorage<string>()
  let naming: Naming = createNaming({}, prefix)
  const root = createOverlays(null, options.store, options, { onUse: endpoints => table.learn(endpoints) })
  const table: ScopeTable = createScopes({ ...options, root, running, naming: () => naming, clock: options.store.clock, runSeed: options.store.runSeed, profile: () => options.store.profiles.current })

  /** Who injects is in the scope that it runs in; what comes over a socket runs wherever the server was made to listen. */
  const runningFor = (raw: IncomingMessage): NamedScope | undefined => {
    const id = running.getStore()
    return id === undefined || raw.socket instanceof Socket ? undefined : { id }
  }

  function refuse ({ problem, record }: ReturnType<typeof refusalOf>, hint: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const start = performance.now()
    const payload = JSON.stringify(problem)
    const run = dryRunOf(request.raw)
    if (run !== undefined) run.explanation = { summary: problem.detail, candidates: [], hint, allow: [] }
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

  /** Sends a request through all that stands in front, to the generation that is to answer it. */
  function lead (request: FastifyRequest, reply: FastifyReply, scope: LiveScope | undefined, generation?: Generation): void {
    const { raw } = request
    const { app } = enter(reply.raw, generation)
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
  }

  return {
    root,
    scopes: table.scopes,
    /** What a request of a scope meets with: its state, and what stands in front of the configuration. Of one that is gone, the root's. */
    surroundings (id: string | undefined): { store: Store, front: ExplainableEndpoint[] } {
      const scope = id === undefined ? undefined : table.find(id)
      return { store: scope?.store ?? options.store, front: explainable(layersOf(scope), scope) }
    },
    /** Whether a request is led otherwise than to the live generation; asked of each. */
    concerns: (raw: IncomingMessage): boolean => root.layers.length > 0 || naming.mayName(raw) || profiles.concerns(raw) || runningFor(raw) !== undefined,
    /** Fastify sends an empty answer for a handler whose promise is settled: what it returns settles once the request is led on. */
    serve (request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
      const { raw } = request
      const named = naming.read(raw) ?? runningFor(raw)
      const scope = named === undefined ? undefined : table.find(named.id)
      if (named !== undefined && scope === undefined) {
        refuse(refusalOf(new MOCK_ERR_SCOPE_UNKNOWN(named.id), 'No such scope', { scope: named.id }), 'Create the scope first, or name another', request, reply)
        return
      }
      if (named?.url !== undefined) raw.url = named.url
      if (scope !== undefined) {
        setScope(raw, scope)
        scope.inFlight.enter(reply.raw)
      }
      const refuseProfile = (cause: unknown): void => { refuse(profileRefusal(cause, scope?.id), 'Name another profile, or correct it', request, reply) }
      try {
        const name = profiles.nameFor(raw, scope?.store ?? options.store)
        if (name === undefined) return lead(request, reply, scope)
        setRequestProfile(raw, name)
        const generation = profiles.generationOf(name)
        if (generation instanceof Promise) return generation.then(built => lead(request, reply, scope, built)).catch(refuseProfile)
        lead(request, reply, scope, generation)
      } catch (error) {
        refuseProfile(error)
      }
    },
    /** Takes the configuration of another generation. */
    configure (generation: Generation): void {
      naming = createNaming(config().scopes ?? {}, prefix)
      table.configure(generation)
    },
    release: table.release,
    async close (): Promise<void> {
      await Promise.all([table.close(), root.close()])
    }
  }
}

/** A request names a profile that there is not; or one that cannot be built, though its parts can. */
function profileRefusal (cause: unknown, scope: string | undefined): ReturnType<typeof refusalOf> {
  const own = scope === undefined ? {} : { scope }
  if (cause instanceof ProfileRefusal) return refusalOf({ code: 'MOCK_ERR_PROFILE_UNKNOWN', message: cause.message, statusCode: 400 }, 'No such profile', { ...own, profile: cause.profile })
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'MOCK_ERR_CONFIG_INVALID'
  return refusalOf({ code, message: messageOf(cause), statusCode: 500 }, 'The profile cannot be served', own)
}

export type Isolation = ReturnType<typeof createIsolation>
