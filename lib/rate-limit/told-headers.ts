import type { RateLimit } from '../config-keys/rate-limit.ts'
import { ietfLimit, ietfPolicy } from './ietf.ts'
import type { Policy } from './policy.ts'
import { tightest, type Reading } from './reading.ts'
import { isTold, styleOf } from './styles.ts'

/**
 * What the limits of one endpoint tell in headers, compiled. `readings` are in the order of the limits; of limits in one style, the IETF's
 * tells all, and the others the one that is nearest to its end.
 *
 * @param now milliseconds since the epoch
 */
export type TellHeaders = (readings: readonly Reading[], now: number) => Record<string, string>

/** @param limits each with its policy */
export function compileHeaders (limits: ReadonlyArray<{ readonly policy: Policy, readonly config: RateLimit }>): TellHeaders {
  const groups = new Map<string, { headers: RateLimit['headers'], at: number[] }>()
  for (const [at, { config: { headers } }] of limits.entries()) {
    const key = JSON.stringify(headers ?? 'ietf')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { headers, at: [at] })
    else group.at.push(at)
  }
  const tellers = [...groups.values()].flatMap(({ headers, at }) => {
    const tell = compileStyle(headers, at.flatMap(index => limits[index]?.policy ?? []))
    return (readings: readonly Reading[], now: number, told: Record<string, string>): void => tell(at.flatMap(index => readings[index] ?? []), now, told)
  })
  return (readings, now) => {
    const told: Record<string, string> = {}
    for (const tell of tellers) tell(readings, now, told)
    return told
  }
}

type Teller = (readings: readonly Reading[], now: number, told: Record<string, string>) => void

function compileStyle (headers: RateLimit['headers'], policies: readonly Policy[]): Teller {
  const style = styleOf(headers)
  if (style === undefined) {
    const policy = policies.map(ietfPolicy).join(', ')
    return (readings, _now, told) => {
      told['ratelimit-policy'] = policy
      told.ratelimit = readings.map(ietfLimit).join(', ')
    }
  }
  const always = Object.entries(style.always)
  const rejected = [...always, ...Object.entries(style.rejected)]
  return (readings, now, told) => {
    const reading = tightest(readings.filter(reading => isTold(style, reading)))
    if (reading === undefined) return
    for (const [name, quantity] of reading.isExceeded ? rejected : always) {
      const value = quantity(reading, now)
      if (value !== undefined) told[name] = value
    }
  }
}

/**
 * The value of `Retry-After` (RFC 9110, section 10.2.3), rounded up: who comes then is not too early.
 *
 * @param wait how long until the request would be served, in milliseconds; undefined where nobody knows
 * @param now milliseconds since the epoch
 * @returns undefined where there is none
 */
export function retryAfterOf ({ headers, retry_after: setting = styleOf(headers)?.retryAfter ?? 'seconds' }: RateLimit, wait: number | undefined, now: number): string | undefined {
  if (typeof setting === 'number') return String(setting)
  if (setting === false || wait === undefined) return undefined
  if (setting === 'seconds') return String(Math.ceil(wait / 1000))
  return new Date(Math.ceil((now + wait) / 1000) * 1000).toUTCString()
}
