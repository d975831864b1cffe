import type { Latency } from './config.ts'
import type { Random } from './random.ts'

/** Milliseconds to wait, drawn anew for each request. */
export type LatencySampler = (random: Random) => number

/**
 * Compiles a configured latency into a sampler; undefined when there is nothing to wait for.
 *
 * @example
 * latencySampler({ distribution: 'lognormal', median: 80, sigma: 0.4 })
 */
export function latencySampler (latency: Latency | undefined): LatencySampler | undefined {
  if (latency === undefined || latency === 0) return undefined
  if (typeof latency === 'number') return () => latency
  if (!('distribution' in latency)) return uniform(latency.min, latency.max)
  switch (latency.distribution) {
    case 'fixed': return () => latency.value
    case 'uniform': return uniform(latency.min, latency.max)
    case 'normal': {
      const { mean, stddev } = latency
      return within(latency.min ?? 0, latency.max, random => mean + stddev * gaussian(random))
    }
    case 'lognormal': {
      const { median, sigma } = latency
      return within(0, latency.max, random => median * Math.exp(sigma * gaussian(random)))
    }
  }
}

const uniform = (min: number, max: number): LatencySampler => random => min + random.next() * (max - min)

const REDRAWS = 10

/** Draws again when out of bounds, so that the distribution keeps its shape inside them, and clamps if luck stays away. */
function within (min: number, max: number | undefined, sample: LatencySampler): LatencySampler {
  const limit = max ?? Infinity
  return random => {
    let value = sample(random)
    for (let i = 0; i < REDRAWS && (value < min || value > limit); i++) value = sample(random)
    return Math.min(Math.max(value, min), limit)
  }
}

/** A standard normal deviate (Box-Muller). */
function gaussian (random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}
