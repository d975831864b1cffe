import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import { checkSchemas } from '../lib/check-schemas.ts'
import { compileEndpoints, compileWebhooks, identified, type CompileTools } from '../lib/compile.ts'
import type { Config } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import type { LoadedConfig } from '../lib/config/load.ts'
import { runInSlices } from '../lib/config/slices.ts'
import { createBodies } from '../lib/data/bodies.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { difference } from '../lib/difference.ts'
import type { CompiledEndpoint } from '../lib/endpoint.ts'
import { MOCK_ERR_NOT_READY } from '../lib/errors.ts'
import { buildIndex, type ExplainableEndpoint, type ExplainIndex } from '../lib/explain.ts'
import { createGenerator } from '../lib/generate/generator.ts'
import type { ReloadResult } from '../lib/mock.ts'
import { createRandom, seedOf } from '../lib/random.ts'
import type { WritableRequestLog } from '../lib/request-log.ts'
import { placesIn } from '../lib/violation/places.ts'
import { createSchemaCompiler, type LazyValidator, type SchemaCompiler } from '../lib/schema/compiler.ts'
import type { Store } from '../lib/store.ts'
import { createTemplates } from '../lib/template/engine.ts'
import type { TemplateHelper } from '../lib/template/helper.ts'
import { warmUp } from '../lib/warm-up.ts'
import type { CompiledWebhook } from '../lib/webhook/compile-webhook.ts'
import type { Dispatcher } from '../lib/webhook/dispatcher.ts'
import { createGeneration } from './generation.ts'
import { warmInBackground } from './warming.ts'

/** One configuration being served: an inner Fastify instance, and how many requests it has not answered yet. */
export interface Generation {
  readonly id: number
  readonly app: FastifyInstance
  readonly loaded: LoadedConfig
  readonly endpoints: readonly CompiledEndpoint[]
  /** By name. */
  readonly webhooks: ReadonlyMap<string, CompiledWebhook>
  /** What is doubtful about it. */
  readonly warnings: readonly Diagnostic[]
  readonly explainIndex: () => ExplainIndex
  readonly validators: readonly LazyValidator[]
  inFlight: number
  /** Called when the last request in flight is through; set once the generation is retired. */
  onIdle: (() => void) | undefined
}

export interface LiveOptions {
  prefix: string
  cwd: string
  log: WritableRequestLog
  store: Store
  dispatcher: Dispatcher
  helpers: Readonly<Record<string, TemplateHelper>> | undefined
  logger: FastifyBaseLogger | false
  drainTimeoutMs: number
  /** Whether what requests need is made before they come. */
  isWarmed: boolean
  /** Told of what turns out to be unusable while serving. */
  onWarning: (message: string, details: object) => void
}

/** What endpoints are compiled with: the same for as long as the shared schemas and the seed are. */
interface Tools {
  seed: Config['seed']
  locale: Config['locale']
  compiler: SchemaCompiler
  compile: CompileTools
  /** Loads what the first generated body would otherwise wait for. */
  warm: () => void
}

