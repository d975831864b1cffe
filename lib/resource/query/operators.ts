import { RE2JS } from 're2js'

/** Whether a value of a row is as a filter wants it: a text of the query, or JSON of `_where`. */
export type Test = (value: unknown) => boolean

/** Makes tests. Throws where the wanted value is none for the operator. */
type Operator = (wanted: unknown) => Test

/** A pattern takes time linear in the text, but also in its own size: each counted repetition is as long as it counts. */
const LONGEST_PATTERN = 200
const MOST_REPETITIONS = 1_000

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: wanted => value => equals(value, wanted),
  ne: wanted => value => !equals(value, wanted),
  gt: wanted => value => compare(value, wanted) > 0,
  gte: wanted => value => compare(value, wanted) >= 0,
  lt: wanted => value => compare(value, wanted) < 0,
  lte: wanted => value => compare(value, wanted) <= 0,
  in: wanted => anyOf(listOf(wanted)),
  nin (wanted) {
    const test = anyOf(listOf(wanted))
    return value => !test(value)
  },
  like (wanted) {
    const pattern = String(wanted)
    const repetitions = [...pattern.matchAll(/\d+(?=\})/g)].reduce((sum, [count]) => sum + Number(count), 0)
    if (pattern.length > LONGEST_PATTERN) throw new Error(`has a pattern of more than ${LONGEST_PATTERN} characters`)
    if (repetitions > MOST_REPETITIONS) throw new Error(`has a pattern that counts to more than ${MOST_REPETITIONS}`)
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), RE2JS.CASE_INSENSITIVE)
    return value => someText(value, text => compiled.matcher(text).find())
  },
  contains (wanted) {
    const text = lower(wanted)
    return value => Array.isArray(value) ? value.some(item => equals(item, wanted)) : someText(value, other => other.toLowerCase().includes(text))
  },
  startsWith (wanted) {
    const text = lower(wanted)
    return value => someText(value, other => other.toLowerCase().startsWith(text))
  },
  endsWith (wanted) {
    const text = lower(wanted)
    return value => someText(value, other => other.toLowerCase().endsWith(text))
  },
  exists (wanted) {
    const isWanted = String(wanted) !== 'false'
    return value => (value !== undefined) === isWanted
  }
}

const ALIASES: Readonly<Record<string, string>> = { starts_with: 'startsWith', ends_with: 'endsWith', not_in: 'nin' }

export const OPERATOR_NAMES = Object.keys(OPERATORS)

/** The operator of that name, as it is called here. */
export function operatorName (name: string): string | undefined {
  const own = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name
  return own !== undefined && Object.hasOwn(OPERATORS, own) ? own : undefined
}

/** @throws where the wanted value is none for the operator, such as a pattern that is broken */
export function createTest (operator: string, wanted: unknown): Test {
  const create = OPERATORS[operator]
  if (create === undefined) throw new Error(`there is no operator '${operator}'`)
  return create(wanted)
}

/** Values of a query are texts, which stand for numbers and booleans as well. */
export function equals (value: unknown, wanted: unknown): boolean {
  switch (typeof value) {
    case 'string': return value === String(wanted)
    case 'number': return wanted !== '' && value === Number(wanted)
    case 'boolean': return String(value) === String(wanted)
    default: return value === null && (wanted === null || wanted === 'null')
  }
}

/** Below, at or above zero as the value stands to what is wanted; NaN where the two cannot be compared, which no comparison holds for. */
function compare (value: unknown, wanted: unknown): number {
  if (typeof value === 'number') return wanted === '' ? NaN : value - Number(wanted)
  if (typeof value !== 'string') return NaN
  const text = String(wanted)
  return value < text ? -1 : value > text ? 1 : 0
}

const anyOf = (values: readonly unknown[]): Test => value => values.some(wanted => equals(value, wanted))

const listOf = (wanted: unknown): unknown[] => Array.isArray(wanted) ? wanted : typeof wanted === 'string' ? wanted.split(',') : [wanted]

const lower = (wanted: unknown): string => String(wanted).toLowerCase()

const someText = (value: unknown, test: (text: string) => boolean): boolean =>
  typeof value === 'string' ? test(value) : typeof value === 'number' || typeof value === 'boolean' ? test(String(value)) : Array.isArray(value) && value.some(item => someText(item, test))
