import type { JsonSchema } from '../config.ts'
import { unescapeFragment } from '../json-pointer.ts'
import { sharedName } from './shared-refs.ts'
import { isObject, mapSubschemas } from './subschemas.ts'
import { toSchema } from './keywords.ts'

/** A schema, and the document root that its `#/$defs/x` and `#anchor` are relative to. */
export interface Located {
  readonly schema: JsonSchema
  readonly root: JsonSchema
}

export interface References {
  /** What a `$ref` (or `$dynamicRef`) found below `root` stands for; undefined when there is no such thing. */
  resolve (ref: string, root: JsonSchema): Located | undefined
  /** The name of a shared schema, given the schema itself. */
  nameOf (schema: JsonSchema): string | undefined
}

/**
 * Resolves references, one at a time and only when asked: `#/schemas/Name` and anything below it, `#`, `#/$defs/Name` and
 * other pointers into the schema's own root, anchors, and the `$id`s of shared and embedded schemas.
 */
export function createReferences (shared: Readonly<Record<string, JsonSchema>>): References {
  const resolved = new WeakMap<object, Map<string, Located | undefined>>()
  const identifiers = new WeakMap<object, Map<string, JsonSchema>>()
  let names: Map<JsonSchema, string> | undefined
  let sharedIds: Map<string, JsonSchema> | undefined

  function resolve (ref: string, root: JsonSchema): Located | undefined {
    if (!isObject(root)) return find(ref, root)
    let known = resolved.get(root)
    if (known === undefined) resolved.set(root, known = new Map())
    if (!known.has(ref)) known.set(ref, find(ref, root))
    return known.get(ref)
  }

  function find (ref: string, root: JsonSchema): Located | undefined {
    const target = sharedName(ref)
    if (target !== undefined && Object.hasOwn(shared, target.name)) {
      const home = shared[target.name]!
      return at(home, target.rest)
    }
    const [base = '', fragment = ''] = ref.split('#')
    const home = base === '' ? root : named(base, root)
    if (home === undefined) return undefined
    if (fragment === '' || fragment.startsWith('/')) return at(home, fragment)
    const anchored = identifiersOf(home).get(`#${fragment}`)
    return anchored === undefined ? undefined : { schema: anchored, root: home }
  }

  /** A schema by `$id`, whole or by its last part; or by name alone, as TypeBox's modules write it. */
  function named (base: string, root: JsonSchema): JsonSchema | undefined {
    const own = identifiersOf(root)
    const inDefinitions = isObject(root) && isObject(root.$defs) && Object.hasOwn(root.$defs, base) ? toSchema(root.$defs[base]) : undefined
    return own.get(base) ?? own.get(`/${base}`) ?? inDefinitions ?? idsOfShared().get(base) ??
      (Object.hasOwn(shared, base) ? shared[base] : undefined)
  }

  function idsOfShared (): Map<string, JsonSchema> {
    if (sharedIds !== undefined) return sharedIds
    sharedIds = new Map()
    for (const schema of Object.values(shared)) if (isObject(schema) && typeof schema.$id === 'string') sharedIds.set(schema.$id, schema)
    return sharedIds
  }

  /** Anchors (as `#name`) and `$id`s (whole, and as `/last-part`) found in one document; other documents are not entered. */
  function identifiersOf (root: JsonSchema): Map<string, JsonSchema> {
    if (!isObject(root)) return new Map()
    const known = identifiers.get(root)
    if (known !== undefined) return known
    const found = new Map<string, JsonSchema>()
    const visit = (schema: JsonSchema): JsonSchema => {
      if (!isObject(schema)) return schema
      for (const anchor of [schema.$anchor, schema.$dynamicAnchor]) if (typeof anchor === 'string') found.set(`#${anchor}`, schema)
      if (typeof schema.$id === 'string') found.set(schema.$id, schema).set(`/${schema.$id.split('/').at(-1)}`, schema)
      mapSubschemas(schema, visit)
      return schema
    }
    visit(root)
    identifiers.set(root, found)
    return found
  }

  function nameOf (schema: JsonSchema): string | undefined {
    names ??= new Map(Object.entries(shared).map(([name, schema]) => [schema, name]))
    return isObject(schema) ? names.get(schema) : undefined
  }

  return { resolve, nameOf }
}

/** Follows a JSON pointer (RFC 6901), percent-encoded or not. */
function at (home: JsonSchema, pointer: string): Located | undefined {
  let value: unknown = home
  for (const token of pointer.split('/').slice(1)) {
    const name = unescapeFragment(token)
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return { schema: toSchema(value), root: home }
}
