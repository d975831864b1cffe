import type { Operators, Test } from '../config-keys/condition.ts'
import { escapeToken, tokens } from '../json-pointer.ts'
import { allOf, anyOf, notOf } from './combine.ts'
import { containsTest, equalsTest, inTest, placeBelow } from './equality.ts'
import { compileIgnore, type Ignoring } from './ignore.ts'
import { isMultiple, numberTest } from './numbers.ts'
import { valueAt } from './own-value.ts'
import { isPointer } from './pointer-key.ts'
import { existsTest, typeTest } from './presence.ts'
import { oneFits } from './several.ts'
import { endsWithTest, matchesTest, startsWithTest } from './texts.ts'
import { within, type Setting, type ValueTest } from './value-test.ts'

type Name = Exclude<keyof Operators, `/${string}` | 'ignore'>

type Compile<K extends Name> = (wanted: Exclude<Operators[K], undefined>, setting: Setting, ignoring: Ignoring) => ValueTest

/** What asks something of one value. Where there are several, one has to fit all of it. */
const ofOne = {
  equals: (wanted, setting, ignoring) => equalsTest(wanted, ignoring, setting),
  contains: (wanted, setting, ignoring) => containsTest(wanted, ignoring, setting),
  in: (wanted, setting, ignoring) => inTest(wanted, ignoring, setting),
  starts_with: (wanted, setting, ignoring) => startsWithTest(wanted, ignoring, setting),
  ends_with: (wanted, setting, ignoring) => endsWithTest(wanted, ignoring, setting),
  matches: (wanted, setting) => matchesTest(wanted, setting),
  greater: (wanted, setting) => numberTest('greater', wanted, value => value > wanted, setting),
  at_least: (wanted, setting) => numberTest('at_least', wanted, value => value >= wanted, setting),
  less: (wanted, setting) => numberTest('less', wanted, value => value < wanted, setting),
  at_most: (wanted, setting) => numberTest('at_most', wanted, value => value <= wanted, setting),
  multiple_of: (wanted, setting) => numberTest('multiple_of', wanted, value => isMultiple(value, wanted), setting),
  type: (wanted, setting) => typeTest(wanted, setting)
} satisfies { [K in Name]?: Compile<K> }

/** What asks something of the place: of all values that are there, or of none. */
const ofPlace = {
  exists: (wanted, setting) => existsTest(wanted, setting),
  absent: (wanted, setting) => existsTest(!wanted, setting),
  all: (wanted, setting) => allOf(compileEach(wanted, setting)),
  any: (wanted, setting) => anyOf(compileEach(wanted, setting)),
  not: (wanted, setting) => notOf(compileTest(wanted, setting))
} satisfies { [K in Name]?: Compile<K> }

const OPERATORS = { ...ofOne, ...ofPlace }
type CompileAny = (wanted: never, setting: Setting, ignoring: Ignoring) => ValueTest

const isOperator = (key: string): key is keyof typeof OPERATORS => Object.hasOwn(OPERATORS, key)

const compileEach = (wanted: readonly Test[], setting: Setting): ValueTest[] =>
  wanted.map((test, index) => compileTest(test, within(setting, index)))

/**
 * Compiles what is asked of a value. Throws a ConditionError where it cannot be.
 *
 * @param test of the right shape
 */
export function compileTest (test: Test, setting: Setting): ValueTest {
  if (typeof test !== 'object' || test === null) return one([equalsTest(test, compileIgnore(undefined), setting)], setting)
  const ignoring = compileIgnore(test.ignore)
  const single: ValueTest[] = []
  const whole: ValueTest[] = []
  for (const key of Object.keys(test)) {
    const inner = within(setting, escapeToken(key))
    if (isPointer(key)) {
      const wanted = test[key]
      if (wanted !== undefined) single.push(pointerTest(key, compileTest(wanted, { ...inner, values: 'one' })))
      continue
    }
    const compiled = compileOperator(key, test, inner, ignoring)
    if (compiled !== undefined) (Object.hasOwn(ofPlace, key) ? whole : single).push(compiled)
  }
  return allOf([...single.length > 0 ? [one(single, setting)] : [], ...whole])
}

const one = (tests: readonly ValueTest[], { values }: Setting): ValueTest => values === 'one' ? allOf(tests) : oneFits(allOf(tests))

/** Undefined for a key that says how another is meant. */
function compileOperator (key: string, test: Operators, setting: Setting, ignoring: Ignoring): ValueTest | undefined {
  if (!isOperator(key) || test[key] === undefined) return undefined
  // The seam: the shape has been checked, so that the value is of the operator's type.
  return (OPERATORS[key] as CompileAny)(test[key] as never, setting, ignoring)
}

/** A test of what is at a JSON pointer within the value. */
function pointerTest (pointer: string, inner: ValueTest): ValueTest {
  const path = tokens(pointer)
  return {
    cost: inner.cost + path.length,
    holds: (value, subject) => inner.holds(valueAt(value, path), subject),
    judge: (value, subject, where) => inner.judge(valueAt(value, path), subject, placeBelow(where, pointer))
  }
}
