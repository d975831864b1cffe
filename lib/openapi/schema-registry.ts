import type { JsonSchema } from '../config.ts'
import { tokens } from '../json-pointer.ts'
import { isModern, type Family } from './detect.ts'
import { createDiscriminators, isUnion, propertyOf } from './discriminator.ts'
import { createDynamicScopes, NO_SCOPE, type DynamicScope } from './dynamic-scope.ts'
import { cutInPlaceCycles } from './in-place-cycles.ts'
import { isObject, type JsonObject } from './json-object.ts'
import { refTokens, toRef } from './reference.ts'
import type { Refs, Target } from './refs.ts'
import { createSchemaConverter } from './schema-converter.ts'
import { schemaName } from './schema-name.ts'
import type { Converted, Loss } from './scope.ts'

export interface SchemaRegistry {
  /** Converts a schema that stands somewhere in the document; the same object gives the same answer. */
  convert (schema: unknown, pointer: string): Converted
  /** The shared schemas: all that anything converted so far refers to, directly or not. Components first, in the document's order. */
  shared (): Record<string, JsonSchema>
  /** What was lost of these schemas and of all that they refer to; asked once `shared()` has been. */
  lossesOf (converted: readonly Converted[]): Loss[]
  /** Whether nothing was lost of any schema. */
  isSound (): boolean
}

/** One schema that goes, or may go, into the configuration's `schemas`. */
interface Entry extends Target {
  readonly name: string
  /** `#/schemas/Name` */
  readonly ref: string
  /** For a schema that others inherit from: itself, without its discriminator. */
  base?: Entry
  /** For such a base: the name of the schema that it is the base of. */
  readonly inherits?: string
  /** What its open places stand for, where somebody has said so. */
  readonly scope?: DynamicScope
  converted?: Converted
}

/**
 * Gives each schema that is referred to a name and its place in the configuration's `schemas`. Components keep their names;
 * schemas elsewhere (a reference may lead anywhere, as to another operation's answer) get one made of where they stand.
 * Components that no operation uses are left out: in large documents they are the greater part, and nothing is served by them.
 */
