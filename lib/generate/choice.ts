import type { Constraints } from './constraints.ts'
import { isDistinct } from './exclude.ts'
import { fittingBranches } from './given.ts'
import type { SchemaNode } from './node.ts'
import type { Place } from './place.ts'

/** So many times the shallowest branch is tried; then any, as it may be the one that cannot be met. */
const INSIST = 3

/** Of more branches, each is not compared with every other. */
const MOST_COMPARED = 200

/**
 * One of the branches: any that can be satisfied, but not null, and one with an example first. Where there is no more
 * room, the shallowest.
 */
export function chooseBranch (node: SchemaNode, place: Place): SchemaNode {
  const { branches, exclusive } = node.constraints.choices[0]!
  const { random, budget, attempt } = place
  const strict = exclusive && attempt % 2 === 1 && branches.length <= MOST_COMPARED
  const nodes = strict ? distinctBranches(node) : branches.map((_branch, index) => node.branch(index, false))
  if (budget <= 0 && attempt < INSIST) {
    return nodes.reduce((best, other) => other.depth < best.depth ? other : best)
  }
  const filled = nodes.filter(branch => !onlyNull(branch.constraints))
  const shown = attempt === 0 ? filled.filter(branch => branch.constraints.examples.length > node.constraints.examples.length) : []
  const open = shown.length > 0 ? shown : filled.length > 0 ? filled : nodes
  const fitting = fittingBranches(open, place)
  // Depths are asked for one by one, as each may have to look far.
  const from = random.int(0, fitting.length - 1)
  for (let i = 0; i < fitting.length; i++) {
    const branch = fitting[(from + i) % fitting.length]!
    if (branch.depth < Infinity) return branch
  }
  return nodes.find(branch => branch.depth < Infinity) ?? fitting[from]!
}

const onlyNull = ({ types, values }: Constraints): boolean =>
  (types?.length === 1 && types[0] === 'null') || (values !== undefined && values.every(value => value === null))

const distinct = new WeakMap<SchemaNode, readonly SchemaNode[]>()

/** The branches of a `oneOf` that can hold alone; all, if there is none. */
function distinctBranches (node: SchemaNode): readonly SchemaNode[] {
  let known = distinct.get(node)
  if (known === undefined) {
    const { branches } = node.constraints.choices[0]!
    const alone = branches.flatMap((_branch, index) =>
      isDistinct(node.branch(index, false), branches.filter((_other, at) => at !== index)) ? [index] : [])
    const indexes = alone.length > 0 ? alone : branches.map((_branch, index) => index)
    known = indexes.map(index => node.branch(index, true))
    distinct.set(node, known)
  }
  return known
}
