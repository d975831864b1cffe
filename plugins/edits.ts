import { compileEndpoints, identified, type CompileTools } from '../lib/compile.ts'
import type { Config, Endpoint, WrittenEndpoint } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import type { LoadedConfig, Origin } from '../lib/config/load.ts'
import { defaultId } from '../lib/config/identify.ts'
import { methodsOf } from '../lib/config/methods.ts'
import { routeKeys } from '../lib/config/route-key.ts'
import type { Change } from '../lib/config/save.ts'
import { runAtOnce } from '../lib/config/slices.ts'
import { MOCK_ERR_ENDPOINT_CONFLICT, MOCK_ERR_ENDPOINT_UNKNOWN } from '../lib/errors.ts'
import type { IdentifiedEndpoint, Mock } from '../lib/mock.ts'
import { servedAs } from '../lib/resource/served-as.ts'
import { assertRoutable } from '../lib/routable.ts'

export interface EditsOptions {
  /** The configuration that the edits start from: the live one. */
  base: () => LoadedConfig
  /** Reads a configuration given in code: checks it and fills in ids and defaults. */
  load: (config: Config) => Promise<LoadedConfig>
  /** For a trial: a template that does not compile is refused at once. */
  tools: () => CompileTools
  /** Told of an edit that no longer fits what the files say now. */
  onDropped: (id: string, error: unknown) => void
}

const IN_CODE: Origin = { pointer: '', locate: () => undefined, locateRule: () => undefined }

/**
 * Edits of single endpoints. Each is checked at once, and collected: the next request, or whoever settles first, has all of
 * them built in one go, so that adding a thousand stubs one by one costs one rebuild.
 */
export function createEdits ({ base, load, tools, onDropped }: EditsOptions) {
  let pending: LoadedConfig | undefined
  /** What changed since the files were read, by the id that the endpoint has now. */
  const changes = new Map<string, Change>()

  const working = () => pending ?? base()
  const list = (): IdentifiedEndpoint[] => [...identified(working().config)]

  /** Whether an id was made of method and path: then it follows them. */
  function isDerived (id: string): boolean {
    const endpoint = list()[indexOf(working(), id)]
    return endpoint !== undefined && id === defaultId(endpoint)
  }

  async function checked (endpoint: WrittenEndpoint): Promise<IdentifiedEndpoint> {
    const { schemas, defaults, tags } = working().config
    const loaded = await load({ ...schemas !== undefined && { schemas }, ...defaults !== undefined && { defaults }, ...tags !== undefined && { tags }, endpoints: [endpoint] })
    const { diagnostics } = runAtOnce(compileEndpoints(loaded, tools()))
    if (diagnostics.length > 0) throw configInvalid(diagnostics)
    const [complete] = identified(loaded.config)
    if (complete === undefined) throw new MOCK_ERR_ENDPOINT_UNKNOWN(endpoint.id ?? '')
    for (const served of servedAs(complete)) assertRoutable(served)
    return complete
  }

  const endpoints: Omit<Mock['endpoints'], 'save'> = {
    list,
    get: id => list().find(endpoint => endpoint.id === id),
    async add (endpoint) {
      const after = await checked(endpoint)
      pending = withEndpoint(working(), after, undefined)
      changes.set(after.id, { op: 'add', endpoint, after })
      return after
    },
    async replace (id, endpoint) {
      const { id: wanted = id, ...rest } = endpoint
      const after = await checked(wanted === id && isDerived(id) ? rest : { ...rest, id: wanted })
      const loaded = working()
      const index = indexOf(loaded, id)
      const before = list()[index] ?? after
      const origin = loaded.origins[index] ?? IN_CODE
      pending = withEndpoint(loaded, after, index)
      const earlier = changes.get(id)
      changes.delete(id)
      if (earlier?.op === 'replace') changes.set(after.id, { ...earlier, after })
      else changes.set(after.id, earlier?.op === 'add' ? { op: 'add', endpoint, after } : { op: 'replace', before, after, origin })
      return after
    },
    async remove (id) {
      const loaded = working()
      const index = indexOf(loaded, id)
      const origin = loaded.origins[index] ?? IN_CODE
      pending = withoutEndpoint(loaded, index)
      const earlier = changes.get(id)
      if (earlier?.op === 'add') changes.delete(id)
      else changes.set(earlier?.op === 'replace' ? earlier.before.id ?? id : id, { op: 'remove', origin })
      if (earlier?.op === 'replace' && earlier.before.id !== id) changes.delete(id)
    }
  }

  return {
    endpoints,
    changes: changes as ReadonlyMap<string, Change>,
    get isDue () {
      return pending !== undefined
    },
    /** What has been collected. It stays due, and later edits build on it, until it is settled. */
    collect: working,
    /** What was collected has been built, or could not be; edits made meanwhile stay due. */
    settled (collected: LoadedConfig): void {
      if (pending === collected) pending = undefined
    },
    /** The edits made so far, to be told from those made later. */
    mark: (): ReadonlySet<Change> => new Set(changes.values()),
    /**
     * Puts edits on top of what has been read anew: all but those that are done with. One that no longer fits is dropped, and
     * told. The answer is due to be built, unless it is `fresh` itself.
     */
    rebase (fresh: LoadedConfig, done: ReadonlySet<Change> = new Set()): LoadedConfig {
      for (const [id, change] of changes) if (done.has(change)) changes.delete(id)
      let result = fresh
      for (const [id, change] of changes) {
        try {
          if (change.op === 'add') {
            result = withEndpoint(result, identifiedAs(id, change.after), undefined)
            continue
          }
          const index = indexOf(result, change.op === 'replace' ? change.before.id ?? id : id)
          const origin = result.origins[index] ?? IN_CODE
          if (change.op === 'replace') {
            const before = identified(result.config)[index] ?? change.before
            result = withEndpoint(result, identifiedAs(id, change.after), index)
            changes.set(id, { ...change, before, origin })
          } else {
            result = withoutEndpoint(result, index)
            changes.set(id, { op: 'remove', origin })
          }
        } catch (error) {
          changes.delete(id)
          onDropped(id, error)
        }
      }
      pending = result === fresh ? undefined : result
      return result
    }
  }
}

