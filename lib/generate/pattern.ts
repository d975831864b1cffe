import RandExp from 'randexp'
import type { Random } from '../random.ts'
import { boundedTest } from '../schema/bounded-regexp.ts'
import { linearRegExp } from '../schema/linear-regexp.ts'
import { isForeignPattern, toEcma } from '../schema/pattern-dialect.ts'

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

/** Unicode classes, which randexp does not know, as ranges that it does. */
const CLASSES: ReadonlyArray<[RegExp, string]> = [
  [/\[\\p\{(?:L|Letter|Alphabetic)\}\]|\\p\{(?:L|Letter|Alphabetic)\}/g, 'a-zA-Z'],
  [/\\p\{(?:Lu|Uppercase_Letter|Uppercase)\}/g, 'A-Z'],
  [/\\p\{(?:Ll|Lowercase_Letter|Lowercase)\}/g, 'a-z'],
  [/\\p\{(?:N|Nd|Number)\}/g, '0-9'],
  [/\\p\{(?:P|Punctuation)\}/g, '.,!'],
  [/\\p\{(?:Z|Zs|Separator)\}/g, ' '],
  [/\\p\{(?:S|M|Sc|Sm|Mn)\}/g, '+']
]

/**
 * A maker of texts for a pattern, or undefined when the pattern cannot be read. What it makes has to be matched once more:
 * look-around and back-references are only guessed.
 *
 * @example
 * textMaker('^[A-Z]{2}\\d+$')?.(random, 3) // 'QX417'
 */
export function textMaker (pattern: string): ((random: Random, repeat: number) => string) | undefined {
  if (leastLength(pattern) > MAX_REPEATS) return undefined
  const most = /\)[*+{]/.test(pattern) ? MAX_NESTED : MAX_REPEATS
  let expression: RandExp
  try {
    expression = new RandExp(toPlain(pattern))
  } catch {
    return undefined
  }
  // Where counts within counts allow for megabytes, each stays near its least.
  const spread = mostLength(pattern) > MAX_LENGTH ? MAX_SPREAD : Infinity
  return (random, repeat) => {
    expression.max = Math.min(repeat, most)
    expression.randInt = (from, to) => random.int(from, Math.min(to, from + spread))
    return expression.gen()
  }
}

const MAX_REPEATS = 5000
const MAX_LENGTH = 100_000
const MAX_SPREAD = 3
/** Repetitions in repetitions multiply. */
const MAX_NESTED = 20

/** How long a text for the pattern may have to be: counts may stand in one another, so they are multiplied. */
export function leastLength (pattern: string): number {
  return [...pattern.matchAll(/\{(\d+)/g)].reduce((length, [, count]) => length * Math.max(1, Number(count)), 1)
}

/** How long a text for the pattern may get. */
function mostLength (pattern: string): number {
  return [...pattern.matchAll(/\{(\d+)?(?:,(\d*))?\}/g)].reduce((length, [, least, most]) => length * Math.max(1, Number(most ?? least ?? 1)), 1)
}

/** Rewrites what randexp cannot read: Unicode classes, named groups, look-behind, other dialects. */
function toPlain (pattern: string): string {
  // What must stand before is put there; what must not is hoped for.
  let plain = toEcma(pattern).replace(/\(\?<[A-Za-z_]\w*>/g, '(').replace(/\(\?<=/g, '(?:').replace(/\(\?<!(?:[^()\\]|\\.)*\)/g, '')
  for (const [unicode, range] of CLASSES) {
    plain = plain.replace(unicode, (_found, offset: number, whole: string) => insideClass(whole, offset) ? range : `[${range}]`)
  }
  return plain
}

function insideClass (pattern: string, offset: number): boolean {
  let inside = false
  for (let i = 0; i < offset; i++) {
    if (pattern[i] === '\\') i++
    else if (pattern[i] === '[') inside = true
    else if (pattern[i] === ']') inside = false
  }
  return inside
}
