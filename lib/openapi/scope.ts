import type { JsonSchema } from '../config.ts'
import type { Family } from './detect.ts'
import type { JsonObject } from './json-object.ts'
import type { OperationIds } from './links.ts'
import type { Refs, Target } from './refs.ts'
import type { SchemaRegistry } from './schema-registry.ts'

/** Something of the document that the configuration does not hold, and where it stands. */
export interface Loss {
  pointer: string
  reason: string
}

/** A schema in the dialect of the configuration, and what became of it. */
export interface Converted {
  readonly schema: JsonSchema
  /** Names of the shared schemas that it refers to. */
  readonly uses: ReadonlySet<string>
  readonly losses: readonly Loss[]
}

/** What the parts of one import have in common. */
export interface ImportContext {
  readonly document: JsonObject
  readonly family: Family
  readonly refs: Refs
  readonly schemas: SchemaRegistry
  readonly operations: OperationIds
}

/**
 * Takes down what is lost, and which schemas are used, while a part of the document is imported. A part that several
 * operations share (a parameter, a response) is imported once, in a scope of its own that each of them includes.
 */
export interface Scope {
  readonly losses: readonly Loss[]
  readonly schemas: readonly Converted[]
  readonly parts: readonly Scope[]
  lose (pointer: string, reason: string): void
  include (part: Scope): void
  convert (schema: unknown, pointer: string): JsonSchema
  /** Follows a Reference Object; undefined, and a loss, when it leads nowhere. */
  follow (value: unknown, pointer: string): Target | undefined
  /** The same without taking down a loss, where another has done so. */
  find (value: unknown, pointer: string): Target | undefined
}

export function createScope (context: ImportContext): Scope {
  const losses: Loss[] = []
  const schemas: Converted[] = []
  const parts: Scope[] = []
  return {
    losses,
    schemas,
    parts,
    lose: (pointer, reason) => { losses.push({ pointer, reason }) },
    include: part => { parts.push(part) },
    convert (schema, pointer) {
      const converted = context.schemas.convert(schema, pointer)
      schemas.push(converted)
      return converted.schema
    },
    follow (value, pointer) {
      const target = context.refs.follow(value, pointer)
      if (!('missing' in target)) return target
      losses.push({ pointer, reason: noSuchReference(target.missing) })
      return undefined
    },
    find (value, pointer) {
      const target = context.refs.follow(value, pointer)
      return 'missing' in target ? undefined : target
    }
  }
}

/** Everything that is lost in a scope: directly, in its parts, and in the schemas of either and all that these refer to. */
export function lossesIn (scope: Scope, schemas: SchemaRegistry): Loss[] {
  const scopes = [scope]
  for (const each of scopes) scopes.push(...each.parts)
  const losses = scopes.flatMap(each => each.losses)
  return schemas.isSound() ? losses : [...losses, ...schemas.lossesOf(scopes.flatMap(each => each.schemas))]
}

export const noSuchReference = (ref: string): string => `$ref '${ref}' leads nowhere`
