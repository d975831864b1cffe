import { compileEndpoints, identified, type CompileTools } from '../lib/compile.ts'
import type { Config, Endpoint } from '../lib/config.ts'
import { configInvalid } from '../lib/config/invalid.ts'
import type { LoadedConfig, Origin } from '../lib/config/load.ts'
import { routeKeys } from '../lib/config/route-key.ts'
import type { Change } from '../lib/config/save.ts'
import { runAtOnce } from '../lib/config/slices.ts'
import { methodsOf } from '../lib/endpoint.ts'
import { MOCK_ERR_ENDPOINT_CONFLICT, MOCK_ERR_ENDPOINT_UNKNOWN } from '../lib/errors.ts'
import type { IdentifiedEndpoint, Mock } from '../lib/mock.ts'
import { assertRoutable } from '../lib/routable.ts'

export interface EditsOptions {
  /** The configuration that the edits start from: the live one. */
  base: () => LoadedConfig
  /** Reads a configuration given in code: checks it and fills in ids and defaults. */
  load: (config: Config) => Promise<LoadedConfig>
  /** For a trial: a template that does not compile is refused at once. */
  tools: () => CompileTools
}

const IN_CODE: Origin = { pointer: '', locate: () => undefined }

/**
 * Edits of single endpoints. Each is checked at once, and collected: the next request, or whoever settles first, has all of
 * them built in one go, so that adding a thousand stubs one by one costs one rebuild.
 */
export function createEdits ({ base, load, tools }: EditsOptions) {
  let pending: LoadedConfig | undefined
  /** What changed since the files were read, by the id that the endpoint has now. */
  const changes = new Map<string, Change>()

  const working = () => pending ?? base()
  const list = (): IdentifiedEndpoint[] => [...identified(working().config)]
  const indexOf = (id: string): number => {
    const index = (working().config.endpoints ?? []).findIndex(endpoint => endpoint.id === id)
    if (index === -1) throw new MOCK_ERR_ENDPOINT_UNKNOWN(id)
    return index
  }

  async function checked (endpoint: Endpoint): Promise<IdentifiedEndpoint> {
    const { schemas, defaults } = working().config
    const loaded = await load({ ...(schemas !== undefined && { schemas }), ...(defaults !== undefined && { defaults }), endpoints: [endpoint] })
    const { diagnostics } = runAtOnce(compileEndpoints(loaded, tools()))
    if (diagnostics.length > 0) throw configInvalid(diagnostics)
    assertRoutable(endpoint)
    const [complete] = identified(loaded.config)
    if (complete === undefined) throw new MOCK_ERR_ENDPOINT_UNKNOWN(endpoint.id ?? endpoint.path)
    return complete
  }

  /** Puts a new list in place of the old; `replaced` is the index of the endpoint that makes room. */
  function put (endpoint: IdentifiedEndpoint | undefined, replaced: number | undefined): void {
    const { config, origins, ...rest } = working()
    const endpoints = [...config.endpoints ?? []]
    const places = [...origins]
    if (endpoint === undefined && replaced !== undefined) {
      endpoints.splice(replaced, 1)
      places.splice(replaced, 1)
    } else if (endpoint !== undefined) {
      const at = replaced ?? endpoints.length
      endpoints[at] = endpoint
      places[at] = places[at] ?? IN_CODE
    }
    pending = { ...rest, config: Object.freeze({ ...config, endpoints }), origins: places }
  }

  function refuseConflict (endpoint: IdentifiedEndpoint, replaced: number | undefined): void {
    const mine = placesOf(endpoint)
    for (const [index, other] of (working().config.endpoints ?? []).entries()) {
      if (index === replaced) continue
      if (other.id === endpoint.id) throw new MOCK_ERR_ENDPOINT_CONFLICT(`the id '${other.id}' is taken`)
      if (endpoint.enabled === false || other.enabled === false) continue
      const shared = placesOf(other).find(place => mine.includes(place))
      if (shared !== undefined) throw new MOCK_ERR_ENDPOINT_CONFLICT(`${shared} is served by '${other.id}' already`)
    }
  }

  const endpoints: Omit<Mock['endpoints'], 'save'> = {
    list,
    get: id => list().find(endpoint => endpoint.id === id),
    async add (endpoint) {
      const complete = await checked(endpoint)
      refuseConflict(complete, undefined)
      put(complete, undefined)
      changes.set(complete.id, { op: 'add', endpoint })
      return complete
    },
    async replace (id, endpoint) {
      const after = await checked({ ...endpoint, id: endpoint.id ?? id })
      const index = indexOf(id)
      refuseConflict(after, index)
      const before = list()[index] ?? after
      const origin = working().origins[index] ?? IN_CODE
      put(after, index)
      const earlier = changes.get(id)
      changes.delete(id)
      if (earlier?.op === 'replace') changes.set(after.id, { ...earlier, after })
      else changes.set(after.id, earlier?.op === 'add' ? { op: 'add', endpoint } : { op: 'replace', before, after, origin })
      return after
    },
    async remove (id) {
      const index = indexOf(id)
      const origin = working().origins[index] ?? IN_CODE
      put(undefined, index)
      const before = changes.get(id)
      if (before?.op === 'add') changes.delete(id)
      else changes.set(id, { op: 'remove', origin })
    }
  }

  return {
    endpoints,
    changes: changes as ReadonlyMap<string, Change>,
    /** Makes an edit again that was made on another reading of the files. */
    async redo (id: string, change: Change): Promise<void> {
      if (change.op === 'add') await endpoints.add(change.endpoint)
      else if (change.op === 'replace') await endpoints.replace(change.before.id ?? id, change.after)
      else await endpoints.remove(id)
    },
    get isDue () {
      return pending !== undefined
    },
    /** Hands over what has been collected. */
    collect (): LoadedConfig {
      const collected = working()
      pending = undefined
      return collected
    },
    /** After the files have been read anew there is nothing left to write. */
    forget (): void {
      pending = undefined
      changes.clear()
    }
  }
}

function placesOf (endpoint: Endpoint): string[] {
  const keys = routeKeys(endpoint.path, endpoint.base_paths)
  return methodsOf(endpoint).flatMap(method => keys.map(key => `${method} ${key}`))
}
