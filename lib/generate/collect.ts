import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../config.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { collectChoices } from './collect-choices.ts'
import type { Constraints } from './constraints.ts'
import { JSON_TYPES, toCount, toNames, toNumber, toSchema, toSchemaMap, toSchemas, toTypes, type JsonType } from './keywords.ts'
import { matcherOf } from './pattern.ts'
import type { Located, References } from './references.ts'

/** Merges a schema, with all that it refers to in place (`$ref`, `allOf`), into what is already asked. */
export function collect (into: Constraints, located: Located, references: References): void {
  const { schema, root } = located
  if (schema === false) into.impossible = true
  if (!isObject(schema) || into.merged.has(schema)) return
  into.merged.add(schema)
  into.name ??= references.nameOf(schema)

  collectAnnotations(into, schema)
  collectValues(into, schema)
  collectNumber(into, schema)
  collectString(into, schema)
  collectObject(into, schema, root)
  collectArray(into, schema, root)
  for (const ref of [schema.$ref, schema.$dynamicRef]) {
    if (typeof ref !== 'string') continue
    const target = references.resolve(ref, root)
    if (target === undefined) into.dangling.push(ref)
    else collect(into, target, references)
  }
  for (const part of toSchemas(schema.allOf)) collect(into, { schema: part, root }, references)
  collectChoices(into, schema, root, references, (part, its) => collect(into, { schema: part, root: its }, references))
  if (schema.not !== undefined) collectNot(into, toSchema(schema.not), root, references)
}

function collectAnnotations (into: Constraints, schema: ObjectSchema): void {
  into.readOnly ||= schema.readOnly === true
  into.writeOnly ||= schema.writeOnly === true
  if (typeof schema.title === 'string') into.title ??= schema.title
  if (typeof schema['x-faker'] === 'string') into.faker ??= schema['x-faker']
  const examples = [
    ...(schema.example === undefined ? [] : [schema.example]),
    ...(Array.isArray(schema.examples) ? schema.examples : [])
  ]
  if (examples.length > 0) into.examples.push(examples)
  if (schema.default !== undefined) into.fallback ??= { value: schema.default }
}

function collectValues (into: Constraints, schema: ObjectSchema): void {
  const types = toTypes(schema.type)
  if (types !== undefined) restrictTypes(into, types)
  if (Array.isArray(schema.enum)) restrictValues(into, schema.enum)
  if (schema.const !== undefined) restrictValues(into, [schema.const])
}

function restrictTypes (into: Constraints, types: readonly JsonType[]): void {
  const before = into.types
  into.types = before === undefined
    ? types
    : JSON_TYPES.filter(type => accepts(before, type) && accepts(types, type) && (before.includes(type) || types.includes(type)))
  if (into.types.length === 0) into.impossible = true
}

const accepts = (types: readonly JsonType[], type: JsonType): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'))

function restrictValues (into: Constraints, values: readonly unknown[]): void {
  into.values = into.values === undefined
    ? values
    : into.values.filter(value => values.some(other => isDeepStrictEqual(value, other)))
  if (into.values.length === 0) into.impossible = true
}

function collectNumber (into: Constraints, schema: ObjectSchema): void {
  into.minimum = Math.max(into.minimum, toNumber(schema.minimum) ?? -Infinity)
  into.maximum = Math.min(into.maximum, toNumber(schema.maximum) ?? Infinity)
  into.exclusiveMinimum = Math.max(into.exclusiveMinimum, toNumber(schema.exclusiveMinimum) ?? -Infinity)
  into.exclusiveMaximum = Math.min(into.exclusiveMaximum, toNumber(schema.exclusiveMaximum) ?? Infinity)
  const multiple = toNumber(schema.multipleOf)
  if (multiple !== undefined && multiple > 0) into.multiples.push(multiple)
}

function collectString (into: Constraints, schema: ObjectSchema): void {
  into.minLength = Math.max(into.minLength, toCount(schema.minLength) ?? 0)
  into.maxLength = Math.min(into.maxLength, toCount(schema.maxLength) ?? Infinity)
  if (typeof schema.pattern === 'string' && !into.patterns.includes(schema.pattern)) into.patterns.push(schema.pattern)
  if (typeof schema.format === 'string' && !into.formats.includes(schema.format)) into.formats.push(schema.format)
  if (typeof schema.contentEncoding === 'string') into.encoding ??= schema.contentEncoding.toLowerCase()
  if (typeof schema.contentMediaType === 'string') into.mediaType ??= schema.contentMediaType.toLowerCase()
}

