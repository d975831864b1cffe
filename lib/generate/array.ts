import { isObject } from '../schema/subschemas.ts'
import { hintFor } from './example.ts'
import type { SchemaNode } from './node.ts'
import { MAX_DEPTH, ownerOfItem, recurs, step, type Place } from './place.ts'
import { LEAN, mayHold } from './object.ts'

/** Lists are not made longer than this, whatever `minItems` says. */
const MAX_ITEMS = 10_000
const TRIES = 12

/**
 * A list of one to three items (two at least where it is the whole), or of as many as are asked for; the positions of a tuple
 * are all filled.
 */
export function makeArray (node: SchemaNode, place: Place): unknown[] {
  const { constraints } = node
  const { run } = place
  const positions = constraints.tuples.reduce((most, { prefix }) => Math.max(most, prefix.length), 0)
  const demands = constraints.contains.flatMap(({ schema, minimum }) => Array<typeof schema>(Math.min(minimum, MAX_ITEMS)).fill(schema))
  const least = Math.max(constraints.minItems, demands.length)
  const most = Math.min(constraints.maxItems, MAX_ITEMS)
  const given: readonly unknown[] | undefined = Array.isArray(place.given) ? place.given : undefined
  const wanted = Math.min(Math.max(least, given?.length ?? room(node, place, positions)), most)

  const hint = hintFor(node, place)
  const items: unknown[] = []
  const taken = constraints.unique ? new Set<string>() : undefined
  const started = run.made
  for (let index = 0; index < wanted; index++) {
    // What the list must contain comes first, after the positions of a tuple if there is room.
    const demand = demands[index - Math.max(0, Math.min(positions, wanted - demands.length))]
    const plain = node.item(index)
    const item = demand === undefined ? plain : plain.and(demand)
    if (item.depth === Infinity && (index >= least || recurs(place, item))) break
    const spent = run.made - started
    const left = place.budget - spent
    // The next item takes about as much as those before.
    if (given === undefined && index >= Math.max(least, positions, 1) && left < spent / index) break
    const budget = Math.floor(left / (wanted - index))
    const { gaveUp } = run
    const value = distinct(item, place, index, Array.isArray(hint) ? hint[index] : undefined, given?.[index], budget, taken)
    const fits = value !== NONE && run.gaveUp === gaveUp
    if (!fits && index >= least) {
      run.gaveUp = gaveUp
      break
    }
    items.push(value === NONE ? run.value(item, step(place, item, index, { index, budget })) : value)
  }
  return items
}

/** How many items there is room for. */
function room (node: SchemaNode, place: Place, positions: number): number {
  if (place.budget <= 0 || place.attempt >= LEAN) return 0
  if (positions > 0) return positions
  const item = node.item(0)
  if (mayHold(item.constraints) && (place.depth >= MAX_DEPTH || recurs(place, item))) return 0
  return item.depth === Infinity ? 0 : place.random.int(place.depth === 0 ? 2 : 1, 3)
}

const NONE = Symbol('none')

/** An item that is not in the list yet, where items must differ. */
function distinct (item: SchemaNode, place: Place, index: number, hint: unknown, given: unknown, budget: number, taken: Set<string> | undefined): unknown {
  for (let tries = 0; tries < TRIES; tries++) {
    const value = place.run.value(item, step(place, item, tries === 0 ? index : `${index} ${tries}`, {
      // A name may allow few values (`status`) or one (`offset`): in the end it is forgotten.
      key: tries < TRIES / 2 ? place.key : '',
      index,
      budget,
      owner: ownerOfItem(place, index + tries),
      hint: tries === 0 ? hint : undefined,
      given: tries === 0 ? given : undefined,
      fresh: place.fresh || tries > 0
    }))
    if (taken === undefined) return value
    const text = canonical(value)
    if (!taken.has(text)) {
      taken.add(text)
      return value
    }
  }
  const rest = domainOf(item)?.find(value => !taken?.has(canonical(value)) && place.run.accepts(item, value))
  if (rest === undefined) return NONE
  taken?.add(canonical(rest))
  return rest
}

/** All values of a node that allows only a few. */
function domainOf ({ constraints }: SchemaNode): readonly unknown[] | undefined {
  const { values, types, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = constraints
  if (values !== undefined) return values
  if (types?.length !== 1) return undefined
  if (types[0] === 'boolean') return [true, false]
  const from = Math.ceil(Math.max(minimum, exclusiveMinimum))
  const size = Math.floor(Math.min(maximum, exclusiveMaximum)) - from + 1
  return types[0] === 'integer' && size <= MAX_ITEMS ? Array.from({ length: Math.max(0, size) }, (_, at) => from + at) : undefined
}

/** The same text for what JSON Schema holds equal: the order of properties does not count. */
function canonical (value: unknown): string {
  return JSON.stringify(value, (_key, its: unknown) => isObject(its)
    ? Object.fromEntries(Object.entries(its).sort(([one], [other]) => one < other ? -1 : 1))
    : its)
}
