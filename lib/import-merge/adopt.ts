import { isDeepStrictEqual } from 'node:util'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { identityAt, pairUp } from './identity.ts'
import type { Note, Side } from './slot.ts'

/**
 * A base for a file of which nobody knows what it was imported from: what both have counts as it is on the side that gives way, so
 * that the other is taken; what only the document has is new, and what only the file has is its own.
 */
export function adoptedBase (mine: ObjectSchema, document: ObjectSchema, prefer: Side): ObjectSchema {
  const pairs = pairsOf(mine, document)
  const [own, theirs] = [membersOf(mine.schemas), membersOf(document.schemas)]
  const common = Object.keys(theirs).filter(name => Object.hasOwn(own, name))
  const { endpoints: _endpoints, schemas: _schemas, ...settings } = document
  return {
    ...Object.fromEntries(Object.entries(settings).filter(([key]) => Object.hasOwn(mine, key)).map(([key, value]) => [key, prefer === 'mine' ? value : mine[key]])),
    endpoints: pairs.map(pair => pair[prefer === 'mine' ? 'document' : 'mine']),
    schemas: Object.fromEntries(common.map(name => [name, prefer === 'mine' ? theirs[name] : own[name]]))
  }
}

/** A conflict for each endpoint and schema that both have, and that differs. */
export function unknownOrigins (mine: ObjectSchema, document: ObjectSchema): Note[] {
  const conflict = (path: Note['path'], own: unknown, theirs: unknown): Note[] => isDeepStrictEqual(own, theirs)
    ? []
    : [{ kind: 'conflict', isUnknown: true, path, base: undefined, mine: { value: own }, document: { value: theirs } }]
  const endpoints = pairsOf(mine, document).flatMap(pair =>
    conflict(['endpoints', { label: pair.label, item: { value: pair.mine }, own: { value: pair.mine } }], pair.mine, pair.document))
  const [own, theirs] = [membersOf(mine.schemas), membersOf(document.schemas)]
  const schemas = Object.keys(theirs).filter(name => Object.hasOwn(own, name)).flatMap(name => conflict(['schemas', name], own[name], theirs[name]))
  return [...endpoints, ...schemas]
}

function pairsOf (mine: ObjectSchema, document: ObjectSchema) {
  const [own, theirs] = [itemsOf(mine.endpoints), itemsOf(document.endpoints)]
  const identity = identityAt(['endpoints'], [], own, theirs)
  if (identity === undefined) return []
  return [...pairUp(theirs, own, identity)].map(([at, index]) => ({ label: identity.label(theirs[at]), mine: own[index], document: theirs[at] }))
}

const itemsOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : []
const membersOf = (value: unknown): ObjectSchema => isObject(value) ? value : {}
