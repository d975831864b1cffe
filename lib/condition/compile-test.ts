import type { Operators, Test } from '../config-keys/condition.ts'
import { escapeToken, tokens } from '../json-pointer.ts'
import { base64Test } from './base64.ts'
import { explainUnread, memberOfBody } from './body-members.ts'
import { allOf, anyOf, notOf } from './combine.ts'
import { dateTest } from './dates.ts'
import { containsTest, equalsTest, inTest, placeBelow } from './equality.ts'
import { compileIgnore, type Ignoring } from './ignore.ts'
import { jsonPathTest } from './json-path-test.ts'
import { jsonSchemaTest } from './json-schema-test.ts'
import { lengthOf, measureTest } from './measure.ts'
import { membersTest } from './members.ts'
import { isMultiple, numberTest } from './numbers.ts'
import { valueAt } from './own-value.ts'
import { isPointer } from './pointer-key.ts'
import { existsTest, typeTest } from './presence.ts'
import { compileRows } from './rows.ts'
import { sameAsTest } from './same-as.ts'
import { itemsOf, oneFits } from './several.ts'
import { endsWithTest, matchesTest, startsWithTest } from './texts.ts'
import { never, within, type Setting, type ValueTest } from './value-test.ts'
import { xpathTest } from './xpath-test.ts'

type Name = Exclude<keyof Operators, `/${string}` | 'ignore'>

type Compile<K extends Name> = (wanted: Exclude<Operators[K], undefined>, setting: Setting, ignoring: Ignoring) => ValueTest
type CompileTable<K extends Name> = { [N in K]: Compile<N> }

/** What asks something of the place: of all values that are there, or of none. */
type OfPlace = 'exists' | 'absent' | 'some' | 'every' | 'count' | 'all' | 'any' | 'not'

/** What asks something of one value. Where there are several, one has to fit all of it. */
const ofOne: CompileTable<Exclude<Name, OfPlace>> = {
  equals: (wanted, setting, ignoring) => equalsTest(wanted, ignoring, setting),
  contains: (wanted, setting, ignoring) => containsTest(wanted, ignoring, setting),
  in: (wanted, setting, ignoring) => inTest(wanted, ignoring, setting),
  starts_with: (wanted, setting, ignoring) => startsWithTest(wanted, ignoring, setting),
  ends_with: (wanted, setting, ignoring) => endsWithTest(wanted, ignoring, setting),
  matches: (wanted, setting) => matchesTest(wanted, setting),
  greater: (wanted, setting) => numberTest('greater', wanted, wanted + 1, value => value > wanted, setting),
  at_least: (wanted, setting) => numberTest('at_least', wanted, wanted, value => value >= wanted, setting),
  less: (wanted, setting) => numberTest('less', wanted, wanted - 1, value => value < wanted, setting),
  at_most: (wanted, setting) => numberTest('at_most', wanted, wanted, value => value <= wanted, setting),
  multiple_of: (wanted, setting) => numberTest('multiple_of', wanted, wanted, value => isMultiple(value, wanted), setting),
  before: (wanted, setting) => dateTest('before', wanted, setting),
  after: (wanted, setting) => dateTest('after', wanted, setting),
  length: (wanted, setting) => measureTest('length', lengthOf, compileTest(wanted, ofNumber(setting))),
  type: (wanted, setting) => typeTest(wanted, setting),
  base64: (wanted, setting) => base64Test(wanted, setting),
  same_as: (wanted, setting) => sameAsTest(wanted, setting),
  json_path: (wanted, setting) => byPath(wanted, setting, jsonPath),
  xpath: (wanted, setting) => byPath(wanted, setting, (path, inner, test) => xpathTest(path, inner, found => compileTest(test, found))),
  json_schema: (wanted, setting) => jsonSchemaTest(wanted, setting)
}

