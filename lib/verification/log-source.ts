import type { Config } from '../config.ts'
import { writtenMethods } from '../config/methods.ts'
import { identified } from '../compile.ts'
import { explain, type ExplainIndex } from '../explain.ts'
import type { LogEntry, RequestLog } from '../request-log.ts'
import { LOG_DEFAULTS } from '../request-log.ts'
import { idsServedAs } from '../resource/served-as.ts'
import type { Overlay } from '../scope/overlay.ts'
import { compileRequestPath, type RequestPath } from './request-path.ts'
import type { VerificationSource } from './verification.ts'

export interface LogSourceOptions {
  log: RequestLog
  /** Id of the scope whose requests are meant; all requests where there is none. */
  scope?: string
  /** The live configuration. */
  config: () => Config
  /** How many requests an endpoint has had in this scope. */
  hits: (endpoint: string) => number
  explainIndex: () => ExplainIndex
  /** What stands in front of what is served. */
  overlays?: () => ReadonlyArray<Pick<Overlay, 'endpoints'>>
  /** Called when anything is asked; it throws where the scope is gone. */
  onUse?: () => void
  /** Place of an endpoint by its index: `mocks/users.yaml:12`. */
  originOf?: (index: number) => string | undefined
}

/** What a session of claims can ask of the server: its log, seen through the session's scope, and what it serves. */
export function createLogSource ({ log, scope, config, hits, explainIndex, overlays = () => [], onUse = () => {}, originOf = () => undefined }: LogSourceOptions): VerificationSource {
  const which = scope === undefined ? undefined : { scope }
  return {
    entries () {
      onUse()
      return log.find({ ...which, order: 'asc' })
    },
    outside: () => scope === undefined ? [] : log.find({ order: 'asc' }).filter(entry => entry.scope !== scope),
    bounds: () => ({ dropped: log.evicted(which), maxEntries: config().log?.max_entries ?? LOG_DEFAULTS.max_entries }),
    subscribe: listener => log.subscribe(entry => { if (scope === undefined || entry.scope === scope) listener(entry) }),
    endpoints: () => identified(config()).flatMap((endpoint, index) => {
      if (endpoint.enabled === false) return []
      const { id, path } = endpoint
      const origin = originOf(index)
      return [{ id, methods: writtenMethods(endpoint), path, ...origin !== undefined && { origin }, isUsed: idsServedAs(endpoint).some(id => hits(id) > 0) }]
    }),
    isServed: id => identified(config()).some(endpoint => endpoint.id === id || idsServedAs(endpoint).includes(id)) ||
      overlays().some(({ endpoints }) => endpoints.some(endpoint => endpoint.id === id)),
    paramsOf: createParamsReader(config),
    tools () {
      const { schemas } = config()
      return schemas === undefined ? {} : { schemas }
    },
    whyUnmatched ({ matched, request }) {
      if (matched) return undefined
      const { candidates: [nearest], hint } = explain(explainIndex(), { method: request.method, path: request.path, query: request.query })
      const [mistake] = nearest?.failed ?? []
      return mistake === undefined ? hint : `${mistake.message} (nearest: ${nearest?.endpoint.id})`
    }
  }
}

const MOST_KNOWN = 1000

/** Reads the parameters of a logged path as the router did: the log does not keep them. */
function createParamsReader (config: () => Config): VerificationSource['paramsOf'] {
  const known = new Map<string, RequestPath>()
  let basePaths: { of: Config, byId: ReadonlyMap<string, readonly string[]> } | undefined

  function basesOf (id: string): readonly string[] {
    const live = config()
    if (basePaths?.of !== live) basePaths = { of: live, byId: new Map(identified(live).flatMap(({ id, base_paths: bases }) => bases === undefined ? [] : [[id, bases]])) }
    return basePaths.byId.get(id) ?? ['']
  }

  function compiled (path: string): RequestPath {
    let found = known.get(path)
    if (found === undefined) {
      if (known.size >= MOST_KNOWN) known.clear()
      known.set(path, found = compileRequestPath(path))
    }
    return found
  }

  return ({ endpoint, request }: LogEntry) => {
    if (endpoint === undefined || !/[:{*]/.test(endpoint.path)) return NONE
    for (const base of basesOf(endpoint.id)) {
      const params = compiled(base + endpoint.path).match(request.path)
      if (params !== undefined) return params
    }
    return NONE
  }
}

const NONE: Readonly<Record<string, string>> = Object.freeze({})
