import type { JsonSchema } from '../config.ts'
import type { JsonType } from '../schema/keywords.ts'
import type { Matcher } from '../schema/pattern-matcher.ts'
import type { Located } from '../schema/references.ts'
import type { FakerHint } from './faker-hint.ts'

/** What one schema says about an object's properties. Schemas that apply together each keep their own. */
export interface Shape {
  readonly root: JsonSchema
  readonly properties: ReadonlyMap<string, JsonSchema>
  readonly patterns: ReadonlyArray<{ source: string, matches: Matcher, schema: JsonSchema }>
  readonly additional: JsonSchema | undefined
}

/** What one schema says about a list's items. */
export interface Tuple {
  readonly root: JsonSchema
  readonly prefix: readonly JsonSchema[]
  readonly rest: JsonSchema | undefined
}

/** A list of schemas of which one (`oneOf`), or at least one (`anyOf`), must hold. */
export interface Choice {
  readonly branches: readonly Located[]
  readonly exclusive: boolean
  /** The property that tells the branches apart (OpenAPI), and the value that stands for each branch. */
  readonly discriminator?: { readonly property: string, readonly values: ReadonlyArray<string | undefined> }
}

/**
 * All that is asked of a value, once `$ref` and `allOf` are merged: conflicting bounds are intersected. Lists, sets and maps
 * are replaced and never changed, as most nodes share the empty ones; `merged` is each one's own.
 */
export interface Constraints {
  /** Nothing satisfies it: `false`, or types that exclude each other. */
  impossible: boolean
  /** Some keyword is not met by construction alone: what is made has to be checked. */
  risky: boolean
  /** The schemas that are merged in here; each once, which also ends circular `allOf`. */
  merged: Set<JsonSchema>
  /** References that lead nowhere. */
  dangling: readonly string[]
  /** Name of the shared schema that this is. */
  name: string | undefined
  title: string | undefined
  readOnly: boolean
  writeOnly: boolean
  /** Examples, the nearest schema's first; `x-faker`. */
  examples: ReadonlyArray<readonly unknown[]>
  fallback: { value: unknown } | undefined
  faker: FakerHint | undefined

  types: readonly JsonType[] | undefined
  /** `enum` and `const`. */
  values: readonly unknown[] | undefined
  choices: readonly Choice[]

  minimum: number
  maximum: number
  exclusiveMinimum: number
  exclusiveMaximum: number
  multiples: readonly number[]

  minLength: number
  maxLength: number
  patterns: readonly string[]
  formats: readonly string[]
  encoding: string | undefined
  mediaType: string | undefined

  shapes: readonly Shape[]
  required: ReadonlySet<string>
  /** Lists of names that must not all be present. */
  excluded: ReadonlyArray<readonly string[]>
  /** Values of discriminators, by property. */
  preset: ReadonlyMap<string, string>
  minProperties: number
  maxProperties: number
  propertyNames: readonly Located[]
  dependentRequired: ReadonlyArray<readonly [name: string, names: readonly string[]]>
  dependentSchemas: ReadonlyArray<readonly [name: string, schema: Located]>
  unevaluatedProperties: Located | undefined

  tuples: readonly Tuple[]
  contains: ReadonlyArray<{ schema: Located, minimum: number, maximum: number }>
  minItems: number
  maxItems: number
  unique: boolean
  unevaluatedItems: Located | undefined
}

const NONE: readonly never[] = []
const NO_NAMES: ReadonlySet<string> = new Set()
const NO_VALUES: ReadonlyMap<string, string> = new Map()

export function noConstraints (): Constraints {
  return {
    impossible: false,
    risky: false,
    merged: new Set(),
    dangling: NONE,
    name: undefined,
    title: undefined,
    readOnly: false,
    writeOnly: false,
    examples: NONE,
    fallback: undefined,
    faker: undefined,
    types: undefined,
    values: undefined,
    choices: NONE,
    minimum: -Infinity,
    maximum: Infinity,
    exclusiveMinimum: -Infinity,
    exclusiveMaximum: Infinity,
    multiples: NONE,
    minLength: 0,
    maxLength: Infinity,
    patterns: NONE,
    formats: NONE,
    encoding: undefined,
    mediaType: undefined,
    shapes: NONE,
    required: NO_NAMES,
    excluded: NONE,
    preset: NO_VALUES,
    minProperties: 0,
    maxProperties: Infinity,
    propertyNames: NONE,
    dependentRequired: NONE,
    dependentSchemas: NONE,
    unevaluatedProperties: undefined,
    tuples: NONE,
    contains: NONE,
    minItems: 0,
    maxItems: Infinity,
    unique: false,
    unevaluatedItems: undefined
  }
}

/** A copy that more can be merged into. */
export function copyConstraints (of: Constraints): Constraints {
  return { ...of, merged: new Set(of.merged) }
}
