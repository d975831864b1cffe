import type { Test, When } from '../config-keys/condition.ts'
import { child, tokens } from '../json-pointer.ts'
import { isObject } from '../schema/subschemas.ts'
import { memberOfBody } from './body-members.ts'
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
      // Case, ports and ranges are overlooked in the others; a path has no members.
      return (key === 'body' || key === 'path') && when[key] !== undefined ? keysIn(when[key], key, WHOLE_PARTS[key].read, ofBody) : []
    }
    if (key === 'all') return (when.all ?? []).flatMap(keysOf)
    if (!isNamedKey(key) || key === 'collections') return []
    return Object.entries(when[key] ?? {}).flatMap(([name, test]) =>
      keysIn(test, `${key} ${key === 'headers' ? name.toLowerCase() : name}`, NAMED_PARTS[key].reader(name), memberOf(NAMED_PARTS[key].reader(name))))
  })
}

/** @param member reads what is at a pointer, given what reads the whole */
function keysIn (test: Test, place: string, read: Read, member: Member): Key[] {
  if (typeof test !== 'object' || test === null) return keyOf(test, place, read)
  const { ignore, equals, contains, all } = test
  const members = (wanted: unknown): Key[] => Object.entries(isObject(wanted) ? wanted : {}).flatMap(([name, value]: [string, unknown]) =>
    keyOf(value, `${place} ${child('', name)}`, memberOf(read)([name])))
  const own = [...isScalar(equals) ? keyOf(equals, place, read) : members(equals), ...members(contains)]
  return [
    ...ignore === undefined ? own : [],
    ...(all ?? []).flatMap(part => keysIn(part, place, read, member)),
    ...Object.keys(test).filter(isPointer).flatMap(key => {
      const inner = test[key]
      const reader = member(tokens(key))
      return inner === undefined ? [] : keysIn(inner, `${place} ${key}`, reader, memberOf(reader))
    })
  ]
}

type Member = (path: readonly string[]) => Read

/** Of a list, any member may be meant: that is for the condition itself to see. */
const memberOf = (read: Read): Member => path => subject => {
  const value = read(subject)
  return Array.isArray(value) ? value : valueAt(value, path)
}

const ofBody: Member = path => {
  const read = memberOfBody(path)
  return subject => {
    const { body } = subject.request
    return Array.isArray(body) ? body : read(body, subject)
  }
}

const keyOf = (value: unknown, place: string, read: Read): Key[] =>
  isScalar(value) && typeof value !== 'bigint' ? [{ place, value: String(value), read }] : []
