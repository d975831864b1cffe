import type { JsonSchema } from '../config.ts'
import { unescapeFragment } from '../json-pointer.ts'
import { messageOf } from '../message-of.ts'
import { withOwnNames } from './inherited-names.ts'
import { linearRegExp } from './linear-regexp.ts'
import { isObject, mapSubschemas, type ObjectSchema } from './subschemas.ts'

const SHARED = '#/schemas/'

/** A message has two sides: what a client may not send is `readOnly`, what a server may not send is `writeOnly`. */
export type Direction = 'request' | 'response'

/** The name in `#/schemas/Name/properties/x`, and what follows it (`/properties/x`); undefined for other references. */
export function sharedName (ref: string): { name: string, rest: string } | undefined {
  if (!ref.startsWith(SHARED)) return undefined
  const [first = '', ...rest] = ref.slice(SHARED.length).split('/')
  return { name: unescapeFragment(first), rest: rest.length === 0 ? '' : `/${rest.join('/')}` }
}

/** The absolute id under which a shared schema is known to the validator. */
export const sharedId = (name: string): string => `mock:/${encodeURIComponent(name)}`

export interface Preparation {
  direction: Direction
  /** What is validated comes as text, and has no types of its own. */
  isText: boolean
  shared: Readonly<Record<string, JsonSchema>>
  /** Told each name of a shared schema that is referred to. */
  onShared: (name: string) => void
  /** Told each pattern that cannot be enforced; the rest of its schema is. */
  onUnusable: (reason: string) => void
}

/**
 * A copy of a schema that is ready to be compiled: references to shared schemas are absolute, properties of the other direction
 * are no longer required, and for text `oneOf` is `anyOf`: '7' is an integer as well as a string.
 */
export function prepare (schema: JsonSchema, preparation: Preparation, hidden: ReadonlySet<string> = NONE): JsonSchema {
  if (!isObject(schema)) return schema
  const { direction, isText, shared, onShared } = preparation
  const { allOf, ...rest } = schema
  let copy = mapSubschemas(Array.isArray(allOf) ? rest : schema, subschema => prepare(subschema, preparation))
  if (Array.isArray(allOf)) {
    const names = new Set([...hidden, ...hiddenNames(schema, direction, shared)])
    copy.allOf = allOf.map(part => isObject(part) ? prepare(part, preparation, names) : part)
  }
  if (typeof schema.$ref === 'string') {
    const target = sharedName(schema.$ref)
    if (target !== undefined) {
      onShared(target.name)
      copy.$ref = sharedId(target.name) + (target.rest === '' ? '' : `#${target.rest}`)
    }
  }
  if (Array.isArray(schema.required)) copy.required = stillRequired(schema, direction, shared, hidden)
  if (typeof schema.pattern === 'string' && !isUsable(schema.pattern, preparation)) delete copy.pattern
  if (isObject(copy.patternProperties)) {
    copy.patternProperties = Object.fromEntries(Object.entries(copy.patternProperties).filter(([pattern]) => isUsable(pattern, preparation)))
  }
  copy = withOwnNames(copy)
  if (isText && copy.oneOf !== undefined) {
    const { oneOf, ...rest } = copy
    return rest.anyOf === undefined ? { ...rest, anyOf: oneOf } : { ...rest, allOf: [...Array.isArray(rest.allOf) ? rest.allOf : [], { anyOf: oneOf }] }
  }
  // A parameter of OpenAPI that may be there without a value, whatever its type. Defaults count outside of `anyOf` only.
  if (isText && schema.allowEmptyValue === true) return { ...copy.default !== undefined && { default: copy.default }, anyOf: [{ const: '' }, copy] }
  return copy
}

const NONE: ReadonlySet<string> = new Set()

function isUsable (pattern: string, { onUnusable }: Preparation): boolean {
  try {
    linearRegExp(pattern)
    return true
  } catch (error) {
    onUnusable(`the pattern '${pattern}' cannot be enforced: ${messageOf(error)}`)
    return false
  }
}

/** The required properties that belong in this direction; `hidden` are those that a schema around this one says do not. */
export function stillRequired ({ required, properties }: ObjectSchema, direction: Direction, shared: Shared, hidden: ReadonlySet<string>): unknown[] {
  if (!Array.isArray(required)) return []
  return required.filter(name => {
    if (typeof name !== 'string' || hidden.has(name)) return typeof name !== 'string'
    return !isObject(properties) || !Object.hasOwn(properties, name) || !isHidden(properties[name], direction, shared)
  })
}

/** Properties that do not belong in this direction, by all that a schema consists of (`allOf`): one part may require what another hides. */
export function hiddenNames (schema: JsonSchema, direction: Direction, shared: Shared, depth = 0): string[] {
  if (!isObject(schema) || depth > MAX_HOPS) return []
  const target = typeof schema.$ref === 'string' ? sharedName(schema.$ref) : undefined
  const referred = target === undefined || target.rest !== '' ? undefined : shared[target.name]
  return [
    ...Object.entries(isObject(schema.properties) ? schema.properties : {}).flatMap(([name, property]) => isHidden(property, direction, shared) ? [name] : []),
    ...referred === undefined ? [] : hiddenNames(referred, direction, shared, depth + 1),
    ...(Array.isArray(schema.allOf) ? schema.allOf : []).flatMap(part => isObject(part) ? hiddenNames(part, direction, shared, depth + 1) : [])
  ]
}

type Shared = Readonly<Record<string, JsonSchema>>

const MAX_HOPS = 16

function isHidden (declared: unknown, direction: Direction, shared: Shared): boolean {
  const keyword = direction === 'request' ? 'readOnly' : 'writeOnly'
  let property = declared
  for (let hops = 0; hops < MAX_HOPS && isObject(property) && property[keyword] === undefined && typeof property.$ref === 'string'; hops++) {
    const target = sharedName(property.$ref)
    property = target === undefined || target.rest !== '' ? undefined : shared[target.name]
  }
  return isObject(property) && property[keyword] === true
}
