import { conditions, isTruthy, type HelperTable } from '../helper.ts'
import { isRecord } from '../own.ts'
import { setVariable } from '../context.ts'
import { compare, number, text } from './argument.ts'
import { equal } from './equal.ts'

const isMissing = (value: unknown) => value === undefined || value === null

/** The first that is there at all. */
const coalesce = (args: readonly unknown[]) => args.find(value => !isMissing(value))

const isEmpty = (value: unknown) => isMissing(value) || value === '' ||
  (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0)

/** `val request.query.x or='default'`, and with `assign='name'` into a variable (WireMock). */
const val: HelperTable[string] = ([value], { or, assign }, context) => {
  const result = isMissing(value) ? or : value
  if (assign === undefined) return result
  setVariable(context, text(assign), result)
  return ''
}

/** Comparisons and choices; as blocks they have an `{{else}}`. */
export const logicHelpers: HelperTable = {
  ...conditions({
    eq: ([a, b]) => equal(a, b),
    ne: ([a, b]) => !equal(a, b),
    neq: ([a, b]) => !equal(a, b),
    gt: ([a, b]) => comparable(a, b) && compare(a, b) > 0,
    gte: ([a, b]) => comparable(a, b) && compare(a, b) >= 0,
    lt: ([a, b]) => comparable(a, b) && compare(a, b) < 0,
    lte: ([a, b]) => comparable(a, b) && compare(a, b) <= 0,
    and: args => args.every(isTruthy),
    or: args => args.some(isTruthy),
    not: ([value]) => !isTruthy(value),
    isEmpty: ([value]) => isEmpty(value),
    isNumber: ([value]) => number(value) !== undefined,
    isArray: ([value]) => Array.isArray(value),
    isEven: ([value]) => number(value) !== undefined && number(value)! % 2 === 0,
    isOdd: ([value]) => number(value) !== undefined && Math.abs(number(value)! % 2) === 1
  }),
  default: coalesce,
  coalesce,
  defaultIfEmpty: args => args.find(value => !isEmpty(value)),
  ifElse: ([condition, yes, no]) => isTruthy(condition) ? yes : no,
  val
}

function comparable (a: unknown, b: unknown): boolean {
  return !isMissing(a) && !isMissing(b)
}
