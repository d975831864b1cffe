import { messageOf } from '../message-of.ts'
import { parseShift, shiftDate } from '../template/helpers/date-value.ts'
import { ConditionError } from './condition-error.ts'
import { clamp } from './distance.ts'
import { leafTest } from './leaf.ts'
import { show } from './show.ts'
import type { Subject } from './subject.ts'
import type { Setting, ValueTest } from './value-test.ts'

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i
/** RFC 9110, section 5.6.7: what is sent in headers today. */
const HTTP_DATE = /^[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/i
const DIGITS = /^-?\d{9,16}$/

/** Numbers below are seconds, which in milliseconds would be before March 1973. */
const LEAST_MILLISECONDS = 1e11

/**
 * The moment that a value is, in milliseconds since 1970; undefined where it is none. ISO 8601 (without a zone, in UTC), the dates of
 * HTTP headers, and numbers of seconds or milliseconds since 1970, also as texts.
 */
export function momentOf (value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.abs(value) < LEAST_MILLISECONDS ? value * 1000 : value : undefined
  if (value instanceof Date) return value.getTime()
  if (typeof value !== 'string' || value.length > 64) return undefined
  const text = value.trim()
  if (DIGITS.test(text)) return momentOf(Number(text))
  if (HTTP_DATE.test(text)) return valid(Date.parse(text))
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z'] = ISO.exec(text) ?? []
  if (year === undefined) return undefined
  const fraction = /[.,](\d{1,3})/.exec(text)?.[1]?.padEnd(3, '0') ?? '000'
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  // Date would make the 1st of March of the 30th of February.
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction)
  return valid(date.getTime() + time - offsetOf(zone))
}

const valid = (moment: number): number | undefined => Number.isNaN(moment) ? undefined : moment

function offsetOf (zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** Whether a moment is before or after another, which may move with the clock. Throws a ConditionError for what is no date. */
export function dateTest (operator: 'before' | 'after', wanted: string, { pointer, tools }: Setting): ValueTest {
  const now = ({ state }: Subject): number => tools.now?.() ?? state?.clock?.now() ?? Date.now()
  const bound = compileMoment(wanted, now, pointer)
  return leafTest({
    operator,
    cost: 4,
    holds (value, subject) {
      const moment = momentOf(value)
      return moment !== undefined && (operator === 'before' ? moment < bound(subject) : moment > bound(subject))
    },
    expected: /^now/i.test(wanted.trim()) ? subject => `${wanted.trim()} (${iso(bound(subject))})` : wanted,
    distance (value, subject) {
      const moment = momentOf(value)
      return moment === undefined ? 0.9 : clamp(Math.abs(moment - bound(subject)) / YEAR)
    }
  })
}

const YEAR = 365 * 24 * 3600 * 1000
const iso = (moment: number): string => Math.abs(moment) > 8.64e15 ? String(moment) : new Date(moment).toISOString()

/** `2026-01-31`, `now`, `now - 1 day 2 hours`. */
function compileMoment (wanted: string, now: (subject: Subject) => number, pointer: string): (subject: Subject) => number {
  const [, shift] = /^\s*now\s*(.*)$/is.exec(wanted) ?? []
  if (shift === undefined) {
    const moment = momentOf(wanted)
    if (moment === undefined) throw new ConditionError(pointer, `${show(wanted)} is no date`, "write it as in '2026-01-31', '2026-01-31T10:00:00Z' or 'now - 1 day'")
    return () => moment
  }
  if (shift === '') return now
  try {
    const { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = parseShift(shift)
    const fixed = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    if (years === 0 && months === 0) return subject => now(subject) + fixed
    return subject => shiftDate(new Date(now(subject)), { years, months }, 'UTC').getTime() + fixed
  } catch (error) {
    throw new ConditionError(pointer, `${show(wanted)} is no date: ${messageOf(error)}`, "write it as in 'now - 1 day' or 'now + 2 hours'")
  }
}
