import { RE2JS } from 're2js'
import type { Pattern } from '../config-keys/condition.ts'
import { messageOf } from '../message-of.ts'
import { toRe2 } from '../schema/pattern-dialect.ts'
import { ConditionError } from './condition-error.ts'
import { distance } from './distance.ts'
import { plain, type Ignoring } from './ignore.ts'
import { leafTest } from './leaf.ts'
import { textOf } from './scalars.ts'
import { show } from './show.ts'
import type { Setting, ValueTest } from './value-test.ts'

export function startsWithTest (start: string, ignoring: Ignoring, { isText }: Setting): ValueTest {
  return affixTest('starts_with', start, (text, part) => text.startsWith(part), text => text.slice(0, start.length), ignoring, isText)
}

export function endsWithTest (end: string, ignoring: Ignoring, { isText }: Setting): ValueTest {
  return affixTest('ends_with', end, (text, part) => text.endsWith(part), text => text.slice(-end.length), ignoring, isText)
}

function affixTest (
  operator: string, affix: string, fits: (text: string, affix: string) => boolean, cut: (text: string) => string, ignoring: Ignoring,
  isText: Setting['isText']
): ValueTest {
  const wanted = plain(affix, ignoring)
  return leafTest({
    operator,
    cost: 2,
    holds (value, subject) {
      const text = textOf(value, isText(subject))
      return text !== undefined && fits(ignoring.isLax ? plain(text, ignoring) : text, wanted)
    },
    expected: show(affix),
    model: affix,
    distance (value, subject) {
      const text = textOf(value, isText(subject))
      return text === undefined ? 0.9 : distance(cut(text), affix)
    }
  })
}

const FLAGS: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }

/** A regular expression; of linear time, whatever it says. Throws a ConditionError. */
export function matchesTest (wanted: string | Pattern, { pointer, isText }: Setting): ValueTest {
  const { pattern, flags = '' } = typeof wanted === 'string' ? { pattern: wanted } : wanted
  const compiled = compilePattern(pattern, flags, typeof wanted === 'string' ? pointer : `${pointer}/pattern`)
  return leafTest({
    operator: 'matches',
    cost: 10,
    holds (value, subject) {
      const text = textOf(value, isText(subject))
      return text !== undefined && compiled.matcher(text).find()
    },
    expected: `/${pattern}/${flags}`,
    distance: (value, subject) => textOf(value, isText(subject)) === undefined ? 0.9 : 0.5
  })
}

function compilePattern (pattern: string, flags: string, pointer: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(toRe2(pattern)), [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0))
  } catch (error) {
    throw new ConditionError(pointer, `the regular expression ${show(pattern)} cannot be read: ${messageOf(error)}`, remedyFor(pattern))
  }
}

function remedyFor (pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern)) return 'look-around is not supported, as matching takes linear time; `not` and `all` can often say the same'
  if (/\\[1-9]/.test(pattern)) return 'back-references are not supported, as matching takes linear time'
  return 'write \\ before a character that stands for itself'
}
