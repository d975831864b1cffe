import type { JsonSchema } from '../config.ts'
import { child } from '../json-pointer.ts'
import { isModern, type Family } from './detect.ts'
import { NO_SCOPE, type DynamicScope } from './dynamic-scope.ts'
import { isObject, type JsonObject } from './json-object.ts'
import { widenToNull } from './nullable.ts'
import { CLEANERS, DROPPED, exampleList } from './schema-keywords.ts'
import { noSuchReference, type Converted, type Loss } from './scope.ts'

const DIRECT = new Set([
  'additionalProperties', 'not', 'contains', 'if', 'then', 'else', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties', 'contentSchema'
])
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas'])

/** Deeper schemas are cut: what reads them later recurses. */
const MAX_DEPTH = 100

/** What the converter asks of the shared schemas. */
export interface References {
  /**
   * The `$ref` of the configuration for one of the document, and the name it uses; undefined when it leads nowhere.
   *
   * @param inPlace whether it stands in an `allOf`, `anyOf` or `oneOf`, and so is about the same value as its holder
   */
  refer (ref: string, home: string, inPlace: boolean, dynamic: { isDynamic: boolean, scope: DynamicScope }): { ref: string, name: string } | undefined
  /** Further conditions for the branches of `oneOf` or `anyOf` beside a discriminator, in the branches' order. */
  conditions (schema: JsonObject, branches: readonly unknown[]): ReadonlyArray<JsonObject | undefined>
}

/**
 * Converts schemas of OpenAPI 2.0, 3.0 and 3.1 to JSON Schema 2020-12. What needs no change is shared with the document, not
 * copied: of a large document most is.
 *
 * @param home pointer to the schema in the document
 */
