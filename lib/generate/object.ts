import { isObject } from '../schema/subschemas.ts'
import type { Constraints } from './constraints.ts'
import { givenAt, givenNames } from './given.ts'
import { hintFor } from './example.ts'
import type { SchemaNode } from './node.ts'
import { MAX_DEPTH, ownerOf, recurs, step, type Place } from './place.ts'
import { textMaker } from './pattern.ts'
import { chooseBranch } from './choice.ts'

const MAX_EXTRA = 1000
/** From this try on, nothing is made that need not be. */
export const LEAN = 5

/** A declared or required property of a node. */
interface Member {
  readonly name: string
  readonly node: SchemaNode
  readonly required: boolean
  /** Whether it may hold other values. */
  readonly container: boolean
}

/** An object with all that is required, and what else is declared as long as there is room for it. */
export function makeObject (start: SchemaNode, place: Place): Record<string, unknown> {
  const { node, members } = settle(start, place)
  const { run } = place
  const { preset } = node.constraints
  const hint = hintFor(node, place)
  const owner = ownerOf(node, place)
  const made: Record<string, unknown> = {}
  const make = (name: string, property: SchemaNode, budget: number, required: boolean) => {
    const { gaveUp } = run
    const its = isObject(hint) && Object.hasOwn(hint, name) ? hint[name] : preset.get(name)
    const given = givenAt(place, name)
    const value = run.value(property, step(place, property, name, { key: name, budget, hint: its, given, owner }))
    // What need not be there is rather left out than wrong.
    if (run.gaveUp > gaveUp && !required) run.gaveUp = gaveUp
    else define(made, name, value)
  }

  // Scalars first in the reckoning: containers share what they leave.
  let waiting = members.reduce((count, { container }) => container ? count + 1 : count, 0)
  let room = place.budget - (members.length - waiting)
  for (const { name, node, required, container } of members) {
    const before = run.made
    make(name, node, container ? Math.floor(room / waiting) : place.budget, required)
    if (!container) continue
    room -= run.made - before
    waiting--
  }
  for (const name of extraNames(node, place, members.map(({ name }) => name))) make(name, node.property(name), Math.floor(room / 3), true)
  return made
}

/** Sets an own property, also where an assignment would set the prototype. */
function define (object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  else object[name] = value
}

/** What is present; a schema that depends on one of the properties is merged in, which may bring others. */
function settle (start: SchemaNode, place: Place): { node: SchemaNode, members: readonly Member[] } {
  let node = start
  for (;;) {
    const members = present(node, place)
    const due = node.constraints.dependentSchemas.find(([name, its]) =>
      members.some(member => member.name === name) && isObject(its.schema) && !node.constraints.merged.has(its.schema))
    if (due === undefined) return { node, members }
    node = node.and(due[1])
    while (node.constraints.choices.length > 0) node = chooseBranch(node, place)
  }
}

const declared = new WeakMap<SchemaNode, readonly Member[]>()

/** All declared properties, and what is required besides, without those of the other direction. */
function membersOf (node: SchemaNode): readonly Member[] {
  let members = declared.get(node)
  if (members !== undefined) return members
  const { shapes, required, dependentRequired } = node.constraints
  const needed = new Set(required)
  for (const name of needed) {
    // Grows while it is walked: what a dependency brings may have dependencies of its own.
    for (const [when, names] of dependentRequired) if (when === name) for (const other of names) needed.add(other)
  }
  const names = new Set([...shapes.flatMap(({ properties }) => [...properties.keys()]), ...needed])
  members = [...names].flatMap(name => {
    const property = node.property(name)
    return property.hidden ? [] : [{ name, node: property, required: needed.has(name), container: mayHold(property.constraints) }]
  })
  declared.set(node, members)
  return members
}

function present (node: SchemaNode, place: Place): readonly Member[] {
  const { constraints } = node
  const all = membersOf(node)
  const wanted = all.filter(member => isPresent(member, node, place))
  const { excluded, dependentRequired, maxProperties } = constraints
  if (excluded.length === 0 && dependentRequired.length === 0 && wanted.length <= maxProperties) return wanted
  const names = new Set(wanted.map(({ name }) => name))
  const required = new Set(all.filter(member => member.required).map(({ name }) => name))
  dropExcluded(names, required, constraints)
  completeDependencies(names, required, node)
  for (const name of [...names].reverse()) if (names.size > maxProperties && !required.has(name)) names.delete(name)
  const undeclared = [...names].filter(name => !all.some(member => member.name === name))
  return [
    ...all.filter(({ name }) => names.has(name)),
    ...undeclared.map(name => ({ name, node: node.property(name), required: true, container: mayHold(node.property(name).constraints) }))
  ]
}

