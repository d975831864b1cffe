import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { compileCollections } from '../lib/collection/compile-collections.ts'
import type { CollectionDefinition } from '../lib/collection/definition.ts'
import { compileEndpoints, compileWebhooks, identified } from '../lib/compile.ts'
import type { Endpoint } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import type { LoadedConfig } from '../lib/config/load.ts'
import { runInSlices } from '../lib/config/slices.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { buildIndex, type ExplainIndex } from '../lib/explain.ts'
import { explainableEndpoints } from '../lib/explain/explainable-endpoints.ts'
import type { KeySet } from '../lib/jwt/key-set.ts'
import type { Held } from '../lib/fault/held.ts'
import type { WritableRequestLog } from '../lib/request-log.ts'
import type { LazyValidator } from '../lib/schema/compiler.ts'
import type { Store } from '../lib/store.ts'
import { applyProfile } from '../lib/profile/apply-profile.ts'
import { compileProfiles } from '../lib/profile/compile-profiles.ts'
import type { ResolvedProfile } from '../lib/profile/resolve-profile.ts'
import { placesIn } from '../lib/violation/places.ts'
import type { CompiledWebhook } from '../lib/webhook/compile-webhook.ts'
import type { Dispatcher } from '../lib/webhook/dispatcher.ts'
import { createGeneration } from './generation.ts'
import { compileLayer } from '../lib/scope/compile-layer.ts'
import type { Turns } from '../lib/scope/turns.ts'
import type { Tools } from './toolbox.ts'

/** One configuration, compiled and built: an inner Fastify instance. */
export interface Built {
  readonly id: number
  readonly app: FastifyInstance
  readonly loaded: LoadedConfig
  readonly endpoints: readonly CompiledEndpoint[]
  /** By name. */
  readonly webhooks: ReadonlyMap<string, CompiledWebhook>
  /** What the collections of each scope start from. */
  readonly collections: readonly CollectionDefinition[]
  /** What is doubtful about it. */
  readonly warnings: readonly Diagnostic[]
  readonly explainIndex: () => ExplainIndex
  readonly validators: readonly LazyValidator[]
}

export interface BuilderOptions {
  prefix: string
  log: WritableRequestLog
  store: Store
  dispatcher: Dispatcher
  held: Held
  keys: KeySet
  logger: FastifyBaseLogger | false
}

/** Endpoints that are served in front of a generation. */
export interface LayerOptions {
  /** Id of the overlay that they belong to. */
  overlay: string
  turns: Turns
  /** The profile that they are served with. */
  profile?: string | undefined
}

