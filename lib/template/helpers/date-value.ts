import { createRequire } from 'node:module'
import { nowOf, type TemplateContext } from '../context.ts'
import { HelperFault } from '../error.ts'
import { number, text } from './argument.ts'

// The seam: date-fns is loaded function by function, and only once a template wants a date.
const load = createRequire(import.meta.url)
interface DateTools {
  add: typeof import('date-fns/add').add
  format: typeof import('date-fns/format').format
  parse: typeof import('date-fns/parse').parse
  parseISO: typeof import('date-fns/parseISO').parseISO
  TZDate: typeof import('@date-fns/tz').TZDate
  tz: typeof import('@date-fns/tz').tz
}
let loaded: DateTools | undefined
const tools = (): DateTools => (loaded ??= {
  ...load('date-fns/add'), ...load('date-fns/format'), ...load('date-fns/parse'), ...load('date-fns/parseISO'), ...load('@date-fns/tz')
} as DateTools)

const zones = new Set<string>(['UTC'])

/** Checks an IANA zone (`Europe/Berlin`) or an offset (`+02:00`); without one, UTC: a mock answers alike on every machine. */
export function zoneOf (hash: Readonly<Record<string, unknown>>): string {
  const zone = text(hash.zone ?? hash.timezone ?? 'UTC')
  if (zones.has(zone)) return zone
  if (Number.isNaN(new (tools().TZDate)(0, zone).getTime())) throw new HelperFault(`unknown time zone '${zone}'`, "an IANA name such as 'Europe/Berlin', or an offset such as '+02:00'")
  if (zones.size < 1000) zones.add(zone)
  return zone
}

/**
 * A date from a Date, milliseconds since 1970, ISO 8601 or RFC 1123 text, or `now`; undefined when it is none. Text
 * without a zone is in UTC.
 */
export function dateOf (value: unknown, context: TemplateContext): Date | undefined {
  if (value instanceof Date) return valid(value)
  if (value === undefined || value === null || value === '') return undefined
  if (value === 'now') return nowOf(context)
  const source = text(value).trim()
  if (typeof value === 'number' || /^-?\d{9,}$/.test(source)) return valid(new Date(number(source) ?? NaN))
  const iso = tools().parseISO(source, { in: tools().tz('UTC') })
  if (valid(iso) !== undefined) return new Date(iso.getTime())
  // Date would make the 1st of March of the 30th of February.
  if (/^\d{4}-\d/.test(source)) return undefined
  return valid(new Date(/(?:Z|GMT|UTC|[+-]\d\d:?\d\d)\s*$/i.test(source) ? source : `${source} UTC`))
}

/** Reads a date by a pattern; `epoch` and `unix` are numbers of milliseconds and seconds. */
export function parseByPattern (source: string, pattern: string, zone: string): Date | undefined {
  if (pattern === 'epoch' || pattern === 'unix') return valid(new Date((number(source) ?? NaN) * (pattern === 'unix' ? 1000 : 1)))
  return rethrow(() => valid(new Date(tools().parse(source, tokensOf(pattern), 0, { in: tools().tz(zone) }).getTime())))
}

/**
 * Writes a date: by default as ISO 8601; `epoch` and `unix` give numbers, `http` what HTTP headers want; else by Unicode
 * tokens, `yyyy-MM-dd'T'HH:mm:ssxxx`.
 */
export function formatDate (date: Date, pattern: string | undefined, zone: string): string | number {
  switch (pattern) {
    case 'epoch': return date.getTime()
    case 'unix': return Math.floor(date.getTime() / 1000)
    case 'http':
    case 'rfc1123': return date.toUTCString()
    case 'iso':
    case '':
    case undefined: return zone === 'UTC' ? date.toISOString() : formatDate(date, "yyyy-MM-dd'T'HH:mm:ss.SSSxxx", zone)
    default: return rethrow(() => tools().format(new (tools().TZDate)(date.getTime(), zone), tokensOf(pattern)))
  }
}

/** `Z` outside of quotes is Java's `+0100`, which users of WireMock write; date-fns has no such token. */
function tokensOf (pattern: string): string {
  const plain = pattern.replace(/'(?:[^']|'')*'/g, '')
  // Day of the year and year of the week, which nobody means; date-fns would write a warning to the console.
  const wrong = /D{1,2}|YYYY|YY/.exec(plain)?.[0]
  if (wrong !== undefined) throw new HelperFault(`pattern '${pattern}': '${wrong}' is no token`, `write '${wrong.toLowerCase()}'`)
  return plain.includes('Z') ? pattern.replace(/'(?:[^']|'')*'|Z/g, part => part === 'Z' ? 'xx' : part) : pattern
}

function rethrow<T> (run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof HelperFault) throw error
    throw new HelperFault(error instanceof Error ? error.message.replace(/; see: .*$/, '') : String(error))
  }
}

export interface Shift {
  years?: number
  months?: number
  weeks?: number
  days?: number
  hours?: number
  minutes?: number
  seconds?: number
  milliseconds?: number
}

const UNITS: ReadonlyArray<readonly [RegExp, keyof Shift]> = [
  [/^(?:ms|milli(?:second)?s?)$/i, 'milliseconds'],
  [/^(?:s|secs?|seconds?)$/i, 'seconds'],
  [/^(?:m|mins?|minutes?)$/i, 'minutes'],
  [/^(?:h|hours?)$/i, 'hours'],
  [/^(?:d|days?)$/i, 'days'],
  [/^(?:w|weeks?)$/i, 'weeks'],
  [/^(?:mo|months?)$/i, 'months'],
  [/^(?:y|years?)$/i, 'years']
]

/** `3 days`, `-1 hours`, `1 month -2 days`. */
export function parseShift (source: string): Shift {
  const shift: Shift = {}
  const rest = source.replace(/([+-]?)\s*(\d{1,9})\s*([a-z]+)\s*,?\s*/gi, (part, sign: string, amount: string, unit: string) => {
    const key = UNITS.find(([pattern]) => pattern.test(unit))?.[1]
    if (key === undefined) return part
    shift[key] = (shift[key] ?? 0) + Number(amount) * (sign === '-' ? -1 : 1)
    return ''
  })
  if (rest.trim() !== '' || source.trim() === '') throw new HelperFault(`offset '${source}' is not understood`, "write it like '3 days' or '-1 hours'")
  return shift
}

/** Moves a date by calendar units in the zone: a day is a day there, also when the clocks change. */
export function shiftDate (date: Date, { milliseconds = 0, ...duration }: Shift, zone: string): Date {
  const moved = tools().add(new (tools().TZDate)(date.getTime(), zone), duration)
  const result = valid(new Date(moved.getTime() + milliseconds))
  if (result === undefined) throw new HelperFault('the date is out of range')
  return result
}

/** The date in the zone: its getters and setters work on the clock there. */
export function inZone (date: Date, zone: string): Date {
  return new (tools().TZDate)(date.getTime(), zone)
}

function valid (date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date
}
