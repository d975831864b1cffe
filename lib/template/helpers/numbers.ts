import { HelperFault } from '../error.ts'
import type { HelperTable } from '../helper.ts'
import { integer, number, text } from './argument.ts'
import { numberFormat } from './number-format.ts'

const numbers = (args: readonly unknown[]) => args.flat().map(number).filter(value => value !== undefined)

/** A finite number or nothing: JSON has no others. */
const finite = (value: number | undefined) => value !== undefined && Number.isFinite(value) ? value : undefined

const fold = (step: (total: number, value: number) => number) => (args: readonly unknown[]) => {
  const [first, ...rest] = numbers(args)
  return first === undefined ? undefined : finite(rest.reduce((total, value) => step(total, value), first))
}

const one = (calculate: (value: number) => number) => ([value]: readonly unknown[]) => {
  const parsed = number(value)
  return parsed === undefined ? undefined : finite(calculate(parsed))
}

/** To a number of decimals, halves away from zero as people do by hand; 1.005 is 1.01. */
function roundTo (value: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(value)).split('e')
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`))
  const [whole = '0', power = '0'] = String(shifted).split('e')
  return Math.sign(value) * Number(`${whole}e${Number(power) - digits}`)
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  x: (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b
}

function math ([left, operator, right]: readonly unknown[]): number | undefined {
  const name = text(operator)
  const apply = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (apply === undefined) throw new HelperFault(`unknown operator '${name}'`, `one of ${Object.keys(OPERATORS).join(' ')}`)
  const [a, b] = [number(left), number(right)]
  return a === undefined || b === undefined ? undefined : finite(apply(a, b))
}

const digitsOf = (value: unknown) => Math.min(100, Math.max(0, integer(value, 0)))

/** Arguments that are no numbers are left out; what has no finite result gives nothing. */
export const numberHelpers: HelperTable = {
  add: fold((total, value) => total + value),
  subtract: fold((total, value) => total - value),
  multiply: fold((total, value) => total * value),
  divide: fold((total, value) => total / value),
  modulo: fold((total, value) => total % value),
  math,
  round: ([value, digits]) => one(parsed => roundTo(parsed, digitsOf(digits)))([value]),
  floor: one(Math.floor),
  ceil: one(Math.ceil),
  abs: one(Math.abs),
  sqrt: one(Math.sqrt),
  pow: ([value, power]) => one(parsed => parsed ** integer(power, 1))([value]),
  min: fold(Math.min),
  max: fold(Math.max),
  sum: args => numbers(args).reduce((total, value) => total + value, 0),
  average: args => { const all = numbers(args); return finite(all.reduce((total, value) => total + value, 0) / all.length) },
  toFixed: ([value, digits]) => number(value)?.toFixed(digitsOf(digits)),
  parseInt: ([value, radix]) => finite(Number.parseInt(text(value), integer(radix, 10))),
  parseFloat: ([value]) => finite(Number.parseFloat(text(value))),
  toNumber: ([value]) => finite(number(value)),
  numberFormat
}
