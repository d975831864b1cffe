import type { Random } from '../random.ts'
import { wordsOf } from './words.ts'

/**
 * Points in time are made within fixed bounds, not from the clock: the same seed gives the same value tomorrow. What is
 * created comes before what is updated, and what expires lies ahead.
 */
const SPANS: ReadonlyArray<[words: readonly string[], from: number, to: number]> = [
  [['birth', 'birthday', 'birthdate', 'dob', 'born'], Date.UTC(1955, 0), Date.UTC(2005, 0)],
  [['expires', 'expiry', 'expiration', 'expire', 'expected', 'due', 'until', 'deadline', 'renews', 'renewal', 'valid'], Date.UTC(2030, 0), Date.UTC(2036, 0)],
  [['created', 'creation', 'joined', 'registered', 'opened', 'founded', 'since', 'started', 'start', 'from', 'begin', 'begins'], Date.UTC(2023, 0), Date.UTC(2024, 6)],
  [['updated', 'modified', 'changed', 'pushed', 'closed', 'finished', 'completed', 'ended', 'end', 'to', 'deleted', 'merged', 'resolved', 'last'], Date.UTC(2024, 7), Date.UTC(2026, 0)]
]
const ANY = [[], Date.UTC(2023, 0), Date.UTC(2026, 0)] as const

/** A time, in milliseconds since 1970, whole seconds, as befits a property's name. */
export function momentFor (name: string, random: Random): number {
  const words = wordsOf(name)
  const [, from, to] = SPANS.find(([known]) => known.some(word => words.includes(word))) ?? ANY
  return Math.floor((from + random.next() * (to - from)) / 1000) * 1000
}

/** Whether a number of this name is likely to be a time: `created_at`, `timestamp`, `expires`. */
export function namesMoment (name: string): boolean {
  const last = wordsOf(name).at(-1)
  return last !== undefined && TIMELIKE.has(last)
}

const TIMELIKE = new Set(['at', 'timestamp', 'time', 'date', 'created', 'updated', 'modified', 'expires', 'expiry', 'expiration', 'until', 'since', 'on'])

/** `2024-05-17T09:30:00Z` */
export const dateTime = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z')

/** `2024-05-17` */
export const date = (moment: number): string => new Date(moment).toISOString().slice(0, 10)

/** `09:30:00Z` */
export const time = (moment: number): string => dateTime(moment).slice(11)
