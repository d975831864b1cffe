import { compileAnswer, type Answer, type AnswerTools } from '../answer.ts'
import type { Grouped } from '../choose-group.ts'
import type { Endpoint } from '../config.ts'
import type { RateLimit } from '../config-keys/rate-limit.ts'
import { partitionOf } from './partition.ts'
import { policyOf, rateLimitsOf, type Policy } from './policy.ts'
import { compileHeaders, type TellHeaders } from './told-headers.ts'

/** One limit of an endpoint. */
export interface CompiledRateLimit {
  readonly policy: Policy
  readonly config: RateLimit
  readonly status: number
  keyOf (request: Grouped): string
  costOf (method: string): number
  /** What rejected requests get; absent where the configuration leaves that open. */
  readonly answer?: Answer
}

/** The limits of an endpoint, all of which have to allow a request. */
export interface CompiledRateLimits {
  readonly limits: readonly CompiledRateLimit[]
  readonly tell: TellHeaders
}

/**
 * @param id whose limits they are, where they have no name: of the resource, for one of its operations
 * @returns undefined where there is none
 */
export function compileRateLimits (endpoint: Endpoint & { id: string }, id: string, tools: AnswerTools): CompiledRateLimits | undefined {
  const configs = rateLimitsOf(endpoint.rate_limit)
  if (configs.length === 0) return undefined
  const isList = Array.isArray(endpoint.rate_limit)
  const limits = configs.map((config, index): CompiledRateLimit => {
    const place = isList ? `rate_limit/${index}` : 'rate_limit'
    const status = config.status ?? 429
    return {
      policy: policyOf(config, nthName(id, index)),
      config,
      status,
      keyOf: partitionOf(config.per, endpoint, endpoint.id),
      costOf: compileCost(config.cost),
      ...config.body !== undefined && { answer: compileBody(config, status, { ...tools, at: (key, compile) => tools.at(`${place}/${key === 'response' ? 'body' : key}`, compile) }) }
    }
  })
  return { limits, tell: compileHeaders(limits) }
}

/** The name of a limit that has none: of several, all but the first are numbered. */
export const nthName = (name: string, index: number): string => index === 0 ? name : `${name} ${index + 1}`

function compileBody ({ body, content_type: contentType }: RateLimit, status: number, { bodies: _bodies, responderOf: _responderOf, ...tools }: AnswerTools): Answer {
  return compileAnswer({ status, response: body, ...contentType !== undefined && { content_type: contentType } }, tools)
}

function compileCost (cost: RateLimit['cost'] = 1): (method: string) => number {
  if (typeof cost === 'number') return () => cost
  const known = new Map(Object.entries(cost))
  const usual = known.get('*') ?? 1
  return method => known.get(method) ?? usual
}
