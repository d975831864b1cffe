import { isObject } from '../schema/subschemas.ts'
import { below, NOTHING, plain, type IgnoredPlaces, type Ignoring } from './ignore.ts'
import { sameScalar } from './scalars.ts'

/** Deeper than any value that a request or a configuration can have. */
const MAX_DEPTH = 500

/**
 * Whether a value equals another: lists and objects as a whole, own members only, whatever their order.
 *
 * @param isText whether numbers and booleans come as texts
 */
export function sameValue (actual: unknown, expected: unknown, isText: boolean, ignoring: Ignoring = NOTHING): boolean {
  return same(actual, expected, { isText: isText || ignoring.types, ignoring }, ignoring.places, 0)
}

interface Rules {
  readonly isText: boolean
  readonly ignoring: Ignoring
}

type Places = readonly IgnoredPlaces[]

function same (actual: unknown, expected: unknown, rules: Rules, places: Places, depth: number): boolean {
  if (actual === expected) return true
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(expected)) return Array.isArray(actual) && sameList(actual, expected, rules, places, depth)
  if (isObject(expected)) return isObject(actual) && !Buffer.isBuffer(actual) && sameObject(actual, expected, rules, places, depth)
  return sameLeaf(actual, expected, rules)
}

/** Two values that are neither lists nor objects. */
export function sameLeaf (actual: unknown, expected: unknown, { isText, ignoring }: Rules): boolean {
  if (sameScalar(actual, expected, isText)) return true
  return (ignoring.case || ignoring.whitespace) && typeof actual === 'string' && typeof expected === 'string' && plain(actual, ignoring) === plain(expected, ignoring)
}

function sameList (actual: readonly unknown[], expected: readonly unknown[], rules: Rules, places: Places, depth: number): boolean {
  if (actual.length !== expected.length) return false
  const fits = (item: unknown, wanted: unknown, index: number): boolean => {
    const inner = below(places, index)
    return inner === undefined || same(item, wanted, rules, inner, depth + 1)
  }
  return rules.ignoring.order ? pairUp(actual, expected, fits) : expected.every((wanted, index) => fits(actual[index], wanted, index))
}

function sameObject (actual: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>, rules: Rules, places: Places, depth: number): boolean {
  for (const key of Object.keys(expected)) {
    const inner = below(places, key)
    if (inner === undefined) continue
    if (!Object.hasOwn(actual, key) || !same(actual[key], expected[key], rules, inner, depth + 1)) return false
  }
  if (rules.ignoring.extra_members) return true
  for (const key of Object.keys(actual)) if (!Object.hasOwn(expected, key) && below(places, key) !== undefined) return false
  return true
}

/**
 * Whether each wanted item can have one of the items to itself: a perfect matching, found by augmenting paths, since with rules that
 * overlook things an item may suit several.
 */
export function pairUp (items: readonly unknown[], wanted: readonly unknown[], fits: (item: unknown, wanted: unknown, index: number) => boolean): boolean {
  const takenBy = new Map<number, number>()
  const seat = (guest: number, tried: Set<number>): boolean => {
    for (let chair = 0; chair < items.length; chair++) {
      if (tried.has(chair) || !fits(items[chair], wanted[guest], guest)) continue
      tried.add(chair)
      const sitting = takenBy.get(chair)
      if (sitting !== undefined && !seat(sitting, tried)) continue
      takenBy.set(chair, guest)
      return true
    }
    return false
  }
  return wanted.every((_, guest) => seat(guest, new Set()))
}

/**
 * Whether a value has another in it: a text the text, a list an equal member (or all members of a list), an object at least these
 * members, and so on within them.
 */
export function containsValue (actual: unknown, expected: unknown, isText: boolean, ignoring: Ignoring = NOTHING): boolean {
  const rules = { isText: isText || ignoring.types, ignoring }
  if (Array.isArray(actual) || isObject(expected)) return hasIn(actual, expected, rules, ignoring.places, 0)
  return false
}

function hasIn (actual: unknown, expected: unknown, rules: Rules, places: Places, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(actual)) {
    if (Array.isArray(expected)) return expected.every((wanted, index) => hasMember(actual, wanted, rules, below(places, index), depth))
    return hasMember(actual, expected, rules, places, depth)
  }
  if (!isObject(expected) || !isObject(actual)) return !isObject(expected) && !Array.isArray(expected) && sameLeaf(actual, expected, rules)
  return Object.keys(expected).every(key => {
    const inner = below(places, key)
    if (inner === undefined) return true
    return Object.hasOwn(actual, key) && isWithin(actual[key], expected[key], rules, inner, depth + 1)
  })
}

const hasMember = (items: readonly unknown[], wanted: unknown, rules: Rules, places: Places | undefined, depth: number): boolean =>
  places === undefined || items.some(item => isWithin(item, wanted, rules, places, depth + 1))

/** Within objects and lists, scalars have to be equal, and lists and objects to contain. */
function isWithin (actual: unknown, expected: unknown, rules: Rules, places: Places, depth: number): boolean {
  if (Array.isArray(expected)) return Array.isArray(actual) && hasIn(actual, expected, rules, places, depth)
  if (isObject(expected)) return isObject(actual) && hasIn(actual, expected, rules, places, depth)
  return sameLeaf(actual, expected, rules)
}
