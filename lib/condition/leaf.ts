import { clamp, distance as between } from './distance.ts'
import { phrase } from './phrase.ts'
import { HIDDEN, show } from './show.ts'
import type { Subject } from './subject.ts'
import type { ValueTest, Where } from './value-test.ts'
import type { Verdict } from './verdict.ts'

/** One operator's demand on one value. */
export interface Leaf {
  readonly operator: string
  readonly cost: number
  holds (value: unknown, subject: Subject): boolean
  /** What it is compared with, short and quoted: `'acme'`, `5`. */
  readonly expected: string | ((subject: Subject) => string)
  /** What the value would best be; undefined where there is no one such value. */
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
    model: leaf.model,
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
  /** A value that would make it hold; `undefined` for none that can be named. */
  readonly model?: unknown
  readonly parts?: readonly Verdict[]
}

/** The verdict of a finding at a place, what is secret hidden. */
export function verdictOf (where: Where, finding: Finding): Verdict {
  const { operator, holds, isMissing = false, distance, model, parts } = finding
  const asksForValue = operator === 'exists' || operator === 'absent'
  const expected = where.isSecret && !asksForValue ? HIDDEN : finding.expected
  const actual = where.isSecret && !isMissing ? HIDDEN : finding.actual
  const wanted = phrase(operator, expected)
  const sentence = where.isSecret
    ? secretSentence(isMissing, asksForValue, wanted)
    : finding.sentence ?? (isMissing ? `is missing, expected ${wanted}` : `is ${actual}, expected ${wanted}`)
  return {
    holds,
    part: where.part,
    ...where.at !== '' && { at: where.at },
    operator,
    expected,
    actual,
    message: holds ? '' : `${where.label} ${sentence}`,
    ...model !== undefined && !holds && !where.isSecret && { model },
    // How near a guess is would tell a secret bit by bit.
    distance: holds ? 0 : where.isSecret ? 1 : clamp(distance),
    ...parts !== undefined && { parts }
  }
}

function secretSentence (isMissing: boolean, asksForValue: boolean, wanted: string): string {
  if (isMissing) return asksForValue ? `is missing, expected ${wanted}` : 'is missing, expected a certain value (hidden)'
  return asksForValue ? `is there, expected ${wanted}` : 'is not what is expected (values are hidden)'
}
