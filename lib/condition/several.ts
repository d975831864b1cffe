import type { Collection } from '../collection/collection.ts'
import { verdictOf } from './leaf.ts'
import { phrase } from './phrase.ts'
import type { Rows } from './rows.ts'
import type { Subject } from './subject.ts'
import type { Setting, ValueTest } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** So many values are looked at to find the one that comes nearest. */
const MOST_JUDGED = 50

/** The values that stand for one: a list of all where there are several, none where it is absent. */
export const valuesOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : value === undefined ? [] : [value]

const isCollection = (value: unknown): value is Collection => typeof value === 'object' && value !== null && 'rows' in value && typeof value.rows === 'function'

/** How the values at a place are told: of one that is a value itself, the members of the list that it is. */
export function itemsOf (values: Setting['values']): (value: unknown) => readonly unknown[] | undefined {
  if (values === 'one') return value => Array.isArray(value) ? value : undefined
  return values === 'rows' ? value => isCollection(value) ? value.rows() : [] : valuesOf
}

/** A test that one of several values has to fit as a whole. Where there is none at all, an absent parameter is tested as that. */
export function oneFits (test: ValueTest, values: Setting['values'], rows: Rows): ValueTest {
  const list = (value: unknown, subject: Subject): readonly unknown[] | undefined => {
    if (values === 'rows') return isCollection(value) ? rows(value, subject) : []
    return Array.isArray(value) ? value : undefined
  }
  return {
    cost: test.cost,
    holds (value, subject) {
      const items = list(value, subject)
      if (items === undefined) return test.holds(value, subject)
      for (let i = 0; i < items.length; i++) if (test.holds(items[i], subject)) return true
      return false
    },
    judge (value, subject, where) {
      const items = list(value, subject)
      if (items === undefined) return test.judge(value, subject, where)
      const fitting = items.findIndex(item => test.holds(item, subject))
      if (fitting !== -1) return test.judge(items[fitting], subject, where)
      // What an index has left nothing of is told by what is nearest in all.
      const all = items.length === 0 && isCollection(value) ? value.rows() : items
      if (all.length > 0) return nearest(all.slice(0, MOST_JUDGED).map(item => test.judge(item, subject, where)))
      const expected = test.judge(undefined, subject, where).map(verdict => phrase(verdict.operator, verdict.expected)).join(' and ')
      return [verdictOf(where, {
        operator: 'some', holds: false, expected, actual: 'nothing', isMissing: true, sentence: `has none, expected ${expected}`, distance: 1
      })]
    }
  }
}

const nearest = (judged: ReadonlyArray<readonly Verdict[]>): Verdict[] =>
  [...judged.reduce((best, verdicts) => far(verdicts) < far(best) ? verdicts : best)]

const far = (verdicts: readonly Verdict[]): number => verdicts.reduce((sum, { distance }) => sum + distance, 0)
