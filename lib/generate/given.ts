import { exactInteger } from '../body/exact-integers.ts'
import { isObject } from '../schema/subschemas.ts'
import type { SchemaNode } from './node.ts'
import type { Place } from './place.ts'

/**
 * Values that are asked for from outside: an id of the path, fields of a body that was sent. Each is taken where it is valid,
 * and a value is made where it is not. Of objects and lists each part is judged by itself.
 */
export function takeGiven (node: SchemaNode, { given, run }: Place): { value: unknown } | undefined {
  if (given === undefined || (typeof given === 'object' && given !== null)) return undefined
  for (const value of readingsOf(given)) if (run.accepts(node, value)) return { value }
  return undefined
}

/** A text of a path may be meant as a number, and a number as a text. */
export function readingsOf (given: unknown): readonly unknown[] {
  if (typeof given === 'number') return [given, String(given)]
  if (typeof given === 'bigint') return [given, String(given)]
  if (typeof given !== 'string') return [given]
  if (given === 'true' || given === 'false') return [given, given === 'true']
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(given) ? [given, exactInteger(given) ?? Number(given)] : [given]
}

/** Whether a value is put together of what is given: then no example stands for the whole of it. */
export const fillsByItself = ({ given }: Place): boolean => typeof given === 'object' && given !== null

/** What is given for a property; undefined for nothing. */
export function givenAt ({ given }: Place, name: string): unknown {
  return isObject(given) && Object.hasOwn(given, name) ? given[name] : undefined
}

export const givenNames = ({ given }: Place): readonly string[] => isObject(given) ? Object.keys(given) : []

/** Of several branches those that what is given fits best, which tells a dog from a cat; all, when nothing is. */
export function fittingBranches (branches: readonly SchemaNode[], place: Place): readonly SchemaNode[] {
  const names = givenNames(place)
  if (names.length === 0 || branches.length < 2) return branches
  const scores = branches.map(branch => names.reduce((sum, name) => sum + score(branch, name, givenAt(place, name), place), 0))
  const best = Math.max(...scores)
  return branches.filter((_branch, index) => scores[index] === best)
}

function score (branch: SchemaNode, name: string, value: unknown, { run }: Place): number {
  const property = branch.property(name)
  if (!branch.constraints.shapes.some(({ properties }) => properties.has(name))) return 0
  if (typeof value === 'object' && value !== null) return 1
  return readingsOf(value).some(reading => run.accepts(property, reading)) ? 2 : -3
}
