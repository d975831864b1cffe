import { isObject } from '../schema/subschemas.ts'
import type { Constraints } from './constraints.ts'
import { hintFor } from './example.ts'
import type { SchemaNode } from './node.ts'
import { ownerOf, recurs, step, type Place } from './place.ts'
import { textMaker } from './pattern.ts'

/** Deeper than this, nothing is made that is not required. */
const MAX_DEPTH = 6
const MAX_EXTRA = 1000

/** An object with all that is required, and what else is declared as long as there is room for it. */
export function makeObject (start: SchemaNode, place: Place): Record<string, unknown> {
  const { node, names } = settle(start, place)
  const hint = hintFor(node, place)
  const made = new Map<string, unknown>()
  const owner = ownerOf(node, place)
  const value = (name: string, budget: number) => {
    const its = isObject(hint) && Object.hasOwn(hint, name) ? hint[name] : node.constraints.preset.get(name)
    const property = node.property(name)
    return place.run.value(property, step(place, property, name, { key: name, budget, hint: its, owner }))
  }

  // Scalars first in the reckoning: containers share what they leave.
  const containers = names.filter(name => mayHold(node.property(name).constraints))
  let room = place.budget - (names.length - containers.length)
  let waiting = containers.length
  for (const name of names) {
    const isContainer = mayHold(node.property(name).constraints)
    const before = place.run.made
    made.set(name, value(name, isContainer ? Math.floor(room / waiting) : Math.max(place.budget, 0)))
    if (!isContainer) continue
    room -= place.run.made - before
    waiting--
  }
  for (const name of extraNames(node, place, names)) made.set(name, value(name, Math.floor(room / 3)))
  return Object.fromEntries(made)
}

/** The names of what is present; a schema that depends on one of them is merged in, which may bring others. */
function settle (start: SchemaNode, place: Place): { node: SchemaNode, names: string[] } {
  let node = start
  for (;;) {
    const names = namesOf(node, place)
    const due = node.constraints.dependentSchemas.find(([name, its]) =>
      names.includes(name) && isObject(its.schema) && !node.constraints.merged.has(its.schema))
    if (due === undefined) return { node, names }
    const next = node.and(due[1])
    if (next.constraints.choices.length > 0) return { node: next, names }
    node = next
  }
}

function namesOf (node: SchemaNode, place: Place): string[] {
  const { constraints } = node
  const required = new Set(constraints.required)
  for (const name of required) {
    // Grows while it is walked: what a dependency brings may have dependencies of its own.
    for (const [when, names] of constraints.dependentRequired) if (when === name) for (const other of names) required.add(other)
  }
  const declared = new Set(constraints.shapes.flatMap(({ properties }) => [...properties.keys()]))
  const names = new Set<string>()
  for (const name of [...declared, ...required]) {
    const property = node.property(name)
    // A required property that never ends is left out in the end: one thing wrong is the least.
    if (property.hidden || (property.depth === Infinity && recurs(place, property))) continue
    if (required.has(name) || (declared.has(name) && isWanted(name, node, place))) names.add(name)
  }
  dropExcluded(names, required, constraints)
  completeDependencies(names, required, node)
  if (names.size > constraints.maxProperties) {
    for (const name of [...names].reverse()) if (names.size > constraints.maxProperties && !required.has(name)) names.delete(name)
  }
  return [...names]
}

/** Whether a property that is not required is made all the same. */
function isWanted (name: string, node: SchemaNode, place: Place): boolean {
  const { constraints } = node
  if (constraints.preset.has(name)) return true
  if (place.attempt >= 5) return false
  const property = node.property(name)
  if (property.constraints.impossible) return false
  if (constraints.propertyNames.length > 0 && !constraints.propertyNames.every(its => place.run.accepts(node.graph.node(its), name))) return false
  if (place.budget <= 0) return false
  if (!mayHold(property.constraints)) return property.depth < Infinity
  return place.depth < MAX_DEPTH && !recurs(place, property) && property.depth < Infinity
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
  const isMap = names.length === 0 && budget > 0 && place.depth < MAX_DEPTH && place.attempt < 5 && !recurs(place, node.property('')) &&
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
