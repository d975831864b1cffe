import { boundsOf } from './cache/bounds.ts'
import { createSharedCache, type SharedCache } from './cache/shared-cache.ts'
import { createValidatorMemory, type ValidatorMemory } from './cache/validator-memory.ts'
import { clockFrom, systemClock, type TimeSource } from './clock.ts'
import { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts'
import { createCollections, inWords, type OwnedCollections } from './collection/create-collections.ts'
import type { CollectionDefinition } from './collection/definition.ts'
import type { Config } from './config.ts'
import { createInjections, type CountedInjections } from './injection/counters.ts'
import { keptCounters } from './injection/kept-counters.ts'
import { createProviderState, type ProviderState } from './oidc/state.ts'
import type { KeptState } from './persist/keep-state.ts'
import { createActiveProfile, type ConfigurableProfiles } from './profile/active-profile.ts'
import { createRateLimits, type CountedRateLimits } from './rate-limit/rate-limits.ts'
import { policiesOf } from './rate-limit/policies-of.ts'
import { createIssuedTokens, type IssuedTokens } from './security/issued-tokens.ts'
import { createSessions, type Sessions } from './security/sessions.ts'
import { drawRunSeed } from './run-seed.ts'
import { createChoices, type Choices } from './state/choices.ts'
import { scenarioDefinitions } from './state/scenario-definition.ts'
import { createScenarios, type ConfigurableScenarios } from './state/scenarios.ts'
import { createSwitches, type Switches } from './state/switches.ts'
import { createVariables, type ConfigurableVariables } from './state/variables.ts'

/**
 * What outlives a reload: the state of one scope. Generations come and go; the root's store is the plugin's for as long as it lives.
 * Its parts are made when first asked for, since most scopes need few of them.
 */
export interface Store {
  /** What time it is, and how to wait: the server's own or that of the scope, for tests to stop and to move. */
  readonly clock: VirtualClock
  /** What all that is random is drawn from, where the configuration has no seed. */
  readonly runSeed: string
  /** How many requests an endpoint has answered, this one included. */
  hit (endpoint: string): number
  /** Takes a hit back: the endpoint had no answer for the request. */
  miss (endpoint: string): void
  hits (endpoint: string): number
  /** Drops what is known of an endpoint that does not come back: its hits, and where its choices have got to. */
  forget (endpoint: string): void
  /** A named counter's next value: `start` at first, then `step` more each time. */
  next (name: string, start?: number, step?: number): number
  readonly scenarios: ConfigurableScenarios
  readonly variables: ConfigurableVariables
  readonly collections: OwnedCollections
  /** Where sequences have got to, and how often what was answered. */
  readonly choices: Choices
  /** Logins that cookies tell of. */
  readonly sessions: Sessions
  /** Opaque tokens that were issued. */
  readonly tokens: IssuedTokens
  /** Logins, codes and the like of the OpenID provider. */
  readonly oidc: ProviderState
  /** How failures and faults are counted. */
  readonly injections: CountedInjections
  /** What was sent under which address, for conditional requests. */
  readonly validators: ValidatorMemory
  /** What the simulated shared cache holds. */
  readonly cache: SharedCache
  /** How far rate limits are spent. */
  readonly rateLimits: CountedRateLimits
  /** Variants and situations that were switched on. */
  readonly switches: Switches
  /** The profile in use. */
  readonly profiles: ConfigurableProfiles
  /** Where the state is kept on disk, what sees to it. */
  kept?: KeptState
  /** Takes another configuration, with each reload. What of the state has no place in it is dropped, and told in words. */
  configure (config: Config, collections?: readonly CollectionDefinition[]): string[]
  reset (): void
}

export interface StoreOptions {
  /** Where its clock takes the time from, until it is stopped or set. Default: the system. */
  clock?: TimeSource
  /** That of the server, for a scope. Default: drawn. */
  runSeed?: string
  /** The profile of those who have not chosen one, for a scope. Default: that of the configuration. */
  profile?: () => string | undefined
}

/**
 * @example
 * const store = createStore()
 * store.configure(loaded.config)
 * store.scenarios.move('cart', 'filled', ['empty'])
 */
export function createStore ({ clock: source = systemClock, runSeed = drawRunSeed(), profile }: StoreOptions = {}): Store {
  const clock = createVirtualClock(clockFrom(source))
  const hits = new Map<string, number>()
  const counters = new Map<string, number>()
  let config: Config = {}
  let definitions: readonly CollectionDefinition[] = []
  let scenarios: ConfigurableScenarios | undefined
  let variables: ConfigurableVariables | undefined
  let collections: OwnedCollections | undefined
  let choices: Choices | undefined
  let validators: ValidatorMemory | undefined
  let cache: SharedCache | undefined
  let switches: Switches | undefined
  let sessions: Sessions | undefined
  let tokens: IssuedTokens | undefined
  let oidc: ProviderState | undefined
  let profiles: ConfigurableProfiles | undefined
  let injections: CountedInjections | undefined
  let rateLimits: CountedRateLimits | undefined
  let begun = clock.now()

  return {
    clock,
    runSeed,
    hit (endpoint) {
      const count = (hits.get(endpoint) ?? 0) + 1
      hits.set(endpoint, count)
      return count
    },
    miss (endpoint) {
      // After a reset in between there is none to take back.
      const count = hits.get(endpoint) ?? 0
      if (count > 0) hits.set(endpoint, count - 1)
    },
    hits: endpoint => hits.get(endpoint) ?? 0,
    forget (endpoint) {
      hits.delete(endpoint)
      choices?.reset(endpoint)
      injections?.forget(endpoint)
    },
    next (name, start = 1, step = 1) {
      const last = counters.get(name)
      const value = last === undefined ? start : last + step
      counters.set(name, value)
      return value
    },
    get scenarios () {
      scenarios ??= createScenarios(scenarioDefinitions(config), clock)
      return scenarios
    },
    get variables () {
      variables ??= createVariables(config.variables ?? {})
      return variables
    },
    get collections () {
      collections ??= createCollections(definitions, { now: () => new Date(clock.now()), seed: config.seed ?? runSeed })
      return collections
    },
    get choices () {
      choices ??= createChoices()
      return choices
    },
    get injections () {
      injections ??= createInjections(() => clock.now(), begun)
      return injections
    },
    get rateLimits () {
      rateLimits ??= createRateLimits(clock, policiesOf(config))
      return rateLimits
    },
    get cache () {
      if (cache === undefined) {
        cache = createSharedCache(clock.now)
        cache.configure(boundsOf(config.shared_cache))
      }
      return cache
    },
    get validators () {
      validators ??= createValidatorMemory()
      return validators
    },
    get sessions () {
      sessions ??= createSessions()
      return sessions
    },
    get tokens () {
      tokens ??= createIssuedTokens()
      return tokens
    },
    get oidc () {
      oidc ??= createProviderState()
      return oidc
    },
    get switches () {
      switches ??= createSwitches(config)
      return switches
    },
    get profiles () {
      profiles ??= createActiveProfile(config, clock, profile)
      return profiles
    },
    configure (next, nextCollections = []) {
      config = next
      definitions = nextCollections
      const lost = [...scenarios?.configure(scenarioDefinitions(next)) ?? [], ...switches?.configure(next) ?? [], ...profiles?.configure(next) ?? [], ...collections?.configure(definitions, next.seed ?? runSeed).map(inWords) ?? []]
      variables?.configure(next.variables ?? {})
      rateLimits?.configure(policiesOf(next))
      begun = clock.now()
      cache?.configure(boundsOf(next.shared_cache))
      injections?.configure(keptCounters(next))
      // Their time begins now, not when somebody first looks.
      if (next.scenarios !== undefined) scenarios ??= createScenarios(scenarioDefinitions(next), clock)
      return lost
    },
    reset () {
      // First of all: what begins anew begins now.
      clock.reset()
      hits.clear()
      counters.clear()
      scenarios?.reset()
      variables?.reset()
      collections?.reset()
      choices?.reset()
      sessions?.clear()
      tokens?.clear()
      oidc = undefined
      validators?.clear()
      cache?.purge()
      rateLimits?.reset()
      switches?.reset()
      profiles?.reset()
      begun = clock.now()
      injections?.reset()
    }
  }
}
