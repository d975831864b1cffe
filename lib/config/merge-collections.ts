import type { CollectionOptions } from '../config.ts'
import { child } from '../json-pointer.ts'
import { quote } from './describe.ts'
import { freezeCollection } from './freeze.ts'
import { formatPlace } from './place.ts'
import { asSchema, mapReferences, type VisitReference } from './references.ts'
import type { Report } from './report.ts'
import type { Unit } from './unit.ts'

/** A collection among those of all files, and the file that it comes from. */
export interface CollectionMember {
  readonly unit: Unit
  readonly collection: CollectionOptions
}

/** The collections of all files, by name. */
export interface CollectionPool {
  readonly members: ReadonlyMap<string, CollectionMember>
  /** Adds those of a file; `visit` turns its references into those to renamed schemas. Offers pauses. */
  add (unit: Unit, visit: VisitReference | undefined): Generator<void, void>
}

/** Collections are merged by name: of two that are written, the first counts, and the other is told. */
export function createCollectionPool (report: Report): CollectionPool {
  const members = new Map<string, CollectionMember>()
  return {
    members,
    * add (unit, visit) {
      for (const [name, written] of Object.entries(unit.config.collections ?? {})) {
        const earlier = members.get(name)
        if (earlier === undefined) {
          const options: CollectionOptions = Array.isArray(written) ? { rows: written } : written
          const { schema } = options
          const moved = visit === undefined || schema === undefined ? options : { ...options, schema: asSchema(mapReferences(schema, '', visit)) }
          members.set(name, { unit, collection: yield * freezeCollection(moved, unit.file !== undefined) })
          continue
        }
        const pointer = child('/collections', name)
        const message = `the collection ${quote(name)} is already defined at ${formatPlace(earlier.unit.place, pointer, 'key')}, which counts`
        report.add({ severity: 'warning', code: 'duplicate-collection', message, pointer, target: 'key' }, unit.place)
      }
    }
  }
}
