import type { FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { checkSchemas } from '../lib/check-schemas.ts'
import type { CompileTools } from '../lib/compile.ts'
import type { Config } from '../lib/config.ts'
import type { LoadedConfig } from '../lib/config/load.ts'
import { runInSlices } from '../lib/config/slices.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { difference } from '../lib/difference.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { MOCK_ERR_NOT_READY } from '../lib/errors.ts'
import type { ReloadResult } from '../lib/mock.ts'
import type { ResolvedProfile } from '../lib/profile/resolve-profile.ts'
import { warmUp } from '../lib/warm-up.ts'
import { createBuilder, type BuilderOptions, type Built, type LayerOptions } from './build-generation.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { createToolbox, type ToolboxOptions, type Tools } from './toolbox.ts'
import { warmInBackground } from './warming.ts'

/** One configuration being served, and how many requests it has not answered yet. */
export interface Generation extends Built {
  readonly inFlight: InFlight
}

export interface LiveOptions extends BuilderOptions, ToolboxOptions {
  drainTimeoutMs: number
  /** Whether what requests need is made before they come. */
  isWarmed: boolean
  /** Told of each generation in the turn in which it goes live. */
  onSwap: (generation: Generation) => void
}

/** Holds the generation that is live, and replaces it by another: all of it, at once, or not at all. */
export function createLive (options: LiveOptions) {
  const toolbox = createToolbox(options)
  const { build, buildProfile, buildLayer } = createBuilder(options)
  const retiring = new Set<Promise<void>>()
  let current: Generation | undefined
  let tools: Tools | undefined
  let count = 0
  let stopWarming: (() => void) | undefined
  /** As it was at the start, when it was read. */
  let persist: Config['persist']

  /** Requests in flight finish on the generation that they met; past the bound it is closed all the same. */
  async function retire ({ app, inFlight }: Generation): Promise<void> {
    await inFlight.drained(options.drainTimeoutMs)
    await app.close()
  }

  function letGo (generation: Generation): void {
    const gone = retire(generation).finally(() => retiring.delete(gone))
    retiring.add(gone)
  }

  async function replace (load: () => Promise<LoadedConfig>): Promise<ReloadResult> {
    const start = performance.now()
    const loaded = await load()
    const wanted = toolbox.renew(loaded.config, tools)
    const generation: Generation = { ...await build(loaded, count + 1, wanted), inFlight: createInFlight() }
    wanted.compile.bodies?.use(loaded.config)
    const previous = current
    current = generation
    tools = wanted
    count = generation.id
    if (previous === undefined && generation.endpoints.some(isGenerated)) setImmediate(wanted.warm)
    stopWarming?.()
    if (options.isWarmed) stopWarming = warmInBackground(warmUp(generation.endpoints, generation.validators), () => generation.inFlight.count > 0)
    options.log.configure(loaded.config.log ?? {})
    options.keys.configure(loaded.config.signing_keys)
    options.dispatcher.configure(loaded.config.deliveries)
    if (previous === undefined) persist = loaded.config.persist
    const lost = options.store.configure(loaded.config, generation.collections).map(stateLost)
    if (!isDeepStrictEqual(persist, loaded.config.persist)) lost.push(persistIgnored)
    options.onSwap(generation)
    if (previous !== undefined) letGo(previous)
    return {
      generation: generation.id,
      endpoints: generation.endpoints.length,
      ...difference(previous?.loaded.config, loaded.config),
      duration_ms: Math.round((performance.now() - start) * 10) / 10,
      warnings: [...generation.warnings, ...lost]
    }
  }

  const liveGeneration = (): Generation => {
    if (current === undefined) throw new MOCK_ERR_NOT_READY()
    return current
  }
  const liveTools = (): Tools => toolbox.renew(liveGeneration().loaded.config, tools)

  return {
    get current (): Generation {
      return liveGeneration()
    },
    /** Has a generation answer a request beginning now, the live one if no other is meant; it is kept until the response is closed. */
    enter (response: ServerResponse, generation: Generation = liveGeneration()): Generation {
      generation.inFlight.enter(response)
      return generation
    },
    tools: (): CompileTools => liveTools().compile,
    /** Builds the live configuration as a profile has it. Rejects as `take` does. */
    async buildProfile (profile: ResolvedProfile): Promise<Generation> {
      return { ...await buildProfile(liveGeneration(), profile, liveTools()), inFlight: createInFlight() }
    },
    /** Closes a generation once its requests are through. */
    retire: letGo,
    /** Builds what is served in front of the live generation, with what that is built with. Rejects as `take` does. */
    buildLayer: (loaded: LoadedConfig, layer: LayerOptions): Promise<FastifyInstance> => buildLayer(loaded, liveGeneration().id, liveTools(), layer),
    /** Builds a configuration without serving it, and compiles all its schemas; what it warns of. Rejects as `take` does. */
    async check (loaded: LoadedConfig): Promise<Diagnostic[]> {
      const trial = toolbox.create(loaded.config)
      const { app, warnings } = await build(loaded, 0, trial)
      await app.close()
      return [...warnings, ...await runInSlices(checkSchemas(loaded, trial.compiler))]
    },
    /**
     * Loads, builds and swaps; rejects, and goes on serving what it was, when the configuration is not valid. One at a time: that
     * is the caller's to see to.
     */
    take: replace,
    async close (): Promise<void> {
      stopWarming?.()
      await Promise.all([...retiring, current?.app.close()])
    }
  }
}

/** State that the new configuration has no place for: told once, as it is not the configuration that is doubtful. */
const stateLost = (message: string): Diagnostic => ({ severity: 'warning', code: 'state-lost', message, pointer: '' })

const persistIgnored: Diagnostic = { severity: 'warning', code: 'persist-ignored', message: '`persist` is another than at the start, when it was read: that takes a restart', pointer: '/persist' }

const isGenerated = ({ variants }: CompiledEndpoint): boolean => variants.some(({ answer }) => answer.body?.kind === 'lazy')
