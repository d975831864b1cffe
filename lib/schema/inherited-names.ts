import { isObject, type ObjectSchema } from './subschemas.ts'

/** What every object has without having been given it. */
const INHERITED: ReadonlySet<unknown> = new Set(Object.getOwnPropertyNames(Object.prototype))

/**
 * A prepared schema whose properties called `constructor` and the like are spoken of by keywords that go through an object's
 * own keys. The validator asks `data.constructor !== undefined` otherwise, which is true of any object. (Its option `ownProperties`
 * helps as well, and makes all validation several times as slow.)
 */
export function withOwnNames (schema: ObjectSchema): ObjectSchema {
  const { properties, required } = schema
  const declared = isObject(properties) ? Object.entries(properties).filter(([name]) => INHERITED.has(name)) : []
  const needed = Array.isArray(required) ? required.filter(name => INHERITED.has(name)) : []
  if (declared.length === 0 && needed.length === 0) return schema
  const copy = { ...schema }
  if (declared.length > 0 && isObject(properties)) {
    copy.properties = Object.fromEntries(Object.entries(properties).filter(([name]) => !INHERITED.has(name)))
    const patterns = isObject(schema.patternProperties) ? schema.patternProperties : {}
    copy.patternProperties = { ...patterns, ...Object.fromEntries(declared.map(([name, property]) => [`^${name}$`, both(patterns[`^${name}$`], property)])) }
  }
  if (needed.length > 0 && Array.isArray(required)) {
    copy.required = required.filter(name => !INHERITED.has(name))
    copy.allOf = [...Array.isArray(schema.allOf) ? schema.allOf : [], ...needed.map(hasKey)]
  }
  return copy
}

const both = (one: unknown, other: unknown): unknown => one === undefined ? other : { allOf: [one, other] }

/** That not all keys of an object are others. */
const hasKey = (name: unknown): ObjectSchema =>
  ({ anyOf: [{ not: { type: 'object' } }, { not: { propertyNames: { not: { const: name } } } }] })
