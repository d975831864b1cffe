import { placeBelow } from './equality.ts'
import { verdictOf } from './leaf.ts'
import { phrase } from './phrase.ts'
import { show } from './show.ts'
import type { Subject } from './subject.ts'
import type { ValueTest, Where } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** So many members are told of, or looked at for the one that comes nearest. */
const MOST_JUDGED = 50

/** What tells the members of a place: undefined where it has none to speak of. */
export type MembersOf = (value: unknown) => readonly unknown[] | undefined

/** One member fits, or all of them do, of which there has to be one. */
export function membersTest (operator: 'some' | 'every', membersOf: MembersOf, inner: ValueTest, isList: boolean): ValueTest {
  const holds: ValueTest['holds'] = (value, subject) => {
    const members = membersOf(value)
    if (members === undefined || members.length === 0) return false
    return operator === 'some' ? members.some(member => inner.holds(member, subject)) : members.every(member => inner.holds(member, subject))
  }
  return {
    cost: inner.cost * 3,
    holds,
    judge (value, subject, where) {
      const isRight = holds(value, subject)
      const members = membersOf(value)
      const demand = inner.judge(undefined, subject, where).map(verdict => below(verdict, where) + phrase(verdict.operator, verdict.expected)).join(' and ')
      const about = { operator, holds: isRight, expected: demand, actual: where.isSecret ? '' : show(value), isMissing: value === undefined }
      if (isRight) return [verdictOf(where, { ...about, distance: 0 })]
      if (members === undefined) return [verdictOf(where, { ...about, sentence: value === undefined ? 'is missing, expected a list' : `is ${show(value)}, expected a list`, distance: 1 })]
      if (members.length === 0) return [verdictOf(where, { ...about, sentence: 'has no member', distance: 1 })]
      const placeOf = (index: number): Where => isList ? placeBelow(where, `/${index}`) : where
      const parts = operator === 'some' ? nearest(members, inner, subject, placeOf) : firstWrong(members, inner, subject, placeOf)
      const wrong = parts.filter(part => !part.holds).map(({ message }) => message).join('; ')
      const verdict = verdictOf(where, { ...about, distance: Math.min(1, far(parts)), parts })
      return [{ ...verdict, message: operator === 'some' ? `no member of ${where.label} fits; the nearest: ${wrong}` : wrong }]
    }
  }
}

/** Which part of a member is meant, where it is not the whole: `/quantity `. */
function below ({ at = '' }: Verdict, where: Where): string {
  return at.length > where.at.length && at.startsWith(where.at) ? `${at.slice(where.at.length)} ` : ''
}

const far = (verdicts: readonly Verdict[]): number => verdicts.reduce((sum, { distance }) => sum + distance, 0)

function nearest (members: readonly unknown[], inner: ValueTest, subject: Subject, placeOf: (index: number) => Where): Verdict[] {
  let best: Verdict[] = []
  let least = Infinity
  for (const [index, member] of members.slice(0, MOST_JUDGED).entries()) {
    const verdicts = inner.judge(member, subject, placeOf(index))
    if (far(verdicts) >= least) continue
    best = verdicts
    least = far(verdicts)
  }
  return best
}

function firstWrong (members: readonly unknown[], inner: ValueTest, subject: Subject, placeOf: (index: number) => Where): Verdict[] {
  const index = members.findIndex(member => !inner.holds(member, subject))
  return index === -1 ? [] : inner.judge(members[index], subject, placeOf(index))
}
