import { exactMember } from '../exact-numbers.ts'
import { isObject } from '../schema/subschemas.ts'
import type { SchemaNode } from './node.ts'
import { step, type Place } from './place.ts'
import { wordsOf } from './words.ts'

/** What was once found of a node's examples: an example is the same object every time. */
const judged = new WeakMap<SchemaNode, Map<unknown, boolean>>()

/** A valid example for this place: the one that the parent's example has for it, else one of the schema's own. */
export function exampleFor (node: SchemaNode, place: Place): { value: unknown } | undefined {
  const { hint, index, key } = place
  if (place.fresh || (hint === undefined && node.constraints.examples.length === 0)) return undefined
  const candidates = examplesOf(node)
  const own = candidates.length > 1 ? [candidates[index % candidates.length], ...candidates] : candidates
  for (const value of hint === undefined ? own : [hint, ...own]) {
    if (!isValid(node, value, place)) continue
    if (index === 0 || candidates.length > 1) return { value: copy(value, node) }
    // Items of one list that follow one example differ at least by what identifies them.
    if (identifies(key)) return next(value, node, place)
    return { value: vary(copy(value, node), node, place) }
  }
  return undefined
}

/** The identifier after that of the example: 1 is followed by 2; a text is made anew. */
function next (value: unknown, node: SchemaNode, { run, index }: Place): { value: unknown } | undefined {
  const number = typeof value === 'number' ? value + index : undefined
  return number !== undefined && run.accepts(node, number) ? { value: number } : undefined
}

/** An object of an example with other identifiers, if that is as valid. */
function vary (value: unknown, node: SchemaNode, place: Place): unknown {
  if (!isObject(value)) return value
  const { run } = place
  const other = Object.entries(value).map(([name, its]) => {
    if (!identifies(name) || (typeof its !== 'string' && typeof its !== 'number')) return [name, its] as const
    const property = node.property(name)
    const made = next(its, property, place) ?? { value: run.value(property, step(place, property, name, { key: name, budget: 1, fresh: true })) }
    return [name, made.value] as const
  })
  const varied = Object.fromEntries(other)
  return run.accepts(node, varied) ? varied : value
}

/** The `default`, where it shows something. */
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
    ? [Object.fromEntries(wholes.toReversed().flatMap(Object.entries))]
    : examples.flat()
  collected.set(node, list)
  return list
}

const IDENTIFIERS = new Set(['id', 'uuid', 'guid', 'key', 'slug', 'uid', 'number', 'sha', 'token', 'login', 'username', 'email'])

function identifies (key: string): boolean {
  return IDENTIFIERS.has(wordsOf(key).at(-1) ?? '')
}

/**
 * A copy that may be changed (the configuration itself is frozen), without the properties that do not belong in this
 * direction.
 */
function copy (value: unknown, node: SchemaNode): unknown {
  if (Array.isArray(value)) return value.map((item, index) => copy(exactMember(value, index, item), node.item(index)))
  if (!isObject(value)) return value
  const kept = Object.entries(value).flatMap(([name, its]) => {
    const property = node.property(name)
    return property.hidden ? [] : [[name, copy(exactMember(value, name, its), property)] as const]
  })
  // Defines own properties: one called `__proto__` stays a property.
  return Object.fromEntries(kept)
}

/** How many values there are in one, itself included. */
export function sizeOf (value: unknown): number {
  const inside = Array.isArray(value) || isObject(value) ? Object.values(value) : []
  return inside.reduce<number>((sum, its) => sum + sizeOf(its), 1)
}
