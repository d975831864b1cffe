import { HelperFault } from '../error.ts'
import { isRecord } from '../own.ts'
import type { HelperFunction, HelperTable } from '../helper.ts'
import type { TemplateLimits } from '../limits.ts'
import { compare, integer, list, number, text } from './argument.ts'
import { equal, fits } from './equal.ts'
import { digText } from './object-path.ts'
import { stringifyJson } from '../../stringify-json.ts'

const descending = (order: unknown) => text(order).toLowerCase() === 'desc'

const sorted = (items: readonly unknown[], key: (item: unknown) => unknown, order: unknown) => {
  const sign = descending(order) ? -1 : 1
  return [...items].sort((a, b) => sign * compare(key(a), key(b)))
}

/** Positional conditions as Mockoon has them (one must hold), or named properties that all must be equal. */
function condition (conditions: readonly unknown[], hash: Readonly<Record<string, unknown>>): (item: unknown) => boolean {
  const named = Object.entries(hash)
  return item => (conditions.length === 0 || conditions.some(wanted => fits(item, wanted))) &&
    named.every(([key, wanted]) => equal(digText(item, key), wanted))
}

const size: HelperFunction = ([value]) => {
  if (Array.isArray(value)) return value.length
  return isRecord(value) ? Object.keys(value).length : text(value).length
}

/** WireMock's positions: a number, `start`, `end`; from the end when negative. */
function position (value: unknown, length: number, byDefault: number): number {
  if (value === undefined) return byDefault
  if (value === 'start') return 0
  if (value === 'end') return byDefault
  const at = number(value)
  if (at === undefined || !Number.isInteger(at)) throw new HelperFault(`'${text(value)}' is no position in a list`, "a number, 'start' or 'end'")
  return at < 0 ? length + at : at
}

const concat: HelperFunction = args => args.length > 0 && args.every(Array.isArray) ? args.flat() : args.map(text).join('')

const arrayJoin: HelperFunction = ([separator, items], { prefix, suffix }) =>
  text(prefix) + list(items).map(text).join(text(separator)) + text(suffix)

/** Lists. None of them changes the list it is given. */
export function arrayHelpers ({ rounds }: TemplateLimits): HelperTable {
  const range: HelperFunction = ([start, end, step]) => {
    const [from, to, by] = [integer(start, 0), integer(end, 0), Math.abs(integer(step, 1)) || 1]
    const count = Math.floor(Math.abs(to - from) / by) + 1
    if (count > rounds) throw new HelperFault(`${count} items are more than ${rounds}`)
    return Array.from({ length: count }, (_, index) => from + index * (to < from ? -by : by))
  }
  return {
    array: args => [...args],
    range,
    first: ([items, count]) => count === undefined ? list(items)[0] : list(items).slice(0, integer(count, 1)),
    last: ([items, count]) => count === undefined ? list(items).at(-1) : list(items).slice(-Math.max(0, integer(count, 1)) || list(items).length),
    slice: ([items, start, end]) => {
      const sequence = typeof items === 'string' ? items : list(items)
      return sequence.slice(integer(start, 0), end === undefined ? undefined : integer(end, 0))
    },
    at: ([items, index]) => list(items).at(integer(index, 0)),
    sort: ([items, order]) => sorted(list(items), item => item, order),
    sortBy: ([items, key, order]) => sorted(list(items), item => digText(item, text(key)), order),
    reverse: ([items]) => typeof items === 'string' ? [...items].reverse().join('') : [...list(items)].reverse(),
    filter: ([items, ...conditions], hash) => list(items).filter(condition(conditions, hash)),
    find: ([items, ...conditions], hash) => list(items).find(condition(conditions, hash)),
    pluck: ([items, key]) => list(items).map(item => digText(item, text(key)) ?? null),
    unique: ([items]) => [...new Map(list(items).map(item => [stringifyJson(item), item])).values()],
    flatten: ([items]) => list(items).flat(),
    join: ([items, separator = ', ', ...more]) => more.length > 0
      // Handlebars.java: join 'a' 'b' 'c' ', '
      ? [items, separator, ...more.slice(0, -1)].map(text).join(text(more.at(-1)))
      : list(items).map(text).join(text(separator)),
    concat,
    size,
    len: size,
    length: size,
    count: size,
    arrayAdd: ([items, item], hash) => list(items).toSpliced(position(hash.position, list(items).length, list(items).length), 0, item),
    arrayRemove: ([items], hash) => list(items).toSpliced(position(hash.position, list(items).length, list(items).length - 1), 1),
    arrayJoin,
    isIn: { run: ([needle, ...hay]) => hay.flat().some(item => equal(item, needle)), condition: true }
  }
}
