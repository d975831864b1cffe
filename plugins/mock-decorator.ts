import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../lib/config.ts'
import { configInvalid, isConfigInvalid } from '../lib/config/invalid.ts'
import { loadConfig, type LoadedConfig } from '../lib/config/load.ts'
import { lostReferences } from '../lib/config/lost-references.ts'
import type { Diagnostic } from '../lib/diagnostic.ts'
import { assertUnchanged, saveChanges, type Change } from '../lib/config/save.ts'
import type { Mock, ReloadEvent, ReloadResult, RouteInfo } from '../lib/mock.ts'
import { createKeySet } from '../lib/jwt/key-set.ts'
import { createHeld } from '../lib/fault/held.ts'
import { importFile } from '../lib/openapi/include.ts'
import { keepState } from '../lib/persist/keep-state.ts'
import { createExclusive, createReloadQueue } from '../lib/reload-queue.ts'
import { createRequestLog } from '../lib/request-log.ts'
import { sampleUrl, type Generate } from '../lib/sample-url.ts'
import { createAuth } from '../lib/security/auth.ts'
import { createStore, type Store } from '../lib/store.ts'
import { tellListeners } from '../lib/tell-listeners.ts'
import { createLogSource } from '../lib/verification/log-source.ts'
import { createVerification } from '../lib/verification/verification.ts'
import { createDispatcher } from '../lib/webhook/dispatcher.ts'
import { createWebhooks } from '../lib/webhook/webhooks.ts'
import { originOf, placeIn } from './build-generation.ts'
import { handOver } from './dispatch.ts'
import { createEdits } from './edits.ts'
import { createExplainer } from './explainer.ts'
import { createIsolation, type Isolation } from './isolation.ts'
import { createLive, type Generation } from './live.ts'
import type { MockPluginOptions } from './mock.ts'
import { createProfileTable, type ProfileTable } from './profiles.ts'
import { createWatch } from './watch.ts'

const DRAIN_TIMEOUT_MS = 10_000