/** Builds generations: compiles a configuration, and makes the instance that serves it ready. */
export function createBuilder ({ prefix, log, store, dispatcher, held, keys, logger }: BuilderOptions) {
  async function build (loaded: LoadedConfig, id: number, tools: Tools): Promise<Built> {
    const { endpoints, diagnostics } = await runInSlices(compileEndpoints(loaded, tools.compile))
    const outgoing = compileWebhooks(loaded, tools.compile)
    const rows = await runInSlices(compileCollections(loaded, { ...tools.compile, compiler: tools.compiler }))
    diagnostics.push(...outgoing.diagnostics, ...rows.diagnostics, ...await runInSlices(compileProfiles(loaded, tools.compile)))
    if (diagnostics.length > 0) throw configInvalid(diagnostics)
    const assembled = await assemble(loaded, endpoints, id, tools)
    return { id, loaded, endpoints, webhooks: outgoing.webhooks, collections: rows.definitions, ...assembled }
  }

  /** What is compiled already, served. */
  async function assemble (loaded: LoadedConfig, endpoints: readonly CompiledEndpoint[], id: number, tools: Tools, { layer, profile }: { layer?: LayerOptions, profile?: string | undefined } = {}): Promise<Pick<Built, 'app' | 'explainIndex' | 'validators' | 'warnings'>> {
    const { config } = loaded
    const problems: Diagnostic[] = []
    const validators: LazyValidator[] = []
    let index: ExplainIndex | undefined
    const explainIndex = () => {
      index ??= buildIndex(explainableEndpoints(endpoints, endpoint => originOf(loaded, placeIn(loaded, endpoint))))
      return index
    }
    const app = await createGeneration({
      id,
      config,
      endpoints,
      // Without a configured seed, every start draws other latencies and failures; generated bodies stay the same.
      seed: config.seed ?? store.runSeed,
      profile,
      situated: loaded.situated,
      prefix,
      log,
      store,
      compiler: tools.compiler,
      validators,
      dispatcher,
      held,
      keys,
      explainIndex,
      layer,
      logger,
      placeOf: placesIn(loaded),
      onProblem: (endpoint, route, message) => problems.push(routeProblem(loaded, endpoint, endpoint.routes.indexOf(route), message))
    })
    if (problems.some(({ severity }) => severity === 'error')) {
      await app.close()
      throw configInvalid(problems)
    }
    return { app, explainIndex, validators, warnings: [...loaded.diagnostics, ...problems] }
  }

  return {
    /** Rejects with MOCK_ERR_CONFIG_INVALID where it cannot be served. */
    build,
    /** What serves a configuration that is built already as a profile has it: all but the behaviour of its endpoints is the same. */
    async buildProfile (base: Built, profile: ResolvedProfile, tools: Tools): Promise<Built> {
      const loaded = applyProfile(base.loaded, profile)
      const { endpoints, diagnostics } = await runInSlices(compileEndpoints(loaded, tools.compile))
      if (diagnostics.length > 0) throw configInvalid(diagnostics)
      return { ...base, loaded, endpoints, ...await assemble(loaded, endpoints, base.id, tools, { profile: profile.name }) }
    },
    /** The same of endpoints alone, that let pass what none of their answers holds for. */
    async buildLayer (loaded: LoadedConfig, id: number, tools: Tools, layer: LayerOptions): Promise<FastifyInstance> {
      const endpoints = compileLayer(loaded, tools.compile, layer.overlay)
      return (await assemble(loaded, endpoints, id, tools, { layer, profile: layer.profile })).app
    }
  }
}

/**
 * The place of an endpoint in its file: `mocks/users.yaml:12`, or in an OpenAPI document, where finding the line would mean
 * parsing megabytes with positions, `api.yaml#/paths/~1users/get`.
 */
export function originOf (loaded: LoadedConfig, index: number): string | undefined {
  const origin = loaded.origins[index]
  if (origin?.file === undefined) return undefined
  if (origin.pointer.startsWith('/paths/')) return `${origin.file}#${origin.pointer}`
  const line = origin.locate('')?.line
  return line === undefined ? origin.file : `${origin.file}:${line}`
}

const places = new WeakMap<LoadedConfig, ReadonlyMap<Endpoint, number>>()

/** Which of the configured endpoints a compiled one was made of. */
export function placeIn (loaded: LoadedConfig, { source }: CompiledEndpoint): number {
  let known = places.get(loaded)
  if (known === undefined) places.set(loaded, known = new Map(identified(loaded.config).map((endpoint, index) => [endpoint, index])))
  return known.get(source) ?? -1
}

/** A further base path that collides is told and left out; the path itself has to be free. */
function routeProblem (loaded: LoadedConfig, endpoint: CompiledEndpoint, routeIndex: number, message: string): Diagnostic {
  const origin = loaded.origins[placeIn(loaded, endpoint)]
  const place = origin?.locate('/path')
  return {
    severity: routeIndex > 0 || origin?.imported === true ? 'warning' : 'error',
    code: 'bad-route',
    message,
    pointer: `${origin?.pointer ?? ''}/path`,
    ...(origin?.file === undefined ? {} : { file: origin.file }),
    ...(place === undefined ? {} : { line: place.line, column: place.column })
  }
}
