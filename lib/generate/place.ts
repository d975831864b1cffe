import type { Faker } from '@faker-js/faker'
import { createRandom, seedOf, type Random } from '../random.ts'
import { isObject } from '../schema/subschemas.ts'
import type { JsonSchema } from '../config.ts'
import type { SchemaNode } from './node.ts'
import { createPersona, type Persona } from './persona.ts'
import { singular, wordsOf } from './words.ts'

/** One call of `generate`. */
export interface Run {
  /** Faker, reading from the given stream. */
  faker (random: Random): Faker
  /** Makes the value of a node. */
  value (node: SchemaNode, place: Place): unknown
  /** Whether a value is valid against a node. */
  accepts (node: SchemaNode, value: unknown): boolean
  /** How many values were made so far, scalars and containers alike. */
  made: number
  /** How many values in what was made are known not to be valid. */
  gaveUp: number
  /** How many more times something may be made anew because it was not valid. */
  retries: number
}

/** Deeper than this, nothing is made that is not required. */
export const MAX_DEPTH = 6

/** Where a value stands. */
export class Place {
  readonly run: Run
  /** The place of the object or list that this is in. */
  readonly parent: Place | undefined
  /** What the value is made from. */
  readonly node: SchemaNode
  /** Made of the parent's seed and the key here, so that one property more or less changes nothing for the others. */
  readonly seed: number
  /** Name of the property; in a list, the name of the list. '' for the whole. */
  readonly key: string
  /** Index in the nearest list, 0 outside of lists. */
  readonly index: number
  readonly depth: number
  /** How many values this may be made of; at 0, only what is required. */
  readonly budget: number
  /** How often this was made before and found not valid. */
  readonly attempt: number
  /** Whether to leave examples and defaults alone, as what was made with them is not valid. */
  readonly fresh: boolean
  /** What the parent's example has for this place. */
  readonly hint: unknown
  /** What is asked to stand here, as far as it is valid: a value of the request; of an object, some of its properties. */
  readonly given: unknown
  readonly owner: Owner
  #random: Random | undefined

  constructor (at: Omit<Place, 'random'>) {
    this.run = at.run
    this.parent = at.parent
    this.node = at.node
    this.seed = at.seed
    this.key = at.key
    this.index = at.index
    this.depth = at.depth
    this.budget = at.budget
    this.attempt = at.attempt
    this.fresh = at.fresh
    this.hint = at.hint
    this.given = at.given
    this.owner = at.owner
  }

  /** This place's own stream. */
  get random (): Random {
    this.#random ??= createRandom(this.seed)
    return this.#random
  }
}

/** What is known of the object that a property belongs to. */
export interface Owner {
  /** What kind of thing it may be, the likeliest first: `user`, `product`. */
  entities (): readonly string[]
  /** Whom it is about; made when a property first asks. */
  persona (): Persona
}

interface Top {
  budget: number
  given: unknown
  key?: string
  fresh?: boolean
  index?: number
}

/** The place of a whole value; its `key` is what it is called, where it stands for a property or an item. */
export function topPlace (run: Run, node: SchemaNode, seed: number, { budget, key = '', given, fresh = false, index = 0 }: Top): Place {
  const owner = { entities: () => [], persona: () => createPersona(run.faker(createRandom(seed))) }
  return new Place({ run, parent: undefined, node, seed, key, index, depth: 0, budget, attempt: 0, fresh, hint: undefined, given, owner })
}

interface Step {
  budget: number
  hint?: unknown
  given?: unknown
  key?: string
  index?: number
  fresh?: boolean
  owner?: Owner
}

/** A place one step down: a property of an object, or an item of a list. */
export function step (from: Place, node: SchemaNode, at: string | number, { budget, hint, given, key = from.key, index = from.index, fresh = from.fresh, owner = from.owner }: Step): Place {
  return new Place({ run: from.run, parent: from, node, seed: seedOf(from.seed, at), key, index, depth: from.depth + 1, budget, attempt: 0, fresh, hint, given, owner })
}

/** From this try on, what is given is left alone: together with the rest it may not be valid. */
const WITHOUT_GIVEN = 6

/** The same place, for another try. */
export function again (place: Place, attempt: number): Place {
  if (attempt === 0) return place
  const { run, parent, node, key, index, depth, budget, hint, owner } = place
  const given = attempt < WITHOUT_GIVEN ? place.given : undefined
  return new Place({ run, parent, node, seed: seedOf(place.seed, 'again', attempt), key, index, depth, budget, attempt, fresh: place.fresh || attempt > 1, hint, given, owner })
}

/** Words that schemas are named with, and that do not say what the thing is. */
const WRAPPERS = new Set(['response', 'request', 'dto', 'model', 'schema', 'object', 'entity', 'base', 'full', 'details', 'detail', 'data', 'result', 'resource', 'item', 'items', 'list', 'collection', 'summary', 'info', 'simple', 'v1', 'v2', 'v3'])

/** What the object made from a node at a place is. */
export function ownerOf (node: SchemaNode, { run, seed, key }: Place): Owner {
  const { name = '', title = '' } = node.constraints
  let persona: Persona | undefined
  return {
    entities: () => [entityOf(name), entityOf(key), entityOf(title)],
    persona: () => (persona ??= createPersona(run.faker(createRandom(seedOf(seed, 'persona')))))
  }
}

/** For an item of a list: the first is about the list's owner, each further one about somebody else. */
export function ownerOfItem ({ run, seed, owner }: Place, index: number): Owner {
  if (index === 0) return owner
  return { entities: owner.entities, persona: () => createPersona(run.faker(createRandom(seedOf(seed, 'persona', index)))) }
}

/** `UserResponse` and `users` speak of a `user`. */
function entityOf (name: string): string {
  const words = wordsOf(name)
  const word = words.findLast((word, at) => at === 0 || !WRAPPERS.has(word))
  return word === undefined ? '' : singular(word)
}

/** How often a schema may stand inside of itself where it need not: a tree is shown with its children, and no more. */
const MAX_RECURSION = 1

/** Whether what a node is made of stands around it often enough already. */
export function recurs (place: Place, node: SchemaNode): boolean {
  const schemas = compound(node)
  let times = 0
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    const { merged } = at.node.constraints
    if (schemas.some(schema => merged.has(schema)) && ++times > MAX_RECURSION) return true
  }
  return false
}

const compounds = new WeakMap<SchemaNode, readonly JsonSchema[]>()

/** The schemas of a node by which a recursion can be told. */
function compound (node: SchemaNode): readonly JsonSchema[] {
  let known = compounds.get(node)
  if (known === undefined) {
    known = [...node.constraints.merged].filter(schema => isObject(schema) && Object.keys(schema).some(keyword => COMPOUND.has(keyword)))
    compounds.set(node, known)
  }
  return known
}

const COMPOUND = new Set(['properties', 'items', 'prefixItems', 'oneOf', 'anyOf', 'additionalProperties', 'patternProperties'])
