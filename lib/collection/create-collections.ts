import { MOCK_ERR_COLLECTION_UNKNOWN } from '../errors.ts'
import type { Collection, Collections, CollectionsSnapshot, Row } from './collection.ts'
import { createCollection } from './create-collection.ts'
import { createSnapshots } from './create-snapshots.ts'
import { defineCollection } from './define-collection.ts'
import type { CollectionDefinition } from './definition.ts'
import type { CollectionChange, OwnedCollection } from './owned-collection.ts'
import { createSeedRows } from './seed-rows.ts'

export interface CollectionsOptions {
  /** Where timestamps come from. */
  now?: () => Date
  /** Makes ids that are random repeatable. */
  seed?: number | string | undefined
}

/** All collections of a scope, as the store owns them. */
export interface OwnedCollections extends Collections {
  get (name: string): OwnedCollection | undefined
  /**
   * Takes the definitions of a new configuration. Rows that were written stay, unless the property of the id is another; rows that
   * were not are those of the new seed. What was decided for collections whose seed is another although they were written to, is told.
   */
  configure (definitions: readonly CollectionDefinition[], seed?: number | string): CollectionNotice[]
  /** Makes collections known beside those of the configuration, empty: those of resources that are put in front of it. */
  learn (names: Iterable<string>): void
  /** Calls the listener after each change, until the returned function is called. */
  subscribe (listener: (change: CollectionChange) => void): () => void
  /** Those that were written to, also such as no configuration names any more. */
  written (): OwnedCollection[]
  /** The same rows for somebody who may write to them without writing to these. */
  fork (): OwnedCollections
}

/** A collection whose seed changed while it held rows that were written. */
export interface CollectionNotice {
  readonly name: string
  /** Whether the rows that were written stayed. */
  readonly kept: boolean
}

/** What somebody should know whose file says something else than what is served. */
export const inWords = ({ name, kept }: CollectionNotice): string => kept
  ? `the collection '${name}' starts with other rows now, and keeps those it has, as they were written to; reset it to have the new ones`
  : `the collection '${name}' has its ids elsewhere now, and what was written to it is gone`

const NOTHING = () => {}

/** Lists of rows that were handed out as snapshots, with the property of their ids: sound as they are. */
const settled = new WeakMap<readonly Row[], string>()

/**
 * Makes the collections of one scope. Rows of the seeds, and their indexes, are shared by all that are made of the same definitions.
 *
 * @example
 * const collections = createCollections([defineCollection('users', { rows: [{ id: 1, name: 'Ann' }] })])
 * collections.get('users')?.insert({ name: 'Bob' }) // { id: 2, name: 'Bob' }
 */
export function createCollections (definitions: readonly CollectionDefinition[] = [], { now = () => new Date(), seed }: CollectionsOptions = {}): OwnedCollections {
  const byName = new Map<string, OwnedCollection>()
  /** Those that no configuration names any more, with what was written to them: it may name them again. */
  const parked = new Map<string, OwnedCollection>()
  const learnt = new Map<string, CollectionDefinition>()
  const listeners = new Set<(change: CollectionChange) => void>()
  const ownSeed = Math.floor(Math.random() * 0xFFFFFFFF)
  let random = seed ?? ownSeed
  const surroundings = {
    now,
    seed: () => random,
    onChange (change: CollectionChange) {
      for (const listener of listeners) listener(change)
    }
  }
  for (const definition of definitions) byName.set(definition.name, createCollection(definition, surroundings))

  const known = (name: string): OwnedCollection => {
    const collection = byName.get(name)
    if (collection === undefined) throw unknownCollection(name, byName.keys())
    return collection
  }

  const collections: Omit<OwnedCollections, 'snapshots'> = {
    get: name => byName.get(name),
    names: () => [...byName.keys()],
    snapshot () {
      const lists = [...byName].map(([name, collection]): [string, readonly Row[]] => [name, collection.all()])
      for (const [name, rows] of lists) settled.set(rows, known(name).idKey)
      return Object.freeze(Object.fromEntries(lists))
    },
    restore (snapshot: CollectionsSnapshot) {
      const wanted = Object.entries(snapshot).map(([name, rows]) => {
        const collection = known(name)
        return { collection, rows: settledRows(collection, rows) }
      })
      for (const { collection, rows } of wanted) collection.load(rows)
    },
    reset (name) {
      if (name !== undefined) known(name).reset()
      else for (const collection of byName.values()) collection.reset()
    },
    configure (next, seed) {
      random = seed ?? ownSeed
      const notices: CollectionNotice[] = []
      const before = new Map([...parked, ...byName])
      byName.clear()
      const named = new Set(next.map(({ name }) => name))
      for (const definition of [...next, ...[...learnt.values()].filter(({ name }) => !named.has(name))]) {
        const collection = before.get(definition.name)
        before.delete(definition.name)
        parked.delete(definition.name)
        byName.set(definition.name, collection ?? createCollection(definition, surroundings))
        if (collection === undefined || collection.definition === definition) continue
        const isSame = collection.definition.fingerprint === definition.fingerprint
        const keepsRows = isSame || (collection.isWritten && collection.idKey === definition.seed.idKey)
        if (collection.isWritten && !isSame) notices.push({ name: definition.name, kept: keepsRows })
        collection.redefine(definition, keepsRows)
      }
      for (const [name, collection] of before) if (collection.isWritten) parked.set(name, collection)
      return notices
    },
    learn (names) {
      for (const name of names) {
        if (byName.has(name)) continue
        const definition = parked.get(name)?.definition ?? defineCollection(name, { seed: random })
        learnt.set(name, definition)
        byName.set(name, parked.get(name) ?? createCollection(definition, surroundings))
        parked.delete(name)
      }
    },
    subscribe (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    written: () => [...parked.values(), ...byName.values()].filter(({ isWritten }) => isWritten),
    fork () {
      const copy = createCollections([...byName.values()].map(({ definition }) => definition), { now, seed: random })
      for (const [name, collection] of byName) if (collection.isWritten) copy.get(name)?.load(collection.all())
      return copy
    }
  }
  return { ...collections, snapshots: createSnapshots(collections, now) }
}

/** What somebody made up is looked at as if it were inserted row by row, before anything is touched. */
function settledRows ({ definition }: OwnedCollection, rows: readonly Row[]): readonly Row[] {
  if (settled.get(rows) === definition.seed.idKey) return rows
  const trial = createCollection({ ...definition, seed: createSeedRows([], definition.seed.idKey) }, { now: () => new Date(), seed: () => 0, onChange: NOTHING })
  for (const row of rows) trial.insert(row)
  return trial.all()
}

export function unknownCollection (name: string, names: Iterable<string>): Error {
  const known = [...names]
  return new MOCK_ERR_COLLECTION_UNKNOWN(name, known.length === 0 ? 'the configuration has none' : `there are ${known.join(', ')}`)
}

/** The collection of that name. Throws MOCK_ERR_COLLECTION_UNKNOWN where there is none. */
export function collectionOf (collections: Pick<Collections, 'get' | 'names'>, name: string): Collection {
  const collection = collections.get(name)
  if (collection === undefined) throw unknownCollection(name, collections.names())
  return collection
}
