import { labelOf } from './label.ts'
import { verdictOf } from './leaf.ts'
import { phrase } from './phrase.ts'
import type { ValueTest, Where } from './value-test.ts'
import type { Verdict } from './verdict.ts'

const total = (tests: readonly ValueTest[]): number => tests.reduce((sum, { cost }) => sum + cost, 0)
const byCost = (tests: readonly ValueTest[]): ValueTest[] => [...tests].sort((a, b) => a.cost - b.cost)
const sumOf = (verdicts: readonly Verdict[]): number => verdicts.reduce((sum, { distance }) => sum + distance, 0)
const hold = (verdicts: readonly Verdict[]): boolean => verdicts.every(({ holds }) => holds)

/** All hold. */
export function allOf (tests: readonly ValueTest[]): ValueTest {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  const ordered = byCost(tests)
  return {
    cost: total(tests),
    holds (value, subject) {
      for (let i = 0; i < ordered.length; i++) if (!ordered[i]!.holds(value, subject)) return false
      return true
    },
    judge: (value, subject, where) => tests.flatMap(test => test.judge(value, subject, where))
  }
}

/** One holds. */
export function anyOf (tests: readonly ValueTest[]): ValueTest {
  const ordered = byCost(tests)
  return {
    cost: total(tests),
    holds: (value, subject) => ordered.some(test => test.holds(value, subject)),
    judge: (value, subject, where) => [alternatives(where, tests.map(test => test.judge(value, subject, where)))]
  }
}

/** What became of several ways to be right, each a list of demands. */
export function alternatives (where: Where, ways: ReadonlyArray<readonly Verdict[]>): Verdict {
  const holds = ways.some(hold)
  const nearest = ways.reduce((best, way) => sumOf(way) < sumOf(best) ? way : best, ways[0] ?? [])
  const failed = nearest.filter(verdict => !verdict.holds)
  const verdict = verdictOf({ ...where, isSecret: false }, {
    operator: 'any',
    holds,
    expected: `one of ${ways.length} alternatives`,
    actual: holds ? 'one of them' : 'none of them',
    distance: holds ? 0 : Math.min(1, sumOf(failed) / Math.max(1, nearest.length)),
    parts: ways.map(way => asOne(where, way))
  })
  return holds ? verdict : { ...verdict, message: `none of ${ways.length} alternatives holds; the nearest: ${failed.map(({ message }) => message).join('; ')}` }
}

/** One way to be right: its demand, or all of them together. */
function asOne (where: Where, way: readonly Verdict[]): Verdict {
  const [only] = way
  if (only !== undefined && way.length === 1) return only
  const failed = way.filter(({ holds }) => !holds)
  const verdict = verdictOf({ ...where, isSecret: false }, {
    operator: 'all',
    holds: failed.length === 0,
    expected: `${way.length} demands`,
    actual: `${way.length - failed.length} of them`,
    distance: Math.min(1, sumOf(way) / Math.max(1, way.length)),
    parts: way
  })
  return failed.length === 0 ? verdict : { ...verdict, message: failed.map(({ message }) => message).join('; ') }
}

/** It does not hold. */
export function notOf (test: ValueTest): ValueTest {
  return {
    cost: test.cost,
    holds: (value, subject) => !test.holds(value, subject),
    judge: (value, subject, where) => [opposite(where, test.judge(value, subject, where))]
  }
}

/** What became of demands that must not all hold. */
export function opposite (where: Where, verdicts: readonly Verdict[]): Verdict {
  const holds = !hold(verdicts)
  const [first] = verdicts
  const only = verdicts.length === 1 ? first : undefined
  const place = only === undefined ? where : { part: only.part, label: labelOf(only.part, only.at), at: only.at ?? '', isSecret: false }
  const wanted = verdicts.map(({ operator, expected }) => phrase(operator, expected)).join(' and ')
  const verdict = verdictOf(place, {
    operator: 'not',
    holds,
    expected: wanted,
    actual: only?.actual ?? 'just that',
    isMissing: only?.operator === 'absent',
    distance: holds ? 0 : 0.5,
    parts: verdicts
  })
  if (holds || only !== undefined) return verdict
  return { ...verdict, message: `all of this holds, and must not: ${verdicts.map(({ part, at, operator, expected }) => `${labelOf(part, at)} is ${phrase(operator, expected)}`).join('; ')}` }
}
