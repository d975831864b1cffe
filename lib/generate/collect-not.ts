import type { JsonSchema } from '../config.ts'
import { JSON_TYPES, toNames, toNumber, toSchema, toSchemaMap, toSchemas, toTypes, type JsonType } from '../schema/keywords.ts'
import { isObject, type ObjectSchema } from '../schema/subschemas.ts'
import { allowsType, restrictTypes } from './collect-scalars.ts'
import type { Collecting } from './collect.ts'
import type { Constraints } from './constraints.ts'

/** The simple forms of `not` can be turned round; the others are left to the check. */
export function collectNot (into: Constraints, not: JsonSchema, its: Collecting): void {
  into.risky = true
  if (not === false) return
  const said = isObject(not) ? Object.keys(not).filter(keyword => !SAYS_NOTHING.has(keyword)) : []
  if (!isObject(not) || said.length === 0) {
    into.impossible = true
    return
  }
  const only = (...keywords: string[]) => said.every(keyword => keywords.includes(keyword))
  const types = toTypes(not.type)
  if (only('type') && types !== undefined) restrictTypes(into, JSON_TYPES.filter(type => !allowsType(types, type)))
  else if (only('required') || (only('required', 'type') && not.type === 'object')) into.excluded = [...into.excluded, toNames(not.required)]
  else if (isObject(not.properties) && only('properties', 'required', 'type')) refuseProperty(not, its)
  else if (only('not')) its.merge(toSchema(not.not), its.root)
  else if (only('anyOf')) for (const part of toSchemas(not.anyOf)) collectNot(into, part, its)
  else refuseBound(into, not, said.filter(keyword => keyword !== 'type'), its)
}

/** Not a certain property: it is there, and it is not so. */
function refuseProperty (not: ObjectSchema, { merge, root }: Collecting): void {
  const [first, ...others] = toSchemaMap(not.properties)
  if (first === undefined || others.length > 0) return
  const [name, schema] = first
  merge({ properties: { [name]: { not: schema } }, ...(not.required === undefined && { required: [name] }) }, root)
}

/** The opposite of each bound, for values of the type that it applies to. */
const OPPOSITES: Readonly<Record<string, readonly [type: JsonType, keyword: string, shift: number]>> = {
  minimum: ['number', 'exclusiveMaximum', 0],
  maximum: ['number', 'exclusiveMinimum', 0],
  exclusiveMinimum: ['number', 'maximum', 0],
  exclusiveMaximum: ['number', 'minimum', 0],
  minLength: ['string', 'maxLength', -1],
  maxLength: ['string', 'minLength', 1],
  minItems: ['array', 'maxItems', -1],
  maxItems: ['array', 'minItems', 1],
  minProperties: ['object', 'maxProperties', -1],
  maxProperties: ['object', 'minProperties', 1]
}

function refuseBound (into: Constraints, not: ObjectSchema, said: readonly string[], { merge, root }: Collecting): void {
  const [keyword = ''] = said
  const opposite = OPPOSITES[keyword]
  const bound = toNumber(not[keyword])
  if (said.length !== 1 || opposite === undefined || bound === undefined || into.types === undefined) return
  const [type, other, shift] = opposite
  if (into.types.every(its => allowsType([type], its))) merge({ [other]: bound + shift }, root)
}

const SAYS_NOTHING = new Set(['title', 'description', '$comment', 'example', 'examples', 'default', 'deprecated'])