export function createSchemaRegistry (document: JsonObject, refs: Refs, family: Family): SchemaRegistry {
  const prefix = family === '2.0' ? ['definitions'] : ['components', 'schemas']
  const home = refs.find(toRef(prefix))
  const holder = home === undefined ? undefined : refs.follow(home.value, home.pointer)
  const components = holder !== undefined && 'value' in holder && isObject(holder.value) ? holder.value : {}
  const componentNames = new Set(Object.keys(components))

  const entries = new Map<string, Entry>()
  const byRef = new Map<string, Entry | undefined>()
  const taken = new Set(componentNames)
  const queue: Entry[] = []
  const used = new Set<Entry>()
  const memo = new Map<unknown, Converted>()
  /** Once all is converted: each shared schema by name. */
  let finished: ReadonlyMap<string, Converted> = new Map()
  let sound = true
  /** Components that only name a schema elsewhere, by the pointer to that. */
  let aliases: Map<string, string> | undefined

  const componentRef = (name: string): string => toRef([...prefix, name])

  function entryOf (ref: string): Entry | undefined {
    if (byRef.has(ref)) return byRef.get(ref)
    const target = refs.find(ref)
    const entry = target === undefined ? undefined : entryAt(target)
    byRef.set(ref, entry)
    return entry
  }

  function entryAt (start: Target): Entry {
    let target = start
    // A schema that is nothing but a reference is seen through, so that `Pet: {$ref: Pet.yaml}` gives one schema and not two.
    for (let hops = 0; hops < 16 && isPureReference(target.value); hops++) {
      const next = refs.find(target.value.$ref)
      if (next === undefined || (componentAt(target) !== undefined && componentAt(next) !== undefined)) break
      target = next
    }
    const known = entries.get(target.pointer)
    if (known !== undefined) return known
    const entry = createEntry(target, componentAt(target) ?? aliasOf(target.pointer) ?? unique(schemaName(target.pointer)))
    entries.set(target.pointer, entry)
    return entry
  }

  function componentAt ({ pointer }: Target): string | undefined {
    const path = tokens(pointer)
    const name = path.at(-1)
    return name !== undefined && componentNames.has(name) && pointer === refs.find(componentRef(name))?.pointer ? name : undefined
  }

  function aliasOf (pointer: string): string | undefined {
    if (aliases === undefined) {
      aliases = new Map()
      for (const [name, value] of Object.entries(components)) {
        if (!isPureReference(value)) continue
        const target = refs.follow(value, '')
        if ('value' in target && componentAt(target) === undefined && !aliases.has(target.pointer)) aliases.set(target.pointer, name)
      }
    }
    return aliases.get(pointer)
  }

  function unique (name: string): string {
    let candidate = name
    for (let count = 2; taken.has(candidate); count++) candidate = `${name}_${count}`
    taken.add(candidate)
    return candidate
  }

  function use (entry: Entry): Entry {
    if (!used.has(entry)) {
      used.add(entry)
      queue.push(entry)
    }
    return entry
  }

  const dynamic = createDynamicScopes(refs)

  const discriminators = createDiscriminators(refs, {
    nameOf: ref => (entryOf(ref) ?? (ref.startsWith('#') ? undefined : entryOf(componentRef(ref))))?.name,
    * components () {
      for (const [name, value] of Object.entries(components)) {
        const target = refs.follow(value, '')
        if ('value' in target) yield [name, target.value]
      }
    }
  })

  const converter = createSchemaConverter(family, {
    refer (ref, from, inPlace, { isDynamic, scope }) {
      const found = entryOf(ref) ?? localEntry(ref, from)
      if (found === undefined) return undefined
      const entry = scope.size === 0 ? found : specialised(found, isDynamic, scope)
      const meant = inPlace && isVariant(entry, from) ? baseOf(entry) : entry
      return use(meant)
    },
    conditions: (schema, branches) => branches.map(branch =>
      isObject(branch) && typeof branch.$ref === 'string' ? discriminators.condition(schema, branch.$ref) : undefined)
  })

  /** A schema as it is where some of its places have been said to be something: one of its own for each such use. */
  function specialised (found: Entry, isDynamic: boolean, scope: DynamicScope): Entry {
    const pointer = isDynamic ? dynamic.meant(scope, found) : undefined
    const entry = pointer === undefined ? found : entryOf(toRef(tokens(pointer))) ?? found
    const relevant = dynamic.relevant(scope, entry)
    const [first] = relevant.values()
    if (first === undefined) return entry
    const key = JSON.stringify([entry.pointer, ...[...relevant].map(([name, its]) => [name, its.pointer])])
    let own = entries.get(key)
    if (own === undefined) entries.set(key, own = { ...createEntry(entry, unique(`${entry.name}_${first.owner}`)), scope: relevant })
    return own
  }

  function convertSchema (schema: unknown, pointer: string, entry?: Entry): Converted {
    const target = { value: schema, pointer }
    const scope = isModern(family) ? dynamic.enter(entry?.scope ?? NO_SCOPE, target, entry?.name ?? schemaName(pointer)) : NO_SCOPE
    const converted = converter(schema, pointer, scope)
    if (converted.losses.length > 0) sound = false
    return converted
  }

  /** Schemas pasted from elsewhere keep `#/$defs/x`, which is meant to be relative to themselves. */
  function localEntry (ref: string, from: string): Entry | undefined {
    if (!/^#\/(\$defs|definitions)\//.test(ref)) return undefined
    const target = refs.find(toRef([...tokens(from), ...refTokens(ref)]))
    return target === undefined ? undefined : entryAt(target)
  }

  /** Whether the schema at `from` is one of those that a discriminator of `entry` chooses between. */
  function isVariant (entry: Entry, from: string): boolean {
    if (!isObject(entry.value)) return false
    const variants = discriminators.variantsOf(entry.name, entry.value)
    const name = variants.size === 0 ? undefined : entries.get(from)?.name
    return name !== undefined && variants.has(name)
  }

  function baseOf (entry: Entry): Entry {
    if (entry.base === undefined && isObject(entry.value)) {
      const { oneOf: _one, anyOf: _any, discriminator: _discriminator, ...value } = entry.value
      entry.base = { ...createEntry({ value, pointer: entry.pointer }, unique(`${entry.name}Base`)), inherits: entry.name }
    }
    return entry.base ?? entry
  }

  function convertEntry (entry: Entry): Converted {
    const { value, pointer } = entry
    if (entry.inherits !== undefined || !isObject(value) || isUnion(value) || propertyOf(value) === undefined) return convertHeir(entry)
    const variants = discriminators.variantsOf(entry.name, value)
    return variants.size === 0 ? convertSchema(value, pointer, entry) : convertFamily(entry, value, [...variants])
  }

  /** An heir shows the value that names it; it may also be what inherits from it in turn. */
  function convertHeir (entry: Entry): Converted {
    const { value, pointer, name } = entry
    const converted = convertSchema(value, pointer, entry)
    const named = isObject(value) && componentNames.has(name) ? discriminators.nameIn(value, componentRef(name)) : undefined
    const { schema } = converted
    if (named === undefined || !isObject(schema)) return converted
    const properties = isObject(schema.properties) ? schema.properties : {}
    const own = Object.hasOwn(properties, named.property) ? properties[named.property] : {}
    if (!isObject(own) || ['enum', 'const', 'examples', '$ref'].some(keyword => own[keyword] !== undefined)) return converted
    return { ...converted, schema: { ...schema, properties: { ...properties, [named.property]: { ...own, examples: [named.value] } } } }
  }

  /** A schema that others inherit from stands for any of them; values that name none of them are its own. */
  function convertFamily (entry: Entry, schema: JsonObject, variants: readonly string[]): Converted {
    const property = propertyOf(schema)!
    const uses = new Set<string>()
    const named: string[] = []
    const anyOf = variants.map(name => {
      const ref = componentRef(name)
      const variant = entryOf(ref)
      if (variant !== undefined) uses.add(use(variant).name)
      named.push(...discriminators.valuesOf(schema, ref))
      return { $ref: variant?.ref ?? schemaRef(name), ...discriminators.condition(schema, ref) }
    })
    const base = use(baseOf(entry))
    uses.add(base.name)
    const own = { $ref: base.ref, properties: { [property]: { not: { enum: named } } } }
    const description = typeof schema.description === 'string' ? { description: schema.description } : {}
    return { schema: { ...description, anyOf: [...anyOf, own] }, uses, losses: [] }
  }

  function drain (): void {
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) entry.converted = convertEntry(entry)
  }

  function convert (schema: unknown, pointer: string): Converted {
    let converted = memo.get(schema)
    if (converted === undefined) {
      converted = convertSchema(schema, pointer)
      if (isObject(schema)) memo.set(schema, converted)
    }
    return converted
  }

  /** Components as the document has them, each before its base; then the others as they were met. */
  function inOrder (): Entry[] {
    const byName = new Map([...used].map(entry => [entry.name, entry]))
    const first = [...componentNames].flatMap(name => [byName.get(name), byName.get(name)?.base].filter(entry => entry !== undefined))
    return [...new Set([...first.filter(entry => used.has(entry)), ...used])]
  }

  function shared (): Record<string, JsonSchema> {
    drain()
    const sorted = inOrder()
    const schemas = new Map(sorted.map(entry => [entry.name, entry.converted?.schema ?? true]))
    const byName = new Map(sorted.map(entry => [entry.name, entry]))
    cutInPlaceCycles(schemas, schemaRef, (name, reason) => {
      const entry = byName.get(name)
      if (entry?.converted === undefined) return
      sound = false
      entry.converted = { ...entry.converted, losses: [...entry.converted.losses, { pointer: entry.pointer, reason }] }
    })
    finished = new Map(sorted.flatMap(entry => entry.converted === undefined ? [] : [[entry.name, entry.converted]]))
    return Object.fromEntries(schemas)
  }

  function lossesOf (roots: readonly Converted[]): Loss[] {
    const seen = new Set<Converted>(roots)
    for (const { uses } of seen) {
      for (const name of uses) {
        const next = finished.get(name)
        if (next !== undefined) seen.add(next)
      }
    }
    return [...seen].flatMap(({ losses }) => losses)
  }

  return { convert, shared, lossesOf, isSound: () => sound }
}

const schemaRef = (name: string): string => toRef(['schemas', name])

const createEntry = ({ value, pointer }: Target, name: string): Entry => ({ value, pointer, name, ref: schemaRef(name) })

const isPureReference = (value: unknown): value is { $ref: string } =>
  isObject(value) && typeof value.$ref === 'string' && Object.keys(value).every(key => key === '$ref' || key === 'description' || key === 'summary')
