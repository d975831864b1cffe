import type { RateLimit, RateLimits } from '../config-keys/rate-limit.ts'
import { nthName } from './compile-rate-limits.ts'
import { isDefinition, rateLimitsOf } from './policy.ts'

/**
 * Limits that go to many endpoints, with the name by which these are counted together.
 *
 * @example
 * namedLimits('100/1m', 'default') // { name: 'default', limit: '100/1m' }
 */
export function namedLimits (setting: RateLimits, name: string): RateLimits {
  if (setting === false) return false
  const named = rateLimitsOf(setting).map((limit, index): RateLimit => ({ name: nthName(name, index), ...limit }))
  return Array.isArray(setting) ? named : named[0] ?? false
}

/**
 * The limits of an endpoint, those that are only named filled in from what is known; what stands beside the name counts before that. Those
 * that nobody knows stay as they are.
 *
 * @example
 * filledLimits({ name: 'default', cost: 5 }, { name: 'default', limit: '100/1m' }) // { name: 'default', limit: '100/1m', cost: 5 }
 */
export function filledLimits (setting: RateLimits, known: RateLimits | undefined): RateLimits {
  const definitions = rateLimitsOf(known).filter(isDefinition)
  const fill = (limit: string | RateLimit): string | RateLimit => {
    if (typeof limit === 'string' || isDefinition(limit)) return limit
    const definition = definitions.find(({ name }) => name === limit.name)
    return definition === undefined ? limit : { ...definition, ...limit }
  }
  if (setting === false || definitions.length === 0) return setting
  return Array.isArray(setting) ? setting.map(fill) : fill(setting)
}
