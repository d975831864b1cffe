import { namedByResources } from '../lib/collection/compile-collections.ts'
import { compileEndpoints, identified, type CompileTools } from '../lib/compile.ts'
import type { Config, WrittenEndpoint } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import type { LoadedConfig } from '../lib/config/load.ts'
import { runAtOnce } from '../lib/config/slices.ts'
import { MOCK_ERR_OVERLAY_TIMES } from '../lib/errors.ts'
import type { IdentifiedEndpoint } from '../lib/mock.ts'
import type { RequestLog } from '../lib/request-log.ts'
import { assertRoutable } from '../lib/routable.ts'
import { viewLog } from '../lib/scope/log-view.ts'
import type { Overlay, OverlayEndpoints, OverlayOptions, Overlays } from '../lib/scope/overlay.ts'
import { scenarioDefinitions } from '../lib/state/scenario-definition.ts'
import type { Store } from '../lib/store.ts'
import { unknownOption } from '../lib/unknown-option.ts'
import { createLayer, type Layer, type LayerContext } from './layer.ts'

export interface OverlaysContext extends LayerContext {
  log: RequestLog
  /** Reads a configuration given in code: checks it and fills in ids and defaults. */
  load: (config: Config) => Promise<LoadedConfig>
}

export interface OverlayHooks {
  /** Throws where there is nothing to put overlays on any more. */
  assertOpen?: () => void
  /** Told of the endpoints that are about to be put in front. */
  onUse?: (endpoints: readonly IdentifiedEndpoint[]) => void
}

/** The overlays of the root or of a scope, as the server sees them. */
export interface OverlayStack extends Overlays {
  /** The newest first. */
  readonly layers: readonly Layer[]
  /** Makes known in the scope's state what endpoints name: scenarios, and the collections of resources. */
  learn (endpoints: readonly IdentifiedEndpoint[]): void
  /** Begins the `times` of all anew, for the requests of one scope. */
  resetTurns (store: Store): void
  close (): Promise<void>
}

/**
 * @param scope its id, `null` for the root
 */
export function createOverlays (scope: string | null, store: Store, context: OverlaysContext, { assertOpen = () => {}, onUse = () => {} }: OverlayHooks): OverlayStack {
  let stack: ReadonlyArray<{ number: number, overlay: Overlay, layer: Layer }> = []
  let layers: readonly Layer[] = []
  let count = 0

  function keep (next: typeof stack): void {
    stack = next
    layers = next.map(({ layer }) => layer)
  }

  function learn (endpoints: readonly IdentifiedEndpoint[]): void {
    const config = { ...scenariosOf(context.config()), endpoints: [...endpoints] }
    store.scenarios.learn(scenarioDefinitions(config))
    store.collections.learn(namedByResources(config))
  }

  async function use (endpoints: OverlayEndpoints, options: OverlayOptions = {}): Promise<Overlay> {
    assertOpen()
    const { times } = options
    if (unknownOption(options, ['times']) !== undefined) throw new MOCK_ERR_OVERLAY_TIMES(JSON.stringify(options))
    if (times !== undefined && !(Number.isInteger(times) && times > 0)) throw new MOCK_ERR_OVERLAY_TIMES(times)
    const number = ++count
    const loaded = await checked([endpoints].flat(), context)
    assertOpen()
    learn(identified(loaded.config))
    onUse(identified(loaded.config))
    const id = `overlay-${number}`
    const layer = createLayer(id, loaded, times, context)
    const overlay = handleOf(id, loaded, layer)
    // In the order in which they were asked for, whichever was read first.
    keep([{ number, overlay, layer }, ...stack].sort((a, b) => b.number - a.number))
    return overlay
  }

  function handleOf (id: string, loaded: LoadedConfig, layer: Layer): Overlay {
    const remove = async (): Promise<void> => { await restore(id) }
    const { times } = layer.turns
    return {
      id,
      endpoints: identified(loaded.config),
      ...times !== undefined && { times },
      get calls () { return layer.turns.taken() },
      requests: viewLog(context.log, { scope, overlay: id }),
      restore: remove,
      [Symbol.asyncDispose]: remove,
      [Symbol.dispose] () { remove().catch(() => {}) }
    }
  }

  async function restore (id?: string): Promise<boolean> {
    const gone = stack.filter(({ overlay }) => id === undefined || overlay.id === id)
    keep(stack.filter(({ overlay }) => id !== undefined && overlay.id !== id))
    for (const { overlay, layer } of gone) {
      for (const endpoint of overlay.endpoints) store.forget(`${overlay.id} ${endpoint.id}`)
      layer.close().catch(error => context.onFailure(layer.overlay, error))
    }
    return gone.length > 0
  }

  return {
    get layers () { return layers },
    use,
    once: endpoints => use(endpoints, { times: 1 }),
    overlays: () => stack.map(({ overlay }) => overlay),
    restore,
    learn,
    resetTurns (store) {
      for (const { turns } of layers) turns.reset(store)
    },
    async close () {
      const closing = layers
      keep([])
      await Promise.all(closing.map(layer => layer.close()))
    }
  }
}

/** Everything that is wrong is told at once, and before any request comes. */
async function checked (endpoints: readonly WrittenEndpoint[], { config, load, tools }: { config: () => Config, load: OverlaysContext['load'], tools: () => CompileTools }): Promise<LoadedConfig> {
  const { schemas, security_schemes: schemes, defaults, tags, ...server } = config()
  const loaded = await load({
    ...schemas !== undefined && { schemas },
    ...schemes !== undefined && { security_schemes: schemes },
    ...defaults !== undefined && { defaults },
    ...tags !== undefined && { tags },
    ...scenariosOf(server),
    endpoints: [...endpoints]
  })
  const { diagnostics } = runAtOnce(compileEndpoints(loaded, tools()))
  if (diagnostics.length > 0) throw configInvalid(diagnostics)
  for (const endpoint of loaded.config.endpoints ?? []) assertRoutable({ path: '/', ...endpoint })
  return loaded
}

const scenariosOf = ({ scenarios }: Pick<Config, 'scenarios'>): Pick<Config, 'scenarios'> => scenarios === undefined ? {} : { scenarios }
