import { isObject } from '../schema/subschemas.ts'

/** Names of properties that lead to a value, from the outside in. */
export type PropertyPath = readonly string[]

/** What stands at a path; undefined where nothing does. */
export function valueAt (value: unknown, path: PropertyPath): unknown {
  let at = value
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  return at
}

/** Takes a property away. */
export const ABSENT = Symbol('absent')

/** A copy with another value at a path; the same where the path leads nowhere. */
export function withValueAt (value: unknown, path: PropertyPath, its: unknown): unknown {
  const [name, ...rest] = path
  if (name === undefined) return its
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  const inner = withValueAt(Object.hasOwn(value, name) ? value[name] : rest.length > 0 ? {} : undefined, rest, its)
  if (inner === ABSENT) return Object.fromEntries(entries.filter(([key]) => key !== name))
  // From entries, so that a property called `__proto__` stays one.
  return Object.fromEntries(Object.hasOwn(value, name) ? entries.map(([key, was]) => [key, key === name ? inner : was]) : [...entries, [name, inner]])
}
