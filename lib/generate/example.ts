import { isObject } from '../schema/subschemas.ts'
import { typeOf } from './keywords.ts'
import type { SchemaNode } from './node.ts'
import type { Place } from './place.ts'
import { wordsOf } from './words.ts'

/** What was once found of a node's examples: an example is the same object every time. */
const judged = new WeakMap<SchemaNode, Map<unknown, boolean>>()

/** A valid example for this place: the one that the parent's example has for it, else one of the schema's own. */
export function exampleFor (node: SchemaNode, place: Place): { value: unknown } | undefined {
  const { hint, index, key } = place
  if (place.fresh || (hint === undefined && node.constraints.examples.length === 0)) return undefined
  // Items of one list differ at least by what identifies them.
  if (index > 0 && identifies(key)) return undefined
  const candidates = examplesOf(node)
  const own = candidates.length > 1 ? [candidates[index % candidates.length], ...candidates] : candidates
  for (const value of hint === undefined ? own : [hint, ...own]) {
    if (isValid(node, value, place)) return { value: copy(value, node) }
  }
  return undefined
}

/** The `default`, for a scalar that has no example. */
export function defaultFor (node: SchemaNode, place: Place): { value: unknown } | undefined {
  const { fallback } = node.constraints
  if (place.fresh || fallback === undefined) return undefined
  const { value } = fallback
  const empty = value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  return empty || !isValid(node, value, place) ? undefined : { value: copy(value, node) }
}

/** An example that is not valid as a whole may still have valid parts: it is offered to the properties. */
export function hintFor (node: SchemaNode, place: Place): unknown {
  if (place.fresh) return undefined
  return place.hint ?? examplesOf(node)[0]
}

function isValid (node: SchemaNode, value: unknown, { run }: Place): boolean {
  let known = judged.get(node)
  if (known === undefined) judged.set(node, known = new Map())
  let valid = known.get(value)
  if (valid === undefined) known.set(value, valid = run.accepts(node, value))
  return valid
}

const collected = new WeakMap<SchemaNode, unknown[]>()

/** The nearest schema's examples; where several schemas each describe a part of an object, their parts together. */
function examplesOf (node: SchemaNode): unknown[] {
  const known = collected.get(node)
  if (known !== undefined) return known
  const { examples } = node.constraints
  const wholes = examples.map(([first]) => first).filter(isObject)
  const list = examples.length > 1 && wholes.length === examples.length
    ? [Object.assign({}, ...wholes.toReversed())]
    : examples.flat()
  collected.set(node, list)
  return list
}

const IDENTIFIERS = new Set(['id', 'uuid', 'guid', 'key', 'slug', 'uid', 'number', 'sha', 'token'])

function identifies (key: string): boolean {
  return IDENTIFIERS.has(wordsOf(key).at(-1) ?? '')
}

/**
 * A copy that may be changed (the configuration itself is frozen), without the properties that do not belong in this
 * direction.
 */
function copy (value: unknown, node: SchemaNode): unknown {
  if (Array.isArray(value)) return value.map((item, index) => copy(item, node.item(index)))
  if (!isObject(value)) return value
  const kept = Object.entries(value).flatMap(([name, its]) => {
    const property = node.property(name)
    return property.hidden ? [] : [[name, copy(its, property)] as const]
  })
  // Defines own properties: one called `__proto__` stays a property.
  return Object.fromEntries(kept)
}

/** How many values there are in one, itself included. */
export function sizeOf (value: unknown): number {
  const type = typeOf(value)
  if (type !== 'array' && type !== 'object') return 1
  return Object.values(value as object).reduce<number>((sum, its) => sum + sizeOf(its), 1)
}
