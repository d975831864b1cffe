import { distance as between } from './distance.ts'
import { HIDDEN, show } from './show.ts'
import type { Subject } from './subject.ts'
import type { ValueTest, Where } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** One operator's demand on one value. */
export interface Leaf {
  readonly operator: string
  readonly cost: number
  holds (value: unknown, subject: Subject): boolean
  /** As the end of a sentence, "expected …": `'acme'`, `at least 5`. */
  readonly expected: string | ((subject: Subject) => string)
  /** What the value would best be, to tell how far off it is. */
  readonly model?: unknown
  /** The same for values that are not of one best. */
  distance? (value: unknown, subject: Subject): number
}

export function leafTest (leaf: Leaf): ValueTest {
  return {
    cost: leaf.cost,
    holds: leaf.holds,
    judge: (value, subject, where) => [judgeLeaf(leaf, value, subject, where)]
  }
}

function judgeLeaf (leaf: Leaf, value: unknown, subject: Subject, where: Where): Verdict {
  const holds = leaf.holds(value, subject)
  const expected = typeof leaf.expected === 'string' ? leaf.expected : leaf.expected(subject)
  return verdictOf(where, {
    operator: leaf.operator,
    holds,
    expected,
    actual: show(value),
    isMissing: value === undefined,
    distance: holds ? 0 : value === undefined ? 1 : leaf.distance?.(value, subject) ?? between(value, leaf.model)
  })
}

export interface Finding {
  readonly operator: string
  readonly holds: boolean
  readonly expected: string
  readonly actual: string
  readonly isMissing?: boolean
  /** Instead of "<place> is <actual>, expected <expected>"; begins after the place. */
  readonly sentence?: string
  readonly distance: number
  readonly parts?: readonly Verdict[]
}

/** The verdict of a finding at a place, what is secret hidden. */
export function verdictOf (where: Where, finding: Finding): Verdict {
  const { operator, holds, isMissing = false, distance, parts } = finding
  const asksForValue = operator === 'exists' || operator === 'absent'
  const expected = where.isSecret && !asksForValue ? HIDDEN : finding.expected
  const actual = where.isSecret && !isMissing ? HIDDEN : finding.actual
  const sentence = where.isSecret
    ? secretSentence(isMissing, asksForValue, finding.expected)
    : finding.sentence ?? (isMissing ? `is missing, expected ${expected}` : `is ${actual}, expected ${expected}`)
  return {
    holds,
    part: where.part,
    ...where.at !== '' && { at: where.at },
    operator,
    expected,
    actual,
    message: holds ? '' : `${where.label} ${sentence}`,
    distance,
    ...parts !== undefined && { parts }
  }
}

function secretSentence (isMissing: boolean, asksForValue: boolean, expected: string): string {
  if (isMissing) return asksForValue ? `is missing, expected ${expected}` : 'is missing, expected a certain value (hidden)'
  return asksForValue ? `is there, expected ${expected}` : 'is not what is expected (values are hidden)'
}
