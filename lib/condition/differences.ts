import { child } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { distance } from './distance.ts'
import { below, NOTHING, type IgnoredPlaces, type Ignoring } from './ignore.ts'
import { containsValue, pairUp, sameLeaf, sameValue } from './same-value.ts'

/** One place where a value is not as expected. */
export interface Difference {
  /** JSON pointer into the value. */
  readonly pointer: string
  /** `extra`: a member that is not expected. */
  readonly kind: 'different' | 'missing' | 'extra'
  /** Absent for `extra`. */
  readonly expected?: unknown
  /** Absent for `missing`. */
  readonly actual?: unknown
  /** How far off it is, from 0 to 1. */
  readonly weight: number
}

export interface DifferenceOptions {
  /** Whether numbers and booleans come as texts. Default: false. */
  readonly isText?: boolean
  readonly ignoring?: Ignoring
  /** Whether the value need only contain what is expected: further members, also of lists, do not matter. Default: false. */
  readonly isContained?: boolean
  /** Default: 20. */
  readonly limit?: number
}

/** Lists are told apart item by item in their order only where that is little work. */
const MOST_PAIRED = 100

/**
 * What differs between two values, in the order of what is expected: each place with what was expected and what is there.
 *
 * @example
 * differences({ items: [{ sku: 'A1' }] }, { items: [{ sku: 'A2' }] })
 * // [{ pointer: '/items/0/sku', kind: 'different', expected: 'A1', actual: 'A2', weight: 0.5 }]
 */
export function differences (expected: unknown, actual: unknown, { isText = false, ignoring = NOTHING, isContained = false, limit = 20 }: DifferenceOptions = {}): Difference[] {
  const walk: Walk = { found: [], limit, isText: isText || ignoring.types, ignoring, isContained }
  compare(walk, expected, actual, '', ignoring.places)
  return walk.found
}

interface Walk {
  readonly found: Difference[]
  readonly limit: number
  readonly isText: boolean
  readonly ignoring: Ignoring
  readonly isContained: boolean
}

type Places = readonly IgnoredPlaces[]

function compare (walk: Walk, expected: unknown, actual: unknown, pointer: string, places: Places): void {
  if (walk.found.length >= walk.limit) return
  if (actual === undefined) return tell(walk, { pointer, kind: 'missing', expected, weight: 1 })
  if (Array.isArray(expected) && Array.isArray(actual)) return compareLists(walk, expected, actual, pointer, places)
  if (isObject(expected) && isObject(actual) && !Buffer.isBuffer(actual)) return compareObjects(walk, expected, actual, pointer, places)
  if (isObject(expected) || Array.isArray(expected) || !sameLeaf(actual, expected, walk)) {
    tell(walk, { pointer, kind: 'different', expected, actual, weight: distance(actual, expected) })
  }
}

function compareObjects (walk: Walk, expected: Readonly<Record<string, unknown>>, actual: Readonly<Record<string, unknown>>, pointer: string, places: Places): void {
  for (const key of Object.keys(expected)) {
    const inner = below(places, key)
    if (inner !== undefined) compare(walk, expected[key], Object.hasOwn(actual, key) ? actual[key] : undefined, child(pointer, key), inner)
  }
  if (walk.ignoring.extra_members || walk.isContained) return
  for (const key of Object.keys(actual)) {
    if (walk.found.length >= walk.limit) return
    if (!Object.hasOwn(expected, key) && below(places, key) !== undefined) {
      tell(walk, { pointer: child(pointer, key), kind: 'extra', actual: actual[key], weight: 1 })
    }
  }
}

function compareLists (walk: Walk, expected: readonly unknown[], actual: readonly unknown[], pointer: string, places: Places): void {
  if (walk.isContained) return compareContained(walk, expected, actual, pointer, places)
  if (walk.ignoring.order) return compareUnordered(walk, expected, actual, pointer, places)
  for (let index = 0; index < Math.max(expected.length, actual.length) && walk.found.length < walk.limit; index++) {
    const inner = below(places, index)
    const at = child(pointer, index)
    if (inner === undefined) continue
    if (index >= expected.length) tell(walk, { pointer: at, kind: 'extra', actual: actual[index], weight: 1 })
    else compare(walk, expected[index], index < actual.length ? actual[index] : undefined, at, inner)
  }
}

/** What is in none of the items is told by the one that comes nearest. */
function compareContained (walk: Walk, expected: readonly unknown[], actual: readonly unknown[], pointer: string, places: Places): void {
  const items = actual.slice(0, MOST_PAIRED)
  for (const [index, wanted] of expected.entries()) {
    const inner = below(places, index)
    if (inner === undefined || walk.found.length >= walk.limit) continue
    const ignoring = { ...walk.ignoring, places: inner }
    if (containsValue(actual, [wanted], walk.isText, { ...ignoring, places: [] })) continue
    const far = items.map(item => differences(wanted, item, { ...walk, ignoring }).reduce((sum, { weight }) => sum + weight, 0))
    const nearest = far.indexOf(Math.min(...far))
    compare(walk, wanted, items[nearest], child(pointer, Math.max(0, nearest)), inner)
  }
}

/** What has an equal somewhere is set aside; of the rest, one is compared with the other in their order. */
function compareUnordered (walk: Walk, expected: readonly unknown[], actual: readonly unknown[], pointer: string, places: Places): void {
  const same = (item: unknown, wanted: unknown, index: number): boolean => {
    const inner = below(places, index)
    return inner === undefined || sameValue(item, wanted, walk.isText, { ...walk.ignoring, places: inner })
  }
  if (expected.length === actual.length && expected.length <= MOST_PAIRED && pairUp(actual, expected, same)) return
  const left = [...actual.entries()].slice(0, MOST_PAIRED)
  const missing = [...expected.entries()].slice(0, MOST_PAIRED).filter(([index, wanted]) => {
    const found = left.findIndex(([, item]) => same(item, wanted, index))
    if (found !== -1) left.splice(found, 1)
    return found === -1
  })
  for (const [index, wanted] of missing) {
    const [at, item] = left.shift() ?? [index, undefined]
    compare(walk, wanted, item, child(pointer, at), below(places, at) ?? [])
  }
  for (const [index, item] of left) tell(walk, { pointer: child(pointer, index), kind: 'extra', actual: item, weight: 1 })
}

function tell (walk: Walk, difference: Difference): void {
  if (walk.found.length < walk.limit) walk.found.push(difference)
}
