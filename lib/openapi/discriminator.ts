import { isObject, listAt, objectAt, textAt, type JsonObject } from './json-object.ts'
import type { Refs } from './refs.ts'

/** What discriminators need to know of the shared schemas: by which name each goes in the configuration. */
export interface SchemaNames {
  /** The name of what a reference leads to, by itself or as a component's bare name; undefined when it leads nowhere. */
  nameOf (ref: string): string | undefined
  /** Name and source of each component. */
  components (): Iterable<readonly [name: string, schema: unknown]>
}

export interface Discriminators {
  /** Names of the schemas that a value of this one may turn out to be: its branches, or all that inherit from it by `allOf`. */
  variantsOf (name: string, schema: JsonObject): ReadonlySet<string>
  /** The condition, beside a `$ref`, that a value names this schema. */
  condition (owner: JsonObject, ref: string): JsonObject | undefined
  /** For a schema that inherits from one with a discriminator: the property that names it, and its value. */
  nameIn (schema: JsonObject, ref: string): { property: string, value: string } | undefined
  /** The values that name a schema, and no other. */
  valuesOf (owner: JsonObject, ref: string): string[]
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Discriminators (OpenAPI 3.1, section 4.8.25) say by a property which of several schemas a value is meant to have. In JSON
 * Schema this is a condition on that property beside each reference, so that a wrong cat is not taken for a dog. A value
 * without the property is judged by the schemas alone.
 */
export function createDiscriminators (refs: Refs, names: SchemaNames): Discriminators {
  const variants = new Map<string, ReadonlySet<string>>()
  let children: Map<string, string[]> | undefined

  function variantsOf (name: string, schema: JsonObject): ReadonlySet<string> {
    if (propertyOf(schema) === undefined) return NONE
    let known = variants.get(name)
    if (known === undefined) {
      known = isUnion(schema) ? new Set(branchesOf(schema).flatMap(ref => names.nameOf(ref) ?? [])) : descendants(name)
      variants.set(name, known)
    }
    return known
  }

  function descendants (name: string): ReadonlySet<string> {
    children ??= inheritance(names)
    const found = new Set(children.get(name))
    for (const child of found) for (const grandchild of children.get(child) ?? []) if (grandchild !== name) found.add(grandchild)
    return found
  }

  function valuesOf (owner: JsonObject, ref: string): string[] {
    const name = names.nameOf(ref)
    if (name === undefined) return []
    const mapping = objectAt(owner, 'discriminator') === undefined ? undefined : objectAt(objectAt(owner, 'discriminator')!, 'mapping')
    const mapped = Object.entries(mapping ?? {}).filter(([, target]) => typeof target === 'string' && names.nameOf(target) === name)
    return mapped.length === 0 ? [name] : mapped.map(([value]) => value)
  }

  function condition (owner: JsonObject, ref: string): JsonObject | undefined {
    const property = propertyOf(owner)
    if (property === undefined) return undefined
    const declared = declaration(ref, property)
    // What is said already needs no second saying; what contradicts the schema itself would make it impossible.
    if (declared.values?.length === 1 || (declared.type !== undefined && declared.type !== 'string') || declared.closed) return undefined
    const fallback = fallbackOf(owner)
    if (fallback !== undefined && names.nameOf(ref) === fallback) return exceptOthers(owner, property, fallback)
    const values = valuesOf(owner, ref).filter(value => declared.values?.includes(value) ?? true)
    if (values.length === 0) return undefined
    return {
      properties: { [property]: values.length === 1 ? { const: values[0] } : { enum: values } },
      // Without the property, a value is of the schema that it falls back to, and of no other.
      ...fallback !== undefined && { required: [property] }
    }
  }

  /** The schema of values that name none (`defaultMapping`, since OpenAPI 3.2). */
  function fallbackOf (owner: JsonObject): string | undefined {
    const fallback = textAt(objectAt(owner, 'discriminator') ?? {}, 'defaultMapping')
    return fallback === undefined ? undefined : names.nameOf(fallback)
  }

  function exceptOthers (owner: JsonObject, property: string, fallback: string): JsonObject | undefined {
    const others = branchesOf(owner).filter(ref => names.nameOf(ref) !== fallback).flatMap(ref => valuesOf(owner, ref))
    return others.length === 0 ? undefined : { properties: { [property]: { not: { enum: [...new Set(others)] } } } }
  }

  /** What a schema itself says of a property: its values and type, or that there is no such property and no room for one. */
  function declaration (ref: string, property: string, depth = 0): { values?: unknown[], type?: unknown, closed?: boolean } {
    const target = refs.find(ref)
    const found = target === undefined ? undefined : refs.follow(target.value, target.pointer)
    if (found === undefined || 'missing' in found || !isObject(found.value) || depth > 8) return {}
    const schema = found.value
    const own = objectAt(objectAt(schema, 'properties') ?? {}, property)
    const inherited = listAt(schema, 'allOf').map(part => isObject(part)
      ? typeof part.$ref === 'string' ? declaration(part.$ref, property, depth + 1) : describe(refs, objectAt(objectAt(part, 'properties') ?? {}, property))
      : {})
    const all = [...own === undefined ? [] : [describe(refs, own)], ...inherited]
    const told = all.find(({ values }) => values !== undefined) ?? all.find(({ type }) => type !== undefined)
    if (told !== undefined) return told
    return { closed: own === undefined && schema.additionalProperties === false }
  }

  function nameIn (schema: JsonObject, ref: string, depth = 0): { property: string, value: string } | undefined {
    for (const part of listAt(schema, 'allOf')) {
      const target = isObject(part) && typeof part.$ref === 'string' && depth < 8 ? refs.find(part.$ref) : undefined
      if (target === undefined || !isObject(target.value)) continue
      const property = isUnion(target.value) ? undefined : propertyOf(target.value)
      const [value] = property === undefined ? [] : valuesOf(target.value, ref)
      if (property !== undefined && value !== undefined) return { property, value }
      const further = nameIn(target.value, ref, depth + 1)
      if (further !== undefined) return further
    }
    return undefined
  }

  return { variantsOf, condition, nameIn, valuesOf }
}

/** The property that tells, if any: `discriminator: { propertyName }`, in 2.0 `discriminator: name`. */
export function propertyOf ({ discriminator }: JsonObject): string | undefined {
  if (typeof discriminator === 'string') return discriminator
  return isObject(discriminator) && typeof discriminator.propertyName === 'string' ? discriminator.propertyName : undefined
}

export const isUnion = (schema: JsonObject): boolean => Array.isArray(schema.oneOf) || Array.isArray(schema.anyOf)

const branchesOf = (schema: JsonObject): string[] =>
  [...listAt(schema, 'oneOf'), ...listAt(schema, 'anyOf')].flatMap(branch => isObject(branch) && typeof branch.$ref === 'string' ? branch.$ref : [])

/** Which components name which other one in their `allOf`. */
function inheritance (names: SchemaNames): Map<string, string[]> {
  const children = new Map<string, string[]>()
  for (const [name, schema] of names.components()) {
    if (!isObject(schema)) continue
    for (const part of listAt(schema, 'allOf')) {
      const parent = isObject(part) && typeof part.$ref === 'string' ? names.nameOf(part.$ref) : undefined
      if (parent === undefined) continue
      const known = children.get(parent)
      if (known === undefined) children.set(parent, [name])
      else if (!known.includes(name)) known.push(name)
    }
  }
  return children
}

function describe (refs: Refs, property: JsonObject | undefined): { values?: unknown[], type?: unknown } {
  if (property === undefined) return {}
  const found = refs.follow(property, '')
  if ('missing' in found || !isObject(found.value)) return {}
  const { type } = found.value
  if ('const' in found.value) return { values: [found.value.const], type }
  return Array.isArray(found.value.enum) ? { values: found.value.enum, type } : { type }
}
