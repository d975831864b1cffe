import { momentOf } from '../condition/dates.ts'
import { MOCK_ERR_CLOCK_TIME } from '../errors.ts'

/** A point in time: a Date, milliseconds since the epoch, or ISO 8601 (`2026-01-31`, `2026-01-31T10:00:00Z`); without a zone, in UTC. */
export type Moment = Date | number | string

/** A span of time: milliseconds, or an amount with its unit (`90s`, `1h 30m`, `2 days`). */
export type Duration = number | string

const UNITS: ReadonlyArray<readonly [name: RegExp, milliseconds: number]> = [
  [/^(?:ms|milli(?:second)?s?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1_000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|weeks?)$/, 604_800_000]
]

const PART = /\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]+)\s*,?/gy
/** The last moment that a Date can hold. */
const LAST = 8.64e15

/**
 * @returns milliseconds
 * @throws MOCK_ERR_CLOCK_TIME
 * @example
 * parseDuration('1h 30m') // 5400000
 */
export function parseDuration (duration: Duration): number {
  const milliseconds = typeof duration === 'number' ? duration : sumOf(String(duration).toLowerCase().trim())
  if (milliseconds === undefined || !(milliseconds >= 0 && milliseconds <= LAST)) {
    throw new MOCK_ERR_CLOCK_TIME(`'${duration}' is no span of time: milliseconds are expected, or an amount with a unit, such as '90s' or '1h 30m'`)
  }
  return milliseconds
}

function sumOf (text: string): number | undefined {
  if (/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return Number(text)
  let sum = 0
  let end = 0
  for (const part of text.matchAll(PART)) {
    const [whole, amount, name = ''] = part
    const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1]
    if (unit === undefined) return undefined
    sum += Number(amount) * unit
    end += whole.length
  }
  return end > 0 && end === text.length ? sum : undefined
}

/**
 * @returns milliseconds since the epoch
 * @throws MOCK_ERR_CLOCK_TIME
 * @example
 * parseMoment('2026-01-31T10:00:00Z') // 1769853600000
 */
export function parseMoment (moment: Moment): number {
  const milliseconds = typeof moment === 'number' ? moment : momentOf(moment)
  if (milliseconds === undefined || !(Math.abs(milliseconds) <= LAST)) {
    throw new MOCK_ERR_CLOCK_TIME(`'${String(moment)}' is no point in time: a Date, milliseconds since the epoch, or ISO 8601 is expected, such as '2026-01-31T10:00:00Z'`)
  }
  return milliseconds
}