export function createSchemaConverter (family: Family, references: References): (schema: unknown, home: string, scope?: DynamicScope) => Converted {
  const modern = isModern(family)

  return (schema, home, scope = NO_SCOPE) => {
    const uses = new Set<string>()
    const losses: Loss[] = []
    const path: string[] = []

    const lose = (reason: string): void => { losses.push({ pointer: path.reduce(child, home), reason }) }

    function convert (value: unknown, inPlace = false): JsonSchema {
      if (typeof value === 'boolean') return value
      if (!isObject(value)) {
        lose(`${value === null ? 'null' : Array.isArray(value) ? 'a list' : JSON.stringify(value)} stands where a schema should`)
        return {}
      }
      if (path.length > MAX_DEPTH * 2) {
        lose(`nested more than ${MAX_DEPTH} schemas deep`)
        return {}
      }
      const ref = value.$ref ?? value.$dynamicRef
      if (typeof ref === 'string') return convertReference(value, ref, inPlace)
      if (value.type === 'file') return { type: 'string', format: 'binary', ...typeof value.description === 'string' && { description: value.description } }
      const own = convertOwn(value)
      return isNullable(value) ? widenToNull(own) : own
    }

    function convertReference (value: JsonObject, ref: string, inPlace: boolean): JsonSchema {
      const target = references.refer(ref, home, inPlace, { isDynamic: value.$ref === undefined, scope })
      if (target === undefined) lose(noSuchReference(ref))
      else uses.add(target.name)
      const reference: JsonObject = target === undefined ? {} : { $ref: target.ref }
      // Up to 3.0 whatever stands beside a $ref does not count (3.0.4, section 4.7.23.2); nullable is meant all the same.
      if (!modern) return isNullable(value) && target !== undefined ? widenToNull(reference) : reference
      const { $ref: _ref, $dynamicRef: _dynamic, ...beside } = value
      const rest = convertOwn(beside)
      for (const key in rest) if (rest[key] !== undefined) reference[key] = rest[key]
      return reference
    }

    const isNullable = (value: JsonObject): boolean => !modern && (value.nullable === true || value['x-nullable'] === true)

    function convertOwn (value: JsonObject): JsonObject {
      const keys = Object.keys(value)
      let copy: JsonObject | undefined
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index]!
        const was = value[key]
        const name = nameOf(key, was)
        const next = convertKeyword(key, name, was, value)
        if (copy === undefined) {
          if (next === was && name === key) continue
          copy = {}
          for (let before = 0; before < index; before++) copy[keys[before]!] = value[keys[before]!]
        }
        if (next !== undefined) copy[name] = next
      }
      return copy ?? value
    }

    function convertKeyword (key: string, name: string, was: unknown, holder: JsonObject): unknown {
      if (DROPPED.has(key)) return undefined
      if (name === 'examples') return key === 'examples' && Object.hasOwn(holder, 'example') ? undefined : exampleList(holder)
      if (LISTS.has(name)) return convertList(name, key, was, holder)
      if (MAPS.has(key)) return convertMap(key, was)
      if (DIRECT.has(key) || key === 'items') return was === null ? undefined : convertOne(key, was)
      if (typeof holder.exclusiveMinimum === 'boolean' && key.endsWith('inimum')) return bound(key, holder.exclusiveMinimum, holder.minimum, 'minimum')
      if (typeof holder.exclusiveMaximum === 'boolean' && key.endsWith('aximum')) return bound(key, holder.exclusiveMaximum, holder.maximum, 'maximum')
      return clean(key, was)
    }

    function convertOne (key: string, was: unknown): JsonSchema {
      path.push(key)
      const next = convert(was)
      path.pop()
      return next
    }

    /** Up to 3.0, `exclusiveMinimum: true` makes `minimum` exclusive; since then it is a bound of its own. */
    function bound (key: string, exclusive: boolean, limit: unknown, inclusiveKey: string): unknown {
      return exclusive === (key !== inclusiveKey) && limit !== undefined ? clean(inclusiveKey, limit) : undefined
    }

    function clean (key: string, was: unknown): unknown {
      const cleaner = CLEANERS.get(key)
      if (cleaner === undefined) return was
      const { value, lost } = cleaner(was)
      if (lost !== undefined) within(key, () => lose(lost))
      return value
    }

    function convertList (name: string, key: string, was: unknown, holder: JsonObject): unknown {
      const list: unknown[] = Array.isArray(was) ? was : isObject(was) ? [was] : []
      if (list.length === 0) return undefined
      const converted = list.map((item, index) => within(key, () => within(String(index), () => convert(item, name !== 'prefixItems'))))
      const named = isObject(holder.discriminator) && (name === 'oneOf' || name === 'anyOf')
        ? addConditions(converted, references.conditions(holder, list))
        : converted
      return was !== list || named.some((item, index) => item !== list[index]) ? named : was
    }

    function convertMap (key: string, was: unknown): unknown {
      if (!isObject(was)) {
        if (was !== null) within(key, () => lose(`'${key}' is not an object`))
        return undefined
      }
      let copy: JsonObject | undefined
      path.push(key)
      for (const name in was) {
        path.push(name)
        const next = convert(was[name])
        path.pop()
        if (copy === undefined && next !== was[name]) copy = { ...was }
        if (copy !== undefined) setOwn(copy, name, next)
      }
      path.pop()
      return copy ?? was
    }

    function within<T> (token: string, work: () => T): T {
      path.push(token)
      const result = work()
      path.pop()
      return result
    }

    return { schema: convert(schema), uses, losses }
  }
}

/** A member called `__proto__` stays one. */
function setOwn (holder: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(holder, name, { value, enumerable: true, writable: true, configurable: true })
  else holder[name] = value
}

function nameOf (key: string, value: unknown): string {
  if (key === 'example') return 'examples'
  // A list under `items` is the tuple of the drafts before 2020-12.
  return key === 'items' && Array.isArray(value) ? 'prefixItems' : key
}

const addConditions = (branches: readonly JsonSchema[], conditions: ReadonlyArray<JsonObject | undefined>): JsonSchema[] =>
  branches.map((branch, index) => isObject(branch) ? { ...branch, ...conditions[index] } : branch)
