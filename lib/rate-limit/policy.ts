import type { RateLimit, RateLimits } from '../config-keys/rate-limit.ts'

/** What is counted, and how far it may go: a quota policy, as the IETF's draft calls it. */
export interface Policy {
  /** Policies of one name share their count. */
  readonly name: string
  readonly algorithm: NonNullable<RateLimit['algorithm']>
  readonly limit: number
  /** In milliseconds; 0 where the algorithm has none. */
  readonly window: number
  /** The most that can be spent at once: of a token bucket its size, else the limit. */
  readonly capacity: number
  readonly isAligned: boolean
  readonly queue: { readonly size: number, readonly timeout: number | undefined } | undefined
  /** Whether it is about more than one endpoint. */
  readonly isShared: boolean
  /** Equal for policies that can share a count. */
  readonly signature: string
  /** What it is counted under: name and signature, as files that include one another may have a `default` each. */
  readonly id: string
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads how many in what time; undefined where it is no such text.
 *
 * @returns the window in milliseconds
 * @example
 * parseRate('5000/h') // { limit: 5000, window: 3600000 }
 */
export function parseRate (text: string): { limit: number, window: number } | undefined {
  const [, limit, amount = '1', unit = ''] = /^(\d+) ?\/ ?(?:(\d+(?:\.\d+)?) ?)?([a-z]+)$/.exec(text) ?? []
  const milliseconds = UNITS[unit]
  if (limit === undefined || milliseconds === undefined) return undefined
  return { limit: Number(limit), window: Math.round(Number(amount) * milliseconds) }
}

/** The limits of an endpoint or of defaults, as a list of objects. */
export function rateLimitsOf (setting: RateLimits | undefined): RateLimit[] {
  if (setting === undefined || setting === false) return []
  return [setting].flat().map(limit => typeof limit === 'string' ? { limit } : limit)
}

/** Whether it says how much, and not only which. */
export const isDefinition = ({ limit }: RateLimit): boolean => limit !== undefined

/**
 * @param name of a limit that has none of its own
 */
export function policyOf (config: RateLimit, name: string): Policy {
  const { algorithm = 'fixed_window', burst, aligned = false, queue } = config
  const { limit, window } = quotaOf(config)
  const counted = {
    algorithm,
    limit,
    window: algorithm === 'concurrency' ? 0 : window,
    capacity: algorithm === 'token_bucket' ? burst ?? limit : limit,
    isAligned: algorithm === 'fixed_window' && aligned,
    queue: queue === undefined ? undefined : { size: queue.size, timeout: queue.timeout_ms }
  }
  const { per = 'client' } = config
  const isShared = config.name !== undefined && ![per].flat().includes('endpoint')
  const signature = JSON.stringify([counted, per])
  const own = config.name ?? name
  return { name: own, ...counted, isShared, signature, id: `${own} ${signature}` }
}

/** How much in what time, in milliseconds; whichever way it is written. */
export function quotaOf ({ limit = 0, window_ms: window = 0 }: RateLimit): { limit: number, window: number } {
  return typeof limit === 'number' ? { limit, window } : parseRate(limit) ?? { limit: 0, window }
}
