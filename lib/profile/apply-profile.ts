import type { Behaviour, Response, WrittenEndpoint } from '../config.ts'
import type { LoadedConfig } from '../config/load.ts'
import { resolveSituation } from '../state/resolve-situation.ts'
import type { ResolvedProfile } from './resolve-profile.ts'

/**
 * The configuration as a profile has it: a transformation, so that nothing that serves it needs to know of profiles. What the profile says
 * takes the place of what endpoints and their answers say; of what it says itself, that about an endpoint comes before that about its
 * tags, and that before what is about all. Endpoints that nothing is said about stay the same objects, which are compiled already.
 */
export function applyProfile (loaded: LoadedConfig, profile: ResolvedProfile): LoadedConfig {
  const { config } = loaded
  const endpoints = (config.endpoints ?? []).map(endpoint => applyBehaviour(endpoint, behaviourFor(endpoint, profile)))
  return {
    ...loaded,
    config: Object.freeze({ ...config, endpoints }),
    ...profile.situation !== undefined && { situated: resolveSituation(config.situations ?? {}, profile.situation) }
  }
}

function behaviourFor ({ id = '', tags = [] }: WrittenEndpoint, profile: ResolvedProfile): Behaviour {
  const byTag = tags.flatMap(tag => profile.tags.get(tag) ?? []).reverse()
  return Object.assign({}, profile.all, ...byTag, profile.endpoints.get(id))
}

/** An endpoint that behaves so, whatever it says itself; the same one where nothing is said. */
export function applyBehaviour<T extends WrittenEndpoint> (endpoint: T, behaviour: Behaviour): T {
  const keys = Object.keys(behaviour)
  if (keys.length === 0) return endpoint
  // Which requests fail and how is one thing under two keys: a rate of the endpoint's does not thin out the failures of a profile.
  if (keys.includes('failure')) keys.push('failure_rate')
  const changed: T = Object.assign(without(endpoint, keys), behaviour)
  if (changed.responses !== undefined) changed.responses = changed.responses.map((response: Response) => Object.freeze(without(response, keys)))
  return Object.freeze(changed)
}

function without<T extends object> (value: T, keys: readonly string[]): T {
  const copy = { ...value }
  for (const key of keys) Reflect.deleteProperty(copy, key)
  return copy
}
