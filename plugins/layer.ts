import type { FastifyInstance } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import type { CompileTools } from '../lib/compile.ts'
import type { Config } from '../lib/config.ts'
import type { LoadedConfig } from '../lib/config/load.ts'
import { createRouteFinder, type FindRoute } from '../lib/match.ts'
import { compileLayer } from '../lib/scope/compile-layer.ts'
import type { ExplainableEndpoint } from '../lib/explain.ts'
import { explainableEndpoints } from '../lib/explain/explainable-endpoints.ts'
import { withTurns } from '../lib/explain/overlay-turns.ts'
import { applyProfile } from '../lib/profile/apply-profile.ts'
import { requestProfile } from '../lib/profile/request-profile.ts'
import { resolveProfile } from '../lib/profile/resolve-profile.ts'
import { createTurns, type Turns } from '../lib/scope/turns.ts'
import type { Store } from '../lib/store.ts'
import type { LayerOptions } from './build-generation.ts'
import { routerOptionsOf } from './generation.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { goOn } from './journey.ts'
import { routesOf } from './matching.ts'

/** The endpoints of one overlay, and who serves them. */
export interface Layer {
  readonly overlay: string
  readonly turns: Turns
  /** Whether it has a route for a request. Whether it has an answer as well turns out when it is handed the request. */
  hasRoute (raw: IncomingMessage): boolean
  /** Answers the request, or hands it on. */
  answer (raw: IncomingMessage, response: ServerResponse): void
  /** Its endpoints, for the explanation of a request that nothing answered; the store is that of the request's scope. */
  explainable (store: Store): ExplainableEndpoint[]
  /** Serves nobody any more; resolves when those under way are through. */
  close (): Promise<void>
}

export interface LayerContext {
  prefix: string
  /** The live configuration. */
  config: () => Config
  tools: () => CompileTools
  build: (loaded: LoadedConfig, layer: LayerOptions) => Promise<FastifyInstance>
  drainTimeoutMs: number
  /** Told that a layer cannot be served with the configuration that is live now. */
  onFailure: (overlay: string, error: unknown) => void
}

/** A layer with the configuration around it. */
interface Placed {
  /** Whose schemas, security schemes and bounds it goes by. */
  config: Config
  readonly loaded: LoadedConfig
  find: FindRoute
  readonly inFlight: InFlight
  /** What serves it, by the profile that it is served with. */
  readonly served: Map<string | undefined, Served>
}

interface Served {
  app: FastifyInstance | undefined
  building: Promise<void> | undefined
}

/**
 * Makes a layer. The instance that serves it is built when the first request is for it, and anew when the configuration around it has
 * changed: most overlays of a test are never asked.
 *
 * @param own the overlay's endpoints, loaded
 */
export function createLayer (overlay: string, own: LoadedConfig, times: number | undefined, context: LayerContext): Layer {
  const turns = createTurns(times)
  const closing = new Set<Promise<void>>()
  let current: Placed | undefined
  let isClosed = false

  function placed (): Placed {
    const config = context.config()
    if (current === undefined || !hasSameServer(current.config, config)) {
      retire()
      const { webhooks: _webhooks, ...server } = config
      const loaded = { ...own, config: { ...server, endpoints: own.config.endpoints ?? [] } }
      current = { config, loaded, find: finderOf(loaded), inFlight: createInFlight(), served: new Map() }
    }
    current.config = config
    return current
  }

  function finderOf (loaded: LoadedConfig): FindRoute {
    try {
      const endpoints = compileLayer(loaded, context.tools(), overlay).filter(({ config }) => config.enabled !== false)
      return createRouteFinder(endpoints.flatMap(endpoint => routesOf(endpoint, context.prefix)), routerOptionsOf(loaded.config, endpoints))
    } catch (error) {
      context.onFailure(overlay, error)
      return findNone
    }
  }

  function servedWith (layer: Placed, profile: string | undefined): Served {
    let served = layer.served.get(profile)
    if (served === undefined) layer.served.set(profile, served = { app: undefined, building: undefined })
    return served
  }

  async function build (layer: Placed, served: Served, profile: string | undefined): Promise<void> {
    try {
      const resolved = profile === undefined ? undefined : resolveProfile(layer.loaded.config, profile)
      served.app = await context.build(resolved === undefined ? layer.loaded : applyProfile(layer.loaded, resolved), { overlay, turns, profile })
    } catch (error) {
      context.onFailure(overlay, error)
      layer.find = findNone
    }
  }

  function retire (): void {
    if (current === undefined) return
    const { served, inFlight } = current
    current = undefined
    const gone = (async () => {
      await Promise.all([...served.values()].map(({ building }) => building))
      await inFlight.drained(context.drainTimeoutMs)
      await Promise.all([...served.values()].map(({ app }) => app?.close()))
    })().finally(() => closing.delete(gone))
    closing.add(gone)
  }

  function handOver ({ inFlight }: Placed, { app }: Served, raw: IncomingMessage, response: ServerResponse): void {
    if (app === undefined || isClosed) return goOn(raw, response)
    inFlight.enter(response)
    app.routing(raw, response)
  }

  return {
    overlay,
    turns,
    hasRoute (raw) {
      const { method = 'GET', url = '/', headers } = raw
      const mark = url.indexOf('?')
      return placed().find(method, url, () => ({ query: mark === -1 ? {} : parse(url.slice(mark + 1)), headers })) !== undefined
    },
    answer (raw, response) {
      if (isClosed) return goOn(raw, response)
      const layer = placed()
      const profile = requestProfile(raw)
      const served = servedWith(layer, profile)
      if (served.app !== undefined || layer.find === findNone) return handOver(layer, served, raw, response)
      served.building ??= build(layer, served, profile)
      served.building.then(() => handOver(layer, served, raw, response))
    },
    explainable: store => explainableEndpoints(compileLayer(placed().loaded, context.tools(), overlay), () => undefined).map(endpoint => withTurns(endpoint, turns, store)),
    async close () {
      isClosed = true
      retire()
      await Promise.all(closing)
    }
  }
}

const findNone: FindRoute = () => undefined

/** Whether two configurations differ in nothing that a layer goes by: edits of single endpoints leave all else as it is. */
function hasSameServer (one: Config, other: Config): boolean {
  if (one === other) return true
  const { endpoints: _mine, webhooks: _ours, ...rest } = one
  const { endpoints: _yours, webhooks: _theirs, ...others }: Readonly<Record<string, unknown>> = other
  return Object.keys(rest).length === Object.keys(others).length && Object.entries(rest).every(([name, value]) => others[name] === value)
}
