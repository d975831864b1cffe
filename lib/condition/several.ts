import { verdictOf } from './leaf.ts'
import { phrase } from './phrase.ts'
import type { ValueTest } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** So many values are looked at to find the one that comes nearest. */
const MOST_JUDGED = 50

/** The values that stand for one: a list of all where there are several, none where it is absent. */
export const valuesOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : value === undefined ? [] : [value]

/** A test that one of several values has to fit as a whole. What is absent is tested as that, and where nothing was found, nothing fits. */
export function oneFits (test: ValueTest): ValueTest {
  return {
    cost: test.cost,
    holds (value, subject) {
      if (!Array.isArray(value)) return test.holds(value, subject)
      for (let i = 0; i < value.length; i++) if (test.holds(value[i], subject)) return true
      return false
    },
    judge (value, subject, where) {
      if (!Array.isArray(value)) return test.judge(value, subject, where)
      const fitting = value.findIndex(item => test.holds(item, subject))
      if (fitting !== -1) return test.judge(value[fitting], subject, where)
      if (value.length > 0) return nearest(value.slice(0, MOST_JUDGED).map(item => test.judge(item, subject, where)))
      const expected = test.judge(undefined, subject, where).map(({ operator, expected }) => phrase(operator, expected)).join(' and ')
      return [verdictOf(where, { operator: 'exists', holds: false, expected, actual: 'nothing', isMissing: true, sentence: `has none, expected ${expected}`, distance: 1 })]
    }
  }
}

const nearest = (judged: ReadonlyArray<readonly Verdict[]>): Verdict[] =>
  [...judged.reduce((best, verdicts) => far(verdicts) < far(best) ? verdicts : best)]

const far = (verdicts: readonly Verdict[]): number => verdicts.reduce((sum, { distance }) => sum + distance, 0)
