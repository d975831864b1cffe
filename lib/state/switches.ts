import type { Config, WrittenEndpoint } from '../config.ts'
import { MOCK_ERR_ENDPOINT_UNKNOWN, MOCK_ERR_SITUATION_UNKNOWN, MOCK_ERR_VARIANT_UNKNOWN } from '../errors.ts'
import { resolveSituation } from './resolve-situation.ts'
import { suggest } from './suggest.ts'

/** Named answers of endpoints, switched while the server runs. */
export interface Variants {
  /**
   * Has an endpoint give that answer to every request, whatever it would choose, until another is used or it is reset.
   *
   * @throws MOCK_ERR_ENDPOINT_UNKNOWN
   * @throws MOCK_ERR_VARIANT_UNKNOWN
   * @example
   * mock.variants.use('POST /orders', 'declined')
   */
  use (endpoint: string, variant: string): void
  /** Back to what the endpoint chooses, or to what the situation says: one, or all. */
  reset (endpoint?: string): void
  /** The endpoints that have named answers. */
  list (): VariantInfo[]
}

export interface VariantInfo {
  /** Id of the endpoint. */
  endpoint: string
  /** Names of its answers. */
  variants: string[]
  /** The one that is switched on; absent where the endpoint chooses. */
  current?: string
  /** The situation that switched it on; absent where `use` did. */
  situation?: string
}

/** Answers of many endpoints, switched at once. */
export interface Situations {
  /** The one in force. */
  readonly current: string | undefined
  /**
   * Puts a situation in the place of the one in force. What was switched by itself goes over it.
   *
   * @throws MOCK_ERR_SITUATION_UNKNOWN
   */
  use (name: string): void
  /** Back to the one that the configuration begins with, if any. */
  reset (): void
  list (): SituationInfo[]
}

export interface SituationInfo {
  name: string
  /** Names of answers by the ids of endpoints, those of the situations that it extends included. */
  variants: Record<string, string>
}

/** What is switched in a scope. */
export interface Switches {
  readonly variants: Variants
  readonly situations: Situations
  /**
   * The name of the answer that an endpoint has been switched to.
   *
   * @param situated what the request's profile says, which comes before the situation in force
   */
  of (endpoint: string, situated?: ReadonlyMap<string, string>): string | undefined
  /** Takes another configuration; what was switched stays so as far as that has it. What was lost, in words. */
  configure (config: Config): string[]
  reset (): void
}

/** @example createSwitches(config).variants.use('POST /orders', 'declined') */
export function createSwitches (initially: Config): Switches {
  let config = initially
  const own = new Map<string, string>()
  let situation = config.situation
  let ofSituation = situationOf(config, situation)

  function enter (name: string | undefined): void {
    situation = name
    ofSituation = situationOf(config, name)
  }

  const switches: Switches = {
    of: (endpoint, situated) => own.get(endpoint) ?? situated?.get(endpoint) ?? ofSituation.get(endpoint),
    variants: {
      use (endpoint, variant) {
        const found = config.endpoints?.find(({ id }) => id === endpoint)
        if (found === undefined) throw new MOCK_ERR_ENDPOINT_UNKNOWN(endpoint)
        const names = namesOf(found)
        if (!names.includes(variant)) throw new MOCK_ERR_VARIANT_UNKNOWN(endpoint, variant, suggest(variant, names, 'none of its answers has a `name`'))
        own.set(endpoint, variant)
      },
      reset (endpoint) {
        if (endpoint === undefined) own.clear()
        else if (!own.delete(endpoint) && config.endpoints?.every(({ id }) => id !== endpoint) !== false) throw new MOCK_ERR_ENDPOINT_UNKNOWN(endpoint)
      },
      list: () => (config.endpoints ?? []).flatMap(endpoint => {
        const { id = '' } = endpoint
        const variants = namesOf(endpoint)
        const current = switches.of(id)
        if (variants.length === 0) return []
        return {
          endpoint: id,
          variants,
          ...current !== undefined && { current },
          ...current !== undefined && !own.has(id) && situation !== undefined && { situation }
        }
      })
    },
    situations: {
      get current () { return situation },
      use (name) {
        const names = Object.keys(config.situations ?? {})
        if (!names.includes(name)) throw new MOCK_ERR_SITUATION_UNKNOWN(name, suggest(name, names, 'the configuration has no `situations`'))
        enter(name)
      },
      reset: () => enter(config.situation),
      list: () => Object.keys(config.situations ?? {}).map(name => ({ name, variants: Object.fromEntries(situationOf(config, name)) }))
    },
    configure (next) {
      const lost: string[] = []
      const begun = config.situation
      config = next
      for (const [endpoint, variant] of own) {
        const found = next.endpoints?.find(({ id }) => id === endpoint)
        if (found !== undefined && namesOf(found).includes(variant)) continue
        own.delete(endpoint)
        lost.push(`'${endpoint}' was switched to the answer '${variant}', which is not there any more`)
      }
      const isGone = situation !== undefined && !Object.hasOwn(next.situations ?? {}, situation)
      if (isGone) lost.push(`the situation '${situation}' is not there any more`)
      // Who has not left the situation of the beginning goes by what that is now.
      enter(isGone || situation === begun ? next.situation : situation)
      return lost
    },
    reset () {
      own.clear()
      enter(config.situation)
    }
  }
  return switches
}

const NONE: ReadonlyMap<string, string> = new Map()

const situationOf = ({ situations = {} }: Config, name: string | undefined): ReadonlyMap<string, string> =>
  name === undefined ? NONE : resolveSituation(situations, name)

const namesOf = ({ responses = [] }: WrittenEndpoint): string[] => [...new Set(responses.flatMap(({ name }) => name ?? []))]
