import type { Collection, Row } from '../collection/collection.ts'
import type { Operators, Test } from '../config-keys/condition.ts'
import { tokens } from '../json-pointer.ts'
import { isPointer } from './pointer-key.ts'
import { isScalar } from './scalars.ts'
import { otherPlace } from './same-as.ts'
import type { Subject } from './subject.ts'

/** The rows of a collection that come into question for a test of one row. */
export type Rows = (collection: Collection, subject: Subject) => readonly Row[]

/**
 * Compiles which rows a test of one row has to be tried on: where it asks that a property equal something, those that an index leads
 * to; a look-up by id then costs the same whatever the size of the collection.
 */
export function compileRows (test: Test): Rows {
  if (typeof test !== 'object' || test === null) return collection => collection.rows()
  for (const key of Object.keys(test)) {
    if (!isPointer(key)) continue
    const [property, ...rest] = tokens(key)
    const wanted = test[key]
    const expected = property === undefined || rest.length > 0 || wanted === undefined ? undefined : expectedOf(wanted)
    if (expected === undefined || property === undefined) continue
    return (collection, subject) => {
      const value = expected(subject)
      if (!isScalar(value)) return value === undefined ? NONE : collection.rows()
      if (property !== collection.idKey || typeof value === 'boolean' || typeof value === 'bigint') return collection.where(property, value)
      const row = collection.get(value)
      return row === undefined ? NONE : [row]
    }
  }
  return collection => collection.rows()
}

const NONE: readonly Row[] = []

/** What a property has to equal; undefined where that is not all that is asked, or not just so. */
function expectedOf (test: Test): ((subject: Subject) => unknown) | undefined {
  if (typeof test !== 'object' || test === null) return test === null ? undefined : () => test
  const { equals, same_as: other, ignore }: Operators = test
  if (ignore !== undefined) return undefined
  if (other !== undefined) return otherPlace(other, '').read
  return isScalar(equals) ? () => equals : undefined
}
