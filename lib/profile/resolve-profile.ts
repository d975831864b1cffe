import type { Behaviour, Config, Profile } from '../config.ts'
import { namedLimits } from '../rate-limit/inherit.ts'
import { BUILT_IN_PROFILES } from './built-in-profiles.ts'

/** A profile with all that it extends. */
export interface ResolvedProfile {
  readonly name: string
  readonly situation?: string
  /** For all endpoints. */
  readonly all: Behaviour
  readonly tags: ReadonlyMap<string, Behaviour>
  /** By id. */
  readonly endpoints: ReadonlyMap<string, Behaviour>
}

/** What there is by its name: a configured profile, else a built-in one. */
export function profileOf (config: Config, name: string): Profile | undefined {
  const { profiles = {} } = config
  if (Object.hasOwn(profiles, name)) return profiles[name]
  return Object.hasOwn(BUILT_IN_PROFILES, name) ? BUILT_IN_PROFILES[name] : undefined
}

/** Configured ones first. */
export const profileNames = ({ profiles = {} }: Config): string[] => [...new Set([...Object.keys(profiles), ...Object.keys(BUILT_IN_PROFILES)])]

/**
 * What a profile says, with what it extends: of several that say the same, its own comes first, then the last that it extends. One that
 * takes the place of a built-in may extend that.
 *
 * @returns undefined where there is none of that name
 * @example
 * resolveProfile({ profiles: { worse: { extends: 'flaky', failure_rate: 0.5 } } }, 'worse').all.failure_rate // 0.5
 */
export function resolveProfile (config: Config, name: string): ResolvedProfile | undefined {
  return profileOf(config, name) === undefined ? undefined : { name, ...collect(config, name, new Set()) }
}

function collect (config: Config, name: string, path: ReadonlySet<string>): Omit<ResolvedProfile, 'name'> {
  const tags = new Map<string, Behaviour>()
  const endpoints = new Map<string, Behaviour>()
  let all: Behaviour = {}
  let situation: string | undefined
  // One that leads back to itself means the built-in of its name, or else ends there: that is told when the configuration is checked.
  const profile = path.has(name) ? Object.hasOwn(BUILT_IN_PROFILES, name) ? BUILT_IN_PROFILES[name] : undefined : profileOf(config, name)
  if (profile === undefined) return { all, tags, endpoints }
  const { description: _description, extends: bases = [], situation: ownSituation, tags: ownTags = {}, endpoints: ownEndpoints = {}, ...own } = profile
  for (const base of [bases].flat()) {
    const inherited = collect(config, base, new Set([...path, name]))
    all = overlay(all, inherited.all)
    for (const [tag, behaviour] of inherited.tags) tags.set(tag, overlay(tags.get(tag), behaviour))
    for (const [id, behaviour] of inherited.endpoints) endpoints.set(id, overlay(endpoints.get(id), behaviour))
    situation = inherited.situation ?? situation
  }
  all = overlay(all, counted(own, name))
  for (const [tag, behaviour] of Object.entries(ownTags)) tags.set(tag, overlay(tags.get(tag), counted(behaviour, `${name} ${tag}`)))
  for (const [id, behaviour] of Object.entries(ownEndpoints)) endpoints.set(id, overlay(endpoints.get(id), counted(behaviour, `${name} ${id}`)))
  situation = ownSituation ?? situation
  return { all, tags, endpoints, ...situation !== undefined && { situation } }
}

/** Keys that are not set do not count. */
const overlay = (under: Behaviour = {}, over: Behaviour): Behaviour =>
  ({ ...under, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) })

/** Requests to all that it is about are counted together, and apart from those without the profile. */
function counted<T extends Behaviour> (behaviour: T, name: string): T {
  return behaviour.rate_limit === undefined ? behaviour : { ...behaviour, rate_limit: namedLimits(behaviour.rate_limit, name) }
}
