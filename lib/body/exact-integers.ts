import { visit, type JSONPath } from 'jsonc-parser'
import type { JsonSchema } from '../config.ts'
import { sharedName } from '../schema/shared-refs.ts'
import { isObject, mapSubschemas } from '../schema/subschemas.ts'
import type { SharedSchemas } from '../schema/schema-view.ts'
import type { Restoration } from './restoration.ts'

/** As many digits as an integer of 64 bits may have, and more than a number surely holds. */
const LONG_INTEGER = /^-?\d{16,20}$/

/** References in a row that are followed. */
const MAX_CHAIN = 500

/** Whether a text may hold an integer that a number does not; a quick look. */
export const hasLongDigits = (text: string): boolean => /\d{16}/.test(text)

/** A text that is an integer of more digits than a number holds, as one that holds them. */
export function exactInteger (text: string): bigint | undefined {
  return LONG_INTEGER.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : undefined
}

/**
 * Finds the integers of a JSON text that have lost digits when it was parsed (RFC 8259, section 6).
 *
 * @param holder object that is going to hold the value as its `body`
 */
export function lostIntegers (text: string, value: unknown, holder: object): Restoration[] {
  const restorations: Restoration[] = []
  visit(text, {
    onLiteralValue (literal, offset, length, _line, _column, path) {
      const exact = typeof literal === 'number' ? exactInteger(text.slice(offset, offset + length)) : undefined
      const place = exact === undefined ? undefined : placeOf(value, path(), holder)
      if (place !== undefined) restorations.push({ ...place, value: exact })
    }
  })
  return restorations
}

function placeOf (value: unknown, path: JSONPath, root: object): Pick<Restoration, 'holder' | 'key'> | undefined {
  let place: Pick<Restoration, 'holder' | 'key'> = { holder: root, key: 'body' }
  let inner = value
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null) return undefined
    place = { holder: inner, key }
    inner = Reflect.get(inner, key)
  }
  return place
}

/**
 * Tells whether a schema, with all that it refers to, speaks of integers of 64 bits. Each shared schema is searched once,
 * however many refer to it.
 */
export function longIntegerSearch (shared: SharedSchemas): (schema: JsonSchema | undefined) => boolean {
  /** Shared schemas that are known to speak of one, or not to. */
  const known = new Map<string, boolean>()

  return schema => {
    const visited = new Set<string>()
    let depth = 0
    const search = (part: unknown): boolean => {
      if (!isObject(part)) return false
      if (part.format === 'int64' || part.format === 'uint64') return true
      if (typeof part.$ref === 'string' && searchShared(sharedName(part.$ref)?.name)) return true
      let found = false
      mapSubschemas(part, subschema => {
        found ||= search(subschema)
        return subschema
      })
      return found
    }
    const searchShared = (name: string | undefined): boolean => {
      if (name === undefined || !Object.hasOwn(shared, name)) return false
      const before = known.get(name)
      if (before !== undefined) return before
      if (visited.has(name)) return false
      // To look at every integer is slower, and never wrong; to follow references without end is.
      if (depth >= MAX_CHAIN) return true
      visited.add(name)
      depth++
      const found = search(shared[name])
      depth--
      if (found) known.set(name, true)
      return found
    }
    const found = search(schema)
    // What was searched without any find leads to none, whatever it leads to.
    if (!found) for (const name of visited) known.set(name, false)
    return found
  }
}
