import type { JsonSchema } from '../config.ts'
import { toSchema, toSchemas } from '../schema/keywords.ts'
import type { Located, References } from '../schema/references.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import type { Collecting } from './collect.ts'
import type { Choice, Constraints } from './constraints.ts'

/** `oneOf` and `anyOf`. */
export function collectChoice (into: Constraints, value: unknown, exclusive: boolean, { schema, root, references, merge }: Collecting): void {
  const branches = toSchemas(value).map(branch => ({ schema: branch, root }))
  const [first] = branches
  if (first === undefined) return
  const discriminator = readDiscriminator(schema)
  // One branch is no choice, unless the discriminator wants a value for it.
  if (branches.length === 1 && discriminator === undefined) {
    merge(first.schema, root)
    return
  }
  into.risky ||= exclusive
  into.choices = [...into.choices, {
    branches,
    exclusive,
    ...(discriminator && {
      discriminator: { property: discriminator.property, values: branches.map(branch => valueOf(branch, discriminator, references)) }
    })
  }]
}

/** `if`/`then`/`else` as a choice: the condition with its consequence, or its opposite with the alternative. */
export function collectCondition (into: Constraints, { schema, root }: Collecting): void {
  const branch = (...parts: unknown[]) => ({ schema: { allOf: parts.map(toSchema) }, root })
  const branches = [branch(schema.if, schema.then ?? true), branch({ not: toSchema(schema.if) }, schema.else ?? true)]
  into.risky = true
  into.choices = [...into.choices, { branches, exclusive: false }]
}

interface Discriminator {
  property: string
  /** From value to reference or name. */
  mapping: ReadonlyArray<[value: string, target: string]>
}

function readDiscriminator (schema: ObjectSchema): Discriminator | undefined {
  const { discriminator } = schema
  if (!isObject(discriminator) || typeof discriminator.propertyName !== 'string') return undefined
  const mapping = isObject(discriminator.mapping) ? Object.entries(discriminator.mapping) : []
  return {
    property: discriminator.propertyName,
    mapping: mapping.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  }
}

/** A mapping's target may be a reference or the bare name of a schema. */
function targetOf (target: string, root: JsonSchema, references: References): Located | undefined {
  return references.resolve(`#/schemas/${target}`, root) ?? references.resolve(target, root)
}

/** The value that stands for a branch: the one mapped to it, else the name of its schema. */
function valueOf (branch: Located, discriminator: Discriminator, references: References): string | undefined {
  const { schema } = branch
  if (!isObject(schema) || typeof schema.$ref !== 'string') return undefined
  const target = references.resolve(schema.$ref, branch.root)
  const mapped = discriminator.mapping.find(([, to]) => target !== undefined && targetOf(to, branch.root, references)?.schema === target.schema)
  return mapped?.[0] ?? (target && references.nameOf(target.schema)) ?? schema.$ref.split('/').at(-1)
}

/**
 * The form by inheritance: heirs name the base in `allOf`, the base alone carries the discriminator. An heir gets the value
 * that stands for it; a base that is asked for itself becomes one of the heirs that its mapping names.
 */
export function collectDiscriminator (into: Constraints, { schema: base, root, references }: Collecting): void {
  const discriminator = readDiscriminator(base)
  // Beside `oneOf` and `anyOf` it belongs to them.
  if (discriminator === undefined || base.oneOf !== undefined || base.anyOf !== undefined) return
  const { property, mapping } = discriminator
  const own = references.nameOf(base)
  const heirs = mapping.flatMap(([value, to]) => {
    const target = targetOf(to, root, references)
    return target === undefined || target.schema === base ? [] : [{ value, target }]
  })
  if (into.name === own && heirs.length > 0) {
    const choice: Choice = {
      branches: heirs.map(heir => heir.target),
      exclusive: false,
      discriminator: { property, values: heirs.map(heir => heir.value) }
    }
    into.choices = [...into.choices, choice]
    return
  }
  const heir = mapping.find(([, to]) => {
    const target = targetOf(to, root, references)
    return target !== undefined && references.nameOf(target.schema) === into.name
  })
  const value = heir?.[0] ?? into.name
  if (value !== undefined && !into.preset.has(property)) into.preset = new Map([...into.preset, [property, value]])
}
