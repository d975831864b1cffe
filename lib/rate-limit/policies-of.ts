import type { Config } from '../config.ts'
import { nthName } from './compile-rate-limits.ts'
import { policyOf, rateLimitsOf, type Policy } from './policy.ts'

/** The policies of a loaded configuration, found when first asked for. Equal ones are there once. */
export function policiesOf ({ endpoints = [] }: Config): () => Iterable<Policy> {
  let known: ReadonlyMap<string, Policy> | undefined
  return () => {
    known ??= new Map(endpoints.flatMap(({ id = '', rate_limit: setting }) =>
      rateLimitsOf(setting).map((config, index) => policyOf(config, nthName(id, index))).map(policy => [policy.id, policy] as const)))
    return known.values()
  }
}
