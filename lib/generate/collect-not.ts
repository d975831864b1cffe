import type { JsonSchema } from '../config.ts'
import { isObject } from '../schema/subschemas.ts'
import { allowsType, restrictTypes } from './collect-scalars.ts'
import type { Collecting } from './collect.ts'
import type { Constraints } from './constraints.ts'
import { JSON_TYPES, toNames, toSchema, toSchemas, toTypes } from './keywords.ts'

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
  else if (only('not')) its.merge(toSchema(not.not), its.root)
  else if (only('anyOf')) for (const part of toSchemas(not.anyOf)) collectNot(into, part, its)
}

const SAYS_NOTHING = new Set(['title', 'description', '$comment', 'example', 'examples', 'default', 'deprecated'])
