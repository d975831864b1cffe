import type { Located } from '../schema/references.ts'
import { collect } from './collect.ts'
import { copyConstraints, type Constraints } from './constraints.ts'
import { SchemaNode, type Graph } from './node.ts'

/**
 * Sees to it that other branches of a `oneOf` do not hold: by leaving out a property that they require, or, where they
 * require nothing of their own, by a property that they declare and that is not as they declare it.
 */
export function exclude (constraints: Constraints, others: readonly Located[], graph: Graph): void {
  for (const other of others) {
    const names = missable(constraints, graph.node(other).constraints)
    if (names.length > 0) constraints.excluded = [...constraints.excluded, names]
    else if (!isDisjoint(constraints, other, graph)) spoil(constraints, graph.node(other).constraints, graph)
  }
}

/** Whether a branch can do without spoiling: no other branch can hold as well, or a missing property tells them apart. */
export function isDistinct (node: SchemaNode, others: readonly Located[]): boolean {
  const { constraints, graph } = node
  return others.every(other =>
    missable(constraints, graph.node(other).constraints).length > 0 || isDisjoint(constraints, other, graph))
}

/** What the other requires and this one does not. */
const missable = (constraints: Constraints, other: Constraints): string[] =>
  [...other.required].filter(name => !constraints.required.has(name))

/** Whether no value can satisfy both. */
function isDisjoint (constraints: Constraints, other: Located, graph: Graph): boolean {
  const both = copyConstraints(constraints)
  collect(both, other, graph.references)
  return new SchemaNode(graph, [], both).depth === Infinity
}

function spoil (constraints: Constraints, other: Constraints, graph: Graph): void {
  const declared = new Set(constraints.shapes.flatMap(({ properties }) => [...properties.keys()]))
  if (constraints.shapes.some(({ additional }) => additional !== undefined)) return
  for (const { properties, root } of other.shapes) {
    for (const [name, schema] of properties) {
      if (declared.has(name)) continue
      const { types } = graph.node({ schema, root }).constraints
      const not = types === undefined ? schema : { type: types }
      collect(constraints, { schema: { required: [name], properties: { [name]: { not } } }, root }, graph.references)
      return
    }
  }
}
