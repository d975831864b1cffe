import { nowOf, type TemplateContext } from '../context.ts'
import { HelperFault } from '../error.ts'
import type { HelperDefinition, HelperFunction, HelperTable } from '../helper.ts'
import { number, text } from './argument.ts'
import { dateOf, formatDate, inZone, parseByPattern, parseShift, shiftDate, zoneOf, type Shift } from './date-value.ts'

type Hash = Readonly<Record<string, unknown>>

const patternOf = (...candidates: readonly unknown[]) => {
  const pattern = candidates.find(value => value !== undefined && value !== null && value !== '')
  return pattern === undefined ? undefined : text(pattern)
}

/** A date, moved by `offset=` and written by `format=` in `zone=`. */
function write (date: Date, hash: Hash, ...patterns: readonly unknown[]): string | number {
  const zone = zoneOf(hash)
  const moved = hash.offset === undefined ? date : shiftDate(date, parseShift(text(hash.offset)), zone)
  return formatDate(moved, patternOf(hash.format, ...patterns), zone)
}

const now: HelperFunction = ([pattern], hash, context) => write(nowOf(context), hash, pattern)

const between = (from: Date, to: Date, { random }: TemplateContext) => {
  const [start, end] = from <= to ? [from.getTime(), to.getTime()] : [to.getTime(), from.getTime()]
  return new Date(start + Math.floor(random.next() * (end - start + 1)))
}

/** Today; a date written otherwise (WireMock); or a random one between two (Mockoon). */
const date: HelperFunction = ([first, second, pattern], hash, context) => {
  const from = dateOf(first, context)
  if (second === undefined) return write(from ?? nowOf(context), hash, from === undefined ? first : undefined, 'yyyy-MM-dd')
  const to = dateOf(second, context)
  if (from === undefined || to === undefined) throw new HelperFault(`'${text(from === undefined ? first : second)}' is no date`)
  return write(between(from, to, context), hash, pattern, 'yyyy-MM-dd')
}

/** The time of day now, or a random one between two. */
const time: HelperFunction = ([first, second, pattern], hash, context) => {
  if (second === undefined) return write(nowOf(context), hash, first, 'HH:mm:ss')
  const [from, to] = [first, second].map(value => dateOf(`1970-01-01T${text(value).padStart(5, '0')}`, context))
  if (from === undefined || to === undefined) throw new HelperFault(`'${text(from === undefined ? first : second)}' is no time of day`, "write it like '09:30'")
  return write(between(from, to, context), hash, pattern, 'HH:mm')
}

const SHIFT_KEYS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const

const dateTimeShift: HelperFunction = ([subject], hash, context) => {
  const source = hash.date ?? subject
  const date = source === undefined ? nowOf(context) : dateOf(source, context)
  if (date === undefined) return undefined
  const shift: Shift = {}
  for (const key of SHIFT_KEYS) shift[key] = number(hash[key]) ?? 0
  return write(shiftDate(date, shift, zoneOf(hash)), hash)
}

/** What to set to its least value, by WireMock's names. */
const TRUNCATIONS: Readonly<Record<string, (date: Date) => void>> = {
  'first second of minute': date => { date.setSeconds(0, 0) },
  'first minute of hour': date => { date.setMinutes(0, 0, 0) },
  'first hour of day': date => { date.setHours(0, 0, 0, 0) },
  'first day of month': date => { date.setDate(1); date.setHours(0, 0, 0, 0) },
  'first day of next month': date => { date.setMonth(date.getMonth() + 1, 1); date.setHours(0, 0, 0, 0) },
  'last day of month': date => { date.setMonth(date.getMonth() + 1, 0); date.setHours(0, 0, 0, 0) },
  'first day of year': date => { date.setMonth(0, 1); date.setHours(0, 0, 0, 0) },
  'first day of next year': date => { date.setFullYear(date.getFullYear() + 1, 0, 1); date.setHours(0, 0, 0, 0) },
  'last day of year': date => { date.setMonth(11, 31); date.setHours(0, 0, 0, 0) }
}

const truncateDate: HelperFunction = ([subject, how], hash, context) => {
  const date = dateOf(subject, context)
  const name = text(how).toLowerCase().replaceAll('_', ' ')
  const truncate = Object.hasOwn(TRUNCATIONS, name) ? TRUNCATIONS[name] : undefined
  if (truncate === undefined) throw new HelperFault(`unknown truncation '${text(how)}'`, `one of: ${Object.keys(TRUNCATIONS).join(', ')}`)
  if (date === undefined) return undefined
  const zoned = inZone(date, zoneOf(hash))
  truncate(zoned)
  return hash.format === undefined ? new Date(zoned.getTime()) : write(new Date(zoned.getTime()), hash)
}

const dateFormat: HelperFunction = ([subject, pattern], hash, context) => {
  const date = dateOf(subject, context)
  return date === undefined ? undefined : write(date, hash, pattern)
}

/** Patterns, offsets and zones that stand in the template are checked with it. */
const dated = (run: HelperFunction, patternAt?: number): HelperDefinition => ({
  run,
  check (literals, hash) {
    const named = Object.fromEntries([...hash].map(([name, { value }]) => [name, value]))
    write(new Date(0), named, patternAt === undefined ? undefined : literals[patternAt]?.value)
  }
})

/** Dates and times, in UTC unless `zone=` says otherwise. What is no date gives nothing. */
export const dateHelpers: HelperTable = {
  now: dated(now, 0),
  timestamp: dated(now, 0),
  epoch: dated((_args, hash, context) => write(nowOf(context), { ...hash, format: 'epoch' })),
  unix: dated((_args, hash, context) => write(nowOf(context), { ...hash, format: 'unix' })),
  date: dated(date, 2),
  time: dated(time, 2),
  dateFormat: dated(dateFormat, 1),
  dateTimeShift: dated(dateTimeShift),
  parseDate: ([source, pattern], hash, context) => {
    const format = patternOf(hash.format, pattern)
    return format === undefined ? dateOf(source, context) : parseByPattern(text(source), format, zoneOf(hash))
  },
  truncateDate,
  isValidDate: { run: ([value], _hash, context) => dateOf(value, context) !== undefined, condition: true }
}
