import type { ScopesOptions } from '../lib/config.ts'
import { MOCK_ERR_SCOPE_ID, MOCK_ERR_SCOPE_LIMIT, MOCK_ERR_SCOPE_OPTIONS, MOCK_ERR_SCOPE_TAKEN } from '../lib/errors.ts'
import { isScopeId, makeScopeId } from '../lib/scope/scope-id.ts'
import type { Scope, ScopeOptions, Scopes } from '../lib/scope/scope.ts'
import { unknownOption } from '../lib/unknown-option.ts'
import type { Generation } from './live.ts'
import type { OverlayStack } from './overlays.ts'
import { createScope, type LiveScope, type ScopeContext } from './scope.ts'

const OPTIONS = ['id', 'endpoints', 'variables', 'scenarios', 'ttl_ms'] satisfies Array<keyof ScopeOptions>

const DEFAULTS = { max: 1_000, ttl_ms: 30 * 60 * 1_000 }
/** How exactly times to live are kept: to a fraction of the shortest, within these bounds. */
const SWEEP_MS = { least: 10, most: 60_000 }

/** All scopes, as the server sees them. */
export interface ScopeTable {
  readonly scopes: Scopes
  /** The scope that a request names, which is used by that. */
  find (id: string): LiveScope | undefined
  configure (generation: Generation): void
  /** Makes known what endpoints name that are put in front of all scopes. */
  learn: OverlayStack['learn']
  /** Lets go what waits for clocks that stand still. */
  release (): void
  close (): Promise<void>
}

/** Holds the scopes: no more than `scopes.max`, and none that nobody has used for its time to live. */
export function createScopes (context: ScopeContext): ScopeTable {
  const live = new Map<string, LiveScope>()
  /** Those whose endpoints are being read: a reload meanwhile is for them as well. */
  const beginning = new Map<string, LiveScope>()
  const ending = new Map<string, Promise<void>>()
  let sweeper: NodeJS.Timeout | undefined
  const options = (): ScopesOptions => context.config().scopes ?? {}
  const all = (): LiveScope[] => [...live.values(), ...beginning.values()]

  async function create (wanted: ScopeOptions = {}): Promise<Scope> {
    const unknown = unknownOption(wanted, OPTIONS)
    if (unknown !== undefined) throw new MOCK_ERR_SCOPE_OPTIONS(unknown)
    const { id = makeScopeId(), endpoints, ttl_ms: ttl = options().ttl_ms ?? DEFAULTS.ttl_ms } = wanted
    if (typeof id !== 'string' || !isScopeId(id)) throw new MOCK_ERR_SCOPE_ID(id)
    if (!(Number.isFinite(ttl) && ttl >= 0)) throw new MOCK_ERR_SCOPE_OPTIONS(`'${ttl}' is no time to live: ttl_ms is a number of milliseconds, 0 for no end`)
    // The last requests of one that had the id before would be counted with those of this one, and its end would take away both.
    while (ending.has(id)) await ending.get(id)
    if (live.has(id) || beginning.has(id)) throw new MOCK_ERR_SCOPE_TAKEN(id)
    const max = options().max ?? DEFAULTS.max
    if (live.size + beginning.size >= max) throw new MOCK_ERR_SCOPE_LIMIT(live.size)
    const made = createScope(id, wanted, ttl, context, () => dispose(id, made).then(() => {}))
    if (endpoints !== undefined) {
      beginning.set(id, made)
      try {
        await made.scope.use(endpoints)
      } finally {
        beginning.delete(id)
      }
    }
    // Requests that came too late for the one before, or too early for this one, were refused and are not its own.
    context.log.clear({ scope: id })
    live.set(id, made)
    plan()
    return made.scope
  }

  /** @param meant of several that had one id in turn */
  async function dispose (id: string, meant?: LiveScope): Promise<boolean> {
    const scope = live.get(id)
    if (scope === undefined || (meant !== undefined && meant !== scope)) {
      await ending.get(id)
      return false
    }
    live.delete(id)
    const end = scope.end().finally(() => ending.delete(id))
    ending.set(id, end)
    await end
    return true
  }

  /** Looks again when the first may be due. Never keeps the process alive. */
  function plan (): void {
    clearTimeout(sweeper)
    const shortest = Math.min(...[...live.values()].flatMap(({ scope }) => scope.ttl_ms > 0 ? scope.ttl_ms : []))
    if (shortest === Infinity) return
    sweeper = setTimeout(sweep, Math.min(SWEEP_MS.most, Math.max(SWEEP_MS.least, shortest / 4)))
    sweeper.unref()
  }

  function sweep (): void {
    const now = Date.now()
    for (const { id, scope, inFlight, lastUsed } of live.values()) {
      if (scope.ttl_ms > 0 && inFlight.count === 0 && now - lastUsed >= scope.ttl_ms) dispose(id).catch(error => context.onFailure(id, error))
    }
    plan()
  }

  return {
    scopes: {
      get size () { return live.size },
      create,
      get: id => live.get(id)?.scope,
      list: () => [...live.values()].map(({ scope }) => scope),
      dispose: id => dispose(id)
    },
    find (id) {
      const scope = live.get(id)
      if (scope !== undefined) scope.lastUsed = Date.now()
      return scope
    },
    configure (generation) {
      for (const scope of all()) scope.configure(generation)
    },
    learn (endpoints) {
      for (const scope of all()) scope.learn(endpoints)
    },
    release () {
      for (const { store } of all()) store.clock.release()
    },
    async close () {
      clearTimeout(sweeper)
      await Promise.all([...[...live.keys()].map(id => dispose(id)), ...ending.values()])
    }
  }
}
