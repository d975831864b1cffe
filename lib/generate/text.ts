import { textHasFormat } from '../schema/check-scalars.ts'
import { lengthOf } from '../schema/keywords.ts'
import { matcherOf } from '../schema/pattern-matcher.ts'
import type { Constraints } from './constraints.ts'
import { makersOf, encoded } from './formats.ts'
import { textMaker } from './pattern.ts'
import type { Place } from './place.ts'
import { anyText, textByName, type Clue } from './text-names.ts'

/** A `minLength` beyond this is not honoured: it would make bodies of megabytes. */
const LONGEST = 100_000
const TRIES = 24

/**
 * A text within bounds, patterns and formats: the first that fits of one by the format, one by the property's name, one
 * by the pattern, and plain words cut or drawn out to length. When none fits, the last one made.
 */
export function makeText (constraints: Constraints, place: Place): string {
  const { random, run, key, owner } = place
  // Asked for anew each time: a persona that is made in between reads from a stream of its own.
  const clue: Clue = { get faker () { return run.faker(random) }, random, key, owner }
  const fits = fitting(constraints)
  const quick = quickText(constraints, clue)
  if (quick !== undefined && fits(quick)) return quick
  let last = ''
  for (const candidate of candidates(constraints, clue)) {
    if (fits(candidate)) return candidate
    last = candidate
  }
  run.gaveUp++
  return last
}

/** What fits nearly always, where nothing but the name has a say. */
function quickText ({ patterns, formats, encoding, mediaType }: Constraints, clue: Clue): string | undefined {
  if (formats.length > 0 || encoding !== undefined || mediaType !== undefined) return undefined
  return textByName(clue) ?? (patterns.length === 0 ? anyText(clue) : undefined)
}

const tests = new WeakMap<Constraints, (text: string) => boolean>()

function fitting (constraints: Constraints): (text: string) => boolean {
  let test = tests.get(constraints)
  if (test === undefined) tests.set(constraints, test = compile(constraints))
  return test
}

function compile ({ minLength, maxLength, patterns, formats }: Constraints): (text: string) => boolean {
  const matchers = patterns.flatMap(pattern => matcherOf(pattern) ?? [])
  const hasLength = (text: string) => {
    // Characters are counted only where UTF-16 units do not decide: there are as many units, or up to twice as many.
    if (text.length < minLength || text.length > 2 * maxLength) return false
    if (text.length >= 2 * minLength && text.length <= maxLength) return true
    const length = lengthOf(text)
    return length >= minLength && length <= maxLength
  }
  return text => {
    return hasLength(text) && matchers.every(matches => matches(text)) && formats.every(format => textHasFormat(text, format))
  }
}

function * candidates (constraints: Constraints, clue: Clue): Generator<string> {
  const { formats, encoding, mediaType, patterns, minLength, maxLength } = constraints
  for (const format of formats) {
    for (const make of makersOf(format)) yield make(clue)
  }
  const inCode = encoding === undefined && mediaType === undefined ? undefined : encoded(encoding, mediaType, clue)
  if (inCode !== undefined) yield inCode
  for (let i = 0; i < 3; i++) {
    const named = textByName(clue)
    if (named === undefined) break
    yield named
  }
  yield * matching(patterns, minLength, maxLength, clue)
  if (patterns.length === 0) yield anyText(clue)
  yield prose(minLength, Math.min(maxLength, LONGEST), clue)
}

/** Texts for the patterns, with repetitions short at first and then about as long as the bounds ask. */
function * matching (patterns: readonly string[], minLength: number, maxLength: number, { random }: Clue): Generator<string> {
  for (const pattern of patterns) {
    const make = textMaker(pattern)
    if (make === undefined) continue
    const longest = Math.min(maxLength, LONGEST)
    const shortest = Math.min(minLength, LONGEST)
    // Of several patterns one text in many fits them all: more tries, and of short texts.
    for (let i = 0; i < (patterns.length > 1 ? 8 * TRIES : TRIES); i++) {
      // An unanchored pattern is content with a part: what is missing may stand around it.
      const text = make(random, Math.min(longest, Math.max(i < 6 ? 4 : (i * 2) % 50, shortest)))
      // What a look-ahead asks for, as those for passwords do, is put beside.
      for (const its of pattern.includes('(?=') ? [text, `${text}aA1!`, `aA1!${text}`] : [text]) {
        yield its
        const length = lengthOf(its)
        if (length > longest) yield [...its].slice(0, longest).join('')
        if (length < shortest) {
          const filler = its === '' ? 'a' : its
          yield its.padEnd(shortest, filler)
          yield its.padStart(shortest, filler)
        }
      }
    }
    for (const repeat of [0, 1, 2]) yield make(random, repeat)
  }
}

/** Words of a length between the two. */
function prose (minLength: number, maxLength: number, clue: Clue): string {
  let text = anyText(clue)
  const shortest = Math.min(minLength, maxLength)
  while (text.length < shortest) text += ` ${shortest - text.length > 1000 ? clue.faker.lorem.paragraphs(5) : clue.faker.lorem.word()}`
  if (text.length <= maxLength) return text
  const cut = text.slice(0, maxLength)
  // No blank at the end, and none at the start.
  return cut.endsWith(' ') ? `${cut.slice(0, -1)}s` : cut
}
