import type { JsonSchema } from '../config.ts'
import type { Located, References } from '../schema/references.ts'
import { isObject } from '../schema/subschemas.ts'
import { collect } from './collect.ts'
import { copyConstraints, noConstraints, type Constraints } from './constraints.ts'
import { depthOf } from './depth.ts'
import { exclude } from './exclude.ts'

export type Mode = 'response' | 'request'

/** What the nodes of one generator share. */
export interface Graph {
  readonly references: References
  readonly mode: Mode
  /** The node of a schema; the same schema gives the same node. */
  node (located: Located): SchemaNode
}

export function createGraph (references: References, mode: Mode): Graph {
  const nodes = new WeakMap<object, SchemaNode>()
  const booleans = new Map<JsonSchema, SchemaNode>()
  const graph: Graph = {
    references,
    mode,
    node (located) {
      const { schema } = located
      let node = isObject(schema) ? nodes.get(schema) : booleans.get(schema)
      if (node === undefined) {
        node = new SchemaNode(graph, [located])
        if (isObject(schema)) nodes.set(schema, node)
        else booleans.set(schema, node)
      }
      return node
    }
  }
  return graph
}

/**
 * The schemas that apply to one value, prepared for making it. Everything here is worked out when it is first asked for,
 * and only as far as asked: a document may connect all of its schemas, and no answer should wait for more than its own.
 */
export class SchemaNode {
  readonly graph: Graph
  readonly parts: readonly Located[]
  #constraints: Constraints | undefined
  #depth: number | undefined
  /** The declared properties alone: names that are made up may be any number. */
  #properties: Map<string, SchemaNode> | undefined
  #items: Map<number, SchemaNode> | undefined
  #branches: Map<number, SchemaNode> | undefined
  #narrowed: Map<JsonSchema, SchemaNode> | undefined

  constructor (graph: Graph, parts: readonly Located[], constraints?: Constraints) {
    this.graph = graph
    this.parts = parts
    this.#constraints = constraints
  }

  get constraints (): Constraints {
    if (this.#constraints === undefined) {
      this.#constraints = noConstraints()
      for (const part of this.parts) collect(this.#constraints, part, this.graph.references)
    }
    return this.#constraints
  }

  /** Depth of the shallowest valid value: 0 for a scalar or something empty; Infinity when there is none. */
  get depth (): number {
    this.#depth ??= depthOf(this)
    return this.#depth
  }

  /** Whether the property of this schema does not belong in this direction. */
  get hidden (): boolean {
    return this.graph.mode === 'response' ? this.constraints.writeOnly : this.constraints.readOnly
  }

  /** What holds for a property, from all the schemas that speak of it. */
  property (name: string): SchemaNode {
    const known = this.#properties?.get(name)
    if (known !== undefined) return known
    const { shapes, unevaluatedProperties } = this.constraints
    const parts: Located[] = []
    let matched = false
    for (const { root, properties, patterns, additional } of shapes) {
      const before = parts.length
      const own = properties.get(name)
      if (own !== undefined) parts.push({ schema: own, root })
      for (const { matches, schema } of patterns) if (matches?.(name)) parts.push({ schema, root })
      if (parts.length > before) matched = true
      else if (additional !== undefined) {
        parts.push({ schema: additional, root })
        matched = true
      }
    }
    if (!matched && unevaluatedProperties !== undefined) parts.push(unevaluatedProperties)
    const node = this.#join(parts)
    if (shapes.some(shape => shape.properties.has(name))) {
      this.#properties ??= new Map()
      this.#properties.set(name, node)
    }
    return node
  }

  /** What holds for the item at an index. */
  item (index: number): SchemaNode {
    const { tuples, unevaluatedItems } = this.constraints
    // Beyond all prefixes every index is like the next.
    const at = Math.min(index, tuples.reduce((most, { prefix }) => Math.max(most, prefix.length), 0))
    const known = this.#items?.get(at)
    if (known !== undefined) return known
    const parts: Located[] = []
    for (const { root, prefix, rest } of tuples) {
      const schema = at < prefix.length ? prefix[at] : rest
      if (schema !== undefined) parts.push({ schema, root })
    }
    if (parts.length === 0 && unevaluatedItems !== undefined) parts.push(unevaluatedItems)
    const node = this.#join(parts)
    this.#items ??= new Map()
    this.#items.set(at, node)
    return node
  }

  /**
   * This node with its first choice made.
   *
   * @param strict whether to make sure, as far as can be told, that the other branches do not hold as well
   */
  branch (index: number, strict: boolean): SchemaNode {
    const key = strict ? -index - 1 : index
    const known = this.#branches?.get(key)
    if (known !== undefined) return known
    const [choice, ...later] = this.constraints.choices
    const { branches, discriminator } = choice!
    const constraints = copyConstraints(this.constraints)
    constraints.choices = later
    const value = discriminator?.values[index]
    if (discriminator !== undefined && value !== undefined) constraints.preset = new Map([...constraints.preset, [discriminator.property, value]])
    // What is made is the branch, whatever the schema is called that leaves the choice.
    constraints.name = undefined
    collect(constraints, branches[index]!, this.graph.references)
    constraints.name ??= this.constraints.name
    if (strict) exclude(constraints, branches.filter((_branch, at) => at !== index), this.graph)
    const node = new SchemaNode(this.graph, [...this.parts, branches[index]!], constraints)
    this.#branches ??= new Map()
    this.#branches.set(key, node)
    return node
  }

  /** This node with one more schema that must hold. */
  and (located: Located): SchemaNode {
    const known = this.#narrowed?.get(located.schema)
    if (known !== undefined) return known
    const constraints = copyConstraints(this.constraints)
    collect(constraints, located, this.graph.references)
    const node = new SchemaNode(this.graph, [...this.parts, located], constraints)
    this.#narrowed ??= new Map()
    this.#narrowed.set(located.schema, node)
    return node
  }

  #join (parts: readonly Located[]): SchemaNode {
    const [first] = parts
    return first !== undefined && parts.length === 1 ? this.graph.node(first) : new SchemaNode(this.graph, parts)
  }
}
