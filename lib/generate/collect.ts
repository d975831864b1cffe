import type { JsonSchema } from '../config.ts'
import { toSchema, toSchemas } from '../schema/keywords.ts'
import type { Located, References } from '../schema/references.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { collectChoice, collectCondition, collectDiscriminator } from './collect-choices.ts'
import { collectNot } from './collect-not.ts'
import { CONTAINER_KEYWORDS } from './collect-containers.ts'
import { SCALAR_KEYWORDS } from './collect-scalars.ts'
import type { Constraints } from './constraints.ts'

/** What a keyword's reader may use besides its own value. */
export interface Collecting {
  readonly schema: ObjectSchema
  readonly root: JsonSchema
  readonly references: References
  /** Merges a schema that must hold in any case. */
  merge (schema: JsonSchema, root: JsonSchema): void
}

/** Merges what one keyword asks into what is asked already. */
export type KeywordReader = (into: Constraints, value: unknown, its: Collecting) => void

/** Merges a schema, with all that it refers to in place (`$ref`, `allOf`), into what is already asked. */
export function collect (into: Constraints, located: Located, references: References): void {
  const { schema, root } = located
  if (schema === false) into.impossible = true
  // Each schema once, which also ends an `allOf` that goes in circles.
  if (!isObject(schema) || into.merged.has(schema)) return
  into.merged.add(schema)
  into.name ??= references.nameOf(schema)
  const its: Collecting = {
    schema,
    root,
    references,
    merge: (part, partRoot) => collect(into, { schema: part, root: partRoot }, references)
  }
  // The schema's own annotations come before those of what it refers to: the nearest example wins.
  for (const keyword of Object.keys(schema)) OWN.get(keyword)?.(into, schema[keyword], its)
  for (const keyword of Object.keys(schema)) IN_PLACE.get(keyword)?.(into, schema[keyword], its)
}

const OWN: ReadonlyMap<string, KeywordReader> = new Map(Object.entries({ ...SCALAR_KEYWORDS, ...CONTAINER_KEYWORDS }))

const IN_PLACE: ReadonlyMap<string, KeywordReader> = new Map(Object.entries({
  $ref: collectReference,
  $dynamicRef: collectReference,
  allOf: (_into, parts, { root, merge }) => { for (const part of toSchemas(parts)) merge(part, root) },
  anyOf: (into, branches, its) => collectChoice(into, branches, false, its),
  oneOf: (into, branches, its) => collectChoice(into, branches, true, its),
  if: (into, _condition, its) => collectCondition(into, its),
  discriminator: (into, _discriminator, its) => collectDiscriminator(into, its),
  not: (into, not, its) => collectNot(into, toSchema(not), its)
} satisfies Record<string, KeywordReader>))

function collectReference (into: Constraints, ref: unknown, { root, references, merge }: Collecting): void {
  if (typeof ref !== 'string') return
  const target = references.resolve(ref, root)
  if (target === undefined) into.dangling = [...into.dangling, ref]
  else merge(target.schema, target.root)
}
