import type { Behaviour, Config, Endpoint } from '../config.ts'
import { filledLimits, namedLimits } from '../rate-limit/inherit.ts'
import { rateLimitsOf } from '../rate-limit/policy.ts'

/**
 * An endpoint with the behaviour of its tags, where it says nothing itself; of several tags, the first that says something counts. To be
 * applied before the defaults, which come last.
 *
 * @example
 * applyTags({ path: '/pay', tags: ['payments'] }, { payments: { latency_ms: 300 } }) // { path: '/pay', tags: ['payments'], latency_ms: 300 }
 */
export function applyTags<T extends Endpoint> (endpoint: T, tags: Config['tags']): T {
  if (tags === undefined || endpoint.tags === undefined) return endpoint
  const behaviours = endpoint.tags.filter(tag => Object.hasOwn(tags, tag)).map(tag => behaviourOf(tag, tags)).reverse()
  if (behaviours.length === 0) return endpoint
  const filled: T = Object.assign({}, endpoint, ...behaviours)
  const limits = endpoint.rate_limit === undefined ? undefined : filledLimits(endpoint.rate_limit, behaviours.flatMap(({ rate_limit: known }) => rateLimitsOf(known)))
  // Twice, so that what is written comes first when it is shown.
  return Object.assign({}, endpoint, filled, endpoint, limits !== undefined && { rate_limit: limits })
}

/** Requests to all endpoints of a tag are counted together. */
function behaviourOf (tag: string, tags: NonNullable<Config['tags']>): Behaviour {
  const { description: _description, ...behaviour } = tags[tag] ?? {}
  return behaviour.rate_limit === undefined ? behaviour : { ...behaviour, rate_limit: namedLimits(behaviour.rate_limit, tag) }
}