function isPresent ({ name, node: property, required, container }: Member, node: SchemaNode, place: Place): boolean {
  // A required property that never ends is left out in the end: one thing wrong is the least.
  if (required) return property.depth < Infinity || !recurs(place, property)
  const { preset, propertyNames } = node.constraints
  if (preset.has(name)) return true
  if (property.constraints.impossible) return false
  if (givenAt(place, name) !== undefined) return true
  if (place.attempt >= LEAN || place.budget <= 0) return false
  if (!propertyNames.every(its => place.run.accepts(node.graph.node(its), name))) return false
  if (container && (place.depth >= MAX_DEPTH || recurs(place, property))) return false
  return property.depth < Infinity
}

/** Of names that must not all be present, leaves one out. */
function dropExcluded (names: Set<string>, required: ReadonlySet<string>, { excluded }: Constraints): void {
  for (const together of excluded) {
    if (!together.every(name => names.has(name))) continue
    const spare = together.findLast(name => !required.has(name))
    if (spare !== undefined) names.delete(spare)
  }
}

/** What is present brings what it depends on, unless that cannot be: then it is left out itself. */
function completeDependencies (names: Set<string>, required: ReadonlySet<string>, node: SchemaNode): void {
  for (const [name, others] of node.constraints.dependentRequired) {
    if (!names.has(name) || others.every(other => names.has(other))) continue
    const possible = others.every(other => node.property(other).depth < Infinity)
    if (!required.has(name) && !possible) names.delete(name)
    else for (const other of others) names.add(other)
  }
}

/** Whether something with an inside may come of it. */
export function mayHold ({ types, choices, values, shapes, tuples }: Constraints): boolean {
  if (values !== undefined) return false
  if (choices.length > 0) return true
  return types === undefined ? shapes.length > 0 || tuples.length > 0 : types.includes('object') || types.includes('array')
}

/** Names that are not declared: as many as `minProperties` still asks for, or a few where the object is a map. */
function * extraNames (node: SchemaNode, place: Place, names: readonly string[]): Generator<string> {
  const { constraints } = node
  const { run, random, budget } = place
  const { shapes, minProperties, maxProperties } = constraints
  if (names.length === 0 && givenNames(place).length > 0) {
    yield * givenNames(place).filter(name => !node.property(name).hidden).slice(0, maxProperties)
    return
  }
  const isMap = names.length === 0 && budget > 0 && place.depth < MAX_DEPTH && place.attempt < LEAN && !recurs(place, node.property('')) &&
    shapes.some(({ properties, patterns, additional }) => properties.size === 0 && (patterns.length > 0 || isObject(additional)))
  const missing = Math.min(minProperties - names.length, MAX_EXTRA)
  const wanted = Math.min(Math.max(missing, isMap ? random.int(1, 3) : 0), maxProperties - names.length)
  const taken = new Set(names)
  for (let tries = 0; tries < wanted * 8 && taken.size < names.length + wanted; tries++) {
    const name = extraName(node, place, tries)
    if (name === undefined || taken.has(name)) continue
    const property = node.property(name)
    if (property.hidden || property.depth === Infinity) continue
    if (!constraints.propertyNames.every(its => run.accepts(node.graph.node(its), name))) continue
    taken.add(name)
    yield name
  }
}

function extraName (node: SchemaNode, place: Place, tries: number): string | undefined {
  const { propertyNames, shapes } = node.constraints
  const { random, run } = place
  const [first, ...others] = propertyNames
  if (first !== undefined) {
    const names = others.reduce((joined, its) => joined.and(its), node.graph.node(first)).and({ schema: ANY_TEXT, root: true })
    const name = run.value(names, step(place, names, `name ${tries}`, { key: '', budget: 1 }))
    return typeof name === 'string' ? name : undefined
  }
  const patterns = shapes.flatMap(({ patterns }) => patterns.map(({ source }) => source))
  if (patterns.length > 0 && tries % 2 === 0) {
    const pattern = random.pick(patterns)
    const name = textMaker(pattern)?.(random, 4)
    if (name !== undefined) return name
  }
  return run.faker(random).word.noun() + (tries > 100 ? String(tries) : '')
}

const ANY_TEXT = { type: 'string' }
