import type { JsonSchema } from '../config.ts'
import type { JsonType } from './keywords.ts'
import type { Matcher } from './pattern.ts'
import type { Located } from './references.ts'

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

/** All that is asked of a value, once `$ref` and `allOf` are merged: conflicting bounds are intersected. */
export interface Constraints {
  /** Nothing satisfies it: `false`, or types that exclude each other. */
  impossible: boolean
  /** Some keyword is not met by construction alone: what is made has to be checked. */
  risky: boolean
  /** The schemas that are merged in here; each once, which also ends circular `allOf`. */
  merged: Set<JsonSchema>
  /** References that lead nowhere. */
  dangling: string[]
  /** Name of the shared schema that this is. */
  name: string | undefined
  title: string | undefined
  readOnly: boolean
  writeOnly: boolean
  /** Examples, the nearest schema's first; `x-faker`. */
  examples: unknown[][]
  fallback: { value: unknown } | undefined
  faker: string | undefined

  types: readonly JsonType[] | undefined
  /** `enum` and `const`. */
  values: readonly unknown[] | undefined
  choices: Choice[]

  minimum: number
  maximum: number
  exclusiveMinimum: number
  exclusiveMaximum: number
  multiples: number[]

  minLength: number
  maxLength: number
  patterns: string[]
  formats: string[]
  encoding: string | undefined
  mediaType: string | undefined

  shapes: Shape[]
  required: Set<string>
  /** Lists of names that must not all be present. */
  excluded: string[][]
  /** Values of discriminators, by property. */
  preset: Map<string, string>
  minProperties: number
  maxProperties: number
  propertyNames: Located[]
  dependentRequired: Array<readonly [name: string, names: readonly string[]]>
  dependentSchemas: Array<readonly [name: string, schema: Located]>
  unevaluatedProperties: Located | undefined

  tuples: Tuple[]
  contains: Array<{ schema: Located, minimum: number, maximum: number }>
  minItems: number
  maxItems: number
  unique: boolean
  unevaluatedItems: Located | undefined
}

export function noConstraints (): Constraints {
  return {
    impossible: false,
    risky: false,
    merged: new Set(),
    dangling: [],
    name: undefined,
    title: undefined,
    readOnly: false,
    writeOnly: false,
    examples: [],
    fallback: undefined,
    faker: undefined,
    types: undefined,
    values: undefined,
    choices: [],
    minimum: -Infinity,
    maximum: Infinity,
    exclusiveMinimum: -Infinity,
    exclusiveMaximum: Infinity,
    multiples: [],
    minLength: 0,
    maxLength: Infinity,
    patterns: [],
    formats: [],
    encoding: undefined,
    mediaType: undefined,
    shapes: [],
    required: new Set(),
    excluded: [],
    preset: new Map(),
    minProperties: 0,
    maxProperties: Infinity,
    propertyNames: [],
    dependentRequired: [],
    dependentSchemas: [],
    unevaluatedProperties: undefined,
    tuples: [],
    contains: [],
    minItems: 0,
    maxItems: Infinity,
    unique: false,
    unevaluatedItems: undefined
  }
}

/** A copy that more can be merged into. */
export function copyConstraints (of: Constraints): Constraints {
  return {
    ...of,
    merged: new Set(of.merged),
    dangling: [...of.dangling],
    examples: [...of.examples],
    choices: [...of.choices],
    multiples: [...of.multiples],
    patterns: [...of.patterns],
    formats: [...of.formats],
    shapes: [...of.shapes],
    required: new Set(of.required),
    excluded: [...of.excluded],
    preset: new Map(of.preset),
    propertyNames: [...of.propertyNames],
    dependentRequired: [...of.dependentRequired],
    dependentSchemas: [...of.dependentSchemas],
    tuples: [...of.tuples],
    contains: [...of.contains]
  }
}
