import type { JSONPathQuery, JSONValue } from 'json-p3'
import { isObject, type JsonObject } from './json-object.ts'

/** Where a value stands: the keys that lead to it. */
export type Location = ReadonlyArray<string | number>

/** A document on which changes are made. Each says what is doubtful about it. */
export interface Overlaid {
  readonly value: unknown
  find (query: JSONPathQuery): Location[]
  at (location: Location): unknown
  remove (locations: readonly Location[]): string | undefined
  update (locations: readonly Location[], value: unknown): string | undefined
}

/**
 * The original is never changed: what is on the way to a change is copied, once. That also keeps a change in its place where one
 * object stands in several (YAML aliases).
 */
export function createOverlaid (original: unknown): Overlaid {
  let root = original
  /** Copies that were made here, and may be changed. */
  const owned = new WeakSet<object>()

  function own (value: unknown): unknown {
    if (typeof value !== 'object' || value === null || owned.has(value)) return value
    const copy = Array.isArray(value) ? [...value] : { ...value }
    owned.add(copy)
    return copy
  }

  /** The container of a place, fit to be changed; undefined when it is gone. */
  function containerOf (location: Location): unknown {
    root = own(root)
    let holder = root
    for (const key of location.slice(0, -1)) {
      const next = own(memberOf(holder, key))
      if (next === undefined) return undefined
      put(holder, key, next)
      holder = next
    }
    return holder
  }

  function replace (location: Location, value: unknown): void {
    const last = location.at(-1)
    if (last === undefined) root = value
    else put(containerOf(location), last, value)
  }

  const at = (location: Location): unknown => location.reduce<unknown>(memberOf, root)

  return {
    get value () { return root },
    at,
    // The seam: a parsed document is JSON.
    find: query => query.query(root as JSONValue).locations().map(location => [...location]),
    remove (locations) {
      // The last first: indices before it stay what they are.
      for (const location of locations.toReversed()) {
        const last = location.at(-1)
        if (last === undefined) return 'the whole document cannot be removed'
        const holder = containerOf(location)
        if (Array.isArray(holder)) holder.splice(Number(last), 1)
        else if (isObject(holder)) Reflect.deleteProperty(holder, last)
      }
      return undefined
    },
    update (locations, value) {
      const clashes = new Set<string>()
      for (const location of locations) replace(location, merged(at(location), value, true, '', clashes))
      const [first] = clashes
      return first === undefined ? undefined : `the update is of another kind than what it replaces${first === '' ? '' : ` at ${first}`}`
    }
  }
}

function memberOf (holder: unknown, key: string | number): unknown {
  if (Array.isArray(holder)) return holder[Number(key)]
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}

function put (holder: unknown, key: string | number, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else if (isObject(holder)) setOwn(holder, String(key), value)
}

function setOwn (holder: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(holder, name, { value, enumerable: true, writable: true, configurable: true })
  else holder[name] = value
}

/**
 * An update merged into what is there (Overlay 1.1, section 4.4.4): objects member by member, lists one after the other, and
 * anything else instead of what was there. A list that is the target itself also takes a single entry.
 *
 * @param clashes takes down where two values of different kind meet: there the update counts
 */
function merged (target: unknown, update: unknown, isTarget: boolean, path: string, clashes: Set<string>): unknown {
  if (Array.isArray(target) && (isTarget || Array.isArray(update))) return [...target, ...Array.isArray(update) ? update : [update]]
  if (isObject(target) && isObject(update)) {
    const result: JsonObject = { ...target }
    for (const [key, value] of Object.entries(update)) {
      setOwn(result, key, Object.hasOwn(target, key) ? merged(target[key], value, false, `${path}/${key}`, clashes) : value)
    }
    return result
  }
  // `components:` with nothing behind it adds nothing.
  if (update === null && isContainer(target)) return target
  if (isContainer(target) || (isContainer(update) && target !== null)) clashes.add(path)
  return update
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null
