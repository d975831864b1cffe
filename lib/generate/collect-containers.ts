import type { JsonSchema } from '../config.ts'
import { toCount, toNames, toSchema, toSchemaMap, toSchemas } from '../schema/keywords.ts'
import { matcherOf } from '../schema/pattern-matcher.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import type { KeywordReader } from './collect.ts'
import type { Constraints, Shape } from './constraints.ts'

/** Keywords on objects and lists. Those that are read together are read with the first of them. */
export const CONTAINER_KEYWORDS: Record<string, KeywordReader> = {
  properties: (into, _value, { schema, root }) => addShape(into, schema, root),
  patternProperties (into, _value, { schema, root }) {
    into.risky = true
    if (schema.properties === undefined) addShape(into, schema, root)
  },
  additionalProperties (into, _value, { schema, root }) {
    if (schema.properties === undefined && schema.patternProperties === undefined) addShape(into, schema, root)
  },
  required (into, value) {
    const names = toNames(value)
    if (names.length > 0) into.required = new Set([...into.required, ...names])
  },
  minProperties (into, value) { into.minProperties = Math.max(into.minProperties, toCount(value) ?? 0) },
  maxProperties (into, value) { into.maxProperties = Math.min(into.maxProperties, toCount(value) ?? Infinity) },
  propertyNames (into, value, { root }) {
    into.risky = true
    into.propertyNames = [...into.propertyNames, { schema: toSchema(value), root }]
  },
  dependentRequired (into, value) {
    if (!isObject(value)) return
    const dependent = Object.entries(value).map(([name, names]) => [name, toNames(names)] as const)
    into.dependentRequired = [...into.dependentRequired, ...dependent]
  },
  dependentSchemas (into, value, { root }) {
    into.risky = true
    const dependent = [...toSchemaMap(value)].map(([name, schema]) => [name, { schema, root }] as const)
    into.dependentSchemas = [...into.dependentSchemas, ...dependent]
  },
  unevaluatedProperties (into, value, { root }) {
    into.risky = true
    into.unevaluatedProperties = { schema: toSchema(value), root }
  },

  prefixItems: (into, _value, { schema, root }) => addTuple(into, schema, root),
  items (into, _value, { schema, root }) { if (schema.prefixItems === undefined) addTuple(into, schema, root) },
  minItems (into, value) { into.minItems = Math.max(into.minItems, toCount(value) ?? 0) },
  maxItems (into, value) { into.maxItems = Math.min(into.maxItems, toCount(value) ?? Infinity) },
  uniqueItems (into, value) {
    if (value !== true) return
    into.risky = true
    into.unique = true
  },
  contains (into, value, { schema, root }) {
    into.risky = true
    const minimum = toCount(schema.minContains) ?? 1
    const maximum = toCount(schema.maxContains) ?? Infinity
    into.contains = [...into.contains, { schema: { schema: toSchema(value), root }, minimum, maximum }]
  },
  unevaluatedItems (into, value, { root }) {
    into.risky = true
    into.unevaluatedItems = { schema: toSchema(value), root }
  }
}

function addShape (into: Constraints, schema: ObjectSchema, root: JsonSchema): void {
  const patterns = [...toSchemaMap(schema.patternProperties)]
    .map(([source, its]) => ({ source, matches: matcherOf(source), schema: its }))
  const shape: Shape = {
    root,
    properties: toSchemaMap(schema.properties),
    patterns,
    additional: schema.additionalProperties === undefined ? undefined : toSchema(schema.additionalProperties)
  }
  into.shapes = [...into.shapes, shape]
}

function addTuple (into: Constraints, schema: ObjectSchema, root: JsonSchema): void {
  // `items` as a list is how older drafts write `prefixItems`.
  const prefix = toSchemas(schema.prefixItems)
  const rest = schema.items === undefined || Array.isArray(schema.items) ? undefined : toSchema(schema.items)
  if (prefix.length > 0 || rest !== undefined) into.tuples = [...into.tuples, { root, prefix, rest }]
}
