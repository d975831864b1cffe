import type { Clock } from '../clock.ts'
import type { Config, Profile } from '../config.ts'
import { MOCK_ERR_PROFILE_OPTIONS, MOCK_ERR_PROFILE_UNKNOWN } from '../errors.ts'
import { suggest } from '../state/suggest.ts'
import { BUILT_IN_PROFILES } from './built-in-profiles.ts'
import { profileNames, profileOf } from './resolve-profile.ts'

/** Ways for the whole server, or one scope, to behave, switched while it runs. */
export interface Profiles {
  /** The one in use: for a scope that has none of its own, that of the server. Undefined for none. */
  readonly current: string | undefined
  /** When the one that was switched on goes off again, in milliseconds since the epoch; undefined for never. */
  readonly until: number | undefined
  /**
   * Uses a profile, from the next request on.
   *
   * @param options `for_ms`: goes off again after so many milliseconds of the clock
   * @throws MOCK_ERR_PROFILE_UNKNOWN, MOCK_ERR_PROFILE_OPTIONS
   * @example
   * mock.profiles.use('flaky', { for_ms: 30_000 })
   */
  use (name: string, options?: UseProfileOptions): void
  /** Back to the one that the configuration begins with, or for a scope to that of the server. `use('none')` is for none at all. */
  reset (): void
  /** Those of the configuration, and the built-in ones. */
  list (): ProfileInfo[]
}

export interface UseProfileOptions {
  for_ms?: number
}

export interface ProfileInfo {
  name: string
  description?: string
  built_in: boolean
}

export interface ConfigurableProfiles extends Profiles {
  /** Takes another configuration. What was lost, in words. */
  configure (config: Config): string[]
}

/**
 * @param inherited the profile of those who have not chosen one: the server's, for a scope
 */
export function createActiveProfile (initially: Config, clock: Pick<Clock, 'now'>, inherited?: () => string | undefined): ConfigurableProfiles {
  let config = initially
  let chosen: { name: string, until: number } | undefined
  const usual = (): string | undefined => inherited === undefined ? config.profile : inherited()

  /** What is over is forgotten when somebody looks: nothing runs meanwhile. */
  function own (): typeof chosen {
    if (chosen !== undefined && clock.now() >= chosen.until) chosen = undefined
    return chosen
  }

  return {
    get current () { return own()?.name ?? usual() },
    get until () {
      const until = own()?.until
      return until === Infinity ? undefined : until
    },
    use (name, { for_ms: duration } = {}) {
      if (profileOf(config, name) === undefined) throw unknownProfile(config, name)
      if (duration !== undefined && !(Number.isFinite(duration) && duration > 0)) throw new MOCK_ERR_PROFILE_OPTIONS(`'${String(duration)}' is not how long it can be used: \`for_ms\` is a number of milliseconds, more than 0`)
      chosen = { name, until: duration === undefined ? Infinity : clock.now() + duration }
    },
    reset () {
      chosen = undefined
    },
    list: () => profileNames(config).map(name => infoOf(config, name)),
    configure (next) {
      config = next
      const name = own()?.name
      if (name === undefined || profileOf(next, name) !== undefined) return []
      chosen = undefined
      return [`the profile '${name}', which was in use, is not there any more`]
    }
  }
}

function infoOf ({ profiles = {} }: Config, name: string): ProfileInfo {
  const isOwn = Object.hasOwn(profiles, name)
  const profile: Profile | undefined = isOwn ? profiles[name] : BUILT_IN_PROFILES[name]
  return { name, ...profile?.description !== undefined && { description: profile.description }, built_in: !isOwn }
}

/** To be thrown, with what there is. */
export const unknownProfile = (config: Config, name: string): Error =>
  new MOCK_ERR_PROFILE_UNKNOWN(name, suggest(name, profileNames(config), ''))