const identifiedAs = (id: string, endpoint: Endpoint): IdentifiedEndpoint => ({ ...endpoint, id })

function indexOf (loaded: LoadedConfig, id: string): number {
  const index = identified(loaded.config).findIndex(endpoint => endpoint.id === id)
  if (index === -1) throw new MOCK_ERR_ENDPOINT_UNKNOWN(id)
  return index
}

/** A configuration with one endpoint more, or another one in the place of `replaced`. */
function withEndpoint (loaded: LoadedConfig, endpoint: IdentifiedEndpoint, replaced: number | undefined): LoadedConfig {
  const { config, origins } = loaded
  refuseConflict(loaded, endpoint, replaced)
  const endpoints = [...config.endpoints ?? []]
  const places = [...origins]
  const at = replaced ?? endpoints.length
  endpoints[at] = endpoint
  places[at] ??= IN_CODE
  return { ...loaded, config: Object.freeze({ ...config, endpoints }), origins: places }
}

function withoutEndpoint (loaded: LoadedConfig, index: number): LoadedConfig {
  const { config, origins } = loaded
  const others = <Item>(items: readonly Item[]): Item[] => items.filter((_, at) => at !== index)
  return { ...loaded, config: Object.freeze({ ...config, endpoints: others(config.endpoints ?? []) }), origins: others(origins) }
}

function refuseConflict ({ config }: LoadedConfig, endpoint: IdentifiedEndpoint, replaced: number | undefined): void {
  const mine = placesOf(endpoint)
  for (const [index, other] of identified(config).entries()) {
    if (index === replaced) continue
    if (other.id === endpoint.id) throw new MOCK_ERR_ENDPOINT_CONFLICT(`the id '${other.id}' is taken`)
    if (endpoint.enabled === false || other.enabled === false) continue
    const shared = placesOf(other).find(place => mine.includes(place))
    if (shared !== undefined) throw new MOCK_ERR_ENDPOINT_CONFLICT(`${shared} is served by '${other.id}' already`)
  }
}

function placesOf (endpoint: Endpoint): string[] {
  const keys = routeKeys(endpoint.path, endpoint.base_paths, endpoint.match)
  // An endpoint may take the place of what a resource answers, but no other resource may.
  if (endpoint.resource !== undefined) return keys.map(key => `resource ${key}`)
  return methodsOf(endpoint).flatMap(method => keys.map(key => `${method} ${key}`))
}