/** Makes the decorator `fastify.mock` and what it stands for: loads the configuration and has its first generation built. */
export async function createMock (fastify: FastifyInstance, prefix: string, options: MockPluginOptions) {
  const { prefix: _prefix, logLevel: _logLevel, logSerializers: _logSerializers, cwd = process.cwd(), env = {}, texts = {}, helpers, clock, watch, warm = false, drain_timeout_ms: drainTimeoutMs = DRAIN_TIMEOUT_MS, ...config } = options
  const store = createStore(clock === undefined ? {} : { clock })
  const log = createRequestLog({}, { prefix, explain: entry => explainer.explainEntry(entry) })
  const held = createHeld()
  fastify.addHook('preClose', async () => held.close())
  const dispatcher = createDispatcher({
    onFailure: ({ name, request, attempts, error }) => fastify.log.warn({
      url: request.url, attempts: attempts.length, reason: error ?? attempts.at(-1)?.error?.message ?? `status ${attempts.at(-1)?.response?.status}`
    }, `'${name}' could not be delivered`)
  })
  const keys = createKeySet()
  const listeners = new Set<(event: ReloadEvent) => void>()
  const live = createLive({
    prefix,
    cwd,
    log,
    store,
    dispatcher,
    held,
    keys,
    helpers,
    logger: isSilent(fastify) ? false : fastify.log,
    drainTimeoutMs,
    isWarmed: warm,
    onSwap: generation => {
      profiles.configure(generation)
      isolation.configure(generation)
    },
    onWarning: (message, details) => fastify.log.warn(details, message)
  })
  const liveView = () => ({ ...live.current, config: live.current.loaded.config })
  const load = (config: Config) => loadConfig(config, { cwd, env, texts, importOpenApi: importFile })
  let source: Config = config
  const edits = createEdits({
    base: () => live.current.loaded,
    load,
    tools: live.tools,
    onDropped: (endpoint, err) => fastify.log.warn({ err, endpoint }, 'an edit that was not saved no longer fits, and is dropped')
  })
  const watcher = watch === true ? await createWatch(() => { followFiles().catch(() => {}) }) : undefined

  const exclusive = createExclusive()
  const reloads = createReloadQueue<ReloadResult>()
  let settling: Promise<void> | undefined

  /** Every way to a new generation leads through here, so that all who listen hear of it. */
  async function take (read: () => Promise<LoadedConfig>): Promise<ReloadResult> {
    try {
      const result = await live.take(read)
      watcher?.follow(live.current.loaded.files)
      tellListeners(listeners, { ok: true, result })
      return result
    } catch (cause) {
      return refuse(cause)
    }
  }

  function refuse (cause: unknown): never {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    // What keeps it from being valid may be a file that is new, or missing still.
    if (isConfigInvalid(error)) watcher?.follow([...live.current.loaded.files, ...error.files ?? []])
    fastify.log.error({ err: error }, 'the configuration was not taken; the last good one goes on being served')
    tellListeners(listeners, { ok: false, error })
    throw error
  }

  /** Of reloads that wait, only the newest is done; it goes without the edits made before it began. */
  const reload = (next?: Config, done?: ReadonlySet<Change>): Promise<ReloadResult> => reloads(() => exclusive(async () => {
    const wanted = next ?? source
    const before = done ?? edits.mark()
    const result = await take(() => load(wanted))
    source = wanted
    edits.rebase(live.current.loaded, before)
    return result
  }))

  /** After a save of a file, what was edited over the API and not saved is kept on top of it: nobody asked for it to go. */
  const followFiles = () => exclusive(async () => {
    const fresh = await load(source).catch(refuse)
    const lost = lostReferences(live.current.loaded, fresh)
    if (lost.length > 0) refuse(Object.assign(configInvalid(lost), { files: fresh.files }))
    const collected = edits.rebase(fresh)
    try {
      await take(async () => collected)
    } finally {
      edits.settled(collected)
    }
  })

  /** Has the edits built that are due; all who ask meanwhile wait for the same. */
  const settle = (): Promise<void> => {
    settling ??= exclusive(async () => {
      if (!edits.isDue) return
      const collected = edits.collect()
      // Edits were checked when they were made; should building fail all the same, it has been told and the old goes on.
      await take(async () => collected).catch(() => {})
      edits.settled(collected)
    }).finally(() => { settling = undefined })
    return settling
  }

  const profiles: ProfileTable = createProfileTable({
    current: () => live.current,
    config: () => live.current.loaded.config,
    store,
    build: live.buildProfile,
    retire: live.retire
  })

  const isolation: Isolation = createIsolation({
    prefix,
    log,
    store,
    dispatcher,
    keys,
    load,
    drainTimeoutMs,
    tools: live.tools,
    build: live.buildLayer,
    enter: live.enter,
    profiles,
    config: () => live.current.loaded.config,
    generation: () => live.current,
    live: liveView,
    onFailure: (overlay, err) => fastify.log.warn({ err, overlay }, 'an overlay does not fit the configuration any more, and lets everything pass')
  })

  /** The way of every request: past what is in front of the live generation, where there is anything. */
  const serve = (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    if (isolation.concerns(request.raw)) return isolation.serve(request, reply)
    handOver(request, reply, live.enter(reply.raw).app)
  }

  const explainer = createExplainer({
    prefix,
    log,
    scopeOf: isolation.scopes.get,
    surroundings: isolation.surroundings,
    index: () => live.current.explainIndex(),
    generation: () => live.current.id,
    serve: async (request, reply) => {
      await settle()
      await serve(request, reply)
    }
  })

  await live.take(() => load(source))
  await watcher?.follow(live.current.loaded.files)
  // Before connections are waited for: answers that wait for a clock that stands still would keep them open for good.
  fastify.addHook('preClose', async () => {
    store.clock.release()
    isolation.release()
  })
  fastify.addHook('onClose', async () => { await Promise.all([store.kept?.close(), watcher?.close(), dispatcher.close(drainTimeoutMs), explainer.close(), isolation.close(), profiles.close()]) })
  await keepStateOf(store, live.current, (message, details) => fastify.log.warn(details, message))

  const verification = createVerification(createLogSource({
    log,
    config: () => live.current.loaded.config,
    hits: store.hits,
    explainIndex: () => live.current.explainIndex(),
    overlays: isolation.root.overlays,
    originOf: index => originOf(live.current.loaded, index)
  }))

  const mock: Mock = {
    ...verification,
    get config () { return live.current.loaded.config },
    get seed () { return live.current.loaded.config.seed ?? store.runSeed },
    get generation () { return live.current.id },
    get files () { return live.current.loaded.files },
    get warnings () { return live.current.warnings },
    requests: log,
    scenarios: store.scenarios,
    variables: store.variables,
    rateLimits: store.rateLimits,
    get cache () { return store.cache },
    clock: store.clock,
    profiles: store.profiles,
    collections: store.collections,
    flush: async () => { await store.kept?.flushed() },
    variants: store.switches.variants,
    situations: store.switches.situations,
    failures: store.injections,
    auth: createAuth({ config: () => live.current.loaded.config, keys, state: store }),
    webhooks: createWebhooks({ dispatcher, store, live: liveView }),
    prefix,
    reload: next => reload(next),
    onReload (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    validate: config => diagnose(async () => live.check(config === undefined ? live.current.loaded : await load(config as Config))),
    reset () {
      store.reset()
      isolation.root.resetTurns(store)
      log.clear({ scope: null })
      verification.forget()
      dispatcher.clear({ scope: null })
    },
    explain: explainer.explain,
    use: isolation.root.use,
    once: isolation.root.once,
    overlays: isolation.root.overlays,
    restore: isolation.root.restore,
    scopes: isolation.scopes,
    routes: () => routesOf(live.current, prefix, live.tools().generate, store.hits),
    endpoints: {
      ...edits.endpoints,
      async save () {
        const changes = edits.mark()
        if (changes.size === 0) return []
        assertUnchanged(changes, await load(source))
        const written = await saveChanges(changes, live.current.loaded.files.filter(file => !live.current.loaded.seedFiles.includes(file)), env)
        await reload(undefined, changes)
        return written
      }
    }
  }
  return { mock, live: { serve, close: live.close, settle, get isDue () { return edits.isDue } } }
}

/** Goes on where the process before this one ended, if the configuration asks for it. */
async function keepStateOf (store: Store, { loaded: { config, persistFolder }, collections: definitions }: Generation, onWarning: (message: string, details: object) => void): Promise<void> {
  const { persist } = config
  if (persist === undefined || persistFolder === undefined) return
  store.kept = await keepState(store, { folder: persistFolder, persist, config, definitions, onWarning })
}

async function diagnose (check: () => Promise<Diagnostic[]>): Promise<Diagnostic[]> {
  try {
    return await check()
  } catch (error) {
    if (isConfigInvalid(error)) return [...error.diagnostics]
    throw error
  }
}

function routesOf (generation: Generation, prefix: string, generate: Generate, hits: (id: string) => number): RouteInfo[] {
  return generation.endpoints.flatMap(endpoint => {
    const { id, path, methods, variants, config } = endpoint
    return (config.base_paths ?? ['']).map(base => ({
      id,
      methods: [...methods],
      path: prefix + base + path,
      ...base !== '' && { base_path: base },
      statuses: [...new Set(variants.map(({ answer }) => answer.status))],
      tags: config.tags ?? [],
      ...(config.description === undefined ? {} : { description: config.description }),
      enabled: config.enabled !== false,
      // Made when looked at: the first place in a file has all of its text parsed anew, with positions.
      get origin () { return originOf(generation.loaded, placeIn(generation.loaded, endpoint)) },
      get sample () { return prefix + sampleUrl(config, base, generate) },
      hits: hits(id)
    }))
  })
}

/** Fastify has a logger that does nothing where none was asked for; it is worth knowing, because logging costs. */
function isSilent (fastify: FastifyInstance): boolean {
  return fastify.log.level === undefined || fastify.log.level === 'silent' || !('bindings' in fastify.log)
}
