import type { RateLimit, RateLimitStyle } from '../config-keys/rate-limit.ts'
import { quantities, type Quantity } from './quantities.ts'
import type { Reading } from './reading.ts'

type Headers = Readonly<Record<string, Quantity>>

/** Which headers tell of a limit. */
export interface HeaderStyle {
  /** Those of every answer. */
  readonly always: Headers
  /** Those that a rejected request gets besides. */
  readonly rejected: Headers
  /** What there is of `Retry-After` unless the configuration says it. */
  readonly retryAfter: false | 'seconds' | 'date'
  /** Whether it tells of limits on concurrency. */
  readonly tellsConcurrency: boolean
}

const { limit, remaining, used, name, reset_seconds: resetSeconds, reset_epoch: resetEpoch, reset_date: resetDate, reset_iso: resetIso, reset_duration: resetDuration, limit_per_minute: limitPerMinute } = quantities
const NONE: Headers = {}

/** Stripe's categories, as far as they follow from what is limited. */
const stripeReason: Quantity = ({ policy: { algorithm, isShared } }) => `${isShared ? 'global' : 'endpoint'}-${algorithm === 'concurrency' ? 'concurrency' : 'rate'}`

/**
 * Where each style is written down (as of 2026):
 *
 * - `ietf_06`: draft-ietf-httpapi-ratelimit-headers-06, section 3; its `ratelimit-policy` is left to `ietf`
 * - `x_ratelimit`: no specification; what @fastify/rate-limit and many gateways send
 * - `github`: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api (that of secondary limits tells no header but `retry-after`)
 * - `gitlab`: docs.gitlab.com/administration/settings/user_and_ip_rate_limits, "Response headers"
 * - `stripe`: docs.stripe.com/rate-limits
 * - `twitter`: docs.x.com/x-api/fundamentals/rate-limits
 * - `openai`: platform.openai.com/docs/guides/rate-limits, "Rate limits in headers"
 * - `anthropic`: docs.claude.com/en/api/rate-limits, "Response headers"
 */
const STYLES: Readonly<Record<Exclude<RateLimitStyle, 'ietf'>, HeaderStyle>> = {
  ietf_06: { always: { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetSeconds }, rejected: NONE, retryAfter: 'seconds', tellsConcurrency: false },
  x_ratelimit: { always: { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': resetSeconds }, rejected: NONE, retryAfter: 'seconds', tellsConcurrency: false },
  github: {
    always: { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-used': used, 'x-ratelimit-reset': resetEpoch, 'x-ratelimit-resource': name },
    rejected: NONE,
    retryAfter: false,
    tellsConcurrency: false
  },
  gitlab: {
    always: { 'ratelimit-limit': limitPerMinute, 'ratelimit-name': name, 'ratelimit-observed': used, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetEpoch },
    rejected: { 'ratelimit-resettime': resetDate },
    retryAfter: 'seconds',
    tellsConcurrency: false
  },
  stripe: { always: NONE, rejected: { 'stripe-rate-limited-reason': stripeReason }, retryAfter: false, tellsConcurrency: true },
  twitter: { always: { 'x-rate-limit-limit': limit, 'x-rate-limit-remaining': remaining, 'x-rate-limit-reset': resetEpoch }, rejected: NONE, retryAfter: false, tellsConcurrency: false },
  openai: {
    always: { 'x-ratelimit-limit-requests': limit, 'x-ratelimit-remaining-requests': remaining, 'x-ratelimit-reset-requests': resetDuration },
    rejected: NONE,
    retryAfter: 'seconds',
    tellsConcurrency: false
  },
  anthropic: {
    always: { 'anthropic-ratelimit-requests-limit': limit, 'anthropic-ratelimit-requests-remaining': remaining, 'anthropic-ratelimit-requests-reset': resetIso },
    rejected: NONE,
    retryAfter: 'seconds',
    tellsConcurrency: false
  }
}

const SILENT: HeaderStyle = { always: NONE, rejected: NONE, retryAfter: 'seconds', tellsConcurrency: false }

/** The style of a setting; undefined for the IETF's, which tells all limits in one field. */
export function styleOf (headers: RateLimit['headers']): HeaderStyle | undefined {
  if (headers === undefined || headers === 'ietf') return undefined
  if (headers === false) return SILENT
  if (typeof headers === 'string') return STYLES[headers]
  const always = Object.fromEntries(Object.entries(headers).map(([header, what]) => [header.toLowerCase(), quantities[what]]))
  return { always, rejected: NONE, retryAfter: 'seconds', tellsConcurrency: true }
}

/** Whether a style has something to tell of a limit. */
export const isTold = ({ tellsConcurrency }: HeaderStyle, { policy }: Reading): boolean => tellsConcurrency || policy.algorithm !== 'concurrency'
