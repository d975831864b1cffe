import RandExp from 'randexp'
import type { Random } from '../random.ts'
import { toEcma } from '../schema/pattern-dialect.ts'

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
