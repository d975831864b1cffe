import type { JsonSchema } from '../config.ts'
import { isObject, type JsonObject } from './json-object.ts'

const SINGLE = ['not', 'if', 'then', 'else'] as const
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const

/**
 * How many schemas may apply to one value, each as often as it is referred to. Thirty schemas that each refer to the next one twice
 * are a billion, and any value would be judged for hours.
 */
const MAX_APPLIED = 50_000

/** How many references from one schema to the next may apply to one value: compilers follow them by recursion. */
const MAX_CHAIN = 100

/** What applies to a value by a schema and all that it refers to in place. */
interface Extent {
  applied: number
  chain: number
}

/**
 * Cuts references by which a schema applies to a value only when it applies to that same value already (`A` is all of `B`,
 * `B` is one of `A` and `C`): a validator would never come to an end. Those that lead to more schemas than can be applied go
 * the same way. References from properties and items are no such circles, for the value gets smaller.
 *
 * @param refOf the `$ref` of each schema, by name
 * @param onCut told each name whose schema lost a reference, and why
 */
export function cutInPlaceCycles (schemas: Map<string, JsonSchema>, refOf: (name: string) => string, onCut: (name: string, reason: string) => void): void {
  const names = new Map([...schemas.keys()].map(name => [refOf(name), name]))
  const open = new Set<string>()
  const done = new Map<string, Extent>()

  const cut = (name: string, ref: string, reason: string): void => {
    schemas.set(name, without(schemas.get(name) ?? true, ref) ?? {})
    onCut(name, reason)
  }

  const visit = (name: string): Extent => {
    open.add(name)
    const extent: Extent = { applied: 1, chain: 1 }
    for (const [ref, count] of inPlaceRefs(schemas.get(name))) {
      const next = names.get(ref)
      if (next === undefined) continue
      if (open.has(next)) {
        cut(name, ref, `applies ${ref} to the same value again, without end`)
        continue
      }
      const its = done.get(next) ?? (open.size >= MAX_CHAIN ? undefined : visit(next))
      const applied = extent.applied + count * (its?.applied ?? 0)
      if (its === undefined || its.chain >= MAX_CHAIN) cut(name, ref, `${ref} is left out: more than ${MAX_CHAIN} references in a row`)
      else if (applied > MAX_APPLIED) cut(name, ref, `${ref} is left out: more than ${MAX_APPLIED} schemas would apply to one value`)
      else {
        extent.applied = applied
        extent.chain = Math.max(extent.chain, its.chain + 1)
      }
    }
    open.delete(name)
    done.set(name, extent)
    return extent
  }
  for (const name of schemas.keys()) if (!done.has(name)) visit(name)
}

/** How often each is referred to. */
function inPlaceRefs (schema: JsonSchema | undefined, found = new Map<string, number>()): Map<string, number> {
  if (!isObject(schema)) return found
  if (typeof schema.$ref === 'string') found.set(schema.$ref, (found.get(schema.$ref) ?? 0) + 1)
  for (const part of partsOf(schema)) inPlaceRefs(part, found)
  return found
}

const partsOf = (schema: JsonObject): JsonSchema[] =>
  [...SINGLE.map(key => schema[key]), ...LISTS.flatMap(key => schema[key])].filter(isSchema)

/** The schema without one reference; undefined when nothing but the reference was in it. */
function without (schema: JsonSchema, ref: string): JsonSchema | undefined {
  if (!isObject(schema)) return schema
  const copy: JsonObject = { ...schema }
  if (copy.$ref === ref) delete copy.$ref
  for (const key of SINGLE) {
    const part = copy[key]
    if (isSchema(part)) setOrDelete(copy, key, without(part, ref))
  }
  for (const key of LISTS) {
    const list = copy[key]
    if (!Array.isArray(list)) continue
    const kept = list.flatMap((part: unknown) => isSchema(part) ? without(part, ref) ?? [] : [])
    setOrDelete(copy, key, kept.length === 0 ? undefined : kept)
  }
  return Object.keys(copy).length === 0 && Object.keys(schema).length > 0 ? undefined : copy
}

function setOrDelete (holder: JsonObject, key: string, value: unknown): void {
  if (value === undefined) delete holder[key]
  else holder[key] = value
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isObject(value)
