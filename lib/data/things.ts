import type { JsonSchema } from '../config.ts'
import type { Generator } from '../generate/generator.ts'
import { readingsOf } from '../generate/given.ts'
import type { SchemaNode } from '../generate/node.ts'
import { seedOf } from '../random.ts'
import { isObject } from '../schema/subschemas.ts'
import { identifyingFields, ownIdentifier, scopeFields } from './identity.ts'
import { fieldsOf } from './object-fields.ts'
import type { PathPlace } from './path-place.ts'

/** Things of one kind, each told from the others by its id: the users of `/users`, the orders of one user. */
export interface Kind {
  /** The path of their collection, without names: `/users/{}/orders`. */
  readonly collection: string
  /** What they are called: `orders`. */
  readonly name: string
  /** Parameters of the path that they lie below. */
  readonly scope: PathPlace['scope']
  /** Name of their id among the path parameters, and what it has to be like. */
  readonly id: string | undefined
  readonly idSchema: JsonSchema | undefined
}

/** How many values a thing is made of, about: alone as much as among others, so that it is the same thing. */
const BUDGET = 100

/** Which of the fields of a thing are told by its path. */
export interface Identity {
  /** Fields that may hold the id, the likeliest first. */
  readonly fields: readonly string[]
  /** Fields for each parameter of the scope. */
  readonly scope: ReadonlyArray<readonly string[]>
}

export function identityOf (node: SchemaNode, kind: Kind, generator: Generator): Identity {
  const own = ownIdentifier(node)
  const types = kind.idSchema === undefined ? undefined : generator.node(kind.idSchema).constraints.types
  const isNumber = types !== undefined && types.every(type => type === 'integer' || type === 'number')
  return {
    fields: kind.id === undefined ? (own === undefined ? [] : [own]) : identifyingFields(node, kind.id, kind.name, isNumber),
    scope: kind.scope.map(({ name, after }) => scopeFields(node, name, after))
  }
}

/** Fields of a thing with the values that its path has for them, as far as they are valid there. */
export function toldByPath (node: SchemaNode, identity: Identity, generator: Generator, scope: readonly unknown[], id: unknown): Record<string, unknown> {
  const told: Record<string, unknown> = {}
  const fields = fieldsOf(node)
  const tell = (names: readonly string[], value: unknown) => {
    if (value === undefined) return
    for (const name of names) {
      const field = fields.get(name)
      const reading = field === undefined ? undefined : readingsOf(value).find(its => generator.accepts(field, its))
      if (reading === undefined) continue
      told[name] = reading
      return
    }
  }
  for (const [index, names] of identity.scope.entries()) tell(names, scope[index])
  tell(identity.fields, id)
  return told
}

/**
 * One thing. What it is depends on the seed, its kind, where it lies and its id, and on nothing else: asked for by its id it is
 * what a list shows.
 */
export function makeThing (generator: Generator, node: SchemaNode, kind: Kind, seed: number | string, scope: readonly unknown[], id: unknown, given: Readonly<Record<string, unknown>>) {
  const own = seedOf(seed, kind.collection, ...scope.map(String), 'thing', String(id))
  // Whatever else identifies it (`node_id`, `uuid`) is the example's only where the id is.
  const index = isExample(node, id) ? 0 : 1 + own % MAX_INDEX
  return generator.make(node, own, { given, key: kind.name, budget: BUDGET, index })
}

const MAX_INDEX = 99_991

const shown = new WeakMap<SchemaNode, ReadonlySet<string>>()

/** Whether an example of the schema has this id. */
function isExample (node: SchemaNode, id: unknown): boolean {
  let ids = shown.get(node)
  if (ids === undefined) {
    const wholes = node.constraints.examples.flat().flatMap(value => isObject(value) ? Object.values(value) : [])
    const parts = [...fieldsOf(node)].flatMap(([, field]) => field.constraints.examples.flat())
    shown.set(node, ids = new Set([...wholes, ...parts].filter(value => typeof value === 'string' || typeof value === 'number').map(String)))
  }
  return ids.has(String(id))
}

/** Ids are made unlike each other up to here; beyond, it would take longer than it is worth. */
const MAX_COMPARED = 200

/**
 * The ids of the things of a collection, by their place in it. Numbers follow each other; others are each made by itself.
 *
 * @param field what holds the id, as the things and their paths have it
 */
export function idsOf (generator: Generator, field: SchemaNode, name: string, kind: Kind, seed: number | string, scope: readonly unknown[]): (index: number) => unknown {
  const joined = kind.idSchema === undefined ? field : field.and({ schema: kind.idSchema, root: kind.idSchema })
  const node = joined.depth === Infinity ? field : joined
  const make = (index: number, attempt: number): unknown => {
    const { value } = generator.make(node, seedOf(seed, kind.collection, ...scope.map(String), 'id', index, attempt), { key: name, budget: 1, fresh: index > 0 || attempt > 0 })
    return value
  }
  const first = make(0, 0)
  const known = new Map<unknown, number>([[first, 0]])
  const made: unknown[] = [first]
  return index => {
    if (typeof first === 'number') {
      const next = first + index
      if (Number.isSafeInteger(next) && generator.accepts(node, next)) return next
    }
    if (index >= MAX_COMPARED) return make(index, 0)
    for (let at = made.length; at <= index; at++) {
      let value = make(at, 0)
      for (let attempt = 1; attempt < 8 && known.has(value); attempt++) value = make(at, attempt)
      known.set(value, at)
      made.push(value)
    }
    return made[index]
  }
}