/** Holds the generation that is live, and replaces it by another: all of it, at once, or not at all. */
export function createLive (options: LiveOptions) {
  const templates = createTemplates(options.helpers === undefined ? {} : { helpers: options.helpers })
  // Without a configured seed, every start draws other latencies and failures; generated bodies stay the same.
  const startSeed = Math.floor(Math.random() * 0xFFFFFFFF)
  const retiring = new Set<Promise<void>>()
  let current: Generation | undefined
  let tools: Tools | undefined
  let count = 0
  let stopWarming: (() => void) | undefined

  /** What has been compiled serves on as long as it would come out the same. */
  function toolsFor (config: Config): Tools {
    if (tools?.seed === config.seed && tools?.locale === config.locale && tools?.compiler.serves(config.schemas) === true) return tools
    return createTools(config, tools?.compiler.serves(config.schemas) === true ? tools.compiler : undefined)
  }

  function createTools (config: Config, compiler?: SchemaCompiler): Tools {
    const generator = createGenerator({ schemas: config.schemas ?? {}, ...config.locale !== undefined && { locale: config.locale } })
    return {
      seed: config.seed,
      locale: config.locale,
      compiler: compiler ?? createSchemaCompiler(config.schemas, (error, schema) =>
        options.onWarning('a schema cannot be used and is not enforced', { reason: error.message, schema: JSON.stringify(schema).slice(0, 200) })),
      compile: {
        templates,
        bodies: createBodies(generator, config.seed ?? 0, (endpoint, reason) => options.onWarning('a generated body does not fit its schema', { endpoint, reason })),
        generate (schema, key) {
          const { value, problem } = generator.generate(schema, createRandom(seedOf(config.seed ?? 0, key)))
          if (problem !== undefined) options.onWarning('a generated body does not fit its schema', { endpoint: key, reason: problem })
          return value
        },
        fits: (schema, value) => generator.accepts(generator.node(schema), value),
        schemas: config.schemas,
        cwd: options.cwd,
        known: new WeakMap()
      },
      warm: generator.warm
    }
  }

  async function build (loaded: LoadedConfig, id: number, tools: Tools): Promise<Generation> {
    const { config } = loaded
    const { endpoints, diagnostics } = await runInSlices(compileEndpoints(loaded, tools.compile))
    const outgoing = compileWebhooks(loaded, tools.compile)
    diagnostics.push(...outgoing.diagnostics)
    if (diagnostics.length > 0) throw configInvalid(diagnostics)
    const problems: Diagnostic[] = []
    const validators: LazyValidator[] = []
    let index: ExplainIndex | undefined
    const explainIndex = () => {
      index ??= buildIndex(explainable(loaded, endpoints))
      return index
    }
    const app = await createGeneration({
      id,
      config,
      endpoints,
      seed: config.seed ?? startSeed,
      prefix: options.prefix,
      log: options.log,
      store: options.store,
      compiler: tools.compiler,
      validators,
      dispatcher: options.dispatcher,
      explainIndex,
      logger: options.logger,
      placeOf: placesIn(loaded),
      onProblem: (endpoint, route, message) => problems.push(routeProblem(loaded, endpoint, endpoint.routes.indexOf(route), message))
    })
    if (problems.some(({ severity }) => severity === 'error')) {
      await app.close()
      throw configInvalid(problems)
    }
    return { id, app, loaded, endpoints, webhooks: outgoing.webhooks, explainIndex, validators, warnings: [...loaded.diagnostics, ...problems], inFlight: 0, onIdle: undefined }
  }

  /** Requests in flight finish on the generation that they met; past the bound it is closed all the same. */
  async function retire (generation: Generation): Promise<void> {
    if (generation.inFlight > 0) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, options.drainTimeoutMs)
        timer.unref()
        generation.onIdle = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    await generation.app.close()
  }

  async function replace (load: () => Promise<LoadedConfig>): Promise<ReloadResult> {
    const start = performance.now()
    const loaded = await load()
    const wanted = toolsFor(loaded.config)
    const generation = await build(loaded, count + 1, wanted)
    wanted.compile.bodies?.use(loaded.config)
    const previous = current
    current = generation
    tools = wanted
    count = generation.id
    if (previous === undefined && generation.endpoints.some(isGenerated)) setImmediate(wanted.warm)
    stopWarming?.()
    if (options.isWarmed) stopWarming = warmInBackground(warmUp(generation.endpoints, generation.validators), () => generation.inFlight > 0)
    options.log.configure(loaded.config.log ?? {})
    options.dispatcher.configure(loaded.config.deliveries)
    const lost = options.store.configure(loaded.config).map(stateLost)
    if (previous !== undefined) {
      const gone = retire(previous).finally(() => retiring.delete(gone))
      retiring.add(gone)
    }
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

  return {
    get current (): Generation {
      return liveGeneration()
    },
    /** The generation that answers a request beginning now; it is kept until the response is closed. */
    enter (response: ServerResponse): Generation {
      const generation = liveGeneration()
      generation.inFlight++
      response.on('close', () => {
        if (--generation.inFlight === 0) generation.onIdle?.()
      })
      return generation
    },
    tools: (): CompileTools => toolsFor(liveGeneration().loaded.config).compile,
    /** Builds a configuration without serving it, and compiles all its schemas; what it warns of. Rejects as `take` does. */
    async check (loaded: LoadedConfig): Promise<Diagnostic[]> {
      const trial = createTools(loaded.config)
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

const isGenerated = ({ variants }: CompiledEndpoint): boolean => variants.some(({ answer }) => answer.body?.kind === 'lazy')

function explainable (loaded: LoadedConfig, endpoints: readonly CompiledEndpoint[]): ExplainableEndpoint[] {
  return endpoints.flatMap(({ id, path, methods, config }, index) => (config.base_paths ?? ['']).map(base => ({
    id,
    methods,
    path: base + path,
    enabled: config.enabled !== false,
    ...config.match !== undefined && { match: config.match },
    // Looked up for the few that are told: the first place in a file has all of its text parsed anew, with positions.
    get origin () { return originOf(loaded, index) }
  })))
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

/** A further base path that collides is told and left out; the path itself has to be free. */
function routeProblem (loaded: LoadedConfig, endpoint: CompiledEndpoint, routeIndex: number, message: string): Diagnostic {
  const origin = loaded.origins[identified(loaded.config).findIndex(({ id }) => id === endpoint.id)]
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
