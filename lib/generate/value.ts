import type { Constraints } from './constraints.ts'
import { likelyType } from './depth.ts'
import { defaultFor, exampleFor, sizeOf } from './example.ts'
import type { JsonType } from './keywords.ts'
import { makeArray } from './array.ts'
import { makeNumber } from './number.ts'
import { makeObject } from './object.ts'
import type { SchemaNode } from './node.ts'
import type { Place } from './place.ts'
import { makeText } from './text.ts'
import { lookUp } from './words.ts'

/**
 * The value of a node, its choices made one after the other: example, allowed value, chosen branch, default, and at last
 * one made by type.
 */
export function makeValue (node: SchemaNode, place: Place): unknown {
  const { constraints } = node
  const { run } = place
  const example = exampleFor(node, place)
  if (example !== undefined) {
    run.made += sizeOf(example.value)
    return example.value
  }
  if (constraints.choices.length > 0 && constraints.values === undefined) {
    return makeValue(chooseBranch(node, place), place)
  }
  run.made++
  const types = typesOf(constraints)
  if (types.every(type => type !== 'object' && type !== 'array')) {
    const fallback = defaultFor(node, place)
    if (fallback !== undefined) return fallback.value
  }
  if (constraints.values !== undefined) return chooseValue(node, constraints.values, place)
  const type = chooseType(types, place)
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

function typesOf (constraints: Constraints): readonly JsonType[] {
  return constraints.types ?? [likelyType(constraints)]
}

/** Not null where there is something else: a body is asked for to see what is in it. */
function chooseType (types: readonly JsonType[], { budget, random }: Place): JsonType {
  const filled = types.filter(type => type !== 'null')
  const scalars = filled.filter(type => type !== 'object' && type !== 'array')
  // Where there is no more room, what takes none is preferred.
  const open = budget <= 0 && filled.length < types.length && scalars.length === 0 ? [] : budget <= 0 && scalars.length > 0 ? scalars : filled
  return open.length === 0 ? 'null' : open.length === 1 ? open[0]! : random.pick(open)
}

const allowed = new WeakMap<SchemaNode, readonly unknown[]>()

function chooseValue (node: SchemaNode, values: readonly unknown[], { run, random }: Place): unknown {
  let valid = allowed.get(node)
  if (valid === undefined) {
    valid = values.filter(value => run.accepts(node, value))
    const filled = valid.filter(value => value !== null)
    if (filled.length > 0) valid = filled
    allowed.set(node, valid)
  }
  const open = valid.length > 0 ? valid : values
  return open.length === 0 ? null : structuredClone(random.pick(open))
}

/**
 * One of the branches: any that can be satisfied, but not null, and one with an example first. Where there is no more
 * room, the shallowest.
 */
function chooseBranch (node: SchemaNode, place: Place): SchemaNode {
  const { branches, exclusive } = node.constraints.choices[0]!
  const { random, budget, attempt } = place
  const strict = exclusive && attempt % 2 === 1
  const nodes = branches.map((_branch, index) => node.branch(index, strict))
  if (budget <= 0) {
    return nodes.reduce((best, other) => other.depth < best.depth ? other : best)
  }
  const filled = nodes.filter(branch => !onlyNull(branch.constraints))
  const shown = attempt === 0 ? filled.filter(branch => branch.constraints.examples.length > node.constraints.examples.length) : []
  const open = shown.length > 0 ? shown : filled.length > 0 ? filled : nodes
  // Depths are asked for one by one, as each may have to look far.
  const from = random.int(0, open.length - 1)
  for (let i = 0; i < open.length; i++) {
    const branch = open[(from + i) % open.length]!
    if (branch.depth < Infinity) return branch
  }
  return nodes.find(branch => branch.depth < Infinity) ?? open[from]!
}

const onlyNull = ({ types, values }: Constraints): boolean =>
  (types?.length === 1 && types[0] === 'null') || (values !== undefined && values.every(value => value === null))

const NEGATIVE = new Map(['deleted', 'disabled', 'archived', 'banned', 'suspended', 'blocked', 'locked', 'expired', 'revoked', 'hidden', 'cancelled', 'canceled', 'failed', 'error'].map(name => [name, true]))

/** What is called `deleted` or `disabled` is not. */
function makeBoolean ({ key, random }: Place): boolean {
  const value = random.next() < 0.5
  return lookUp(NEGATIVE, key) === true ? false : value
}
