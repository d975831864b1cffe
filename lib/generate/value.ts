import { typeOf, type JsonType } from '../schema/keywords.ts'
import type { Constraints } from './constraints.ts'
import { likelyType } from './depth.ts'
import { fillsByItself, takeGiven } from './given.ts'
import { defaultFor, exampleFor, sizeOf } from './example.ts'
import { chooseBranch } from './choice.ts'
import { makeArray } from './array.ts'
import { makeNumber } from './number.ts'
import { makeObject } from './object.ts'
import type { SchemaNode } from './node.ts'
import type { Place } from './place.ts'
import { makeText } from './text.ts'
import { createLookUp } from './words.ts'

/**
 * The value of a node, its choices made one after the other: example, allowed value, chosen branch, default, and at last
 * one made by type.
 */
export function makeValue (node: SchemaNode, place: Place): unknown {
  const { constraints } = node
  const { run } = place
  const given = takeGiven(node, place)
  if (given !== undefined) {
    run.made += sizeOf(given.value)
    return given.value
  }
  const example = fillsByItself(place) ? undefined : exampleFor(node, place)
  if (example !== undefined) {
    run.made += sizeOf(example.value)
    return example.value
  }
  if (constraints.choices.length > 0 && constraints.values === undefined && constraints.faker === undefined) {
    return makeValue(chooseBranch(node, place), place)
  }
  run.made++
  const asked = constraints.faker?.(run.faker(place.random), place.random).find(value => run.accepts(node, value))
  if (asked !== undefined) return asked
  const types = typesOf(constraints, place)
  // An object is rather built from its properties.
  if (!types.includes('object') || constraints.shapes.every(({ properties }) => properties.size === 0)) {
    const fallback = defaultFor(node, place)
    if (fallback !== undefined) return fallback.value
  }
  if (constraints.values !== undefined) return chooseValue(node, constraints.values, place)
  const type = typeOfGiven(types, place) ?? chooseType(types, place)
  switch (type) {
    case 'null': return null
    case 'boolean': return makeBoolean(place)
    case 'integer': return makeNumber(constraints, true, place)
    case 'number': return makeNumber(constraints, false, place)
    case 'string': return makeText(constraints, place)
    case 'array': return makeArray(node, place)
    case 'object': return makeObject(node, place)
  }
}

/** Where a schema says nothing of the type, a property is a text and a whole body is an object. */
function typesOf (constraints: Constraints, { parent }: Place): readonly JsonType[] {
  return constraints.types ?? [likelyType(constraints) ?? (parent === undefined ? 'object' : 'string')]
}

/** Not null where there is something else, as a body is asked for to see what is in it; and what takes no room where there is none. */
function chooseType (types: readonly JsonType[], { budget, random }: Place): JsonType {
  const filled = types.filter(type => type !== 'null')
  const scalars = filled.filter(type => type !== 'object' && type !== 'array')
  const full = budget <= 0
  if (filled.length === 0 || (full && scalars.length === 0 && filled.length < types.length)) return 'null'
  const open = full && scalars.length > 0 ? scalars : filled
  return open.length === 1 ? open[0]! : random.pick(open)
}

/** An object or a list that is given wants to be one. */
function typeOfGiven (types: readonly JsonType[], { given }: Place): JsonType | undefined {
  const type = typeof given === 'object' ? typeOf(given) : undefined
  return type !== undefined && types.includes(type) ? type : undefined
}

/** Variety enough: of a longer list, more are only looked at where none of these will do. */
const CHOICES = 1_000

const allowed = new WeakMap<SchemaNode, readonly unknown[]>()

function chooseValue (node: SchemaNode, values: readonly unknown[], { run, random }: Place): unknown {
  let valid = allowed.get(node)
  if (valid === undefined) {
    valid = []
    for (let start = 0; valid.length === 0 && start < values.length; start += CHOICES) {
      valid = values.slice(start, start + CHOICES).filter(value => run.accepts(node, value))
    }
    const filled = valid.filter(value => value !== null)
    if (filled.length > 0) valid = filled
    allowed.set(node, valid)
  }
  if (valid.length === 0) run.gaveUp++
  const open = valid.length > 0 ? valid : values
  if (open.length === 0) return null
  const value = open.length === 1 ? open[0] : random.pick(open)
  return typeof value === 'object' ? structuredClone(value) : value
}

const isNegative = createLookUp({ 'deleted disabled archived banned suspended blocked locked expired revoked hidden cancelled canceled failed error': true })

/** What is called `deleted` or `disabled` is not. */
function makeBoolean ({ key, random }: Place): boolean {
  return isNegative(key) === undefined && random.next() < 0.5
}
