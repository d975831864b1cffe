import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../lib/clock.ts'
import { MOCK_ERR_SCOPE_UNKNOWN } from '../lib/errors.ts'
import type { KeySet } from '../lib/jwt/key-set.ts'
import { viewDeliveries } from '../lib/scope/delivery-view.ts'
import { viewLog } from '../lib/scope/log-view.ts'
import type { Naming } from '../lib/scope/naming.ts'
import type { RequestScope } from '../lib/scope/request-scope.ts'
import type { Scope, ScopeOptions } from '../lib/scope/scope.ts'
import { createAuth } from '../lib/security/auth.ts'
import { createStore } from '../lib/store.ts'
import { createLogSource } from '../lib/verification/log-source.ts'
import { createVerification } from '../lib/verification/verification.ts'
import type { Dispatcher } from '../lib/webhook/dispatcher.ts'
import { createWebhooks, type WebhooksOptions } from '../lib/webhook/webhooks.ts'
import type { Generation } from './live.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import type { Layer } from './layer.ts'
import { createOverlays, type OverlaysContext, type OverlayStack } from './overlays.ts'

export interface ScopeContext extends OverlaysContext {
  dispatcher: Dispatcher
  /** The mock server's own, for all scopes. */
  keys: KeySet
  live: WebhooksOptions['live']
  /** The live generation, whose state scopes begin with. */
  generation: () => Generation
  naming: () => Naming
  /** Overlays of the root, which a scope's requests meet after its own. */
  root: OverlayStack
  running: AsyncLocalStorage<string>
  /** What time it is for state. */
  clock: Clock
  runSeed: string
  /** The server's. */
  profile: () => string | undefined
}

/** A scope as the server sees it. */
export interface LiveScope extends RequestScope {
  /** What users have of it. */
  readonly scope: Scope
  readonly layers: readonly Layer[]
  readonly inFlight: InFlight
  /** Milliseconds since the epoch. */
  lastUsed: number
  /** Makes known what endpoints name that are put in front of all scopes. */
  learn: OverlayStack['learn']
  /** Takes the configuration of another generation. */
  configure (generation: Generation): void
  /** Ends it, once its requests are through. */
  end (): Promise<void>
}

/**
 * Makes a scope: state fresh from the configuration, with what the options say on top of it.
 *
 * @param dispose what `dispose()` does: it is to be forgotten as well
 */
export function createScope (id: string, { variables = {}, scenarios = {} }: ScopeOptions, ttl: number, context: ScopeContext, dispose: () => Promise<void>): LiveScope {
  const store = createStore({ clock: context.clock, runSeed: context.runSeed, profile: context.profile })
  const created = Date.now()
  const inFlight = createInFlight()
  const { log, dispatcher, root } = context
  let lastUsed = created
  let isDisposed = false

  const touch = (): void => {
    if (isDisposed) throw new MOCK_ERR_SCOPE_UNKNOWN(id)
    lastUsed = Date.now()
  }
  const overlays = createOverlays(id, store, context, { assertOpen: touch })
  const deliveries = viewDeliveries(dispatcher, id)

  const verification = createVerification(createLogSource({
    log,
    scope: id,
    config: () => context.generation().loaded.config,
    hits: store.hits,
    explainIndex: () => context.generation().explainIndex(),
    overlays: () => [...overlays.overlays(), ...root.overlays()],
    onUse: touch
  }))

  function configure ({ loaded, collections }: Generation): void {
    store.configure(loaded.config, collections)
  }

  function begin (): void {
    for (const [name, value] of Object.entries(variables)) store.variables.set(name, value)
    for (const [name, state] of Object.entries(scenarios)) store.scenarios.set(name, state)
  }

  configure(context.generation())
  for (const { endpoints } of root.overlays()) overlays.learn(endpoints)
  begin()

  const scope: Scope = {
    ...verification,
    id,
    get headers () {
      const { header } = context.naming()
      return header === undefined ? {} : { [header]: id }
    },
    get baggage () { return `${context.naming().baggage ?? ''}=${id}` },
    url: base => `${base.replace(/\/$/, '')}${context.naming().path ?? '/'}${id}`,
    requests: viewLog(log, { scope: id }),
    get scenarios () { return store.scenarios },
    get variables () { return store.variables },
    get rateLimits () { return store.rateLimits },
    get cache () { return store.cache },
    clock: store.clock,
    profiles: store.profiles,
    get collections () { return store.collections },
    get variants () { return store.switches.variants },
    get situations () { return store.switches.situations },
    get failures () { return store.injections },
    auth: createAuth({ config: () => context.generation().loaded.config, keys: context.keys, state: store }),
    webhooks: createWebhooks({ dispatcher: deliveries, store, live: context.live }),
    ttl_ms: ttl,
    get isDisposed () { return isDisposed },
    use: overlays.use,
    once: overlays.once,
    overlays: overlays.overlays,
    restore: overlays.restore,
    info: () => ({
      id,
      created: new Date(created).toISOString(),
      last_used: new Date(lastUsed).toISOString(),
      ttl_ms: ttl,
      overlays: overlays.overlays().map(({ id }) => id),
      requests: log.count({ scope: id })
    }),
    reset () {
      touch()
      store.reset()
      begin()
      for (const stack of [overlays, root]) stack.resetTurns(store)
      verification.forget()
      log.clear({ scope: id })
      dispatcher.clear({ scope: id })
    },
    async run (fn) {
      touch()
      // What `inject` returns begins when it is awaited: that has to be here.
      return await context.running.run(id, async () => await fn())
    },
    dispose,
    [Symbol.asyncDispose]: dispose
  }

  return {
    id,
    store,
    scope,
    inFlight,
    configure,
    learn: overlays.learn,
    get layers () { return overlays.layers },
    get isDisposed () { return isDisposed },
    get lastUsed () { return lastUsed },
    set lastUsed (time) { lastUsed = time },
    async end () {
      store.clock.release()
      await inFlight.drained(context.drainTimeoutMs)
      isDisposed = true
      root.resetTurns(store)
      log.clear({ scope: id })
      dispatcher.clear({ scope: id })
      await overlays.close()
    }
  }
}
