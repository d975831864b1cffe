import type { SchemaNode } from '../generate/node.ts'
import { wordsOf } from '../generate/words.ts'

/** The declared properties of an object, those of all branches of a `oneOf` or `anyOf` included. */
export function fieldsOf (node: SchemaNode): ReadonlyMap<string, SchemaNode> {
  let fields = known.get(node)
  if (fields === undefined) known.set(node, fields = collect(node, 0))
  return fields
}

const known = new WeakMap<SchemaNode, ReadonlyMap<string, SchemaNode>>()
/** Branches in branches are looked at so deep. */
const MAX_CHOICES = 3

function collect (node: SchemaNode, depth: number): Map<string, SchemaNode> {
  const { constraints } = node
  const fields = new Map<string, SchemaNode>()
  for (const { properties } of constraints.shapes) for (const name of properties.keys()) fields.set(name, node.property(name))
  const [choice] = constraints.choices
  if (choice === undefined || depth >= MAX_CHOICES) return fields
  for (const index of choice.branches.keys()) {
    for (const [name, field] of collect(node.branch(index, false), depth + 1)) if (!fields.has(name)) fields.set(name, field)
  }
  return fields
}

/** Whether values of the node may be of one of these types; yes where it does not say. */
export function mayBe (node: SchemaNode, ...types: readonly string[]): boolean {
  const { constraints } = node
  const own = constraints.types ?? (constraints.values === undefined ? undefined : [...new Set(constraints.values.map(value => typeof value))])
  if (own !== undefined) return own.some(type => types.includes(type))
  const [choice] = constraints.choices
  if (choice === undefined) return true
  return choice.branches.some((_branch, index) => mayBe(node.branch(index, false), ...types))
}

/** Whether something with properties of its own. */
export const isObjectNode = (node: SchemaNode): boolean => mayBe(node, 'object') && fieldsOf(node).size > 0

/** Whether it is a list and nothing else, but null. */
export function isListNode ({ constraints }: SchemaNode): boolean {
  const { types, tuples } = constraints
  return types === undefined ? tuples.length > 0 && constraints.choices.length === 0 : types.includes('array') && types.every(type => type === 'array' || type === 'null')
}

/** Names in one spelling: `userId`, `user-id` and `user_id` are `user_id`. */
export const spelled = (name: string): string => wordsOf(name).join('_')
