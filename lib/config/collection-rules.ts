import type { CollectionOptions, Config } from '../config.ts'
import { child } from '../json-pointer.ts'
import type { Finding } from './report.ts'

/** The ways to say what rows there are, of which a collection has one at most. */
const SOURCES = ['rows', 'file', 'count'] as const

/** What a schema cannot say about the collections of a configuration. */
export function * collectionsRules ({ collections = {} }: Config): Generator<Finding> {
  for (const [name, collection] of Object.entries(collections)) {
    if (!Array.isArray(collection)) yield * collectionRules(collection, child('/collections', name))
  }
}

function * collectionRules (collection: CollectionOptions, pointer: string): Generator<Finding> {
  const [first, second] = SOURCES.filter(key => collection[key] !== undefined)
  if (first !== undefined && second !== undefined) {
    yield { code: 'conflicting-keys', message: `'${first}' and '${second}' both say what rows there are`, hint: 'keep one of them', pointer: child(pointer, second), target: 'key' }
  }
  if (collection.row !== undefined && collection.count === undefined) {
    yield { code: 'missing-key', message: "'row' is for rows that are made, and 'count' does not say how many", hint: "add 'count'", pointer: child(pointer, 'row'), target: 'key' }
  }
  if (collection.count !== undefined && collection.row === undefined && collection.schema === undefined) {
    yield { code: 'missing-key', message: "'count' says how many rows to make, and neither 'row' nor 'schema' says of what", hint: "add 'row' or 'schema'", pointer: child(pointer, 'count'), target: 'key' }
  }
}
