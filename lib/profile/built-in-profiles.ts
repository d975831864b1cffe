import type { Profile } from '../config.ts'

/** Every endpoint as it is configured: for a request, or a scope, that wants nothing of the profile in use. */
export const NO_PROFILE = 'none'

/**
 * Profiles that every server has. Round trips and throughput of the networks are near to what browsers' developer tools mean by these
 * names; the spread around them is that of a real line.
 */
export const BUILT_IN_PROFILES: Readonly<Record<string, Profile>> = {
  [NO_PROFILE]: {
    description: 'Every endpoint as it is configured.'
  },
  'slow-3g': {
    description: 'A phone with a bad line: two seconds to the first byte, then 50 kB per second.',
    latency_ms: { distribution: 'lognormal', median: 2_000, sigma: 0.25, max: 6_000 },
    fault: { kind: 'bandwidth', bytes_per_second: 50_000 }
  },
  'fast-3g': {
    description: 'A phone with a fair line: half a second to the first byte, then 200 kB per second.',
    latency_ms: { distribution: 'lognormal', median: 560, sigma: 0.25, max: 2_000 },
    fault: { kind: 'bandwidth', bytes_per_second: 200_000 }
  },
  '4g': {
    description: 'A phone with a good line: 0.17 seconds to the first byte, then 1.1 MB per second.',
    latency_ms: { distribution: 'lognormal', median: 165, sigma: 0.25, max: 600 },
    fault: { kind: 'bandwidth', bytes_per_second: 1_125_000 }
  },
  flaky: {
    description: 'One request in five fails, and the others take 20 to 400 ms.',
    latency_ms: { min: 20, max: 400 },
    failure_rate: 0.2,
    failure: { status: [500, 502, 503, 504] }
  },
  degraded: {
    description: 'A service with too much to do: slow, with a long tail, and now and then unavailable.',
    latency_ms: { distribution: 'lognormal', median: 1_200, sigma: 0.6, max: 15_000 },
    failure_rate: 0.1,
    failure: { status: 503, headers: { 'retry-after': 2 } }
  },
  offline: {
    description: 'Nobody is there: every connection is reset.',
    latency_ms: 0,
    failure_rate: 0,
    failure: false,
    fault: 'reset'
  },
  'rate-limited': {
    description: 'Ten requests in ten seconds for each client, and 429 with `Retry-After` beyond.',
    rate_limit: { limit: 10, window_ms: 10_000 }
  }
}
