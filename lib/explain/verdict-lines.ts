import type { Verdict } from '../condition/verdict.ts'

/**
 * The demands that do not hold; of a value that has to be equal as a whole, each difference.
 *
 * @example
 * failing(condition.judge(subject)).map(({ message }) => message) // ["header x-tenant is 'a', expected 'acme'"]
 */
export const failing = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter(({ holds }) => !holds).flatMap(verdict => DEEP.has(verdict.operator) && (verdict.parts?.length ?? 0) > 0 ? failing(verdict.parts ?? []) : [verdict])

const DEEP = new Set(['equals', 'contains'])

/**
 * Demands with their verdicts, one a line, and what is wrong in parts below the whole. The same in the answer to `explain`, on the
 * command line and in assertion errors.
 *
 * @example
 * verdictLines(condition.judge(subject)) // ["✓ header x-tenant equals 'acme'", "✗ body /sku is 'A2', expected 'A1'"]
 */
export function verdictLines (verdicts: readonly Verdict[], margin = ''): string[] {
  return verdicts.flatMap(verdict => {
    if (verdict.holds) return [`${margin}✓ ${demandText(verdict)}`]
    // A part that says the same says nothing.
    const parts = (verdict.parts ?? []).filter(({ message }) => message !== verdict.message)
    return [`${margin}✗ ${verdict.message === '' ? demandText(verdict) : verdict.message}`, ...verdictLines(parts, `${margin}  `)]
  })
}

/**
 * A demand in words.
 *
 * @example
 * demandText({ part: 'headers', at: 'x-tenant', operator: 'starts_with', expected: "'ac'", … }) // "header x-tenant starts with 'ac'"
 */
export function demandText ({ part, at, operator, expected }: Pick<Verdict, 'part' | 'at' | 'operator' | 'expected'>): string {
  const own = OWN[part]
  if (own !== undefined) return own(expected)
  return [SINGULAR[part] ?? part, at, operator.replaceAll('_', ' '), expected].filter(word => word !== undefined && word !== '').join(' ')
}

/** One of each is meant. */
const SINGULAR: Readonly<Record<string, string>> = { headers: 'header', cookies: 'cookie', params: 'param', scenarios: 'scenario', variables: 'variable', collections: 'collection' }

/** Demands of answers that are not about the request. */
const OWN: Readonly<Record<string, (expected: string) => string>> = {
  times: expected => `given ${expected} times`,
  choose: expected => expected,
  overlay: expected => `answered ${expected} requests`,
  for_request: () => 'for_request: it is the example for the request'
}
