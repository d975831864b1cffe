import { child } from '../json-pointer.ts'
import { differences, type Difference } from './differences.ts'
import { clamp } from './distance.ts'
import type { Ignoring } from './ignore.ts'
import { leafTest, verdictOf } from './leaf.ts'
import { containsValue, sameValue } from './same-value.ts'
import { isScalar, sameScalar, textOf } from './scalars.ts'
import { plain } from './ignore.ts'
import { hasSecret, isSecretName } from './secret.ts'
import { oneOf, show } from './show.ts'
import { sameAs } from './special-values.ts'
import { within, type Setting, type ValueTest, type Where } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** So many differences are told of one value. */
const TOLD = 20

export function equalsTest (expected: unknown, ignoring: Ignoring, setting: Setting): ValueTest {
  const { isText } = setting
  if (typeof expected === 'object' && expected !== null) {
    return deepTest('equals', expected, value => {
      // A parameter that comes once is a list of one.
      return setting.values !== 'one' && Array.isArray(expected) && !Array.isArray(value) && value !== undefined ? [value] : value
    }, (value, subject) => sameValue(value, expected, isText(subject), ignoring), ignoring, setting)
  }
  const same = specially(expected, setting)
  return leafTest({
    operator: 'equals',
    cost: 1,
    holds: same ?? (ignoring.isLax
      ? (value, subject) => sameValue(value, expected, isText(subject), ignoring)
      : (value, subject) => value === expected || (value !== undefined && typeof value !== typeof expected && sameScalar(value, expected, isText(subject)))),
    expected: show(expected),
    model: expected
  })
}

/** How a part is compared that is not so letter by letter; undefined for others. */
const specially = (expected: unknown, { kind, pointer }: Setting): ((value: unknown) => boolean) | undefined =>
  kind === undefined || typeof expected !== 'string' ? undefined : sameAs(kind, expected, pointer)

export function containsTest (expected: unknown, ignoring: Ignoring, setting: Setting): ValueTest {
  const { isText } = setting
  const needle = isScalar(expected) ? plain(String(expected), ignoring) : undefined
  const holds: ValueTest['holds'] = (value, subject) => {
    const text = needle === undefined || Array.isArray(value) ? undefined : textOf(value, isText(subject))
    if (text !== undefined && needle !== undefined) return (ignoring.isLax ? plain(text, ignoring) : text).includes(needle)
    return containsValue(value, expected, isText(subject), ignoring)
  }
  if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
    return deepTest('contains', expected, value => value, holds, ignoring, setting)
  }
  return leafTest({ operator: 'contains', cost: 3, holds, expected: show(expected), distance: value => typeof value === 'string' ? 0.5 : 0.7 })
}

export function inTest (values: readonly unknown[], ignoring: Ignoring, setting: Setting): ValueTest {
  const { isText } = setting
  const known = new Set(values)
  const special = values.flatMap((expected, index) => specially(expected, within(setting, index)) ?? [])
  return leafTest({
    operator: 'in',
    cost: 1,
    holds: (value, subject) => value !== undefined && (known.has(value) || special.some(same => same(value)) || values.some(expected => sameValue(value, expected, isText(subject), ignoring))),
    expected: oneOf(values),
    model: values[0],
    distance: value => Math.min(1, ...values.map(expected => distanceTo(value, expected, ignoring)))
  })
}

const distanceTo = (value: unknown, expected: unknown, ignoring: Ignoring): number =>
  shareOf(differences(expected, value, { ignoring, limit: TOLD }), expected)

/** A comparison of lists and objects, which tells what differs in them. */
function deepTest (operator: string, expected: object, read: (value: unknown) => unknown, holds: ValueTest['holds'], ignoring: Ignoring, { isText }: Setting): ValueTest {
  const cost = 4 + Math.min(20, Object.keys(expected).length)
  const model = hasSecret(expected) ? undefined : expected
  return {
    cost,
    holds: (value, subject) => holds(read(value), subject),
    judge (asked, subject, where) {
      const value = read(asked)
      const isRight = holds(value, subject)
      const about = { operator, holds: isRight, expected: show(expected), actual: show(value), isMissing: value === undefined, model }
      if (isRight || value === undefined || typeof value !== 'object' || value === null) {
        return [verdictOf(where, { ...about, distance: isRight ? 0 : value === undefined ? 1 : 0.9 })]
      }
      const found = differences(expected, value, { isText: isText(subject), ignoring, isContained: operator === 'contains', limit: TOLD })
      const [first] = found
      if (first === undefined) return [verdictOf(where, { ...about, distance: 0.5 })]
      const parts = found.map(difference => partOf(operator, difference, where))
      const rest = found.length - 1
      const more = rest === 0 ? '' : ` (and ${rest}${found.length === TOLD ? ' or more' : ''} more difference${rest === 1 ? '' : 's'})`
      const verdict = verdictOf(where, { ...about, distance: shareOf(found, expected), parts })
      return [{ ...verdict, message: `${parts[0]?.message ?? ''}${more}` }]
    }
  }
}

function partOf (operator: string, difference: Difference, where: Where): Verdict {
  const { pointer, kind, expected, actual } = difference
  const place = placeBelow(where, pointer)
  return verdictOf(place, {
    // Within what contains others, scalars have to be equal.
    operator: kind === 'extra' ? 'absent' : typeof expected === 'object' && expected !== null ? operator : 'equals',
    holds: false,
    expected: kind === 'extra' ? '' : show(expected),
    actual: show(actual),
    isMissing: kind === 'missing',
    model: expected,
    distance: kind === 'different' ? 0.5 : 1
  })
}

/** A place within another. */
export function placeBelow (where: Where, pointer: string): Where {
  if (pointer === '') return where
  const isTop = where.at === '' || where.at.startsWith('/')
  return {
    part: where.part,
    label: `${where.label}${where.at === '' ? ' ' : ''}${pointer}`,
    at: `${where.at}${pointer}`,
    isSecret: where.isSecret || isSecretName(isTop ? pointer : child('', pointer))
  }
}

/** How much of a value is not as expected. */
function shareOf (found: readonly Difference[], expected: unknown): number {
  if (found.length === 0) return 0
  return clamp(found.reduce((sum, { weight }) => sum + weight, 0) / Math.max(found.length, leavesOf(expected, 0)))
}

const DEEPEST = 8

function leavesOf (value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return 1
  return Object.values(value).reduce((sum: number, member: unknown) => sum + leavesOf(member, depth + 1), 0) || 1
}
