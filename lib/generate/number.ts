import { isMultiple } from '../schema/check-scalars.ts'
import type { Constraints } from './constraints.ts'
import { rangeByName } from './number-names.ts'
import type { Place } from './place.ts'

const TRIES = 24
const INT32 = 2 ** 31

/** A number within bounds that is a multiple as asked; in the usual range of its name where the bounds allow. */
export function makeNumber (constraints: Constraints, whole: boolean, { key, random, run }: Place): number {
  const bounds = boundsOf(constraints, whole)
  const step = stepOf(constraints.multiples, whole)
  const [usualMin, usualMax, decimals] = rangeByName(key, whole, random)
  const [min, max] = overlap(bounds, [usualMin, usualMax])
  if (step === undefined) {
    const value = fraction(constraints, min, max, decimals, random.next())
    if (!holds(constraints, value)) run.gaveUp++
    return value
  }

  const first = Math.ceil(min / step)
  const last = Math.floor(max / step)
  // The usual range may hold no multiple, where the bounds do.
  const [from, to] = first <= last ? [first, last] : [Math.ceil(bounds[0] / step), Math.floor(bounds[1] / step)]
  const start = first <= last ? random.int(from, to) : from
  for (let i = 0; i < TRIES; i++) {
    const value = times(start + i > to ? from + i : start + i, step)
    if (holds(constraints, value)) return value
  }
  if (holds(constraints, 0)) return 0
  run.gaveUp++
  return times(from, step)
}

function holds ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multiples }: Constraints, value: number): boolean {
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum &&
    multiples.every(multiple => isMultiple(value, multiple))
}

function boundsOf (constraints: Constraints, whole: boolean): [number, number] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, formats } = constraints
  let min = Math.max(minimum, exclusiveMinimum)
  let max = Math.min(maximum, exclusiveMaximum)
  if (!whole) return [min, max]
  if (exclusiveMinimum === min && Number.isInteger(min)) min += 1
  if (exclusiveMaximum === max && Number.isInteger(max)) max -= 1
  // Beyond 2^53 not every integer has a number of its own.
  const least = formats.includes('int32') ? -INT32 : Number.MIN_SAFE_INTEGER
  const most = formats.includes('int32') ? INT32 - 1 : Number.MAX_SAFE_INTEGER
  return [Math.max(Math.ceil(min), Math.min(least, max)), Math.min(Math.floor(max), Math.max(most, min))]
}

/** The usual range as far as the bounds allow; else a stretch of the bounds, near the end that is given. */
function overlap ([min, max]: [number, number], [usualMin, usualMax]: [number, number]): [number, number] {
  const from = Math.max(min, usualMin)
  const to = Math.min(max, usualMax)
  if (from <= to) return [from, to]
  const width = Math.max(1, usualMax - usualMin)
  if (min > -Infinity) return [min, Math.min(max, min + width)]
  return [Math.max(min, max - width), max]
}

/** The least number of which all that is allowed is a multiple; undefined when there is no such step. */
function stepOf (multiples: readonly number[], whole: boolean): number | undefined {
  return [...multiples, ...(whole ? [1] : [])].reduce<number | undefined>((step, multiple) => {
    if (step === undefined || isMultiple(multiple, step)) return multiple
    if (isMultiple(step, multiple)) return step
    const scale = 10 ** Math.max(decimalsOf(step), decimalsOf(multiple))
    const [one, other] = [Math.round(step * scale), Math.round(multiple * scale)]
    return one * other / greatestDivisor(one, other) / scale
  }, undefined)
}

function greatestDivisor (one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other)
}

/** How many digits the number is written with after its point. */
function decimalsOf (value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

/** 3 × 0.1 is 0.3, and not 0.30000000000000004. */
function times (count: number, step: number): number {
  return Number((count * step).toFixed(Math.min(100, decimalsOf(step))))
}

function fraction (constraints: Constraints, min: number, max: number, decimals: number, at: number): number {
  const value = min + at * (max - min)
  for (const digits of [decimals, 2, 4, 8, 12]) {
    const rounded = Number(value.toFixed(digits))
    if (holds(constraints, rounded)) return rounded
  }
  return holds(constraints, value) ? value : min + (max - min) / 2
}
