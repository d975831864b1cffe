import type { JsonSchema } from '../config.ts'
import { sharedName } from './shared-refs.ts'
import { isObject, type ObjectSchema } from './subschemas.ts'

/** The configuration's `schemas`, by name. */
export type SharedSchemas = Readonly<Record<string, JsonSchema>>

/** What a reader of text has to know of a schema is asked of so many of its parts at most. */
const MAX_BRANCHES = 256

/** Keywords whose subschemas speak of the same value as the schema that holds them. */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf'] as const
const CONDITIONAL = ['then', 'else'] as const

/**
 * What a schema, with all that it refers to and all its alternatives, says of a value's shape. Text has no types of its own; this
 * tells what is meant to become a list, an object or a file before anything can be validated. Parts are looked up once and kept.
 *
 * @example
 * const view = schemaView({ type: 'object', properties: { tags: { type: 'array' } } }, {})
 * view.property('tags')?.isList // true
 */
export class SchemaView {
  /** The schema and its parts that speak of the same value: referred to, combined or alternatives. */
  readonly branches: readonly ObjectSchema[]
  /** `null` aside; what a schema without `type` is about is told by its keywords. */
  readonly types: ReadonlySet<string>
  readonly #shared: SharedSchemas
  #properties: ReadonlyMap<string, SchemaView> | undefined
  #additional: SchemaView | undefined
  #items: SchemaView | undefined

  constructor (schemas: readonly unknown[], shared: SharedSchemas) {
    this.#shared = shared
    this.branches = branchesOf(schemas, shared)
    this.types = new Set(this.branches.flatMap(typesOf))
  }

  get isList (): boolean { return this.types.has('array') }
  get isObject (): boolean { return this.types.has('object') }
  /** Neither a list nor an object, as far as is known. */
  get isScalar (): boolean { return !this.isList && !this.isObject }
  /** Nothing is said about what it is. */
  get isOpen (): boolean { return this.types.size === 0 }

  /** Bytes as they are, such as an uploaded file (OpenAPI 3.0 `format: binary`, 3.1 `contentMediaType`). */
  get isBinary (): boolean {
    return this.branches.some(({ format, contentMediaType, contentEncoding }) =>
      format === 'binary' || (typeof contentMediaType === 'string' && contentEncoding === undefined))
  }

  /** The declared properties, in the schema's order. */
  get properties (): ReadonlyMap<string, SchemaView> {
    this.#properties ??= this.#declared()
    return this.#properties
  }

  /** What `additionalProperties` says of all others. */
  get additional (): SchemaView {
    this.#additional ??= new SchemaView(this.branches.map(({ additionalProperties }) => additionalProperties), this.#shared)
    return this.#additional
  }

  get items (): SchemaView {
    this.#items ??= new SchemaView(this.branches.flatMap(({ items, prefixItems }) => [items, ...Array.isArray(prefixItems) ? prefixItems : []]), this.#shared)
    return this.#items
  }

  /** A property by its name, declared or not. */
  property (name: string): SchemaView {
    return this.properties.get(name) ?? this.additional
  }

  #declared (): ReadonlyMap<string, SchemaView> {
    const schemas = new Map<string, unknown[]>()
    for (const { properties } of this.branches) {
      if (!isObject(properties)) continue
      for (const [name, property] of Object.entries(properties)) {
        const known = schemas.get(name)
        if (known === undefined) schemas.set(name, [property])
        else known.push(property)
      }
    }
    return new Map([...schemas].map(([name, list]) => [name, new SchemaView(list, this.#shared)]))
  }
}

/** Follows a chain of references to shared schemas; undefined when it leads nowhere, or into a schema. */
function followRef (schema: unknown, shared: SharedSchemas): ObjectSchema | undefined {
  let target = schema
  for (let hops = 0; hops < 16 && isObject(target) && typeof target.$ref === 'string'; hops++) {
    const found = sharedName(target.$ref)
    target = found === undefined || !Object.hasOwn(shared, found.name) ? undefined : shared[found.name]
  }
  return isObject(target) ? target : undefined
}

function branchesOf (schemas: readonly unknown[], shared: SharedSchemas): ObjectSchema[] {
  const branches = new Set<ObjectSchema>()
  const waiting = [...schemas].reverse()
  while (waiting.length > 0 && branches.size < MAX_BRANCHES) {
    const schema = waiting.pop()
    if (!isObject(schema) || branches.has(schema)) continue
    branches.add(schema)
    for (const keyword of CONDITIONAL) waiting.push(schema[keyword])
    for (const keyword of IN_PLACE) {
      const list = schema[keyword]
      if (Array.isArray(list)) waiting.push(...list.toReversed())
    }
    if (typeof schema.$ref === 'string') waiting.push(followRef(schema, shared))
  }
  return [...branches]
}

function typesOf (schema: ObjectSchema): string[] {
  const { type } = schema
  if (type !== undefined) return [type].flat().filter((name): name is string => typeof name === 'string' && name !== 'null')
  if (schema.properties !== undefined || isObject(schema.additionalProperties)) return ['object']
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array']
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : []
  return values.map(value => Array.isArray(value) ? 'array' : typeof value).filter((name, index) => values[index] !== null)
}
