import type { JsonSchema } from '../config.ts'
import { isObject, type JsonObject } from './json-object.ts'

const SINGLE = ['not', 'if', 'then', 'else'] as const
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const

/**
 * Cuts references by which a schema applies to a value only when it applies to that same value already (`A` is all of `B`,
 * `B` is one of `A` and `C`): a validator would never come to an end. References from properties and items are no such
 * circles, for the value gets smaller.
 *
 * @param refOf the `$ref` of each schema, by name
 * @param onCut told each name whose schema lost a reference
 */
export function cutInPlaceCycles (schemas: Map<string, JsonSchema>, refOf: (name: string) => string, onCut: (name: string, ref: string) => void): void {
  const names = new Map([...schemas.keys()].map(name => [refOf(name), name]))
  const open = new Set<string>()
  const done = new Set<string>()

  const visit = (name: string): void => {
    open.add(name)
    for (const ref of inPlaceRefs(schemas.get(name))) {
      const next = names.get(ref)
      if (next === undefined || done.has(next)) continue
      if (open.has(next)) {
        schemas.set(name, without(schemas.get(name) ?? true, ref) ?? {})
        onCut(name, ref)
      } else visit(next)
    }
    open.delete(name)
    done.add(name)
  }
  for (const name of schemas.keys()) if (!done.has(name)) visit(name)
}

function inPlaceRefs (schema: JsonSchema | undefined, found = new Set<string>()): Set<string> {
  if (!isObject(schema)) return found
  if (typeof schema.$ref === 'string') found.add(schema.$ref)
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
