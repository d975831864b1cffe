import type { JsonType } from '../schema/keywords.ts'
import type { Constraints } from './constraints.ts'
import type { SchemaNode } from './node.ts'

/** Nothing that ends needs to be deeper; what is, counts as endless. */
const MAX_DEPTH = 16

/** For each node: it fits into `enough` levels, and not into `tooFew`. */
const known = new WeakMap<SchemaNode, { enough: number, tooFew: number }>()

/**
 * Depth of the shallowest value that a node allows. It is searched level by level, so that a cycle of required properties
 * ends by itself and only what is required, as deep as needed, is looked at.
 */
export function depthOf (node: SchemaNode): number {
  for (let levels = 0; levels <= MAX_DEPTH; levels++) if (fits(node, levels)) return levels
  return Infinity
}

function fits (node: SchemaNode, levels: number): boolean {
  let bounds = known.get(node)
  if (bounds === undefined) known.set(node, bounds = { enough: Infinity, tooFew: -1 })
  if (levels >= bounds.enough) return true
  if (levels <= bounds.tooFew) return false
  const result = look(node, levels)
  if (result) bounds.enough = levels
  else bounds.tooFew = levels
  return result
}

function look (node: SchemaNode, levels: number): boolean {
  const { constraints } = node
  if (constraints.impossible) return false
  if (constraints.values !== undefined) return true
  const [choice] = constraints.choices
  if (choice !== undefined) return choice.branches.some((_branch, index) => fits(node.branch(index, false), levels))
  const types: ReadonlyArray<JsonType | undefined> = constraints.types ?? [likelyType(constraints)]
  return types.some(type => {
    if (type === 'object') return objectFits(node, levels)
    if (type === 'array') return arrayFits(node, levels)
    return true
  })
}

function objectFits (node: SchemaNode, levels: number): boolean {
  const { required, minProperties, maxProperties } = node.constraints
  if (minProperties > maxProperties) return false
  for (const name of required) {
    const property = node.property(name)
    // What is hidden is hidden also where it never ends.
    if (levels === 0 ? !property.hidden : !fits(property, levels - 1) && !property.hidden) return false
  }
  return levels > 0 || minProperties === 0
}

function arrayFits (node: SchemaNode, levels: number): boolean {
  const { minItems, maxItems, tuples, contains } = node.constraints
  if (minItems > maxItems) return false
  if (minItems === 0 && contains.every(({ minimum }) => minimum === 0)) return true
  if (levels === 0) return false
  // Items beyond the longest prefix are all alike.
  const distinct = tuples.reduce((most, { prefix }) => Math.max(most, prefix.length), 0) + 1
  for (let index = 0; index < Math.min(minItems, distinct); index++) if (!fits(node.item(index), levels - 1)) return false
  return contains.every(({ minimum, schema }) => minimum === 0 || fits(node.item(0).and(schema), levels - 1))
}

/** The type that the keywords speak of, where `type` itself does not say; undefined when they are silent too. */
export function likelyType (constraints: Constraints): JsonType | undefined {
  if (constraints.shapes.length > 0 || constraints.required.size > 0 || constraints.minProperties > 0 ||
    constraints.maxProperties < Infinity || constraints.dependentRequired.length > 0 || constraints.dependentSchemas.length > 0 ||
    constraints.propertyNames.length > 0 || constraints.unevaluatedProperties !== undefined || constraints.excluded.length > 0) return 'object'
  if (constraints.tuples.length > 0 || constraints.contains.length > 0 || constraints.unique || constraints.minItems > 0 ||
    constraints.maxItems < Infinity || constraints.unevaluatedItems !== undefined) return 'array'
  if (constraints.patterns.length > 0 || constraints.minLength > 0 || constraints.maxLength < Infinity) return 'string'
  if (constraints.multiples.length > 0 || constraints.minimum > -Infinity || constraints.maximum < Infinity ||
    constraints.exclusiveMinimum > -Infinity || constraints.exclusiveMaximum < Infinity) return 'number'
  return constraints.formats.length > 0 || constraints.encoding !== undefined ? 'string' : undefined
}
