import { child } from '../json-pointer.ts'
import { toCount, toNames, toSchema, toSchemaMap } from '../schema/keywords.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { matches } from './find-scalars.ts'
import { below, fault, type Here, type Spoken, type Walk } from './walk.ts'

export function findInObject (walk: Walk, at: Here, value: ObjectSchema, path: string, required: readonly string[], spoken: Spoken | undefined): void {
  findMissing(walk, at, value, path, required)
  findCounts(walk, at, value, path)
  findProperties(walk, at, value, path, spoken)
  findNames(walk, at, value, path)
  for (const [name, schema] of toSchemaMap(at.schema.dependentSchemas)) {
    if (Object.hasOwn(value, name)) walk.step(below(at, 'dependentSchemas', name, schema), value, path, spoken)
  }
  if (at.schema.unevaluatedProperties !== undefined && spoken !== undefined) findUnevaluated(walk, at, value, path, spoken)
}

function findMissing (walk: Walk, at: Here, value: ObjectSchema, path: string, required: readonly string[]): void {
  for (const name of required) {
    if (value[name] === undefined) fault(walk, at, 'required', child(path, name), `must have required property '${name}'`, undefined, name)
  }
  if (!isObject(at.schema.dependentRequired)) return
  for (const [name, others] of Object.entries(at.schema.dependentRequired)) {
    if (!Object.hasOwn(value, name)) continue
    for (const other of toNames(others)) {
      if (!Object.hasOwn(value, other)) fault(walk, at, 'dependentRequired', child(path, other), `must have property ${other} when property ${name} is present`, undefined, other)
    }
  }
}

function findCounts (walk: Walk, at: Here, value: ObjectSchema, path: string): void {
  const count = Object.keys(value).length
  const least = toCount(at.schema.minProperties)
  if (least !== undefined && count < least) fault(walk, at, 'minProperties', path, `must NOT have fewer than ${least} properties`, undefined)
  const most = toCount(at.schema.maxProperties)
  if (most !== undefined && count > most) fault(walk, at, 'maxProperties', path, `must NOT have more than ${most} properties`, undefined)
}

function findProperties (walk: Walk, at: Here, value: ObjectSchema, path: string, spoken: Spoken | undefined): void {
  const { schema } = at
  const properties = toSchemaMap(schema.properties)
  const patterns = [...toSchemaMap(schema.patternProperties)]
  const additional = schema.additionalProperties === undefined ? undefined : toSchema(schema.additionalProperties)
  for (const [name, its] of Object.entries(value)) {
    if (walk.isFull()) return
    const to = child(path, name)
    const own = properties.get(name)
    let isKnown = own !== undefined
    if (own !== undefined && its !== undefined) walk.step(below(at, 'properties', name, own), its, to)
    for (const [pattern, schema] of patterns) {
      if (!matches(pattern, name)) continue
      isKnown = true
      walk.step(below(at, 'patternProperties', pattern, schema), its, to)
    }
    if (!isKnown && additional !== undefined) {
      isKnown = true
      if (additional === false) fault(walk, at, 'additionalProperties', to, `must NOT have additional properties: '${name}'`, undefined)
      else walk.step(below(at, 'additionalProperties', undefined, additional), its, to)
    }
    if (isKnown) spoken?.names.add(name)
  }
}

function findNames (walk: Walk, at: Here, value: ObjectSchema, path: string): void {
  if (at.schema.propertyNames === undefined) return
  const names = below(at, 'propertyNames', undefined, toSchema(at.schema.propertyNames))
  for (const name of Object.keys(value)) {
    const [first] = walk.try(names, name, '')
    if (first !== undefined) fault(walk, at, 'propertyNames', child(path, name), `must not have the property name '${name}': it ${first.message}`, undefined)
  }
}

function findUnevaluated (walk: Walk, at: Here, value: ObjectSchema, path: string, spoken: Spoken): void {
  const rest = toSchema(at.schema.unevaluatedProperties)
  for (const [name, its] of Object.entries(value)) {
    if (spoken.names.has(name)) continue
    if (rest === false) fault(walk, at, 'unevaluatedProperties', child(path, name), `must NOT have unevaluated properties: '${name}'`, undefined)
    else walk.step(below(at, 'unevaluatedProperties', undefined, rest), its, child(path, name))
    spoken.names.add(name)
  }
}
