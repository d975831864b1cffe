import type { Test, When } from '../config-keys/condition.ts'
import { tokens } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { valueAt } from './own-value.ts'
import { isNamedKey, isWholeKey, NAMED_PARTS, WHOLE_PARTS } from './parts.ts'
import { isPointer } from './pointer-key.ts'
import { isScalar } from './scalars.ts'
import type { Subject } from './subject.ts'

/** A scalar that a condition needs to find at a place: without it, it does not hold. */
export interface Key {
  /** The same for the same place: `body /type`. */
  readonly place: string
  /** As a text: 7 and "7" are told apart by the condition itself. */
  readonly value: string
  read (subject: Subject): unknown
}

type Read = Key['read']

/** The scalars that a condition needs to find, each at its place. State is left out: conditions on it are few. */
export function keysOf (when: When): Key[] {
  return Object.keys(when).flatMap(key => {
    if (isWholeKey(key)) {
      // Case, ports and ranges are overlooked in the others.
      return (key === 'body' || key === 'path') && when[key] !== undefined ? keysIn(when[key], key, WHOLE_PARTS[key].read) : []
    }
    if (key === 'all') return (when.all ?? []).flatMap(keysOf)
    if (!isNamedKey(key) || key === 'collections') return []
    return Object.entries(when[key] ?? {}).flatMap(([name, test]) =>
      keysIn(test, `${key} ${key === 'headers' ? name.toLowerCase() : name}`, NAMED_PARTS[key].reader(name)))
  })
}

function keysIn (test: Test, place: string, read: Read): Key[] {
  if (typeof test !== 'object' || test === null) return keyOf(test, place, read)
  const overlooks = test.ignore !== undefined
  return Object.keys(test).flatMap(key => {
    if (key === 'equals' && !overlooks) return isObject(test.equals) ? membersOf(test.equals, place, read) : keyOf(test.equals, place, read)
    if (key === 'contains' && !overlooks) return isObject(test.contains) ? membersOf(test.contains, place, read) : []
    if (key === 'all') return (test.all ?? []).flatMap(part => keysIn(part, place, read))
    if (!isPointer(key)) return []
    const path = tokens(key)
    const inner = test[key]
    return inner === undefined ? [] : keysIn(inner, `${place} ${key}`, subject => valueAt(read(subject), path))
  })
}

const membersOf = (members: object, place: string, read: Read): Key[] =>
  Object.entries(members).flatMap(([name, value]: [string, unknown]) => keyOf(value, `${place} /${name}`, subject => valueAt(read(subject), [name])))

const keyOf = (value: unknown, place: string, read: Read): Key[] =>
  isScalar(value) && typeof value !== 'bigint' ? [{ place, value: String(value), read }] : []