const ofPlace: CompileTable<OfPlace> = {
  exists: (wanted, setting) => existsTest(wanted, setting),
  absent: (wanted, setting) => existsTest(!wanted, setting),
  some: (wanted, setting) => membersTest('some', itemsOf(setting.values), compileTest(wanted, ofMember(setting)), setting.values === 'one'),
  every: (wanted, setting) => membersTest('every', itemsOf(setting.values), compileTest(wanted, ofMember(setting)), setting.values === 'one'),
  count: (wanted, setting) => measureTest('count', value => value === undefined ? 0 : itemsOf(setting.values)(value)?.length, compileTest(wanted, ofNumber(setting))),
  all: (wanted, setting) => allOf(compileEach(wanted, setting)),
  any: (wanted, setting) => anyOf(compileEach(wanted, setting)),
  not: (wanted, setting) => notOf(compileTest(wanted, setting))
}

const OPERATORS = { ...ofOne, ...ofPlace }
type CompileAny = (wanted: never, setting: Setting, ignoring: Ignoring) => ValueTest

const isOperator = (key: string): key is keyof typeof OPERATORS => Object.hasOwn(OPERATORS, key)

const ofNumber = ({ tools, pointer }: Setting): Setting => ({ tools, pointer, values: 'one', isText: never })
const ofMember = (setting: Setting): Setting => ({ ...setting, values: 'one', isWholeBody: false })

const compileEach = (wanted: readonly Test[], setting: Setting): ValueTest[] =>
  wanted.map((test, index) => compileTest(test, within(setting, index)))

/**
 * Compiles what is asked of a value. Throws a ConditionError where it cannot be.
 *
 * @param test of the right shape
 */
export function compileTest (test: Test, setting: Setting): ValueTest {
  if (typeof test !== 'object' || test === null) return one([equalsTest(test, compileIgnore(undefined), setting)], test, setting)
  const ignoring = compileIgnore(test.ignore)
  const single: ValueTest[] = []
  const whole: ValueTest[] = []
  for (const key of Object.keys(test)) {
    const inner = within(setting, escapeToken(key))
    if (isPointer(key)) {
      const wanted = test[key]
      if (wanted !== undefined) single.push(pointerTest(key, compileTest(wanted, ofMember(inner)), setting))
    } else if (isOperator(key) && test[key] !== undefined) {
      // The seam: the shape has been checked, so that the value is of the operator's type.
      const compiled = (OPERATORS[key] as CompileAny)(test[key] as never, inner, ignoring)
      if (Object.hasOwn(ofPlace, key)) whole.push(compiled)
      else single.push(compiled)
    }
  }
  return allOf([...single.length > 0 ? [one(single, test, setting)] : [], ...whole])
}

const one = (tests: readonly ValueTest[], test: Test, { values }: Setting): ValueTest =>
  values === 'one' ? allOf(tests) : oneFits(allOf(tests), values, compileRows(test))

/** A test of what is at a JSON pointer within the value. */
function pointerTest (pointer: string, inner: ValueTest, { isWholeBody }: Setting): ValueTest {
  const path = tokens(pointer)
  if (isWholeBody === true) {
    const read = memberOfBody(path)
    return {
      cost: inner.cost + path.length,
      holds: (value, subject) => inner.holds(read(value, subject), subject),
      judge: (value, subject, where) => explainUnread(inner.judge(read(value, subject), subject, placeBelow(where, pointer)), value, subject)
    }
  }
  return {
    cost: inner.cost + path.length,
    holds: (value, subject) => inner.holds(valueAt(value, path), subject),
    judge: (value, subject, where) => inner.judge(valueAt(value, path), subject, placeBelow(where, pointer))
  }
}

/** One test for each path; a path alone asks for any value. */
function byPath (wanted: string | Readonly<Record<string, Test>>, setting: Setting, compile: (path: string, setting: Setting, test: Test) => ValueTest): ValueTest {
  if (typeof wanted === 'string') return compile(wanted, setting, { exists: true })
  return allOf(Object.entries(wanted).map(([path, test]) => compile(path, within(setting, escapeToken(path)), test)))
}

const jsonPath = (path: string, setting: Setting, test: Test): ValueTest =>
  jsonPathTest(path, setting, values => compileTest(test, { ...ofMember(setting), values }))