function collectObject (into: Constraints, schema: ObjectSchema, root: JsonSchema): void {
  const properties = toSchemaMap(schema.properties)
  const patterns = [...toSchemaMap(schema.patternProperties)]
    .map(([source, its]) => ({ source, matches: matcherOf(source), schema: its }))
  const additional = schema.additionalProperties === undefined ? undefined : toSchema(schema.additionalProperties)
  if (properties.size > 0 || patterns.length > 0 || additional !== undefined) {
    into.shapes.push({ root, properties, patterns, additional })
  }
  for (const name of toNames(schema.required)) into.required.add(name)
  into.minProperties = Math.max(into.minProperties, toCount(schema.minProperties) ?? 0)
  into.maxProperties = Math.min(into.maxProperties, toCount(schema.maxProperties) ?? Infinity)
  if (schema.propertyNames !== undefined) into.propertyNames.push({ schema: toSchema(schema.propertyNames), root })
  if (isObject(schema.dependentRequired)) {
    for (const [name, names] of Object.entries(schema.dependentRequired)) into.dependentRequired.push([name, toNames(names)])
  }
  for (const [name, its] of toSchemaMap(schema.dependentSchemas)) into.dependentSchemas.push([name, { schema: its, root }])
  if (schema.unevaluatedProperties !== undefined) {
    into.unevaluatedProperties = { schema: toSchema(schema.unevaluatedProperties), root }
  }
  into.risky ||= patterns.length > 0 || into.propertyNames.length > 0 || into.dependentSchemas.length > 0 ||
    into.unevaluatedProperties !== undefined
}

function collectArray (into: Constraints, schema: ObjectSchema, root: JsonSchema): void {
  const prefix = toSchemas(schema.prefixItems)
  const rest = schema.items === undefined || Array.isArray(schema.items) ? undefined : toSchema(schema.items)
  if (prefix.length > 0 || rest !== undefined) into.tuples.push({ root, prefix, rest })
  into.minItems = Math.max(into.minItems, toCount(schema.minItems) ?? 0)
  into.maxItems = Math.min(into.maxItems, toCount(schema.maxItems) ?? Infinity)
  into.unique ||= schema.uniqueItems === true
  if (schema.contains !== undefined) {
    const minimum = toCount(schema.minContains) ?? 1
    into.contains.push({ schema: { schema: toSchema(schema.contains), root }, minimum, maximum: toCount(schema.maxContains) ?? Infinity })
  }
  if (schema.unevaluatedItems !== undefined) into.unevaluatedItems = { schema: toSchema(schema.unevaluatedItems), root }
  into.risky ||= into.unique || into.contains.length > 0 || into.unevaluatedItems !== undefined
}

/** The simple forms of `not` can be turned round; the others are left to the check. */
function collectNot (into: Constraints, not: JsonSchema, root: JsonSchema, references: References): void {
  into.risky = true
  if (not === false) return
  if (!isObject(not)) {
    into.impossible = true
    return
  }
  const said = Object.keys(not).filter(keyword => !SAYS_NOTHING.has(keyword))
  const types = toTypes(not.type)
  const only = (...keywords: string[]) => said.length > 0 && said.every(keyword => keywords.includes(keyword))
  if (said.length === 0) into.impossible = true
  else if (only('type') && types !== undefined) restrictTypes(into, JSON_TYPES.filter(type => !accepts(types, type)))
  else if (only('required')) into.excluded.push(toNames(not.required))
  else if (only('required', 'type') && not.type === 'object') into.excluded.push(toNames(not.required))
  else if (only('not')) collect(into, { schema: toSchema(not.not), root }, references)
  else if (only('anyOf')) for (const part of toSchemas(not.anyOf)) collectNot(into, part, root, references)
}

const SAYS_NOTHING = new Set(['title', 'description', '$comment', 'example', 'examples', 'default', 'deprecated'])
