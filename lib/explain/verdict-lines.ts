import type { Verdict } from '../condition/verdict.ts'

/**
 * The demands that do not hold, each by itself: of several that all have to hold, those that do not; of alternatives, those of the
 * nearest.
 *
 * @example
 * failing(condition.judge(subject)).map(({ message }) => message) // ["header x-tenant is 'a', expected 'acme'"]
 */
export function failing (verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter(({ holds }) => !holds).flatMap(verdict => {
    const wrong = verdict.parts?.filter(({ holds }) => !holds) ?? []
    // What must not hold has parts that do.
    if (wrong.length === 0 || verdict.operator === 'not') return [verdict]
    return failing(verdict.operator === 'any' ? [nearest(wrong)] : wrong)
  })
}

const nearest = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce((best, verdict) => verdict.distance < best.distance ? verdict : best)

/**
 * Demands with their verdicts, one a line, parts below the whole: `✓ header x-tenant equals 'acme'`, `✗ body /sku is 'A2', expected 'A1'`.
 * The same in the answer to `explain`, on the command line and in assertion errors.
 */
export function verdictLines (verdicts: readonly Verdict[], depth = 0): string[] {
  return verdicts.flatMap(verdict => [
    `${'  '.repeat(depth)}${verdict.holds ? '✓' : '✗'} ${verdict.holds || verdict.message === '' ? demandText(verdict) : verdict.message}`,
    ...verdictLines(verdict.parts ?? [], depth + 1)
  ])
}

/**
 * A demand in words.
 *
 * @example
 * demandText({ part: 'headers', at: 'x-tenant', operator: 'starts_with', expected: "'ac'", … }) // "headers x-tenant starts with 'ac'"
 */
export function demandText ({ part, at, operator, expected }: Pick<Verdict, 'part' | 'at' | 'operator' | 'expected'>): string {
  return [part, at ?? '', operator.replaceAll('_', ' '), expected].filter(word => word !== '').join(' ')
}
