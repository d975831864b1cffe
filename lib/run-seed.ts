import { randomInt } from 'node:crypto'

const DRAWN = /^run:[0-9a-z]+$/

/**
 * The seed of a run that was given none, to be told, so that the run can be repeated: `run:k3x9f2`.
 */
export const drawRunSeed = (): string => `run:${randomInt(2 ** 40).toString(36)}`

/**
 * The seed of what is made ahead of requests: generated bodies and rows. These are the same in all runs that were given no seed, and so
 * they are in one that repeats such a run.
 *
 * @returns undefined where there is none
 * @example
 * givenSeed('run:k3x9f2') // undefined
 */
export const givenSeed = (seed: number | string | undefined): number | string | undefined =>
  typeof seed === 'string' && DRAWN.test(seed) ? undefined : seed
