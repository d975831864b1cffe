import type { RateLimit, RateLimits } from '../config-keys/rate-limit.ts'
import { child } from '../json-pointer.ts'
import { namedLimits } from '../rate-limit/inherit.ts'
import { isDefinition, policyOf, quotaOf, rateLimitsOf } from '../rate-limit/policy.ts'
import { suggest } from '../state/suggest.ts'
import { quote } from './describe.ts'
import { formatPlace, type Place } from './place.ts'
import type { Finding, Report } from './report.ts'
import type { Member } from './unit.ts'

/** An exact list of all requests of a window is kept. */
const MOST_SLIDING = 200_000

/** Which algorithms the keys are for that are not for all. */
const BELONGING = { burst: 'token_bucket', aligned: 'fixed_window', queue: 'concurrency' } as const

/** What a schema cannot say about the limits of one endpoint, or of defaults. */
export function * rateLimitRules (setting: RateLimits, pointer: string): Generator<Finding> {
  const limits = rateLimitsOf(setting)
  const names = new Set<string>()
  for (const [index, limit] of limits.entries()) {
    const at = Array.isArray(setting) ? child(pointer, index) : pointer
    const { name } = limit
    if (name !== undefined && names.has(name)) yield { code: 'duplicate-limit', message: `there is a limit called ${quote(name)} in this list already`, pointer: child(at, 'name') }
    if (name !== undefined) names.add(name)
    if (isDefinition(limit)) yield * definitionRules(limit, at)
    else if (name === undefined) yield { code: 'missing-key', message: "the limit says not how much: 'limit' is missing", hint: "write limit: 100/1m, or the 'name' of a limit of the defaults", pointer: at }
  }
}

function * definitionRules (config: RateLimit, pointer: string): Generator<Finding> {
  const { algorithm = 'fixed_window', limit, window_ms: ownWindow, burst } = config
  const quota = quotaOf(config)
  for (const [key, belongs] of Object.entries(BELONGING)) {
    if (key in config && algorithm !== belongs) yield { code: 'misplaced-key', message: `'${key}' belongs to 'algorithm: ${belongs}', and says nothing to '${algorithm}'`, pointer: child(pointer, key), target: 'key' }
  }
  if (algorithm === 'concurrency') {
    if (typeof limit === 'string') yield { code: 'bad-value', message: 'how many requests there are at a time has no window', hint: `write limit: ${quota.limit}`, pointer: child(pointer, 'limit') }
    if (ownWindow !== undefined) yield { code: 'misplaced-key', message: "how many requests there are at a time has no 'window_ms'", pointer: child(pointer, 'window_ms'), target: 'key' }
    if (config.cost !== undefined) yield { severity: 'warning', code: 'no-effect', message: "'cost' has no effect: every request takes one slot", pointer: child(pointer, 'cost'), target: 'key' }
    return
  }
  if (typeof limit === 'string' && ownWindow !== undefined) yield { code: 'contradiction', message: `the window stands in ${quote(limit)} already`, pointer: child(pointer, 'window_ms'), target: 'key' }
  else if (typeof limit === 'number' && ownWindow === undefined) yield { code: 'missing-key', message: `${limit} in what time? 'window_ms' is missing`, hint: `write limit: ${limit}/1m, or set window_ms`, pointer: child(pointer, 'limit') }
  else if (quota.window < 1) yield { code: 'bad-value', message: 'the window is shorter than a millisecond', pointer: child(pointer, 'limit') }
  if (algorithm === 'sliding_window' && quota.limit > MOST_SLIDING) yield { code: 'bad-value', message: `a sliding window takes note of each request, and of ${MOST_SLIDING} at most`, hint: 'a token_bucket takes any number', pointer: child(pointer, 'limit') }
  if (algorithm === 'token_bucket' && quota.limit === 0) yield { code: 'bad-value', message: 'no tokens would ever come', hint: "a 'fixed_window' lets nothing pass with limit 0", pointer: child(pointer, 'limit') }
  yield * costRules(config, algorithm === 'token_bucket' ? burst ?? quota.limit : quota.limit, pointer)
}

function * costRules ({ cost }: RateLimit, capacity: number, pointer: string): Generator<Finding> {
  if (cost === undefined || capacity === 0) return
  const costs = typeof cost === 'number' ? [['', cost] as const] : Object.entries(cost)
  for (const [method, amount] of costs) {
    if (amount <= capacity) continue
    const at = child(pointer, 'cost')
    yield { severity: 'warning', code: 'never-served', message: `a request costs ${amount}, and there are never more than ${capacity}: none is served`, pointer: method === '' ? at : child(at, method) }
  }
}

/** Those of a profile take the place of others, and cannot name one of the defaults. */
export function * wholeLimitRules (setting: RateLimits | undefined, pointer: string): Generator<Finding> {
  for (const [index, limit] of rateLimitsOf(setting).entries()) {
    if (isDefinition(limit) || limit.name === undefined) continue
    const at = Array.isArray(setting) ? child(pointer, index) : pointer
    yield { code: 'missing-key', message: `the limit ${quote(limit.name)} of a profile has to say how much: 'limit' is missing`, pointer: at }
  }
}

/** What can only be said of all endpoints with their defaults: limits that nobody knows, and those that share a name and are not the same. */
export function sharedLimitRules (members: readonly Member[], report: Report): void {
  const known = new Map<string, { signature: string, place: Place, pointer: string }>()
  const open: Array<{ name: string, place: Place, pointer: string }> = []
  for (const { endpoint, written, pointer, place } of members) {
    for (const [index, limit] of rateLimitsOf(endpoint.rate_limit).entries()) {
      const at = Array.isArray(endpoint.rate_limit) ? `${pointer}/rate_limit/${index}` : `${pointer}/rate_limit`
      const { name } = limit
      if (name === undefined) continue
      if (!isDefinition(limit)) {
        open.push({ name, place, pointer: child(at, 'name') })
        continue
      }
      const { signature } = policyOf(limit, name)
      const twin = known.get(name)
      if (twin === undefined) known.set(name, { signature, place, pointer: at })
      else if (twin.signature !== signature && written.rate_limit !== undefined) {
        report.add({
          code: 'different-limits',
          message: `the limit ${quote(name)} is another one at ${formatPlace(twin.place, twin.pointer)}`,
          hint: "limits of one name are counted together, so that 'algorithm', 'limit', the window, 'burst', 'aligned', 'queue' and 'per' have to be the same; or give them different names",
          pointer: at
        }, place)
      }
    }
  }
  const inherited = new Set(members.flatMap(({ unit: { defaults } }) => rateLimitsOf(defaults?.rate_limit === undefined ? undefined : namedLimits(defaults.rate_limit, 'default'))).flatMap(({ name }) => name ?? []))
  for (const { name, place, pointer } of open) {
    report.add({ code: 'unknown-limit', message: `there is no limit called ${quote(name)} in the defaults`, hint: suggest(name, [...inherited], "say how much: 'limit: 100/1m'"), pointer }, place)
  }
}
