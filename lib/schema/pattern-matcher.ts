import { boundedTest } from './bounded-regexp.ts'
import { linearRegExp } from './linear-regexp.ts'
import { isForeignPattern } from './pattern-dialect.ts'

/** Whether a text matches; undefined for a pattern that no engine here understands, which is then not enforced. */
export type Matcher = ((text: string) => boolean) | undefined

const matchers = new Map<string, Matcher>()
const MAX_MATCHERS = 10_000

/**
 * A matcher for a `pattern`. A pattern that could backtrack for ever is run by an engine of linear time; where that engine cannot, for
 * a few milliseconds at most. The others are run by the platform's own, which is five times as fast: with the `u` flag as JSON
 * Schema asks, or without it for the many patterns that only work so (`\-`, `\_`).
 */
export function matcherOf (pattern: string): Matcher {
  if (matchers.has(pattern)) return matchers.get(pattern)
  if (matchers.size >= MAX_MATCHERS) matchers.clear()
  const matcher = compile(pattern)
  matchers.set(pattern, matcher)
  return matcher
}

function compile (pattern: string): Matcher {
  if (isForeignPattern(pattern) || mayBacktrack(pattern)) return safe(pattern)
  const expression = native(pattern)
  if (expression === undefined) return undefined
  let safely: Matcher | null = null
  return text => {
    // Nearly all patterns take time that is quadratic in some text.
    if (text.length <= LONG_TEXT) return expression.test(text)
    safely ??= safe(pattern)
    return safely?.(text) ?? true
  }
}

const LONG_TEXT = 5_000

function safe (pattern: string): Matcher {
  try {
    const expression = linearRegExp(pattern)
    return text => expression.test(text)
  } catch {
    const expression = native(pattern)
    return expression === undefined ? undefined : boundedTest(expression)
  }
}

function native (pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      // The next may understand it.
    }
  }
  return undefined
}

/** Whether a pattern repeats a group, or has several repetitions that could share out the same text among them. */
function mayBacktrack (pattern: string): boolean {
  return /\)[*+{]/.test(pattern) || (pattern.match(/[*+]|\{\d+,\}/g)?.length ?? 0) > 2
}
